"""Contacts, both customers and suppliers; rules of developer.xero.com, accounting, contacts."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

from simulator.xero.books import Books, Record, new_id
from simulator.xero.errors import Invalid
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import ADDRESS, CONTACT, PHONE
from simulator.xero.wire import moment

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
COUNTRY = re.compile(r"^[^\d_]*$")
LENGTHS = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "TaxNumber": 50,
    "CompanyNumber": 50,
}
ADDRESS_LENGTHS = dict.fromkeys(ADDRESS, 500) | {
    "City": 255,
    "Region": 255,
    "AttentionTo": 255,
    "PostalCode": 50,
    "Country": 50,
}
PHONE_LENGTHS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
PHONE_ORDER = ("DDI", "DEFAULT", "FAX", "MOBILE")
MOST_PERSONS = 5
TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
NO_KEY = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
PARTS = ("Addresses", "Phones")


def save(call: Call, sent: Record) -> Saved:
    """Create or update one contact; Invalid with Xero's sentences."""
    books = call.books
    old = match(books, sent, create_only=call.create_only)
    merged = _merged(call, old, sent)
    _check(call, merged, old)
    created = old is None
    if old is None:
        merged["ContactID"] = new_id()
    books.store("Contacts", merged, created=created)
    changes = "Created" if created else "Edited"
    books.note(merged["ContactID"], changes, f"Contact {changes.lower()}", call.user)
    return Saved(record=merged)


def match(books: Books, sent: Record, *, create_only: bool) -> Record | None:
    """The contact an element means: by id, else by number, else by name; None for a new one."""
    if sent.get("ContactID"):
        found = books.get("Contacts", sent["ContactID"])
        if found is None:
            raise Invalid("The contact could not be found")
        return found
    if not (sent.get("Name", "").strip() or sent.get("ContactNumber")):
        raise Invalid(NO_KEY)
    for field in ("ContactNumber", "Name"):
        hits = books.find("Contacts", field, sent[field]) if sent.get(field) else []
        if hits and create_only:
            raise Invalid(_taken(field, sent[field]))
        if hits:
            return hits[0]
    return None


def _taken(field: str, value: str) -> str:
    if field == "Name":
        return TAKEN.format(value)
    return f"The contact number {value} is already assigned to another contact."


def _merged(call: Call, old: Record | None, sent: Record) -> Record:
    """The old contact under what was sent; parts that are not sent keep their value."""
    merged: Record = dict(old) if old else {"ContactStatus": "ACTIVE", "ContactPersons": []}
    merged |= {name: value for name, value in sent.items() if name not in PARTS}
    if "Name" in sent:
        merged["Name"] = sent["Name"].strip()
    emptied = call.books.world.switches.xero_addresses_replace
    for name, key in (("Addresses", "AddressType"), ("Phones", "PhoneType")):
        if name in sent:
            kept = {} if emptied or old is None else {p[key]: p for p in old.get(name, [])}
            fresh = {p.get(key, "POBOX"): {key: "POBOX", **p} for p in sent[name]}
            merged[name] = list((kept | fresh).values())
        else:
            merged.setdefault(name, [])
    return merged


def _check(call: Call, contact: Record, old: Record | None) -> None:
    """Every rule at once, so that an answer names all that is wrong."""
    books, wrong = call.books, _too_long(contact)
    if old is not None and old["ContactStatus"] != "ACTIVE" and not call.by_person:
        restoring = contact["ContactStatus"] == "ACTIVE"
        if not (restoring and books.world.switches.xero_restore_contact):
            raise Invalid("The contact is archived and cannot be changed.")
    if not contact.get("Name"):
        wrong.append("The contact name must be specified.")
    elif contact["ContactStatus"] == "ACTIVE":
        wrong += _clash(books, contact, "Name")
    if contact.get("ContactNumber"):
        wrong += _clash(books, contact, "ContactNumber")
    emails = [contact, *contact["ContactPersons"]]
    if any(e.get("EmailAddress") and not EMAIL.match(e["EmailAddress"]) for e in emails):
        wrong.append("Email address must be valid.")
    if len(contact["ContactPersons"]) > MOST_PERSONS:
        wrong.append(f"A contact can have a maximum of {MOST_PERSONS} contact persons.")
    currency = contact.get("DefaultCurrency")
    if currency and currency not in books.currencies:
        wrong.append(f"Users Organisation is not subscribed to currency {currency}")
    if wrong:
        raise Invalid(*wrong)


def _clash(books: Books, contact: Record, field: str) -> list[str]:
    others = books.find("Contacts", field, contact[field])
    if any(o["ContactID"] != contact.get("ContactID") for o in others):
        return [_taken(field, contact[field])]
    return []


def _too_long(contact: Record) -> list[str]:
    wrong = _over(contact, LENGTHS)
    for address in contact["Addresses"]:
        wrong += _over(address, ADDRESS_LENGTHS)
        if not COUNTRY.match(address.get("Country", "")):
            wrong.append("Country can only contain letters")
    for phone in contact["Phones"]:
        wrong += _over(phone, PHONE_LENGTHS)
    return wrong


def _over(record: Record, lengths: dict[str, int]) -> list[str]:
    return [
        f"The field {name} exceeds the maximum length of {most} characters"
        for name, most in lengths.items()
        if len(record.get(name) or "") > most
    ]


def balances(books: Books) -> dict[str, dict[str, Decimal]]:
    """What each contact owes and is owed, of approved documents: one pass over all invoices."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    today = books.now().date()
    for invoice in books.tables["Invoices"].values():
        if invoice["Status"] not in {"AUTHORISED", "PAID"}:
            continue
        side = "AccountsReceivable" if invoice["Type"] == "ACCREC" else "AccountsPayable"
        sums = found[invoice["_contact"]]
        sums[side] += invoice["AmountDue"]
        if invoice.get("DueDate") and invoice["DueDate"] < today:
            sums[f"{side}Overdue"] += invoice["AmountDue"]
    return found


def render(call: Call, contacts: list[Record], detail: Detail) -> list[Record]:
    """Contacts as answers show them."""
    owed = balances(call.books)
    return [_rendered(call, c, detail, owed.get(c["ContactID"])) for c in contacts]


PLAIN = (
    "ContactNumber",
    "AccountNumber",
    "FirstName",
    "LastName",
    "CompanyNumber",
    "TaxNumber",
    "AccountsReceivableTaxType",
    "AccountsPayableTaxType",
    "DefaultCurrency",
)
DEFAULTS = ("SalesDefaultAccountCode", "PurchasesDefaultAccountCode")


def _rendered(
    call: Call, contact: Record, detail: Detail, owed: dict[str, Decimal] | None
) -> Record:
    shown: dict[str, Any] = {
        "ContactID": contact["ContactID"],
        "ContactStatus": contact["ContactStatus"],
        "Name": contact["Name"],
        "EmailAddress": contact.get("EmailAddress", ""),
        "BankAccountDetails": contact.get("BankAccountDetails", ""),
    }
    shown |= {name: contact[name] for name in PLAIN if contact.get(name)}
    shown["Phones"] = phones(contact)
    shown["UpdatedDateUTC"] = moment(contact["UpdatedDateUTC"])
    shown["HasValidationErrors"] = False
    if call.books.world.switches.xero_unknown_enums and contact.get("TaxNumber"):
        shown["TaxNumberType"] = "TAXNUMBERTYPE/SSN"
    if detail != Detail.SUMMARY:
        shown["Addresses"] = addresses(contact)
        shown["IsSupplier"] = contact.get("IsSupplier", False)
        shown["IsCustomer"] = contact.get("IsCustomer", False)
        shown["HasAttachments"] = False
        shown |= {name: contact[name] for name in DEFAULTS if contact.get(name)}
    if detail in {Detail.ONE, Detail.PAGE}:
        shown |= _full(contact, owed)
    return shown


def _full(contact: Record, owed: dict[str, Decimal] | None) -> Record:
    """What only single contacts and pages carry."""
    shown: dict[str, Any] = {
        "ContactGroups": [],
        "ContactPersons": [
            {
                "FirstName": p.get("FirstName", ""),
                "LastName": p.get("LastName", ""),
                "EmailAddress": p.get("EmailAddress", ""),
                "IncludeInEmails": p.get("IncludeInEmails", False),
            }
            for p in contact["ContactPersons"]
        ],
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
    }
    if contact.get("PaymentTerms"):
        shown["PaymentTerms"] = contact["PaymentTerms"]
    if contact.get("MergedToContactID"):
        shown["MergedToContactID"] = contact["MergedToContactID"]
    if owed:
        shown["Balances"] = {
            side: {
                "Outstanding": owed.get(side, Decimal("0.00")),
                "Overdue": owed.get(f"{side}Overdue", Decimal("0.00")),
            }
            for side in ("AccountsReceivable", "AccountsPayable")
        }
    return shown


def addresses(contact: Record) -> list[Record]:
    """Always both, empty ones with empty fields."""
    held = {a["AddressType"]: a for a in contact["Addresses"]}
    blank = {"City": "", "Region": "", "PostalCode": "", "Country": ""}
    return [{"AddressType": t, **blank, **held.get(t, {})} for t in ("STREET", "POBOX")]


def phones(contact: Record) -> list[Record]:
    """Always all four."""
    held = {p["PhoneType"]: p for p in contact["Phones"]}
    blank = dict.fromkeys((name for name in PHONE if name != "PhoneType"), "")
    return [{"PhoneType": t, **blank, **held.get(t, {})} for t in PHONE_ORDER]


def stub(contact: Record) -> Record:
    """A contact inside a list of documents."""
    return {
        "ContactID": contact["ContactID"],
        "Name": contact["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def _rows(call: Call) -> list[Record]:
    contacts = call.books.tables["Contacts"]
    wanted = [i.lower() for i in call.listed("IDs")]
    archived = call.truth("includeArchived") or (
        bool(wanted) and call.books.world.switches.xero_ids_see_archived
    )
    found = [contacts[i] for i in wanted if i in contacts] if wanted else list(contacts.values())
    return [c for c in found if archived or c["ContactStatus"] == "ACTIVE"]


def _find(books: Books, key: str) -> Record | None:
    """By id or by the contact number an application gave it."""
    found = books.get("Contacts", key.lower())
    if found is None:
        numbered = books.find("Contacts", "ContactNumber", key)
        found = numbered[0] if numbered else None
    return found


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        "ContactID",
        "ContactNumber",
        "AccountNumber",
        "ContactStatus",
        "Name",
        "FirstName",
        "LastName",
        "EmailAddress",
        "CompanyNumber",
        "TaxNumber",
        "UpdatedDateUTC",
        "IsCustomer",
        "IsSupplier",
    )
}

RESOURCE = Resource(
    name="Contacts",
    singular="Contact",
    id_field="ContactID",
    scopes=("accounting.contacts",),
    shape=CONTACT,
    fields=FIELDS,
    rows=_rows,
    find=_find,
    render=render,
    paged=True,
    modified=True,
    searched=("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress"),
    verbs={"PUT": save, "POST": save},
    history=True,
)
