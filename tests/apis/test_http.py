"""The transport over real sockets: what was sent, what may have arrived, what must never happen."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backend.apis import http
from backend.apis.http import Exchange, Request, RequestsTransport
from backend.core.errors import Transient
from backend.core.spec import Side

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Request-Id: r1\r\n\r\nhi"


@dataclass
class Server:
    """Answers each connection with what the test wrote down; None closes without a word."""

    answers: list[bytes | None]
    received: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen on a port of this machine."""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        for told in self.answers:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with closing(connection):
                self.received.append(connection.recv(65536))
                if told is not None:
                    connection.sendall(told)

    def close(self) -> None:
        """Stop listening."""
        self.listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Makes servers and closes them."""
    made: list[Server] = []

    def start(*answers: bytes | None) -> Server:
        made.append(Server(list(answers)))
        return made[-1]

    yield start
    for one in made:
        one.close()


def send(
    server: Server,
    method: str = "GET",
    *,
    wait: float = 5.0,
    body: bytes | None = None,
    **more: str,
) -> http.Answer:
    """One request with a transport of its own."""
    request = Request(
        method=method, url=f"{server.url}/path", headers=more, body=body, timeout=(1.0, wait)
    )
    return RequestsTransport().send(request)


def test_an_answer_is_status_headers_and_bytes(serve: Callable[..., Server]) -> None:
    server = serve(OK)
    seen: list[Exchange] = []
    transport = RequestsTransport(on_exchange=seen.append)
    request = Request(
        method="POST",
        url=f"{server.url}/a%20b",
        params=(("q", "geheim"), ("q", "x y")),
        body=b"geheim",
        side=Side.XERO,
    )
    told = transport.send(request)
    assert (told.status, told.body, told.headers["x-REQUEST-id"]) == (200, b"hi", "r1")
    assert server.received[0].startswith(b"POST /a%20b?q=geheim&q=x+y HTTP/1.1")
    (exchange,) = seen
    assert (
        exchange.side,
        exchange.status,
        exchange.path,
        exchange.sent_bytes,
        exchange.received_bytes,
        exchange.request_id,
    ) == (Side.XERO, 200, "/a%20b", 6, 2, "r1")
    assert "geheim" not in str(exchange)
    assert transport.calls == 1


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_write_whose_answer_is_lost_is_never_sent_twice(
    serve: Callable[..., Server], method: str
) -> None:
    server = serve(None, OK)
    with pytest.raises(Transient) as caught:
        send(server, method, body=b"{}")
    assert caught.value.sent
    assert len(server.received) == 1


def test_a_read_over_a_dead_connection_is_tried_once_more(serve: Callable[..., Server]) -> None:
    server = serve(None, OK)
    assert send(server).status == 200


def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Transient) as caught:
        RequestsTransport().send(
            Request(method="PUT", url=f"http://127.0.0.1:{port}/x?secret=1", body=b"{}")
        )
    assert not caught.value.sent
    assert "secret" not in f"{caught.value} {caught.value.words}"


@pytest.mark.parametrize("status", [b"429 Too Many", b"503 Unavailable", b"500 Oops"])
def test_no_refusal_is_retried_or_slept_on(serve: Callable[..., Server], status: bytes) -> None:
    server = serve(b"HTTP/1.1 " + status + b"\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n", OK)
    assert send(server).status == int(status[:3])
    assert len(server.received) == 1


def test_a_redirect_is_shown_and_not_followed(serve: Callable[..., Server]) -> None:
    elsewhere = serve(OK)
    server = serve(
        f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert send(server, Authorization="Bearer t").status == 302
    assert elsewhere.received == []


def test_a_silent_server_times_out(serve: Callable[..., Server]) -> None:
    server = serve()
    with pytest.raises(Transient) as caught:
        send(server, "PUT", wait=0.2, body=b"{}")
    assert caught.value.sent


@pytest.mark.parametrize(
    "told",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc",
        b"not http at all\r\n\r\n",
    ],
)
def test_a_broken_answer_is_transient(serve: Callable[..., Server], told: bytes) -> None:
    with pytest.raises(Transient) as caught:
        send(serve(told), "PUT", body=b"{}")
    assert caught.value.sent


def test_an_endless_answer_is_cut_off(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LONGEST_ANSWER", 100)
    with pytest.raises(Transient) as caught:
        send(serve(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000))
    assert caught.value.message.key == "remote_garbled"


def test_a_dripping_answer_is_cut_off(serve: Callable[..., Server]) -> None:
    ticks = iter(range(0, 10_000, 100))
    transport = RequestsTransport(clock=lambda: float(next(ticks)))
    body = b"x" * 200_000
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + body)
    with pytest.raises(Transient) as caught:
        transport.send(Request(method="GET", url=server.url))
    assert caught.value.message.key == "remote_unavailable"


def test_cookies_are_not_kept_and_netrc_is_not_read(
    serve: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hidden\n")
    monkeypatch.setenv("NETRC", str(netrc))
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    server = serve(cookie, OK)
    transport = RequestsTransport()
    for _ in range(2):
        transport.send(Request(method="GET", url=server.url, headers={"Authorization": "Bearer t"}))
    assert b"Authorization: Bearer t" in server.received[0]
    assert b"Cookie" not in server.received[1]


def test_every_thread_has_connections_of_its_own() -> None:
    transport, seen = RequestsTransport(), []
    threads = [threading.Thread(target=lambda: seen.append(transport._session())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own = transport._session()
    assert len({id(one) for one in [*seen, own]}) == 4
    assert transport._session() is own
    transport._local.pid = -1
    assert transport._session() is not own
