"""Document lines in Xero's dialect: LineItems, exclusive, inclusive or without tax.

Source: developer.xero.com, accounting API, invoices and quotes: line items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.core.codec import Fragment
from backend.core.errors import NeedsPartner, NotConfigured, Refused, Unsafe
from backend.core.line_dialects import Dialect
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
from backend.core.money import (
    ROUNDING,
    exclusive_from_inclusive,
    half_up,
    line_amount,
    net_of,
)
from backend.core.roles import PRODUCTS
from backend.core.scalars import to_decimal, to_text
from backend.core.spec import Facts, Field, LedgerAccount, Line, Raw, Side
from backend.core.taxes import NO_TAX, UNMAPPED, check_xero_tax, rate_of, tax_to_xero

_ZERO = Decimal(0)
_ONE = Decimal(1)
_SALES = frozenset({"SALES", "REVENUE"})
_COSTS = frozenset({"DIRECTCOSTS", "EXPENSE", "OVERHEADS"})


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
    if discount or not rate:
        return replace(line, discount=discount) if discount else line
    net = line_amount(line.quantity, line.unit_price, rate=rate)
    rated = replace(line, discount=half_up(line.quantity * line.unit_price) - net)
    if net_of(rated) == net or not line.quantity:
        return rated
    # Half a cent of the price is left over, which no amount of whole cents takes off.
    return replace(line, unit_price=half_up(net / line.quantity, 4))


def write_xero(lines: Sequence[Line], field: Field, facts: Facts, current: Raw) -> Fragment:
    """Every line, those kept with their LineItemID; a line not sent is deleted by Xero.

    Raises ``NotConfigured``, ``NeedsPartner``, ``Refused``, and ``Unsafe`` where a discount cannot
    be expressed.
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
    dialect = field.dialect
    return {path: rows, "LineAmountTypes": dialect.untaxed if untaxed else dialect.exclusive}


def _write_row(
    line: Line, before: tuple[Row, Line] | None, field: Field, facts: Facts
) -> dict[str, Any]:
    held, was = before or ({}, None)
    dialect = field.dialect
    row: dict[str, Any] = {"LineItemID": held["LineItemID"]} if held.get("LineItemID") else {}
    code = _item_code(line, facts)
    if code is not None:
        row["ItemCode"] = code
    row["Description"] = _description(line, code, field, facts)
    if dialect.bought and was != line:
        line = without_discount(line)
    row["Quantity"] = half_up(line.quantity, 4)
    row["UnitAmount"] = half_up(line.unit_price, 4)
    row["TaxType"] = _tax_type(line, held, was, facts)
    account = _account(line, held, was, code=code, facts=facts, needed=dialect.posted)
    if account is not None:
        row["AccountCode"] = account
    row.update(_discount(line, held, was, dialect))
    tracking = _tracking(held, dialect)
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
        raise NeedsPartner(PRODUCTS, Side.ZOHO, id=line.product)
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


def _discount(line: Line, held: Row, was: Line | None, dialect: Dialect) -> dict[str, Decimal]:
    """An untouched line keeps its rate; everything else is an amount; taken off it is zero."""
    rate = to_decimal(held.get("DiscountRate"), "DiscountRate")
    if rate and was == line:
        return {"DiscountRate": rate}
    if dialect.bought:
        return {"DiscountRate": _ZERO} if rate else {}
    if line.discount or (was is not None and was.discount):
        return {"DiscountAmount": half_up(line.discount)}
    return {}


def without_discount(line: Line) -> Line:
    """The same amount by a lower price, where Xero knows no discount (purchase orders).

    ``Refused`` where four decimals cannot express it: held rather than a cent off.
    """
    if not line.discount:
        return line
    net, quantity = net_of(line), half_up(line.quantity, 4)
    price = half_up(net / quantity, 4) if quantity else _ZERO
    if line_amount(quantity, price) != net:
        params = {"zoho": str(net), "xero": str(line_amount(quantity, price))}
        raise Unsafe("discount_not_exact", params)
    return replace(line, unit_price=price, discount=_ZERO)


def _tracking(held: Row, dialect: Dialect) -> list[dict[str, Any]]:
    entries = held.get("Tracking") or ()
    return [
        {key: entry[key] for key in dialect.tracking if entry.get(key)}
        for entry in entries
        if isinstance(entry, Mapping)
    ]


def _account(
    line: Line, held: Row, was: Line | None, *, code: str | None, facts: Facts, needed: bool
) -> str | None:
    """A kept line keeps its account; a new one gets the item's, the set-up one, or the only one."""
    if held.get("AccountCode") and was is not None and was.product == line.product:
        return str(held["AccountCode"])
    rounding = _system_account("ROUNDING", facts)
    if rounding is not None and is_plain(line, ROUNDING):
        return rounding.code
    if facts.purchases:
        chosen = facts.item_purchase_accounts.get(code or "") or facts.purchases_account
    else:
        chosen = facts.item_accounts.get(code or "") or facts.sales_account
    return _only_account(facts, needed=needed) if chosen is None else _usable(chosen, facts)


def _system_account(system: str, facts: Facts) -> LedgerAccount | None:
    return next((each for each in facts.accounts.values() if each.system == system), None)


def _only_account(facts: Facts, *, needed: bool) -> str | None:
    """The only account it can be. A draft may go without: the accountant names it on approval.

    ``invoice_status`` is by now the state the document has in Xero, or the one it is to get.
    """
    types = _COSTS if facts.purchases else _SALES
    found = [each.code for each in facts.accounts.values() if each.active and each.type in types]
    if len(found) == 1:
        return found[0]
    if facts.invoice_status == "DRAFT" or not needed:
        return None
    raise NotConfigured("sales_account_missing")


def _usable(code: str, facts: Facts) -> str:
    held = next((each for each in facts.accounts.values() if each.code == code), None)
    if facts.accounts and held is None:
        raise NotConfigured("account_missing", {"account": code})
    if held is not None and not held.active:
        raise NotConfigured("account_archived", {"account": f"{held.code} {held.name}"})
    return code
