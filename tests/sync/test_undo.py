"""Undoing a run: what can be restored is, what cannot is listed with its remedy."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.store.tables import Run, RunItem
from backend.sync import bulk, undo
from tests.machine.mortal import Crash, Moment, mortal, restart
from tests.sync.bridge import LTD, TRADING, Bridge
from tests.sync.cases.told import told
from tests.sync.test_crashes import LATE, SOON, finished


def undone(bridge: Bridge, run_id: str) -> Run:
    """Undo a run, to the end."""
    return bridge.finish(undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run_id, by="Ana"))


def items(bridge: Bridge, run: Run) -> dict[str, RunItem]:
    """A run's rows by label."""
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(RunItem).where(RunItem.run_id == run.id)).all()
    return {row.label: row for row in rows}


def quiet(bridge: Bridge) -> None:
    """Nothing comes back by itself."""
    before = bridge.writes()
    bridge.later(3700)
    bridge.sweep()
    bridge.later(700)
    bridge.sweep()
    assert bridge.writes() == before


def filled(bridge: Bridge) -> dict[str, str]:
    """A small company that only CRM knows, and two customers Xero has too."""
    bridge.settings(sales_account="200")
    made = {
        "Only CRM": bridge.customer("Only CRM"),
        "Both Ltd": bridge.customer("Both Ltd", Phone="+44 1"),
        "Oak table": bridge.product(),
    }
    invoice = bridge.invoice(made["Only CRM"], (made["Oak table"], "2", "120.00"))
    made["invoice"] = invoice
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Only Xero"})
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Both Ltd"})
    return made


def statuses(bridge: Bridge) -> dict[str, str]:
    """Xero's contacts with their status."""
    return {str(row["Name"]): row["ContactStatus"] for row in bridge.xero_all("Contacts")}


def assert_all_withdrawn(bridge: Bridge) -> None:
    """Both sides hold what they held before the first sync, as far as Xero lets go of anything."""
    assert statuses(bridge) == {
        "Only CRM": "ARCHIVED", "Both Ltd": "ACTIVE", "Only Xero": "ACTIVE",
    }  # fmt: skip
    assert bridge.xero_all("Items") == []
    assert [row["Status"] for row in bridge.xero_all("Invoices")] == ["DELETED"]
    assert {row["Account_Name"] for row in bridge.crm_all("Accounts")} == {"Only CRM", "Both Ltd"}


def test_what_a_first_sync_made_is_withdrawn_again(any_bridge: Bridge) -> None:
    bridge = any_bridge
    made = filled(bridge)
    run = bridge.run_all()
    assert (run.created, run.linked) == (4, 1)

    back = undone(bridge, run.id)
    assert (back.state, back.kind, back.undoes, back.held, back.failed) == (
        "done", "undo", run.id, 0, 0,
    )  # fmt: skip
    assert back.total == back.done == 5
    assert_all_withdrawn(bridge)
    for name in ("Only CRM", "Both Ltd"):
        record = bridge.crm("Accounts", made[name])
        assert not record.get("Xero_ID")
        link = bridge.link("accounts", made[name])
        assert (link.xero_id, link.message_key) == (None, "undone_by_person")
    assert told(bridge, made["invoice"], message_key="undone", status="success")
    quiet(bridge)

    again = undone(bridge, run.id)
    assert (again.total, again.failed, again.held) == (0, 0, 0)


def test_changed_fields_get_back_what_they_were(any_bridge: Bridge) -> None:
    bridge = any_bridge
    account = bridge.customer("Kestrel", Phone="+44 1", Billing_City="Leeds", Fax="+44 9")
    other = bridge.customer("Wren", Phone="+44 2")
    bridge.run_all("accounts")
    bridge.later(60)
    contact = str(bridge.link("accounts", account).xero_id)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York", "Fax": None})
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel Foods"})
    bridge.world.zoho.edit("Accounts", other, {"Phone": "+44 3"})
    bridge.later(60)
    run = bridge.run_all("accounts")
    assert (run.updated, run.held) == (2, 0)
    bridge.later(60)
    bridge.world.xero.edit(
        bridge.tenant, "Contacts", str(bridge.link("accounts", other).xero_id),
        {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "+44 4"}]},
    )  # fmt: skip

    back = undone(bridge, run.id)
    shown = bridge.xero("Contacts", contact)
    boxes = {each["AddressType"]: each for each in shown["Addresses"]}
    phones = {each["PhoneType"]: each["PhoneNumber"] for each in shown["Phones"]}
    assert (boxes["POBOX"]["City"], phones["FAX"]) == ("Leeds", "+44 9")
    assert bridge.crm("Accounts", account)["Account_Name"] == "Kestrel"
    assert (back.updated, back.held) == (1, 1)
    edited = items(bridge, back)["Wren"]
    assert (edited.status, edited.message_key) == ("held", "undo_edited_since")
    assert edited.message_params == {"field": "phone", "before": "+44 2"}
    assert bridge.crm("Accounts", account)["Billing_City"] == "York"
    assert bridge.link("accounts", account).state == "in_sync"


def test_undoing_leaves_both_sides_alone_until_somebody_edits_again(bridge: Bridge) -> None:
    account = bridge.customer("Kestrel", Billing_City="Leeds")
    bridge.run_all("accounts")
    bridge.later(60)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York"})
    bridge.later(60)
    undone(bridge, bridge.run_all("accounts").id)
    quiet(bridge)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "Hull"})
    bridge.later(60)
    bridge.sweep()
    contact = bridge.xero("Contacts", bridge.link("accounts", account).xero_id)
    boxes = {each["AddressType"]: each for each in contact["Addresses"]}
    assert boxes["POBOX"]["City"] == "Hull"


@pytest.mark.parametrize(("act", "key"), [("approve", "undo_approved"), ("pay", "undo_paid")])
def test_approved_and_paid_documents_are_listed_with_their_remedy(
    bridge: Bridge, act: str, key: str
) -> None:
    made = filled(bridge)
    run = bridge.run_all()
    xero_id = str(bridge.link("invoices", made["invoice"]).xero_id)
    bridge.world.xero.approve(bridge.tenant, xero_id)
    if act == "pay":
        bridge.world.xero.pay(bridge.tenant, xero_id)
    back = undone(bridge, run.id)
    held = {row.message_key: row for row in items(bridge, back).values() if row.status == "held"}
    assert key in held
    assert bridge.xero("Invoices", xero_id)["Status"] == ("PAID" if act == "pay" else "AUTHORISED")
    assert "item_used" in held
    assert len(bridge.xero_all("Items")) == 1

    if act == "approve":
        bridge.world.xero.void(bridge.tenant, xero_id)
        second = undone(bridge, run.id)
        assert second.total == 2
        assert {row.module for row in items(bridge, second).values()} == {"invoices", "products"}


@pytest.mark.parametrize("allowed", [True, False])
def test_an_archived_contact_comes_back_where_xero_allows(bridge: Bridge, allowed: bool) -> None:
    bridge.settings(
        accounts={"to_xero": {"allow": True, "create": True, "update": True, "delete": True}}
    )
    account = bridge.customer()
    bridge.run_all("accounts")
    contact = str(bridge.link("accounts", account).xero_id)
    bridge.world.zoho.delete("Accounts", account)
    run = bridge.run_all("accounts")
    assert run.deleted == 1
    bridge.world.switches.xero_restore_contact = allowed
    back = undone(bridge, run.id)
    status = bridge.xero("Contacts", contact)["ContactStatus"]
    assert status == ("ACTIVE" if allowed else "ARCHIVED")
    assert len(bridge.crm_all("Accounts")) == (1 if allowed else 0)
    assert (back.updated, back.held + back.failed) == ((1, 0) if allowed else (0, 1))


@pytest.mark.parametrize("purged", [False, True])
def test_a_deleted_crm_record_comes_back_from_the_bin(bridge: Bridge, purged: bool) -> None:
    bridge.settings(
        products={"to_zoho": {"allow": True, "create": True, "update": True, "delete": True}}
    )
    product = bridge.product()
    bridge.run_all("products")
    item = str(bridge.link("products", product).xero_id)
    bridge.world.xero.delete(bridge.tenant, "Items", item)
    run = bridge.run_all("products")
    assert run.deleted == 1
    assert bridge.crm_all("Products") == []
    if purged:
        bridge.world.zoho.purge("Products", product)
    back = undone(bridge, run.id)
    assert len(bridge.crm_all("Products")) == (0 if purged else 1)
    if purged:
        (row,) = items(bridge, back).values()
        assert (row.status, row.message_key) == ("held", "undo_not_in_bin")
    else:
        assert back.updated == 1


def test_what_cannot_be_undone_is_refused_at_once(bridge: Bridge) -> None:
    filled(bridge)
    shown = bridge.run_preview()
    refusals: list[tuple[str, str]] = [(shown.id, "undo_of_preview")]
    run = bulk.start(
        bridge.sync, org_id=bridge.org_id, module="all", direction="both",
        preview_id=shown.id, by="Ana",
    )  # fmt: skip
    refusals_now: list[Any] = [(run, "undo_while_running"), *refusals]
    for run_id, key in refusals_now:
        with pytest.raises(undo.NotUndoable) as refused:
            undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run_id, by="Ana")
        assert refused.value.key == key
    bridge.finish(run)
    first = undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run, by="Ana")
    assert undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run, by="Luc") == first
    bridge.finish(first)
    with pytest.raises(undo.NotUndoable) as refused:
        undo.begin(bridge.sync, org_id=bridge.org_id, run_id=first, by="Ana")
    assert refused.value.key == "undo_of_undo"
    with pytest.raises(bulk.UnknownRun):
        undo.begin(bridge.sync, org_id=bridge.org_id, run_id="0" * 32, by="Ana")
    bridge.choose(TRADING)
    with pytest.raises(undo.NotUndoable) as refused:
        undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run, by="Ana")
    assert refused.value.key == "undo_of_other_organisation"
    bridge.choose(LTD)


@pytest.mark.parametrize(
    ("moment", "wait"),
    [(Moment.UNREAD, LATE), (Moment.UNCOMMITTED, SOON)],
    ids=["unread-late", "uncommitted-soon"],
)
@pytest.mark.parametrize("nth", range(5))
def test_a_worker_that_dies_while_undoing_leaves_what_was_there_before(
    bridge: Bridge, moment: Moment, wait: float, nth: int
) -> None:
    filled(bridge)
    run = bridge.run_all()
    bridge.later(600)
    back = undo.begin(bridge.sync, org_id=bridge.org_id, run_id=run.id, by="Ana")
    fate = mortal(bridge)
    fate.arm(nth, moment)
    with pytest.raises(Crash):
        finished(bridge, back)
    restart(bridge, fate, seconds=wait)
    finished(bridge, back)
    done = bridge.finish(back)
    assert (done.state, done.held, done.failed, done.total) == ("done", 0, 0, 5)
    assert_all_withdrawn(bridge)
    assert not any(row.get("Xero_ID") for row in bridge.crm_all("Accounts"))
    quiet(bridge)
