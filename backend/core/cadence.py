"""How often each kind of Xero record is asked for changes, and what that costs in a day.

A kind is what one Xero list holds: contacts, items, invoices, … A tick is one run of the schedule.
While anything stirs in an organisation, or its webhooks are not proven, every tick asks for every
kind. Only when nothing stirs and webhooks are proven does it rest: invoices are still asked for at
every tick, the others take turns so that the whole day stays below `CALM_CALLS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CALM_CALLS = 300
"""Calls a day an organisation may cost in which nothing happens."""
PROBE = "Invoices"
"""The kind that is asked for at every tick even in calm: it shows payments and allocations too,
because both move an invoice's time of change."""
PROBE_EVERY = timedelta(minutes=10)
RARELY = timedelta(hours=6)
SELDOM = timedelta(hours=1)
WHOLE_READS = 2
"""How often a day everything is read: by the schedule at night, and by the audit."""
FEWEST = 12
"""Times a day each kind is asked for at the least, whatever else the day costs."""
SET_UP_CALLS = 4
"""Calls one reading of the Xero organisation's set-up takes; the organisation itself is free."""
SET_UP_CALM = timedelta(hours=8)
SET_UP_ACTIVE = timedelta(hours=1)
ACTIVE_FOR = timedelta(hours=1)
"""How long an organisation counts as active after something stirred."""
STRETCHES = (1, 2, 3, 6)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One list of Xero. ``leans``: another kind shows its changes as well. ``pages``: how many
    calls reading all of it takes."""

    name: str
    leans: bool = False
    pages: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Mood:
    """What the schedule knows of an organisation: does anything stir, are its webhooks proven."""

    active: bool
    proven: bool

    @property
    def calm(self) -> bool:
        """Whether it may rest."""
        return self.proven and not self.active

    @property
    def set_up(self) -> timedelta:
        """How old the set-up may be."""
        return SET_UP_ACTIVE if self.active else SET_UP_CALM


IDLE = Mood(active=False, proven=True)
"""An organisation in which nothing happens and whose webhooks are known to arrive."""
BLIND = Mood(active=False, proven=False)
"""The same without webhooks."""


def mood(
    now: datetime,
    *,
    active_at: datetime | None,
    heard_at: datetime | None,
    doubted_at: datetime | None,
    elsewhere: bool = False,
) -> Mood:
    """What last happened, judged.

    Where nothing happens nothing is told, so webhooks stay proven however long they are silent: by
    the organisation's own, or before its first by one heard ``elsewhere``, since all come to one
    address. A doubt ends the proof until the organisation hears one of its own after it.
    """
    doubted = doubted_at is not None and (heard_at is None or doubted_at >= heard_at)
    return Mood(
        active=active_at is not None and now - active_at < ACTIVE_FOR,
        proven=(heard_at is not None or elsewhere) and not doubted,
    )


def intervals(kinds: Sequence[Kind], mood: Mood, *, tick: timedelta) -> Mapping[str, timedelta]:
    """How long each kind may wait between two questions."""
    names = {kind.name for kind in kinds}
    leaning = {kind.name for kind in kinds if kind.leans and PROBE in names}
    found = dict.fromkeys(names, tick)
    if mood.calm:
        found |= _calm(kinds, leaning, tick=tick)
    slow = SELDOM if mood.active else RARELY
    return found | dict.fromkeys(leaning, max(tick, slow))


def _calm(kinds: Sequence[Kind], leaning: set[str], *, tick: timedelta) -> dict[str, timedelta]:
    fixed = _whole(kinds) + _times(SET_UP_CALM) * SET_UP_CALLS + _times(RARELY) * len(leaning)
    found: dict[str, timedelta] = {}
    others = [kind.name for kind in kinds if kind.name not in leaning and kind.name != PROBE]
    if len(others) + len(leaning) < len(kinds):
        found[PROBE] = max(tick, PROBE_EVERY)
        fixed += _times(found[PROBE])
    if others:
        each = max(FEWEST, (CALM_CALLS - fixed) // len(others))
        ticks = -(-(DAY // each) // tick)
        found |= dict.fromkeys(others, max(1, ticks) * tick)
    return found


def bill(kinds: Sequence[Kind], mood: Mood, *, tick: timedelta) -> int:
    """Calls a day this takes, with the set-up, the nightly reading of everything and the audit."""
    asked = sum(map(_times, intervals(kinds, mood, tick=tick).values()))
    return asked + _whole(kinds) + _times(mood.set_up) * SET_UP_CALLS if kinds else 0


def _whole(kinds: Sequence[Kind]) -> int:
    """Calls of the daily readings of everything; the audit reads the set-up once more."""
    return WHOLE_READS * sum(kind.pages for kind in kinds if not kind.leans) + SET_UP_CALLS


def _times(interval: timedelta) -> int:
    """How often that is in a day, rounded up."""
    return -(-DAY // interval)


def stretch(
    kinds: Sequence[Kind],
    mood: Mood,
    *,
    tick: timedelta,
    left: int | None,
    limit: int | None,
    day_left: timedelta,
) -> int:
    """By how much every interval grows so that what is left lasts until the day ends.

    Nothing is stretched while half of the day's calls are left. ``left`` without the reserve.
    """
    if left is None or limit is None or 2 * left >= limit:
        return STRETCHES[0]
    rest = bill(kinds, mood, tick=tick) * (day_left / DAY)
    for factor in STRETCHES:
        if rest / factor <= left:
            return factor
    return STRETCHES[-1]


def is_due(
    last: datetime | None, now: datetime, *, interval: timedelta, factor: int, tick: timedelta
) -> bool:
    """Whether a kind is asked for at this tick; half a tick early is early enough, because ticks
    do not come on the second."""
    return last is None or now - last >= interval * factor - tick / 2
