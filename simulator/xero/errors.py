"""How Xero says no: the exceptions the simulator raises and the bodies they become."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

ZERO_GUID = "00000000-0000-0000-0000-000000000000"

# ErrorNumber 10 and 20 are seen in the wild; 14, 16 and 17 are named in Xero's old error list.
ERROR_NUMBERS = {
    "ValidationException": 10,
    "PostDataInvalidException": 14,
    "QueryParseException": 16,
    "ObjectNotFoundException": 17,
    "ApiMethodNotImplementedException": 20,
}


class Invalid(ValueError):
    """One element breaks rules; `messages` are Xero's sentences, `warnings` what else was said."""

    def __init__(self, *messages: str, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages
        self.warnings = warnings


class ApiError(Exception):
    """The whole request is refused with this status, body and headers."""

    def __init__(
        self,
        status: int,
        body: Any,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def api_exception(kind: str, message: str, *, status: int = 400) -> ApiError:
    """A refusal in the shape of the Accounting API."""
    body = {"ErrorNumber": ERROR_NUMBERS[kind], "Type": kind, "Message": message}
    return ApiError(status, body)


def not_found() -> ApiError:
    """404: Xero answers unknown ids with a plain sentence."""
    return ApiError(404, "The resource you're looking for cannot be found")


def problem(status: int, title: str, detail: str, **headers: str) -> ApiError:
    """A refusal of the layer before the API (tokens, tenants, scopes)."""
    body: dict[str, Any] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": str(uuid.uuid4()),
        "Extensions": {},
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ApiError(status, body, headers=named)


def validation_body(elements: list[dict[str, Any]]) -> dict[str, Any]:
    """The summarised 400: only the failing elements, without a word on the others."""
    return {
        "ErrorNumber": ERROR_NUMBERS["ValidationException"],
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": elements,
    }
