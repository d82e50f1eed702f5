"""A first sync of thirty records that dies at each of its writes in turn, and goes on."""

from __future__ import annotations

from collections import Counter

import pytest

from backend.store.tables import Run
from backend.sync import bulk, runs
from backend.sync.drain import drain
from simulator.world import World
from tests.machine.mortal import Crash, Moment, mortal, restart
from tests.support.databases import ENGINES, Databases
from tests.sync.bridge import Bridge, connected

SOON, LATE = 200.0, 500.0
"""A new worker within the life of Xero's idempotency keys (six minutes), and after it."""
MOST_WRITES = 40


def filled(bridge: Bridge) -> None:
    """Ten customers, ten products and ten invoices, some made in Xero."""
    accounts = [bridge.customer(f"Customer {n:03}") for n in range(8)]
    products = [bridge.product(f"Product {n:03}", f"P-{n:03}") for n in range(8)]
    for n in range(10):
        bridge.invoice(accounts[n % 8], (products[n % 8], "2", "12.50"))
    for n in range(8, 10):
        bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": f"Customer {n:03}"})
        bridge.world.xero.create(
            bridge.tenant, "Items", {"Code": f"P-{n:03}", "Name": f"Product {n:03}"}
        )


def one_of_each(bridge: Bridge) -> None:
    """Thirty records on either side, each with its partner."""
    assert len({row["Name"] for row in bridge.xero_all("Contacts")}) == 10
    contacts, items = bridge.xero_all("Contacts"), bridge.xero_all("Items")
    assert [len(contacts), len(items)] == [10, 10]
    assert len(bridge.xero_all("Invoices")) == 10
    for module in ("Accounts", "Products", "Invoices"):
        rows = bridge.crm_all(module)
        assert len(rows) == 10, module
        marks = Counter(row.get("Xero_ID") for row in rows)
        assert None not in marks, module
        assert set(marks.values()) == {1}, module
    sold = Counter(row["Url"] for row in bridge.xero_all("Invoices"))
    assert set(sold.values()) == {1}


def begun(bridge: Bridge) -> str:
    """A started run over everything."""
    preview = bridge.run_preview()
    return bulk.start(
        bridge.sync, org_id=bridge.org_id, module="all", direction="both",
        preview_id=preview.id, by="Ana",
    )  # fmt: skip


def finished(bridge: Bridge, run_id: str) -> None:
    """Workers go on until the run is over; a pause ends by itself."""
    for _ in range(30):
        runs.advance(bridge.sync, bridge.org_id)
        drain(bridge.sync, bridge.org_id)
        with bridge.sync.database.begin() as session:
            if session.get_one(Run, run_id).state not in bulk.OPEN:
                return
        bridge.later(61)
    raise AssertionError("the run does not end")


def dies_at(databases: Databases, engine: str, nth: int, moment: Moment, wait: float) -> bool:
    """One first sync that dies at its n-th write; False when it has no such write."""
    url = databases.migrated(engine)
    bridge = connected(World(seed="empty"), url)
    try:
        filled(bridge)
        run_id = begun(bridge)
        fate = mortal(bridge)
        fate.arm(nth, moment)
        try:
            finished(bridge, run_id)
        except Crash:
            restart(bridge, fate, seconds=wait)
            finished(bridge, run_id)
        died = fate.after is None
        fate.after = None
        one_of_each(bridge)
        bridge.later(700)
        before = bridge.writes()
        bridge.sweep()
        assert bridge.writes() == before
        return died
    finally:
        bridge.sync.database.dispose()
        databases.drop(url)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("moment", "wait"),
    [
        (Moment.UNSENT, LATE),
        (Moment.UNREAD, SOON),
        (Moment.UNREAD, LATE),
        (Moment.UNCOMMITTED, SOON),
    ],
    ids=["unsent-late", "unread-soon", "unread-late", "uncommitted-soon"],
)
def test_a_death_at_any_write_leaves_one_record_per_record(
    databases: Databases, moment: Moment, wait: float
) -> None:
    deaths = 0
    while deaths < MOST_WRITES and dies_at(databases, "sqlite", deaths, moment, wait):
        deaths += 1
    assert 6 <= deaths < MOST_WRITES


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("nth", [0, 3])
def test_a_death_before_the_commit_costs_nothing_on_either_database(
    databases: Databases, engine: str, nth: int
) -> None:
    assert dies_at(databases, engine, nth, Moment.UNCOMMITTED, LATE)
