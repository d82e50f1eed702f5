"""Tracked stock: approved bills bring it in, approved sales invoices take it out."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simulator.xero.books import Books, Record
from simulator.xero.errors import Invalid

BOOKED = frozenset({"AUTHORISED", "PAID"})
SHORT = "The quantity of item {} exceeds the quantity on hand."


def move(books: Books, old: Record | None, new: Record) -> None:
    """Apply the difference between a document before and after; Invalid when stock runs out."""
    change: dict[str, Decimal] = defaultdict(Decimal)
    for record, sign in ((old, -1), (new, 1)):
        if record is None or record["Status"] not in BOOKED:
            continue
        outward = -1 if record["Type"] == "ACCREC" else 1
        for line in record["LineItems"]:
            if line.get("ItemCode"):
                change[line["ItemCode"]] += sign * outward * line.get("Quantity", Decimal(0))
    tracked = _tracked(books, change)
    for item, quantity in tracked:
        if quantity < 0 and item["QuantityOnHand"] + quantity < 0:
            raise Invalid(SHORT.format(item["Code"]))
    for item, quantity in tracked:
        item["QuantityOnHand"] += quantity
        # A movement is a change of the item that Xero's date shows.
        books.store("Items", item)


def _tracked(books: Books, change: dict[str, Decimal]) -> list[tuple[Record, Decimal]]:
    found = []
    for code, quantity in change.items():
        hits = books.find("Items", "Code", code)
        if quantity and hits and hits[0]["IsTrackedAsInventory"]:
            found.append((hits[0], quantity))
    return found
