"""Writing down what a turn spent: calls and bytes, by system and day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.core.spec import Side
from backend.store import usage
from backend.sync.turn import Turn


def spent(session: Session, turn: Turn) -> None:
    """Count what a turn has spent; once, at its end."""
    day = turn.sync.clock().date()
    for side in Side:
        clients = [getattr(lane, side.value) for lane in turn.lanes.values()]
        usage.add(
            session,
            turn.org_id,
            side.value,
            day,
            calls=sum(client.calls for client in clients),
            received=sum(client.received for client in clients),
        )
