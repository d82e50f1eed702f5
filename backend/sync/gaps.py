"""Holes in the numbering of Xero's events: a number that never came is an event that got lost.

Neither order nor completeness of the numbers is promised by Xero, so a hole is only a hint: it
makes the next sweep of every organisation read what webhooks would have told.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core.spec import Side
from backend.store.live import Hearing, WebhookNote
from backend.sync.app import Sync

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=60)
"""How long a missing number may still arrive: requests overtake each other and are repeated."""
RENUMBERED = 10_000
"""A jump wider than this is a new numbering, not a loss."""
REPEATED = timedelta(hours=24)
"""For so long Xero repeats what it could not deliver."""
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
        heard = _begun_anew(session, held.sequence, now)
        if not heard:
            return 0
        _forget_numbers(session, held.sequence)
        held.sequence, held.gap_at = None, now
        log.warning("webhooks_renumbered", extra={"first": min(heard)[0]})
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


def _begun_anew(session: Session, after: int | None, now: datetime) -> list[tuple[int, datetime]]:
    """Numbers of a numbering that began again further down, as a webhook made anew does; what was
    told in between is lost. Empty when lower numbers are only late: Xero repeats for a day what it
    could not deliver.
    """
    if after is None:
        return []
    last = session.scalar(select(func.max(WebhookNote.received_at)).where(*_from(after)))
    since = max(now - WINDOW, last) if last is not None else now - WINDOW
    heard = [(number, at) for number, at in _heard(session, None, since=since) if number < after]
    if not heard or min(at for _, at in heard) > now - PATIENCE:
        return []
    is_far = after - max(heard)[0] > RENUMBERED
    return heard if is_far or last is None or now - last > REPEATED else []


def _from(number: int | None) -> tuple[Any, ...]:
    return (WebhookNote.side == str(Side.XERO), WebhookNote.sequence >= number)


def _forget_numbers(session: Session, after: int | None) -> None:
    """The numbers of the old numbering, which the new one will reach some day, say no more."""
    session.execute(update(WebhookNote).where(*_from(after)).values(sequence=None))


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
