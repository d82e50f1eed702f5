"""Modules as they are in force: the administrator's rows laid over what is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.core.offers import Offer, crm_offers
from backend.core.overlay import Offers, overlaid
from backend.core.spec import ModuleSpec, Side
from backend.core.tracking import tracking_path
from backend.modules import all_specs
from backend.modules.xero_fields import LIVE, TERMS

Kept = Mapping[str, Any]
"""What was read of one organisation, as it is stored."""


def effective(
    spec: ModuleSpec,
    *,
    rows: Sequence[Mapping[str, Any]] | None,
    zoho: Kept,
    xero: Kept,
    owners: Mapping[str, str] | None = None,
) -> ModuleSpec:
    """``spec`` with the administrator's ``rows`` over it, checked against what both sides have."""
    added = (zoho.get("added") or {}).get(spec.zoho.path) or {}
    offers = offers_of(spec, zoho, xero)
    return overlaid(spec, rows, added=added, offers=offers, owners=owners)


def offers_of(spec: ModuleSpec, zoho: Kept, xero: Kept) -> Offers:
    """The fields of both sides a mapping of ``spec`` may name."""
    known = (zoho.get("fields") or {}).get(spec.zoho.path) or {}
    modules = {each.zoho.path: key for key, each in all_specs().items() if each.attached_to is None}
    return {Side.ZOHO: crm_offers(known, modules), Side.XERO: _xero_offers(spec, xero)}


def _xero_offers(spec: ModuleSpec, xero: Kept) -> dict[str, Offer]:
    found = {each.path: each for each in spec.xero.offers}
    for path, offer in found.items():
        if path in LIVE:
            found[path] = replace(offer, choices=_live(LIVE[path], path, xero))
        elif offer.kind == "terms":
            found[path] = replace(offer, choices=TERMS)
    return found | {each.path: each for each in _tracking(spec, xero)}


def _tracking(spec: ModuleSpec, xero: Kept) -> Iterator[Offer]:
    """One field per tracking category, on documents."""
    if not any(row.codec == "lines" for row in spec.fields):
        return
    for row in xero.get("tracking") or ():
        options = [each for each in row.get("Options") or () if _active(each)]
        if _active(row) and row.get("TrackingCategoryID"):
            yield Offer(
                path=tracking_path(str(row["TrackingCategoryID"])),
                kind="tracking",
                type="choice",
                label=str(row.get("Name") or ""),
                choices=tuple(
                    (str(each.get("TrackingOptionID")), str(each.get("Name"))) for each in options
                ),
                stays_open=True,
            )


def _active(row: Mapping[str, Any]) -> bool:
    return bool(row.get("Status", "ACTIVE") == "ACTIVE")


def _live(name: str, path: str, xero: Kept) -> tuple[tuple[str, str], ...]:
    """The words of a list the connected organisation keeps."""
    rows = xero.get(name) or ()
    if name == "currencies":
        return tuple((str(code), str(code)) for code in rows)
    if name == "branding_themes":
        return tuple((str(row.get("BrandingThemeID")), str(row.get("Name"))) for row in rows)
    code = "TaxType" if name == "tax_rates" else "Code"
    usable = [row for row in rows if row.get("Status", "ACTIVE") == "ACTIVE" and row.get(code)]
    return tuple((str(row[code]), _label(row, code)) for row in usable if _fits(row, name, path))


def _label(row: Mapping[str, Any], code: str) -> str:
    name = str(row.get("Name") or "")
    return f"{row[code]} {name}".strip() if code == "Code" else name or str(row[code])


def _fits(row: Mapping[str, Any], name: str, path: str) -> bool:
    """Tax rates say what they may be used for (Xero-OpenAPI: TaxRate)."""
    if name != "tax_rates":
        return True
    buys = path.startswith(("Purchase", "AccountsPayable"))
    return row.get("CanApplyToExpenses" if buys else "CanApplyToRevenue") is not False
