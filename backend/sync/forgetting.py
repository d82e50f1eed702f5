"""Forgetting what has been kept long enough, a piece at a time."""

from __future__ import annotations

from datetime import timedelta

from backend.store.purge import purge_log, purge_rest
from backend.sync.app import Sync


def purge(sync: Sync) -> dict[str, int]:
    """Delete log rows older than ``LOG_DAYS``, old runs, and sign-ins that are over; how many."""
    now, deleted = sync.clock(), 0
    before = now - timedelta(days=sync.settings.log_days)
    while True:
        with sync.database.begin() as session:
            count = purge_log(session, before=before)
        deleted += count
        if not count:
            break
    with sync.database.begin() as session:
        return {"log rows": deleted, **purge_rest(session, now=now, before=before)}
