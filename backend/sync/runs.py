"""Runs under way: reading for them, marking their records, and closing them when none waits."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core.errors import ConnectionLost, SyncError, Unsafe
from backend.core.guard import side_suddenly_empty
from backend.core.spec import ModuleSpec, Side
from backend.store import leases, links, places
from backend.store.tables import Link, Organisation, Run
from backend.sync import connections, good_sync, undo
from backend.sync import facts as facts_of
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.bulk import OPEN, keys_of, update_open
from backend.sync.charging import paid_by
from backend.sync.compare import mark_moved
from backend.sync.drain import pause
from backend.sync.heartbeat import LEASE_SECONDS, beating
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import OVERLAP, move_cursor, state_of, take_side, take_together
from backend.sync.preview import plan_all
from backend.sync.progress import Taken
from backend.sync.sweep import earliest, groups
from backend.sync.turn import Turn

log = logging.getLogger(__name__)

FRESH_PREVIEW = timedelta(minutes=15)
"""A run soon after its preview reads only what changed since."""


def advance(sync: Sync, org_id: str) -> None:
    """Read for every queued run of an organisation, and finish those with nothing left.

    Called by whoever was nudged; a named lease keeps two from reading the same run.
    """
    name = f"bulk:{org_id}"
    owner = sync.new_owner()

    def take() -> bool:
        with sync.database.begin() as session:
            now = sync.clock()
            return leases.take(session, name, owner=owner, now=now, seconds=LEASE_SECONDS)

    if not _open_runs(sync, org_id) or not take():
        return
    try:
        with beating(take):
            for run in _open_runs(sync, org_id):
                _advance(sync, run)
    finally:
        with sync.database.begin() as session:
            leases.release(session, name, owner=owner)


def _open_runs(sync: Sync, org_id: str) -> list[Run]:
    with sync.database.begin() as session:
        return list(
            session.scalars(
                select(Run)
                .where(Run.org_id == org_id, Run.state.in_(OPEN), Run.kind != "audit")
                .order_by(Run.created_at)
            )
        )


def _advance(sync: Sync, run: Run) -> None:
    if run.state == "running":
        finish(sync, run.id)
        return
    try:
        _read(sync, run)
    except Unsafe as error:
        _refused(sync, run, error)
    except SyncError as error:
        _stopped(sync, run, error)


def _refused(sync: Sync, run: Run, error: Unsafe) -> None:
    """A list that cannot be true ends its run before anything follows from it."""
    log.warning("run_refused", extra={"run": run.id, "cause": error.message.key})
    update_open(
        sync,
        run.id,
        state="failed",
        message_key=error.message.key,
        message_params=dict(error.message.params),
        finished_at=sync.clock(),
    )


def _stopped(sync: Sync, run: Run, error: SyncError) -> None:
    """A run that cannot read waits; it goes on with the page it stopped at."""
    log.warning("run_stopped", extra={"run": run.id, "cause": error.message.key})
    if isinstance(error, ConnectionLost):
        connections.lose(sync, org_id=run.org_id, error=error)
    else:
        wait = getattr(error, "wait_seconds", sync.settings.retry_seconds[0])
        pause(sync, run.org_id, error, seconds=max(1.0, float(wait)))
    update_open(
        sync, run.id, message_key=error.message.key, message_params=dict(error.message.params)
    )


def _read(sync: Sync, run: Run) -> None:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, run.org_id)
        if org.paused_until is not None and org.paused_until > sync.clock():
            return
        keys = keys_of(org.settings, run.module)
    if run.kind == "undo":
        _undo(sync, run)
        return
    begun = run.started_at or sync.clock()
    update_open(
        sync, run.id, state="reading", started_at=begun, message_key=None, message_params={}
    )
    turn = turns.build(sync, run.org_id, fence=-1)
    with paid_by(turn, run.id):
        facts_of.refresh(sync, run.org_id, turn.clients(PRIORITY["bulk"]))
    turn = turns.build(sync, run.org_id, fence=-1)
    with paid_by(turn, run.id):
        _read_all(turn, run, keys)
    with sync.database.begin() as session:
        places.forget(session, org_id=run.org_id, reader=run.id)
    finish(sync, run.id)


def _read_all(turn: Turn, run: Run, keys: Sequence[str]) -> None:
    """What a preview needs is planned at once; the records of any other run are marked."""
    if run.ids is not None:
        _mark_chosen(turn, run)
    else:
        _read_modules(turn, run, keys)
    if run.kind == "preview":
        plan_all(turn, run, keys)
        return
    total = _planned(turn.sync, run, keys)
    update_open(turn.sync, run.id, state="running", stage="", total=total)


def _undo(sync: Sync, run: Run) -> None:
    """Undoing reads nothing beforehand: each record is read when its turn comes."""
    turn = turns.build(sync, run.org_id, fence=-1)
    update_open(sync, run.id, started_at=run.started_at or sync.clock())
    undo.mark(turn, run)
    update_open(sync, run.id, state="running", total=_marked(sync, run.id))
    sync.nudge(run.org_id, "bulk")
    finish(sync, run.id)


def _marked(sync: Sync, run_id: str) -> int:
    with sync.database.begin() as session:
        done = session.scalar(select(Run.done).where(Run.id == run_id)) or 0
        waiting = session.scalar(
            select(func.count()).select_from(Link).where(Link.run_id == run_id)
        )
        return done + (waiting or 0)


def _planned(sync: Sync, run: Run, keys: Sequence[str]) -> int:
    """How many records the run will have gone through: as many as its preview has shown.

    Before they are matched a record counts on each side, so that what is marked is more.
    """
    marked = _marked(sync, run.id)
    with sync.database.begin() as session:
        earlier = session.get(Run, run.preview_id) if run.preview_id else None
        shown = (earlier.figures if earlier else {}).get("summary", {}).get("by_module")
    if shown is None or run.ids is not None:
        return marked
    return min(marked, sum(sum(shown.get(key, {}).values()) for key in keys))


def _read_modules(turn: Turn, run: Run, keys: Sequence[str]) -> None:
    """Both lists of every module, and of those their records may bring along.

    A cursor moves only where every record read is looked at as well: what a preview saw change is
    still news to the next sweep.
    """
    wanted = [*_depended_on(turn, keys), *keys]
    for specs in groups([turn.specs[key] for key in wanted]):
        for spec in specs:
            update_open(turn.sync, run.id, stage=spec.key)
            since = _since(turn, run, spec.key, Side.ZOHO, whole=spec.key in keys)
            taken = take_side(
                turn, spec, Side.ZOHO, since=since, note=None, everything=True, reader=run.id
            )
            _taken(turn, run, [spec], Side.ZOHO, taken, since=since, keys=keys)
        _read_xero(turn, run, specs, keys)
        for spec in specs:
            if run.kind == "sync" and spec.key in keys:
                _mark_module(turn, run, spec)


def _read_xero(turn: Turn, run: Run, specs: Sequence[ModuleSpec], keys: Sequence[str]) -> None:
    """Modules that live in the same records of Xero are read in one go."""
    since = earliest(
        _since(turn, run, spec.key, Side.XERO, whole=spec.key in keys) for spec in specs
    )
    taken = take_together(
        turn, specs, Side.XERO, since=since, note=None, everything=True, reader=run.id
    )
    _taken(turn, run, specs, Side.XERO, taken, since=since, keys=keys)


def _taken(
    turn: Turn,
    run: Run,
    specs: Sequence[ModuleSpec],
    side: Side,
    taken: Taken,
    *,
    since: datetime | None,
    keys: Sequence[str],
) -> None:
    """A list is in: it must be believable, matching may rely on it, and its cursor may move."""
    for spec in specs:
        if since is None:
            _check_believable(turn, spec.key, side, rows=taken.rows)
        turn.read_now.add((spec.key, side))
        looked_at = run.kind == "sync" and spec.key in keys
        if looked_at or not _is_accepted(turn, spec.key):
            move_cursor(turn, spec.key, side, taken)


def _depended_on(turn: Turn, keys: Sequence[str]) -> list[str]:
    """Modules whose records a run brings along without being asked for them; none that is off."""
    found = {each for key in keys for each in turn.specs[key].depends_on}
    return [key for key in turn.specs if key in found - set(keys) and turn.policies[key].enabled]


def _is_accepted(turn: Turn, key: str) -> bool:
    with turn.sync.database.begin() as session:
        return state_of(session, turn, key).accepted_at is not None


def _check_believable(turn: Turn, key: str, side: Side, *, rows: int) -> None:
    """``Unsafe`` when a list that held many records is empty: rights may be gone, not they."""
    with turn.sync.database.begin() as session:
        known = links.pair_count(session, turn.org_id, turn.tenant_id, key)
    message = side_suddenly_empty(known, rows)
    if message is not None:
        raise Unsafe(message.key, {**message.params, "side": str(side)})


def _since(turn: Turn, run: Run, key: str, side: Side, *, whole: bool) -> datetime | None:
    """A run soon after its preview needs only what changed since; so does a module that is only
    looked up (``whole`` False)."""
    with turn.sync.database.begin() as session:
        earlier = session.get(Run, run.preview_id) if run.preview_id else None
        finished = earlier.finished_at if earlier is not None else None
        cursor: datetime | None = getattr(state_of(session, turn, key), f"{side}_cursor")
    if not whole and cursor is not None:
        return cursor - OVERLAP
    if finished is None or cursor is None or turn.sync.clock() - finished > FRESH_PREVIEW:
        return None
    return cursor - OVERLAP


def _mark_module(turn: Turn, run: Run, spec: ModuleSpec) -> None:
    """Every record of the module goes through the loop once."""
    with turn.sync.database.begin() as session:
        ids = session.scalars(
            select(Link.id).where(
                Link.org_id == turn.org_id,
                Link.tenant_id == turn.tenant_id,
                Link.module == spec.key,
                Link.active,
            )
        ).all()
        _mark(turn, session, run, ids)


def _mark_chosen(turn: Turn, run: Run) -> None:
    with turn.sync.database.begin() as session:
        note_in(
            turn.sync,
            session,
            org_id=run.org_id,
            module=run.module,
            side=Side.ZOHO,
            ids=run.ids or [],
            trigger="bulk",
            by=run.by,
            priority=PRIORITY["retry"],
            direction=run.direction,
            run_id=run.id,
            tenant_id=run.tenant_id,
        )


def _mark(turn: Turn, session: Session, run: Run, ids: Sequence[str]) -> None:
    links.mark(
        session,
        ids,
        priority=PRIORITY["bulk"],
        trigger="bulk",
        by=run.by,
        direction=run.direction,
        now=turn.sync.clock(),
        run_id=run.id,
        unpark=True,
    )


def finish(sync: Sync, run_id: str) -> bool:
    """Close a running run once none of its records waits any more; whether it is closed."""
    with sync.database.begin() as session:
        waiting = session.scalar(
            select(Link.id).where(Link.run_id == run_id, Link.pending > 0).limit(1)
        )
        if waiting is not None:
            return False
        closed = session.execute(
            update(Run)
            .where(Run.id == run_id, Run.state == "running")
            .values(state="done", total=Run.done, finished_at=sync.clock())
            .returning(Run.id)
        ).scalar_one_or_none()
        if closed is not None:
            _compare(session, run_id)
            good_sync.of_run(sync, session, session.get_one(Run, run_id))
        return closed is not None


def _compare(session: Session, run_id: str) -> None:
    """Say where the run was not what its preview had shown."""
    run = session.get_one(Run, run_id)
    session.refresh(run)
    count = mark_moved(session, run)
    if count:
        run.figures = {**run.figures, "differs": {"count": count}}
