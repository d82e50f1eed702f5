"""The calls a run or a sweep shows are those that were made for it, each counted once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.store import usage, views
from backend.store.purge import purge_rest
from backend.store.tables import Link, Run
from backend.sync import audits, bulk, charging, runs, sweep
from backend.sync import turn as turns
from backend.sync.undo import NotUndoable
from backend.sync.undo import begin as undo
from backend.sync.usage import settle
from bench.rig.meter import Spent
from bench.rig.stage import Stage, fill, metered
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync
from tests.sync.test_fairness import limited

COUNT = 60
ASIDE = ("/token", "actions/watch")
"""Renewing tokens and channels is nobody's in particular."""


@pytest.fixture
def staged(bridge: Bridge) -> Stage:
    """The product with a meter at its remote end."""
    return metered(bridge)


def made(spent: Spent) -> int:
    """Calls to both systems."""
    return sum(n for name, n in spent.by.items() if not name.endswith(ASIDE))


def used(bridge: Bridge) -> int:
    """Calls written down for the organisation so far."""
    with bridge.sync.database.begin() as session:
        told = usage.since(session, bridge.org_id, bridge.sync.clock().date())
        return sum(calls for calls, _ in told.values())


def fresh(bridge: Bridge, run: Run) -> Run:
    """A run as it is now."""
    with bridge.sync.database.begin() as session:
        return session.get_one(Run, run.id)


def sweeps(bridge: Bridge) -> list[Run]:
    """The sweeps that are kept, the newest first."""
    with bridge.sync.database.begin() as session:
        return views.sweeps(session, bridge.org_id, limit=99)


def test_a_preview_and_a_run_show_every_call_they_took(staged: Stage) -> None:
    bridge = staged.bridge
    fill(bridge, COUNT)
    settle(bridge.sync)
    before = used(bridge)
    with staged.watch() as preview:
        shown = bridge.run_preview()
    assert fresh(bridge, shown).calls == made(preview.spent)
    with staged.watch() as watch:
        started = bulk.start(
            bridge.sync, org_id=bridge.org_id, module="all", direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        done = bridge.finish(started)
    assert done.created == 3 * COUNT
    run = fresh(bridge, done)
    assert run.calls == made(watch.spent) > made(preview.spent)
    assert used(bridge) - before == made(preview.spent) + made(watch.spent)


def test_a_run_that_reads_twice_shows_both_readings(staged: Stage) -> None:
    bridge = staged.bridge
    fill(bridge, 2)
    with staged.watch() as watch:
        run_id = bulk.preview(
            bridge.sync, org_id=bridge.org_id, module="all", direction="both", by="Ana"
        )
        bridge.world.faults.add(Fault(side="xero", kind="503", match="GET .*Invoices", times=9))
        runs.advance(bridge.sync, bridge.org_id)
        bridge.later(3600)
        bridge.world.faults.clear()
        shown = bridge.finish(run_id)
    assert shown.message_key is None
    assert fresh(bridge, shown).calls == made(watch.spent)


def test_a_click_meanwhile_is_not_the_runs(staged: Stage) -> None:
    bridge = staged.bridge
    fill(bridge, 5)
    run = bridge.run_all()
    before = fresh(bridge, run).calls
    in_sync(bridge.click("accounts", bridge.customer()))
    assert fresh(bridge, run).calls == before


def test_a_sweep_shows_what_it_read_and_what_came_of_it(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.accept()
    bridge.customer("First")
    bridge.customer("Second")
    with staged.watch() as watch:
        bridge.sweep()
    (row,) = sweeps(bridge)
    assert (row.kind, row.module, row.state, row.by) == ("sweep", "all", "done", None)
    assert (row.total, row.created, row.failed, row.held) == (2, 2, 0, 0)
    assert row.calls == made(watch.spent)
    assert row.started_at is not None
    assert row.finished_at is not None


def test_idle_sweeps_give_way_to_the_last_one_and_those_that_did_something_stay(
    any_bridge: Bridge,
) -> None:
    bridge = any_bridge
    bridge.accept()
    bridge.customer()
    for _ in range(4):
        bridge.sweep()
        bridge.later(600)
    assert [row.created for row in sweeps(bridge)] == [0, 1]
    with bridge.sync.database.begin() as session:
        assert views.runs(session, bridge.org_id, limit=9) == []
        now = bridge.sync.clock() + timedelta(days=8)
        told = purge_rest(session, now=now, before=now - timedelta(days=90))
    assert told["sweeps"] == 2
    assert sweeps(bridge) == []


def test_a_sweep_that_cannot_go_on_says_why(bridge: Bridge) -> None:
    bridge.accept()
    bridge.world.faults.add(Fault(side="xero", kind="503", times=None))
    assert not sweep.sweep(bridge.sync, bridge.org_id)
    (row,) = sweeps(bridge)
    assert (row.state, row.message_key) == ("failed", "remote_unavailable")


def test_a_later_attempt_is_not_counted_as_found_again(bridge: Bridge) -> None:
    bridge.accept("accounts")
    account = bridge.customer()
    bridge.world.faults.add(Fault(side="xero", kind="500", match="(PUT|POST) .*/Contacts", times=2))
    bridge.sweep()
    first = sweeps(bridge)[0]
    assert (first.total, first.failed, first.created) == (1, 1, 0)
    for _ in range(2):
        bridge.later(3600)
        bridge.drain()
    in_sync(bridge.link("accounts", account))
    again = sweeps(bridge)[0]
    assert (again.total, again.failed, again.calls) == (1, 1, first.calls)


def test_a_sweep_that_was_cut_off_is_forgotten_by_the_next(bridge: Bridge) -> None:
    bridge.accept()
    with bridge.sync.database.begin() as session:
        home = {"org_id": bridge.org_id, "tenant_id": bridge.tenant}
        session.add(Run(**home, kind="sweep", module="all", state="sweeping", created=3))
    assert sweeps(bridge) == []
    bridge.sweep()
    with bridge.sync.database.begin() as session:
        assert [row.state for row in session.scalars(select(Run))] == ["done"]


def test_neither_a_sweep_nor_an_audit_can_be_undone(bridge: Bridge) -> None:
    bridge.accept()
    bridge.sweep()
    audits.work(bridge.sync, bridge.org_id)
    with bridge.sync.database.begin() as session:
        found = {row.kind: row.id for row in session.scalars(select(Run))}
    for kind in ("sweep", "audit"):
        with pytest.raises(NotUndoable) as refused:
            undo(bridge.sync, org_id=bridge.org_id, run_id=found[kind], by="Ana")
        assert refused.value.key == f"undo_of_{kind}"


def test_an_audit_shows_its_calls(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.accept()
    in_sync(bridge.click("accounts", bridge.customer()))
    with staged.watch() as watch:
        audits.work(bridge.sync, bridge.org_id)
    with bridge.sync.database.begin() as session:
        row = session.scalars(select(Run).where(Run.kind == "audit")).one()
    assert row.calls == made(watch.spent) > 0


def test_a_sweep_that_rests_for_the_day_leaves_the_last_one_in_its_place(bridge: Bridge) -> None:
    bridge.accept()
    limited(bridge, day=1000)
    bridge.world.faults.add(Fault(side="xero", kind="day_limit", match="GET .*/Contacts"))
    sweep.sweep(bridge.sync, bridge.org_id)
    (stopped,) = sweeps(bridge)
    assert (stopped.state, stopped.message_key) == ("failed", "rate_day")
    bridge.later(600)
    assert not sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert [row.id for row in sweeps(bridge)] == [stopped.id]
    with bridge.sync.database.begin() as session:
        assert session.scalars(select(Run.state)).all() == ["failed"]


def test_a_batch_of_mixed_origin_is_charged_once_to_whoever_most_of_it_came_from(
    any_bridge: Bridge,
) -> None:
    bridge = any_bridge
    home = {"org_id": bridge.org_id, "tenant_id": bridge.tenant}
    with bridge.sync.database.begin() as session:
        for name in ("a", "b"):
            session.add(Run(**home, id=name, kind="sync", module="accounts", state="running"))
        session.add(Run(**home, id="s", kind="sweep", module="all", state="done"))
    origins: list[dict[str, Any]] = [
        {"run_id": "a"}, {"run_id": "b"}, {"run_id": "b"}, {"trigger": "click"},
        {"trigger": "schedule", "attempts": 0},
    ]  # fmt: skip
    rows = [Link(id=str(n), **origin) for n, origin in enumerate(origins)]
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    for batch in (rows, rows[3:4], rows[4:]):
        with charging.shared(turn, batch):
            turn.charged -= 3  # as if three calls had been made
            turn.outcomes["4"] = "held"
    with bridge.sync.database.begin() as session:
        told = {row.id: (row.calls, row.held) for row in session.scalars(select(Run))}
    assert told == {"a": (0, 0), "b": (3, 0), "s": (3, 2)}
