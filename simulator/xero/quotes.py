"""Quotes. Rules: developer.xero.com/documentation/api/accounting/quotes.

They are no entries of the ledger: nothing is locked by a period, no stock moves, and a quote that
is INVOICED neither makes nor names an invoice. There is no webhook for them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.xero import contacts, documents, lines
from simulator.xero.books import Books, Record, folded, new_id
from simulator.xero.errors import Invalid
from simulator.xero.lines import Document, Remarks
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import QUOTE
from simulator.xero.wire import cents, moment

UNIQUE = "Quote number must be unique"
NOT_FOUND = "The quote could not be found"
NO_DATE = "Date is required to update a quote"
NO_CONTACT = "Contact is required to update a quote"
NO_LINES = "At least one line item is required to update a quote"
NOT_FOR_CREATION = "Quote not of valid status for creation"
NOT_ALLOWED = "The quote status cannot be changed from {} to {}"
CLOSED = "Only quotes of status DRAFT or SENT can be edited"
EDITABLE = frozenset({"DRAFT", "SENT"})
MOVES = {
    "DRAFT": frozenset({"SENT", "DELETED"}),
    "SENT": frozenset({"ACCEPTED", "DECLINED", "DELETED"}),
    "DECLINED": frozenset({"SENT", "DELETED"}),
    "ACCEPTED": frozenset({"INVOICED", "SENT", "DELETED"}),
    "INVOICED": frozenset({"SENT", "DELETED"}),
    "DELETED": frozenset[str](),
}
LENGTHS = {
    "QuoteNumber": 255,
    "Reference": 4000,
    "Title": 100,
    "Summary": 3000,
    "Terms": 4000,
}
PLAIN = (*LENGTHS, "ExpiryDate", "BrandingThemeID")
# What a closed quote keeps: everything but its contact and its notes.
FROZEN = (
    *("Date", "ExpiryDate", "LineAmountTypes", "CurrencyCode", "CurrencyRate", "Total"),
    *("QuoteNumber", "Title", "Summary"),
)
# Quotes spell the three modes in capitals; inside, lines know the words of invoices.
MODES = {"EXCLUSIVE": "Exclusive", "INCLUSIVE": "Inclusive", "NOTAX": "NoTax"}


def save(call: Call, sent: Record) -> Saved:
    """Create or update one quote; Invalid with Xero's sentences."""
    # Quotes have four decimals whatever `unitdp` says.
    call = replace(call, unitdp=4)
    if "LineAmountTypes" in sent:
        sent = {**sent, "LineAmountTypes": MODES[sent["LineAmountTypes"]]}
    old, remarks = _match(call, sent), Remarks()
    record = _created(call, sent, remarks) if old is None else _changed(call, sent, old, remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors, warnings=tuple(remarks.warnings))
    call.books.store("Quotes", record, created=old is None)
    changes = "Created" if old is None else "Edited"
    call.books.note(record["QuoteID"], changes, f"Quote {changes.lower()}", call.user)
    return Saved(record=record, warnings=tuple(remarks.warnings))


def _match(call: Call, sent: Record) -> Record | None:
    """The quote an element means: an update names its id (Quotes, POST)."""
    if not sent.get("QuoteID"):
        return None
    found = call.books.get("Quotes", sent["QuoteID"])
    if found is None or call.create_only:
        raise Invalid(NOT_FOUND if found is None else UNIQUE)
    return found


def _created(call: Call, sent: Record, remarks: Remarks) -> Record:
    status = sent.get("Status", "DRAFT")
    if status not in call.books.world.switches.quote_states_on_create.split(","):
        remarks.errors.append(NOT_FOR_CREATION)
    if "Date" not in sent:
        remarks.errors.append("Date is required to create a quote")
    record: Record = {
        "QuoteID": new_id(),
        "Status": status,
        "Date": sent.get("Date", call.books.now().date()),
        "LineAmountTypes": "Exclusive",
    }
    _fill(call, record, sent, None, remarks)
    if not remarks.errors and not record.get("QuoteNumber"):
        record["QuoteNumber"] = call.books.next_number("QU")
    return record


def _changed(call: Call, sent: Record, old: Record, remarks: Remarks) -> Record:
    """An update names contact, date and lines; a person at the screen has them before him."""
    if not call.by_person:
        missing = (("Contact", NO_CONTACT), ("Date", NO_DATE), ("LineItems", NO_LINES))
        remarks.errors += [text for name, text in missing if not sent.get(name)]
    status = sent.get("Status", old["Status"])
    if status != old["Status"] and status not in MOVES[old["Status"]]:
        raise Invalid(NOT_ALLOWED.format(old["Status"], status))
    if old["Status"] == "DELETED":
        raise Invalid(CLOSED)
    record = {**old, "Status": status}
    if status == "DELETED":
        return record
    _fill(call, record, sent, old, remarks)
    if old["Status"] not in EDITABLE and _is_edited(old, record):
        remarks.errors.append(CLOSED)
    return record


def _is_edited(old: Record, record: Record) -> bool:
    moved = documents.line_facts(old) != documents.line_facts(record)
    return moved or documents.is_changed(old, record, FROZEN)


def _fill(call: Call, record: Record, sent: Record, old: Record | None, remarks: Remarks) -> None:
    record["_contact"] = documents.contact_of(call, sent, old, remarks)
    for name in ("Date", "LineAmountTypes", *PLAIN):
        if name in sent:
            record[name] = sent[name]
    record |= documents.currency_of(call, sent, old, record["_contact"], remarks)
    document = Document(
        amounts=record["LineAmountTypes"],
        sales=True,
        discounts=True,
        approved=False,
        tax_by_account=False,
        tracked_by_option=True,
    )
    record["LineItems"] = documents.lines_of(call, sent, old, document, remarks)
    record |= lines.sums(record["LineItems"], record["LineAmountTypes"])
    _check(call, record, remarks)


def _check(call: Call, record: Record, remarks: Remarks) -> None:
    for name, most in LENGTHS.items():
        if len(record.get(name, "")) > most:
            remarks.errors.append(f"{name} exceeds the maximum length of {most} characters")
    if any(not line.get("Description") for line in record["LineItems"]):
        remarks.errors.append("Description must be at least 1 character")
    hits = call.books.find("Quotes", "QuoteNumber", record.get("QuoteNumber", ""))
    if any(hit["QuoteID"] != record["QuoteID"] for hit in hits):
        remarks.errors.append(UNIQUE)


# --- reading -----------------------------------------------------------------------------------


def render(call: Call, quotes: list[Record], detail: Detail) -> list[Record]:
    """Quotes as answers show them; with their lines in lists too."""
    exact = replace(call, unitdp=4)
    return [_rendered(exact, quote, detail) for quote in quotes]


def _rendered(call: Call, quote: Record, detail: Detail) -> Record:
    contact = call.books.tables["Contacts"][quote["_contact"]]
    shown: dict[str, Any] = {"QuoteID": quote["QuoteID"]}
    shown |= {name: quote.get(name, "") for name in ("QuoteNumber", "Reference", "Terms")}
    shown["Contact"] = contacts.stub(contact)
    if detail == Detail.ONE:
        shown["Contact"] |= {"EmailAddress": contact.get("EmailAddress", "")}
    shown["LineItems"] = [lines.render(call, line) for line in quote["LineItems"]]
    shown |= documents.dates(quote, ("Date", "ExpiryDate"))
    shown |= {name: quote.get(name, "") for name in ("Title", "Summary")}
    if quote.get("BrandingThemeID"):
        shown["BrandingThemeID"] = quote["BrandingThemeID"]
    return shown | {
        "Status": quote["Status"],
        "CurrencyRate": quote["CurrencyRate"],
        "CurrencyCode": quote["CurrencyCode"],
        "SubTotal": cents(quote["SubTotal"]),
        "TotalTax": cents(quote["TotalTax"]),
        "Total": cents(quote["Total"]),
        "TotalDiscount": cents(quote["TotalDiscount"]),
        "UpdatedDateUTC": moment(quote["UpdatedDateUTC"]),
        "LineAmountTypes": quote["LineAmountTypes"].upper(),
    }


def _rows(call: Call) -> list[Record]:
    """Only its own parameters filter; `where`, `IDs` and `searchTerm` are not known here."""
    found = list(call.books.tables["Quotes"].values())
    tests = (
        documents.between(call, "DateFrom", "DateTo", "Date"),
        documents.between(call, "ExpiryDateFrom", "ExpiryDateTo", "ExpiryDate"),
        _equals(call, "ContactID", "_contact"),
        _equals(call, "Status", "Status"),
        _part_of_number(call),
    )
    return [quote for quote in found if all(test(quote) for test in tests)]


def _equals(call: Call, parameter: str, name: str) -> documents.Test:
    wanted = folded(call.args.get(parameter, ""))
    return lambda record: not wanted or folded(str(record[name])) == wanted


def _part_of_number(call: Call) -> documents.Test:
    """QuoteNumber finds every number that contains it."""
    wanted = folded(call.args.get("QuoteNumber", ""))
    return lambda record: wanted in folded(record["QuoteNumber"])


def _find(books: Books, key: str) -> Record | None:
    return books.get("Quotes", key.lower())


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in ("QuoteID", "QuoteNumber", "Reference", "Status", "Date", "ExpiryDate", "Total")
} | {"UpdatedDateUTC": _reader("UpdatedDateUTC")}
VERBS: dict[str, Any] = {"PUT": save, "POST": save}
RESOURCE = Resource(
    name="Quotes",
    singular="Quote",
    id_field="QuoteID",
    scopes=("accounting.invoices",),
    shape=QUOTE,
    fields=FIELDS,
    rows=_rows,
    find=_find,
    render=render,
    paged=True,
    always_paged=True,
    queried=False,
    modified=True,
    verbs=VERBS,
    history=True,
    error_flag="",
)
