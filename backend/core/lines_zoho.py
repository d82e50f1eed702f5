"""Document lines in Zoho's dialect: subform rows, taxes by name and percentage, no tax inclusive.

Source: Zoho CRM API v8, insert and update records, inventory modules and subforms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.core.codec import Fragment
from backend.core.errors import NeedsPartner, NotConfigured
from backend.core.lines_common import (
    ADJUSTMENT,
    DISCOUNT,
    Row,
    adjusted,
    align,
    amount,
    fitting,
    is_plain,
    own_words,
    plain_line,
    rows_of,
)
from backend.core.money import half_up, net_of, spread
from backend.core.roles import PRODUCTS
from backend.core.scalars import to_decimal, to_text, unreadable
from backend.core.spec import Facts, Field, Line, Raw, Side
from backend.core.taxes import NO_TAX, UNMAPPED, find_xero_tax, tax_to_zoho

_ZERO = Decimal(0)
_ONE = Decimal(1)
_MOST_PER_CENT = 1000
_DOCUMENT_TAX = ("$line_tax", "Line_Tax")


def read_zoho(raw: Raw, path: str, facts: Facts, *, field: str) -> tuple[Line, ...] | None:
    """The lines of a CRM document, its discount among them, its adjustment a line."""
    rows = rows_of(raw, path)
    if rows is None:
        return None
    whole_tax = _document_tax(raw)
    lines = [_read_row(row, whole_tax, facts, field=field) for row in rows]
    discount = half_up(amount(raw, "Discount", _ZERO, field=field))
    if discount and any(row.get("Line_Tax") for row in rows):
        lines.append(plain_line(DISCOUNT, -discount))
    elif discount:
        lines = _discounted(lines, discount)
    return adjusted(lines, amount(raw, "Adjustment", _ZERO, field=field))


def _discounted(lines: Sequence[Line], discount: Decimal) -> list[Line]:
    """The document's discount spread over its lines, for it is off before the document's tax.

    Taxes of single lines are computed before it and stay, so there it is a line of its own.
    """
    shares = spread(discount, [net_of(line) for line in lines])
    return [
        replace(line, discount=line.discount + share)
        for line, share in zip(lines, shares, strict=True)
    ]


def _document_tax(raw: Raw) -> Any:
    return next((raw[key] for key in _DOCUMENT_TAX if raw.get(key)), None)


def _read_row(row: Row, whole_tax: Any, facts: Facts, *, field: str) -> Line:
    held = row.get("Product_Name")
    product = to_text(held.get("id") if isinstance(held, Mapping) else held)
    if product == facts.fallback_product:
        product = None
    return Line(
        product=product,
        description=own_words(row.get("Description"), product, facts),
        quantity=amount(row, "Quantity", _ONE, field=field),
        unit_price=amount(row, "List_Price", _ZERO, field=field),
        discount=amount(row, "Discount", _ZERO, field=field),
        tax=_read_tax(row.get("Line_Tax") or whole_tax, facts),
    )


def _read_tax(held: Any, facts: Facts) -> str | None:
    """Several taxes on one line (India, Canada) count as one of their sum and joined names."""
    entries = [entry for entry in held or () if isinstance(entry, Mapping)]
    rate = sum(
        (to_decimal(entry.get("percentage"), "Line_Tax") or _ZERO for entry in entries), _ZERO
    )
    if not 0 <= rate < _MOST_PER_CENT:
        raise unreadable("Line_Tax", rate)
    name = "+".join(to_text(entry.get("name")) or "" for entry in entries)
    code = find_xero_tax(name, rate, facts)
    if code is None:
        return f"{UNMAPPED}{name}|{rate}"
    return None if code == NO_TAX else code


def write_zoho(lines: Sequence[Line], field: Field, facts: Facts, current: Raw) -> Fragment:
    """Every row, those kept with their id, those gone marked ``_delete``.

    What CRM said for the whole document (discount, tax) is in the lines now and is taken off it.
    Raises ``NotConfigured``, ``NeedsPartner`` and ``Refused``.
    """
    path = field.zoho or ""
    held = rows_of(current, path) or []
    whole_tax = _document_tax(current)
    was = [_read_row(row, whole_tax, facts, field=field.name) for row in held]
    rows, adjustment = _taken(lines, ADJUSTMENT)
    discount = _ZERO
    if any(line.tax is not None for line in rows):
        rows, discount = _taken(rows, DISCOUNT)
    kept = align(rows, was)
    out = [
        _write_row(line, None if at is None else (held[at], was[at]), field, facts)
        for line, at in zip(rows, kept, strict=True)
    ]
    gone = [{"id": row["id"], "_delete": None} for at, row in enumerate(held) if at not in kept]
    body: dict[str, Any] = {path: [*out, *gone]}
    for key, figure in (("Adjustment", adjustment), ("Discount", -discount)):
        if figure or amount(current, key, _ZERO, field=field.name):
            body[key] = half_up(figure)
    return body | {"$line_tax": []} if whole_tax else body


def _taken(lines: Sequence[Line], words: str) -> tuple[Sequence[Line], Decimal]:
    """``lines`` without the closing one CRM keeps in a field of the document, and its amount."""
    if lines and is_plain(lines[-1], words):
        return lines[:-1], lines[-1].unit_price
    return lines, _ZERO


def _write_row(
    line: Line, before: tuple[Row, Line] | None, field: Field, facts: Facts
) -> dict[str, Any]:
    held, was = before or ({}, None)
    row: dict[str, Any] = {"id": held["id"]} if "id" in held else {}
    row["Product_Name"] = {"id": _product(line, facts)}
    row["Quantity"] = half_up(line.quantity, 4)
    row["List_Price"] = half_up(line.unit_price, 4)
    row["Discount"] = half_up(line.discount)
    row["Description"] = fitting(line.description, field, Side.ZOHO) or None
    keeps_tax = was is not None and was.tax == line.tax and held.get("Line_Tax")
    row["Line_Tax"] = held["Line_Tax"] if keeps_tax else _write_tax(line.tax, facts)
    return row


def _product(line: Line, facts: Facts) -> str:
    """CRM has no line without a product, so a Xero line without an item gets the fallback."""
    if line.product is None:
        if facts.fallback_product is None:
            raise NotConfigured("fallback_product_missing", {"line": line.description})
        return facts.fallback_product
    if line.product.startswith("xero:"):
        raise NeedsPartner(PRODUCTS, Side.XERO, id=line.product.removeprefix("xero:"))
    return line.product


def _write_tax(tax: str | None, facts: Facts) -> list[dict[str, Any]]:
    if tax is not None and tax.startswith(UNMAPPED):
        name, _, rate = tax.removeprefix(UNMAPPED).rpartition("|")
        return [{"name": name, "percentage": Decimal(rate)}]
    found = tax_to_zoho(tax, facts)
    return [] if found is None else [{"name": found.name, "percentage": found.rate}]
