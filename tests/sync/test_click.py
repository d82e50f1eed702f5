"""One press of a button on one record."""

from __future__ import annotations

from decimal import Decimal

from tests.sync.bridge import Bridge


def test_a_new_customer_goes_to_xero_and_carries_our_marks(any_bridge: Bridge) -> None:
    bridge = any_bridge
    account = bridge.customer("Kestrel Foods", Phone="+44 20 7946 0000", Billing_City="Leeds")

    link = bridge.click("accounts", account)

    assert link.state == "in_sync", (link.message_key, link.words)
    contact = bridge.xero("Contacts", link.xero_id)
    assert contact["Name"] == "Kestrel Foods"
    assert contact["ContactNumber"] == account
    assert bridge.crm("Accounts", account)["Xero_ID"] == link.xero_id
    assert [row.operation for row in bridge.log(status="success")] == ["create"]


def test_an_invoice_brings_its_customer_and_products(any_bridge: Bridge) -> None:
    bridge = any_bridge
    account, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(account, (product, "2", "120.00"), (product, "1", "9.99"))

    link = bridge.click("invoices", invoice, "to_xero")

    assert link.state == "in_sync", (link.message_key, link.message_params, link.words)
    sent = bridge.xero("Invoices", link.xero_id)
    assert sent["Contact"]["ContactID"] == bridge.link("accounts", account).xero_id
    assert Decimal(str(sent["Total"])) == Decimal("299.99")
    assert bridge.crm("Invoices", invoice)["Xero_Amount_Due"] == Decimal("299.99")
    assert bridge.crm("Invoices", invoice)["Xero_Number"] == sent["InvoiceNumber"]
