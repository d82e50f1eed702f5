"""Bulk: previews that write nothing, and runs that do exactly what a preview showed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core.errors import ConnectionLost, Message, SyncError
from backend.core.match import Ambiguous, Linked
from backend.core.plan import Plan, Verdict, plan
from backend.core.spec import Facts, ModuleSpec, Side
from backend.modules import all_specs
from backend.store import leases, links
from backend.store.tables import Link, ModuleState, Organisation, Run, RunItem, Snapshot
from backend.sync import connections
from backend.sync import facts as facts_of
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.batch import BEFORE_MATCHING, facts_for
from backend.sync.drain import pause
from backend.sync.gather import Seen, parsed
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import OVERLAP, move_cursor, state_of, take_side
from backend.sync.matching import find_partner, shown
from backend.sync.policy import module_settings
from backend.sync.tell import COUNTED, Outcome, run_item, shown_changes
from backend.sync.turn import LEASE_SECONDS, Turn
from backend.sync.work import Work, ambiguous_outcome, outcome_of, started

log = logging.getLogger(__name__)

FRESH_PREVIEW = timedelta(minutes=15)
"""A run soon after its preview reads only what changed since."""
CHUNK = 200
EVERYTHING = "all"
CALLS_PER_MINUTE = 60
OPEN = ("queued", "reading", "running")


class PreviewRequired(Exception):
    """A module's first bulk sync needs a finished preview that a person has seen."""


class UnknownRun(Exception):
    """No such run in this organisation, or one that is over."""


class NotConnected(Exception):
    """Bulk work needs both connections."""


# --- starting ----------------------------------------------------------------------------------


def preview(sync: Sync, *, org_id: str, module: str, direction: str, by: str | None) -> str:
    """Begin a dry run of a module or ``all``; the run's id."""
    return _begin(sync, org_id, kind="preview", module=module, direction=direction, by=by)


def start(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    direction: str,
    preview_id: str | None,
    by: str | None,
) -> str:
    """Begin a bulk sync of a module or ``all``; the run's id.

    ``PreviewRequired`` when a module in it was never accepted and ``preview_id`` is not a finished
    preview of it.
    """
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        shown_to = _previewed(session, org, preview_id)
        for key in _keys(org.settings, module):
            _accept(sync, session, org, key, seen=module_in(shown_to, key))
    return _begin(
        sync,
        org_id,
        kind="sync",
        module=module,
        direction=direction,
        by=by,
        preview_id=preview_id,
    )


def module_in(shown_to: str | None, key: str) -> bool:
    """Whether a preview of ``shown_to`` covered module ``key``."""
    return shown_to in (key, EVERYTHING)


def _previewed(session: Session, org: Organisation, preview_id: str | None) -> str | None:
    run = session.get(Run, preview_id) if preview_id else None
    mine = run is not None and run.org_id == org.id and run.tenant_id == org.tenant_id
    if run is None or not mine or run.kind != "preview" or run.state != "done":
        return None
    return run.module


def _accept(sync: Sync, session: Session, org: Organisation, key: str, *, seen: bool) -> None:
    state = session.get(ModuleState, (org.id, org.tenant_id, key))
    if state is not None and state.accepted_at is not None:
        return
    if not seen:
        raise PreviewRequired(key)
    if state is None:
        state = ModuleState(org_id=org.id, tenant_id=org.tenant_id, module=key)
        session.add(state)
    state.accepted_at = sync.clock()


def _keys(settings: dict[str, Any], module: str) -> list[str]:
    """The modules a run covers, in order; payments come with their invoices."""
    specs = all_specs()
    if module != EVERYTHING:
        return [specs[module].attached_to or module]
    return [
        key
        for key, spec in specs.items()
        if spec.attached_to is None and module_settings(settings, key).get("enabled")
    ]


def _begin(
    sync: Sync,
    org_id: str,
    *,
    kind: str,
    module: str,
    direction: str,
    by: str | None,
    preview_id: str | None = None,
    ids: Sequence[str] | None = None,
) -> str:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        run = Run(
            org_id=org_id,
            tenant_id=org.tenant_id,
            kind=kind,
            module=module,
            direction=direction,
            by=by,
            preview_id=preview_id,
            ids=list(ids) if ids is not None else None,
            created_at=sync.clock(),
        )
        session.add(run)
        session.flush()
        run_id = run.id
    sync.nudge(org_id, "bulk")
    return run_id


def chosen(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    ids: Sequence[str],
    direction: str,
    by: str | None,
) -> str:
    """Begin a run over records a person picked in a list; the run's id."""
    return _begin(sync, org_id, kind="sync", module=module, direction=direction, by=by, ids=ids)


def cancel(sync: Sync, *, org_id: str, run_id: str) -> None:
    """Stop after the batch in flight; what is done stays done."""
    with sync.database.begin() as session:
        run = session.get(Run, run_id)
        if run is None or run.org_id != org_id or run.state not in OPEN:
            raise UnknownRun(run_id)
        run.state, run.finished_at = "cancelled", sync.clock()
        session.execute(
            update(Link)
            .where(Link.run_id == run_id)
            .values(run_id=None, pending=0, priority=PRIORITY["bulk"])
        )


# --- doing -------------------------------------------------------------------------------------


def advance(sync: Sync, org_id: str) -> None:
    """Read for every queued run of an organisation, and finish those with nothing left.

    Called by whoever was nudged; a named lease keeps two from reading the same run.
    """
    name = f"bulk:{org_id}"
    owner = sync.new_owner()
    with sync.database.begin() as session:
        mine = leases.take(session, name, owner=owner, now=sync.clock(), seconds=3 * LEASE_SECONDS)
    if not mine:
        return
    try:
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
                .where(Run.org_id == org_id, Run.state.in_(OPEN))
                .order_by(Run.created_at)
            )
        )


def _advance(sync: Sync, run: Run) -> None:
    if run.state == "running":
        finish(sync, run.id)
        return
    try:
        _read(sync, run)
    except SyncError as error:
        _stopped(sync, run, error)


def _stopped(sync: Sync, run: Run, error: SyncError) -> None:
    """A run that cannot read waits for the connection; it begins again where it stood."""
    log.warning("run_stopped", extra={"run": run.id, "cause": error.message.key})
    if isinstance(error, ConnectionLost):
        connections.lose(sync, org_id=run.org_id, error=error)
    else:
        wait = getattr(error, "wait_seconds", sync.settings.retry_seconds[0])
        pause(sync, run.org_id, error, seconds=max(1.0, float(wait)))
    _set(sync, run.id, message_key=error.message.key, message_params=dict(error.message.params))


def _set(sync: Sync, run_id: str, **values: Any) -> None:
    with sync.database.begin() as session:
        session.execute(update(Run).where(Run.id == run_id, Run.state.in_(OPEN)).values(**values))


def _read(sync: Sync, run: Run) -> None:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, run.org_id)
        if org.paused_until is not None and org.paused_until > sync.clock():
            return
        keys = _keys(org.settings, run.module)
    _set(sync, run.id, state="reading", started_at=run.started_at or sync.clock())
    turn = turns.build(sync, run.org_id, fence=-1)
    facts_of.refresh(sync, run.org_id, turn.clients(PRIORITY["bulk"]))
    turn = turns.build(sync, run.org_id, fence=-1)
    if run.ids is not None:
        _mark_chosen(turn, run)
        calls = turn.calls
    else:
        calls = _read_modules(turn, run, keys)
    if run.kind == "preview":
        _plan_all(turn, run, keys, calls=calls)
        return
    _set(sync, run.id, state="running", stage="", calls=calls, total=_marked(sync, run.id))
    finish(sync, run.id)


def _marked(sync: Sync, run_id: str) -> int:
    with sync.database.begin() as session:
        done = session.scalar(select(Run.done).where(Run.id == run_id)) or 0
        waiting = session.scalar(
            select(func.count()).select_from(Link).where(Link.run_id == run_id)
        )
        return done + (waiting or 0)


def _read_modules(turn: Turn, run: Run, keys: Sequence[str]) -> int:
    for key in keys:
        _set(turn.sync, run.id, stage=key)
        spec = turn.specs[key]
        for side in Side:
            since = _since(turn, run, key, side)
            taken = take_side(turn, spec, side, since=since, note=None, everything=True)
            move_cursor(turn, key, side, taken)
        if run.kind == "sync":
            _mark_module(turn, run, spec)
    return turn.calls


def _since(turn: Turn, run: Run, key: str, side: Side) -> datetime | None:
    """A run soon after its preview needs only what changed since."""
    with turn.sync.database.begin() as session:
        earlier = session.get(Run, run.preview_id) if run.preview_id else None
        finished = earlier.finished_at if earlier is not None else None
        cursor: datetime | None = getattr(state_of(session, turn, key), f"{side}_cursor")
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
            .values(state="done", finished_at=sync.clock())
            .returning(Run.id)
        ).scalar_one_or_none()
        return closed is not None


# --- preview -----------------------------------------------------------------------------------


def _plan_all(turn: Turn, run: Run, keys: Sequence[str], *, calls: int) -> None:
    """Plan every record and write down what would happen; nothing else is written anywhere."""
    with turn.sync.database.begin() as session:
        session.query(RunItem).filter_by(run_id=run.id).delete()
    figures = _Figures()
    for key in keys:
        _set(turn.sync, run.id, stage=key)
        _plan_module(turn, run, turn.specs[key], figures)
    now = turn.sync.clock()
    needed = figures.calls()
    _set(
        turn.sync,
        run.id,
        **figures.counts,
        total=figures.total,
        done=figures.total,
        calls=calls,
        figures={
            "by": figures.by,
            "unchanged": figures.unchanged,
            "calls_needed": needed,
            "minutes_needed": -(-needed // CALLS_PER_MINUTE),
        },
        stage="",
        state="done",
        message_key=None,
        finished_at=now,
    )


class _Figures:
    """What a preview counts."""

    def __init__(self) -> None:
        self.total = 0
        self.unchanged = 0
        self.counts = dict.fromkeys(
            ("created", "updated", "deleted", "linked", "skipped", "held", "failed"), 0
        )
        self.by: dict[str, dict[str, int]] = {}

    def add(self, outcome: Outcome, *, wrote: bool) -> None:
        self.total += 1
        if outcome.status != "planned":
            self.counts[outcome.status] += 1
            return
        counter = COUNTED.get(outcome.operation)
        if counter is None:
            self.unchanged += 1
            return
        self.counts[counter] += 1
        if wrote:
            way = self.by.setdefault(outcome.direction, {})
            way[outcome.operation] = way.get(outcome.operation, 0) + 1

    def calls(self) -> int:
        """Remote calls the run itself will take: batches of 50 and 100, with their marks."""
        writes = self.counts["created"] + self.counts["updated"] + self.counts["deleted"]
        marks = self.counts["created"] + self.counts["linked"]
        return -(-writes // 50) + -(-marks // 100)


def _plan_module(turn: Turn, run: Run, spec: ModuleSpec, figures: _Figures) -> None:
    paired: set[str] = set()
    for rows in _chunks(turn, spec):
        todo = [row for row in rows if row.id not in paired]
        works = [started(row, seen) for row, seen in _copies(turn, todo)]
        works = [replace_direction(work, run.direction) for work in works]
        facts = facts_for(turn, spec, works)
        for work in works:
            if work.link.id not in paired:
                _plan_one(turn, run, spec, work, facts, paired=paired, figures=figures)


def replace_direction(work: Work, direction: str) -> Work:
    """The work as the run asks for it."""
    work.pair = replace(work.pair, direction=direction, click=False)
    return work


def _chunks(turn: Turn, spec: ModuleSpec) -> Iterator[list[Link]]:
    """The module's links by pages of ids; those CRM knows first, so that they find partners."""
    for known in (Link.zoho_id.is_not(None), Link.zoho_id.is_(None)):
        after = ""
        while True:
            with turn.sync.database.begin() as session:
                rows = list(
                    session.scalars(
                        select(Link)
                        .where(
                            Link.org_id == turn.org_id,
                            Link.tenant_id == turn.tenant_id,
                            Link.module == spec.key,
                            Link.active,
                            Link.id > after,
                            known,
                        )
                        .order_by(Link.id)
                        .limit(CHUNK)
                    )
                )
            if not rows:
                break
            after = rows[-1].id
            yield rows


def _copies(turn: Turn, rows: Sequence[Link]) -> Iterator[tuple[Link, Seen]]:
    with turn.sync.database.begin() as session:
        held = {
            (each.link_id, each.side): each
            for each in links.take_snapshots(session, [row.id for row in rows])
        }
    for row in rows:
        zoho, xero = held.get((row.id, "zoho")), held.get((row.id, "xero"))
        yield (
            row,
            Seen(
                zoho=parsed(zoho.raw) if zoho is not None else None,
                xero=parsed(xero.raw) if xero is not None else None,
                zoho_gone=row.zoho_id is not None and zoho is None,
                xero_gone=row.xero_id is not None and xero is None,
            ),
        )


def _plan_one(
    turn: Turn,
    run: Run,
    spec: ModuleSpec,
    work: Work,
    facts: Facts,
    *,
    paired: set[str],
    figures: _Figures,
) -> None:
    outcome = _matched(turn, spec, work, facts, paired=paired)
    if outcome is None:
        facts = facts_for(turn, spec, [work]) if work.matched_by else facts
        planned = _hypothetical(turn, spec, work, facts)
        outcome = _planned(work, planned)
    wrote = bool(work.plan.steps)
    figures.add(outcome, wrote=wrote)
    if outcome.operation == "none" and outcome.status == "planned":
        return
    with turn.sync.database.begin() as session:
        session.add(run_item(run.id, work.link, outcome, status=outcome.status))


def _matched(
    turn: Turn, spec: ModuleSpec, work: Work, facts: Facts, *, paired: set[str]
) -> Outcome | None:
    """Find the partner as the run will, without linking; an outcome when a person must choose."""
    link, pair = work.link, work.pair
    if (link.zoho_id and link.xero_id) or (pair.zoho is None and pair.xero is None):
        return None
    side = Side.ZOHO if pair.zoho is not None else Side.XERO
    early = plan(spec, pair, turn.policies[spec.key], facts)
    if early.message is not None and early.message.key in BEFORE_MATCHING:
        return None
    raw = pair.raw(side)
    found = find_partner(turn, spec, link, side, raw or {}, facts)
    if isinstance(found, Ambiguous):
        return ambiguous_outcome(found, shown(found))
    if isinstance(found, Linked):
        _lay_beside(turn, work, side.other, found, paired=paired)
    return None


def _lay_beside(turn: Turn, work: Work, side: Side, found: Linked, *, paired: set[str]) -> None:
    link = work.link
    with turn.sync.database.begin() as session:
        known = links.find(session, link.org_id, link.tenant_id, link.module, str(side), [found.id])
        other = known.get(found.id)
        copy = session.get(Snapshot, (other.id, str(side))) if other is not None else None
    if other is None or copy is None:
        return
    paired.add(other.id)
    work.matched_by = found.by
    raw = parsed(copy.raw)
    if side is Side.ZOHO:
        work.pair = replace(work.pair, zoho=raw)
    else:
        work.pair = replace(work.pair, xero=raw)
    session_free = Link(
        id=link.id,
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        module=link.module,
        label=link.label,
        zoho_id=link.zoho_id or other.zoho_id,
        xero_id=link.xero_id or other.xero_id,
        face={},
        trigger="bulk",
    )
    work.link = session_free


def _hypothetical(turn: Turn, spec: ModuleSpec, work: Work, facts: Facts) -> Plan:
    """Plan as if the partners a document brings along had crossed already."""
    work.plan = plan(spec, work.pair, turn.policies[spec.key], facts)
    if work.plan.needs:
        linked = dict(facts.links)
        codes, products = dict(facts.item_codes), dict(facts.products)
        for need in work.plan.needs:
            linked[need.module, need.side, need.id] = PLANNED
            codes.setdefault(need.id, PLANNED)
            products.setdefault(need.id, PLANNED)
        later = replace(facts, links=linked, item_codes=codes, products=products)
        work.plan = plan(spec, work.pair, turn.policies[spec.key], later)
    return work.plan


PLANNED = "planned"
"""Stands for the id of a partner that the run itself will make."""


def _planned(work: Work, planned: Plan) -> Outcome:
    if planned.verdict in (Verdict.GO, Verdict.HOLD) and planned.steps:
        step = planned.steps[0]
        return Outcome(
            status="held" if planned.verdict is Verdict.HOLD else "planned",
            operation="link" if work.matched_by else step.operation,
            direction=f"to_{step.side}",
            message=planned.message,
            changes=shown_changes(step.changes),
            totals={side: str(total) for side, total in planned.totals.items()},
        )
    outcome = outcome_of(work)
    if outcome.status == "success":
        operation = "link" if work.matched_by else "none"
        by = Message("linked_by", {"by": work.matched_by}) if work.matched_by else None
        return replace(outcome, status="planned", operation=operation, message=by)
    return outcome
