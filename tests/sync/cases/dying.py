"""A worker that dies in the middle of a call, as a pulled plug would end it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.apis.http import Answer, Request, Transport
from tests.sync.bridge import Bridge

LEASE_ENDS = 200
"""Seconds after which a dead worker's lease is free."""


class Died(BaseException):
    """The process is gone: nothing after this line of it ever runs."""


@dataclass
class Dying:
    """Carries requests until one matches, which still arrives (``after``) or no longer does."""

    transport: Transport
    match: str
    after: bool = True

    def send(self, request: Request) -> Answer:
        """The answer, unless the process dies of it."""
        hit = re.search(self.match, f"{request.method} {request.url}") is not None
        if hit and not self.after:
            raise Died
        answer = self.transport.send(request)
        if hit:
            raise Died
        return answer


def dies_at(bridge: Bridge, match: str, *, after: bool = True) -> None:
    """Let the worker work, and die at the first request that matches."""
    alive = bridge.sync.transport
    bridge.sync.transport = Dying(alive, match, after=after)
    try:
        bridge.drain()
    except Died:
        return
    finally:
        bridge.sync.transport = alive
    raise AssertionError(f"no request matched {match}")
