"""Cases 7 and 21: a used product keeps its item, and many deletions at once stop and ask."""

from __future__ import annotations

import pytest

from backend.store.tables import Run
from backend.sync import attention, bulk, confirming, undo
from tests.sync.bridge import Bridge
from tests.sync.cases.told import told

DELETING = {"to_xero": {"allow": True, "create": True, "update": True, "delete": True}}


def _customers(bridge: Bridge, count: int = 24) -> list[str]:
    """So many customers in both systems, with deleting switched on."""
    bridge.settings(accounts=DELETING)
    made = [bridge.customer(f"Customer {n:03}") for n in range(count)]
    bridge.run_all("accounts")
    bridge.later(60)
    bridge.sweep("accounts")
    return made


def _deleted(bridge: Bridge, ids: list[str]) -> None:
    bridge.world.zoho.delete("Accounts", ids)
    bridge.later(3700)
    bridge.sweep("accounts")


def _archived(bridge: Bridge) -> int:
    return sum(row["ContactStatus"] == "ARCHIVED" for row in bridge.xero_all("Contacts"))


def asking(bridge: Bridge) -> Run:
    """The run that asks about deletions."""
    with bridge.sync.database.begin() as session:
        found = [run for run in session.query(Run).all() if run.confirm]
    (run,) = found
    return run


# --- 21 ----------------------------------------------------------------------------------------


def test_many_deletions_at_once_are_stopped_as_one_question(any_bridge: Bridge) -> None:
    bridge = any_bridge
    made = _customers(bridge)
    before = bridge.writes()
    _deleted(bridge, made[:12])

    assert bridge.writes() == before
    run = asking(bridge)
    assert run.confirm == {
        "key": "too_many_deletions", "deletions": 12, "in_scope": 24, "limit": 10,
        "module": "accounts", "side": "xero",
    }  # fmt: skip
    assert (run.state, run.held, run.total) == ("done", 12, 12)
    row = told(bridge, made[0], status="held")
    assert row.message_key == "too_many_deletions"
    bridge.later(3700)
    bridge.sweep("accounts")
    assert bridge.writes() == before
    assert asking(bridge).id == run.id


def test_confirmed_deletions_go_and_can_be_undone_after_all(any_bridge: Bridge) -> None:
    bridge = any_bridge
    made = _customers(bridge)
    _deleted(bridge, made[:12])
    run = asking(bridge)
    confirming.decide(bridge.sync, org_id=bridge.org_id, run_id=run.id, action="confirm", by="Ana")
    done = bridge.finish(run.id)
    assert _archived(bridge) == 12
    assert (done.deleted, done.held, done.failed, done.confirm) == (12, 0, 0, None)
    with pytest.raises(confirming.NothingToConfirm):
        confirming.decide(
            bridge.sync, org_id=bridge.org_id, run_id=run.id, action="confirm", by="Ana"
        )

    taken_back = bridge.finish(
        undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run.id, by="Ana")
    )
    assert (taken_back.kind, taken_back.undoes, taken_back.state) == ("undo", run.id, "done")
    assert (taken_back.updated, taken_back.held, taken_back.failed) == (12, 0, 0)
    assert _archived(bridge) == 0
    assert len(bridge.crm_all("Accounts")) == 24
    writes = bridge.writes()
    bridge.later(3700)
    bridge.sweep("accounts")
    assert bridge.writes() == writes
    assert {bridge.link("accounts", each).state for each in made} == {"in_sync"}


@pytest.mark.parametrize("action", ["restore", "keep"])
def test_the_deleted_records_are_taken_back_or_the_others_kept(bridge: Bridge, action: str) -> None:
    made = _customers(bridge)
    _deleted(bridge, made[:12])
    run = asking(bridge)
    attention.act(bridge.sync, org_id=bridge.org_id, link_id=run.id, action=action, by="Ana")
    bridge.finish(run.id)
    assert _archived(bridge) == 0
    assert len(bridge.crm_all("Accounts")) == (24 if action == "restore" else 12)
    writes = bridge.writes()
    bridge.later(3700)
    bridge.sweep("accounts")
    assert bridge.writes() == writes
    assert len(bridge.crm_all("Accounts")) == (24 if action == "restore" else 12)
    key = "restore_in_zoho" if action == "restore" else "kept_by_person"
    assert bridge.log(zoho_id=made[0], message_key=key)


def test_few_deletions_go_by_themselves(bridge: Bridge) -> None:
    made = _customers(bridge)
    _deleted(bridge, made[:3])
    assert _archived(bridge) == 3
    assert told(bridge, made[0], status="success").operation == "archive"


def test_deletions_that_trickle_in_count_together(bridge: Bridge) -> None:
    made = _customers(bridge)
    bridge.world.zoho.delete("Accounts", made[:9])
    bridge.later(3700)
    bridge.sweep("accounts")
    assert _archived(bridge) == 9
    bridge.world.zoho.delete("Accounts", made[9:15])
    for each in made[9:15]:
        bridge.hint("accounts", each)
    assert _archived(bridge) == 9
    assert (asking(bridge).confirm or {})["deletions"] == 6


def test_a_bulk_run_stops_for_its_deletions_and_does_the_rest(bridge: Bridge) -> None:
    made = _customers(bridge)
    bridge.world.zoho.delete("Accounts", made[:12])
    bridge.world.zoho.edit("Accounts", made[20], {"Phone": "+44 1"})
    shown = bridge.run_preview("accounts")
    assert (shown.deleted, shown.held, shown.updated) == (0, 12, 1)
    run = bridge.finish(
        bulk.start(
            bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
            preview_id=shown.id, by="Ana",
        )
    )  # fmt: skip
    assert (run.deleted, run.held, run.updated) == (0, 12, 1)
    assert (run.confirm or {})["deletions"] == 12
    assert _archived(bridge) == 0


def test_a_list_that_is_suddenly_empty_ends_the_run(bridge: Bridge) -> None:
    made = _customers(bridge)
    bridge.world.zoho.delete("Accounts", made)
    shown = bridge.run_preview("accounts")
    assert (shown.state, shown.message_key) == ("failed", "side_suddenly_empty")
    assert _archived(bridge) == 0


# --- 7 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("xero_would_delete", [False, True])
def test_a_used_product_is_parted_and_its_item_stays(
    bridge: Bridge, xero_would_delete: bool
) -> None:
    bridge.world.switches.xero_used_items_deletable = xero_would_delete
    bridge.settings(sales_account="200", products=DELETING)
    product = bridge.product()
    invoice = bridge.invoice(bridge.customer(), (product, "2", "120.00"))
    bridge.click("invoices", invoice)
    bridge.accept()
    bridge.sweep()
    bridge.world.zoho.delete("Products", product)
    bridge.later(3700)
    bridge.sweep()
    (item,) = bridge.xero_all("Items")
    link = bridge.link_of_xero("products", item["ItemID"])
    assert (link.zoho_id, link.message_key) == (None, "item_used_kept")
    assert told(bridge, product, status="skipped").message_key == "item_used_kept"
    bridge.later(3700)
    bridge.sweep()
    assert bridge.crm_all("Products") == []
    assert len(bridge.xero_all("Items")) == 1


def test_an_unused_item_is_deleted(bridge: Bridge) -> None:
    bridge.settings(products=DELETING)
    product = bridge.product()
    bridge.click("products", product)
    bridge.accept()
    bridge.sweep()
    bridge.world.zoho.delete("Products", product)
    bridge.later(3700)
    bridge.sweep()
    assert bridge.xero_all("Items") == []
    assert told(bridge, product, status="success").operation == "delete"
