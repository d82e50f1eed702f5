"""What Xero counts of tracked items shows on the product in CRM, and never goes back."""

from __future__ import annotations

from decimal import Decimal

from tests.sync.bridge import Bridge

TRACKED = {
    "InventoryAssetAccountCode": "630", "PurchaseDetails": {"COGSAccountCode": "310"},
}  # fmt: skip


def test_stock_on_hand_follows_bills_and_sales_of_xero(bridge: Bridge) -> None:
    bridge.settings(sales_account="200")
    product, plain = bridge.product("Oak table", "OAK-1"), bridge.product("Advice", "ADV-1")
    xero, tenant = bridge.world.xero, bridge.tenant
    xero.create(tenant, "Items", {"Code": "OAK-1", "Name": "Oak table", **TRACKED})
    bridge.run_all("products")
    assert bridge.crm("Products", product)["Qty_in_Stock"] == 0
    supplier = xero.create(tenant, "Contacts", {"Name": "Sawmill"})
    bill = {
        "Type": "ACCPAY", "Contact": {"ContactID": supplier}, "Status": "AUTHORISED",
        "Date": "2026-11-02", "DueDate": "2026-12-02", "InvoiceNumber": "B-1",
        "LineItems": [{"ItemCode": "OAK-1", "Description": "Oak table", "Quantity": "12.5",
                       "UnitAmount": "50.00", "AccountCode": "630"}],
    }  # fmt: skip
    bridge.later(60)
    xero.create(tenant, "Invoices", bill)
    bridge.later(600)
    bridge.sweep("products")
    assert bridge.crm("Products", product)["Qty_in_Stock"] == Decimal("12.5")
    assert not bridge.crm("Products", plain)["Qty_in_Stock"]
    writes = bridge.writes()
    bridge.world.zoho.edit("Products", product, {"Qty_in_Stock": Decimal(99)})
    bridge.later(600)
    bridge.sweep("products")
    assert not [each for each in bridge.writes()[len(writes) :] if "Items" in each]
