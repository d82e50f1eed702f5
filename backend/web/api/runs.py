"""Previews and bulk syncs: starting, watching, stopping."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import object_session

from backend.core.parts import holder
from backend.store import views
from backend.store.tables import Organisation, Run, RunItem
from backend.sync import bulk, confirming
from backend.sync import undo as undoing
from backend.web.bearer import administrators_only
from backend.web.body import checked, cursor, module_key, own_id, page_size
from backend.web.context import bridge, caller
from backend.web.present import Reader, changes, iso
from backend.web.problems import Problem
from backend.web.reading import view
from backend.web.record_view import candidate
from backend.web.schemas import BULK_REQUEST, SYNC_REQUEST

runs = Blueprint("runs", __name__)

ALL = "all"
COUNTS = ("created", "updated", "deleted", "linked", "skipped", "held", "failed")


@runs.post("/modules/<module>/preview")
@administrators_only
def preview(module: str) -> tuple[Response, int]:
    """A dry run: nothing is written on either side."""
    direction = checked(SYNC_REQUEST, empty=True)["direction"]
    run_id = bulk.preview(
        bridge().sync,
        org_id=caller().org_id,
        module=module_key(module, also=(ALL,)),
        direction=direction,
        by=caller().name,
    )
    return jsonify(run_id=run_id), 202


@runs.post("/modules/<module>/sync")
@administrators_only
def start(module: str) -> tuple[Response, int]:
    """Bulk sync; a module's first one needs a finished preview (409 ``preview_required``)."""
    given = checked(BULK_REQUEST, empty=True)
    run_id = bulk.start(
        bridge().sync,
        org_id=caller().org_id,
        module=module_key(module, also=(ALL,)),
        direction=given["direction"],
        preview_id=given["preview"],
        by=caller().name,
    )
    return jsonify(run_id=run_id), 202


@runs.get("/runs")
def newest() -> Response:
    """The newest runs and previews."""
    with view() as (session, _, reader):
        rows = views.runs(session, caller().org_id, limit=page_size(20))
        return jsonify(rows=[run_view(row, reader) for row in rows])


@runs.get("/runs/<run_id>")
def read(run_id: str) -> Response:
    """State, counts, and how long it will still take."""
    with view() as (session, _, reader):
        return jsonify(run_view(_run(session, run_id), reader))


@runs.get("/runs/<run_id>/items")
def items(run_id: str) -> Response:
    """A run's or preview's rows, in order."""
    limit = page_size(100)
    with view() as (session, _, reader):
        row = _run(session, run_id)
        found = views.run_items(
            session,
            row.id,
            operation=request.args.get("operation") or None,
            status=request.args.get("status") or None,
            after=cursor(),
            limit=limit,
        )
        return jsonify(
            rows=[item_view(one, reader) for one in found],
            cursor=str(found[-1].id) if len(found) == limit else None,
        )


@runs.post("/runs/<run_id>/cancel")
@administrators_only
def cancel(run_id: str) -> Response:
    """Stop after the batch in flight."""
    with view() as (session, _, _reader):
        found = _run(session, run_id).id
    bulk.cancel(bridge().sync, org_id=caller().org_id, run_id=found)
    return read(run_id)


@runs.post("/runs/<run_id>/confirm")
@administrators_only
def confirm(run_id: str) -> Response:
    """Go on with deletions that were more than the limit."""
    confirming.decide(
        bridge().sync,
        org_id=caller().org_id,
        run_id=own_id(run_id),
        action="confirm",
        by=caller().name,
    )
    return read(run_id)


@runs.post("/runs/<run_id>/undo")
@administrators_only
def undo(run_id: str) -> tuple[Response, int]:
    """Take back what a run changed, where that is legal; what is not is listed in its items."""
    try:
        made = undoing.begin(
            bridge().sync, org_id=caller().org_id, run_id=own_id(run_id), by=caller().name
        )
    except undoing.NotUndoable as refused:
        raise Problem(409, refused.key) from refused
    return jsonify(run_id=made), 202


def _run(session: Any, run_id: str) -> Run:
    found = views.run(session, caller().org_id, own_id(run_id))
    if found is None:
        raise Problem(404, "not_found")
    return found


def run_view(row: Run, reader: Reader) -> dict[str, Any]:
    """A run as every page shows it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "module": row.module,
        "direction": row.direction,
        "state": row.state,
        "stage": row.stage,
        "total": max(row.total, row.done),
        "done": row.done,
        **{name: getattr(row, name) for name in COUNTS},
        "eta_seconds": _eta(row),
        "calls": row.calls,
        "figures": row.figures,
        "summary": row.figures.get("summary"),
        "differs": differences(row, reader),
        "confirm": confirmation(row),
        "undoes": row.undoes,
        "preview": row.preview_id,
        "by": row.by,
        "message": _message(row, reader),
        "created_at": iso(row.created_at),
        "started_at": iso(row.started_at),
        "finished_at": iso(row.finished_at),
    }


def confirmation(row: Run) -> dict[str, Any] | None:
    """The question a run has stopped for; None when it has not."""
    if not row.confirm:
        return None
    names = ("key", "deletions", "in_scope", "limit", "module", "side")
    return {name: row.confirm.get(name) for name in names}


def differences(row: Run, reader: Reader) -> dict[str, Any] | None:
    """How many records were not what the preview had shown; None when all were."""
    held = row.figures.get("differs")
    if not held:
        return None
    count = str(held["count"])
    return {"count": held["count"], "message": reader.told("world_moved", {"count": count})}


def _eta(row: Run) -> int | None:
    """Seconds left at the pace so far, not before a limit allows calls again; None before there is
    a pace, 0 when it is over."""
    if row.finished_at is not None:
        return 0
    rest = _resting(row)
    if row.started_at is None or not row.done or not row.total:
        return rest or None
    spent: timedelta = bridge().now() - row.started_at
    return rest + round(spent.total_seconds() / row.done * max(0, row.total - row.done))


def _message(row: Run, reader: Reader) -> dict[str, Any] | None:
    """What keeps the run from going on, or why it failed; None when nothing does."""
    org = _organisation(row)
    if row.finished_at is None and row.message_key is None and org is not None and _resting(row):
        return reader.told(org.pause_key, org.pause_params)
    return reader.told(row.message_key, row.message_params)


def _organisation(row: Run) -> Organisation | None:
    session = object_session(row)
    return session.get(Organisation, row.org_id) if session is not None else None


def _resting(row: Run) -> int:
    """Seconds for which bulk work of the organisation still rests."""
    org = _organisation(row)
    if org is None or org.paused_until is None:
        return 0
    rests: timedelta = org.paused_until - bridge().now()
    return max(0, round(rests.total_seconds()))


def item_view(row: RunItem, reader: Reader) -> dict[str, Any]:
    """A run's row as every page shows it."""
    return {
        "id": str(row.id),
        "module": row.module,
        "label": row.label,
        "zoho_id": row.zoho_id,
        "xero_id": holder(row.xero_id) if row.xero_id else None,
        "direction": row.direction,
        "operation": row.operation,
        "status": row.status,
        "moved": row.moved,
        "changes": changes(row.module, row.changes, reader),
        "candidates": [candidate(row.module, one, reader) for one in row.candidates or []],
        "totals": row.totals,
        "message": reader.told(row.message_key, row.message_params, module=row.module),
    }
