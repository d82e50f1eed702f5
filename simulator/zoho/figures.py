"""Counts and sums of the CRM organisation, for proofs that both sides hold the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState


def figures(state: ZohoState) -> dict[str, Any]:
    """Records per module, and per currency the invoices that are not cancelled.

    `invoices[currency]` has `count`, `total` (Grand_Total) and the sum of every currency field the
    organisation has added, by its API name.
    """
    with state.world.lock:
        counts = {
            name: len(state.tables[name])
            for name, module in state.modules.items()
            if module.parent is None
        }
        return {"counts": counts, "invoices": _invoices(state)}


def _invoices(state: ZohoState) -> dict[str, dict[str, Any]]:
    added = [
        name
        for name, spec in state.modules["Invoices"].fields.items()
        if spec.custom and spec.data_type == "currency"
    ]
    sums: dict[str, dict[str, Any]] = {}
    for row in state.tables["Invoices"]:
        if row.values.get("Status") == "Cancelled":
            continue
        currency = str(row.values.get("Currency"))
        one = sums.setdefault(currency, {"count": 0, "total": Decimal(0)})
        one["count"] += 1
        one["total"] += row.values["Grand_Total"]
        for name in added:
            one[name] = one.get(name, Decimal(0)) + (row.values.get(name) or Decimal(0))
    return sums
