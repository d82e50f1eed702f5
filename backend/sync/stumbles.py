"""A mistake of ours that one record brings to light costs that record its attempts, nobody else.

Not every surprise is a record's: where the database, Redis or the machine fails, the work stops and
is taken up again, and nobody pays for it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy.exc import DataError, IntegrityError

from backend.core.errors import UNFORESEEN, Message
from backend.store.tables import Link
from backend.sync.perform import last_attempt
from backend.sync.tell import Outcome, conclude
from backend.sync.turn import Turn

log = logging.getLogger(__name__)

STUMBLES = (*UNFORESEEN, DataError, IntegrityError)
"""What a batch may raise that is one of its records' doing."""


def stumbled(turn: Turn, rows: Sequence[Link], error: Exception) -> None:
    """Note that a batch failed for no reason anybody foresaw. Half of its records are tried next,
    until a single one is left: that one is told so and counts an attempt. What was under way is
    settled by the next recovery."""
    about = {"org": turn.org_id, "module_key": rows[0].module}
    log.error("batch_stumbled", extra=about, exc_info=error)
    turn.unsure = True
    if len(rows) > 1:
        turn.most = len(rows) // 2
        return
    with turn.sync.database.begin() as session:
        turn.hold(session)
        link = session.get(Link, rows[0].id)
        if link is None or not link.active:
            return
        link.attempts += 1
        failed = Outcome(status="failed", message=Message("stumbled"), retry=True)
        conclude(turn, session, link, last_attempt(turn, link, failed), seen=link.pending)
