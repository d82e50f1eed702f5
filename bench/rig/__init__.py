"""What the benchmarks share: a connected product whose every remote call is counted and timed."""
