"""Checks against the vendors' own descriptions."""
