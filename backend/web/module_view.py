"""The modules as the settings matrix draws them."""

from __future__ import annotations

from typing import Any

from backend.core.errors import Message
from backend.core.policy import Policy
from backend.core.spec import ModuleSpec, Side
from backend.i18n import translate
from backend.modules import all_specs, module_keys
from backend.store.views import Standing
from backend.sync.policy import policy_of
from backend.texts import render
from backend.web.present import Reader


def rows(standing: Standing, reader: Reader) -> list[dict[str, Any]]:
    """Every module in the order people think of them."""
    return [_row(all_specs()[key], standing, reader) for key in module_keys()]


def _row(spec: ModuleSpec, standing: Standing, reader: Reader) -> dict[str, Any]:
    shown = spec.shown
    return {
        "key": spec.key,
        "label": translate(shown.name, reader.language),
        "xero_label": translate(shown.xero, reader.language),
        "group": shown.group,
        "available": True,
        "directions": {
            f"to_{side.value}": _direction(spec, side, reader) for side in (Side.XERO, Side.ZOHO)
        },
        # Only Xero can speak of a record that shows on another one, so nobody is ever asked.
        "conflict_fixed": Side.XERO.value if spec.attached_to else None,
        "scope_text": _scope(policy_of(standing.org.settings, spec.key), reader),
    }


def _direction(spec: ModuleSpec, side: Side, reader: Reader) -> dict[str, Any]:
    possible = spec.takes(side)
    why = None if possible else Message(f"direction_impossible_to_{side.value}")
    return {"possible": possible, "why": render(why, reader.language)}


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
