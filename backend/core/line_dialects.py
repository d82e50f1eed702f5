"""How the document endpoints of Xero differ in what they take of a line; each module says how its
own does (developer.xero.com: invoices, quotes, purchase orders)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """``exclusive`` and ``untaxed`` are its words for LineAmountTypes, ``tracking`` the keys an
    entry may carry. ``bought``: purchase accounts and taxes, and no discounts, which by amount are
    for sales alone (Xero-OpenAPI: LineItem). ``posted``: an approved line needs an account, because
    it reaches the ledger."""

    exclusive: str = "Exclusive"
    untaxed: str = "NoTax"
    tracking: tuple[str, ...] = ("TrackingCategoryID", "TrackingOptionID", "Name", "Option")
    bought: bool = False
    posted: bool = True


SALES = Dialect()
"""What sales invoices and credit notes take."""
