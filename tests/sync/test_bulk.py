"""First syncs, previews, sweeps: many records at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from backend.store.tables import ModuleState, Organisation, Run
from backend.sync import bulk, runs
from tests.sync.bridge import Bridge


def _filled(bridge: Bridge) -> None:
    accounts = [bridge.customer(f"Customer {n:03}") for n in range(30)]
    products = [bridge.product(f"Product {n:03}", f"P-{n:03}") for n in range(10)]
    for n in range(30):
        bridge.invoice(accounts[n], (products[n % 10], "2", "12.50"), (products[0], "1", "3.33"))
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "CUSTOMER 005 ltd"})
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Only in Xero"})


def counts(run: Run) -> dict[str, int]:
    """What a run did."""
    return {k: getattr(run, k) for k in ("created", "updated", "linked", "held", "failed")}


def test_a_first_sync_without_a_preview_is_refused(bridge: Bridge) -> None:
    with pytest.raises(bulk.PreviewRequired):
        bulk.start(bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
                   preview_id=None, by="Ana")  # fmt: skip


def test_a_preview_writes_nothing_and_the_run_does_what_it_showed(any_bridge: Bridge) -> None:
    bridge = any_bridge
    _filled(bridge)
    before = bridge.writes()
    shown = bridge.run_preview()
    assert bridge.writes() == before
    assert shown.message_key is None

    run = bulk.start(bridge.sync, org_id=bridge.org_id, module="all", direction="both",
                     preview_id=shown.id, by="Ana")  # fmt: skip
    runs.advance(bridge.sync, bridge.org_id)
    assert (running(bridge, run).state, running(bridge, run).total) == ("running", shown.total)
    done = bridge.finish(run)

    assert done.total == done.done == shown.total
    assert counts(done) == counts(shown)
    assert counts(done)["created"] == 29 + 10 + 30 + 1
    assert counts(done)["held"] == 1  # one name, two spellings: linked, and a person is asked
    assert len(bridge.xero_all("Invoices")) == 30
    ids = [row["id"] for row in bridge.crm_all("Invoices")]
    crm = sum(bridge.crm("Invoices", each)["Grand_Total"] for each in ids)
    xero = sum(Decimal(str(row["Total"])) for row in bridge.xero_all("Invoices"))
    assert crm == xero


def running(bridge: Bridge, run_id: str) -> Run:
    """A run as it stands now."""
    with bridge.sync.database.begin() as session:
        return session.get_one(Run, run_id)


def test_a_run_of_one_module_counts_that_module_of_a_preview_of_all(bridge: Bridge) -> None:
    _filled(bridge)
    shown = bridge.run_preview()
    run = bulk.start(bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
                     preview_id=shown.id, by="Ana")  # fmt: skip
    runs.advance(bridge.sync, bridge.org_id)
    assert running(bridge, run).total == 31  # 30 customers and the one only Xero has
    assert bridge.finish(run).done == 31


def test_a_run_over_everything_that_ended_is_a_good_sync_and_no_other_is(bridge: Bridge) -> None:
    _filled(bridge)

    def started(module: str, direction: str) -> None:
        run = bulk.start(bridge.sync, org_id=bridge.org_id, module=module, direction=direction,
                         preview_id=bridge.previewed, by="Ana")  # fmt: skip
        bridge.later(60)
        bridge.finish(run)

    bridge.run_preview()
    started("accounts", "to_xero")
    assert good(bridge) == {}
    started("accounts", "both")
    assert set(good(bridge)) == {"accounts"}
    started("invoices", "both")
    assert {"invoices", "payments"} <= set(good(bridge))
    assert "organisation" not in good(bridge)
    chosen = bulk.chosen(bridge.sync, org_id=bridge.org_id, module="accounts", ids=["1"],
                         direction="both", by="Ana")  # fmt: skip
    before = good(bridge)
    bridge.later(60)
    bridge.finish(chosen)
    assert good(bridge) == before
    started("all", "both")
    assert good(bridge)["organisation"] > before["accounts"]
    assert good(bridge)["accounts"] > before["accounts"]


def good(bridge: Bridge) -> dict[str, datetime]:
    """When each module, and the organisation, last had a good sync."""
    with bridge.sync.database.begin() as session:
        org = session.get_one(Organisation, bridge.org_id)
        states = session.scalars(select(ModuleState).where(ModuleState.org_id == org.id))
        found = {each.module: each.last_good_sync_at for each in states}
        found["organisation"] = org.last_good_sync_at
    return {key: at for key, at in found.items() if at is not None}


def test_a_second_sweep_writes_nothing(bridge: Bridge) -> None:
    _filled(bridge)
    bridge.run_all()
    bridge.later(600)
    bridge.sweep()
    bridge.later(600)
    before, calls = bridge.writes(), bridge.sync.transport.calls
    bridge.sweep()
    assert bridge.writes() == before
    assert bridge.sync.transport.calls - calls <= 14  # one per kind of record and side
    rows = len(bridge.log())
    bridge.later(600)
    bridge.sweep()
    assert len(bridge.log()) == rows
