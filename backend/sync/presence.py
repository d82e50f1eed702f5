"""Noticing that a person parted from Xero in Xero's own pages, where nothing else would show it."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.core.errors import ConnectionLost
from backend.sync.inbox import PRIORITY
from backend.sync.turn import Turn


def check(turn: Turn) -> None:
    """Once an hour, where a sweep has asked Xero for nothing: look whether the organisation is
    still among those the connection reaches, by a call Xero does not count.

    ``ConnectionLost`` when it is not.
    """
    if any(lane.xero.calls for lane in turn.lanes.values()) or not _is_the_hour(turn):
        return
    listed = {str(row.get("tenantId")) for row in turn.xero(PRIORITY["bulk"]).connections()}
    if turn.tenant_id not in listed:
        raise ConnectionLost("xero_organisation_disconnected")


def _is_the_hour(turn: Turn) -> bool:
    """Whether an hour has begun since the schedule was here last."""
    now = turn.sync.clock()
    before = now - timedelta(minutes=turn.sync.settings.sync_minutes)
    return _hour(now) != _hour(before)


def _hour(at: datetime) -> int:
    return int(at.timestamp() // 3600)
