"""What a document is owed, as whole numbers that a database adds without rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

UNITS = 10_000
"""Of one pound, euro, ...: amounts are kept in ten-thousandths."""
MOST = 2**62
OPEN = frozenset({"AUTHORISED", "PART_PAID"})
"""States in which Xero counts a document as owed; a draft is not owed yet."""
CASH = frozenset({"payment", "prepayment", "overpayment"})
NOTHING: Mapping[str, Any] = {
    "owed": None,
    "owed_currency": None,
    "owed_by": None,
    "due_on": None,
    "paid_on": None,
    "days_to_pay": None,
}


def owing_of(face: Mapping[str, Any]) -> dict[str, Any]:
    """The figures pages add up, from what is kept of the document; all None for other records."""
    money, xero = face.get("money"), face.get("xero")
    if not isinstance(money, Mapping):
        return dict(NOTHING)
    status = xero.get("status") if isinstance(xero, Mapping) else None
    paid_on = max(_paid(money), default=None)
    return {
        "owed": units(money.get("due")) if status in OPEN else None,
        "owed_currency": money.get("currency"),
        "owed_by": money.get("contact"),
        "due_on": money.get("due_date"),
        "paid_on": paid_on,
        "days_to_pay": _days(money, paid_on) if status == "PAID" else None,
    }


def units(amount: object) -> int | None:
    """An amount in ten-thousandths; None for none, and for one no database could add."""
    try:
        found = int(Decimal(str(amount)) * UNITS)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return found if abs(found) < MOST else None


def amount(held: int) -> str:
    """The amount that so many ten-thousandths are, with at least two digits."""
    found = Decimal(held) / UNITS
    return f"{found:.2f}" if held % 100 == 0 else f"{found:.4f}"


def _paid(money: Mapping[str, Any]) -> Iterator[str]:
    for row in money.get("rows") or ():
        if row.get("kind") in CASH and row.get("date"):
            yield str(row["date"])


def _days(money: Mapping[str, Any], paid_on: str | None) -> int | None:
    try:
        made = date.fromisoformat(str(money.get("date")))
        paid = date.fromisoformat(str(money.get("paid_on") or paid_on))
    except ValueError:
        return None
    return max(0, (paid - made).days)
