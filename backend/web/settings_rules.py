"""What a settings document must also hold up to: both organisations as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from backend.core.errors import Message
from backend.core.spec import Side, TaxRate
from backend.core.taxes import tax_key
from backend.modules import all_specs
from backend.store.views import Standing
from backend.sync.facts import tax_rate
from backend.web import filter_rules

Complaint = tuple[str, Message]


def merged(held: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """``held`` with what was given laid over it, object by object.

    What a caller leaves out stays as it is, so that a caller that does not know a newer key
    does not take it away. Lists and maps from names to values are replaced whole.
    """
    result = dict(held)
    for key, value in given.items():
        old = held.get(key)
        whole = key == "status_map" or not (isinstance(value, dict) and isinstance(old, dict))
        result[key] = value if whole else merged(old or {}, value)
    return result


def complaints(document: Mapping[str, Any], standing: Standing) -> list[Complaint]:
    """Everything that is wrong with a well-formed document, as path and message."""
    xero = standing.xero.facts if standing.xero else {}
    return [
        *_modules(document["modules"], standing),
        *_accounts(document, xero.get("accounts") or []),
        *_taxes(document["tax_map"], xero.get("tax_rates") or []),
    ]


def _modules(modules: Mapping[str, Any], standing: Standing) -> Iterator[Complaint]:
    for key, held in modules.items():
        spec = all_specs()[key]
        for side in Side:
            way = f"to_{side.value}"
            if held[way]["allow"] and not spec.takes(side):
                yield f"modules.{key}.{way}.allow", Message(f"direction_impossible_{way}")
        yield from filter_rules.complaints(spec, held["filter"], standing, f"modules.{key}.filter")


def _accounts(document: Mapping[str, Any], accounts: list[Any]) -> Iterator[Complaint]:
    if not accounts:
        return
    codes = {str(one.get("Code")) for one in accounts if one.get("Code")}
    ids = {str(one.get("AccountID")) for one in accounts}
    for key, known in (
        ("sales_account", codes),
        ("purchases_account", codes),
        ("payment_account", codes | ids),
    ):
        if document[key] is not None and document[key] not in known:
            yield key, Message("account_missing", {"account": document[key]})
    payable = {
        name
        for one in accounts
        if one.get("Type") == "BANK" or one.get("EnablePaymentsToAccount") is True
        for name in (str(one.get("Code")), str(one.get("AccountID")))
    }
    wanted = document["payment_account"]
    if wanted in known and wanted not in payable:
        yield "payment_account", Message("account_takes_no_payments", {"account": wanted})


def _taxes(tax_map: list[Any], rates: list[Any]) -> Iterator[Complaint]:
    known = {rate.code: rate for rate in map(tax_rate, rates)}
    seen: set[tuple[str, Decimal, str]] = set()
    for number, row in enumerate(tax_map):
        rate = known.get(row["xero"])
        if known and rate is None:
            yield f"tax_map.{number}.xero", Message("tax_missing", {"tax": row["xero"]})
        elif rate is not None and row.get("use") and not rate.for_purchases:
            yield f"tax_map.{number}.xero", Message("tax_not_for_purchases", {"tax": rate.name})
        tax = row["zoho"]
        uses = {(tax_key(tax["name"]), Decimal(tax["percentage"]), use) for use in _uses(row, rate)}
        if uses & seen:
            yield f"tax_map.{number}.zoho", Message("row_twice")
        seen |= uses


def _uses(row: Mapping[str, Any], rate: TaxRate | None) -> Iterator[str]:
    """What a row of the tax map is for: it says so, or its rate does; two rows may share a tax
    when nothing that is sold or bought would find both."""
    if row.get("use"):
        yield "purchases alone"
        return
    if rate is None or rate.for_sales or not rate.for_purchases:
        yield "sales"
    if rate is None or rate.for_purchases:
        yield "purchases"
