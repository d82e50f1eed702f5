"""Zoho's codes, turned into errors with a remedy (CRM API v8, "Status codes and errors").

One table serves whole answers and single rows of a write alike. What no row of it knows is
`zoho_refused` with Zoho's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from backend.core.errors import (
    ConnectionLost,
    Gone,
    NotConfigured,
    Refused,
    Stale,
    SyncError,
    Transient,
)
from backend.core.spec import Raw

TOKEN_CODES = frozenset({"INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN"})
LOCKED = frozenset(
    {
        "RECORD_LOCKED",
        "NOT_APPROVED",
        "RECORD_IN_BLUEPRINT",
        "NOT_REVIEWED",
        "RECORD_UNDER_MERGE",
        "PENDING_APPROVAL",
    }
)
_OWN_ID = re.compile(r"\$\.data\[\d+\]\.id")


def error_of(told: Raw) -> SyncError:
    """The error for `{code, message, details}`, of a row or of a whole answer."""
    told = _first_of_many(told)
    code, words = text_of(told, "code").upper(), words_of(told)
    if code in LOCKED or "locked" in words.lower() or "under merge" in words.lower():
        return Transient("crm_record_locked", {"code": code}, words=words, sent=False)
    if code == "INVALID_DATA" and _is_about_id(told):
        return Gone("zoho_gone", words=words)
    make = _TABLE.get(code)
    return make(told, words) if make else Refused("zoho_refused", {"words": words}, words=words)


def details_of(told: Raw) -> Mapping[str, Any]:
    """The `details` of an answer, empty when they are missing or no object."""
    details = told.get("details")
    return details if isinstance(details, dict) else {}


def text_of(told: Raw, name: str) -> str:
    """A text field, "" when it is missing or something else; numbers become text."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def words_of(told: Raw) -> str:
    """Zoho's own words with the field they are about, at most 2,000 characters."""
    parts = (text_of(told, "code"), text_of(told, "message"), field_of(told))
    return " ".join(part for part in parts if part)[:2000]


def field_of(told: Raw) -> str:
    """The API name of the field an error is about, "" when it names none."""
    details = details_of(told)
    return text_of(details, "api_name") or text_of(details, "param_name")


def duplicate_of(told: Raw) -> str | None:
    """The id of the record that is already there (older answers say it flatly)."""
    details = details_of(_first_of_many(told))
    record = details.get("duplicate_record")
    inner = text_of(record, "id") if isinstance(record, dict) else ""
    return inner or text_of(details, "id") or None


def _first_of_many(told: Raw) -> Raw:
    # MULTIPLE_OR_MULTI_ERRORS wraps the list of what is wrong with one row.
    if text_of(told, "code").upper() != "MULTIPLE_OR_MULTI_ERRORS":
        return told
    errors = details_of(told).get("errors") or told.get("errors")
    first = next((e for e in errors if isinstance(e, dict)), None) if errors else None
    return first if isinstance(errors, list) and first is not None else told


def _is_about_id(told: Raw) -> bool:
    # A lookup that points nowhere uses the same words, but names its field or a deeper path.
    details = details_of(told)
    name, path = text_of(details, "api_name"), text_of(details, "json_path")
    if name not in {"", "id"} or (path and not _OWN_ID.fullmatch(path)):
        return False
    return name == "id" or "the id given seems to be invalid" in text_of(told, "message").lower()


def _about_field(key: str) -> Callable[[Raw, str], SyncError]:
    def make(told: Raw, words: str) -> SyncError:
        return Refused(key, {"field": field_of(told)}, words=words)

    return make


def _permission(told: Raw, words: str) -> SyncError:
    asked = details_of(told).get("permissions")
    named = [one for one in asked if isinstance(one, str)] if isinstance(asked, list) else []
    return NotConfigured("zoho_permission", {"permission": ", ".join(named)}, words=words)


def _module(told: Raw, words: str) -> SyncError:
    del told
    return NotConfigured("zoho_module_missing", words=words)


def _scope(told: Raw, words: str) -> SyncError:
    del told
    return ConnectionLost("zoho_scope_missing", words=words)


def _stale(told: Raw, words: str) -> SyncError:
    del told
    return Stale("zoho_stale", words=words)


def _gone(told: Raw, words: str) -> SyncError:
    del told
    return Gone("zoho_gone", words=words)


def _stumbled(told: Raw, words: str) -> SyncError:
    del told
    return Transient("remote_unavailable", words=words)


_TABLE: Mapping[str, Callable[[Raw, str], SyncError]] = {
    "DUPLICATE_DATA": _about_field("zoho_duplicate"),
    "MANDATORY_NOT_FOUND": _about_field("zoho_field_missing"),
    "REQUIRED_PARAM_MISSING": _about_field("zoho_field_missing"),
    "INVALID_DATA": _about_field("zoho_field_invalid"),
    "DEPENDENT_FIELD_MISSING": _about_field("zoho_field_missing"),
    "DEPENDENT_MISMATCH": _about_field("zoho_field_invalid"),
    "DEPENDENT_FIELD_MISMATCH": _about_field("zoho_field_invalid"),
    "UNABLE_TO_PARSE_DATA_TYPE": _about_field("zoho_field_invalid"),
    "ALREADY_MODIFIED": _stale,
    "NO_PERMISSION": _permission,
    "AUTHORIZATION_FAILED": _permission,
    "NOT_SUPPORTED": _permission,
    "OAUTH_SCOPE_MISMATCH": _scope,
    "INVALID_MODULE": _module,
    "INVALID_URL_PATTERN": _module,
    "RECORD_NOT_FOUND": _gone,
    "ID_ALREADY_DELETED": _gone,
    "INTERNAL_ERROR": _stumbled,
    "INTERNAL_SERVER_ERROR": _stumbled,
    "DEPENDENT_SERVICE_ERROR": _stumbled,
    "UNABLE_TO_PROCESS_REQUEST": _stumbled,
}
