"""How many records stood how at the end of each day: one row per organisation, day and module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, String, and_, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.live import DayCount
from backend.store.tables import Link

STATES = ("in_sync", "pending", "conflict", "needs_attention")
"""What is counted, in the words of the dashboard."""
WAITS = and_(Link.pending > 0, Link.state.in_(("in_sync", "not_linked", "pending", "syncing")))
"""Noted and not looked at yet; what waits for a person waits for that first."""


def count(session: Session, org_id: str, *, tenant_id: str, day: date) -> None:
    """Count the organisation's records as they are now; the last count of a day stands.

    One statement, made by the database alone: safe to repeat, and for several at once.
    """
    own = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = own.insert(DayCount).from_select(
        ["org_id", "tenant_id", "day", "module", *STATES], _now(org_id, tenant_id, day)
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["org_id", "tenant_id", "day", "module"],
            set_={name: statement.excluded[name] for name in STATES},
        )
    )


def _now(org_id: str, tenant_id: str, day: date) -> Any:
    """Every module that ever had a record, so that one which lost them all counts none."""
    held = {
        "in_sync": and_(Link.state == "in_sync", ~WAITS),
        "pending": or_(WAITS, Link.state.in_(("pending", "syncing"))),
        "conflict": Link.state == "conflict",
        "needs_attention": Link.state == "needs_attention",
    }
    home = (literal(org_id, String), literal(tenant_id, String), literal(day, Date))
    return (
        select(
            *home,
            Link.module,
            *(func.count().filter(and_(Link.active, held[name])) for name in STATES),
        )
        .where(Link.org_id == org_id, Link.tenant_id == tenant_id)
        .group_by(Link.module)
        # In one order, so that two at once wait for each other instead of both for ever.
        .order_by(Link.module)
    )


def since(session: Session, org_id: str, *, tenant_id: str, first: date) -> Sequence[DayCount]:
    """The counts from that day on, oldest first; a day nobody counted has none."""
    return session.scalars(
        select(DayCount)
        .where(DayCount.org_id == org_id, DayCount.tenant_id == tenant_id, DayCount.day >= first)
        .order_by(DayCount.day, DayCount.module)
    ).all()
