"""Cases 9 to 12: bad records in a batch, crashes at every step, deleted and sent again."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from backend.store.tables import Link
from backend.sync import bulk, runs, sweep
from backend.sync import requests as clicks
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.dying import LEASE_ENDS, dies_at
from tests.sync.cases.told import changed, in_sync, invoiced, names, told

HOURS = 5 * 3600


def _press(bridge: Bridge, module: str, zoho_id: str) -> None:
    clicks.click(bridge.sync, org_id=bridge.org_id, module=module, zoho_id=zoho_id,
                 direction="both", by="Ana")  # fmt: skip


# --- 9 -----------------------------------------------------------------------------------------


def test_three_bad_records_of_fifty_do_not_stop_the_others(any_bridge: Bridge) -> None:
    bridge = any_bridge
    good = [bridge.customer(f"Customer {n:02}") for n in range(47)]
    taken, foreign = bridge.customer("Taken Ltd"), bridge.customer("Dollar Inc", Currency="USD")
    country = bridge.customer("Nowhere plc", Billing_Country="1234")
    bad = {
        taken: "contact_name_taken",
        foreign: "currency_not_enabled",
        country: "country_without_letters",
    }
    bridge.run_preview("accounts")
    run = bulk.start(bridge.sync, org_id=bridge.org_id, module="accounts", direction="to_xero",
                     preview_id=bridge.previewed, by="Ana")  # fmt: skip
    runs.advance(bridge.sync, bridge.org_id)
    # What Xero refuses only once the batch is there: both became so after everything was read.
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Taken Ltd"})
    bridge.world.xero.books(bridge.tenant).currencies.remove("USD")
    done = bridge.finish(run)

    assert done.created == 47
    assert done.held + done.failed == 3
    for each in good:
        in_sync(bridge.link("accounts", each))
        assert told(bridge, each, status="success").operation == "create"
    for each, key in bad.items():
        rows = [row for row in bridge.log(zoho_id=each) if row.status in {"held", "failed"}]
        assert [row.message_key for row in rows] == [key]
    assert max(Counter(names(bridge)).values()) == 1
    assert len(names(bridge)) == 48

    before = [each for each in bridge.writes() if "api.xro" in each]
    for _ in range(3):
        bridge.later(700)
        bridge.drain()
    again = [each for each in bridge.writes() if "api.xro" in each]
    assert len(again) - len(before) <= 3
    assert len(names(bridge)) == 48


# --- 10 and 11 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
def test_a_customer_created_right_before_a_crash_is_found_and_linked(
    any_bridge: Bridge, later: int
) -> None:
    bridge = any_bridge
    account = bridge.customer()
    _press(bridge, "accounts", account)
    dies_at(bridge, "(PUT|POST) .*/Contacts")
    made = str(bridge.xero_all("Contacts")[0]["ContactID"])

    bridge.later(later)
    bridge.drain()

    link = in_sync(bridge.link("accounts", account))
    assert link.xero_id == made
    assert names(bridge) == ["Kestrel Foods"]
    assert bridge.crm("Accounts", account)["Xero_ID"] == made
    row = told(bridge, account, status="success", operation="create")
    assert row.xero_id == made
    assert (row.operation, row.message_key) == ("create", "found_after_a_break")


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
@pytest.mark.parametrize("arrived", [True, False])
def test_an_update_that_is_interrupted_is_in_the_log_whether_it_arrived_or_not(
    bridge: Bridge, later: int, arrived: bool
) -> None:
    account = bridge.customer()
    contact = in_sync(bridge.click("accounts", account)).xero_id
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York"})
    _press(bridge, "accounts", account)
    dies_at(bridge, "(PUT|POST) .*/Contacts", after=arrived)
    bridge.later(later)
    bridge.drain()
    in_sync(bridge.link("accounts", account))
    assert "York" in {each.get("City") for each in bridge.xero("Contacts", contact)["Addresses"]}
    row = told(bridge, account, message_key="write_interrupted")
    assert (row.status, row.operation, row.direction) == ("failed", "update", "to_xero")
    assert [(one["field"], one["after"]) for one in row.changes] == [("billing_city", "York")]
    again = bridge.log(zoho_id=account, operation="update", status="success", direction="to_xero")
    assert len(again) == (0 if arrived else 1)


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
def test_what_only_the_accountant_edited_during_a_break_is_no_conflict(
    bridge: Bridge, later: int
) -> None:
    product = bridge.product("Oak table", "OAK-1")
    _press(bridge, "products", product)
    dies_at(bridge, "PUT .*/Items")
    item = bridge.xero_all("Items")[0]["ItemID"]
    edit = {"Code": "OAK-1", "SalesDetails": {"UnitPrice": "107.50"}}
    bridge.world.xero.edit(bridge.tenant, "Items", item, edit)

    bridge.later(later)
    bridge.drain()

    in_sync(bridge.link("products", product))
    assert bridge.crm("Products", product)["Unit_Price"] == Decimal("107.50")
    assert Decimal(str(bridge.xero("Items", item)["SalesDetails"]["UnitPrice"])) == Decimal(
        "107.50"
    )


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
@pytest.mark.parametrize("entity", ["Items", "Invoices"])
def test_an_invoice_and_its_product_survive_a_crash_as_one_each(
    any_bridge: Bridge, entity: str, later: int
) -> None:
    bridge = any_bridge
    account, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(account, (product, "2", "120.00"))
    _press(bridge, "invoices", invoice)
    dies_at(bridge, f"(PUT|POST) .*/{entity}")

    bridge.later(later)
    bridge.drain()

    in_sync(bridge.link("invoices", invoice))
    for each in ("Contacts", "Items", "Invoices"):
        assert len(bridge.xero_all(each)) == 1, each
    module, record = ("products", product) if entity == "Items" else ("invoices", invoice)
    row = told(bridge, record, module=module, status="success", operation="create")
    assert row.message_key == "found_after_a_break"
    assert bridge.crm("Invoices", invoice)["Xero_ID"] == bridge.link("invoices", invoice).xero_id


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
def test_a_crash_before_the_request_arrived_creates_exactly_one(
    any_bridge: Bridge, later: int
) -> None:
    bridge = any_bridge
    account = bridge.customer()
    _press(bridge, "accounts", account)
    dies_at(bridge, "(PUT|POST) .*/Contacts", after=False)
    assert names(bridge) == []

    bridge.later(later)
    bridge.drain()

    in_sync(bridge.link("accounts", account))
    assert names(bridge) == ["Kestrel Foods"]
    assert told(bridge, account, status="success").xero_id


@pytest.mark.parametrize("later", [LEASE_ENDS, HOURS])
def test_a_customer_created_in_crm_right_before_a_crash_is_one(
    any_bridge: Bridge, later: int
) -> None:
    bridge = any_bridge
    bridge.accept()
    bridge.sweep()
    contact = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Heron Bakery"})
    bridge.later(60)
    sweep.sweep(bridge.sync, bridge.org_id)
    dies_at(bridge, "POST .*/Accounts")
    assert len(bridge.crm_all("Accounts")) == 1

    bridge.later(later)
    bridge.sweep()

    assert [row["Xero_ID"] for row in bridge.crm_all("Accounts")] == [contact]
    link = in_sync(bridge.link_of_xero("accounts", contact))
    assert link.zoho_id == bridge.crm_all("Accounts")[0]["id"]
    assert bridge.log(xero_id=contact, status="success")


def test_a_lost_answer_to_a_create_leaves_one_record(any_bridge: Bridge) -> None:
    bridge = any_bridge
    account = bridge.customer()
    bridge.world.faults.add(
        Fault(side="xero", kind="reset_after", match="(PUT|POST) .*/Contacts", times=1)
    )
    bridge.click("accounts", account)
    bridge.later(120)
    bridge.drain()

    in_sync(bridge.link("accounts", account))
    assert names(bridge) == ["Kestrel Foods"]
    told(bridge, account, status="success")


# --- 12 ----------------------------------------------------------------------------------------


def test_a_record_deleted_in_xero_and_sent_again_begins_a_new_generation(
    any_bridge: Bridge,
) -> None:
    bridge = any_bridge
    _, _, invoice = invoiced(bridge)
    first = bridge.link("invoices", invoice)
    bridge.world.xero.delete(bridge.tenant, "Invoices", str(first.xero_id))
    bridge.later(60)

    looked = bridge.click("invoices", invoice)
    assert bridge.crm("Invoices", invoice)["Status"] == "Cancelled", looked.message_key
    bridge.world.zoho.edit("Invoices", invoice, {"Status": "Created"})
    bridge.later(60)
    link = in_sync(bridge.click("invoices", invoice, "to_xero"))

    assert link.xero_id != first.xero_id
    assert link.generation == first.generation + 1
    assert bridge.xero("Invoices", first.xero_id)["Status"] == "DELETED"
    assert bridge.xero("Invoices", link.xero_id)["Status"] == "DRAFT"
    assert len(bridge.xero_all("Invoices")) == 2
    assert bridge.crm("Invoices", invoice)["Xero_ID"] == link.xero_id
    with bridge.sync.database.begin() as session:
        old = session.query(Link).filter_by(module="invoices", xero_id=first.xero_id).one()
    assert (old.active, old.zoho_id) == (False, invoice)
    row = told(bridge, invoice, operation="create", status="success", xero_id=link.xero_id)
    assert changed(row)["lines"]


def test_an_item_deleted_in_xero_and_sent_again_is_new(any_bridge: Bridge) -> None:
    bridge = any_bridge
    product = bridge.product()
    first = in_sync(bridge.click("products", product))
    bridge.world.xero.delete(bridge.tenant, "Items", str(first.xero_id))
    bridge.later(60)

    link = in_sync(bridge.click("products", product, "to_xero"))

    assert link.xero_id != first.xero_id
    assert link.generation == first.generation + 1
    assert len(bridge.xero_all("Items")) == 1
    assert bridge.crm("Products", product)["Xero_ID"] == link.xero_id
    with bridge.sync.database.begin() as session:
        old = session.query(Link).filter_by(module="products", xero_id=first.xero_id).one()
    assert (old.active, old.zoho_id) == (False, product)
    told(bridge, product, operation="create", status="success", xero_id=link.xero_id)
