"""A whole day at Xero's limits in simulated time: a bulk load of 5,000 and a click every minute."""

from __future__ import annotations

from datetime import timedelta

from backend.sync import bulk
from bench import Figure
from bench.rig.clockwork import Day, share
from bench.rig.stage import stage

RECORDS = 5_000
CLICKED = 200
HOURS = 24.0
TICK = timedelta(seconds=30)
"""The schedule's own tick is five seconds; a coarser one is only slower to take things up."""


def measure() -> list[Figure]:
    """60 calls a minute, 1,000 a day, 5 at a time; each remote call takes 0.4 s."""
    with stage() as staged:
        bridge = staged.bridge
        bridge.accept()
        accounts = [bridge.customer(f"Clicked {n:03}") for n in range(CLICKED)]
        bridge.sweep()
        for n in range(RECORDS):
            bridge.customer(f"Customer {n:05}")
        bridge.run_preview("accounts")
        bridge.nudges.clear()
        day = Day(bridge=bridge, accounts=accounts, tick=TICK)
        run = bulk.start(
            bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        begun = bridge.sync.clock()
        day.run(HOURS, enough=lambda: day.run_is_over(run))
        bulk_took = bridge.sync.clock() - begun
        day.run(HOURS - bulk_took / timedelta(hours=1))
        return figures(day, run, bulk_took)


def figures(day: Day, run: str, bulk_took: timedelta) -> list[Figure]:
    """What came of it."""
    waits = day.waits()
    parked = [one for one in day.pressed if one.parked_until]
    late = [
        one for one in parked
        if one.done_at and one.parked_until
        and one.done_at > one.parked_until + timedelta(minutes=11)
    ]  # fmt: skip
    silent = [one for one in day.pressed if not one.done_at and not one.parked_until]
    return [
        Figure(what="429 answers of Xero", value=day.refusals(), unit="calls", limit=0),
        Figure(what="clicks", value=len(day.pressed), unit="clicks"),
        Figure(what="clicks confirmed", value=len(waits), unit="clicks"),
        Figure(what="click confirmed, median, simulated", value=share(waits, 0.5), unit="sim s"),
        Figure(
            what="click confirmed, 95th percentile, simulated", value=share(waits, 0.95),
            unit="sim s", limit=5,
        ),
        Figure(what="clicks parked, told until when", value=len(parked), unit="clicks"),
        Figure(
            what="parked clicks done more than eleven minutes after the told time",
            value=len(late), unit="clicks", limit=0,
        ),
        Figure(
            what="clicks neither confirmed nor told", value=max(0, len(silent) - 1),
            unit="clicks", limit=0,
        ),
        Figure(
            what=f"bulk loads of {RECORDS} customers not over", unit="runs", limit=0,
            value=int(not day.run_is_over(run)),
        ),
        Figure(
            what="bulk load took, simulated", value=bulk_took / timedelta(minutes=1),
            unit="sim min",
        ),
    ]  # fmt: skip
