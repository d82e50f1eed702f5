"""Invoices as answers show them, and the fields a query may name."""

from __future__ import annotations

from typing import Any

from simulator.xero import documents
from simulator.xero.books import Books, Record
from simulator.xero.resource import Call, Detail
from simulator.xero.wire import cents, midnight

PLAIN = ("InvoiceNumber", "Reference", "Url")


def render(call: Call, invoices: list[Record], detail: Detail) -> list[Record]:
    """Invoices at the asked detail."""
    return [_rendered(call, invoice, detail) for invoice in invoices]


def _rendered(call: Call, invoice: Record, detail: Detail) -> Record:
    shown: dict[str, Any] = {"Type": invoice["Type"], "InvoiceID": invoice["InvoiceID"]}
    shown |= {name: invoice[name] for name in PLAIN if name in invoice}
    if "InvoiceNumber" not in shown:
        shown["InvoiceNumber"] = ""
    if invoice["Type"] == "ACCREC":
        shown.setdefault("Reference", "")
    if detail != Detail.SUMMARY:
        shown["Payments"] = _payments(call.books, invoice)
        shown["CreditNotes"] = _credits(call.books, invoice)
        shown |= {name: _advances(call.books, invoice, name) for name in ADVANCES}
    shown |= {
        "AmountDue": cents(invoice["AmountDue"]),
        "AmountPaid": cents(invoice["AmountPaid"]),
        "AmountCredited": cents(invoice["AmountCredited"]),
        "SentToContact": invoice.get("SentToContact", False),
        "IsDiscounted": bool(invoice["TotalDiscount"]),
        "InvoicePaymentServices": [],
        **documents.common(call, invoice, detail),
    }
    if invoice["TotalDiscount"]:
        shown["TotalDiscount"] = cents(invoice["TotalDiscount"])
    for name in ("ExpectedPaymentDate", "PlannedPaymentDate"):
        if invoice.get(name):
            shown[name] = midnight(invoice[name])
    if detail == Detail.ONE and invoice.get("RoundingAmount"):
        shown["RoundingAmount"] = invoice["RoundingAmount"]
    return shown


def _payments(books: Books, invoice: Record) -> list[Record]:
    payments = books.tables["Payments"]
    return [
        {
            "PaymentID": payment["PaymentID"],
            "Date": midnight(payment["Date"]),
            "Amount": payment["Amount"],
            "Reference": payment.get("Reference", ""),
            "CurrencyRate": payment["CurrencyRate"],
            "HasAccount": True,
            "HasValidationErrors": False,
        }
        for payment in (payments[i] for i in invoice.get("_payments", ()))
        if payment["Status"] == "AUTHORISED"
    ]


def _credits(books: Books, invoice: Record) -> list[Record]:
    found = []
    for note_id, amount, day in _allocations(books, invoice):
        note = books.tables["CreditNotes"][note_id]
        found.append(
            {
                "CreditNoteID": note_id,
                "CreditNoteNumber": note.get("CreditNoteNumber", ""),
                "ID": note_id,
                "HasErrors": False,
                "AppliedAmount": amount,
                "Date": midnight(day),
                "DateString": f"{day.isoformat()}T00:00:00",
                "LineItems": [],
                "Total": cents(note["Total"]),
            }
        )
    return found


ADVANCES = {"Prepayments": "PrepaymentID", "Overpayments": "OverpaymentID"}


def _advances(books: Books, invoice: Record, table: str) -> list[Record]:
    """What an invoice shows of the over- or prepayments used on it."""
    return [
        {
            ADVANCES[table]: record_id,
            "AppliedAmount": entry["Amount"],
            "Date": midnight(entry["Date"]),
            "Total": books.tables[table][record_id]["Total"],
        }
        for kind, record_id in invoice.get("_advances", ())
        if kind == table
        for entry in books.tables[table][record_id]["_allocations"]
        if entry["InvoiceID"] == invoice["InvoiceID"]
    ]


def _allocations(books: Books, invoice: Record) -> list[tuple[str, Any, Any]]:
    return [
        (note_id, entry["Amount"], entry["Date"])
        for note_id in invoice.get("_credits", ())
        for entry in books.tables["CreditNotes"][note_id]["_allocations"]
        if entry["InvoiceID"] == invoice["InvoiceID"]
    ]


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        "InvoiceID",
        "Type",
        "Status",
        "InvoiceNumber",
        "Reference",
        "Date",
        "DueDate",
        "AmountDue",
        "AmountPaid",
        "AmountCredited",
        "Total",
        "SubTotal",
        "TotalTax",
        "CurrencyCode",
        "UpdatedDateUTC",
        "FullyPaidOnDate",
        "SentToContact",
    )
} | {
    "InvoiceId": _reader("InvoiceID"),
    "Contact.ContactID": _reader("_contact"),
    "Contact.ContactId": _reader("_contact"),
    "Contact.Name": _reader("_contact_name"),
    "Contact.ContactNumber": _reader("_contact_number"),
}
