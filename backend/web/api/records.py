"""One record: what the page draws, and the buttons on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.store import views
from backend.store.tables import Link
from backend.sync import requests as clicks
from backend.web.account_view import account_view
from backend.web.bearer import administrators_only
from backend.web.body import checked, home_of, module_key, own_id, record_id
from backend.web.context import bridge, caller
from backend.web.present import Reader, iso, target_of
from backend.web.problems import Problem
from backend.web.reading import view
from backend.web.record_list import MOST_CHOSEN, list_page
from backend.web.record_view import Page, record_page, rests_until
from backend.web.schemas import JOIN_REQUEST, LIST_REQUEST, RESOLVE_REQUEST, SYNC_REQUEST
from backend.web.zones import reader_zone

records = Blueprint("records", __name__)


@records.get("/records/<module>/<zoho_id>")
def read(module: str, zoho_id: str) -> Response:
    """All the record page draws, from our own database."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    zone = reader_zone()
    with view() as (session, standing, reader):
        rows = views.record(
            session,
            caller().org_id,
            tenant_id=standing.tenant_id,
            module=home_of(module),
            zoho_id=zoho_id,
        )
        now = bridge().now()
        page = Page(
            module=module,
            zoho_id=zoho_id,
            standing=standing,
            rows=rows,
            reader=reader,
            now=now,
            zone=zone,
            names=_names(session, standing.tenant_id, module, rows.link),
            account=account_view(session, standing, rows.link, now.astimezone(zone).date()),
        )
        return jsonify(record_page(page))


@records.get("/records/<module>")
def read_many(module: str) -> Response:
    """The records chosen in a list as our own database knows them, in the order asked for."""
    module = module_key(module)
    ids = _chosen_ids()
    with view() as (session, standing, reader):
        home = home_of(module)
        found = views.chosen(
            session, caller().org_id, tenant_id=standing.tenant_id, module=home, zoho_ids=ids
        )
        now = bridge().now()
        return jsonify(list_page(standing, reader, module=module, ids=ids, found=found, now=now))


def _chosen_ids() -> list[str]:
    """The ``ids`` parameter, one to a hundred; Problem 400 otherwise."""
    given = request.args.get("ids", "")
    ids = list(dict.fromkeys(record_id(one) for one in given.split(",")))
    if len(ids) > MOST_CHOSEN:
        raise Problem(400, "too_many_records")
    return ids


def _names(session: Any, tenant_id: str, module: str, link: Link | None) -> dict[str, str]:
    """What conflicting link fields point to, by its name."""
    found: dict[str, str] = {}
    for field in (link.conflict or {}).get("fields", []) if link else []:
        target = target_of(module, str(field.get("field")))
        if target is not None:
            ids = [str(field[side]) for side in ("base", "zoho", "xero") if field.get(side)]
            found |= views.labels(
                session, caller().org_id, tenant_id=tenant_id, module=target, zoho_ids=ids
            )
    return found


@records.post("/records/<module>/<zoho_id>/sync")
def sync(module: str, zoho_id: str) -> tuple[Response, int]:
    """Sync one record now, ahead of bulk work."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    direction = checked(SYNC_REQUEST, empty=True)["direction"]
    request_id = clicks.click(
        bridge().sync,
        org_id=caller().org_id,
        module=module,
        zoho_id=zoho_id,
        direction=direction,
        by=caller().name,
    )
    return jsonify(request_id=request_id), 202


@records.post("/records/<module>/sync")
def sync_many(module: str) -> tuple[Response, int]:
    """Sync the records chosen in a list."""
    given = checked(LIST_REQUEST)
    run_id = clicks.many(
        bridge().sync,
        org_id=caller().org_id,
        module=module_key(module),
        ids=list(dict.fromkeys(given["ids"])),
        direction=given["direction"],
        by=caller().name,
    )
    return jsonify(run_id=run_id), 202


@records.post("/records/<module>/<zoho_id>/resolve")
def resolve(module: str, zoho_id: str) -> tuple[Response, int]:
    """Settle a conflict, field by field; remembering it is for administrators."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    given = checked(RESOLVE_REQUEST)
    if given["remember"] and not caller().admin:
        raise Problem(403, "administrators_only")
    request_id = clicks.resolve(
        bridge().sync,
        org_id=caller().org_id,
        module=module,
        zoho_id=zoho_id,
        choices=given["choices"],
        remember=given["remember"],
        by=caller().name,
        version=given["version"],
    )
    return jsonify(request_id=request_id), 202


@records.post("/records/<module>/<zoho_id>/link")
def join(module: str, zoho_id: str) -> tuple[Response, int]:
    """A person says which Xero record belongs to this one, or that none does (null)."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    xero_id = checked(JOIN_REQUEST)["xero_id"]
    request_id = clicks.join(
        bridge().sync,
        org_id=caller().org_id,
        module=module,
        zoho_id=zoho_id,
        xero_id=xero_id.lower() if xero_id else None,
        by=caller().name,
    )
    return jsonify(request_id=request_id), 202


@records.delete("/records/<module>/<zoho_id>/link")
@administrators_only
def part(module: str, zoho_id: str) -> Response:
    """A person parts a pair; both records stay."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    clicks.part(
        bridge().sync, org_id=caller().org_id, module=module, zoho_id=zoho_id, by=caller().name
    )
    return Response(status=204)


@records.get("/requests/<request_id>")
def request_state(request_id: str) -> Response:
    """What became of a pressed button."""
    with view() as (session, standing, reader):
        found = views.request(session, caller().org_id, own_id(request_id))
        if found is None:
            raise Problem(404, "not_found")
        request, link = found
        return jsonify(
            id=request.id,
            state=request.state,
            direction=request.direction,
            rests_until=iso(rests_until(standing.org, bridge().now())),
            outcome=_outcome(request.outcome, link, reader),
            record={"module": link.module, "zoho_id": link.zoho_id, "state": link.state},
            created_at=iso(request.created_at),
            finished_at=iso(request.finished_at),
        )


def _outcome(held: Any, link: Link, reader: Reader) -> Any:
    """The stored outcome with its message in words."""
    if not isinstance(held, dict):
        return held
    message = held.get("message")
    if isinstance(message, dict):
        told = reader.told(message.get("key"), message.get("params"), module=link.module)
        return {**held, "message": told}
    if held.get("message_key"):
        told = reader.told(held["message_key"], held.get("message_params"), module=link.module)
        return {**held, "message": told}
    return held
