"""The HTTP interface described for programs: OpenAPI 3.1, made from the schemas we check with."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Response, jsonify

from backend.modules import module_keys
from backend.web import schemas
from backend.web.described import components, operations
from backend.web.described.words import TEXT, Operation, ref

openapi = Blueprint("openapi", __name__)

_PLACE = re.compile(r"\{(\w+)\}")


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
    for name, held in components().items():
        spec.components.schema(name, held)
    for (method, path), operation in operations().items():
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
    if operation.versioned and method != "get":
        told["parameters"].append({"in": "header", "name": "If-Match", "schema": TEXT})
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
        return {"type": "string", "enum": [*module_keys(), *every]}
    if name == "zoho_id":
        return {"type": "string", "pattern": "^[0-9]{1,30}$"}
    return {"type": "integer", "minimum": 0} if name == "log_id" else TEXT


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [{"in": "query", "name": name, "schema": TEXT} for name in operation.query]


def _responses(path: str, operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        good["content"] = {operation.kind: {"schema": operation.answer}}
    if operation.versioned:
        good["headers"] = {"ETag": {"schema": TEXT}}
    codes = {400, 429, *operation.also}
    codes |= set() if operation.public else {401}
    codes |= {403} if operation.admin else set()
    codes |= {404} if "{" in path else set()
    codes |= {415, 422} if operation.body is not None else set()
    problem = {
        "description": "Refused.",
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    return {str(operation.status): good} | {str(code): problem for code in sorted(codes)}
