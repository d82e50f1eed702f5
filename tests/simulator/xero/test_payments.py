"""Payments, credit notes and allocations."""

from datetime import date

import pytest

from simulator.world import World
from tests.simulator.xero.conftest import Caller, line, payment_body

EXCEEDS = "Payment amount exceeds the amount outstanding on this document"


def money(invoice: dict) -> tuple[str, str, str, str]:
    return (
        invoice["Status"],
        str(invoice["AmountPaid"]),
        str(invoice["AmountCredited"]),
        str(invoice["AmountDue"]),
    )


def note_body(contact: dict, amount: str = "50.00", **more: object) -> dict:
    return {
        "Type": "ACCRECCREDIT",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-11-20",
        "Status": "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "LineItems": [line(amount)],
        **more,
    }


def credit_note(call: Caller, contact: dict, amount: str = "50.00", **more: object) -> dict:
    body = {"CreditNotes": [note_body(contact, amount, **more)]}
    return call.ok("PUT", "CreditNotes", body)["CreditNotes"][0]


def allocate(call: Caller, note: dict, invoice: dict, amount: str) -> dict:
    body = allocation(invoice, amount)
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    return call.ok("PUT", path, {"Allocations": [body]})["Allocations"][0]


def allocation(invoice: dict, amount: str) -> dict:
    link = {"InvoiceID": invoice["InvoiceID"]}
    return {"Amount": amount, "Invoice": link, "Date": "2026-11-20"}


def test_paying_all_makes_an_invoice_paid(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    call.pay(invoice, "20.00")
    assert money(call.read(invoice)) == ("AUTHORISED", "20.00", "0.00", "100.00")
    call.pay(invoice, "100.00")
    paid = call.read(invoice)
    assert money(paid) == ("PAID", "120.00", "0.00", "0.00")
    assert paid["FullyPaidOnDate"] == "/Date(1795219200000+0000)/"
    assert len(paid["Payments"]) == 2


def test_deleting_a_payment_opens_the_invoice_again(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    payment = call.pay(invoice, "120.00")
    path = f"Payments/{payment['PaymentID']}"
    gone = call.ok("POST", path, {"Status": "DELETED"})["Payments"][0]
    assert gone["Status"] == "DELETED"
    opened = call.read(invoice)
    assert money(opened) == ("AUTHORISED", "0.00", "0.00", "120.00")
    assert opened["Payments"] == []
    assert "FullyPaidOnDate" not in opened
    assert call.errors("POST", path, {"Status": "DELETED"}) == [
        "This payment has already been deleted."
    ]


def test_a_payment_is_never_changed(call: Caller) -> None:
    payment = call.pay(call.invoice(call.contact()), "20.00")
    assert call.errors("POST", f"Payments/{payment['PaymentID']}", {"Amount": 5}) == [
        "Payments cannot be modified, only created and deleted."
    ]


def test_a_reconciled_payment_stays(world: World, call: Caller) -> None:
    invoice = call.invoice(call.contact())
    payment = world.xero.pay(world.xero.ltd, invoice["InvoiceID"], "20.00", reconciled=True)
    assert call.errors("POST", f"Payments/{payment}", {"Status": "DELETED"}) == [
        "This payment has been reconciled and cannot be deleted."
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Amount": "120.01"}, EXCEEDS),
        ({"Amount": "0"}, "Payment amount must be greater than zero"),
        ({"Amount": "0.001"}, "Payment amount can have at most 2 decimal places"),
        ({"Account": {"Code": "200"}}, "The account type is invalid for payments"),
        ({"Account": {"Code": "777"}}, "Account could not be found"),
        ({"Date": "2019-12-31"}, "The document date cannot be before the end of year lock date."),
    ],
)
def test_payment_rules(call: Caller, fields: dict, message: str) -> None:
    invoice = call.invoice(call.contact())
    body = {"Payments": [payment_body(invoice, "10.00", **fields)]}
    assert call.errors("PUT", "Payments", body) == [message]


def test_payments_go_to_accounts_that_allow_them(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    assert call.pay(invoice, "10.00", Account={"Code": "690"})["Account"]["Code"] == "690"


def test_drafts_take_no_payments(call: Caller) -> None:
    draft = call.invoice(call.contact(), Status="DRAFT")
    body = {"Payments": [payment_body(draft, "10.00")]}
    assert call.errors("PUT", "Payments", body) == [
        "Payments can only be made against Authorised documents"
    ]


def test_a_batch_of_payments_reports_each(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    body = {"Payments": [payment_body(invoice, "100.00"), payment_body(invoice, "100.00")]}
    content = call.ok("PUT", "Payments", body, summarizeErrors="false")
    statuses = [p["StatusAttributeString"] for p in content["Payments"]]
    assert statuses == ["OK", "ERROR"]
    assert money(call.read(invoice)) == ("AUTHORISED", "100.00", "0.00", "20.00")


def test_a_credit_note_is_allocated_and_released(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), credit_note(call, contact)
    entry = allocate(call, note, invoice, "30.00")
    assert money(call.read(invoice)) == ("AUTHORISED", "0.00", "30.00", "90.00")
    assert call.read(invoice)["CreditNotes"][0]["CreditNoteNumber"] == "CN-0001"
    path = f"CreditNotes/{note['CreditNoteID']}"
    shown = call.ok("GET", path)["CreditNotes"][0]
    assert (str(shown["RemainingCredit"]), shown["Status"]) == ("20.00", "AUTHORISED")
    gone = call.ok("DELETE", f"{path}/Allocations/{entry['AllocationID']}")
    assert gone["IsDeleted"] is True
    assert money(call.read(invoice)) == ("AUTHORISED", "0.00", "0.00", "120.00")
    assert call("DELETE", f"{path}/Allocations/{entry['AllocationID']}").status_code == 404


def test_a_used_up_credit_is_paid_and_can_settle_an_invoice(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), credit_note(call, contact, "120.00")
    allocate(call, note, invoice, "120.00")
    assert money(call.read(invoice)) == ("PAID", "0.00", "120.00", "0.00")
    shown = call.ok("GET", f"CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0]
    assert shown["Status"] == "PAID"


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("50.01", "Allocation amount exceeds the remaining credit on this document"),
        ("0", "Allocation amount must be greater than zero"),
    ],
)
def test_allocation_rules(call: Caller, amount: str, message: str) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), credit_note(call, contact)
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    body = {"Allocations": [allocation(invoice, amount)]}
    assert call.errors("PUT", path, body) == [message]


def test_a_draft_credit_cannot_be_allocated(call: Caller) -> None:
    contact = call.contact()
    invoice, note = call.invoice(contact), credit_note(call, contact, Status="DRAFT")
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    assert call.errors("PUT", path, {"Allocations": [allocation(invoice, "5.00")]}) == [
        "Credit can only be allocated between Authorised documents"
    ]


def test_credit_notes_take_no_discounts(call: Caller) -> None:
    body = note_body(call.contact(), LineItems=[line(DiscountRate=5)])
    assert call.errors("PUT", "CreditNotes", {"CreditNotes": [body]}) == [
        "Discounts are only allowed on sales invoices and quotes"
    ]


def test_a_refund_uses_up_a_credit(world: World, call: Caller) -> None:
    note = credit_note(call, call.contact())
    world.xero.refund(world.xero.ltd, note["CreditNoteID"], "20.00")
    shown = call.ok("GET", f"CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0]
    assert str(shown["RemainingCredit"]) == "30.00"
    (payment,) = call.ok("GET", "Payments")["Payments"]
    assert payment["PaymentType"] == "ARCREDITPAYMENT"
    assert payment["CreditNote"]["CreditNoteID"] == note["CreditNoteID"]


def test_a_person_credits_an_invoice_in_one_act(world: World, call: Caller) -> None:
    invoice = call.invoice(call.contact())
    world.xero.credit(world.xero.ltd, invoice["InvoiceID"], "12.50")
    assert money(call.read(invoice)) == ("AUTHORISED", "0.00", "12.50", "107.50")


def test_an_unknown_credit_note_is_named(call: Caller) -> None:
    body = {"CreditNotes": [{"CreditNoteID": "11111111-2222-3333-4444-555555555555"}]}
    assert call.errors("POST", "CreditNotes", body) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_payments_in_a_locked_period_stay(world: World, call: Caller) -> None:
    payment = call.pay(call.invoice(call.contact()), "20.00")
    world.xero.lock_period(world.xero.ltd, date(2026, 11, 30))
    assert call.errors("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"}) == [
        "The document date cannot be before the period lock date."
    ]


def test_figures_add_up_per_currency(world: World, call: Caller) -> None:
    contact = call.contact()
    call.pay(call.invoice(contact), "20.00")
    call.invoice(contact, CurrencyCode="EUR")
    figures = world.xero.figures(world.xero.ltd)
    assert {k: str(v) for k, v in figures["invoice_totals"].items()} == {
        "GBP": "120.00",
        "EUR": "120.00",
    }
    assert {k: str(v) for k, v in figures["invoice_open"].items()} == {
        "GBP": "100.00",
        "EUR": "120.00",
    }
