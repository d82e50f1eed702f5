"""What people have been told and what is still open: the badge and its list."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from backend.store import notices as stored
from backend.web.body import page_size
from backend.web.context import caller
from backend.web.present import iso
from backend.web.reading import view

notices = Blueprint("notices", __name__)


@notices.get("/notices")
def read() -> Response:
    """Open notices, the newest first, and how many there are by cause."""
    limit = page_size()
    with view() as (session, standing, reader):
        org_id, tenant_id = caller().org_id, standing.tenant_id
        counted = stored.counts(session, org_id, tenant_id)
        rows = stored.page(session, org_id, tenant_id, limit=limit)
        return jsonify(
            open=sum(count for _, _, count in counted),
            alarms=sum(count for kind, _, count in counted if kind == "alarm"),
            causes=[
                {"kind": kind, "message_key": key, "message": reader.told(key, {}), "count": count}
                for kind, key, count in counted
            ],
            rows=[
                {
                    "id": each.id,
                    "kind": each.kind,
                    "module": each.module or None,
                    "label": each.label or None,
                    "zoho_id": each.zoho_id,
                    "message": reader.told(
                        each.message_key, each.message_params, module=each.module
                    ),
                    "task_id": each.task_id,
                    "mailed_at": iso(each.mailed_at),
                    "since": iso(each.created_at),
                }
                for each in rows
            ],
        )
