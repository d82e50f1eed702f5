"""Rows and queries. The database alone is the truth; nothing here knows HTTP or Flask."""
