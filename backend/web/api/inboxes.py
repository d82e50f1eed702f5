"""The two inboxes: conflicts to decide, and records that need attention."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.store import views
from backend.store.tables import Link
from backend.web.body import cursor, module_key, page_size
from backend.web.context import bridge, caller
from backend.web.present import iso, value
from backend.web.reading import view
from backend.web.record_view import Page, candidate, conflict, money, record_page, xero_address

inboxes = Blueprint("inboxes", __name__)

KINDS = {
    "ambiguous": "ambiguous_match",
    "deleted_against_edited": "deleted_against_edited",
    "contact_archived": "archived",
    "too_many_deletions": "over_delete_limit",
    "period_locked": "locked_period",
}
"""Which kind of card a cause gets; all others are ``failed``."""


@inboxes.get("/conflicts")
def conflicts() -> Response:
    """Records of which both sides changed the same field, the longest waiting first."""
    return jsonify(_page(("conflict",)))


@inboxes.get("/attention")
def attention() -> Response:
    """Records that could not be synced until somebody does something, with the causes counted."""
    return jsonify(_page(("needs_attention",)))


def _page(states: tuple[str, ...]) -> dict[str, Any]:
    module = request.args.get("module") or None
    if module is not None:
        module_key(module)
    offset, limit = cursor() or 0, page_size()
    with view() as (session, standing, reader):
        found, total = views.inbox_page(
            session,
            caller().org_id,
            tenant_id=standing.tenant_id,
            states=states,
            module=module,
            offset=offset,
            limit=limit,
        )
        counted = views.causes(
            session, caller().org_id, tenant_id=standing.tenant_id, states=states
        )
        pages = [
            Page(
                module=link.module,
                zoho_id=link.zoho_id or "",
                standing=standing,
                rows=views.RecordRows(links=[link], history=(), request=None, waiting=0),
                reader=reader,
                now=bridge().now(),
                names={},
            )
            for link in found
        ]
        return {
            "rows": [_row(page) for page in pages],
            "total": total,
            "cursor": str(offset + limit) if offset + limit < total else None,
            "causes": [
                {"message": reader.told(key, {}), "message_key": key, "count": count}
                for key, count in counted
                if key
            ],
        }


def _row(page: Page) -> dict[str, Any]:
    link = page.rows.links[0]
    drawn = record_page(page)
    return {
        "id": link.id,
        "kind": _kind(link),
        "module": link.module,
        "label": link.label,
        "zoho_id": link.zoho_id,
        "xero_id": link.xero_id,
        "url": xero_address(page, link),
        "state": link.state,
        "reason": drawn["reason"],
        "words": link.words or None,
        "money": money(page, link),
        "conflict": conflict(page, link),
        "candidates": [candidate(link.module, one, page.reader) for one in link.candidates or []],
        "actions": _actions(link),
        "attempts": link.attempts,
        "since": iso(link.checked_at),
    }


def _kind(link: Link) -> str:
    if link.state == "conflict":
        return "conflict"
    key = str(value(link.message_key) or "")
    return next((kind for start, kind in KINDS.items() if key.startswith(start)), "failed")


def _actions(link: Link) -> list[str]:
    """What the card offers."""
    if link.state == "conflict":
        return ["resolve"]
    return ["link", "retry"] if link.candidates else ["retry"]
