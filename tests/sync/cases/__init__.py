"""The hard cases, each end to end over both simulated systems."""
