"""The settings document an organisation begins with, as the modules declare themselves."""

from __future__ import annotations

from typing import Any

from backend.core.spec import ModuleSpec, Side
from backend.modules import all_specs, module_keys


def default_settings(*, attempts: int = 3, language: str = "en") -> dict[str, Any]:
    """A fresh settings document; deleting is off everywhere and conflicts are asked about."""
    return {
        "modules": {key: _module(all_specs()[key]) for key in module_keys()},
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


def _module(spec: ModuleSpec) -> dict[str, Any]:
    return {
        "enabled": spec.on_at_first,
        "schedule": True,
        "conflict": "ask",
        "start_date": None,
        "filter": [],
        **{f"to_{side.value}": _direction(spec, side) for side in (Side.XERO, Side.ZOHO)},
    }


def _direction(spec: ModuleSpec, side: Side) -> dict[str, bool]:
    on = spec.takes(side)
    allow = on and spec.by_choice is not side
    return {"allow": allow, "create": on, "update": on, "delete": False}
