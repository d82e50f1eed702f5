"""Field mappings: declared defaults, the administrator's rows over them, and what is on offer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from backend.core.errors import Message
from backend.core.spec import ModuleSpec
from backend.modules import all_specs
from backend.store import views
from backend.web.bearer import administrators_only
from backend.web.body import field_errors, json_object, module_key
from backend.web.context import caller
from backend.web.mapping_rules import Complaint, complaints, on_offer, rows_of
from backend.web.problems import Problem
from backend.web.reading import etag, is_stale, view
from backend.web.schemas import MAPPING_ROW

mapping = Blueprint("mapping", __name__)

MOST_ROWS = 500
READ_ONLY = frozenset({"module", "version", "fields"})
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
    rows = _rows(json_object())
    try:
        stored = _stored(spec, rows, request.headers.get("If-Match"))
    except IntegrityError:
        # Two saved in the same moment: the other one was first.
        stored = False
    current = _document(spec)
    if stored:
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
    return True


def _spec(module: str) -> ModuleSpec:
    spec = all_specs().get(module_key(module))
    if spec is None or spec.attached_to is not None:
        raise Problem(409, "module_not_available")
    return spec


def _document(spec: ModuleSpec) -> Response:
    with view() as (session, standing, reader):
        saved = views.mapping(session, caller().org_id, spec.key)
        document: dict[str, Any] = {
            "module": spec.key,
            "version": saved.version if saved else 0,
            "rows": rows_of(spec, saved.rows if saved else None, standing),
            "fields": on_offer(spec, standing, reader),
        }
    response = jsonify(document)
    response.headers["ETag"] = etag(document["version"])
    return response


def _rows(given: dict[str, Any]) -> list[dict[str, Any]]:
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
            rows.append(dict(MAPPING_ROW.load(row)))
        except ValidationError as error:
            wrong += field_errors(error.messages, f"rows.{number}")
    if wrong:
        raise Problem(422, "bad_body", fields=wrong)
    return rows
