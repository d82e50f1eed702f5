"""Whose calls a turn made: each goes to the run or the sweep whose records it was for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.store.tables import Link, Run
from backend.sync.turn import Turn
from backend.sync.usage import settle

SWEEP = "sweep"


@contextmanager
def paid_by(turn: Turn, run_id: str | None) -> Iterator[None]:
    """Whatever this turn calls is the run's, if there is one, and counts for the day; also when it
    fails. It is the whole of the turn."""
    try:
        yield
    finally:
        if run_id is not None:
            charge(turn, run_id)
        settle(turn.sync)


def charge(turn: Turn, run_id: str) -> None:
    """Put on the run's account what the turn has called since anybody was last charged."""
    calls = _uncharged(turn)
    if calls:
        with turn.sync.database.begin() as session:
            _add(session, run_id, Counter(calls=calls))


@contextmanager
def shared(turn: Turn, rows: Sequence[Link]) -> Iterator[None]:
    """One batch: its calls go to the run, or to the sweep, that most of its records come from.

    What became of records the schedule noted is counted in the newest sweep, the first time each
    is looked at: a later attempt found nothing new. Clicks and notifications pay for themselves.
    """
    origins = {row.id: _origin(row) for row in rows}
    turn.outcomes.clear()
    try:
        yield
    finally:
        _settle(turn, origins)


def _origin(row: Link) -> str | None:
    if row.run_id is not None:
        return row.run_id
    return SWEEP if row.trigger == "schedule" and not row.attempts else None


def _settle(turn: Turn, origins: dict[str, str | None]) -> None:
    payer = Counter(origins.values()).most_common(1)[0][0]
    swept = Counter(
        column for link_id, column in turn.outcomes.items() if origins.get(link_id) == SWEEP
    )
    swept["done"] = swept["total"] = swept.total()
    calls = Counter(calls=_uncharged(turn))
    with turn.sync.database.begin() as session:
        if payer == SWEEP:
            swept += calls
        elif payer is not None:
            _add(session, payer, +calls)
        if +swept:
            _add_to_sweep(turn, session, +swept)


def _add_to_sweep(turn: Turn, session: Session, figures: Counter[str]) -> None:
    newest = (
        select(Run.id)
        .where(Run.org_id == turn.org_id, Run.tenant_id == turn.tenant_id, Run.kind == SWEEP)
        .order_by(Run.created_at.desc())
        .limit(1)
    )
    sweep_id = session.scalar(newest)
    if sweep_id is not None:
        _add(session, sweep_id, figures)
        ended = (Run.id == sweep_id, Run.finished_at.is_not(None))
        session.execute(update(Run).where(*ended).values(finished_at=turn.sync.clock()))


def _add(session: Session, run_id: str, figures: Counter[str]) -> None:
    more = {name: getattr(Run, name) + value for name, value in figures.items()}
    if more:
        session.execute(update(Run).where(Run.id == run_id).values(**more))


def _uncharged(turn: Turn) -> int:
    calls, turn.charged = turn.calls - turn.charged, turn.calls
    return calls
