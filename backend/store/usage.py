"""Calls and bytes per organisation, system and day: what Xero counts and bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.live import Usage


def add(session: Session, org_id: str, side: str, day: date, *, calls: int, received: int) -> None:
    """Count calls and bytes on top of what is there."""
    if not calls and not received:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Usage).values(
        org_id=org_id, side=side, day=day, calls=calls, received=received
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Usage.org_id, Usage.side, Usage.day],
            set_={"calls": Usage.calls + calls, "received": Usage.received + received},
        )
    )


def since(session: Session, org_id: str, first: date) -> Mapping[str, tuple[int, int]]:
    """Calls and bytes by system from that day on."""
    rows = session.execute(
        select(Usage.side, func.sum(Usage.calls), func.sum(Usage.received))
        .where(Usage.org_id == org_id, Usage.day >= first)
        .group_by(Usage.side)
    )
    return {side: (int(calls), int(received)) for side, calls, received in rows}
