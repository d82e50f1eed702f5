"""An administrator's settings and mapping laid over a module's declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from backend.core.policy import Condition, Policy
from backend.core.spec import Field, Flow, ModuleSpec, On, Owner, Side

LINES_MODULE = "lines module"
"""Among the names this CRM gives a module's fields: what COQL calls the module of its lines."""


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
        rule=str(held.get("conflict", "ask")),
        start_date=date.fromisoformat(start) if start else None,
        conditions=tuple(
            Condition(field=row["field"], op=row["op"], value=row.get("value"))
            for row in held.get("filter") or ()
        ),
    )


def _switch(held: Mapping[str, Any], name: str, *, default: bool) -> dict[Side, bool]:
    return {side: bool(held.get(f"to_{side.value}", {}).get(name, default)) for side in Side}


def _payments_reach_crm(settings: Mapping[str, Any]) -> bool:
    held = module_settings(settings, "payments")
    to_zoho = held.get("to_zoho", {})
    on = held.get("enabled", True) and to_zoho.get("allow", True)
    return bool(on and to_zoho.get("update", True))


def effective(
    spec: ModuleSpec,
    *,
    rows: Sequence[Mapping[str, Any]] | None,
    added: Mapping[str, str],
    owners: Mapping[str, str] | None = None,
) -> ModuleSpec:
    """``spec`` as it is in force: the administrator's rows, and our CRM fields' real names.

    ``added`` maps our standard names to this CRM's; ``owners`` holds *always decide this way*.
    """
    fields = spec.fields if rows is None else _overlaid(spec.fields, rows)
    named = (_named(row, added, (owners or {}).get(row.name)) for row in fields)
    zoho = spec.zoho
    mark = zoho.back_reference
    if mark is not None and mark in added:
        zoho = replace(zoho, back_reference=added[mark])
    if zoho.lines is not None:
        module = added.get(LINES_MODULE, zoho.lines_module)
        zoho = replace(zoho, lines=added.get(zoho.lines, zoho.lines), lines_module=module)
    return replace(spec, fields=tuple(named), zoho=zoho)


def _named(row: Field, added: Mapping[str, str], owner: str | None) -> Field:
    if (row.zoho or "") in added:
        row = replace(row, zoho=added[row.zoho or ""])
    return row if owner is None else replace(row, owner=Owner(owner))


def _overlaid(fields: Sequence[Field], rows: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Declared rows keep their codec; rows the administrator added read as text."""
    declared = {row.name: row for row in fields}
    laid = {str(row["name"]): _laid(declared.get(str(row["name"])), row) for row in rows}
    kept = [laid.pop(row.name, row) for row in fields]
    return (*kept, *laid.values())


def _laid(held: Field | None, row: Mapping[str, Any]) -> Field:
    base = held or Field(name=str(row["name"]), zoho=row.get("zoho"), xero=row.get("xero"))
    return replace(
        base,
        zoho=row.get("zoho", base.zoho),
        xero=row.get("xero", base.xero),
        flow=Flow(row.get("flow", base.flow)),
        on=On(row.get("on", base.on)),
        owner=Owner(row.get("owner", base.owner)),
        value_map=row.get("value_map") or base.value_map,
    )
