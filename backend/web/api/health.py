"""How the organisation is doing: records by state, last and next sync, calls left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from backend.core.attention import KINDS
from backend.modules import module_keys
from backend.store import synced, views
from backend.store.views import Standing
from backend.web import vitals
from backend.web.context import caller
from backend.web.present import Reader, iso
from backend.web.reading import view

health = Blueprint("health", __name__)


@health.get("/health")
def read() -> Response:
    """Per module and for the connection as a whole; no remote call is made."""
    with view() as (session, standing, reader):
        tenant_id = standing.tenant_id
        counts = views.state_counts(session, caller().org_id, tenant_id=tenant_id)
        states = views.module_states(session, caller().org_id, tenant_id=tenant_id)
        waiting = views.waiting(session, caller().org_id, tenant_id)
        last = iso(synced.last_good(session, standing.org))
        document = {
            "connection": standing.connection,
            "pause": _pause(standing, reader),
            "waiting": waiting,
            "inboxes": _inboxes(session, tenant_id, counts),
            "last_good_sync_at": last,
            "next_run_at": iso(standing.org.next_sweep_at),
            "modules": {
                key: _module(key, standing, counts.get(key, {}), states.get(key))
                for key in module_keys()
            },
            "budget": vitals.budget_view(session, standing, states),
            "schedule": vitals.schedule_view(standing, last_good_sync_at=last),
            "channels": vitals.channels_view(session, caller().org_id),
            "webhooks": vitals.webhooks_view(session, standing),
        }
    return jsonify(document)


def _inboxes(
    session: Session, tenant_id: str, counts: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """How many entries each inbox has: the deletions of a run that asks are one question."""
    org_id = caller().org_id
    asking = len(views.asking_runs(session, org_id, tenant_id=tenant_id, module=None))
    held = dict(views.causes(session, org_id, tenant_id=tenant_id, states=("needs_attention",)))
    asked = sum(held.get(key, 0) for key in KINDS["over_delete_limit"]) if asking else 0
    return {
        "conflicts": sum(one.get("conflict", 0) for one in counts.values()),
        "attention": sum(held.values()) - asked + asking,
    }


def _module(key: str, standing: Standing, counts: dict[str, int], state: Any) -> dict[str, Any]:
    held = standing.org.settings.get("modules", {}).get(key, {})
    runs = bool(held.get("enabled") and held.get("schedule"))
    return {
        "enabled": bool(held.get("enabled")),
        "schedule": bool(held.get("schedule")),
        "accepted": bool(state and state.accepted_at),
        "in_sync": counts.get("in_sync", 0),
        "pending": counts.get("pending", 0) + counts.get("syncing", 0),
        "excluded": counts.get("excluded", 0),
        "failing": counts.get("needs_attention", 0),
        "conflict": counts.get("conflict", 0),
        "not_linked": counts.get("not_linked", 0),
        "last_good_sync_at": iso(state.last_good_sync_at) if state else None,
        "next_run_at": iso(standing.org.next_sweep_at) if runs else None,
    }


def _pause(standing: Standing, reader: Reader) -> dict[str, Any] | None:
    org = standing.org
    if org.pause_key is None:
        return None
    return {
        "until": iso(org.paused_until),
        "reason": reader.told(org.pause_key, org.pause_params),
    }
