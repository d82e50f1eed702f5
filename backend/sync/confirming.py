"""Deletions that were more than the limit: a person lets them go, takes them back, or keeps all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.store import links
from backend.store.tables import Link, Run, RunItem
from backend.sync.app import Sync
from backend.sync.bulk import UnknownRun
from backend.sync.guarding import KEY
from backend.sync.inbox import PRIORITY

CHUNK = 400
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "confirm": {"confirmed": True},
    "restore": {"answer": "restore"},
}
"""What each answer tells the loop about every one of the records."""


class NothingToConfirm(Exception):
    """No deletion of this run waits for a person."""


def decide(sync: Sync, *, org_id: str, run_id: str, action: str, by: str | None) -> None:
    """``confirm`` lets the deletions go, ``restore`` takes the deleted halves back instead; the
    run goes on until all are done. ``UnknownRun``, ``NothingToConfirm``."""
    with sync.database.begin() as session:
        run = asking(session, org_id, run_id)
        total = 0
        for some in _waiting(session, run):
            for link in some:
                link.choices = {**link.choices, **CHOICES[action]}
            session.flush()
            ids = [link.id for link in some]
            _mark(sync, session, run, ids, by=by)
            _forget_items(session, run, ids)
            total += len(ids)
        run.confirm, run.state, run.finished_at = None, "running", None
        run.held, run.done = max(0, run.held - total), max(0, run.done - total)
    sync.nudge(org_id, "bulk")


def keep(sync: Sync, *, org_id: str, run_id: str, leave: Callable[[Session, Link], object]) -> None:
    """Every record stays as it is; ``leave`` settles one of them."""
    with sync.database.begin() as session:
        run = asking(session, org_id, run_id)
        for some in _waiting(session, run):
            for link in some:
                leave(session, link)
            session.flush()
        run.confirm = None


def asking(session: Session, org_id: str, run_id: str) -> Run:
    """The run that asks; ``UnknownRun`` or ``NothingToConfirm``."""
    run = session.get(Run, run_id)
    if run is None or run.org_id != org_id:
        raise UnknownRun(run_id)
    if not run.confirm:
        raise NothingToConfirm(run_id)
    return run


def _waiting(session: Session, run: Run) -> Iterator[Sequence[Link]]:
    """The held records of a run, in slices."""
    after = ""
    while True:
        held = select(RunItem.link_id).where(RunItem.run_id == run.id, RunItem.message_key == KEY)
        rows = session.scalars(
            select(Link)
            .where(Link.id.in_(held), Link.active, Link.message_key == KEY, Link.id > after)
            .order_by(Link.id)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        after = rows[-1].id
        yield rows


def _mark(sync: Sync, session: Session, run: Run, ids: Sequence[str], *, by: str | None) -> None:
    links.mark(
        session,
        ids,
        priority=PRIORITY["bulk"],
        trigger="bulk",
        by=by,
        direction="both",
        now=sync.clock(),
        run_id=run.id,
        unpark=True,
    )


def _forget_items(session: Session, run: Run, ids: Sequence[str]) -> None:
    """The rows that said *held* give way to what becomes of them."""
    session.execute(delete(RunItem).where(RunItem.run_id == run.id, RunItem.link_id.in_(ids)))
