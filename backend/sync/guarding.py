"""Deletions wait until all of them are counted: more than the limit stop and ask a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.guard import WITHDRAWING, too_many_deletions, withdraws_on
from backend.core.spec import ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link, LogRow, Run
from backend.sync import undo
from backend.sync.ends import part_used
from backend.sync.tell import Outcome, conclude
from backend.sync.turn import Turn
from backend.sync.work import Work

WINDOW = timedelta(hours=1)
"""Deletions that trickle in within this time count together."""
KEY = "too_many_deletions"


def keep_used(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """An item that documents name stays in Xero, whether Xero would let it go or not: the pair is
    parted (for an undo: said) and nothing is deleted."""
    for work in works:
        step = work.plan.step(Side.XERO)
        if step is None or step.operation != "delete" or spec.money:
            continue
        if not is_used(turn, spec, work.link):
            continue
        with turn.sync.database.begin() as session:
            turn.hold(session)
            link = session.get_one(Link, work.link.id)
            work.finished, work.link = True, link
            if work.undo is not None:
                told = Outcome(status="held", direction="to_xero", message=Message("item_used"))
                undo.conclude(turn, session, link, work, told)
            else:
                part_used(turn, session, link)


def is_used(turn: Turn, spec: ModuleSpec, link: Link) -> bool:
    """Whether a document of ours has the record on one of its lines."""
    documents = [key for key, each in turn.specs.items() if each.money]
    targets = {row.target for key in documents for row in turn.specs[key].fields}
    if link.zoho_id is None or spec.key not in targets:
        return False
    with turn.sync.database.begin() as session:
        return links.named_by(
            session, turn.org_id, turn.tenant_id, documents, record_id=link.zoho_id
        )


def stage(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """Put every deletion nobody pressed for behind all other work, so that it is counted with its
    like before the first one goes out."""
    waiting: dict[str, list[Work]] = {}
    for work in works:
        side = withdraws_on(spec, work.plan)
        if side is None or _decided(work) or _counted(work, side):
            continue
        waiting.setdefault(str(side), []).append(work)
    if not waiting:
        return
    with turn.sync.database.begin() as session:
        turn.hold(session)
        for name, some in waiting.items():
            ids = [work.link.id for work in some]
            session.execute(
                update(Link).where(Link.id.in_(ids)).values(staged=name, priority=links.LAST)
            )
            for work in some:
                work.finished = work.again = True


def _decided(work: Work) -> bool:
    """Whether a person said that this very record goes."""
    choices = work.link.choices
    said = choices.get("answer") == "delete" or choices.get("confirmed") is True
    return said or bool(choices.get("undo")) or work.link.trigger == "click"


def _counted(work: Work, side: Side) -> bool:
    return work.link.staged == str(side) and work.link.priority == links.LAST


def admit(turn: Turn, rows: Sequence[Link]) -> bool:
    """Whether these claimed rows may be looked at: deletions only when there are not too many,
    else the whole set of them is held for a person."""
    if not rows or rows[0].priority != links.LAST:
        return True
    held = [side for side in Side if _too_many(turn, rows[0].module, side)]
    return not held


def _too_many(turn: Turn, module: str, side: Side) -> bool:
    with turn.sync.database.begin() as session:
        turn.hold(session)
        staged = links.staged(session, turn.org_id, turn.tenant_id, module, str(side))
        if not staged:
            return False
        message = _judged(turn, session, module, side, planned=len(staged))
        if message is None:
            return False
        hold_all(turn, session, module, side, staged, message)
    return True


def _judged(
    turn: Turn, session: Session, module: str, side: Side, *, planned: int
) -> Message | None:
    limit = int(turn.settings.get("delete_limit", 10))
    lately = _lately(turn, session, module, side)
    in_scope = links.pair_count(session, turn.org_id, turn.tenant_id, module)
    return too_many_deletions(planned + lately, in_scope + lately, limit)


def _lately(turn: Turn, session: Session, module: str, side: Side) -> int:
    """Deletions of the last hour that nobody pressed for or confirmed."""
    rows = select(func.count()).where(
        LogRow.org_id == turn.org_id,
        LogRow.tenant_id == turn.tenant_id,
        LogRow.module == module,
        LogRow.at >= turn.sync.clock() - WINDOW,
        LogRow.status == "success",
        LogRow.operation.in_(WITHDRAWING),
        LogRow.direction == f"to_{side}",
        LogRow.by.is_(None),
    )
    return session.scalar(rows) or 0


def hold_all(
    turn: Turn,
    session: Session,
    module: str,
    side: Side,
    staged: Sequence[Link],
    message: Message,
) -> None:
    """Hold every one of them, and ask once: in the run they belong to, or in one made for it."""
    runs = {link.run_id for link in staged}
    for run_id in runs:
        mine = [link for link in staged if link.run_id == run_id]
        asking = session.get(Run, run_id) if run_id else None
        if asking is None:
            asking = _asking_run(turn, session, module, side, len(mine))
        asked = int((asking.confirm or {}).get("deletions", 0))
        asking.confirm = question(message, module, side, deletions=asked + len(mine))
        session.flush()
        outcome = Outcome(status="held", direction=f"to_{side}", message=message)
        for link in mine:
            link.run_id = asking.id
            conclude(turn, session, link, outcome, seen=link.pending)


def question(message: Message, module: str, side: Side, *, deletions: int) -> dict[str, str | int]:
    """What a run asks of a person."""
    params: Mapping[str, str] = message.params
    return {
        "key": message.key,
        "deletions": deletions,
        "in_scope": int(params.get("in_scope", 0)),
        "limit": int(params.get("limit", 0)),
        "module": module,
        "side": str(side),
    }


def _asking_run(turn: Turn, session: Session, module: str, side: Side, total: int) -> Run:
    """A run for deletions that no run asked for: they came by the schedule or by a hint. One that
    asks the same already takes them in."""
    now = turn.sync.clock()
    for open_one in session.scalars(
        select(Run).where(
            Run.org_id == turn.org_id,
            Run.tenant_id == turn.tenant_id,
            Run.module == module,
            Run.direction == f"to_{side}",
            Run.state == "done",
            Run.by.is_(None),
            Run.confirm.is_not(None),
        )
    ):
        open_one.total += total
        return open_one
    run = Run(
        org_id=turn.org_id,
        tenant_id=turn.tenant_id,
        kind="sync",
        module=module,
        direction=f"to_{side}",
        state="done",
        total=total,
        created_at=now,
        started_at=now,
        finished_at=now,
    )
    session.add(run)
    session.flush()
    return run
