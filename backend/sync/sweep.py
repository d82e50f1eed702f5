"""The guarantee behind every hint: read what changed on both sides, and note it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.limits import BudgetKey
from backend.core.errors import ConnectionLost, SyncError, stays_in_its_module
from backend.core.spec import ModuleSpec, Side
from backend.store import days, leases, links, pulses
from backend.store.tables import Organisation, Run
from backend.sync import (
    alarms,
    attached,
    channels,
    connections,
    facts,
    presence,
    sweep_runs,
    untold,
    vanished,
)
from backend.sync import rhythm as rhythms
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.bulk import OPEN
from backend.sync.charging import paid_by
from backend.sync.drain import pause
from backend.sync.inbox import PRIORITY
from backend.sync.intake import (
    OVERLAP,
    is_accepted,
    move_cursor,
    note_changed,
    state_of,
    take_side,
    take_together,
)
from backend.sync.policy import module_settings
from backend.sync.resting import DAY_SPENT
from backend.sync.rhythm import Rhythm
from backend.sync.turn import Turn

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0
PATIENCE = timedelta(minutes=20)
DELETIONS_EVERY = timedelta(hours=1)
"""Deleted CRM records are asked for this often; notifications tell of them sooner."""


def sweep_all(sync: Sync, *, org_id: str | None = None, module: str | None = None) -> list[str]:
    """Sweep one or every connected organisation; the ids of those that were swept."""
    with sync.database.begin() as session:
        query = select(Organisation.id).where(Organisation.tenant_id.is_not(None))
        if org_id is not None:
            query = query.where((Organisation.id == org_id) | (Organisation.zoho_org_id == org_id))
        found = list(session.scalars(query))
    return [each for each in found if sweep(sync, each, module=module)]


def sweep(sync: Sync, org_id: str, *, module: str | None = None, scheduled: bool = False) -> bool:
    """Read what changed since the last sweep and note it; whether all of it went through.

    Modules whose first sync has not been accepted are left alone. The work goes to the workers.
    A ``scheduled`` sweep asks Xero only for what is due by the rhythm, any other for everything;
    it gives way to a run that began since it was put on the queue, and comes after it.
    """
    if not _take(sync, org_id, scheduled=scheduled):
        return False
    try:
        return _recorded(sync, org_id, module=module, scheduled=scheduled)
    finally:
        with sync.database.begin() as session:
            leases.release(session, f"sweep:{org_id}", owner=sync.owner)


def gives_way(sync: Sync, session: Session, org: Organisation) -> bool:
    """Whether the clock's sweep waits for a run of this organisation, which reads the same lists.

    Not while the organisation rests, and no longer than ``PATIENCE`` past its interval: a run that
    is stuck does not stop the sweeps.
    """
    now = sync.clock()
    if org.paused_until is not None and org.paused_until > now:
        return False
    longest = timedelta(minutes=sync.settings.sync_minutes) + PATIENCE
    if now - (org.last_good_sync_at or org.created_at) > longest:
        return False
    mine = (Run.org_id == org.id, Run.state.in_(OPEN), Run.kind != "audit")
    return session.scalar(select(Run.id).where(*mine).limit(1)) is not None


def _take(sync: Sync, org_id: str, *, scheduled: bool) -> bool:
    now = sync.clock()
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        if org is None or org.tenant_id is None:
            return False
        rests = org.paused_until is not None and org.paused_until > now
        if rests and org.pause_key != DAY_SPENT:
            return False
        if scheduled and gives_way(sync, session, org):
            org.next_sweep_at = now
            return False
        name = f"sweep:{org_id}"
        return leases.take(session, name, owner=sync.owner, now=now, seconds=SWEEP_SECONDS)


def _recorded(sync: Sync, org_id: str, *, module: str | None, scheduled: bool) -> bool:
    run_id = _begin(sync, org_id, module=module)
    if run_id is None:
        return False
    try:
        swept = _swept(sync, org_id, run_id, module=module, scheduled=scheduled)
    except SyncError as error:
        sweep_runs.end(sync, run_id, error=error)
        _trouble(sync, org_id, error)
        return False
    if swept is None:
        sweep_runs.forget(sync, run_id)
        return False
    sweep_runs.end(sync, run_id, error=next(iter(swept), None))
    return not swept


def _begin(sync: Sync, org_id: str, *, module: str | None) -> str | None:
    """The sweep's run. The day is counted before anything is read: what waits now waits for more
    than this sweep's own work, and days without a connection count as well."""
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            return None
        days.count(session, org_id, tenant_id=org.tenant_id, day=sync.clock().date())
        return sweep_runs.begin(sync, session, org, module=module)


def _trouble(sync: Sync, org_id: str, error: SyncError) -> None:
    log.warning("sweep_stopped", extra={"org": org_id, "cause": error.message.key})
    if isinstance(error, ConnectionLost):
        connections.lose(sync, org_id=org_id, error=error)
    else:
        wait = getattr(error, "wait_seconds", sync.settings.retry_seconds[0])
        pause(sync, org_id, error, seconds=max(1.0, float(wait)))


def _swept(
    sync: Sync, org_id: str, run_id: str, *, module: str | None, scheduled: bool
) -> list[SyncError] | None:
    """Why modules could not be read, each for itself; None when there are no calls for a sweep.
    Raises what stops all of them."""
    turn = turns.build(sync, org_id, fence=-1)
    with paid_by(turn, run_id):
        if not _has_calls(turn):
            return None
        chosen = [spec for spec in turn.specs.values() if _is_due(turn, spec, only=module)]
        rhythm = rhythms.plan(turn, chosen) if scheduled else rhythms.EVERYTHING
        facts.refresh(sync, org_id, turn.clients(PRIORITY["bulk"]), fresh_xero=rhythm.set_up)
        troubles = {
            spec.key: trouble
            for together in groups(chosen)
            for trouble in [_sweep_group(turn, together, rhythm)]
            for spec in together
        }
        presence.check(turn)
    unread = [trouble for trouble in troubles.values() if trouble is not None]
    # A module that is off now has no trouble either.
    asked = troubles if module is not None else dict.fromkeys(turn.specs) | troubles
    _note_read(turn, [key for key, trouble in asked.items() if trouble is None], all=not unread)
    channels.tend(sync, org_id)
    sync.nudge(org_id, "bulk")
    return unread


def _note_read(turn: Turn, modules: Sequence[str], *, all: bool) -> None:
    """These modules were read; whether those are ``all`` of the sweep."""
    with turn.sync.database.begin() as session:
        alarms.read(turn.sync, session, turn.org_id, modules)
        if all:
            org = session.get_one(Organisation, turn.org_id)
            org.last_good_sync_at = turn.sync.clock()
            alarms.good_sync(turn.sync, session, turn.org_id)


def _sweep_group(turn: Turn, specs: Sequence[ModuleSpec], rhythm: Rhythm) -> SyncError | None:
    """Why the lists of these modules could not be read, when that says nothing of others: a module
    that was taken from CRM does not stop the rest."""
    try:
        _sweep_together(turn, specs, rhythm)
    except SyncError as error:
        if not stays_in_its_module(error):
            raise
        with turn.sync.database.begin() as session:
            keys = [spec.key for spec in specs]
            alarms.unread(turn.sync, session, turn.org_id, keys, error)
        return error
    return None


def _has_calls(turn: Turn) -> bool:
    """Whether Xero's day has calls for a sweep. When it is spent and nobody knows when the next one
    begins, a call that Xero does not count tells; the organisation then goes on by itself."""
    sync = turn.sync
    with sync.database.begin() as session:
        org = session.get_one(Organisation, turn.org_id)
        if org.paused_until is None or org.paused_until <= sync.clock():
            connections.resume(session, org)
            return True
    key = BudgetKey(side=Side.XERO, tenant=turn.tenant_id)
    if sync.budget.today(key).ends is not None:
        return False
    turn.xero(PRIORITY["bulk"]).probe()
    if not sync.budget.has_day(key):
        return False
    with sync.database.begin() as session:
        connections.resume(session, session.get_one(Organisation, turn.org_id))
    return True


def _is_due(turn: Turn, spec: ModuleSpec, *, only: str | None) -> bool:
    if only is not None and spec.key != only:
        return False
    held = module_settings(turn.settings, spec.key)
    if not held.get("enabled") or not held.get("schedule", True):
        return False
    return is_accepted(turn, spec.attached_to or spec.key)


def groups(specs: Sequence[ModuleSpec]) -> list[list[ModuleSpec]]:
    """Modules that live in the same records of Xero are read there together, in their order."""
    found: dict[tuple[str, str | None, bool, bool], list[ModuleSpec]] = {}
    for spec in specs:
        kind = (spec.xero.path, spec.xero.where, spec.attached_to is None, spec.xero.listed)
        found.setdefault(kind, []).append(spec)
    return list(found.values())


def _sweep_together(turn: Turn, specs: Sequence[ModuleSpec], rhythm: Rhythm) -> None:
    own = [spec for spec in specs if spec.attached_to is None]
    for spec in own:
        taken = take_side(
            turn, spec, Side.ZOHO, since=_since(turn, spec, Side.ZOHO), note=noter(Side.ZOHO)
        )
        move_cursor(turn, spec.key, Side.ZOHO, taken)
    if rhythm.asks(specs[0]):
        _sweep_xero(turn, specs, rhythm)
    for spec in own:
        _sweep_deleted(turn, spec)
    with turn.sync.database.begin() as session:
        for spec in specs:
            state_of(session, turn, spec.key).last_good_sync_at = turn.sync.clock()


def _sweep_xero(turn: Turn, specs: Sequence[ModuleSpec], rhythm: Rhythm) -> None:
    """One read from where the module stands that has seen least, or of everything."""
    whole = rhythm.reads_whole(specs[0])
    since = None if whole else earliest(_since(turn, spec, Side.XERO) for spec in specs)
    listed = set[str]()
    if specs[0].attached_to is not None:
        taken, whole = attached.take(turn, specs[0], since=since), False
    else:
        taken = take_together(
            turn, specs, Side.XERO, since=since, note=noter(Side.XERO),
            listed=listed if whole else None,
        )  # fmt: skip
    for spec in specs:
        move_cursor(turn, spec.key, Side.XERO, taken)
        if whole and not taken.resumed:
            # A read that was interrupted has not seen every id: the next night's will.
            vanished.note(turn, spec, listed)
    with turn.sync.database.begin() as session:
        for spec in specs:
            state_of(session, turn, spec.key)
        rhythms.have_read(session, turn, specs, rows=taken.rows if whole else None)


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    """The first of these times; None, which means from the beginning, comes before all."""
    found = list(times)
    return None if None in found else min(each for each in found if each is not None)


def noter(side: Side) -> Callable[[Session, Turn, Sequence[str]], None]:
    """Notes what a sweep found on a side, and checks it against what was told."""

    def note(session: Session, turn: Turn, link_ids: Sequence[str]) -> None:
        note_changed(session, turn, link_ids)
        pulses.stirred(session, turn.org_id, turn.tenant_id, at=turn.sync.clock())
        untold.check(session, turn, side, link_ids)

    return note


def _since(turn: Turn, spec: ModuleSpec, side: Side) -> datetime | None:
    with turn.sync.database.begin() as session:
        cursor: datetime | None = getattr(state_of(session, turn, spec.key), f"{side}_cursor")
    return cursor - OVERLAP if cursor is not None else None


# --- deletions ---------------------------------------------------------------------------------


def _sweep_deleted(turn: Turn, spec: ModuleSpec) -> None:
    """CRM lists do not show what was deleted; ask for it once an hour."""
    now = turn.sync.clock()
    with turn.sync.database.begin() as session:
        since = state_of(session, turn, spec.key).deleted_cursor
        # A click may have linked a record long before the first sweep, but not before us.
        known = since or session.get_one(Organisation, turn.org_id).created_at
    if since is not None and now - since < DELETIONS_EVERY:
        return
    as_of = _note_deleted(turn, spec, known - OVERLAP)
    with turn.sync.database.begin() as session:
        state_of(session, turn, spec.key).deleted_cursor = as_of


def _note_deleted(turn: Turn, spec: ModuleSpec, since: datetime) -> datetime:
    """Note what CRM deleted since then; until when that is, by CRM's own clock."""
    page = turn.zoho(PRIORITY["bulk"]).deleted(spec.zoho.path, since=since)
    ids = [str(row["id"]) for row in page.rows if row.get("id")]
    with turn.sync.database.begin() as session:
        known = links.find(session, turn.org_id, turn.tenant_id, spec.key, str(Side.ZOHO), ids)
        open_ones = [link.id for link in known.values() if link.message_key not in ALREADY_TOLD]
        if open_ones:
            note_changed(session, turn, open_ones)
    return page.as_of


ALREADY_TOLD = frozenset({"deleted_in_crm_kept_in_xero", "gone_on_both"})
