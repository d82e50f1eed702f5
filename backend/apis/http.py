"""Requests and answers as values, and the one transport that puts them on a wire.

Only `Transient` leaves `send`: everything a server said is an `Answer`, whatever its status.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, NewConnectionError
from urllib3.util import Retry

from backend.core.errors import Transient
from backend.core.spec import Side

TIMEOUT = (3.05, 30.0)
"""Seconds to connect and seconds between two bytes of an answer."""
LONGEST_ANSWER = 64 * 1024 * 1024
LONGEST_WAIT = 120.0
"""Seconds a whole answer may take, however slowly it drips."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One HTTP request. `params` keep their order; `side` only labels the exchange."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: tuple[float, float] = TIMEOUT
    side: Side | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back. Header names are found in any case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What is worth noting of one call; no query, header or body, so no secret and no name."""

    side: Side | None
    method: str
    path: str
    status: int | None
    sent_bytes: int
    received_bytes: int
    seconds: float
    request_id: str | None


class Transport(Protocol):
    """Whatever carries a request to a server and brings its answer back."""

    def send(self, request: Request) -> Answer:
        """The server's answer; `Transient` when there is none."""


def headers_of(pairs: Mapping[str, str]) -> Mapping[str, str]:
    """The same headers, found whatever the case of the name asked for."""
    return CaseInsensitiveDict(pairs)


class RequestsTransport:
    """Carries requests over `requests`: one session per thread and process, no hidden re-sending.

    Only an attempt to connect is repeated, and a read of a GET once, because a kept connection
    may have died unnoticed. Redirects are not followed, cookies and .netrc are ignored, so a
    token goes to the host it was meant for only. `adapters` replace the network in tests.
    """

    def __init__(
        self,
        adapters: Mapping[str, BaseAdapter] | None = None,
        *,
        on_exchange: Callable[[Exchange], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapters = dict(adapters or {})
        self._on_exchange = on_exchange
        self._clock = clock
        self._local = threading.local()
        self._lock = threading.Lock()
        self.calls = 0

    def send(self, request: Request) -> Answer:
        """The answer to one request; `Transient` says in `sent` whether it may have arrived."""
        with self._lock:
            self.calls += 1
        started = self._clock()
        answer: Answer | None = None
        try:
            answer = self._exchange(request, started)
        except requests.RequestException as error:
            raise Transient("remote_unavailable", words=_kind(error), sent=_sent(error)) from error
        finally:
            self._tell(request, answer, self._clock() - started)
        return answer

    def _exchange(self, request: Request, started: float) -> Answer:
        with self._session().request(
            request.method,
            request.url,
            params=list(request.params) or None,
            data=request.body,
            headers=dict(request.headers),
            timeout=request.timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = self._body(response, started)
            return Answer(status=response.status_code, headers=response.headers, body=body)

    def _body(self, response: requests.Response, started: float) -> bytes:
        parts = bytearray()
        for part in response.iter_content(64 * 1024):
            parts += part
            if len(parts) > LONGEST_ANSWER:
                raise Transient("remote_garbled", words="the answer is too long")
            if self._clock() - started > LONGEST_WAIT:
                raise Transient("remote_unavailable", words="the answer takes too long")
        return bytes(parts)

    def _session(self) -> requests.Session:
        # A session must not cross a fork or a thread: its connections would be shared.
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None or self._local.pid != os.getpid():
            session = self._new_session()
            self._local.session, self._local.pid = session, os.getpid()
        return session

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # An `auth` of our own keeps requests from putting .netrc over the Authorization header.
        session.auth = _as_it_is
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        retry = Retry(
            total=2, connect=2, read=1, redirect=0, status=0, other=0,
            allowed_methods={"GET"}, backoff_factor=0.1, respect_retry_after_header=False,
        )  # fmt: skip
        for prefix in ("http://", "https://"):
            session.mount(prefix, HTTPAdapter(max_retries=retry, pool_maxsize=4))
        for prefix, adapter in self._adapters.items():
            session.mount(prefix, adapter)
        return session

    def _tell(self, request: Request, answer: Answer | None, seconds: float) -> None:
        if self._on_exchange is None:
            return
        headers = answer.headers if answer else {}
        self._on_exchange(
            Exchange(
                side=request.side,
                method=request.method,
                path=urlsplit(request.url).path,
                status=answer.status if answer else None,
                sent_bytes=len(request.body or b""),
                received_bytes=len(answer.body) if answer else 0,
                seconds=seconds,
                request_id=headers.get("xero-correlation-id") or headers.get("x-request-id"),
            )
        )


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


def _kind(error: requests.RequestException) -> str:
    # The text of a requests error holds the URL with its query: only its kind may be told.
    return type(error).__name__


def _sent(error: requests.RequestException) -> bool:
    """False only when the connection was never there, so that nothing can have been processed."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return False
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return not isinstance(reason, NewConnectionError)
