"""How the document endpoints of Xero differ in what they take of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """``exclusive`` and ``untaxed`` are its words for LineAmountTypes, ``tracking`` the keys an
    entry may carry. ``bought``: purchase accounts and taxes, and no discounts. ``posted``: an
    approved line needs an account, because it reaches the ledger."""

    exclusive: str = "Exclusive"
    untaxed: str = "NoTax"
    tracking: tuple[str, ...] = ("TrackingCategoryID", "TrackingOptionID", "Name", "Option")
    bought: bool = False
    posted: bool = True


SALES = "sales"
DIALECTS: Mapping[str, Dialect] = {
    SALES: Dialect(),
    "drafts": Dialect(posted=False),
    "quotes": Dialect(
        exclusive="EXCLUSIVE", untaxed="NOTAX", tracking=("TrackingOptionID",), posted=False
    ),
    "purchase_orders": Dialect(bought=True, posted=False),
}
"""developer.xero.com: invoices, quotes, purchase orders; discounts by amount are for sales alone
(Xero-OpenAPI: LineItem)."""
