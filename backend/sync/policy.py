"""An administrator's settings as the values the rules work with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core.policy import Condition, Policy
from backend.core.roles import PAYMENTS
from backend.core.spec import Side


def module_settings(settings: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The part of the settings document that concerns one module."""
    found: Mapping[str, Any] = settings.get("modules", {}).get(key, {})
    return found


def policy_of(settings: Mapping[str, Any], key: str) -> Policy:
    """The switches of one module as values."""
    held = module_settings(settings, key)
    start = held.get("start_date")
    return Policy(
        enabled=bool(held.get("enabled", False)),
        allow=_switch(held, "allow", default=True),
        create=_switch(held, "create", default=True),
        update=_switch(held, "update", default=True),
        delete=_switch(held, "delete", default=False),
        payments=_payments_reach_crm(settings),
        pays=_payments_reach_xero(settings),
        rule=str(held.get("conflict", "ask")),
        start_date=date.fromisoformat(start) if start else None,
        conditions=tuple(
            Condition(field=row["field"], op=row["op"], value=row.get("value"))
            for row in held.get("filter") or ()
        ),
    )


def _switch(held: Mapping[str, Any], name: str, *, default: bool) -> dict[Side, bool]:
    return {side: bool(held.get(f"to_{side.value}", {}).get(name, default)) for side in Side}


def _payments_reach_xero(settings: Mapping[str, Any]) -> bool:
    held = module_settings(settings, PAYMENTS)
    to_xero = held.get("to_xero", {})
    on = held.get("enabled", True) and to_xero.get("allow", False)
    return bool(on and to_xero.get("create", True))


def _payments_reach_crm(settings: Mapping[str, Any]) -> bool:
    held = module_settings(settings, PAYMENTS)
    to_zoho = held.get("to_zoho", {})
    on = held.get("enabled", True) and to_zoho.get("allow", True)
    return bool(on and to_zoho.get("update", True))
