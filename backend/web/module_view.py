"""The modules as the settings matrix draws them."""

from __future__ import annotations

from typing import Any

from backend.core.defaults import AVAILABLE, MODULE_KEYS, ONLY_TO_XERO, ONLY_TO_ZOHO
from backend.core.errors import Message
from backend.core.policy import Policy
from backend.i18n import N_, translate
from backend.store.views import Standing
from backend.sync.policy import policy_of
from backend.texts import module_label, render
from backend.web.present import Reader

XERO_LABELS = {
    "accounts": N_("Contacts (customers)"),
    "contacts": N_("Contact persons"),
    "vendors": N_("Contacts (suppliers)"),
    "products": N_("Items"),
    "quotes": N_("Quotes"),
    "sales_orders": N_("Draft invoices"),
    "invoices": N_("Invoices"),
    "purchase_orders": N_("Purchase orders"),
    "payments": N_("Payments"),
    "credit_notes": N_("Credit notes"),
}
GROUPS = {
    "people": ("accounts", "contacts", "vendors"),
    "catalogue": ("products",),
    "documents": (
        "quotes",
        "sales_orders",
        "invoices",
        "purchase_orders",
        "payments",
        "credit_notes",
    ),
}
FIXED = {"payments": "xero", "credit_notes": "xero"}
"""Modules whose differences are never asked about, because only one side can speak."""


def rows(standing: Standing, reader: Reader) -> list[dict[str, Any]]:
    """Every module key, dependencies before dependants."""
    groups = {key: group for group, keys in GROUPS.items() for key in keys}
    return [_row(key, groups[key], standing, reader) for key in MODULE_KEYS]


def _row(key: str, group: str, standing: Standing, reader: Reader) -> dict[str, Any]:
    return {
        "key": key,
        "label": module_label(key, reader.language),
        "xero_label": translate(XERO_LABELS[key], reader.language),
        "group": group,
        "available": key in AVAILABLE,
        "directions": {
            "to_xero": _direction(key in ONLY_TO_ZOHO, "to_xero", reader),
            "to_zoho": _direction(key in ONLY_TO_XERO, "to_zoho", reader),
        },
        "conflict_fixed": FIXED.get(key),
        "scope_text": _scope(policy_of(standing.org.settings, key), reader),
    }


def _direction(closed: bool, way: str, reader: Reader) -> dict[str, Any]:
    why = Message(f"direction_impossible_{way}") if closed else None
    return {"possible": not closed, "why": render(why, reader.language)}


def _scope(policy: Policy, reader: Reader) -> str:
    """What is in scope, in one phrase."""
    count, start = len(policy.conditions), policy.start_date
    if start is None and not count:
        return _said("scope_everything", {}, reader)
    if start is None:
        return _said("scope_filtered", {"count": str(count)}, reader)
    params = {"start": start.isoformat(), "count": str(count)}
    return _said("scope_since_filtered" if count else "scope_since", params, reader)


def _said(key: str, params: dict[str, str], reader: Reader) -> str:
    return str((render(Message(key, params), reader.language) or {}).get("text"))
