"""Record writes as HTTP: up to 100 rows, each judged on its own.

Zoho CRM API v8 "Insert", "Update", "Upsert" and "Delete Records": POST answers 201, the others 200;
207 when some rows failed, 400 (412 for ALREADY_MODIFIED alone) when all did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import RowError, ZohoError, invalid_id
from simulator.zoho.table import Row
from simulator.zoho.writer import Writing

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

MAX_ROWS = 100
BODY_KEYS = {
    "data",
    "trigger",
    "duplicate_check_fields",
    "apply_feature_execution",
    "skip_feature_execution",
    "lar_id",
    "wf_trigger",
}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The rows of one request and the answers to them."""

    status: int
    body: dict[str, Any]


def rows_of(body: Any) -> list[dict[str, Any]]:
    """The `data` of a request; ZohoError when there is none or too much."""
    if not isinstance(body, dict):
        raise ZohoError(400, "INVALID_DATA", "body")
    rows = body.get("data")
    if rows is None:
        raise ZohoError(400, "MANDATORY_NOT_FOUND", "required field not found", api_name="data")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        raise ZohoError(
            400, "INVALID_DATA", "invalid data", expected_data_type="jsonarray", api_name="data"
        )
    if len(rows) > MAX_ROWS:
        raise ZohoError(
            400, "LIMIT_EXCEEDED", "more than 100 records in one request", limit=MAX_ROWS
        )
    return rows


def done(state: ZohoState, row: Row, message: str) -> dict[str, Any]:
    """The answer to a row that went through."""
    return {
        "code": "SUCCESS",
        "details": {
            "Modified_Time": state.shown(row.modified),
            "Modified_By": row.modified_by.reference(),
            "Created_Time": state.shown(row.created),
            "id": row.id,
            "Created_By": row.created_by.reference(),
            "$approval_state": "approved",
        },
        "message": message,
        "status": "success",
    }


def batch(
    rows: list[dict[str, Any]], act: Callable[[int, dict[str, Any]], dict[str, Any]], good: int
) -> Batch:
    """Run every row; the HTTP status follows from how many went through."""
    answers, errors = [], []
    for place, row in enumerate(rows):
        try:
            answers.append(act(place, row))
        except RowError as error:
            errors.append(error)
            answers.append(error.body())
    status = good
    if errors:
        all_stale = all(error.status == 412 for error in errors)
        status = 207 if len(errors) < len(rows) else 412 if all_stale else 400
    return Batch(status=status, body={"data": answers})


def insert(state: ZohoState, writing: Writing, body: Any) -> Batch:
    """POST /{module}."""

    def act(place: int, given: dict[str, Any]) -> dict[str, Any]:
        row = state.writer.insert(at(writing, place), given)
        return done(state, row, "record added")

    return batch(rows_of(body), act, 201)


def update(state: ZohoState, writing: Writing, body: Any, record_id: str | None) -> Batch:
    """PUT /{module} and PUT /{module}/{id}."""
    rows = rows_of(body)
    if record_id is not None:
        rows = [{**rows[0], "id": record_id}]

    def act(place: int, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("id") is None:
            raise RowError(
                "MANDATORY_NOT_FOUND",
                "required field not found",
                api_name="id",
                json_path=f"$.data[{place}].id",
            )
        row = state.writer.update(at(writing, place), str(given["id"]), given)
        return done(state, row, "record updated")

    return batch(rows, act, 200)


def upsert(state: ZohoState, writing: Writing, body: Any) -> Batch:
    """POST /{module}/upsert: find by the duplicate check fields, then update or insert."""
    rows = rows_of(body)
    fields = _check_fields(writing.module, body)

    def act(place: int, given: dict[str, Any]) -> dict[str, Any]:
        one = at(writing, place)
        found = _duplicate(state, one, given, fields)
        if found is None:
            row = state.writer.insert(replace(one, unmodified_since=None), given)
            return {
                "duplicate_field": None,
                "action": "insert",
                **done(state, row, "record added"),
            }
        name, record_id = found
        row = state.writer.update(one, record_id, given)
        return {
            "duplicate_field": name,
            "action": "update",
            **done(state, row, "record updated"),
        }

    return batch(rows, act, 200)


def delete(state: ZohoState, writing: Writing, ids: list[str]) -> Batch:
    """DELETE /{module}?ids= and DELETE /{module}/{id}."""
    if not ids or len(ids) > MAX_ROWS:
        raise ZohoError(400, "INVALID_DATA", "invalid data", param_name="ids")

    def act(place: int, given: dict[str, Any]) -> dict[str, Any]:
        if not given["id"].isdigit():
            raise invalid_id()
        row = state.writer.delete(at(writing, place), given["id"])
        return {
            "code": "SUCCESS",
            "details": {"id": row.id},
            "message": "record deleted",
            "status": "success",
        }

    return batch([{"id": one} for one in ids], act, 200)


def at(writing: Writing, place: int) -> Writing:
    """The same writing for another row of the request."""
    return replace(writing, place=f"$.data[{place}]")


def _check_fields(module: ModuleSpec, body: Any) -> list[str]:
    """What to find duplicates by: the unique fields too, after the named or default ones."""
    named = body.get("duplicate_check_fields")
    if named is None:
        named = [module.duplicate_field] if module.duplicate_field else []
    for name in named:
        if name not in module.fields:
            raise ZohoError(
                400,
                "INVALID_DATA",
                "invalid data",
                api_name="duplicate_check_fields",
                json_path="$.duplicate_check_fields",
            )
    return list(named)


def _duplicate(
    state: ZohoState, writing: Writing, given: dict[str, Any], fields: list[str]
) -> tuple[str, str] | None:
    """The field that matched and the record; the id itself counts as well."""
    table = state.tables[writing.module.api_name]
    if given.get("id") is not None:
        if str(given["id"]) not in table.rows:
            raise invalid_id()
        return "id", str(given["id"])
    for name in fields:
        value = given.get(name)
        if value is None:
            continue
        spec = writing.module.fields[name]
        found = table.find(name, value, sensitive=spec.unique == "sensitive")
        if len(found) > 1:
            raise state.writer.duplicate(writing, name, found)
        if found:
            return name, found[0]
    return None
