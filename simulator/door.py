"""The door every request to a simulated API goes through: faults, one at a time, the log.

A WSGI middleware. What a socket would show (a reset, a cut body, a slow answer) is written into the
WSGI environ for whoever carries the answer (`simulator.transport`, `simulator.server`):
`simulator.drop` = "before" | "after" | "truncated" and `simulator.slow` = seconds. A fault that
only the side itself can put into words waits for it in `simulator.fault`.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.faults import API_KINDS, Fault, Kind
from simulator.requestlog import Entry, without_secrets

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from simulator.world import World

HTML = (
    b"<!DOCTYPE html><html><head><title>Service Unavailable</title></head>"
    b"<body><h1>We'll be back soon</h1></body></html>"
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole answer in memory."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class House:
    """What differs between the two sides.

    `error_body` is the JSON of a plain 500 or 503; `tenant_of` names the organisation of a request
    for the log; `secret_paths` are paths whose bodies carry credentials.
    """

    side: str
    error_body: Callable[[int], bytes]
    tenant_of: Callable[[WSGIEnvironment], str]
    secret_paths: tuple[str, ...]


class InFlight:
    """How many requests of one organisation are in the building right now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def change(self, tenant: str, by: int) -> int:
        """Count one in or out; returns how many there are."""
        with self._lock:
            count = self._counts[tenant] = self._counts.get(tenant, 0) + by
            return count


class Door:
    """Wraps one side's WSGI application."""

    def __init__(self, app: WSGIApplication, world: World, house: House) -> None:
        self.app = app
        self.world = world
        self.house = house
        self.in_flight = InFlight()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let one request through and write it down."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ.get("PATH_INFO", "/")
        fault = self.world.faults.take(self.house.side, environ["REQUEST_METHOD"], path)
        tenant = self.house.tenant_of(environ)
        at, started = self.world.clock.now(), time.perf_counter()
        environ["simulator.in_flight"] = self.in_flight.change(tenant, 1)
        try:
            answer = self._answer(environ, fault)
        finally:
            self.in_flight.change(tenant, -1)
        self._log(environ, body, answer, fault, at=at, seconds=time.perf_counter() - started)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _answer(self, environ: WSGIEnvironment, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else ""
        if kind == Kind.RESET_BEFORE:
            environ["simulator.drop"] = "before"
            return Answer(status="500 Reset", headers=[], body=b"")
        if kind in {Kind.SERVER_ERROR, Kind.UNAVAILABLE, Kind.UNAVAILABLE_TEXT, Kind.HTML}:
            return self._canned(kind)
        if kind in API_KINDS:
            environ["simulator.fault"] = fault
        answer = run(self.app, environ, self.world.lock)
        if kind == Kind.RESET_AFTER:
            environ["simulator.drop"] = "after"
        elif kind == Kind.TRUNCATED:
            environ["simulator.drop"] = "truncated"
        elif kind == Kind.SLOW and fault is not None:
            environ["simulator.slow"] = fault.seconds
            environ.get("simulator.sleep", lambda _seconds: None)(fault.seconds)
        return answer

    def _canned(self, kind: str) -> Answer:
        status, content_type, body = {
            Kind.SERVER_ERROR: ("500 Internal Server Error", "json", self.house.error_body(500)),
            Kind.UNAVAILABLE: ("503 Service Unavailable", "json", self.house.error_body(503)),
            Kind.UNAVAILABLE_TEXT: ("503 Service Unavailable", "text", b"Service unavailable"),
            Kind.HTML: ("200 OK", "html", HTML),
        }[Kind(kind)]
        types = {
            "json": "application/json; charset=utf-8",
            "text": "text/plain",
            "html": "text/html; charset=utf-8",
        }
        headers = [
            ("Content-Type", types[content_type]),
            ("Content-Length", str(len(body))),
        ]
        return Answer(status=status, headers=headers, body=body)

    def _log(
        self,
        environ: WSGIEnvironment,
        body: bytes,
        answer: Answer,
        fault: Fault | None,
        **timing: Any,
    ) -> None:
        path = environ.get("PATH_INFO", "/")
        secret = path.startswith(self.house.secret_paths)
        dropped = environ.get("simulator.drop") == "before"
        entry = Entry(
            side=self.house.side,
            method=environ["REQUEST_METHOD"],
            path=path,
            query="" if secret else environ.get("QUERY_STRING", ""),
            request_headers=without_secrets(headers_of(environ)),
            request_body="" if secret else body.decode("utf-8", "replace"),
            status=0 if dropped else int(answer.status[:3]),
            response_bytes=len(answer.body),
            tenant=self.house.tenant_of(environ),
            fault=fault.kind if fault else "",
            **timing,
        )
        self.world.log.add(entry)


def headers_of(environ: Mapping[str, Any]) -> dict[str, str]:
    """The request headers of a WSGI environ, in their usual spelling."""
    found = {
        key[5:].replace("_", "-").title(): str(value)
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        found["Content-Type"] = str(environ["CONTENT_TYPE"])
    return found


def run(
    app: WSGIApplication, environ: WSGIEnvironment, lock: AbstractContextManager[Any]
) -> Answer:
    """Run a WSGI application under a lock and keep its whole answer."""
    caught: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
        del exc
        caught.append((status, headers))
        return lambda _data: None

    with lock:
        parts = app(environ, start)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
    status, headers = caught[-1]
    return Answer(status=status, headers=headers, body=body)
