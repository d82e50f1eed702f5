"""Errors as ``application/problem+json``, in the caller's language, with a code for programs."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from backend.core.errors import (
    ConnectionLost,
    Message,
    NotConfigured,
    RateLimited,
    SyncError,
    Transient,
)
from backend.i18n import N_, translate
from backend.texts import render, sentence
from backend.web.context import language, request_id

log = logging.getLogger(__name__)

TITLES = {
    400: N_("Bad request"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    409: N_("Not possible now"),
    412: N_("Changed meanwhile"),
    413: N_("Too large"),
    415: N_("Not JSON"),
    422: N_("Not valid"),
    428: N_("Version needed"),
    429: N_("Too many requests"),
    500: N_("Our mistake"),
    502: N_("The other system failed"),
    503: N_("Not ready"),
}
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


class Problem(Exception):
    """A request that is refused; ``fields`` are paths into its body with what is wrong there.

    ``more`` adds members to the answer, such as the current document of a 412.
    """

    def __init__(
        self,
        status: int,
        code: str,
        params: Mapping[str, str] | None = None,
        *,
        fields: Sequence[tuple[str, Message]] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.message = Message(code, dict(params or {}))
        self.fields = tuple(fields)
        self.more = dict(more or {})
        self.headers = dict(headers or {})


def install(app: Flask) -> None:
    """Let every error of the application leave as a problem."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(SyncError, _from_shell)
    app.register_error_handler(HTTPException, _from_framework)
    app.register_error_handler(500, _from_mistake)


def refusals(app: Flask, table: Mapping[type[Exception], tuple[int, str]]) -> None:
    """Let refusals of other rooms leave as problems; ``table`` gives status and code."""
    for kind, (status, code) in table.items():
        app.register_error_handler(kind, functools.partial(_refused, status, code))


def _refused(status: int, code: str, _error: Exception) -> Response:
    return answer(Problem(status, code))


def answer(problem: Problem) -> Response:
    """The problem as an answer."""
    spoken = language()
    body = {
        "type": f"urn:zoho-xero-sync:problem:{problem.message.key}",
        "title": translate(TITLES.get(problem.status, TITLES[400]), spoken),
        "status": problem.status,
        "detail": sentence(problem.message, spoken),
        "code": problem.message.key,
        "message": render(problem.message, spoken),
        "request_id": request_id(),
        **problem.more,
    }
    if problem.fields:
        body["fields"] = told_fields(problem.fields, spoken)
    response = Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status=problem.status,
        content_type="application/problem+json",
    )
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = spoken
    return response


def told_fields(fields: Sequence[tuple[str, Message]], spoken: str) -> list[dict[str, str]]:
    """What is wrong where in a body, in words."""
    return [
        {"path": path, "code": message.key, "detail": sentence(message, spoken)}
        for path, message in fields
    ]


def _answer(problem: Problem) -> Response:
    return answer(problem)


def status_of(error: SyncError) -> int:
    """The HTTP status of a failure of the shell that surfaced in a request."""
    if isinstance(error, RateLimited):
        return 503
    if isinstance(error, Transient):
        return 502
    if isinstance(error, (ConnectionLost, NotConfigured)):
        return 409
    return 422


def _from_shell(error: SyncError) -> Response:
    headers = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, round(error.wait_seconds)))
    refused = Problem(
        getattr(error, "status", None) or status_of(error),
        error.message.key,
        error.message.params,
        headers=headers,
    )
    return answer(refused)


def _from_framework(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return Response(status=status, headers=dict(error.response.headers))
    headers = {"Allow": ", ".join(error.valid_methods or ())} if status == 405 else {}  # type: ignore[attr-defined]
    return answer(Problem(status, _CODES.get(status, "bad_request"), headers=headers))


def _from_mistake(error: Exception) -> Response:
    """Nothing of the mistake itself leaves; the log has it under the same request number."""
    original = getattr(error, "original_exception", None) or error
    log.error(
        "request %s: %s %s failed", request_id(), request.method, request.path, exc_info=original
    )
    return answer(Problem(500, "internal_error"))
