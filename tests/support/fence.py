"""No test may reach the internet: only this machine answers."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager


class OutsideWorld(AssertionError):
    """A test tried to reach a machine other than this one."""


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Refuse connections to, and names of, every other machine while inside."""
    connect, connect_ex, look_up = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def fenced_connect(self: socket.socket, address: object) -> None:
        refuse_foreign(address)
        return connect(self, address)

    def fenced_connect_ex(self: socket.socket, address: object) -> int:
        refuse_foreign(address)
        return connect_ex(self, address)

    def fenced_look_up(host: object, *rest: object, **more: object) -> object:
        refuse_foreign((host, 0))
        return look_up(host, *rest, **more)

    socket.socket.connect = fenced_connect
    socket.socket.connect_ex = fenced_connect_ex
    socket.getaddrinfo = fenced_look_up
    try:
        yield
    finally:
        socket.socket.connect = connect
        socket.socket.connect_ex = connect_ex
        socket.getaddrinfo = look_up


def refuse_foreign(address: object) -> None:
    """Raise OutsideWorld unless the address is a path, a loopback address or localhost."""
    if not isinstance(address, tuple):
        return
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host in {None, "", "localhost"}:
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise OutsideWorld(f"a test tried to reach {host!r}; only this machine is allowed")
