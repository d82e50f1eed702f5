"""The only rooms that know HTTP: both vendors' dialects, budgets, sign-in. No store, no Flask.

Nothing but `backend.core.errors` (and `zoho.client.LinesRefused`) leaves these rooms.
"""
