"""Totals of a CRM document: what Zoho computes from the lines and nobody may write.

A line: Total = Quantity x List_Price; Total_After_Discount = Total - Discount; Tax = the sum of its
`Line_Tax` rates on that; Net_Total = Total_After_Discount + Tax. The document: Sub_Total = the sum
of Net_Total, Tax = its own `$line_tax` rates on (Sub_Total - Discount), and
Grand_Total = Sub_Total - Discount + Tax + Adjustment.

Where amounts are rounded is not documented. Here every amount is rounded half up to the cent where
it is shown: the tax of a line on that line, the tax of the document once on the whole, so that
25.06 + 25.61 + 25.63 at 15 % carry 11.44 as line taxes and 11.45 as a document tax. The switch
`zoho_tax_rounding` moves that place: "shown" (this), "line" (a document tax is the sum of per-line
roundings) or "document" (line taxes are rounded only as a whole, in the last line).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    """Half up to two places."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rate(taxes: Iterable[Mapping[str, Any]]) -> Decimal:
    """The sum of the percentages, in per cent."""
    return sum((Decimal(one["percentage"]) for one in taxes), ZERO)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The computed amounts of a document."""

    sub_total: Decimal
    tax: Decimal
    grand_total: Decimal


def _tax_lines(lines: list[dict[str, Any]], rounding: str) -> None:
    exact_sum = shown_sum = ZERO
    for line in lines:
        exact = line["Total_After_Discount"] * rate(line["Line_Tax"]) / HUNDRED
        exact_sum, shown = exact_sum + exact, cents(exact)
        if rounding == "document" and line is lines[-1]:
            shown = cents(exact_sum) - shown_sum
        shown_sum += shown
        line["Tax"] = shown
        line["Net_Total"] = line["Total_After_Discount"] + shown
        for one in line["Line_Tax"]:
            one["value"] = cents(
                line["Total_After_Discount"] * Decimal(one["percentage"]) / HUNDRED
            )


def price_lines(lines: list[dict[str, Any]], rounding: str = "shown") -> None:
    """Fill the computed keys of every line in place."""
    for line in lines:
        line["Total"] = cents(line["Quantity"] * line["List_Price"])
        line["Total_After_Discount"] = line["Total"] - line["Discount"]
    if lines:
        _tax_lines(lines, rounding)


def document_totals(
    lines: list[dict[str, Any]],
    *,
    taxes: Iterable[Mapping[str, Any]],
    discount: Decimal,
    adjustment: Decimal,
    rounding: str = "shown",
) -> Totals:
    """The document's totals; the lines must have been priced."""
    sub_total = sum((line["Net_Total"] for line in lines), ZERO)
    percent = rate(taxes)
    if rounding == "line":
        tax = sum((cents(line["Net_Total"] * percent / HUNDRED) for line in lines), ZERO)
        tax -= cents(discount * percent / HUNDRED)
    else:
        tax = cents((sub_total - discount) * percent / HUNDRED)
    return Totals(sub_total=sub_total, tax=tax, grand_total=sub_total - discount + tax + adjustment)
