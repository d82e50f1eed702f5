"""What is credited in Xero shows on the invoice in CRM, in Xero's own figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.core.spec import Side
from backend.sync import heard
from backend.sync.heard import Notice
from tests.sync.bridge import Bridge


@pytest.fixture
def invoiced(bridge: Bridge) -> tuple[Bridge, str, str]:
    """An approved invoice of 12.00 on both sides, swept a moment ago."""
    bridge.settings(sales_account="200", invoice_status_on_create="AUTHORISED")
    invoice = bridge.invoice(bridge.customer(), (bridge.product(), "1", "10.00"))
    link = bridge.click("invoices", invoice)
    bridge.accept("accounts", "products", "invoices")
    bridge.sweep()
    bridge.later(60)
    return bridge, invoice, link.xero_id or ""


def rows(bridge: Bridge, invoice: str) -> list[tuple[str, str]]:
    """What the record page shows beneath the total."""
    held: dict[str, Any] = bridge.link("invoices", invoice).face["money"]
    return [(row["kind"], row["amount"]) for row in held["rows"]]


def test_a_credit_note_shows_in_the_amount_due_and_goes_when_it_is_taken_back(
    invoiced: tuple[Bridge, str, str],
) -> None:
    bridge, invoice, xero_id = invoiced
    note = bridge.world.xero.credit(bridge.tenant, xero_id, "5.00")
    bridge.sweep()
    assert bridge.crm("Invoices", invoice)["Xero_Amount_Due"] == Decimal("7.00")
    assert rows(bridge, invoice) == [("credit_note", "5.00")]
    bridge.later(60)
    (entry,) = bridge.world.xero.shown(bridge.tenant, "CreditNotes", note)["Allocations"]
    bridge.world.xero.unallocate(bridge.tenant, note, entry["AllocationID"])
    bridge.sweep()
    assert bridge.crm("Invoices", invoice)["Xero_Amount_Due"] == Decimal("12.00")
    assert rows(bridge, invoice) == []


def test_the_webhook_of_a_credit_note_looks_at_its_invoice(
    invoiced: tuple[Bridge, str, str],
) -> None:
    bridge, invoice, xero_id = invoiced
    note = bridge.world.xero.credit(bridge.tenant, xero_id, "12.00")
    told = Notice(
        side=Side.XERO, module="CREDITNOTE", tenant_id=bridge.tenant, record_id=note,
        event_at=bridge.sync.clock(),
    )  # fmt: skip
    heard.keep(bridge.sync, [told])
    heard.follow(bridge.sync)
    bridge.drain()
    held = bridge.crm("Invoices", invoice)
    assert (held["Xero_Amount_Due"], held["Xero_Status"]) == (Decimal(0), "Paid")


@pytest.mark.parametrize("kind", ["overpayment", "prepayment"])
def test_what_was_paid_too_much_or_too_early_shows_where_it_is_used(
    invoiced: tuple[Bridge, str, str], kind: str
) -> None:
    bridge, invoice, xero_id = invoiced
    bridge.world.xero.paid_before(bridge.tenant, xero_id, "4.00", kind=kind)
    bridge.sweep()
    assert bridge.crm("Invoices", invoice)["Xero_Amount_Due"] == Decimal("8.00")
    assert rows(bridge, invoice) == [(kind, "4.00")]


def test_a_refund_leaves_the_invoice_as_xero_has_it_and_cannot_be_taken_for_its_payment(
    invoiced: tuple[Bridge, str, str],
) -> None:
    bridge, invoice, xero_id = invoiced
    note = bridge.world.xero.credit(bridge.tenant, xero_id, "5.00")
    spare = bridge.world.xero.record(bridge.tenant, "CreditNotes", note)
    more = bridge.world.xero.create(bridge.tenant, "CreditNotes", {
        "Type": "ACCRECCREDIT", "Contact": {"ContactID": spare["_contact"]},
        "Status": "AUTHORISED", "LineAmountTypes": "NoTax",
        "LineItems": [{"Description": "Broken", "Quantity": "1", "UnitAmount": "3.00",
                       "AccountCode": "200"}],
    })  # fmt: skip
    bridge.world.xero.refund(bridge.tenant, more)
    bridge.sweep()
    held = bridge.crm("Invoices", invoice)
    assert (held["Xero_Amount_Due"], held["Xero_Amount_Paid"]) == (Decimal("7.00"), Decimal(0))
    assert rows(bridge, invoice) == [("credit_note", "5.00")]
    bridge.world.xero.pay(bridge.tenant, xero_id, "7.00")
    bridge.later(60)
    bridge.sweep()
    held = bridge.crm("Invoices", invoice)
    assert (held["Xero_Amount_Due"], held["Xero_Status"]) == (Decimal(0), "Paid")
    assert sorted(rows(bridge, invoice)) == [("credit_note", "5.00"), ("payment", "7.00")]
