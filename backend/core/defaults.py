"""The settings document an organisation begins with, and the module keys there are."""

from __future__ import annotations

from typing import Any

MODULE_KEYS = (
    "accounts",
    "contacts",
    "vendors",
    "products",
    "quotes",
    "sales_orders",
    "invoices",
    "purchase_orders",
    "payments",
    "credit_notes",
)
"""Every module key, dependencies before dependants."""

AVAILABLE = frozenset({
    "accounts", "contacts", "vendors", "products", "quotes", "sales_orders", "invoices",
    "purchase_orders", "payments", "credit_notes",
})  # fmt: skip
"""The modules this version syncs; the others can be set up once their specs exist."""

OFF_AT_FIRST = frozenset({"sales_orders"})
"""Modules an administrator switches on by choice: a draft for every order is not for everybody."""

ONLY_TO_XERO = frozenset({"sales_orders"})
ONLY_TO_ZOHO = frozenset({"credit_notes"})
"""Directions a module cannot take: Xero has no sales orders, CRM no credit notes."""
OPTIONAL_TO_XERO = frozenset({"payments"})
"""What goes to Xero only once an administrator switches it on: to book money is a choice."""

LANGUAGES = ("en", "fr", "de")


def default_settings(*, attempts: int = 3, language: str = "en") -> dict[str, Any]:
    """A fresh settings document; deleting is off everywhere and conflicts are asked about."""
    return {
        "modules": {key: _module(key) for key in MODULE_KEYS},
        "customers": "accounts",
        "invoice_status_on_create": "DRAFT",
        "payment_account": None,
        "sales_account": None,
        "purchases_account": None,
        "fallback_product": None,
        "tax_map": [],
        "status_map": {},
        "rounding": "hold",
        "unarchive": "ask",
        "delete_limit": 10,
        "attempts": attempts,
        "suppress_zoho_automation": False,
        "notify": {"crm_task": True, "emails": []},
        "language": language,
    }


def _module(key: str) -> dict[str, Any]:
    return {
        "enabled": key in AVAILABLE - OFF_AT_FIRST,
        "schedule": True,
        "conflict": "ask",
        "start_date": None,
        "filter": [],
        "to_xero": {
            **_direction(allow=key not in ONLY_TO_ZOHO),
            **({"allow": False} if key in OPTIONAL_TO_XERO else {}),
        },
        "to_zoho": _direction(allow=key not in ONLY_TO_XERO),
    }


def _direction(*, allow: bool) -> dict[str, bool]:
    return {"allow": allow, "create": allow, "update": allow, "delete": False}
