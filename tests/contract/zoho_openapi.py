"""Checks requests and answers against Zoho's own OpenAPI files, and beyond them.

`load(shared_dir)` gives a checker; `check_request` and `check_answer` return the list of
violations, empty when there is none. `modules` (as `ZohoState.modules`) tells which fields a record
has; with it a request that names an unknown or read-only field is a violation too.

The files are known to be wrong in places (see `PATCHES`): their security scheme demands Bearer,
the watch body forbids documented keys, lists allow 100 rows where 200 come, the success of an
upsert lacks `action`, layouts want parts no client reads. Where the files are absent the rules written here are all that is checked;
`.source` says which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs

from simulator.zoho.catalogue import ModuleSpec, standard_modules

PREFIX = "/crm/v8"
FOLDER = Path("contracts/zoho/oas-3.1")
FILES = {
    "/coql": "coql",
    "/actions/watch": "notifications",
    "/settings/fields": "fields",
    "/settings/modules": "modules",
    "/settings/layouts": "layouts",
    "/org/currencies": "currencies",
    "/org": "org",
    "/users": "users",
}
UNDESCRIBED = {"/org/taxes", "/search", "/Notes", "/recycle_bin/actions/restore"}
BODY_KEYS = {
    "POST": {"data", "trigger", "apply_feature_execution", "skip_feature_execution", "lar_id"},
    "PUT": {"data", "trigger", "apply_feature_execution", "skip_feature_execution"},
    "upsert": {
        *("data", "trigger", "duplicate_check_fields", "lar_id"),
        *("apply_feature_execution", "skip_feature_execution"),
    },
}
LIST_PARAMETERS = {
    *("fields", "ids", "cvid", "page", "per_page", "page_token", "sort_by", "sort_order"),
    *("converted", "territory_id", "include_child"),
}
TRIGGERS = {"approval", "workflow", "blueprint", "pathfinder", "orchestration"}
SPECIAL_KEYS = {"id", "$se_module", "$line_tax", "$append_values", "_delete", "Layout"}
WATCH_KEYS = {
    *("channel_id", "events", "notify_url", "token", "channel_expiry"),
    *("return_affected_field_values", "notify_on_related_action", "notification_condition"),
    "_delete_events",
}
ERROR_KEYS = {"code", "details", "message", "status"}
MOST = {"rows": 100, "fields": 50, "watch": 50}
Schema = dict[str, Any]


def load(
    shared_dir: Path | None, *, modules: Mapping[str, ModuleSpec] | None = None
) -> ZohoChecker:
    """The checker of the files, or of the written rules alone where they are absent."""
    folder = shared_dir / FOLDER if shared_dir is not None else None
    found = folder if folder is not None and folder.is_dir() else None
    return ZohoChecker(found, modules if modules is not None else standard_modules())


def check_request(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: Any,
    *,
    checker: ZohoChecker | None = None,
) -> list[str]:
    """Violations of one request by the files beside the project and the standard fields."""
    return (checker or _standard()).check_request(method, path, headers, body)


@cache
def _standard() -> ZohoChecker:
    shared = Path(__file__).resolve().parents[3] / "shared"
    return load(shared)


def parsed(body: Any) -> Any:
    """A body as JSON values, from bytes, text or values; None when there is none."""
    if isinstance(body, bytes | str):
        return json.loads(body) if body else None
    return json.loads(json.dumps(body, default=float)) if body is not None else None


class ZohoChecker:
    """Rules that need no file, then the schemas of the files where they are at hand."""

    def __init__(self, folder: Path | None, modules: Mapping[str, ModuleSpec]) -> None:
        self.folder = folder
        self.modules = modules
        self.source = f"Zoho's OpenAPI files in {folder}" if folder else "written rules, no files"
        self._documents: dict[str, Schema] = {}
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check_request(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> list[str]:
        """The violations of a request; `path` may carry host, prefix and query."""
        parts = urlsplit(path)
        bare = parts.path.removeprefix(PREFIX)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        content = parsed(body)
        problems = list(_headers(headers))
        problems += self._rules(method, bare, query, content)
        schema = self._request_schema(method, bare)
        if schema is not None and content is not None:
            problems += self._against(f"request {method} {bare}", schema, content)
        return problems

    def check_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """The violations of an answer."""
        bare = urlsplit(path).path.removeprefix(PREFIX)
        content = parsed(body)
        if status in {204, 304}:
            return [f"{status} has a body"] if content else []
        if content is None:
            return [f"{status} has no body"]
        if "code" in content:
            return _error(content)
        schema = self._answer_schema(method, bare, status)
        if schema is None:
            return []
        return self._against(f"answer {method} {bare} {status}", schema, content)

    # Rules

    def _rules(self, method: str, bare: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
        name = bare.strip("/").split("/")[0]
        if bare == "/coql":
            yield from _coql(body)
        elif bare == "/actions/watch":
            yield from _watch(method, query, body)
        elif bare in FILES or bare.startswith(("/users/", "/settings/", "/org")):
            yield from _settings(method, bare, query, body)
        elif name not in self.modules or self.modules[name].parent:
            yield f"{method} {bare}: no such call and no such module"
        else:
            yield from self._records(self.modules[name], method, bare, query, body)

    def _records(
        self, module: ModuleSpec, method: str, bare: str, query: Mapping[str, str], body: Any
    ) -> Iterator[str]:
        tail = bare.strip("/").split("/")[1:]
        if method == "GET":
            yield from self._listing(module, tail, query)
        elif method == "DELETE":
            ids = tail or query.get("ids", "").split(",")
            if not 1 <= len(ids) <= MOST["rows"] or not all(one.isdigit() for one in ids):
                yield "DELETE needs 1 to 100 ids"
        else:
            kind = "upsert" if tail == ["upsert"] else method
            yield from self._written(module, kind, body, single=bool(tail and tail[0].isdigit()))

    def _listing(
        self, module: ModuleSpec, tail: list[str], query: Mapping[str, str]
    ) -> Iterator[str]:
        if tail:
            return
        names = [one for one in query.get("fields", "").split(",") if one]
        if not names:
            yield "a list needs fields"
        if len(names) > MOST["fields"]:
            yield "more than 50 fields"
        for one in names:
            spec = module.fields.get(one)
            if spec is None or spec.data_type == "subform":
                yield f"{module.api_name}.{one} cannot be listed"
        yield from (f"unknown parameter {one}" for one in query if one not in LIST_PARAMETERS)

    def _written(self, module: ModuleSpec, kind: str, body: Any, *, single: bool) -> Iterator[str]:
        if not isinstance(body, dict) or not isinstance(body.get("data"), list):
            yield "a write needs data"
            return
        yield from (f"unknown body key {key}" for key in set(body) - BODY_KEYS[kind])
        if not 1 <= len(body["data"]) <= MOST["rows"]:
            yield "1 to 100 rows"
        yield from (f"unknown trigger {one}" for one in set(body.get("trigger", [])) - TRIGGERS)
        for one in body.get("duplicate_check_fields", []):
            if one not in module.fields:
                yield f"duplicate_check_fields: no field {one}"
        for place, row in enumerate(body["data"]):
            if kind == "PUT" and not single and "id" not in row:
                yield f"$.data[{place}] has no id"
            yield from self._row(module, row, f"$.data[{place}]")

    def _row(self, module: ModuleSpec, row: Mapping[str, Any], path: str) -> Iterator[str]:
        for name, value in row.items():
            spec = module.fields.get(name)
            if name in SPECIAL_KEYS:
                continue
            if spec is None:
                yield f"{path}.{name}: {module.api_name} has no such field"
            elif spec.read_only:
                yield f"{path}.{name} is read-only"
            elif spec.data_type == "subform" and isinstance(value, list):
                lines = self.modules[str(spec.lines)]
                for place, line in enumerate(value):
                    yield from self._row(lines, line, f"{path}.{name}[{place}]")
            elif spec.data_type == "lookup" and not _is_lookup(value):
                yield f"{path}.{name} is no lookup by id"

    # Files

    def _document(self, name: str) -> Schema:
        if name not in self._documents:
            assert self.folder is not None
            text = (self.folder / f"zoho-crm-{name}-openapi.json").read_text(encoding="utf-8")
            document = json.loads(text)
            PATCHES.get(name, lambda _document: None)(document)
            self._documents[name] = document
        return self._documents[name]

    def _operation(self, method: str, bare: str) -> tuple[Schema, Schema] | None:
        """The file and the operation that describe a call; None when none does."""
        if self.folder is None or any(bare.endswith(one) for one in UNDESCRIBED):
            return None
        for path, name in FILES.items():
            if bare == path or (bare.startswith(f"{path}/") and path != "/org"):
                document = self._document(name)
                template = (
                    path
                    if bare == path
                    else next(one for one in document["paths"] if one.startswith(f"{path}/{{"))
                )
                return document, document["paths"][template].get(method.lower(), {})
        document = self._document("record")
        tail = bare.strip("/").split("/")[1:]
        template = {0: "/{module}"}.get(len(tail)) or (
            f"/{{module}}/{tail[0]}" if not tail[0].isdigit() else "/{module}/{recordID}"
        )
        return document, document["paths"].get(template, {}).get(method.lower(), {})

    def _request_schema(self, method: str, bare: str) -> Schema | None:
        found = self._operation(method, bare)
        body = _followed(found[0], found[1].get("requestBody")) if found else None
        if found is None or body is None:
            return None
        return _rooted(found[0], body["content"]["application/json"]["schema"])

    def _answer_schema(self, method: str, bare: str, status: int) -> Schema | None:
        found = self._operation(method, bare)
        if found is None:
            return None
        document, operation = found
        name = bare.strip("/").split("/")[0]
        if bare == "/settings/layouts":
            return None
        if method != "GET" and name in self.modules:
            return _rooted(document, ROWS)
        if status == 207:
            return None
        described = operation.get("responses", {}).get(str(status))
        answer = _followed(document, described)
        if answer is None:
            return {"not": {}, "title": f"{status} is not described"}
        return _rooted(document, next(iter(answer["content"].values()))["schema"])

    def _against(self, key: str, schema: Schema, content: Any) -> list[str]:
        validator = self._validators.get(key)
        if validator is None:
            validator = self._validators[key] = jsonschema_rs.Draft202012Validator(schema)
        return [
            f"{key}: {'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
            for error in validator.iter_errors(content)
        ]


# What each row of a write is answered with; the files describe all-good and all-bad apart.
ROWS: Schema = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {
            "type": "array",
            "items": {
                "if": {"properties": {"status": {"const": "success"}}},
                "then": {
                    "$ref": "#/components/schemas/RecordSuccessResponse/properties/data/items"
                },
                "else": {"$ref": "#/components/schemas/RecordsErrorResponse/properties/data/items"},
            },
        }
    },
}


def _rooted(document: Schema, schema: Schema) -> Schema:
    """A schema with the file's components beside it, so that its references are found."""
    return {**schema, "components": document.get("components", {})}


def _followed(document: Schema, part: Schema | None) -> Schema | None:
    if part is None or "$ref" not in part:
        return part
    found: Any = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def _headers(headers: Mapping[str, str]) -> Iterator[str]:
    known = {name.lower(): value for name, value in headers.items()}
    if not known.get("authorization", "Zoho-oauthtoken x").startswith("Zoho-oauthtoken "):
        yield "Authorization is not Zoho-oauthtoken"
    for name in ("if-modified-since", "if-unmodified-since"):
        if name in known and not _is_time(known[name]):
            yield f"{name} is no ISO 8601 time with an offset"


def _is_lookup(value: Any) -> bool:
    """Whether the value clears a lookup or names a record by its id."""
    return value is None or (isinstance(value, dict) and str(value.get("id", "")).isdigit())


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _error(body: Mapping[str, Any]) -> list[str]:
    problems = [f"an error lacks {key}" for key in ERROR_KEYS - set(body)]
    if not re.fullmatch(r"[A-Z_]+", str(body.get("code"))):
        problems.append("an error code is in capitals")
    return problems


def _coql(body: Any) -> Iterator[str]:
    if not isinstance(body, dict) or not isinstance(body.get("select_query"), str):
        yield "coql needs select_query"
    elif set(body) - {"select_query", "include_meta"}:
        yield "coql knows select_query and include_meta"


def _watch(method: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    if method == "DELETE":
        if not query.get("channel_ids"):
            yield "closing channels needs channel_ids"
        return
    if method == "GET":
        return
    entries = body.get("watch") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST["watch"]:
        yield "watch holds 1 to 50 channels"
        return
    for entry in entries:
        yield from (f"unknown watch key {key}" for key in set(entry) - WATCH_KEYS)
        if not str(entry.get("channel_id", "")).isdigit():
            yield "channel_id is a number"
        if len(entry.get("token") or "") > 50:
            yield "a token has at most 50 characters"


def _settings(method: str, bare: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    if bare in {"/settings/fields", "/settings/layouts"} and not query.get("module"):
        yield f"{bare} needs a module"
    if bare.endswith("/recycle_bin/actions/restore"):
        ids = body.get("ids") if isinstance(body, dict) else None
        if method != "POST" or not isinstance(ids, list) or not 1 <= len(ids) <= 200:
            yield "restoring takes 1 to 200 ids"
    if method == "POST" and bare == "/settings/fields":
        fields = body.get("fields") if isinstance(body, dict) else None
        if not isinstance(fields, list) or not 1 <= len(fields) <= 5:
            yield "1 to 5 fields"
        else:
            labels = [str(one.get("field_label", "")) for one in fields]
            yield from (f"label {one!r}" for one in labels if not 1 <= len(one) <= 25)


def _patch_record(document: Schema) -> None:
    """Lists hold 200 rows, people carry an e-mail, tokens may be null, upserts say what they did."""
    schemas = document["components"]["schemas"]
    listed = schemas["RecordGETSucessResponse"]["properties"]
    listed["data"]["maxItems"] = 200
    for name in ("Created_By", "Modified_By"):
        listed["data"]["items"]["properties"][name]["additionalProperties"] = True
    for name in ("next_page_token", "previous_page_token", "page_token_expiry"):
        listed["info"]["properties"][name] = {"type": ["string", "null"]}
    row = schemas["RecordSuccessResponse"]["properties"]["data"]["items"]
    row["properties"]["action"] = {"enum": ["insert", "update"]}
    row["properties"]["duplicate_field"] = {"type": ["string", "null"]}
    row["properties"]["details"]["required"] = ["id"]
    codes = schemas["RecordsErrorResponse"]["properties"]["data"]["items"]["properties"]["code"]
    codes["enum"] = [*codes["enum"], "ALREADY_MODIFIED"]
    upsert = document["paths"]["/{module}/upsert"]["post"]["requestBody"]["content"]
    allowed = upsert["application/json"]["schema"]["properties"]
    for name in ("apply_feature_execution", "skip_feature_execution"):
        allowed[name] = {"type": "array"}


def _patch_notifications(document: Schema) -> None:
    """The documented keys of a channel; PUT and PATCH take the same body as POST."""
    watch = document["paths"]["/actions/watch"]
    body = watch["post"]["requestBody"]
    entry = body["content"]["application/json"]["schema"]["properties"]["watch"]["items"]
    for name in ("return_affected_field_values", "notify_on_related_action", "_delete_events"):
        entry["properties"][name] = {"type": "boolean"}
    entry["properties"]["notification_condition"] = {"type": ["array", "null"]}
    for method in ("put", "patch"):
        watch[method]["requestBody"] = body


def _patch_coql(document: Schema) -> None:
    """Up to 2,000 rows come back."""
    answer = document["paths"]["/coql"]["post"]["responses"]["200"]["content"]
    answer["application/json"]["schema"]["properties"]["data"]["maxItems"] = 2000


def _patch_fields(document: Schema) -> None:
    """The kinds of details an error may have overlap: one of them is enough."""
    _loosen(document["components"]["schemas"]["ErrorResponse"])


def _loosen(part: Any) -> None:
    if isinstance(part, dict):
        if "oneOf" in part:
            part["anyOf"] = part.pop("oneOf")
        for inner in part.values():
            _loosen(inner)
    elif isinstance(part, list):
        for inner in part:
            _loosen(inner)


def _patch_users(document: Schema) -> None:
    """The languages a person may have lack French and German of their own countries."""
    person = document["components"]["schemas"]["UserDetails"]["properties"]
    person["language"] = {"type": "string"}


PATCHES: dict[str, Callable[[Schema], None]] = {
    "record": _patch_record,
    "notifications": _patch_notifications,
    "coql": _patch_coql,
    "users": _patch_users,
    "fields": _patch_fields,
}
