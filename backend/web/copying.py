"""A configuration of one organisation made to fit another: what is missing there is left out and
named, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.core.errors import Message
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store.views import Standing
from backend.web import settings_rules
from backend.web.mapping_offer import in_force, offered

Complaint = tuple[str, Message]
Rows = list[dict[str, Any]]

ACCOUNTS = ("sales_account", "purchases_account", "payment_account")


def fitted(
    settings: dict[str, Any], mappings: Mapping[str, Rows], held: Standing
) -> tuple[dict[str, Any], dict[str, Rows], list[Complaint]]:
    """Settings and mappings as this organisation can take them, and what was left out."""
    gaps: list[Complaint] = []
    settings = _without_accounts(dict(settings), held, gaps)
    settings["tax_map"] = _taxes(settings["tax_map"], held, gaps)
    if settings.get("fallback_product") is not None:
        # A record number means another record, or none, in another organisation.
        settings["fallback_product"] = None
        gaps.append(("settings.fallback_product", Message("copy_without_product")))
    return settings, {key: _rows(key, rows, held, gaps) for key, rows in mappings.items()}, gaps


def _without_accounts(
    settings: dict[str, Any], held: Standing, gaps: list[Complaint]
) -> dict[str, Any]:
    for path, _ in settings_rules.complaints(settings, held):
        if path in ACCOUNTS and settings[path] is not None:
            params = {"account": str(settings[path])}
            gaps.append((f"settings.{path}", Message("copy_without_account", params)))
            settings[path] = None
    return settings


def _taxes(tax_map: Sequence[Any], held: Standing, gaps: list[Complaint]) -> list[Any]:
    facts = held.xero.facts if held.xero is not None else {}
    known = {str(rate.get("TaxType")) for rate in facts.get("tax_rates") or ()}
    kept = []
    for number, row in enumerate(tax_map):
        if known and row["xero"] not in known:
            params = {"tax": str(row["xero"])}
            gaps.append((f"settings.tax_map.{number}", Message("copy_without_tax", params)))
        else:
            kept.append(row)
    return kept


def _rows(key: str, rows: Rows, held: Standing, gaps: list[Complaint]) -> Rows:
    """Rows whose fields exist here; the others stay as they are declared, or away."""
    spec = all_specs()[key]
    offers = offered(spec, held)
    declared = in_force(spec, None, held).fields
    fields = {
        side: {*offers[side], *(row.path(side) for row in declared), "id", None} for side in Side
    }
    kept = []
    for number, row in enumerate(rows):
        missing = list(_missing(row, fields))
        if missing and offers[Side.ZOHO]:
            params = {"name": ", ".join(missing)}
            path = f"mappings.{key}.rows.{number}"
            gaps.append((path, Message("copy_without_row", params)))
        else:
            kept.append(row)
    return kept


def _missing(row: Mapping[str, Any], fields: Mapping[Side, set[str | None]]) -> Iterator[str]:
    for side in Side:
        if row[str(side)] not in fields[side]:
            yield str(row[str(side)])
