"""Document lines in Xero's dialect: LineItems, exclusive, inclusive or without tax.

Source: developer.xero.com, accounting API, invoices and quotes: line items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.core.codec import Fragment
from backend.core.errors import NeedsPartner, NotConfigured, Refused
from backend.core.lines_common import (
    Row,
    adjusted,
    align,
    amount,
    fitting,
    is_plain,
    own_words,
    product_name,
    rows_of,
)
from backend.core.money import ROUNDING, exclusive_from_inclusive, half_up, line_amount
from backend.core.scalars import to_decimal, to_text
from backend.core.spec import Facts, Field, LedgerAccount, Line, Raw, Side
from backend.core.taxes import NO_TAX, UNMAPPED, check_xero_tax, rate_of, tax_to_xero

_ZERO = Decimal(0)
_ONE = Decimal(1)
_SALES = frozenset({"SALES", "REVENUE"})
_TRACKING = ("TrackingCategoryID", "TrackingOptionID", "Name", "Option")


def read_xero(raw: Raw, path: str, facts: Facts, *, field: str) -> tuple[Line, ...] | None:
    """The lines of a Xero document, tax exclusive, without the rounding line we put there.

    The pennies an inclusive document leaves over are one adjustment line at the end.
    """
    rows = rows_of(raw, path)
    if rows is None:
        return None
    mode = (to_text(raw.get("LineAmountTypes")) or "Exclusive").casefold()
    read = [
        _read_row(row, mode, facts, field=field) for row in rows if not _is_rounding(row, facts)
    ]
    left = sum((pennies for _, pennies in read), _ZERO)
    return adjusted([line for line, _ in read], left)


def _is_rounding(row: Row, facts: Facts) -> bool:
    """Whether a line is the one that equalises a cent: our words on the rounding account."""
    account = _system_account("ROUNDING", facts)
    if account is None or row.get("Description") != ROUNDING:
        return False
    return row.get("AccountCode") == account.code and not row.get("ItemCode")


def _read_row(row: Row, mode: str, facts: Facts, *, field: str) -> tuple[Line, Decimal]:
    code = to_text(row.get("ItemCode"))
    product = None if code is None else facts.products.get(code, "xero:" + code)
    tax = to_text(row.get("TaxType"))
    line = Line(
        product=product,
        description=own_words(row.get("Description"), product, facts),
        quantity=amount(row, "Quantity", _ONE, field=field),
        unit_price=amount(row, "UnitAmount", _ZERO, field=field),
        tax=None if mode == "notax" or tax == NO_TAX else tax,
    )
    line = _discounted(line, row, field=field)
    if mode != "inclusive":
        return line, _ZERO
    return exclusive_from_inclusive(line, rate_of(line.tax, facts))


def _discounted(line: Line, row: Row, *, field: str) -> Line:
    """A discount by rate becomes the amount that leads to the same line amount."""
    discount = amount(row, "DiscountAmount", _ZERO, field=field)
    rate = amount(row, "DiscountRate", _ZERO, field=field)
    if not discount and rate:
        gross = line.quantity * line.unit_price
        discount = half_up(gross) - line_amount(line.quantity, line.unit_price, rate=rate)
    return replace(line, discount=discount) if discount else line


def write_xero(lines: Sequence[Line], field: Field, facts: Facts, current: Raw) -> Fragment:
    """Every line, those kept with their LineItemID; a line not sent is deleted by Xero.

    ``value_map`` may spell ``Exclusive`` and ``NoTax`` as the endpoint does (quotes: capitals).
    Raises ``NotConfigured``, ``NeedsPartner`` and ``Refused``.
    """
    path = field.xero or ""
    mode = (to_text(current.get("LineAmountTypes")) or "Exclusive").casefold()
    facts = replace(facts, invoice_status=to_text(current.get("Status")) or facts.invoice_status)
    held = [row for row in rows_of(current, path) or [] if not _is_rounding(row, facts)]
    was = [_read_row(row, mode, facts, field=field.name)[0] for row in held]
    rows = [
        _write_row(line, None if at is None else (held[at], was[at]), field, facts)
        for line, at in zip(lines, align(lines, was), strict=True)
    ]
    untaxed = mode == "notax" and all(line.tax is None for line in lines)
    word = "NoTax" if untaxed else "Exclusive"
    return {path: rows, "LineAmountTypes": field.value_map.get(word, word)}


def _write_row(
    line: Line, before: tuple[Row, Line] | None, field: Field, facts: Facts
) -> dict[str, Any]:
    held, was = before or ({}, None)
    row: dict[str, Any] = {"LineItemID": held["LineItemID"]} if held.get("LineItemID") else {}
    code = _item_code(line, facts)
    if code is not None:
        row["ItemCode"] = code
    row["Description"] = _description(line, code, field, facts)
    row["Quantity"] = half_up(line.quantity, 4)
    row["UnitAmount"] = half_up(line.unit_price, 4)
    row["TaxType"] = _tax_type(line, held, was, facts)
    account = _account(line, held, was, code=code, facts=facts)
    if account is not None:
        row["AccountCode"] = account
    row.update(_discount(line, held, was))
    tracking = _tracking(held)
    if tracking:
        row["Tracking"] = tracking
    return row


def _item_code(line: Line, facts: Facts) -> str | None:
    if line.product is None:
        return None
    if line.product.startswith("xero:"):
        return line.product.removeprefix("xero:")
    code = facts.item_codes.get(line.product)
    if code is None:
        raise NeedsPartner("products", Side.ZOHO, id=line.product)
    return code


def _description(line: Line, code: str | None, field: Field, facts: Facts) -> str:
    """Xero needs at least one character, so a line without words bears its product's name."""
    words = line.description or product_name(line.product, facts) or code
    if not words:
        raise Refused("line_without_description", {"field": field.name})
    return fitting(words, field, Side.XERO)


def _tax_type(line: Line, held: Row, was: Line | None, facts: Facts) -> str:
    if line.tax is None:
        return NO_TAX
    if was is not None and was.tax == line.tax and held.get("TaxType"):
        return str(held["TaxType"])
    if line.tax.startswith(UNMAPPED):
        name, _, rate = line.tax.removeprefix(UNMAPPED).rpartition("|")
        return tax_to_xero(name, Decimal(rate), facts)
    return check_xero_tax(line.tax, facts)


def _discount(line: Line, held: Row, was: Line | None) -> dict[str, Decimal]:
    """An untouched line keeps its rate; everything else is an amount; taken off it is zero."""
    rate = to_decimal(held.get("DiscountRate"), "DiscountRate")
    if rate and was == line:
        return {"DiscountRate": rate}
    if line.discount or (was is not None and was.discount):
        return {"DiscountAmount": half_up(line.discount)}
    return {}


def _tracking(held: Row) -> list[dict[str, Any]]:
    entries = held.get("Tracking") or ()
    return [
        {key: entry[key] for key in _TRACKING if entry.get(key)}
        for entry in entries
        if isinstance(entry, Mapping)
    ]


def _account(
    line: Line, held: Row, was: Line | None, *, code: str | None, facts: Facts
) -> str | None:
    """A kept line keeps its account; a new one gets the item's, the set-up one, or the only one."""
    if held.get("AccountCode") and was is not None and was.product == line.product:
        return str(held["AccountCode"])
    rounding = _system_account("ROUNDING", facts)
    if rounding is not None and is_plain(line, ROUNDING):
        return rounding.code
    chosen = facts.item_accounts.get(code or "") or facts.sales_account
    return _only_sales_account(facts) if chosen is None else _usable(chosen, facts)


def _system_account(system: str, facts: Facts) -> LedgerAccount | None:
    return next((each for each in facts.accounts.values() if each.system == system), None)


def _only_sales_account(facts: Facts) -> str | None:
    """The only account it can be. A draft may go without: the accountant names it on approval.

    ``invoice_status`` is by now the state the document has in Xero, or the one it is to get.
    """
    sales = [each.code for each in facts.accounts.values() if each.active and each.type in _SALES]
    if len(sales) == 1:
        return sales[0]
    if facts.invoice_status == "DRAFT":
        return None
    raise NotConfigured("sales_account_missing")


def _usable(code: str, facts: Facts) -> str:
    held = next((each for each in facts.accounts.values() if each.code == code), None)
    if facts.accounts and held is None:
        raise NotConfigured("account_missing", {"account": code})
    if held is not None and not held.active:
        raise NotConfigured("account_archived", {"account": f"{held.code} {held.name}"})
    return code
