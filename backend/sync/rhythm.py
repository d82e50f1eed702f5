"""What one tick of the schedule asks Xero for: the pure rules of ``core.cadence``, fed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.limits import BULK_DAY, BudgetKey
from backend.core import cadence
from backend.core.cadence import Kind, Mood
from backend.core.spec import ModuleSpec, Side
from backend.store import pulses
from backend.store.live import Hearing
from backend.store.tables import Link, ModuleState
from backend.sync.app import Sync
from backend.sync.cured import CAUSES
from backend.sync.turn import Turn

ROWS_OF_A_PAGE = 1000
NIGHT, NIGHT_LASTS = time(1, 0), timedelta(hours=4)
"""When everything is read once a day, by the organisation's own clock; each has its place in it."""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """What to ask for now. ``asked`` and ``whole`` hold names of Xero lists; None means all."""

    asked: frozenset[str] | None = None
    whole: frozenset[str] = field(default_factory=frozenset)
    set_up: timedelta = cadence.SET_UP_ACTIVE

    def asks(self, spec: ModuleSpec) -> bool:
        """Whether Xero is asked for changes of this module."""
        return self.asked is None or spec.xero.path in self.asked

    def reads_whole(self, spec: ModuleSpec) -> bool:
        """Whether everything is read, not only what changed."""
        return spec.xero.path in self.whole


EVERYTHING = Rhythm()
"""A sweep somebody asked for asks for every kind."""


def plan(turn: Turn, specs: Sequence[ModuleSpec]) -> Rhythm:
    """What this tick of the schedule asks for."""
    sync, now = turn.sync, turn.sync.clock()
    with sync.database.begin() as session:
        mood, states = mood_of(session, turn, now), _states(session, turn)
        gap_at = session.scalars(select(Hearing.gap_at)).first()
        waits = _waits_for_set_up(session, turn)
    kinds, tick = kinds_of(specs, states), timedelta(minutes=sync.settings.sync_minutes)
    every = cadence.intervals(kinds, mood, tick=tick)
    factor = _stretch(turn, kinds, mood, tick=tick)
    asked, whole = set[str](), set[str]()
    for spec in specs:
        if not spec.xero.listed:
            continue
        name, state = spec.xero.path, states.get(spec.key)
        last = state.xero_read_at if state else None
        untold = gap_at is not None and spec.xero.event and (last is None or last < gap_at)
        if untold or cadence.is_due(last, now, interval=every[name], factor=factor, tick=tick):
            asked.add(name)
        if spec.attached_to is None and _whole_is_due(turn, state, now):
            whole.add(name)
    return Rhythm(
        asked=frozenset(asked | whole),
        whole=frozenset(whole),
        set_up=cadence.SET_UP_ACTIVE if waits else mood.set_up,
    )


def have_read(
    session: Session, turn: Turn, specs: Iterable[ModuleSpec], *, rows: int | None = None
) -> None:
    """Note that Xero was asked for these modules and all pages are in; ``rows`` when it was asked
    for everything."""
    now = turn.sync.clock()
    for spec in specs:
        state = session.get(ModuleState, (turn.org_id, turn.tenant_id, spec.key))
        if state is not None:
            state.xero_read_at = now
            if rows is not None:
                state.whole_read_at = now
                state.whole_pages = max(1, -(-rows // ROWS_OF_A_PAGE))


def mood_of(session: Session, turn: Turn, now: datetime) -> Mood:
    """Does anything stir, and do webhooks arrive."""
    return mood_in(session, turn.org_id, turn.tenant_id, now)


def mood_in(session: Session, org_id: str, tenant_id: str, now: datetime) -> Mood:
    """The mood of an organisation."""
    pulse = pulses.of(session, org_id, tenant_id)
    heard_at = pulse.heard_at if pulse is not None else None
    return cadence.mood(
        now,
        active_at=pulse.active_at if pulse is not None else None,
        heard_at=heard_at,
        doubted_at=pulse.doubted_at if pulse is not None else None,
        elsewhere=heard_at is None and pulses.heard_elsewhere(session),
    )


def kinds_of(specs: Iterable[ModuleSpec], states: dict[str, ModuleState]) -> list[Kind]:
    """The Xero lists these modules are read from, each once."""
    found: dict[str, Kind] = {}
    for spec in specs:
        if not spec.xero.listed:
            continue
        pages = states[spec.key].whole_pages if spec.key in states else 1
        held = found.get(spec.xero.path)
        if held is None or pages > held.pages:
            found[spec.xero.path] = Kind(
                name=spec.xero.path, leans=spec.attached_to is not None, pages=max(1, pages)
            )
    return list(found.values())


def _states(session: Session, turn: Turn) -> dict[str, ModuleState]:
    rows = session.scalars(
        select(ModuleState).where(
            ModuleState.org_id == turn.org_id, ModuleState.tenant_id == turn.tenant_id
        )
    )
    return {row.module: row for row in rows}


def _waits_for_set_up(session: Session, turn: Turn) -> bool:
    """Whether a record waits for something to be set up: then the set-up is read each hour."""
    found = session.scalars(
        select(Link.id)
        .where(
            Link.org_id == turn.org_id,
            Link.tenant_id == turn.tenant_id,
            Link.active,
            Link.state == "needs_attention",
            Link.message_key.in_(CAUSES),
        )
        .limit(1)
    ).first()
    return found is not None


def _stretch(turn: Turn, kinds: Sequence[Kind], mood: Mood, *, tick: timedelta) -> int:
    left, limit, rest = day_of(turn.sync, turn.tenant_id)
    if left is not None and limit is not None:
        left -= limit - limit * BULK_DAY // 100
    return cadence.stretch(kinds, mood, tick=tick, left=left, limit=limit, day_left=rest)


def day_of(sync: Sync, tenant_id: str) -> tuple[int | None, int | None, timedelta]:
    """Calls left of Xero's day, its limit, and how long it still lasts."""
    key = BudgetKey(side=Side.XERO, tenant=tenant_id)
    today = sync.budget.today(key)
    ends = today.ends or today.at_latest
    rest = cadence.DAY
    if ends is not None:
        rest = datetime.fromtimestamp(ends, UTC) - sync.clock()
    return (
        sync.budget.left(key)["day"],
        sync.budget.limits(key).day,
        min(cadence.DAY, max(timedelta(), rest)),
    )


# --- once a day --------------------------------------------------------------------------------


def _whole_is_due(turn: Turn, state: ModuleState | None, now: datetime) -> bool:
    if state is None or state.accepted_at is None:
        return False
    last = state.whole_read_at or state.accepted_at
    return last < night_of(turn.org_id, turn.zoho_facts, now)


def night_of(org_id: str, facts: dict[str, Any] | Any, now: datetime) -> datetime:
    """The last moment at which this organisation's whole reading was due: one in each night of its
    own calendar, also in those that are an hour longer or shorter."""
    zone = _zone(facts)
    place = NIGHT_LASTS * (zlib.crc32(b"night" + org_id.encode()) % 1000 / 1000)
    today = now.astimezone(zone).date()
    nights = (
        datetime.combine(day, NIGHT, zone).astimezone(UTC) + place
        for day in (today, today - timedelta(days=1))
    )
    return max(at for at in nights if at <= now)


def _zone(facts: Any) -> ZoneInfo:
    """The organisation's own clock; UTC where it has none that is known here."""
    try:
        return ZoneInfo(str(facts.get("org", {}).get("time_zone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
