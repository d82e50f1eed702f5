"""Payments and refunds: created and deleted, never changed.

Rules: developer.xero.com/documentation/api/accounting/payments.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from simulator.xero import credit_settling, documents, invoices
from simulator.xero.books import Books, Record, new_id
from simulator.xero.contacts import stub
from simulator.xero.errors import Invalid
from simulator.xero.lines import Remarks
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import PAYMENT
from simulator.xero.wire import cents, midnight

EXCEEDS = "Payment amount exceeds the amount outstanding on this document"
NOT_APPROVED = "Payments can only be made against Authorised documents"
TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}


def save(call: Call, sent: Record) -> Saved:
    """Create one payment, or delete it when its id comes with Status DELETED."""
    if sent.get("PaymentID"):
        return Saved(record=_deleted(call, sent))
    document = _document(call.books, sent)
    remarks = Remarks()
    account = _account(call.books, sent, remarks)
    _check(call.books, sent, document, remarks)
    if remarks.errors or account is None:
        raise Invalid(*remarks.errors)
    return Saved(record=_booked(call, sent, document, account))


def _document(books: Books, sent: Record) -> Record:
    """The one invoice or credit note a payment is for."""
    note = sent.get("CreditNote") or {"CreditNoteNumber": sent.get("CreditNoteNumber")}
    link = sent.get("Invoice") or {"InvoiceNumber": sent.get("InvoiceNumber") or ""}
    found = None
    if any(note.values()):
        found = credit_settling.by_reference(books, note)
    elif any(link.values()):
        found = invoices.by_reference(books, link)
    if found is None:
        raise Invalid("Invoice could not be found")
    return found


def _account(books: Books, sent: Record, remarks: Remarks) -> Record | None:
    link = sent.get("Account", {})
    found = books.get("Accounts", link.get("AccountID", ""))
    if found is None:
        found = books.account(link.get("Code") or sent.get("Code") or "")
    if found is None or found["Status"] != "ACTIVE":
        remarks.errors.append("Account could not be found")
        return None
    if found["Type"] != "BANK" and not found["EnablePaymentsToAccount"]:
        remarks.errors.append("The account type is invalid for payments")
    return found


def _check(books: Books, sent: Record, document: Record, remarks: Remarks) -> None:
    amount: Decimal = sent.get("Amount", Decimal(0))
    if amount <= 0:
        remarks.errors.append("Payment amount must be greater than zero")
    elif document["Status"] not in {"AUTHORISED", "PAID"}:
        remarks.errors.append(NOT_APPROVED)
    elif amount > outstanding(document):
        remarks.errors.append(EXCEEDS)
    elif amount != cents(amount):
        remarks.errors.append("Payment amount can have at most 2 decimal places")
    documents.check_lock(books, sent.get("Date", books.now().date()), remarks)


def outstanding(document: Record) -> Any:
    """What can still be paid on an invoice or given back from a credit note."""
    return document["AmountDue"] if "AmountDue" in document else document["RemainingCredit"]


def _booked(call: Call, sent: Record, document: Record, account: Record) -> Record:
    is_invoice = "InvoiceID" in document
    payment: Record = {
        "PaymentID": new_id(),
        "Date": sent.get("Date", call.books.now().date()),
        "Amount": cents(sent["Amount"]),
        "BankAmount": cents(sent["BankAmount"] if "BankAmount" in sent else sent["Amount"]),
        "CurrencyRate": sent.get("CurrencyRate", document["CurrencyRate"]),
        "PaymentType": TYPES[document["Type"]],
        "Status": "AUTHORISED",
        "Reference": sent.get("Reference", ""),
        "IsReconciled": sent.get("IsReconciled", False),
        "_account": account["AccountID"],
        "_document": document["InvoiceID" if is_invoice else "CreditNoteID"],
        "_table": "Invoices" if is_invoice else "CreditNotes",
    }
    if payment["IsReconciled"]:
        call.books.reconciled.add(payment["PaymentID"])
    call.books.store("Payments", payment)
    document.setdefault("_payments", []).append(payment["PaymentID"])
    _settle(call, payment, payment["Amount"], payment["Date"])
    details = f"Payment of {payment['Amount']} {document['CurrencyCode']} received."
    call.books.note(payment["_document"], "Paid", details, call.user)
    return payment


def _settle(call: Call, payment: Record, amount: Any, day: date) -> None:
    """Move the document's amounts; both get the same time to the millisecond, as in Xero."""
    document = call.books.tables[payment["_table"]][payment["_document"]]
    if payment["_table"] == "Invoices":
        document["AmountPaid"] += amount
        invoices.settle_after(call, document, day)
    else:
        document["RemainingCredit"] -= amount
        credit_settling.settle_after(call, document, day)
    payment["UpdatedDateUTC"] = document["UpdatedDateUTC"]


def _deleted(call: Call, sent: Record) -> Record:
    payment = call.books.get("Payments", sent["PaymentID"])
    if payment is None:
        raise Invalid("Payment could not be found")
    if sent.get("Status") != "DELETED":
        raise Invalid("Payments cannot be modified, only created and deleted.")
    if payment["Status"] == "DELETED":
        raise Invalid("This payment has already been deleted.")
    if payment["PaymentID"] in call.books.reconciled:
        raise Invalid("This payment has been reconciled and cannot be deleted.")
    remarks = Remarks()
    documents.check_lock(call.books, payment["Date"], remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors)
    payment["Status"] = "DELETED"
    _settle(call, payment, -payment["Amount"], call.books.now().date())
    details = f"Payment of {payment['Amount']} removed."
    call.books.note(payment["_document"], "Payment Deleted", details, call.user)
    return payment


def render(call: Call, payments: list[Record], _detail: Detail) -> list[Record]:
    """Payments as answers show them; their documents are stubs."""
    return [_rendered(call, payment) for payment in payments]


def _rendered(call: Call, payment: Record) -> Record:
    books = call.books
    document = books.tables[payment["_table"]][payment["_document"]]
    account = books.tables["Accounts"][payment["_account"]]
    shown: dict[str, Any] = {
        "PaymentID": payment["PaymentID"],
        **documents.dates(payment, ("Date",)),
        "BankAmount": payment["BankAmount"],
        "Amount": payment["Amount"],
        "Reference": payment["Reference"],
        "CurrencyRate": payment["CurrencyRate"],
        "PaymentType": payment["PaymentType"],
        "Status": payment["Status"],
        **documents.updated(call, payment),
        "HasAccount": True,
        "IsReconciled": payment["PaymentID"] in books.reconciled,
        "Account": {"AccountID": account["AccountID"], "Code": account["Code"]},
        "HasValidationErrors": False,
    }
    shown.pop("DateString")
    shown["Date"] = midnight(payment["Date"])
    contact = stub(books.tables["Contacts"][document["_contact"]])
    if payment["_table"] == "Invoices":
        shown["Invoice"] = _invoice_stub(document, contact)
    else:
        shown["CreditNote"] = _note_stub(document, contact)
    return shown


def _invoice_stub(invoice: Record, contact: Record) -> Record:
    return {
        "Type": invoice["Type"],
        "InvoiceID": invoice["InvoiceID"],
        "InvoiceNumber": invoice.get("InvoiceNumber", ""),
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "IsDiscounted": False,
        "InvoicePaymentServices": [],
        "Contact": contact,
        "LineItems": [],
        "CurrencyCode": invoice["CurrencyCode"],
        "HasErrors": False,
    }


def _note_stub(note: Record, contact: Record) -> Record:
    return {
        "Type": note["Type"],
        "CreditNoteID": note["CreditNoteID"],
        "CreditNoteNumber": note.get("CreditNoteNumber", ""),
        "ID": note["CreditNoteID"],
        "Contact": contact,
        "LineItems": [],
        "CurrencyCode": note["CurrencyCode"],
        "HasErrors": False,
    }


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        "PaymentID",
        "PaymentType",
        "Status",
        "Date",
        "Amount",
        "Reference",
        "UpdatedDateUTC",
        "IsReconciled",
    )
} | {
    "PaymentId": _reader("PaymentID"),
    "Invoice.InvoiceID": _reader("_document"),
    "Invoice.InvoiceId": _reader("_document"),
}
RESOURCE = Resource(
    name="Payments",
    singular="Payment",
    id_field="PaymentID",
    scopes=("accounting.payments",),
    shape=PAYMENT,
    fields=FIELDS,
    rows=lambda call: list(call.books.tables["Payments"].values()),
    find=lambda books, key: books.get("Payments", key.lower()),
    render=render,
    paged=True,
    modified=True,
    verbs={"PUT": save, "POST": save},
    history=True,
)
