"""Tests of the shell, over the simulated world."""
