"""The drift audit: what the last one found, and asking for another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from backend.store.tables import Run
from backend.sync import audits
from backend.sync.queue import put_once
from backend.web.bearer import administrators_only
from backend.web.context import bridge, caller
from backend.web.present import Reader, iso
from backend.web.reading import view

audit = Blueprint("audit", __name__)


@audit.get("/audit")
def read() -> Response:
    """The newest finished audit of the chosen Xero organisation."""
    with view() as (session, standing, reader):
        run = audits.latest(session, caller().org_id, standing.tenant_id)
        return jsonify(last=shown(run, reader) if run is not None else None)


@audit.post("/audit")
@administrators_only
def ask() -> tuple[Response, int]:
    """Compare both sides now; what differs is noted for the loop."""
    parts = bridge()
    run_id = audits.ask(parts.sync, org_id=caller().org_id, by=caller().name)
    if parts.sync.redis is not None:
        put_once(parts.sync.redis, "bulk", "backend.sync.jobs.audit_one", caller().org_id)
    return jsonify(run_id=run_id), 202


def shown(run: Run, reader: Reader) -> dict[str, Any]:
    """A finished audit as every page shows it."""
    figures = run.figures
    return {
        "id": run.id,
        "at": iso(run.finished_at),
        "state": "differs" if figures.get("differences") else "agrees",
        "differences": figures.get("differences", 0),
        "found": figures.get("found", 0),
        "modules": figures.get("modules", []),
        "findings": [_finding(each, reader) for each in figures.get("findings", [])],
    }


def _finding(found: dict[str, Any], reader: Reader) -> dict[str, Any]:
    key, params = f"audit_{found['kind']}", {"side": found["side"]}
    field = found.get("field")
    return {
        **found,
        "field_label": reader.label(found["module"], field) if field else None,
        "message": reader.told(key, params),
        "known": found.get("why") is not None,
    }
