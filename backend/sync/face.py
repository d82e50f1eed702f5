"""What is kept of a record to draw its page and to match it, without asking again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.apis.moments import moment
from backend.core.names import normal_key
from backend.core.parts import holder, is_part
from backend.core.paths import get
from backend.core.scalars import to_date, to_text
from backend.core.spec import ModuleSpec, Raw, Side, Values

MARK = "mark"
"""Directory kind of our back-reference: the partner's id found on a record."""
ORIGIN = "origin"
"""Directory kind of the CRM record a record was made from."""
LEADS = (1, 2)
"""Ranks of natural keys that lead to a candidate; the third only narrows."""
REF = "ref"
"""Directory kind of the exact number or code other records refer to."""


CREDIT_KINDS = tuple(f"credit{number}" for number in range(9))
"""Directory kinds of the credit notes an invoice shows, to find it again from them."""
PART = "part"
"""Directory kind of the Xero record that holds a record without an id of its own there."""


def label_of(spec: ModuleSpec, side: Side, raw: Raw) -> str:
    """What a person calls this record."""
    resource = spec.resource(side)
    for path in (resource.number if spec.money else None, resource.label, resource.number):
        found = to_text(get(raw, path)) if path else None
        if found:
            return found[:300]
    return str(raw.get(resource.id) or "")


def face_of(spec: ModuleSpec, side: Side, raw: Raw) -> dict[str, Any]:
    """Number, status, total and time of change as ``side`` shows them, all texts or None."""
    resource = spec.resource(side)
    face = {
        "number": to_text(get(raw, resource.number)) if resource.number else None,
        "label": to_text(get(raw, resource.label)),
        "status": _status(spec, side, raw),
        "total": _amount(raw, "Grand_Total" if side is Side.ZOHO else "Total"),
        "currency": to_text(raw.get("Currency" if side is Side.ZOHO else "CurrencyCode")),
        "at": _at(raw.get("UpdatedDateUTCString") or raw.get(resource.modified)),
        "by": to_text(get(raw, "Modified_By.name")),
    }
    for name, path in ACCOUNTS.items():
        account = to_text(get(raw, path))
        if account:
            face[name] = account
    return face


ACCOUNTS = {"account": "SalesDetails.AccountCode", "bought_on": "PurchaseDetails.AccountCode"}
"""The accounts an item brings along, by what its face calls them."""


def _status(spec: ModuleSpec, side: Side, raw: Raw) -> str | None:
    if side is Side.ZOHO:
        paths = (row.zoho for row in spec.fields if row.name == "status" and row.zoho)
        return to_text(raw.get(next(paths, "Status")))
    return spec.state_of(raw) or None


def _at(held: object) -> str | None:
    """A time of change as text people's pages can read: Xero's count of milliseconds is none."""
    text = to_text(held)
    if not text or not text.startswith("/Date("):
        return text
    at = moment(text)
    return at.isoformat() if at else None


def _amount(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return None if value is None else str(value)


def money_of(raw: Raw) -> dict[str, Any]:
    """What Xero says of a document's money; due is Xero's figure, never a sum of ours."""
    return {
        "total": _amount(raw, "Total"),
        "paid": _amount(raw, "AmountPaid"),
        "credited": _amount(raw, "AmountCredited"),
        "due": _amount(raw, "AmountDue"),
        "currency": to_text(raw.get("CurrencyCode")),
        "rate": _amount(raw, "CurrencyRate"),
        "date": _day(raw.get("DateString") or raw.get("Date")),
        "due_date": _day(raw.get("DueDateString") or raw.get("DueDate")),
        "paid_on": _day(raw.get("FullyPaidOnDate")),
        "contact": to_text(get(raw, "Contact.ContactID")),
        "contact_name": to_text(get(raw, "Contact.Name")),
        "rows": list(_money_rows(raw)),
    }


def _day(value: Any) -> str | None:
    day = to_date(value, "date")
    return None if day is None else str(day)


MONEY_ROWS = (
    ("payment", "Payments"),
    ("credit_note", "CreditNotes"),
    ("overpayment", "Overpayments"),
    ("prepayment", "Prepayments"),
)


def _money_rows(raw: Raw) -> Iterator[dict[str, Any]]:
    for kind, key in MONEY_ROWS:
        rows = raw.get(key)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, Mapping) and row.get("Status") != "DELETED":
                yield {
                    "kind": kind,
                    "date": _day(row.get("DateString") or row.get("Date")),
                    "amount": _amount(row, "AppliedAmount") or _amount(row, "Amount"),
                    "reference": to_text(row.get("Reference") or row.get("CreditNoteNumber")),
                }


def key_values(spec: ModuleSpec, values: Values) -> dict[str, str]:
    """The natural keys of a record as texts, for evidence."""
    return {
        row.name: str(values[row.name])
        for row in spec.fields
        if row.keys and values.get(row.name) not in (None, "")
    }


def directory_keys(
    spec: ModuleSpec, side: Side, raw: Raw, values: Mapping[str, Any]
) -> dict[str, str]:
    """Kind to normalised value for the directory, with our mark and the exact reference."""
    keys = {
        row.name: normal_key(row.key_codec, str(values[row.name]))
        for row in spec.fields
        if row.keys in LEADS and values.get(row.name) not in (None, "")
    }
    mark, origin = mark_of(spec, side, raw), origin_of(spec, side, raw)
    number = spec.resource(side).number
    reference = to_text(get(raw, number)) if number else None
    own = str(raw.get(spec.xero.id) or "") if side is Side.XERO else ""
    home = holder(own) if is_part(own) else ""
    told = {**keys, MARK: mark or "", REF: reference or "", ORIGIN: origin, PART: home}
    if spec.money and side is Side.XERO:
        told |= _credits(raw)
    return {kind: value for kind, value in told.items() if value}


def _credits(raw: Raw) -> dict[str, str]:
    """The credit notes an invoice shows."""
    rows = raw.get("CreditNotes")
    ids = [row.get("CreditNoteID") for row in rows or () if isinstance(row, Mapping)]
    return dict(zip(CREDIT_KINDS, (str(each) for each in ids if each), strict=False))


def origin_of(spec: ModuleSpec, side: Side, raw: Raw) -> str:
    """The id of the CRM record this one was made from, "" for none."""
    if side is Side.XERO or spec.made_from is None:
        return ""
    return to_text(get(raw, f"{spec.made_from[0]}.id")) or ""


def mark_of(spec: ModuleSpec, side: Side, raw: Raw) -> str | None:
    """The partner's id our back-reference names on this record."""
    if side is Side.XERO:
        return spec.reference_of(raw)
    field = spec.zoho.back_reference
    return to_text(raw.get(field)) if field else None


def references(
    spec: ModuleSpec, side: Side, raws: Sequence[Raw]
) -> dict[tuple[str, str], set[str]]:
    """What records refer to: (module, kind) to ids; kind is ``id`` or ``code``."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in spec.fields:
        path = row.path(side)
        if row.target is None or path is None:
            continue
        for raw in raws:
            for kind, key in _referred(row.codec, side, get(raw, path)):
                found.setdefault((row.target, kind), set()).add(key)
    return found


def _referred(codec: str, side: Side, held: Any) -> Iterator[tuple[str, str]]:
    if codec == "lines":
        for line in held if isinstance(held, list) else []:
            yield from _line_reference(side, line)
        return
    key = held.get("id") if isinstance(held, Mapping) else held
    if key:
        yield "id", str(key)


def _line_reference(side: Side, line: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(line, Mapping):
        return
    if side is Side.XERO:
        if line.get("ItemCode"):
            yield "code", str(line["ItemCode"])
        return
    product = line.get("Product_Name")
    key = product.get("id") if isinstance(product, Mapping) else product
    if key:
        yield "id", str(key)
