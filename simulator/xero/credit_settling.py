"""What is left of a credit note, and its allocations to invoices.

Rules: developer.xero.com/documentation/api/accounting/creditnotes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from simulator.xero import documents, invoices
from simulator.xero.books import Books, Record, new_id
from simulator.xero.errors import Invalid
from simulator.xero.lines import Remarks
from simulator.xero.resource import Call
from simulator.xero.wire import cents, midnight

NOT_FOUND = "An existing Credit Note with the specified CreditNoteID could not be found"
PAIRS = {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}


def by_reference(books: Books, link: Record) -> Record | None:
    """The credit note a payment names, by id or number."""
    if link.get("CreditNoteID"):
        return books.get("CreditNotes", link["CreditNoteID"])
    hits = books.find("CreditNotes", "CreditNoteNumber", link.get("CreditNoteNumber") or "")
    return hits[0] if hits else None


def settle_after(call: Call, note: Record, day: date) -> None:
    """Set the status after something was taken from the credit or came back, and stamp it."""
    if note["RemainingCredit"] == 0:
        note["Status"], note["FullyPaidOnDate"] = "PAID", day
    else:
        note["Status"] = "AUTHORISED"
        note.pop("FullyPaidOnDate", None)
    note["UpdatedDateUTC"] = call.books.now()
    call.books.store("CreditNotes", note, quiet=True)
    call.books.tell("CreditNotes", note, "UPDATE")


def allocate(call: Call, note: Record, sent: Record) -> Record:
    """Use part of a credit on an invoice; Invalid with Xero's sentences."""
    invoice = invoices.by_reference(call.books, sent.get("Invoice") or {})
    if invoice is None:
        raise Invalid("Invoice could not be found")
    remarks = Remarks()
    _check(call, note, invoice, sent, remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors)
    entry: Record = {
        "AllocationID": new_id(),
        "Amount": cents(sent["Amount"]),
        "Date": sent.get("Date", call.books.now().date()),
        "InvoiceID": invoice["InvoiceID"],
    }
    note["_allocations"].append(entry)
    invoice.setdefault("_credits", {})[note["CreditNoteID"]] = None
    _move(call, note, invoice, entry["Amount"], entry["Date"])
    details = f"Credit of {entry['Amount']} {note['CurrencyCode']} applied."
    call.books.note(invoice["InvoiceID"], "Credit Applied", details, call.user)
    return entry


def _check(call: Call, note: Record, invoice: Record, sent: Record, remarks: Remarks) -> None:
    amount = sent.get("Amount")
    if amount is None or amount <= 0:
        remarks.errors.append("Allocation amount must be greater than zero")
        return
    if note["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        remarks.errors.append("Credit can only be allocated between Authorised documents")
    if PAIRS[note["Type"]] != invoice["Type"]:
        remarks.errors.append("The credit note cannot be allocated to this type of document")
    if note["_contact"] != invoice["_contact"]:
        remarks.errors.append("The credit note and the invoice belong to different contacts")
    if note["CurrencyCode"] != invoice["CurrencyCode"]:
        remarks.errors.append("The credit note and the invoice have different currencies")
    if amount > note["RemainingCredit"]:
        remarks.errors.append("Allocation amount exceeds the remaining credit on this document")
    if amount > invoice["AmountDue"]:
        remarks.errors.append("Allocation amount exceeds the amount outstanding on this document")
    documents.check_lock(call.books, sent.get("Date", call.books.now().date()), remarks)


def release(call: Call, note: Record, allocation_id: str) -> Record | None:
    """Take one allocation back; None when there is no such one."""
    found = [a for a in note["_allocations"] if a["AllocationID"] == allocation_id]
    if not found:
        return None
    entry: Record = found[0]
    note["_allocations"].remove(entry)
    invoice = call.books.tables["Invoices"][entry["InvoiceID"]]
    _move(call, note, invoice, -entry["Amount"], call.books.now().date())
    return entry


def _move(call: Call, note: Record, invoice: Record, amount: Any, day: date) -> None:
    note["RemainingCredit"] -= amount
    invoice["AmountCredited"] += amount
    settle_after(call, note, day)
    invoices.settle_after(call, invoice, day)


def render(books: Books, entry: Record) -> Record:
    """An allocation as answers show it."""
    invoice = books.tables["Invoices"][entry["InvoiceID"]]
    return {
        "AllocationID": entry["AllocationID"],
        "Amount": entry["Amount"],
        "Date": midnight(entry["Date"]),
        "Invoice": {
            "InvoiceID": invoice["InvoiceID"],
            "InvoiceNumber": invoice.get("InvoiceNumber", ""),
            "Payments": [],
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "IsDiscounted": False,
            "HasErrors": False,
            "LineItems": [],
        },
    }
