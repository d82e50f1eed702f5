"""Purchase orders: supplier, purchase taxes and accounts, no discounts in Xero, billed there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, money, told
from tests.sync.papers import crm_row, in_crm, in_xero, xero_line

BOTH_WAYS = {"allow": True, "create": True, "update": True, "delete": True}


@pytest.fixture
def ids(bridge: Bridge) -> tuple[str, str]:
    """A vendor and a product, both in CRM."""
    bridge.accept("vendors", "products", "purchase_orders")
    bridge.settings(purchases_account="310")
    return bridge.world.zoho.create("Vendors", {"Vendor_Name": "Cork & Co"}), bridge.product()


def order(bridge: Bridge, ids: tuple[str, str], *rows: dict[str, Any], **more: Any) -> str:
    """A purchase order in CRM."""
    vendor, product = ids
    values = {"Vendor_Name": {"id": vendor}, "PO_Date": "2026-11-20", "Due_Date": "2026-12-01",
              "Status": "Created"}  # fmt: skip
    rows = rows or (crm_row(product, "3", "10"),)
    return in_crm(bridge, "Purchase_Orders", *rows, **(values | more))


def sent(bridge: Bridge, made: str) -> dict[str, Any]:
    """What a synced order is in Xero."""
    return bridge.xero("PurchaseOrders", bridge.link("purchase_orders", made).xero_id)


def test_an_order_crosses_with_its_supplier_taxes_and_account(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids)
    in_sync(bridge.click("purchase_orders", made))
    there, held = sent(bridge, made), bridge.crm("Purchase_Orders", made)
    assert there["Contact"]["Name"] == "Cork & Co"
    assert (there["Status"], there["DeliveryDateString"]) == ("DRAFT", "2026-12-01T00:00:00")
    assert [(one["TaxType"], one["AccountCode"]) for one in there["LineItems"]] == [
        ("INPUT2", "310")
    ]
    assert money(there["Total"]) == money(held["Grand_Total"]) == Decimal("36.00")
    assert held["Xero_Status"] == "Draft"
    writes = bridge.writes()
    in_sync(bridge.click("purchase_orders", made))
    assert bridge.writes() == writes


def test_a_discount_becomes_a_lower_price_that_comes_to_the_same(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    rows = [crm_row(ids[1], "3", "10", Discount=Decimal("1.00")), crm_row(ids[1], "1", "7")]
    made = order(bridge, ids, *rows, Discount=Decimal("0.50"))
    in_sync(bridge.click("purchase_orders", made))
    there, held = sent(bridge, made), bridge.crm("Purchase_Orders", made)
    assert not there["IsDiscounted"]
    assert there["LineItems"][0]["UnitAmount"] == Decimal("9.6667")
    assert money(there["Total"]) == money(held["Grand_Total"])
    writes = bridge.writes()
    bridge.later(60)
    in_sync(bridge.click("purchase_orders", made))
    assert bridge.writes() == writes
    assert held["Purchase_Items"][0]["Discount"] == Decimal("1.00")


def test_a_discount_no_price_can_express_is_held_with_both_amounts(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    rows = [crm_row(ids[1], "7777.7777", "1.1111", Discount=Decimal("0.03"))]
    made = order(bridge, ids, *rows)
    link = bridge.click("purchase_orders", made)
    assert (link.state, link.message_key) == ("needs_attention", "discount_not_exact")
    params = told(bridge, made, status="held").message_params
    assert params["zoho"] != params["xero"]
    assert bridge.xero_all("PurchaseOrders") == []


def test_approving_in_crm_approves_and_billing_in_xero_shows(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids, Status="Approved")
    link = in_sync(bridge.click("purchase_orders", made))
    assert sent(bridge, made)["Status"] == "AUTHORISED"
    bridge.world.xero.bill(bridge.tenant, str(link.xero_id))
    bridge.later(60)
    bridge.sweep("purchase_orders")
    held = bridge.crm("Purchase_Orders", made)
    assert (held["Status"], held["Xero_Status"]) == ("Approved", "Billed")
    bridge.world.zoho.edit("Purchase_Orders", made, {"Subject": "Too late"})
    bridge.later(60)
    assert bridge.click("purchase_orders", made).message_key == "conflict_locked"


def test_an_order_of_xero_comes_to_crm_inclusive_and_rated(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    vendor, product = ids
    contact = in_sync(bridge.click("vendors", vendor)).xero_id
    in_sync(bridge.click("products", product))
    bought = {"AccountCode": "310", "TaxType": "INPUT2", "ItemCode": "OAK-1"}
    xero_id = in_xero(
        bridge, "PurchaseOrders", str(contact), xero_line("99.99", **bought),
        xero_line("10.01", DiscountRate=7, **bought), LineAmountTypes="Inclusive",
        DeliveryDate="2026-12-24", Status="AUTHORISED",
    )  # fmt: skip
    bridge.later(60)
    bridge.sweep("purchase_orders")
    link = bridge.link_of_xero("purchase_orders", xero_id)
    held = bridge.crm("Purchase_Orders", str(link.zoho_id))
    assert money(held["Grand_Total"]) == money(bridge.xero("PurchaseOrders", xero_id)["Total"])
    assert (held["Due_Date"], held["Status"]) == ("2026-12-24", "Approved")
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep("purchase_orders")
    assert bridge.writes() == writes


def test_a_cancelled_order_is_deleted_where_that_is_allowed_and_a_billed_one_never(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    bridge.settings(purchase_orders={"to_xero": BOTH_WAYS})
    made, billed = order(bridge, ids), order(bridge, ids, Status="Approved")
    in_sync(bridge.click("purchase_orders", made))
    link = in_sync(bridge.click("purchase_orders", billed))
    bridge.world.zoho.edit("Purchase_Orders", made, {"Status": "Cancelled"})
    bridge.world.xero.bill(bridge.tenant, str(link.xero_id))
    bridge.world.zoho.delete("Purchase_Orders", billed)
    bridge.later(60)
    bridge.click("purchase_orders", made)
    assert sent(bridge, made)["Status"] == "DELETED"
    refused = bridge.click("purchase_orders", billed, direction="to_xero")
    assert refused.message_key == "billed_cannot_be_deleted"
    assert sent(bridge, billed)["Status"] == "BILLED"


def test_a_purchase_tax_is_needed_and_named(bridge: Bridge, ids: tuple[str, str]) -> None:
    bridge.world.xero.change_tax_rate(bridge.tenant, "INPUT2", "ARCHIVED")
    bridge.later(3700)
    bridge.sweep("products")
    link = bridge.click("purchase_orders", order(bridge, ids))
    assert link.message_key == "tax_not_mapped"
    bridge.settings(tax_map=[{"zoho": {"name": "VAT", "percentage": "20"}, "xero": "OUTPUT2"}])
    assert bridge.click("purchase_orders", str(link.zoho_id)).message_key == "tax_not_mapped"
    assert bridge.xero_all("PurchaseOrders") == []
