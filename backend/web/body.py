"""Reading what a caller sent: JSON objects only, exact numbers, known keys, checked ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import Flask, request
from marshmallow import Schema, ValidationError

from backend.core.errors import Message
from backend.modules import all_specs, module_keys
from backend.web.problems import Problem

RECORD_ID = re.compile(r"[0-9]{1,30}")
XERO_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
OWN_ID = re.compile(r"[0-9a-f]{32}")
DEEPEST = 40
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database and no encoding takes: NUL, and half of a letter written in two halves."""

_WORDS = {
    "Missing data for required field.": "field_required",
    "Unknown field.": "field_unknown",
    "Field may not be null.": "field_required",
    "Not a valid string.": "field_text",
    "Not a valid list.": "field_list",
    "Not a valid mapping type.": "field_object",
    "Invalid input type.": "field_object",
    "Invalid value.": "field_invalid",
}
"""Marshmallow's own sentences, which are English only, as keys of ours."""


def install(app: Flask) -> None:
    """Refuse addresses whose parameters nothing can keep or look for."""

    @app.before_request
    def check() -> None:
        # Half a letter cannot come this way: addresses are decoded with a replacement for it.
        if any("\0" in value for _, value in request.args.items(multi=True)):
            raise Problem(400, "bad_request")


def json_object(*, empty: bool = False) -> dict[str, Any]:
    """The body as a JSON object; ``empty`` allows none. Problem 400 or 415 otherwise.

    What no database can hold is no text: half a letter of a surrogate pair, or a NUL.
    """
    raw = request.get_data(cache=True)
    if not raw.strip() and empty:
        return {}
    if request.mimetype != "application/json":
        raise Problem(415, "unsupported_media_type")
    try:
        found = json.loads(raw, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json") from None
    if not isinstance(found, dict) or _too_deep(found) or not _can_be_kept(found):
        raise Problem(400, "bad_json")
    return found


def checked(schema: Schema, *, empty: bool = False) -> dict[str, Any]:
    """The body, if it is what ``schema`` says; Problem 422 naming each wrong field otherwise."""
    return check(schema, json_object(empty=empty))


def check(schema: Schema, found: Mapping[str, Any]) -> dict[str, Any]:
    """``found``, if it is what ``schema`` says; Problem 422 naming each wrong field otherwise."""
    try:
        return dict(schema.load(found))
    except ValidationError as error:
        raise Problem(422, "bad_body", fields=list(field_errors(error.messages))) from None


def field_errors(found: object, path: str = "") -> Iterator[tuple[str, Message]]:
    """Marshmallow's tree of messages as paths such as ``modules.invoices.enabled``."""
    if isinstance(found, Mapping):
        for name, inner in found.items():
            # Dictionaries tell of their keys and values below these two names.
            at = (
                path
                if name in {"_schema", "key", "value"} and path
                else path
                if name == "_schema"
                else f"{path}.{name}"
                if path
                else str(name)
            )
            yield from field_errors(inner, at)
    elif isinstance(found, list):
        for told in found:
            yield path, Message(_WORDS.get(str(told), str(told)))
    else:
        yield path, Message(_WORDS.get(str(found), str(found)))


def module_key(module: str, *, also: tuple[str, ...] = ()) -> str:
    """``module`` when it is one of ours; Problem 404 otherwise."""
    if module not in module_keys() and module not in also:
        raise Problem(404, "unknown_module")
    return module


def home_of(module: str) -> str:
    """The module whose records carry this one: payments live on invoices."""
    spec = all_specs().get(module)
    return (spec.attached_to or module) if spec is not None else module


def record_id(zoho_id: str) -> str:
    """``zoho_id`` when it can be a CRM record's number; Problem 400 otherwise."""
    if not RECORD_ID.fullmatch(zoho_id):
        raise Problem(400, "bad_record_id")
    return zoho_id


def own_id(given: str) -> str:
    """``given`` when it can be one of our own ids; Problem 404 otherwise."""
    if not OWN_ID.fullmatch(given):
        raise Problem(404, "not_found")
    return given


def page_size(default: int = 50, most: int = 200) -> int:
    """The ``limit`` parameter within bounds; Problem 400 when it is no number."""
    given = request.args.get("limit", "")
    if not given:
        return default
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= most:
        raise Problem(400, "bad_request")
    return int(given)


def cursor() -> int | None:
    """The ``cursor`` parameter, None on the first page; Problem 400 when it is none of ours."""
    given = request.args.get("cursor", "")
    if not given:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise Problem(400, "bad_cursor")
    return int(given)


def plain(value: Any) -> Any:
    """Numbers of the request as JSON columns take them: a percentage stays the text it was."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, bool, int)) else str(value)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _too_deep(found: object, depth: int = 0) -> bool:
    if depth > DEEPEST:
        return True
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return any(_too_deep(one, depth + 1) for one in inner)


def _can_be_kept(found: object) -> bool:
    if isinstance(found, dict):
        return all(_can_be_kept(name) and _can_be_kept(one) for name, one in found.items())
    if isinstance(found, list):
        return all(map(_can_be_kept, found))
    return not isinstance(found, str) or UNKEEPABLE.search(found) is None
