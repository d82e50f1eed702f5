"""A piece of a day at Xero's limits in simulated time; the whole day is `./dev bench day`."""

from __future__ import annotations

from datetime import timedelta

from backend.sync import bulk
from bench.rig.clockwork import Day, share
from tests.sync.bridge import Bridge

CLICKED = 12


def a_day(bridge: Bridge, records: int) -> tuple[Day, str]:
    """Customers in agreement to click on, and as many in CRM alone for a bulk run."""
    bridge.accept()
    accounts = [bridge.customer(f"Clicked {n:02}") for n in range(CLICKED)]
    bridge.sweep()
    for n in range(records):
        bridge.customer(f"Customer {n:04}")
    bridge.run_preview("accounts")
    bridge.nudges.clear()
    day = Day(bridge=bridge, accounts=accounts)
    run = bulk.start(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
        preview_id=bridge.previewed, by="Ana",
    )  # fmt: skip
    return day, run


def test_a_bulk_run_and_clicks_share_a_minute_of_sixty_calls(bridge: Bridge) -> None:
    day, run = a_day(bridge, 120)
    day.click_every = timedelta(seconds=3)
    day.next_click = bridge.sync.clock() + day.click_every
    day.run(0.5, enough=lambda: day.run_is_over(run) and len(day.pressed) > 20)
    assert day.run_is_over(run)
    assert day.refusals() == 0
    assert len(day.waits()) > 15
    assert share(day.waits(), 0.95) <= 5


def test_clicks_that_use_up_the_day_are_parked_until_it_ends_and_then_go_on(
    bridge: Bridge,
) -> None:
    day, _ = a_day(bridge, 0)
    bridge.world.switches.xero_day_limit = 30
    day.click_every, day.tick = timedelta(minutes=2), timedelta(minutes=1)
    begun = bridge.sync.clock()
    day.run(26, enough=lambda: bool(day.ends_of_day))
    assert share(day.waits(), 0.95) <= 5
    told = day.ends_of_day[0]
    assert begun < told <= begun + timedelta(hours=24, minutes=10)
    day.run(0.1)
    parked = [one for one in day.pressed if one.parked_until and not one.done_at]
    assert parked
    day.sleep_until(told - timedelta(minutes=1))
    day.run(0.3, enough=lambda: all(one.done_at for one in parked))
    assert all(one.done_at and one.done_at <= told + timedelta(minutes=11) for one in parked)
    assert day.refusals() == 0
