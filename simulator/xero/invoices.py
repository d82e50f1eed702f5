"""Invoices and bills. Rules: developer.xero.com/documentation/api/accounting/invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from simulator.xero import documents, lines, stock
from simulator.xero.books import Books, Record, new_id
from simulator.xero.documents import NOT_FOR_CHANGE, NOT_FOR_CREATION, PAID_LOCK
from simulator.xero.errors import Invalid
from simulator.xero.invoice_views import FIELDS, render
from simulator.xero.lines import ZERO, Document, Remarks
from simulator.xero.resource import Call, Resource, Saved
from simulator.xero.shapes import INVOICE
from simulator.xero.terms import due_date

UNIQUE = "Invoice # must be unique."
SENT_WARNING = "Only AUTHORISED invoices may have SentToContact updated."
# What may still change once a sales invoice has a payment or a credit on it.
FREE_WHEN_PAID = frozenset(
    {
        "Reference",
        "DueDate",
        "InvoiceNumber",
        "BrandingThemeID",
        "Url",
        "SentToContact",
        "ExpectedPaymentDate",
        "PlannedPaymentDate",
    }
)
FROZEN_WHEN_PAID = (
    "Date",
    "LineAmountTypes",
    "CurrencyCode",
    "CurrencyRate",
    "SubTotal",
    "TotalTax",
    "Total",
)
# Xero's pages: these do not move UpdatedDateUTC of a part-paid document.
BLIND = frozenset({"DueDate", "SentToContact"})
PLAIN = (*FREE_WHEN_PAID, "Type")


def save(call: Call, sent: Record) -> Saved:
    """Create or update one invoice; Invalid with Xero's sentences."""
    old = match(call, sent)
    remarks = Remarks()
    record = _created(call, sent, remarks) if old is None else _changed(call, sent, old, remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors, warnings=tuple(remarks.warnings))
    stock.move(call.books, old, record)
    quiet = old is not None and _is_blind(call, old, sent)
    call.books.store("Invoices", record, created=old is None, quiet=quiet)
    documents.refresh_contact_flags(call.books, record)
    _note(call, old, record)
    return Saved(record=record, warnings=tuple(remarks.warnings))


def match(call: Call, sent: Record) -> Record | None:
    """The invoice an element means: by id, else (sales) by number; None for a new one."""
    books = call.books
    if sent.get("InvoiceID"):
        found = books.get("Invoices", sent["InvoiceID"])
        if found is None:
            raise Invalid("The invoice could not be found")
        if call.create_only:
            raise Invalid(UNIQUE)
        return found
    if sent.get("InvoiceNumber") and sent.get("Type", "ACCREC") == "ACCREC":
        hits = books.find("Invoices", "InvoiceNumber", sent["InvoiceNumber"])
        if hits and call.create_only:
            raise Invalid(UNIQUE)
        return hits[0] if hits else None
    return None


def _created(call: Call, sent: Record, remarks: Remarks) -> Record:
    status = sent.get("Status", "DRAFT")
    if status not in {"DRAFT", "SUBMITTED", "AUTHORISED"}:
        remarks.errors.append(NOT_FOR_CREATION.format("Invoice"))
        status = "DRAFT"
    if "Type" not in sent:
        remarks.errors.append("Invoice Type must be specified")
    record: Record = {
        "InvoiceID": new_id(),
        "Type": sent.get("Type", "ACCREC"),
        "Status": status,
        "Date": sent.get("Date", call.books.now().date()),
        "AmountPaid": ZERO,
        "AmountCredited": ZERO,
    }
    _fill(call, record, sent, None, remarks)
    if not remarks.errors and not record.get("InvoiceNumber") and record["Type"] == "ACCREC":
        record["InvoiceNumber"] = call.books.next_number("INV")
    return record


def _changed(call: Call, sent: Record, old: Record, remarks: Remarks) -> Record:
    status = sent.get("Status", old["Status"])
    allowed = documents.MOVES[old["Status"]]
    if status not in allowed:
        raise Invalid(NOT_FOR_CHANGE.format("Invoice"))
    if sent.get("Type", old["Type"]) != old["Type"]:
        remarks.errors.append("The Type of an invoice cannot be changed")
    record = {**old, "Status": status}
    if status == "VOIDED":
        return _voided(call, old, record, remarks)
    if status == "DELETED":
        return {**record, "AmountDue": ZERO}
    _fill(call, record, sent, old, remarks)
    if is_touched(old):
        _check_paid(old, record, remarks)
    return record


def is_touched(invoice: Record) -> bool:
    """Whether anything has been paid or credited."""
    return bool(invoice["AmountPaid"] or invoice["AmountCredited"])


def _voided(call: Call, old: Record, record: Record, remarks: Remarks) -> Record:
    if is_touched(old):
        remarks.errors.append(PAID_LOCK)
    documents.check_lock(call.books, old["Date"], remarks)
    return {**record, "AmountDue": ZERO}


def _fill(call: Call, record: Record, sent: Record, old: Record | None, remarks: Remarks) -> None:
    """Everything but identity and status."""
    approved = record["Status"] in {"AUTHORISED", "PAID"}
    sales = record["Type"] == "ACCREC"
    record["_contact"] = documents.contact_of(call, sent, old, remarks)
    if "Date" in sent:
        record["Date"] = sent["Date"]
    for name in PLAIN:
        if name in sent:
            record[name] = sent[name]
    record["LineAmountTypes"] = sent.get(
        "LineAmountTypes", old["LineAmountTypes"] if old else "Exclusive"
    )
    record |= documents.currency_of(call, sent, old, record["_contact"], remarks)
    document = Document(
        amounts=record["LineAmountTypes"], sales=sales, discounts=sales, approved=approved
    )
    record["LineItems"] = documents.lines_of(call, sent, old, document, remarks)
    record |= lines.sums(record["LineItems"], record["LineAmountTypes"])
    _due(call, record, approved=approved, remarks=remarks)
    _check_header(call, record, sent, old, remarks)
    _rounding(call, record, sent, remarks)
    record["AmountDue"] = record["Total"] - record["AmountPaid"] - record["AmountCredited"]
    if approved:
        _settle(record)
        locked = [record["Date"]] + ([old["Date"]] if old and old["Status"] == "AUTHORISED" else [])
        for day in locked[:1] if locked[0] == locked[-1] else locked:
            documents.check_lock(call.books, day, remarks)


def _settle(record: Record) -> None:
    """An approved invoice of nothing is paid at once."""
    if record["AmountDue"] == 0 and record["Status"] == "AUTHORISED":
        record["Status"] = "PAID"
        record["FullyPaidOnDate"] = record["Date"]


def _due(call: Call, record: Record, *, approved: bool, remarks: Remarks) -> None:
    if "DueDate" not in record:
        contact = call.books.get("Contacts", record["_contact"])
        side = "Sales" if record["Type"] == "ACCREC" else "Bills"
        terms = (contact or {}).get("PaymentTerms", {}).get(side)
        if terms:
            record["DueDate"] = due_date(record["Date"], terms)
    due: date | None = record.get("DueDate")
    if approved and due is None:
        remarks.errors.append("Due date must be specified to approve an invoice")


def _check_header(
    call: Call, record: Record, sent: Record, old: Record | None, remarks: Remarks
) -> None:
    number = record.get("InvoiceNumber", "")
    if len(number) > 255 or not all(" " <= c <= "~" for c in number):
        remarks.errors.append("Invoice number must be printable ASCII of at most 255 characters")
    if number and record["Type"] == "ACCREC":
        hits = call.books.find("Invoices", "InvoiceNumber", number)
        if any(h["InvoiceID"] != record["InvoiceID"] for h in hits):
            remarks.errors.append(UNIQUE)
    if len(record.get("Reference", "")) > 255:
        remarks.errors.append("Reference exceeds the maximum length of 255 characters")
    if record["Type"] == "ACCPAY":
        record.pop("Reference", None)
    if "SentToContact" in sent and record["Status"] not in {"AUTHORISED", "PAID"}:
        record["SentToContact"] = bool(old and old.get("SentToContact"))
        remarks.warnings.append(SENT_WARNING)
    url = record.get("Url", "")
    if url and not url.startswith(("http://", "https://")):
        remarks.errors.append("Url must be a valid absolute url")


def _rounding(call: Call, record: Record, sent: Record, remarks: Remarks) -> None:
    """RoundingAmount is an opt-in of the organisation (xero-node 20)."""
    if "RoundingAmount" not in sent:
        record["Total"] += record.get("RoundingAmount", ZERO)
        return
    amount: Decimal = sent["RoundingAmount"]
    if not call.books.world.switches.xero_rounding_opt_in or abs(amount) > Decimal("0.10"):
        remarks.errors.append("RoundingAmount cannot be used by this organisation")
    record["RoundingAmount"] = amount
    record["Total"] += amount


def _check_paid(old: Record, record: Record, remarks: Remarks) -> None:
    """Nothing of a touched bill may change, and no amount of a touched invoice."""
    shown_lines = documents.line_facts(old) != documents.line_facts(record)
    if record["Type"] == "ACCPAY":
        watched = (*FROZEN_WHEN_PAID, *FREE_WHEN_PAID, "_contact")
        if shown_lines or documents.is_changed(old, record, watched):
            remarks.errors.append(PAID_LOCK)
        return
    moved = old["AmountCredited"] and old["_contact"] != record["_contact"]
    if shown_lines or moved or documents.is_changed(old, record, FROZEN_WHEN_PAID):
        remarks.errors.append(PAID_LOCK)


def _is_blind(call: Call, old: Record, sent: Record) -> bool:
    changed = sent.keys() - {"InvoiceID", "InvoiceNumber", "Type", "Status"}
    return bool(
        call.books.world.switches.ims_blind_spots
        and is_touched(old)
        and changed
        and changed <= BLIND
    )


def _note(call: Call, old: Record | None, record: Record) -> None:
    name = record.get("InvoiceNumber", "")
    if old is None:
        changes = "Approved" if record["Status"] in {"AUTHORISED", "PAID"} else "Created"
    elif old["Status"] != record["Status"]:
        changes = {"AUTHORISED": "Approved", "VOIDED": "Voided", "DELETED": "Deleted"}.get(
            record["Status"], "Edited"
        )
    else:
        changes = "Edited"
    details = f"{changes} INVOICE {name} for {record['Total']} {record['CurrencyCode']}."
    call.books.note(record["InvoiceID"], changes, details, call.user)


def settle_after(call: Call, invoice: Record, day: date) -> None:
    """Recompute what is due after a payment or credit came or went, and stamp the invoice."""
    invoice["AmountDue"] = invoice["Total"] - invoice["AmountPaid"] - invoice["AmountCredited"]
    if invoice["AmountDue"] == 0:
        invoice["Status"] = "PAID"
        invoice["FullyPaidOnDate"] = day
    else:
        invoice["Status"] = "AUTHORISED"
        invoice.pop("FullyPaidOnDate", None)
    invoice["UpdatedDateUTC"] = call.books.now()
    call.books.store("Invoices", invoice, quiet=True)
    if call.books.world.switches.payment_fires_invoice_webhook:
        call.books.tell("Invoices", invoice, "UPDATE")


def by_reference(books: Books, link: Record) -> Record | None:
    """The invoice a payment or allocation names, by id or number."""
    if link.get("InvoiceID"):
        return books.get("Invoices", link["InvoiceID"])
    hits = books.find("Invoices", "InvoiceNumber", link.get("InvoiceNumber", ""))
    return hits[0] if hits else None


def _rows(call: Call) -> list[Record]:
    return documents.rows(call, "Invoices")


def _find(books: Books, key: str) -> Record | None:
    found = books.get("Invoices", key.lower())
    return found or by_reference(books, {"InvoiceNumber": key})


VERBS: dict[str, Any] = {"PUT": save, "POST": save}
RESOURCE = Resource(
    name="Invoices",
    singular="Invoice",
    id_field="InvoiceID",
    scopes=("accounting.invoices",),
    shape=INVOICE,
    fields=FIELDS,
    rows=_rows,
    find=_find,
    render=render,
    paged=True,
    modified=True,
    searched=("InvoiceNumber", "Reference"),
    explicit={
        "InvoiceNumbers": "InvoiceNumber",
        "ContactIDs": "Contact.ContactID",
        "Statuses": "Status",
    },
    verbs=VERBS,
    history=True,
    error_flag="HasErrors",
)
