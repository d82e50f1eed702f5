"""Checks requests and answers against Xero's official OpenAPI file.

`load(shared_dir)` gives a checker; `check_request` and `check_answer` return the list of
violations, empty when there is none. On top of the file's schemas it reports what they let pass:
properties the file does not know, read-only fields in requests, unknown query parameters, dates
that are no dates. The fields real answers carry although the file lacks them are listed here.

Where the file is absent, `load` gives a checker made from the models of Xero's own SDK, which
knows names and nesting but fewer types; `.source` says which one is at work.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs

PREFIX = "/api.xro/2.0"
FILE = Path("contracts/xero/xero_accounting.decycled.json")
ENVELOPE = frozenset({"Id", "Status", "ProviderName", "DateTimeUTC", "pagination"})
# Real answers of 2026 carry these; Xero's file of July 2026 does not have them.
UNDOCUMENTED: dict[str, frozenset[str]] = {
    "Invoice": frozenset(
        {"DateString", "DueDateString", "InvoicePaymentServices", "SentToEmailAddress"}
        | {"RoundingAmount", "EnteredTotal"}
    ),
    "CreditNote": frozenset({"ID", "DateString", "DueDateString"}),
    "LineItem": frozenset({"ValidationErrors", "DiscountEnteredAsPercent", "ItemID"}),
    "LineItemTracking": frozenset({"Options"}),
    "Contact": frozenset({"Warnings"}),
    "ContactGroup": frozenset({"HasValidationErrors"}),
    "Organisation": frozenset({"TaxNumberName"}),
    "HistoryRecord": frozenset({"DateUTCString", "ValidationErrors"}),
    "PurchaseOrder": frozenset(
        {"DateString", "DeliveryDateString", "Type", "HasErrors", "IsDiscounted"}
    ),
}
# The file demands Amount, Date and Invoice of a deleted allocation; its own example lacks them.
LOOSE = {("DELETE", "/CreditNotes/{CreditNoteID}/Allocations/{AllocationID}")}
# The element of a 400 echoes the whole entity; the file lists its id and its errors only.
ECHOES = frozenset({"Element"})
DATE = re.compile(
    r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?Z?)?$|^/Date\(-?\d+([+-]\d{4})?\)/$"
)
SINCE = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$")
Schema = Mapping[str, Any]


class Checker(Protocol):
    """What both checkers offer."""

    source: str

    def check_request(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> list[str]:
        """The violations of a request; `path` may carry host, prefix and query."""

    def check_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """The violations of an answer."""


def load(shared_dir: Path | None) -> Checker:
    """The checker of the official file, or of the SDK's models where the file is absent."""
    if shared_dir is not None and (shared_dir / FILE).is_file():
        return OpenApiChecker(shared_dir / FILE)
    from tests.contract.xero_sdk_models import SdkChecker

    return SdkChecker()


def parsed(body: Any) -> Any:
    """A body as JSON values, from bytes, text or values; None when there is none."""
    if isinstance(body, bytes | str):
        return json.loads(body) if body else None
    return json.loads(json.dumps(body, default=float)) if body is not None else None


def split(path: str) -> tuple[str, list[tuple[str, str]]]:
    """Path below the API's root and query pairs."""
    parts = urlsplit(path)
    return parts.path.removeprefix(PREFIX), parse_qsl(parts.query, keep_blank_values=True)


@dataclass(frozen=True)
class Operation:
    """One operation of the file."""

    template: str
    method: str
    definition: Schema


class OpenApiChecker:
    """Checks against the official file."""

    def __init__(self, file: Path) -> None:
        self.source = f"official file {file.name}"
        self.document: dict[str, Any] = json.loads(file.read_text())
        self._validators: dict[str, jsonschema_rs.Draft4Validator] = {}

    def check_request(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> list[str]:
        """Operation, parameters, headers and body of a request."""
        bare, query = split(path)
        operation = self._operation(method, bare)
        if operation is None:
            return [f"{method} {bare} is not in the file"]
        problems = list(self._query(operation, query)) + list(_headers(headers))
        schema = self._body_schema(operation)
        content = parsed(body)
        if content is None:
            needs = operation.definition.get("requestBody", {}).get("required", False)
            return [*problems, "the body is missing"] if needs else problems
        if schema is None:
            return [*problems, "the operation takes no body"]
        problems += self._schema_errors(schema, content)
        problems += [f"unknown property {w}" for w in self._unknown(schema, content, "", set())]
        problems += [f"read-only field {w}" for w in self._read_only(schema, content, "")]
        problems += [f"not a date: {w}" for w in self._bad_dates(schema, content, "")]
        return problems

    def check_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """The body of an answer; statuses the file does not describe have no schema to fit."""
        bare, _query = split(path)
        operation = self._operation(method, bare)
        if operation is None:
            return [f"{method} {bare} is not in the file"]
        described = operation.definition["responses"].get(str(status))
        if described is None:
            undescribed = status in {204, 304, 400, 401, 403, 404, 412, 413, 429} or status >= 500
            return [] if undescribed else [f"status {status} is not in the file"]
        schema = self._content(described)
        content = parsed(body)
        if schema is None:
            return [] if content is None else ["the answer has no body in the file"]
        if content is None:
            return ["the body is missing"]
        problems = self._schema_errors(schema, content)
        if (method, operation.template) in LOOSE:
            problems = [p for p in problems if "is a required property" not in p]
        outer = set(ENVELOPE)
        return problems + [
            f"unknown property {w}" for w in self._unknown(schema, content, "", outer, answer=True)
        ]

    @cached_property
    def _templates(self) -> list[tuple[str, re.Pattern[str]]]:
        found = []
        for template in self.document["paths"]:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
            found.append((template, re.compile(f"^{pattern}$")))
        return found

    def _operation(self, method: str, path: str) -> Operation | None:
        """The operation of a path; an id that is no uuid prefers {ContactNumber} and the like."""
        hits = []
        for template, pattern in self._templates:
            found = pattern.match(path)
            if found is None or method.lower() not in self.document["paths"][template]:
                continue
            fits = all(_is_uuid(v) == k.endswith("ID") for k, v in found.groupdict().items())
            hits.append((len(found.groupdict()), not fits, template))
        if not hits:
            return None
        template = min(hits)[2]
        definition = self.document["paths"][template][method.lower()]
        return Operation(template, method.upper(), definition)

    def _resolve(self, node: Schema) -> Schema:
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def _body_schema(self, operation: Operation) -> Schema | None:
        body = operation.definition.get("requestBody")
        return self._content(body) if body else None

    def _content(self, node: Schema) -> Schema | None:
        content = self._resolve(node).get("content", {})
        schema: Schema | None = content.get("application/json", {}).get("schema")
        return schema

    def _query(self, operation: Operation, query: list[tuple[str, str]]) -> Iterator[str]:
        parameters = [self._resolve(p) for p in operation.definition.get("parameters", [])]
        known = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
        for name, value in query:
            if name not in known:
                yield f"unknown query parameter {name}"
            elif known[name]["type"] == "boolean" and value not in {"true", "false"}:
                yield f"{name}={value} is no boolean"
            elif known[name]["type"] == "integer" and not value.isdigit():
                yield f"{name}={value} is no integer"

    def _schema_errors(self, schema: Schema, content: Any) -> list[str]:
        key = json.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft4Validator(whole)
        return [
            f"{'/'.join(str(s) for s in error.instance_path)}: {error.message[:200]}"
            for error in self._validators[key].iter_errors(content)
        ]

    def _properties(self, schema: Schema) -> tuple[str, dict[str, Schema]]:
        """The name and all properties of an object schema."""
        name = schema.get("$ref", "").rsplit("/", 1)[-1].removesuffix("Nested")
        node = self._resolve(schema)
        properties = dict(node.get("properties", {}))
        for part in node.get("allOf", []):
            inner_name, inner = self._properties(part)
            name, properties = name or inner_name, properties | inner
        return name, properties

    def _children(
        self, schema: Schema, content: Any, where: str
    ) -> Iterator[tuple[str, Schema, Any]]:
        """(place, schema, value) of everything directly inside a value."""
        node = self._resolve(schema)
        if isinstance(content, list):
            for index, item in enumerate(content):
                yield f"{where}[{index}]", node.get("items", {}), item
        elif isinstance(content, dict):
            _name, properties = self._properties(schema)
            for key, value in content.items():
                if key in properties:
                    yield f"{where}.{key}", properties[key], value

    def _unknown(
        self, schema: Schema, content: Any, where: str, extra: set[str], *, answer: bool = False
    ) -> Iterator[str]:
        if isinstance(content, dict):
            name, properties = self._properties(schema)
            allowed = extra | (UNDOCUMENTED.get(name, frozenset()) if answer else frozenset())
            if properties and name not in ECHOES:
                for key in content:
                    if key not in properties and key not in allowed:
                        yield f"{where}.{key}"
        for place, inner, value in self._children(schema, content, where):
            yield from self._unknown(inner, value, place, set(), answer=answer)

    def _read_only(self, schema: Schema, content: Any, where: str) -> Iterator[str]:
        for place, inner, value in self._children(schema, content, where):
            if inner.get("readOnly") or self._resolve(inner).get("readOnly"):
                yield place
            yield from self._read_only(inner, value, place)

    def _bad_dates(self, schema: Schema, content: Any, where: str) -> Iterator[str]:
        for place, inner, value in self._children(schema, content, where):
            if inner.get("x-is-msdate") and not (isinstance(value, str) and DATE.match(value)):
                yield place
            yield from self._bad_dates(inner, value, place)


def _headers(headers: Mapping[str, str]) -> Iterator[str]:
    """The headers every call needs, and the forms of the optional ones."""
    sent = {name.lower(): value for name, value in headers.items()}
    if not _is_uuid(sent.get("xero-tenant-id", "")):
        yield "header xero-tenant-id is missing"
    if "json" not in sent.get("accept", ""):
        yield "header Accept does not ask for JSON"
    if len(sent.get("idempotency-key", "")) > 128:
        yield "header Idempotency-Key is longer than 128 characters"
    since = sent.get("if-modified-since")
    if since is not None and not SINCE.match(since):
        yield "header If-Modified-Since is no date-time"


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


@cache
def _default() -> Checker:
    return load(Path(__file__).resolve().parents[3] / "shared")


def check_request(method: str, path: str, headers: Mapping[str, str], body: Any) -> list[str]:
    """`Checker.check_request` with the contracts beside the project."""
    return _default().check_request(method, path, headers, body)


def check_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """`Checker.check_answer` with the contracts beside the project."""
    return _default().check_answer(method, path, status, body)
