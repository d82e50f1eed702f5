"""A whole day at Xero's limits in simulated time: a bulk load of 5,000 and a click every minute.

What the day could not take is followed into the next one, until the last click is answered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import redis

from backend.sync import bulk
from bench import Figure
from bench.rig.clockwork import Day, Pressed, share
from bench.rig.stage import stage
from dev_tools.redis_server import start_redis

RECORDS = 5_000
CLICKED = 200
HOURS = 24.0
LATE = timedelta(minutes=11)
"""The schedule takes a paused organisation up again within ten minutes."""
LONGEST = 26.0
"""Hours after the day within which the last of it must be answered."""
TICK = timedelta(seconds=30)
"""The schedule's own tick is five seconds; a coarser one is only slower to take things up."""


def measure() -> list[Figure]:
    """60 calls a minute, 1,000 a day, 5 at a time; each remote call takes 0.4 s."""
    with stage() as staged, _counting() as shared:
        bridge = staged.bridge
        bridge.accept()
        accounts = [bridge.customer(f"Clicked {n:03}") for n in range(CLICKED)]
        bridge.sweep()
        for n in range(RECORDS):
            bridge.customer(f"Customer {n:05}")
        bridge.run_preview("accounts")
        bridge.nudges.clear()
        day = Day(bridge=bridge, accounts=accounts, tick=TICK, redis=shared)
        run = bulk.start(
            bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        begun = bridge.sync.clock()
        day.run(HOURS, enough=lambda: day.run_is_over(run))
        bulk_took = bridge.sync.clock() - begun
        day.run(HOURS - bulk_took / timedelta(hours=1))
        day.stop_clicking()
        ended = bridge.sync.clock()
        day.run(LONGEST, enough=lambda: not day.unanswered())
        return [*figures(day, run, bulk_took), _aftermath(bridge.sync.clock() - ended)]


@contextmanager
def _counting() -> Iterator[redis.Redis]:
    """A Redis in which the calls are counted."""
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as folder:
        server = start_redis(Path(folder), durable=False)
        try:
            yield redis.Redis.from_url(server.url)
        finally:
            server.stop()


def _aftermath(took: timedelta) -> Figure:
    return Figure(
        what="after the day, until the last click was answered, simulated",
        value=took / timedelta(hours=1), unit="sim h", limit=LONGEST,
    )  # fmt: skip


def _overdue(one: Pressed) -> bool:
    """Whether a parked click was answered later than told, or never."""
    told = one.parked_until
    return told is not None and (one.done_at is None or one.done_at > told + LATE)


def figures(day: Day, run: str, bulk_took: timedelta) -> list[Figure]:
    """What came of it."""
    waits = day.waits()
    parked = [one for one in day.pressed if one.parked_until]
    late = [one for one in parked if _overdue(one)]
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
            what="parked clicks not done eleven minutes after the told time",
            value=len(late), unit="clicks", limit=0,
        ),
        Figure(
            what="clicks neither confirmed nor told", value=len(silent), unit="clicks", limit=0,
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
