"""Whole plans that look wrong: too many deletions at once, a side that is suddenly empty."""

from __future__ import annotations

from backend.core.errors import Message

FEWEST = 10
"""Below this many deletions the share says nothing: two of three records may well go."""


def too_many_deletions(planned: int, in_scope: int, limit_per_cent: int) -> Message | None:
    """Why a run must stop and ask, None when it may go on.

    Asks from ten deletions on, when they are more than ``limit_per_cent`` of what is in scope.
    """
    if planned < FEWEST or planned * 100 <= in_scope * limit_per_cent:
        return None
    params = {"planned": str(planned), "in_scope": str(in_scope), "limit": str(limit_per_cent)}
    return Message("too_many_deletions", params)


def side_suddenly_empty(before: int, now: int) -> Message | None:
    """Why a list must not be believed: it held ``before`` records and now tells of none."""
    if now or before < FEWEST:
        return None
    return Message("side_suddenly_empty", {"before": str(before)})
