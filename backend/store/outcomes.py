"""How many rows the log ever had, by module and status: counted as they come, kept when the rows
are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.store.live import OutcomeCount
from backend.store.tables import LogRow

SETTLED = timedelta(minutes=2)
"""A row is counted when it is this old: by then every row with a lower number is committed."""
AT_ONCE = 50_000


def count_new(session: Session, *, now: datetime) -> int:
    """Count the log rows that were not counted yet, up to `AT_ONCE`; how many. For one caller at a
    time, which the lead of the schedule sees to."""
    upto = _upto(session)
    fresh = (
        select(LogRow.id, LogRow.module, LogRow.status)
        .where(LogRow.id > upto, LogRow.at < now - SETTLED)
        .order_by(LogRow.id)
        .limit(AT_ONCE)
        .subquery()
    )
    rows = session.execute(
        select(fresh.c.module, fresh.c.status, func.count(), func.max(fresh.c.id)).group_by(
            fresh.c.module, fresh.c.status
        )
    ).all()
    for module, status, more, last_id in rows:
        held = session.get(OutcomeCount, (module, status))
        if held is None:
            held = OutcomeCount(module=module, status=status, count=0)
            session.add(held)
        held.count += more
        held.last_id = last_id
    return sum(more for _, _, more, _ in rows)


def _upto(session: Session) -> int:
    """The last row that was counted; not beyond the newest there is, because SQLite gives the
    numbers of erased rows to new ones."""
    newest = session.scalar(select(func.max(LogRow.id))) or 0
    ahead = OutcomeCount.last_id > newest
    session.execute(update(OutcomeCount).where(ahead).values(last_id=newest))
    return session.scalar(select(func.max(OutcomeCount.last_id))) or 0


def totals(session: Session) -> Sequence[tuple[tuple[str, ...], float]]:
    """The counts by module and status; none ever falls."""
    rows = session.execute(
        select(OutcomeCount.module, OutcomeCount.status, OutcomeCount.count).order_by(
            OutcomeCount.module, OutcomeCount.status
        )
    )
    return [((module, status), float(count)) for module, status, count in rows]
