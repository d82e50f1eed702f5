"""The simulators on real sockets, where a reset is a reset and slow is slow."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: the world keeps its own."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


class Wire:
    """Turns the signals of `simulator.door` into what a client sees on a socket."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or break off."""
        environ["simulator.sleep"] = time.sleep
        held: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
            held.append((status, headers, exc))
            return lambda _data: None

        body = b"".join(self.app(environ, start))
        drop = environ.get("simulator.drop")
        if drop in {"before", "after"}:
            _reset(environ["werkzeug.socket"])
            raise ConnectionResetError("simulated reset")
        status, headers, _exc = held[-1]
        if drop == "truncated":
            headers = [h for h in headers if h[0].lower() != "content-length"]
            headers.append(("Content-Length", str(len(body))))
            body = body[: len(body) // 2]
        start_response(status, headers)
        return [body]


def _reset(connection: socket.socket) -> None:
    """Close so that the client sees a reset instead of an orderly end."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


class Running:
    """A server in a thread of this process."""

    def __init__(self, server: BaseWSGIServer, host: str) -> None:
        self._server = server
        self.port: int = server.server_port
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and wait for the thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def serve(app: WSGIApplication, port: int = 0, *, host: str = "127.0.0.1") -> Running:
    """Serve a WSGI application; port 0 takes a free one. OSError when the port is taken."""
    server = make_server(host, port, Wire(app), threaded=True, request_handler=QuietHandler)
    return Running(server, "localhost" if host == "127.0.0.1" else host)
