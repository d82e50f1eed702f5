"""Answers that say no, in Zoho's words.

`ZohoError` is a whole request refused; `RowError` is one row of a write refused while its
neighbours may go through (Zoho CRM API v8, Status Codes and Errors).
"""

from __future__ import annotations

from typing import Any


class ZohoError(Exception):
    """The request is refused with `status` and a body `{code, details, message, status}`."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON body Zoho sends with it."""
        return {
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "status": "error",
        }


class RowError(ZohoError):
    """One row is refused; `status` is the HTTP status when every row is refused."""

    def __init__(self, code: str, message: str, *, http: int = 400, **details: Any) -> None:
        super().__init__(http, code, message, **details)


def invalid_data(path: str, name: str, **details: Any) -> RowError:
    """INVALID_DATA for one field of one row."""
    return RowError("INVALID_DATA", "invalid data", api_name=name, json_path=path, **details)


def missing_field(path: str, name: str) -> RowError:
    """MANDATORY_NOT_FOUND for one field of one row."""
    return RowError(
        "MANDATORY_NOT_FOUND", "required field not found", api_name=name, json_path=path
    )


def invalid_id() -> RowError:
    """The id names no record of the module."""
    return RowError("INVALID_DATA", "the id given seems to be invalid", api_name="id")


def missing_parameter(name: str) -> ZohoError:
    """A mandatory query parameter is absent."""
    return ZohoError(
        400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", param_name=name
    )


def invalid_parameter(name: str, message: str = "invalid data") -> ZohoError:
    """A query parameter has a value Zoho does not take."""
    return ZohoError(400, "INVALID_DATA", message, param_name=name)
