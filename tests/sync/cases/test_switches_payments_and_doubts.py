"""The administrator's switches, payments in CRM, and both positions of what the vendors leave open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.store.tables import ZohoConnection
from tests.sync.bridge import Bridge
from tests.sync.cases.told import approved, in_sync, invoiced, money, names, told

ON = {"allow": True, "create": True, "update": True, "delete": False}


def _settle(bridge: Bridge) -> None:
    bridge.accept()
    bridge.sweep()
    bridge.later(60)


@pytest.mark.parametrize(
    ("way", "key"),
    [
        ({"create": False}, "create_to_xero_is_off"),
        ({"allow": False}, "to_xero_is_off"),
    ],
)
def test_a_new_customer_stays_where_creating_is_off_and_says_why(
    bridge: Bridge, way: dict[str, bool], key: str
) -> None:
    bridge.settings(accounts={"to_xero": {**ON, **way}})
    account = bridge.customer()
    assert bridge.click("accounts", account).state == "excluded"
    assert told(bridge, account, status="skipped").message_key == key
    assert names(bridge) == []


@pytest.mark.parametrize("way", [{"update": False}, {"allow": False}])
def test_an_edit_stays_where_updating_is_off_and_travels_once_it_is_on(
    bridge: Bridge, way: dict[str, bool]
) -> None:
    account = bridge.customer()
    link = in_sync(bridge.click("accounts", account))
    _settle(bridge)
    bridge.settings(accounts={"to_xero": {**ON, **way}})
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Kestrel Foods Group"})
    bridge.later(60)
    bridge.sweep()
    assert names(bridge) == ["Kestrel Foods"]
    assert told(bridge, account, status="skipped").message_key == "update_is_off"

    bridge.settings(accounts={"to_xero": ON})
    in_sync(bridge.click("accounts", account))
    assert bridge.xero("Contacts", link.xero_id)["Name"] == "Kestrel Foods Group"


def test_a_record_outside_the_filter_or_before_the_start_says_so(bridge: Bridge) -> None:
    only = [{"field": "Billing_City", "op": "eq", "value": "Leeds"}]
    bridge.settings(accounts={"filter": only}, invoices={"start_date": "2026-11-10"})
    outside, inside = (
        bridge.customer("York Ltd"),
        bridge.customer("Leeds Ltd", Billing_City="Leeds"),
    )
    bridge.click("accounts", outside)
    in_sync(bridge.click("accounts", inside))
    row = told(bridge, outside, status="skipped")
    assert (row.message_key, row.message_params["field"]) == ("excluded_by_filter", "Billing_City")

    invoice = bridge.invoice(inside, (bridge.product(), "1", "1.00"))
    bridge.click("invoices", invoice)
    assert told(bridge, invoice, status="skipped").message_key == "before_start_date"
    assert names(bridge) == ["Leeds Ltd"]
    assert bridge.xero_all("Invoices") == []


def _money(bridge: Bridge, invoice: str) -> tuple[Decimal, Decimal, Any]:
    crm = bridge.crm("Invoices", invoice)
    return money(crm["Xero_Amount_Paid"]), money(crm["Xero_Amount_Due"]), crm["Xero_Status"]


@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("empty_304", [True, False])
def test_part_payments_their_rest_and_their_deletion_show_in_crm(
    bridge: Bridge, inclusive: bool, empty_304: bool
) -> None:
    bridge.world.switches.ims_inclusive = inclusive
    bridge.world.switches.ims_empty_304 = empty_304
    invoice, xero_id = approved(bridge)
    _settle(bridge)
    bridge.world.xero.pay(bridge.tenant, xero_id, "100.00")
    bridge.later(60)
    bridge.sweep()
    assert _money(bridge, invoice)[:2] == (Decimal("100.00"), Decimal("188.00"))
    rest = bridge.world.xero.pay(bridge.tenant, xero_id)
    bridge.later(60)
    bridge.sweep()
    assert _money(bridge, invoice) == (Decimal("288.00"), Decimal(0), "Paid")
    bridge.world.xero.delete_payment(bridge.tenant, rest)
    bridge.later(60)
    bridge.sweep()
    assert _money(bridge, invoice)[:2] == (Decimal("100.00"), Decimal("188.00"))
    in_sync(bridge.link("invoices", invoice))
    rows = bridge.log(zoho_id=invoice, direction="to_zoho", operation="update", status="success")
    assert len(rows) >= 3
    assert money(bridge.crm("Invoices", invoice)["Grand_Total"]) == Decimal("288.00")


def test_payments_switched_off_leave_crm_alone(bridge: Bridge) -> None:
    bridge.settings(payments={"enabled": False})
    invoice, xero_id = approved(bridge)
    bridge.world.xero.pay(bridge.tenant, xero_id, "100.00")
    bridge.later(60)
    bridge.click("invoices", invoice)
    assert not bridge.crm("Invoices", invoice)["Xero_Amount_Paid"]


@pytest.mark.parametrize(("coql", "tax"), [(True, True), (True, False), (False, True)])
def test_lines_are_read_by_query_or_singly_and_the_way_is_remembered(
    bridge: Bridge, coql: bool, tax: bool
) -> None:
    bridge.world.switches.coql_lines = coql
    bridge.world.switches.coql_line_tax = tax
    account, product = bridge.customer(), bridge.product()
    for n in range(3):
        bridge.invoice(account, (product, str(n + 1), "10.00"), (product, "1", "2.50"))
    done = bridge.run_all()
    assert (done.failed, done.held) == (0, 0)
    totals = sorted(money(row["Total"]) for row in bridge.xero_all("Invoices"))
    assert totals == [Decimal("15.00"), Decimal("27.00"), Decimal("39.00")]
    with bridge.sync.database.begin() as session:
        way = session.get_one(ZohoConnection, bridge.org_id).facts["lines"]
    assert (way == "query") is (coql and tax)
    assert len(bridge.log(module="invoices", operation="create", status="success")) == 3


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("stale_304", [True, False])
def test_lines_changed_in_xero_replace_those_in_crm(
    bridge: Bridge, kept: bool, stale_304: bool
) -> None:
    bridge.world.switches.omitted_subform_rows_kept = kept
    bridge.world.switches.update_answers_304 = stale_304
    _, _, invoice = invoiced(bridge)
    xero_id = str(bridge.link("invoices", invoice).xero_id)
    line = {**bridge.xero("Invoices", xero_id)["LineItems"][0], "Quantity": Decimal(5)}
    line.pop("LineAmount"), line.pop("TaxAmount", None), line.pop("LineItemID", None)
    bridge.world.xero.edit(bridge.tenant, "Invoices", xero_id, {"LineItems": [line]})
    bridge.later(60)
    in_sync(bridge.click("invoices", invoice))
    crm = bridge.crm("Invoices", invoice)
    assert [row["Quantity"] for row in crm["Invoiced_Items"]] == [Decimal(5)]
    assert money(crm["Grand_Total"]) == money(bridge.xero("Invoices", xero_id)["Total"])
    assert told(bridge, invoice, direction="to_zoho", status="success").operation == "update"
