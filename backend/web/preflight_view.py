"""What has to be right before records cross: each point in words, with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.roles import PAYMENTS
from backend.modules import all_specs
from backend.store import views
from backend.store.views import Standing
from backend.sync.policy import policy_of
from backend.texts import render
from backend.web.map_view import facts_of, gaps
from backend.web.mapping_offer import known
from backend.web.present import Reader

Check = tuple[str, str, Message]
"""Key, state (ok, gap or wrong), and what to say."""


def checks(session: Session, standing: Standing, reader: Reader) -> dict[str, Any]:
    """Every point, and whether nothing stands in the way."""
    found = [*_connections(standing), *_set_up(standing), *_previews(session, standing)]
    return {
        "checks": [_shown(each, reader) for each in found],
        "ready": all(state != "wrong" for _, state, _ in found),
    }


def _shown(check: Check, reader: Reader) -> dict[str, Any]:
    key, state, message = check
    told = render(message, reader.language) or {}
    return {
        "key": key,
        "state": state,
        "text": told.get("text"),
        "fix": told.get("fix"),
        "act": told.get("act"),
    }


def _connections(standing: Standing) -> Iterator[Check]:
    zoho = standing.zoho is not None and standing.zoho.state == "connected"
    if zoho:
        yield "zoho", "ok", Message("preflight_zoho_ok", {"name": standing.org.name})
    else:
        yield "zoho", "wrong", Message("preflight_zoho_missing")
    state = standing.connection
    if standing.org.tenant_id is None or standing.xero is None:
        yield "xero", "wrong", Message("preflight_xero_missing")
    elif standing.xero.state != "connected" or (zoho and state != "connected"):
        yield "xero", "wrong", Message("preflight_xero_lost", {"name": standing.xero.name})
    else:
        yield "xero", "ok", Message("preflight_xero_ok", {"name": standing.xero.name})


def _set_up(standing: Standing) -> Iterator[Check]:
    """What both organisations must have for the modules that are on."""
    zoho, xero = known(standing)
    settings = standing.org.settings
    enabled = [key for key in all_specs() if policy_of(settings, key).enabled]
    if not enabled:
        yield "modules", "wrong", Message("preflight_no_modules")
    if not zoho or not xero:
        return
    named = list(gaps(standing, settings))
    for message in named:
        yield message.key, "gap", message
    if not any(each.key.startswith("gap_tax") for each in named):
        yield "taxes", "ok", Message("preflight_taxes_ok")
    facts = facts_of(standing, settings)
    documents = [key for key in enabled if all_specs()[key].money]
    if documents and facts.sales_account is None:
        yield "sales_account", "gap", Message("preflight_no_sales_account")
    if documents and facts.fallback_product is None:
        yield "fallback_product", "gap", Message("preflight_no_fallback_product")
    paid = policy_of(settings, PAYMENTS)
    if paid.enabled and any(paid.allow.values()) and settings.get("payment_account") is None:
        to_xero = settings.get("modules", {}).get(PAYMENTS, {}).get("to_xero", {})
        if to_xero.get("allow") and to_xero.get("create"):
            yield "payment_account", "gap", Message("preflight_no_payment_account")


def _previews(session: Session, standing: Standing) -> Iterator[Check]:
    """Modules the schedule leaves alone until somebody has seen a preview."""
    states = views.module_states(session, standing.org.id, tenant_id=standing.tenant_id)
    for key, spec in all_specs().items():
        if spec.attached_to is not None or not policy_of(standing.org.settings, key).enabled:
            continue
        held = states.get(key)
        if held is None or held.accepted_at is None:
            yield f"preview.{key}", "gap", Message("preflight_preview", {"module": key})
        else:
            yield f"preview.{key}", "ok", Message("preflight_preview_ok", {"module": key})
