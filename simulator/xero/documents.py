"""What invoices and credit notes share: contact, currency, dates, lines, locks, rendering."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from simulator.xero import contacts, lines
from simulator.xero.books import Books, Record
from simulator.xero.errors import Invalid
from simulator.xero.lines import Document, Remarks
from simulator.xero.resource import Call, Detail
from simulator.xero.where import refuse
from simulator.xero.wire import (
    cents,
    day_string,
    midnight,
    moment,
    moment_string,
    parse_day,
    places,
)

NO_CONTACT = "A Contact must be specified for this type of transaction"
NO_LINES = "One or more line items must be specified"
NOT_FOR_CREATION = "{} not of valid status for creation"
NOT_FOR_CHANGE = "{} not of valid status for modification"
PAID_LOCK = "This document cannot be edited as it has a payment or credit note allocated to it."
PERIOD_LOCK = "The document date cannot be before the period lock date."
YEAR_LOCK = "The document date cannot be before the end of year lock date."
ARCHIVED_CONTACT = (
    "The Contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes."
)
OPEN_STATES = frozenset({"DRAFT", "SUBMITTED"})
MOVES = {
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID", "VOIDED"}),
    "VOIDED": frozenset[str](),
    "DELETED": frozenset[str](),
}


def contact_of(call: Call, sent: Record, old: Record | None, remarks: Remarks) -> str:
    """The id of the document's contact; an unknown name creates a contact, as in Xero."""
    link = sent.get("Contact")
    if not link:
        if old is None:
            remarks.errors.append(NO_CONTACT)
        return str(old["_contact"]) if old else ""
    try:
        found = contacts.match(call.books, link, create_only=False)
        if found is None:
            found = contacts.save(call, link).record
    except Invalid as refusal:
        remarks.errors += refusal.messages
        return ""
    changed = old is None or old["_contact"] != found["ContactID"]
    if found["ContactStatus"] == "ARCHIVED" and changed:
        remarks.errors.append(ARCHIVED_CONTACT)
    return str(found["ContactID"])


def currency_of(
    call: Call, sent: Record, old: Record | None, contact_id: str, remarks: Remarks
) -> Record:
    """CurrencyCode and CurrencyRate; the day's rate when none is sent."""
    books = call.books
    contact = books.get("Contacts", contact_id) or {}
    before = old or {"CurrencyCode": contact.get("DefaultCurrency") or books.base}
    code = str(sent.get("CurrencyCode", before["CurrencyCode"])).upper()
    if code not in books.currencies:
        remarks.errors.append(f"Users Organisation is not subscribed to currency {code}")
    if code == books.base:
        return {"CurrencyCode": code, "CurrencyRate": Decimal("1.000000")}
    kept = before.get("CurrencyRate") if code == before["CurrencyCode"] else None
    rate = sent.get("CurrencyRate") or kept or books.day_rate(code)
    return {"CurrencyCode": code, "CurrencyRate": places(rate, 6)}


def check_lock(books: Books, day: Any, remarks: Remarks) -> None:
    """Nothing may be booked on or before a lock date."""
    organisation = books.organisation
    for name, text in (("EndOfYearLockDate", YEAR_LOCK), ("PeriodLockDate", PERIOD_LOCK)):
        edge = organisation.get(name)
        if edge and day and day <= edge:
            remarks.errors.append(text)
            return


def lines_of(
    call: Call, sent: Record, old: Record | None, document: Document, remarks: Remarks
) -> list[Record]:
    """The new lines; without any in an update the old ones are computed again."""
    before = old["LineItems"] if old else []
    if "LineItems" in sent:
        if not sent["LineItems"]:
            remarks.errors.append(NO_LINES)
        return lines.build(call, sent["LineItems"], before, document=document, remarks=remarks)
    if old is None:
        remarks.errors.append(NO_LINES)
        return []
    if old["LineAmountTypes"] == document.amounts and old["Status"] not in OPEN_STATES:
        return list(before)
    again = [{**line} for line in before]
    if old["LineAmountTypes"] != document.amounts:
        for line in again:
            line.pop("TaxAmount", None)
    # Stored prices may have four places; computing them again must not round them.
    exact = Call(books=call.books, user=call.user, unitdp=4)
    return lines.build(exact, again, before, document=document, remarks=remarks)


def is_changed(old: Record, new: Record, names: tuple[str, ...]) -> bool:
    """Whether any of the named fields differs."""
    return any(old.get(name) != new.get(name) for name in names)


def line_facts(record: Record) -> list[tuple[Any, ...]]:
    """The parts of lines that a paid document keeps."""
    return [
        (
            line["LineItemID"],
            line.get("ItemCode"),
            line.get("Quantity"),
            line.get("UnitAmount"),
            line["LineAmount"],
            line["TaxAmount"],
            line.get("TaxType"),
        )
        for line in record["LineItems"]
    ]


def refresh_contact_flags(books: Books, record: Record) -> None:
    """An approved document makes its contact a customer or supplier, without touching its date."""
    contact = books.get("Contacts", record["_contact"])
    if contact is None or record["Status"] in {"DRAFT", "SUBMITTED", "DELETED"}:
        return
    contact["IsCustomer" if record["Type"] in SALES_TYPES else "IsSupplier"] = True


SALES_TYPES = frozenset({"ACCREC", "ACCRECCREDIT"})


def common(call: Call, record: Record, detail: Detail) -> Record:
    """The part of an answer that invoices and credit notes share."""
    contact = call.books.tables["Contacts"][record["_contact"]]
    shown: dict[str, Any] = {}
    if detail == Detail.ONE:
        shown["Contact"] = contacts.render(call, [contact], Detail.LEAN)[0]
        shown["Contact"] |= {"ContactGroups": [], "ContactPersons": []}
    else:
        shown["Contact"] = contacts.stub(contact)
    shown |= dates(record, ("Date", "DueDate"))
    shown |= {
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "SubTotal": cents(record["SubTotal"]),
        "TotalTax": cents(record["TotalTax"]),
        "Total": cents(record["Total"]),
        **updated(call, record),
        "CurrencyCode": record["CurrencyCode"],
        "CurrencyRate": record["CurrencyRate"],
        "HasErrors": False,
    }
    if detail in {Detail.ONE, Detail.PAGE}:
        shown["LineItems"] = [lines.render(call, line) for line in record["LineItems"]]
    elif detail == Detail.LEAN:
        shown["LineItems"] = []
    if detail != Detail.SUMMARY:
        shown["HasAttachments"] = False
    if record.get("BrandingThemeID"):
        shown["BrandingThemeID"] = record["BrandingThemeID"]
    if record.get("FullyPaidOnDate"):
        shown["FullyPaidOnDate"] = midnight(record["FullyPaidOnDate"])
    return shown


def dates(record: Record, names: tuple[str, ...]) -> Record:
    """Calendar dates in both spellings; the readable one is not in Xero's OpenAPI file."""
    shown: dict[str, Any] = {}
    for name in names:
        if record.get(name):
            shown[f"{name}String"] = day_string(record[name])
            shown[name] = midnight(record[name])
    return shown


def updated(call: Call, record: Record) -> Record:
    """UpdatedDateUTC, with the readable twin that came in July 2026."""
    shown = {"UpdatedDateUTC": moment(record["UpdatedDateUTC"])}
    if call.books.world.switches.xero_updated_date_strings:
        shown["UpdatedDateUTCString"] = moment_string(record["UpdatedDateUTC"])
    return shown


Test = Callable[[Record], bool]


def between(call: Call, first: str, last: str, name: str) -> Test:
    """A test of a date by two parameters of a list; ApiError for one that is no date."""
    try:
        start, end = (
            parse_day(call.args[each]) if call.args.get(each) else None for each in (first, last)
        )
    except ValueError as error:
        raise refuse(f"{first} and {last} are dates") from error
    if start is None and end is None:
        return lambda _record: True

    def test(record: Record) -> bool:
        day = record.get(name)
        return bool(day and (start is None or day >= start) and (end is None or day <= end))

    return test


def rows(call: Call, table: str) -> list[Record]:
    """The documents a GET starts from; contact fields are put at hand when a query names them."""
    held = call.books.tables[table]
    wanted = [i.lower() for i in call.listed("IDs")]
    found = [held[i] for i in wanted if i in held] if wanted else list(held.values())
    if "Contact." in call.args.get("where", "") + call.args.get("order", ""):
        for record in found:
            contact = call.books.tables["Contacts"][record["_contact"]]
            record["_contact_name"] = contact["Name"]
            record["_contact_number"] = contact.get("ContactNumber")
    return found
