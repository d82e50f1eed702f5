"""Whole plans that look wrong: too many deletions at once, a side that is suddenly empty."""

from __future__ import annotations

from backend.core.errors import Message
from backend.core.planning import Plan
from backend.core.spec import ModuleSpec, Side

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


WITHDRAWING = frozenset({"archive", "delete", "void"})
"""Operations that take a record away from people."""


def withdraws_on(spec: ModuleSpec, planned: Plan) -> Side | None:
    """The side on which ``planned`` would take the record away, None when it would not.

    A document that CRM calls cancelled is voided in Xero by an update: that counts as well.
    """
    for step in planned.steps:
        if step.operation in WITHDRAWING:
            return step.side
        state = step.body.get("Status") if step.side is Side.XERO else None
        if step.operation == "update" and spec.money and state in spec.gone:
            return step.side
    return None


def side_suddenly_empty(before: int, now: int) -> Message | None:
    """Why a list must not be believed: it held ``before`` records and now tells of none."""
    if now or before < FEWEST:
        return None
    return Message("side_suddenly_empty", {"before": str(before)})
