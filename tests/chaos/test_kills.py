"""A bulk sync whose worker is killed, whose Redis forgets, and which ends all the same."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.storm import untold_or_told_twice
from tests.chaos.town import CRON, WORKER, Town, kill, town

RECORDS = 50
"""Of each kind: a hundred and fifty records in all."""
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]


def _fill(made: Town) -> None:
    bridge = made.bridge
    accounts = [bridge.customer(f"Customer {n:03}") for n in range(RECORDS)]
    products = [bridge.product(f"Product {n:03}", f"P-{n:03}") for n in range(RECORDS)]
    for n in range(RECORDS):
        bridge.invoice(accounts[n], (products[n], "2", "12.50"))


def _one_of_each(made: Town) -> None:
    bridge = made.bridge
    for entity, module in (("Contacts", "Accounts"), ("Items", "Products"), ("Invoices",) * 2):
        assert len(bridge.xero_all(entity)) == RECORDS, entity
        rows = bridge.crm_all(module)
        assert len(rows) == RECORDS, module
        marks = Counter(row.get("Xero_ID") for row in rows)
        assert set(marks.values()) == {1}, module
        assert None not in marks, module
    assert untold_or_told_twice(made) == []


def _quiet(made: Town) -> None:
    """A rerun, by a worker of this process, writes nothing."""
    made.bridge.later(700)
    before = made.bridge.writes()
    made.bridge.sweep()
    assert made.bridge.writes() == before


def test_a_killed_worker_leaves_one_record_per_record(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    with town(database_url, redis_url, tmp_path / "log") as made:
        _fill(made)
        run_id = made.run()
        made.start(CRON)
        worker = made.start(WORKER)
        assert made.writes_beyond(len(made.bridge.writes()), seconds=60), "no worker works"
        made.writes_beyond(len(made.bridge.writes()), seconds=chance.random())
        kill(worker)
        worker = made.start(WORKER)
        assert made.ended(run_id, seconds=120) == "done"
        kill(worker)
        _one_of_each(made)
        _quiet(made)


def test_two_workers_and_a_redis_that_forgets_leave_one_record_per_record(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    with town(database_url, redis_url, tmp_path / "log") as made:
        _fill(made)
        run_id = made.run()
        made.start(CRON)
        workers = [made.start(WORKER), made.start(WORKER)]
        assert made.writes_beyond(len(made.bridge.writes()), seconds=60), "no worker works"
        made.redis.flushall()
        assert made.ended(run_id, seconds=120) == "done"
        for worker in workers:
            kill(worker)
        _one_of_each(made)
        _quiet(made)
