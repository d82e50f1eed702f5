"""Carries requests straight into WSGI applications: the same bytes as HTTP, without sockets."""

from __future__ import annotations

import io
from collections.abc import Mapping
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class _CookieSource:
    """The part of an http.client answer that `requests` reads cookies from."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        """The body is in memory, so nothing is open."""
        return True

    def close(self) -> None:
        """Nothing to close."""


class WSGITransport(BaseAdapter):
    """A `requests` adapter: origin (scheme and host) -> WSGI application.

    Mount it on "http://" and "https://". Simulated resets, cut bodies and slow answers arrive as
    the exceptions a socket would raise; nothing sleeps. Unknown origins raise ConnectionError.
    """

    def __init__(self, apps: Mapping[str, WSGIApplication]) -> None:
        super().__init__()
        self.apps = {origin.rstrip("/"): app for origin, app in apps.items()}

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Answer one prepared request; what concerns sockets alone is ignored."""
        del verify, cert, proxies
        parts = urlsplit(request.url or "")
        app = self.apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise requests.ConnectionError(f"nobody answers at {parts.netloc}", request=request)
        environ = environ_of(request)
        status, headers, body = _call(app, environ)
        _raise_if_dropped(environ, request, timeout)
        return self._response(request, status, headers, body, stream=stream)

    def close(self) -> None:
        """Nothing is held open."""

    def _response(
        self,
        request: requests.PreparedRequest,
        status: str,
        headers: list[tuple[str, str]],
        body: bytes,
        *,
        stream: bool,
    ) -> requests.Response:
        code, _, reason = status.partition(" ")
        raw = HTTPResponse(
            body=io.BytesIO(body),
            headers=HTTPHeaderDict(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
            request_method=request.method,
            original_response=_CookieSource(headers),  # type: ignore[arg-type]
        )
        response = requests.adapters.HTTPAdapter().build_response(request, raw)
        if not stream:
            _ = response.content
        return response


def environ_of(request: requests.PreparedRequest) -> WSGIEnvironment:
    """The WSGI environ of a prepared request."""
    parts = urlsplit(request.url or "")
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else body
    if not isinstance(data, bytes):
        raise TypeError("only bodies in memory are carried")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(data)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": parts.netloc,
    }
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = text
    return environ


def _call(
    app: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], bytes]:
    caught: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
        del exc
        caught.append((status, headers))
        return lambda _data: None

    parts = app(environ, start)
    body = b"".join(parts)
    close = getattr(parts, "close", None)
    if close is not None:
        close()
    return *caught[-1], body


def _raise_if_dropped(
    environ: WSGIEnvironment, request: requests.PreparedRequest, timeout: Any
) -> None:
    drop = environ.get("simulator.drop")
    if drop in {"before", "after"}:
        raise requests.ConnectionError("connection reset by peer", request=request)
    if drop == "truncated":
        raise requests.exceptions.ChunkedEncodingError("connection broken", request=request)
    patience = timeout[1] if isinstance(timeout, tuple) else timeout
    slow = environ.get("simulator.slow", 0.0)
    if patience is not None and slow > patience:
        raise requests.ReadTimeout(f"no answer within {patience} s", request=request)
