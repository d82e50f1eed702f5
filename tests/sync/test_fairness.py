"""Bulk work rests at its limits; clicks keep a reserve, and nobody's bulk delays another's click."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.apis.budget import Budget
from backend.apis.limits import DEFAULT_LIMITS, BudgetKey, Limits
from backend.core.errors import RateLimited
from backend.core.spec import Side
from backend.store.tables import Link, Organisation
from backend.sync import bulk, connections, runs, schedule, sweep
from backend.sync import requests as clicks
from backend.sync.drain import drain, pause
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync

HOUR = 3600


def limited(bridge: Bridge, *, minute: int | None = None, day: int | None = None) -> Bridge:
    """The product with these limits, counted by the world's own clock, which waits move on."""
    clock = bridge.world.clock
    limits = Limits(minute=minute, day=day, concurrent=5)
    bridge.sync.budget = Budget(
        limits={**DEFAULT_LIMITS, Side.XERO: limits}, clock=lambda: clock.now().timestamp(),
        alone=True,
    )  # fmt: skip
    bridge.sync.sleep = clock.advance
    if minute is not None:
        bridge.world.switches.xero_minute_limit = minute
    if day is not None:
        bridge.world.switches.xero_day_limit = day
    return bridge


def refusals(bridge: Bridge) -> int:
    """How often a vendor had to say 429."""
    return sum(entry.status == 429 for entry in bridge.world.log.entries())


def standing(bridge: Bridge) -> Organisation:
    """The organisation's row."""
    with bridge.sync.database.begin() as session:
        return session.get_one(Organisation, bridge.org_id)


@pytest.fixture
def resting(bridge: Bridge) -> Bridge:
    """Bulk work that has used up its share of the minute and rests."""
    for n in range(60):
        bridge.customer(f"Customer {n:03}")
    bridge.run_preview("accounts")
    bulk.start(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
        preview_id=bridge.previewed, by="Ana",
    )  # fmt: skip
    bridge.later(60)
    runs.advance(bridge.sync, bridge.org_id)
    limited(bridge, minute=20)
    key = BudgetKey(side=Side.XERO, tenant=bridge.tenant)
    for _ in range(16):
        bridge.sync.budget.take(key).done({}, 200)
    assert drain(bridge.sync, bridge.org_id).reason == "rate_minute"
    return bridge


def test_a_click_goes_through_while_bulk_work_rests_at_its_limit(resting: Bridge) -> None:
    assert standing(resting).paused_until is not None
    account = resting.customer("Rowan Bakery")
    asked = resting.sync.clock()
    link = in_sync(resting.click("accounts", account))
    assert link.last_sync_at is not None
    assert link.last_sync_at - asked < timedelta(seconds=5)
    assert refusals(resting) == 0


def test_bulk_work_goes_on_by_itself_when_its_minute_is_over(resting: Bridge) -> None:
    with resting.sync.database.begin() as session:
        waiting = session.query(Link).filter(Link.pending > 0).count()
    until = standing(resting).paused_until
    assert waiting
    assert until is not None
    assert until - resting.sync.clock() <= timedelta(seconds=61)
    assert resting.org_id not in [org for org, _ in nudged(resting)]
    resting.world.clock.advance((until - resting.sync.clock()).total_seconds() + 0.1)
    assert nudged(resting) == [(resting.org_id, "bulk")]
    drain(resting.sync, resting.org_id)
    with resting.sync.database.begin() as session:
        assert session.query(Link).filter(Link.pending > 0).count() == 0
        assert session.query(Link).filter(Link.attempts > 0).count() == 0
    assert refusals(resting) == 0


def nudged(bridge: Bridge) -> list[tuple[str, str]]:
    """Whom the schedule nudges now."""
    bridge.nudges.clear()
    schedule.nudge_waiting(bridge.sync)
    return list(bridge.nudges)


def test_the_schedule_nudges_a_resting_organisation_for_its_clicks_only(resting: Bridge) -> None:
    assert nudged(resting) == []
    account = resting.customer("Rowan Bakery")
    resting.nudges.clear()
    clicks.click(
        resting.sync, org_id=resting.org_id, module="accounts", zoho_id=account,
        direction="both", by="Ana",
    )  # fmt: skip
    assert nudged(resting) == [(resting.org_id, "click")]


def test_when_the_vendor_refuses_everybody_clicks_wait_as_well(bridge: Bridge) -> None:
    error = RateLimited("day", 7200, everybody=True)
    pause(bridge.sync, bridge.org_id, error, seconds=7200)
    before = bridge.world.log.count()
    link = bridge.click("accounts", bridge.customer())
    assert link.pending
    assert bridge.world.log.count() == before
    assert nudged(bridge) == []
    bridge.later(7201)
    bridge.drain()
    in_sync(bridge.link("accounts", str(link.zoho_id)))


def test_bulk_work_gives_way_between_two_batches_to_a_click_of_anybody(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.sync.drain.BATCH", 10)
    for n in range(30):
        bridge.customer(f"Customer {n:03}")
    bridge.run_preview("accounts")
    bulk.start(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
        preview_id=bridge.previewed, by="Ana",
    )  # fmt: skip
    runs.advance(bridge.sync, bridge.org_id)
    bridge.sync.urgent = lambda: True
    bridge.nudges.clear()
    result = drain(bridge.sync, bridge.org_id)
    assert (result.batches, result.more) == (1, True)
    assert bridge.nudges == [(bridge.org_id, "bulk")]
    bridge.sync.urgent = lambda: False
    assert drain(bridge.sync, bridge.org_id).batches == 2


# --- the day -----------------------------------------------------------------------------------


def test_a_spent_day_parks_with_its_end_and_goes_on_by_itself(bridge: Bridge) -> None:
    bridge.accept()
    account = bridge.customer()
    in_sync(bridge.click("accounts", account))
    limited(bridge, day=1000)
    bridge.world.faults.add(Fault(side="xero", kind="day_limit", match="GET .*/Contacts"))
    sweep.sweep(bridge.sync, bridge.org_id)
    held = standing(bridge)
    assert held.pause_key == "rate_day"
    windows = bridge.world.xero.limits.windows(bridge.tenant)
    ends = windows.day.wait(bridge.world.clock.now())
    assert held.paused_until is not None
    left = (held.paused_until - bridge.sync.clock()).total_seconds()
    assert abs(left - ends) <= 2
    calls = bridge.world.log.count()
    for _ in range(6):
        bridge.later(600)
        sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
        bridge.drain()
    assert bridge.world.log.count() == calls
    bridge.later(ends)
    assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert standing(bridge).pause_key is None


def test_a_day_nobody_told_the_end_of_is_probed_by_calls_that_are_not_counted(
    bridge: Bridge,
) -> None:
    bridge.accept()
    limited(bridge, day=40)
    bridge.later(HOUR)
    count = 0
    while not (standing(bridge).pause_key or "").startswith("rate_day"):
        bridge.later(60)
        sweep.sweep(bridge.sync, bridge.org_id)
        count += 1
        assert count < 40
    bulk_left = standing(bridge).paused_until
    assert bulk_left is not None
    assert timedelta(hours=1) < bulk_left - bridge.sync.clock() <= timedelta(days=1)
    resumed = None
    for _ in range(150):
        bridge.later(600)
        if sweep.sweep(bridge.sync, bridge.org_id, scheduled=True):
            resumed = bridge.sync.clock()
            break
    assert resumed is not None
    assert resumed <= bulk_left + timedelta(minutes=10)
    assert refusals(bridge) == 0
    assert standing(bridge).pause_key is None


# --- a disconnected organisation ---------------------------------------------------------------


def test_disconnecting_in_xeros_own_pages_is_noticed(bridge: Bridge) -> None:
    bridge.accept()
    bridge.world.xero.disconnect(bridge.tenant)
    sweep.sweep(bridge.sync, bridge.org_id)
    view = connections.overview(bridge.sync, org_id=bridge.org_id)["xero"]
    assert (view["state"], view["reason_key"]) == (
        "needs_reconnect", "xero_organisation_disconnected",
    )  # fmt: skip
    before = bridge.world.log.count()
    bridge.later(600)
    sweep.sweep(bridge.sync, bridge.org_id)
    bridge.drain()
    assert bridge.world.log.count() == before
    bridge.reconnect()
    assert connections.overview(bridge.sync, org_id=bridge.org_id)["xero"]["state"] == "connected"
