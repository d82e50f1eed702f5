"""Telling a side that is down from a record it stumbles over.

A write that got no proper answer may be its record's fault or nobody's. One cheap read decides: a
side that does not answer that either is down, which pauses the organisation and costs no record
an attempt.
"""

from __future__ import annotations

from backend.core.errors import Stale, SyncError, Transient
from backend.core.spec import Side
from backend.sync.inbox import PRIORITY
from backend.sync.turn import Turn

OF_ONE_RECORD = frozenset({"crm_record_locked"})


def is_down(turn: Turn, side: Side, error: SyncError) -> bool:
    """Whether ``side`` answers nothing at all after ``error``. Raises ``RateLimited`` and
    ``ConnectionLost``, which are no record's fault either."""
    if not isinstance(error, Transient) or isinstance(error, Stale):
        return False
    if error.message.key in OF_ONE_RECORD:
        return False
    try:
        if side is Side.XERO:
            turn.xero(PRIORITY["click"]).organisation()
        else:
            turn.zoho(PRIORITY["click"]).org()
    except Transient:
        return True
    return False
