"""Ending the look at a record that needs no write."""

from __future__ import annotations

from dataclasses import replace

from backend.store.tables import Link
from backend.sync.tell import Outcome, conclude
from backend.sync.turn import Turn
from backend.sync.work import PERSON, Work


def close(turn: Turn, work: Work, outcome: Outcome, *, waiting_for: Link | None = None) -> None:
    """Conclude a record that nothing is written of any more; what was known before stays silent."""
    known = outcome.message is not None and outcome.message.key == work.link.message_key
    quiet = known and work.link.trigger not in PERSON and work.link.run_id is None
    with turn.sync.database.begin() as session:
        turn.hold(session)
        link = session.get_one(Link, work.link.id)
        conclude(turn, session, link, replace(outcome, quiet=quiet), seen=work.seen)
        if waiting_for is not None:
            link.waiting_for = waiting_for.id
        work.link = link
    work.finished = True
