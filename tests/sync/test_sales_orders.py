"""Sales orders: a draft in Xero, never an invoice of CRM by itself, taken over by the one made of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, money, told
from tests.sync.papers import crm_row, in_crm

BOTH_WAYS = {"allow": True, "create": True, "update": True, "delete": True}


@pytest.fixture
def ids(bridge: Bridge) -> tuple[str, str]:
    """A customer and a product; orders are synced."""
    bridge.accept("accounts", "products", "invoices", "sales_orders")
    bridge.settings(sales_orders={"enabled": True})
    return bridge.customer(), bridge.product()


def order(bridge: Bridge, ids: tuple[str, str], **more: Any) -> str:
    """A sales order of two lines in CRM."""
    customer, product = ids
    rows = (crm_row(product, "2", "10"), crm_row(product, "1", "5.55", Discount=Decimal("0.55")))
    return in_crm(bridge, "Sales_Orders", *rows, Account_Name={"id": customer}, **more)


def converted(bridge: Bridge, ids: tuple[str, str], made: str, quantity: str = "2") -> str:
    """The invoice CRM makes of an order."""
    customer, product = ids
    rows = (crm_row(product, quantity, "10"), crm_row(product, "1", "5"))
    return in_crm(
        bridge, "Invoices", *rows, Account_Name={"id": customer}, Sales_Order={"id": made},
        Invoice_Date="2026-11-20", Due_Date="2026-12-20", Status="Created",
    )  # fmt: skip


def test_orders_are_left_alone_until_they_are_switched_on(bridge: Bridge) -> None:
    made = order(bridge, (bridge.customer(), bridge.product()))
    assert bridge.click("sales_orders", made).message_key == "module_off"
    assert bridge.xero_all("Invoices") == []


def test_an_order_is_a_draft_invoice_and_shows_it(bridge: Bridge, ids: tuple[str, str]) -> None:
    bridge.settings(invoice_status_on_create="AUTHORISED")
    made = order(bridge, ids, Due_Date="2026-12-24")
    link = in_sync(bridge.click("sales_orders", made))
    sent = bridge.xero("Invoices", link.xero_id)
    assert (sent["Type"], sent["Status"], sent["Reference"]) == ("ACCREC", "DRAFT", "Harvest")
    assert sent["DueDateString"] == "2026-12-24T00:00:00"
    assert sent["Url"].endswith(f"/tab/SalesOrders/{made}")
    held = bridge.crm("Sales_Orders", made)
    assert money(sent["Total"]) == money(held["Grand_Total"])
    assert (held["Xero_ID"], held["Xero_Status"]) == (link.xero_id, "Draft")
    assert held["Xero_Number"] == sent["InvoiceNumber"]
    writes = bridge.writes()
    in_sync(bridge.click("sales_orders", made))
    assert bridge.writes() == writes


def test_the_draft_of_an_order_makes_no_invoice_in_crm(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids)
    link = in_sync(bridge.click("sales_orders", made))
    bridge.later(60)
    bridge.sweep()
    assert bridge.crm_all("Invoices") == []
    other = bridge.link_of_xero("invoices", str(link.xero_id))
    assert (other.zoho_id, other.message_key) == (None, "belongs_to_sales_order")
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep()
    assert bridge.writes() == writes


def test_a_crm_invoice_of_the_same_number_does_not_take_a_draft_over(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids)
    draft = in_sync(bridge.click("sales_orders", made)).xero_id
    customer, product = ids
    invoice = bridge.invoice(customer, (product, "1", "99.00"))
    number = bridge.crm("Invoices", invoice)["Invoice_Number"]
    bridge.world.xero.edit(bridge.tenant, "Invoices", str(draft), {"InvoiceNumber": number})
    bridge.later(60)
    bridge.sweep()
    link = bridge.click("invoices", invoice)
    assert link.xero_id != draft
    assert link.message_key == "invoice_number_taken"


def test_the_invoice_made_of_an_order_takes_its_draft_over(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids)
    draft = in_sync(bridge.click("sales_orders", made)).xero_id
    bridge.later(60)
    bridge.sweep()
    invoice = converted(bridge, ids, made, quantity="3")
    link = in_sync(bridge.click("invoices", invoice))
    assert link.xero_id == draft
    assert len(bridge.xero_all("Invoices")) == 1
    sent = bridge.xero("Invoices", draft)
    assert sent["Url"].endswith(f"/tab/Invoices/{invoice}")
    assert money(sent["Total"]) == money(bridge.crm("Invoices", invoice)["Grand_Total"])
    writes = bridge.writes()
    bridge.world.zoho.edit("Sales_Orders", made, {"Subject": "Changed too late"})
    bridge.later(600)
    bridge.sweep()
    assert bridge.writes() == writes
    assert bridge.link("sales_orders", made).state == "in_sync"


def test_an_order_whose_invoice_is_approved_at_once_is_approved(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    bridge.settings(invoice_status_on_create="AUTHORISED", sales_account="200")
    made = order(bridge, ids)
    draft = in_sync(bridge.click("sales_orders", made)).xero_id
    invoice = converted(bridge, ids, made)
    assert in_sync(bridge.click("invoices", invoice)).xero_id == draft
    assert bridge.xero("Invoices", draft)["Status"] == "AUTHORISED"


def test_what_the_accountant_does_to_the_draft_shows_on_the_order(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    bridge.settings(sales_account="200")
    made = order(bridge, ids, Due_Date="2026-12-24")
    draft = in_sync(bridge.click("sales_orders", made)).xero_id
    bridge.later(60)
    bridge.sweep()
    bridge.world.xero.approve(bridge.tenant, str(draft))
    bridge.later(60)
    bridge.sweep()
    held = bridge.crm("Sales_Orders", made)
    assert held["Xero_Status"] == "Awaiting payment"
    assert bridge.crm_all("Invoices") == []
    bridge.world.zoho.edit("Sales_Orders", made, {"Subject": "Later"})
    bridge.later(60)
    assert bridge.click("sales_orders", made).message_key == "conflict_locked"


def test_an_order_that_has_an_invoice_already_makes_no_second_one(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    made = order(bridge, ids)
    invoice = converted(bridge, ids, made)
    link = in_sync(bridge.click("invoices", invoice))
    assert in_sync(bridge.click("sales_orders", made)).xero_id == link.xero_id
    assert len(bridge.xero_all("Invoices")) == 1
    assert bridge.crm("Sales_Orders", made)["Xero_Number"]


def test_a_cancelled_order_takes_its_draft_along_where_deleting_is_on(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    bridge.settings(sales_orders={"enabled": True, "to_xero": BOTH_WAYS})
    made = order(bridge, ids, Status="Created")
    draft = in_sync(bridge.click("sales_orders", made)).xero_id
    bridge.world.zoho.edit("Sales_Orders", made, {"Status": "Cancelled"})
    bridge.later(60)
    bridge.click("sales_orders", made)
    assert bridge.xero("Invoices", draft)["Status"] == "DELETED"
    assert told(bridge, made, direction="to_xero", operation="update")
    new = order(bridge, ids, Status="Cancelled")
    assert bridge.click("sales_orders", new).message_key == "cancelled_not_created"


def test_an_order_dated_in_a_locked_period_is_the_accountants(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    bridge.world.xero.lock_period(bridge.tenant, bridge.world.clock.now().date())
    bridge.later(3700)
    bridge.sweep("accounts")
    made = order(bridge, ids)
    bridge.world.xero.lock_period(bridge.tenant, bridge.world.clock.now().date())
    link = bridge.click("sales_orders", made)
    assert (link.state, link.message_key) == ("needs_attention", "period_locked")
    assert bridge.xero_all("Invoices") == []
