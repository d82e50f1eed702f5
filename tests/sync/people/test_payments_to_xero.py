"""An invoice marked paid in CRM becomes one payment in Xero, of what is due and never twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulator.faults import Fault, Kind
from tests.sync.bridge import Bridge

ON = {"allow": True, "create": True, "update": True, "delete": False}


@pytest.fixture
def paying(bridge: Bridge) -> Bridge:
    """Payments to Xero are on, invoices are approved at once."""
    bridge.settings(
        payments={"to_xero": ON}, payment_account="090", sales_account="200",
        invoice_status_on_create="AUTHORISED",
    )  # fmt: skip
    return bridge


def sent(bridge: Bridge, **more: Any) -> str:
    """An invoice of 12.00 that both sides have."""
    customer, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(customer, (product, "1", "10.00"), **more)
    link = bridge.click("invoices", invoice)
    assert link.xero_id, (link.message_key, link.words)
    return invoice


def payments(bridge: Bridge) -> list[dict[str, Any]]:
    """What stands in Xero."""
    return [each for each in bridge.xero_all("Payments") if each["Status"] == "AUTHORISED"]


def mark_paid(bridge: Bridge, invoice: str) -> None:
    """A person calls it paid in CRM."""
    bridge.world.zoho.edit("Invoices", invoice, {"Status": "Paid"})


def test_marked_paid_it_is_paid_in_full_on_the_chosen_account_once(paying: Bridge) -> None:
    invoice = sent(paying)
    mark_paid(paying, invoice)
    link = paying.click("invoices", invoice)
    assert (link.state, link.message_key) == ("in_sync", None)
    (made,) = payments(paying)
    assert (made["Amount"], made["Reference"]) == (Decimal("12.00"), f"CRM invoice {invoice}")
    held = paying.crm("Invoices", invoice)
    assert (held["Xero_Amount_Due"], held["Xero_Status"]) == (Decimal(0), "Paid")
    assert "paid_in_xero" in {row.message_key for row in paying.log(module="invoices")}
    paying.click("invoices", invoice)
    paying.accept("accounts", "products", "invoices")
    paying.later(600)
    paying.sweep()
    assert len(payments(paying)) == 1


def test_off_by_default_nothing_is_booked(bridge: Bridge) -> None:
    bridge.settings(
        payment_account="090", sales_account="200", invoice_status_on_create="AUTHORISED"
    )
    invoice = sent(bridge)
    mark_paid(bridge, invoice)
    assert bridge.click("invoices", invoice).state == "in_sync"
    assert payments(bridge) == []


def test_only_what_is_still_due_is_paid(paying: Bridge) -> None:
    invoice = sent(paying)
    paying.world.xero.pay(paying.tenant, paying.link("invoices", invoice).xero_id or "", "5.00")
    mark_paid(paying, invoice)
    paying.click("invoices", invoice)
    assert sorted(each["Amount"] for each in payments(paying)) == [Decimal("5.00"), Decimal("7.00")]


def test_a_draft_waits_for_its_approval_and_then_goes_by_itself(paying: Bridge) -> None:
    paying.settings(invoice_status_on_create="DRAFT")
    invoice = sent(paying)
    mark_paid(paying, invoice)
    link = paying.click("invoices", invoice)
    assert (link.state, link.message_key) == ("needs_attention", "payment_needs_approval")
    assert payments(paying) == []
    paying.accept("accounts", "products", "invoices")
    paying.later(60)
    paying.world.xero.approve(paying.tenant, link.xero_id or "")
    paying.sweep()
    assert [each["Amount"] for each in payments(paying)] == [Decimal("12.00")]


def test_without_an_account_it_waits_and_says_so(paying: Bridge) -> None:
    paying.settings(payment_account=None)
    invoice = sent(paying)
    mark_paid(paying, invoice)
    assert paying.click("invoices", invoice).message_key == "payment_account_missing"
    paying.settings(payment_account="090")
    assert paying.click("invoices", invoice).state == "in_sync"
    assert len(payments(paying)) == 1


def test_a_payment_deleted_in_xero_shows_and_is_not_made_again(paying: Bridge) -> None:
    invoice = sent(paying)
    mark_paid(paying, invoice)
    paying.click("invoices", invoice)
    paying.accept("accounts", "products", "invoices")
    paying.later(60)
    paying.world.xero.delete_payment(paying.tenant, payments(paying)[0]["PaymentID"])
    paying.sweep()
    assert payments(paying) == []
    held = paying.crm("Invoices", invoice)
    assert (held["Xero_Amount_Due"], held["Xero_Amount_Paid"]) == (Decimal("12.00"), Decimal(0))


def test_a_lost_answer_makes_no_second_payment(paying: Bridge) -> None:
    invoice = sent(paying)
    mark_paid(paying, invoice)
    paying.world.faults.add(Fault(kind=Kind.RESET_AFTER, side="xero", match="PUT .*/Payments"))
    paying.click("invoices", invoice)
    paying.later(3600)
    paying.click("invoices", invoice)
    assert [each["Amount"] for each in payments(paying)] == [Decimal("12.00")]
    assert paying.link("invoices", invoice).state == "in_sync"


def test_a_foreign_invoice_is_left_to_the_accountant(paying: Bridge) -> None:
    paying.world.xero.enable_currency(paying.tenant, "EUR")
    customer, product = paying.customer(), paying.product()
    invoice = paying.invoice(customer, (product, "1", "10.00"), Currency="EUR")
    link = paying.click("invoices", invoice)
    if link.xero_id is None:
        pytest.fail(f"{link.message_key} {link.message_params}")
    mark_paid(paying, invoice)
    assert paying.click("invoices", invoice).message_key == "payment_account_currency"
    assert payments(paying) == []
