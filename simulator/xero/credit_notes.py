"""Credit notes. Rules: developer.xero.com/documentation/api/accounting/creditnotes."""

from __future__ import annotations

from typing import Any

from simulator.xero import credit_settling, documents, lines
from simulator.xero.books import Books, Record, new_id
from simulator.xero.documents import NOT_FOR_CHANGE, NOT_FOR_CREATION, PAID_LOCK
from simulator.xero.errors import Invalid
from simulator.xero.lines import ZERO, Document, Remarks
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import CREDIT_NOTE
from simulator.xero.wire import cents

UNIQUE = "Credit Note # must be unique."
PLAIN = ("Reference", "CreditNoteNumber", "BrandingThemeID", "DueDate", "Date")


def save(call: Call, sent: Record) -> Saved:
    """Create or update one credit note; Invalid with Xero's sentences."""
    old = _match(call, sent)
    remarks = Remarks()
    record = _started(call, sent, old, remarks)
    if record["Status"] in {"VOIDED", "DELETED"}:
        if old is not None and _used(old):
            remarks.errors.append(PAID_LOCK)
        record["RemainingCredit"] = ZERO
    else:
        _fill(call, record, sent, old, remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors, warnings=tuple(remarks.warnings))
    if not record.get("CreditNoteNumber") and record["Type"] == "ACCRECCREDIT":
        record["CreditNoteNumber"] = call.books.next_number("CN")
    call.books.store("CreditNotes", record, created=old is None)
    documents.refresh_contact_flags(call.books, record)
    changes = "Created" if old is None else "Edited"
    call.books.note(record["CreditNoteID"], changes, f"Credit note {changes.lower()}", call.user)
    return Saved(record=record, warnings=tuple(remarks.warnings))


def _match(call: Call, sent: Record) -> Record | None:
    books = call.books
    if sent.get("CreditNoteID"):
        found = books.get("CreditNotes", sent["CreditNoteID"])
        if found is None:
            raise Invalid(credit_settling.NOT_FOUND)
        return found
    if sent.get("CreditNoteNumber") and sent.get("Type", "ACCRECCREDIT") == "ACCRECCREDIT":
        hits = books.find("CreditNotes", "CreditNoteNumber", sent["CreditNoteNumber"])
        if hits and call.create_only:
            raise Invalid(UNIQUE)
        return hits[0] if hits else None
    return None


def _started(call: Call, sent: Record, old: Record | None, remarks: Remarks) -> Record:
    if old is None:
        status = sent.get("Status", "DRAFT")
        if status not in {"DRAFT", "SUBMITTED", "AUTHORISED"}:
            remarks.errors.append(NOT_FOR_CREATION.format("Credit note"))
        if "Type" not in sent:
            remarks.errors.append("Credit note Type must be specified")
        return {
            "CreditNoteID": new_id(),
            "Type": sent.get("Type", "ACCRECCREDIT"),
            "Status": status,
            "Date": sent.get("Date", call.books.now().date()),
            "_allocations": [],
        }
    status = sent.get("Status", old["Status"])
    if status not in documents.MOVES[old["Status"]]:
        raise Invalid(NOT_FOR_CHANGE.format("Credit note"))
    return {**old, "Status": status}


def _used(note: Record) -> bool:
    return bool(note["RemainingCredit"] != note["Total"] and note["Status"] != "DRAFT")


def _fill(call: Call, record: Record, sent: Record, old: Record | None, remarks: Remarks) -> None:
    for name in PLAIN:
        if name in sent:
            record[name] = sent[name]
    record["_contact"] = documents.contact_of(call, sent, old, remarks)
    record["LineAmountTypes"] = sent.get(
        "LineAmountTypes", old["LineAmountTypes"] if old else "Exclusive"
    )
    record |= documents.currency_of(call, sent, old, record["_contact"], remarks)
    document = Document(
        amounts=record["LineAmountTypes"],
        sales=record["Type"] == "ACCRECCREDIT",
        discounts=False,
        approved=record["Status"] == "AUTHORISED",
    )
    record["LineItems"] = documents.lines_of(call, sent, old, document, remarks)
    record |= lines.sums(record["LineItems"], record["LineAmountTypes"])
    taken = old["Total"] - old["RemainingCredit"] if old else ZERO
    record["RemainingCredit"] = record["Total"] - taken
    if taken and old is not None and documents.line_facts(old) != documents.line_facts(record):
        remarks.errors.append(PAID_LOCK)
    if record["Status"] == "AUTHORISED":
        documents.check_lock(call.books, record["Date"], remarks)


def render(call: Call, notes: list[Record], detail: Detail) -> list[Record]:
    """Credit notes at the asked detail."""
    return [_rendered(call, note, detail) for note in notes]


def _rendered(call: Call, note: Record, detail: Detail) -> Record:
    shown: dict[str, Any] = {
        "CreditNoteID": note["CreditNoteID"],
        "CreditNoteNumber": note.get("CreditNoteNumber", ""),
        "ID": note["CreditNoteID"],
        "Type": note["Type"],
        "Reference": note.get("Reference", ""),
        "RemainingCredit": cents(note["RemainingCredit"]),
        "Allocations": [credit_settling.render(call.books, a) for a in note["_allocations"]],
        "Payments": [],
        "SentToContact": False,
        **documents.common(call, note, detail),
    }
    payments = call.books.tables["Payments"]
    for payment_id in note.get("_payments", ()):
        payment = payments[payment_id]
        if payment["Status"] == "AUTHORISED":
            entry = {"PaymentID": payment_id, "Amount": payment["Amount"]}
            shown["Payments"].append(entry | {"HasAccount": True, "HasValidationErrors": False})
    return shown


def _find(books: Books, key: str) -> Record | None:
    found = books.get("CreditNotes", key.lower())
    return found or credit_settling.by_reference(books, {"CreditNoteNumber": key})


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        "CreditNoteID",
        "Type",
        "Status",
        "CreditNoteNumber",
        "Reference",
        "Date",
        "Total",
        "UpdatedDateUTC",
        "CurrencyCode",
    )
} | {
    "Contact.ContactID": _reader("_contact"),
    "Contact.Name": _reader("_contact_name"),
    "Contact.ContactNumber": _reader("_contact_number"),
}
RESOURCE = Resource(
    name="CreditNotes",
    singular="CreditNote",
    id_field="CreditNoteID",
    scopes=("accounting.invoices",),
    shape=CREDIT_NOTE,
    fields=FIELDS,
    rows=lambda call: documents.rows(call, "CreditNotes"),
    find=_find,
    render=render,
    paged=True,
    modified=True,
    verbs={"PUT": save, "POST": save},
    history=True,
    error_flag="HasErrors",
)
