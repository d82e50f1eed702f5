"""The HTTP interface described for programs: OpenAPI 3.1, made from the schemas we check with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Response, jsonify
from marshmallow import Schema

from backend.core.defaults import MODULE_KEYS
from backend.web import schemas
from backend.web.auth import TokenRequest

openapi = Blueprint("openapi", __name__)

_PLACE = re.compile(r"\{(\w+)\}")
_TEXT = {"type": "string"}
_ANY = {"type": "object", "additionalProperties": True}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call. ``admin``: for administrators of the CRM organisation only."""

    summary: str
    body: type[Schema] | dict[str, Any] | None = None
    status: int = 200
    answer: dict[str, Any] | None = None
    query: tuple[str, ...] = ()
    admin: bool = False
    public: bool = False
    versioned: bool = False
    also: tuple[int, ...] = ()
    kind: str = "application/json"


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": True}


def _rows(name: str) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{name}"}
    return _object(rows={"type": "array", "items": row}, cursor={"type": ["string", "null"]})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


REQUEST_ID = _object(request_id=_TEXT)
RUN_ID = _object(run_id=_TEXT)
LOG_QUERY = ("module", "status", "record", "q", "from", "to", "message_key")

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/openapi.json"): Operation(summary="This document.", public=True, answer=_ANY),
    ("post", "/auth/token"): Operation(
        summary="A bearer for a one-time code or for the newest refresh token.",
        body=TokenRequest,
        answer=_ref("Tokens"),
        public=True,
        also=(401,),
    ),
    ("post", "/auth/sign-out"): Operation(summary="End the session.", status=204, public=True),
    ("get", "/api/me"): Operation(
        summary="Who is signed in.",
        answer=_object(user=_ref("User"), org=_ANY, language=_TEXT),
    ),
    ("get", "/api/connections"): Operation(summary="Both connections.", answer=_ref("Connections")),
    ("post", "/api/connections/xero"): Operation(
        summary="Where to send a popup to connect Xero.",
        body=schemas.ConnectRequest,
        answer=_object(url=_TEXT),
        admin=True,
    ),
    ("put", "/api/connections/xero/organisation"): Operation(
        summary="Choose one of the Xero organisations on offer.",
        body=schemas.OrganisationChoice,
        answer=_ref("Connections"),
        admin=True,
    ),
    ("delete", "/api/connections/xero"): Operation(
        summary="Reset connection: revoke and forget tokens, keep links and log.",
        answer=_ref("Connections"),
        admin=True,
    ),
    ("get", "/api/records/{module}/{zoho_id}"): Operation(
        summary="All the record page draws.", answer=_ref("Record")
    ),
    ("post", "/api/records/{module}/{zoho_id}/sync"): Operation(
        summary="Sync one record now.",
        body=schemas.SyncRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/sync"): Operation(
        summary="Sync up to a hundred records.",
        body=schemas.ListRequest,
        status=202,
        answer=RUN_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/{zoho_id}/resolve"): Operation(
        summary="Settle a conflict.",
        body=schemas.ResolveRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/{zoho_id}/link"): Operation(
        summary="Join a record with one of Xero.",
        body=schemas.JoinRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("delete", "/api/records/{module}/{zoho_id}/link"): Operation(
        summary="Part a pair; both records stay.", status=204, admin=True, also=(409,)
    ),
    ("get", "/api/requests/{request_id}"): Operation(
        summary="What became of a pressed button.",
        answer=_object(
            id=_TEXT,
            state={"type": "string", "enum": ["queued", "running", "done", "failed"]},
            outcome={},
        ),
    ),
    ("post", "/api/modules/{module}/preview"): Operation(
        summary="A dry run; nothing is written.",
        body=schemas.SyncRequest,
        status=202,
        answer=RUN_ID,
        admin=True,
        also=(409,),
    ),
    ("post", "/api/modules/{module}/sync"): Operation(
        summary="Bulk sync of a module or of `all`.",
        body=schemas.BulkRequest,
        status=202,
        answer=RUN_ID,
        admin=True,
        also=(409,),
    ),
    ("get", "/api/runs"): Operation(
        summary="The newest runs and previews.", answer=_rows("Run"), query=("limit",)
    ),
    ("get", "/api/runs/{run_id}"): Operation(summary="One run.", answer=_ref("Run")),
    ("get", "/api/runs/{run_id}/items"): Operation(
        summary="A run's rows.",
        answer=_rows("RunItem"),
        query=("operation", "status", "cursor", "limit"),
    ),
    ("post", "/api/runs/{run_id}/cancel"): Operation(
        summary="Stop after the batch in flight.", answer=_ref("Run"), admin=True
    ),
    ("post", "/api/runs/{run_id}/undo"): Operation(
        summary="Restore what can be restored; not in this version (409).",
        answer=_ref("Run"),
        admin=True,
        also=(409,),
    ),
    ("get", "/api/settings"): Operation(
        summary="The settings document.", answer=_ref("SettingsDocument"), versioned=True
    ),
    ("put", "/api/settings"): Operation(
        summary="Save settings; what is left out stays as it is.",
        body=_ANY,
        answer=_ref("SettingsDocument"),
        admin=True,
        versioned=True,
        also=(412,),
    ),
    ("get", "/api/mapping/{module}"): Operation(
        summary="Field rows in force and fields on offer.",
        answer=_ref("Mapping"),
        versioned=True,
        also=(409,),
    ),
    ("put", "/api/mapping/{module}"): Operation(
        summary="Save field rows as a new version.",
        body=_ref("Mapping"),
        answer=_ref("Mapping"),
        admin=True,
        versioned=True,
        also=(409, 412),
    ),
    ("get", "/api/log"): Operation(
        summary="The log, newest first.",
        answer=_rows("LogRow"),
        query=(*LOG_QUERY, "cursor", "limit"),
    ),
    ("get", "/api/log.csv"): Operation(
        summary="The log as CSV.", answer=_TEXT, query=LOG_QUERY, kind="text/csv"
    ),
    ("post", "/api/log/{log_id}/retry"): Operation(
        summary="Try one record again.", status=202, answer=REQUEST_ID, also=(409,)
    ),
    ("post", "/api/retry"): Operation(
        summary="Try every record again that failed for one cause.",
        body=schemas.RetryRequest,
        status=202,
        answer=_object(count={"type": "integer"}),
        admin=True,
        also=(409,),
    ),
    ("get", "/api/conflicts"): Operation(
        summary="Conflicts to decide.",
        answer=_rows("InboxRow"),
        query=("module", "cursor", "limit"),
    ),
    ("get", "/api/attention"): Operation(
        summary="Records that need attention.",
        answer=_rows("InboxRow"),
        query=("module", "cursor", "limit"),
    ),
    ("get", "/api/health"): Operation(summary="Records by state, runs, calls left.", answer=_ANY),
}


@openapi.get("/api/openapi.json")
def read() -> Response:
    """The description of everything below ``/api``."""
    return jsonify(document())


@cache
def document() -> dict[str, Any]:
    """The whole description, made once."""
    spec = APISpec(
        title="Zoho CRM and Xero, kept telling the same story",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin()],
        info={"description": "The organisation comes from the bearer, never from a parameter."},
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("SettingsDocument", schema=schemas.SettingsDocument)
    for name, held in COMPONENTS.items():
        spec.components.schema(name, held)
    for (method, path), operation in OPERATIONS.items():
        spec.path(path, operations={method: _described(method, path, operation)})
    return spec.to_dict()


def _described(method: str, path: str, operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": f"{method}{re.sub(r'[^a-z0-9]+', '_', path)}",
        "summary": operation.summary,
        "parameters": [*_path_parameters(path), *_query_parameters(operation)],
        "responses": _responses(path, operation),
        "security": [] if operation.public else [{"bearer": []}],
    }
    if operation.admin:
        told["description"] = "For administrators of the CRM organisation."
    if operation.versioned and method == "put":
        told["parameters"].append({"in": "header", "name": "If-Match", "schema": _TEXT})
    if operation.body is not None:
        told["requestBody"] = {"content": {"application/json": {"schema": operation.body}}}
    return told


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name, "required": True, "schema": _place(path, name)}
        for name in _PLACE.findall(path)
    ]


def _place(path: str, name: str) -> dict[str, Any]:
    if name == "module":
        every = ["all"] if path.startswith("/api/modules/") else []
        return {"type": "string", "enum": [*MODULE_KEYS, *every]}
    if name == "zoho_id":
        return {"type": "string", "pattern": "^[0-9]{1,30}$"}
    return {"type": "integer", "minimum": 0} if name == "log_id" else _TEXT


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [{"in": "query", "name": name, "schema": _TEXT} for name in operation.query]


def _responses(path: str, operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        good["content"] = {operation.kind: {"schema": operation.answer}}
    if operation.versioned:
        good["headers"] = {"ETag": {"schema": _TEXT}}
    codes = {400, *operation.also}
    codes |= set() if operation.public else {401}
    codes |= {403} if operation.admin else set()
    codes |= {404} if "{" in path else set()
    codes |= {415, 422} if operation.body is not None else set()
    problem = {
        "description": "Refused.",
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }
    return {str(operation.status): good} | {str(code): problem for code in sorted(codes)}


_MAYBE = {"type": ["string", "null"]}
_COUNT = {"type": "integer"}
COMPONENTS: dict[str, dict[str, Any]] = {
    "Problem": _object(
        type=_TEXT, title=_TEXT, status=_COUNT, detail=_TEXT, code=_TEXT, request_id=_TEXT,
        fields={"type": "array", "items": _object(path=_TEXT, code=_TEXT, detail=_TEXT)},
    ),
    "User": _object(id=_TEXT, name=_TEXT, email=_TEXT, locale=_TEXT, admin={"type": "boolean"}),
    "Tokens": _object(
        access_token=_TEXT, token_type=_TEXT, expires_in=_COUNT, refresh_token=_TEXT,
        user={"$ref": "#/components/schemas/User"}, org=_object(id=_TEXT, name=_TEXT),
    ),
    "Message": _object(key=_TEXT, params=_ANY, text=_TEXT, fix=_MAYBE),
    "Connections": _object(
        zoho=_object(state=_TEXT, org=_ANY),
        xero=_object(
            state={"enum": ["connected", "choose_organisation", "needs_reconnect", "disconnected"]},
            organisation={"type": ["object", "null"]}, choices={"type": "array", "items": _ANY},
            connected_by=_MAYBE, connected_at=_MAYBE, last_good_sync_at=_MAYBE,
        ),
    ),
    "Record": _object(
        module=_TEXT, zoho_id=_TEXT, label=_TEXT,
        state={"enum": ["in_sync", "pending", "syncing", "conflict", "needs_attention",
                        "excluded", "not_linked"]},
        reason={"type": ["object", "null"]}, links={"type": "array", "items": _ANY},
        money={"type": ["object", "null"]}, conflict={"type": ["object", "null"]},
        connection={"enum": ["connected", "needs_reconnect", "disconnected"]},
        allowed={"type": "array", "items": {"enum": ["both", "to_xero", "to_zoho"]}},
        denied=_ANY, history={"type": "array", "items": _ref("LogRow")},
    ),
    "LogRow": _object(
        id=_TEXT, at=_TEXT, module=_TEXT, label=_TEXT, zoho_id=_MAYBE, xero_id=_MAYBE,
        direction=_TEXT, trigger=_TEXT, operation=_TEXT, status=_TEXT,
        message={"type": ["object", "null"]}, changes={"type": "array", "items": _ANY},
        attempt=_COUNT, next_attempt_at=_MAYBE, by=_MAYBE,
    ),
    "Run": _object(
        id=_TEXT, kind=_TEXT, module=_TEXT, direction=_TEXT, state=_TEXT, total=_COUNT,
        done=_COUNT, created=_COUNT, updated=_COUNT, deleted=_COUNT, linked=_COUNT,
        skipped=_COUNT, held=_COUNT, failed=_COUNT, calls=_COUNT,
        eta_seconds={"type": ["integer", "null"]},
    ),
    "RunItem": _object(
        id=_TEXT, module=_TEXT, label=_TEXT, zoho_id=_MAYBE, xero_id=_MAYBE, direction=_TEXT,
        operation=_TEXT, status=_TEXT, changes={"type": "array", "items": _ANY},
    ),
    "InboxRow": _object(
        id=_TEXT, kind=_TEXT, module=_TEXT, label=_TEXT, zoho_id=_MAYBE, xero_id=_MAYBE,
        reason={"type": ["object", "null"]}, actions={"type": "array", "items": _TEXT},
    ),
    "Mapping": _object(
        module=_TEXT, version=_COUNT, rows={"type": "array", "items": _ANY},
        fields=_object(
            zoho={"type": "array", "items": _ANY}, xero={"type": "array", "items": _ANY}
        ),
    ),
}  # fmt: skip
