"""Field mappings: declared defaults, the administrator's rows over them, and what is on offer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from backend.core.errors import Message
from backend.core.spec import ModuleSpec
from backend.modules import all_specs
from backend.store import mappings, views
from backend.sync import cured, trial
from backend.web.bearer import administrators_only
from backend.web.body import field_errors, json_object, module_key, plain
from backend.web.context import bridge, caller, language
from backend.web.mapping_offer import in_force, on_offer, rows_of
from backend.web.mapping_rules import Complaint, complaints
from backend.web.present import iso, value
from backend.web.problems import Problem, told_fields
from backend.web.reading import etag, is_stale, view
from backend.web.schemas import MAPPING_ROW

mapping = Blueprint("mapping", __name__)

MOST_ROWS = 500
READ_ONLY = frozenset({"module", "version", "fields", "samples"})
"""Members of the document a caller may send back as he got them."""


@mapping.get("/mapping/<module>")
def read(module: str) -> Response:
    """The rows in force and the fields on offer, with the version as ETag."""
    return _document(_spec(module))


@mapping.put("/mapping/<module>")
@administrators_only
def save(module: str) -> Response:
    """Store rows that are right as a whole, as a new version; older versions stay."""
    spec = _spec(module)
    return _saved(spec, rows_in(json_object()))


@mapping.post("/mapping/<module>/check")
@administrators_only
def check(module: str) -> Response:
    """What is wrong with rows, and what they would do to three real records; nothing is stored."""
    spec = _spec(module)
    rows = rows_in(json_object())
    with view() as (_, standing, reader):
        wrong = complaints(spec, rows, standing)
    effects = [] if wrong else trial.effects(bridge().sync, caller().org_id, spec.key, rows)
    spoken = language()
    return jsonify(
        {
            "fields": told_fields(wrong, spoken),
            "effects": [
                {
                    "label": each.label,
                    "zoho_id": each.zoho_id,
                    "xero_id": each.xero_id,
                    "changes": [
                        {
                            "side": str(one.side),
                            "field": reader.name_of(spec.key, one.row),
                            "before": value(one.before),
                            "after": value(one.after),
                        }
                        for one in each.changes
                    ],
                    "message": reader.told(each.key, each.params, module=spec.key),
                }
                for each in effects
            ],
            "records": len(effects),
        }
    )


@mapping.get("/mapping/<module>/versions")
def versions(module: str) -> Response:
    """Every version that was saved, the newest first; version 0 is the declaration."""
    spec = _spec(module)
    with view() as (session, _, _reader):
        held = mappings.versions(session, caller().org_id, spec.key)
        newest = held[0].version if held else 0
        rows = [
            {
                "version": row.version,
                "at": iso(row.created_at),
                "by": row.by,
                "current": row.version == newest,
            }
            for row in held
        ]
    rows.append({"version": 0, "at": None, "by": None, "current": newest == 0})
    return jsonify({"rows": rows, "cursor": None})


@mapping.post("/mapping/<module>/versions/<int:version>/restore")
@administrators_only
def restore(module: str, version: int) -> Response:
    """Make an older version the newest; it has to hold up to what both systems are like now."""
    spec = _spec(module)
    with view() as (session, _, _reader):
        held = mappings.version(session, caller().org_id, spec.key, version)
        if held is None and version:
            raise Problem(404, "not_found")
        rows = list(held.rows) if held is not None else []
    return _saved(spec, rows)


# --- saving ------------------------------------------------------------------------------------


def _saved(spec: ModuleSpec, rows: list[dict[str, Any]]) -> Response:
    try:
        stored = _stored(spec, rows, request.headers.get("If-Match"))
    except IntegrityError:
        # Two saved in the same moment: the other one was first.
        stored = False
    current = _document(spec)
    if stored:
        bridge().sync.nudge(caller().org_id, "bulk")
        return current
    raise Problem(
        412,
        "changed_meanwhile",
        more={"current": current.get_json()},
        headers={"ETag": current.headers["ETag"]},
    )


def _stored(spec: ModuleSpec, rows: list[dict[str, Any]], asked: str | None) -> bool:
    """Whether the rows were stored; False when somebody else saved meanwhile."""
    with view() as (session, standing, _):
        saved = views.mapping(session, caller().org_id, spec.key)
        version = saved.version if saved else 0
        if is_stale(version, asked):
            return False
        wrong = complaints(spec, rows, standing)
        if wrong:
            raise Problem(422, "bad_body", fields=wrong)
        views.save_mapping(
            session, caller().org_id, spec.key, rows=rows, version=version + 1, by=caller().name
        )
        if standing.org.tenant_id is not None:
            # What the old rows held up may go by the new ones.
            cured.look_again(
                bridge().sync,
                session,
                org_id=standing.org.id,
                tenant_id=standing.org.tenant_id,
                module=spec.key,
            )
    return True


def _spec(module: str) -> ModuleSpec:
    spec = all_specs().get(module_key(module))
    if spec is None or spec.attached_to is not None:
        raise Problem(409, "module_not_available")
    return spec


def _document(spec: ModuleSpec) -> Response:
    with view() as (session, standing, reader):
        saved = views.mapping(session, caller().org_id, spec.key)
        held = saved.rows if saved else None
        samples = trial.samples(session, standing, in_force(spec, held, standing))
        document: dict[str, Any] = {
            "module": spec.key,
            "version": saved.version if saved else 0,
            "rows": rows_of(spec, held, standing, reader),
            "fields": on_offer(spec, standing, reader, trial.merged(samples)),
            "samples": [_told(one) for one in samples],
        }
    response = jsonify(document)
    response.headers["ETag"] = etag(document["version"])
    return response


def _told(sample: trial.Sample) -> dict[str, Any]:
    return {"label": sample.label, **{str(side): held for side, held in sample.values.items()}}


def rows_in(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a document, each well-formed; Problem 422 naming row and field otherwise."""
    wrong: list[Complaint] = [
        (name, Message("field_unknown")) for name in given if name not in READ_ONLY | {"rows"}
    ]
    held = given.get("rows")
    if not isinstance(held, list) or len(held) > MOST_ROWS:
        raise Problem(422, "bad_body", fields=[*wrong, ("rows", Message("field_list"))])
    rows = []
    for number, row in enumerate(held):
        try:
            rows.append(dict(plain(MAPPING_ROW.load(row))))
        except ValidationError as error:
            wrong += field_errors(error.messages, f"rows.{number}")
    if wrong:
        raise Problem(422, "bad_body", fields=wrong)
    return rows
