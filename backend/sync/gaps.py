"""Holes in the numbering of Xero's events: a number that never came is an event that got lost.

Neither order nor completeness of the numbers is promised by Xero, so a hole is only a hint: it
makes the next sweep of every organisation read what webhooks would have told.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.spec import Side
from backend.store.live import Hearing, WebhookNote
from backend.sync.app import Sync

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=60)
"""How long a missing number may still arrive: requests overtake each other and are repeated."""
RENUMBERED = 10_000
"""A jump wider than this is a new numbering, not a loss."""
WINDOW = timedelta(hours=1)
"""How far back numbers are looked at: what is older was settled, or nobody ran to settle it."""
ROWS = 5000


def close(sync: Sync) -> int:
    """Look for numbers that should have come by now; how many are given up as lost."""
    with sync.database.begin() as session:
        return _close(session, sync.clock())


def _close(session: Session, now: datetime) -> int:
    side = str(Side.XERO)
    held = session.get(Hearing, side)
    if held is None:
        held = Hearing(side=side, gaps=0)
        session.add(held)
    heard = _heard(session, held.sequence, since=now - WINDOW)
    if not heard:
        return 0
    if held.sequence is not None and min(heard)[0] - held.sequence > RENUMBERED:
        held.sequence = None
    reached, lost = settled(held.sequence, heard, given_up=now - PATIENCE)
    held.sequence = reached
    if lost:
        held.gaps += lost
        held.gap_at = now
        log.warning("webhooks_lost", extra={"count": lost})
    return lost


def _heard(session: Session, after: int | None, *, since: datetime) -> list[tuple[int, datetime]]:
    """Numbers that came lately and after the last settled one, and when."""
    wanted = [
        WebhookNote.side == str(Side.XERO),
        WebhookNote.received_at >= since,
        WebhookNote.sequence.is_not(None),
    ]
    if after is not None:
        wanted.append(WebhookNote.sequence > after)
    rows = session.execute(
        select(WebhookNote.sequence, WebhookNote.received_at)
        .where(*wanted)
        .order_by(WebhookNote.sequence)
        .limit(ROWS)
    )
    return [(int(number), at) for number, at in rows if number is not None]


def settled(
    after: int | None, heard: Iterable[tuple[int, datetime]], *, given_up: datetime
) -> tuple[int | None, int]:
    """Up to which number nothing is awaited any more, and how many of them never came.

    ``after`` None: the first number heard is where counting begins. A hole counts as lost when
    what follows it was heard before ``given_up``.
    """
    lost = 0
    for number, at in sorted(heard):
        if after is not None and number > after + 1:
            if at > given_up:
                return after, lost
            lost += number - after - 1
        after = number if after is None else max(after, number)
    return after, lost
