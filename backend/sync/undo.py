"""Undoing a run: a run of its own, record by record, through the same loop as everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.plan import Step
from backend.core.spec import ModuleSpec, Side, Values
from backend.core.undo import Done, parts
from backend.store import links
from backend.store.tables import Link, LogRow, Organisation, Run, RunItem
from backend.sync import bulk
from backend.sync.app import Sync
from backend.sync.inbox import PRIORITY
from backend.sync.pairs import half_of
from backend.sync.tell import Outcome, answer_requests, count, encoded, log_row, run_item
from backend.sync.turn import Turn
from backend.sync.work import Work, base_of

CHUNK = 400
SHALLOW = 2
"""Modules as deep as this and deeper are taken back first: documents before what they name."""


class NotUndoable(Exception):
    """A run that cannot be taken back; ``key`` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


# --- beginning ---------------------------------------------------------------------------------


def begin(sync: Sync, *, org_id: str, run_id: str, by: str | None) -> str:
    """Begin to take back a run; the id of the run that does it. One that is already at it is
    joined. ``UnknownRun``, or ``NotUndoable`` with the reason."""
    with sync.database.begin() as session:
        org, run = session.get_one(Organisation, org_id), session.get(Run, run_id)
        if run is None or run.org_id != org_id:
            raise bulk.UnknownRun(run_id)
        _check(org, run)
        session.execute(
            select(Organisation.id).where(Organisation.id == org_id).with_for_update(key_share=True)
        )
        under_way = session.scalars(
            select(Run.id).where(Run.undoes == run_id, Run.state.in_(bulk.OPEN))
        ).first()
        if under_way is not None:
            return under_way
        taking_back = Run(
            org_id=org_id,
            tenant_id=run.tenant_id,
            kind="undo",
            module=run.module,
            direction="both",
            undoes=run_id,
            by=by,
            created_at=sync.clock(),
        )
        session.add(taking_back)
        session.flush()
        made = taking_back.id
    sync.nudge(org_id, "bulk")
    return made


def _check(org: Organisation, run: Run) -> None:
    if org.tenant_id is None:
        raise bulk.NotConnected(org.id)
    if run.tenant_id != org.tenant_id:
        raise NotUndoable("undo_of_other_organisation")
    if run.kind != "sync":
        raise NotUndoable(f"undo_of_{run.kind}")
    if run.state in bulk.OPEN:
        raise NotUndoable("undo_while_running")


def mark(turn: Turn, run: Run) -> int:
    """Note every record the run changed, unless it was taken back before; how many there are.
    Safe to repeat: a record that is noted already is left as it is."""
    total = 0
    after = ""
    while True:
        with turn.sync.database.begin() as session:
            ids = _changed(session, run, after=after)
            if not ids:
                return total
            after = ids[-1]
            open_ones = [each for each in ids if each not in _taken_back(session, run, ids)]
            _note(turn, session, run, open_ones)
            total += len(open_ones)


def _changed(session: Session, run: Run, *, after: str) -> list[str]:
    rows = (
        select(LogRow.link_id)
        .where(
            LogRow.run_id == run.undoes,
            LogRow.org_id == run.org_id,
            LogRow.link_id > after,
            LogRow.status == "success",
            LogRow.operation != "none",
        )
        .distinct()
        .order_by(LogRow.link_id)
        .limit(CHUNK)
    )
    return [each for each in session.scalars(rows) if each is not None]


def _taken_back(session: Session, run: Run, ids: Sequence[str]) -> set[str]:
    """Those an earlier undo of the same run settled, or that this one already has."""
    undos = select(Run.id).where(Run.undoes == run.undoes, Run.org_id == run.org_id)
    done = select(RunItem.link_id).where(
        RunItem.run_id.in_(undos),
        RunItem.link_id.in_(ids),
        (RunItem.status == "success") | (RunItem.run_id == run.id),
    )
    noted = select(Link.id).where(Link.id.in_(ids), Link.run_id == run.id)
    return {each for each in (*session.scalars(done), *session.scalars(noted)) if each}


def _note(turn: Turn, session: Session, run: Run, ids: Sequence[str]) -> None:
    by_priority: dict[int, list[str]] = {}
    found = {row.id: row for row in session.scalars(select(Link).where(Link.id.in_(ids)))}
    for link_id in ids:
        link = found.get(link_id)
        if link is None or not link.active:
            _count_gone(session, run, link_id, link)
            continue
        urgency = PRIORITY["bulk"] - min(link.depth, SHALLOW)
        by_priority.setdefault(urgency, []).append(link_id)
        link.choices = {**link.choices, "undo": run.undoes}
    session.flush()
    for priority, some in by_priority.items():
        links.mark(
            session,
            some,
            priority=priority,
            trigger="bulk",
            by=run.by,
            direction="both",
            now=turn.sync.clock(),
            run_id=run.id,
            unpark=True,
        )


def _count_gone(session: Session, run: Run, link_id: str, link: Link | None) -> None:
    """A pair somebody parted since: there is nothing of the run left in it."""
    outcome = Outcome(status="held", message=Message("undo_gone"))
    known = link or Link(id=link_id, module=run.module, label="")
    session.add(run_item(run.id, known, outcome, status="held"))
    row = session.get_one(Run, run.id)
    row.done, row.held = row.done + 1, row.held + 1


# --- in the loop -------------------------------------------------------------------------------


def load(turn: Turn, works: Iterable[Work]) -> None:
    """What the runs to be taken back did to these records, as values."""
    asked = {work.link.id: work for work in works if work.link.choices.get("undo")}
    if not asked:
        return
    with turn.sync.database.begin() as session:
        rows = session.scalars(
            select(LogRow)
            .where(
                LogRow.link_id.in_(asked),
                LogRow.run_id.in_({work.link.choices["undo"] for work in asked.values()}),
                LogRow.status == "success",
                LogRow.operation != "none",
            )
            .order_by(LogRow.id)
        ).all()
    for work in asked.values():
        mine = (row for row in rows if row.link_id == work.link.id)
        work.undo = [
            _done(turn.specs[row.module], row)
            for row in mine
            if row.run_id == work.link.choices["undo"]
        ]


def _done(spec: ModuleSpec, row: LogRow) -> Done:
    held: Mapping[str, Any] = row.restore or {}
    side = Side(held.get("side") or row.direction.removeprefix("to_").replace("both", "xero"))
    return Done(
        side=side,
        operation=row.operation,
        before=base_of(spec, held.get("before")) or {},
        after=base_of(spec, held.get("after")) or {},
        known=row.restore is not None or row.operation == "link",
    )


def kept_for_undo(
    spec: ModuleSpec, link: Link, step: Step, *, there: Values, answered: Values
) -> dict[str, Any] | None:
    """What the log keeps of a write so that its run can be taken back; nothing outside of runs."""
    if link.run_id is None:
        return None
    written = {name: answered.get(name, value) for name, value in step.values.items()}
    return {
        "side": str(step.side),
        "before": encoded(spec, {name: there.get(name) for name in step.values}),
        "after": encoded(spec, written),
    }


def conclude(turn: Turn, session: Session, link: Link, work: Work, outcome: Outcome) -> None:
    """How taking back one record ended. The record itself is no question in anybody's inbox."""
    link.checked_at, link.not_before, link.attempts = turn.sync.clock(), None, 0
    outcome = replace(outcome, operation=_operation(link, work, outcome))
    if outcome.status == "success":
        outcome = replace(outcome, message=Message("undone"), changes=tuple(work.changes))
    if outcome.status != "success" or not work.done:
        # A write has been told when it was accepted.
        log_row(turn, session, link, outcome)
    if link.run_id is not None:
        count(session, link.run_id, link, outcome)
        link.run_id = None
    if outcome.status == "success":
        _settle(turn, session, link, work)
    session.flush()
    links.finish(session, link.id, seen=link.pending)
    answer_requests(session, link, outcome, now=turn.sync.clock())


def _operation(link: Link, work: Work, outcome: Outcome) -> str:
    if work.done:
        return work.done[0]
    if link.choices.get("answer") == "restored":
        return "restore"
    return "link" if outcome.status == "success" and parts(work.undo or ()) else outcome.operation


def failed(
    turn: Turn, session: Session, link: Link, work: Work, outcome: Outcome, *, lost: bool
) -> None:
    """A write of an undo was refused, or its answer got lost: then it is tried again, knowing
    still that it is an undo."""
    limit = int(turn.settings.get("attempts") or turn.sync.settings.sync_attempts)
    link.attempts += 1
    if lost and link.attempts < limit:
        waits = turn.sync.settings.retry_seconds
        link.not_before = turn.later(waits[min(link.attempts, len(waits)) - 1])
        return
    conclude(turn, session, link, work, replace(outcome, retry=False))


def _settle(turn: Turn, session: Session, link: Link, work: Work) -> None:
    """A pair the run made is parted; one that it only changed is as it was."""
    if parts(work.undo or ()):
        _part(turn, session, link)
    elif work.pair.zoho is not None and work.pair.xero is not None:
        link.state, link.message_key, link.message_params = "in_sync", None, {}


def _part(turn: Turn, session: Session, link: Link) -> None:
    """The pair is no more; both records are left alone until a person says otherwise."""
    by = link.by
    for side in ("zoho", "xero"):
        if getattr(link, f"{side}_id") is None:
            continue
        half = half_of(
            link, side, barred="undone", key="undone_by_person", now=turn.sync.clock(), by=by
        )
        session.add(half)
        session.flush()
        links.learn_keys(session, half, side, links.keys_of(session, link, side))
    link.active, link.barred, link.state = False, "undone", "excluded"
