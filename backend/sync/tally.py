"""Counting every call to a system at the one place all of them pass: on their way to the wire."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.apis.http import Answer, Request, Transport
from backend.core.spec import Side

Counts = Mapping[tuple[str, str], tuple[int, int]]
"""(organisation, side) to calls and bytes received."""


@dataclass(kw_only=True)
class Tally:
    """What this process has called and not written down yet; shared by its threads."""

    _held: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, counts: Counts) -> None:
        """Count these on top."""
        with self._lock:
            for key, (calls, received) in counts.items():
                held = self._held.get(key, (0, 0))
                self._held[key] = (held[0] + calls, held[1] + received)

    def take(self) -> Counts:
        """What has come together; it is the caller's to write down now."""
        with self._lock:
            held, self._held = self._held, {}
        return held

    def take_for(self, org_id: str) -> Counts:
        """The same, when it turns out whom it was for only after the calls."""
        return {(org_id, side): counts for (_, side), counts in self.take().items()}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A transport that counts what goes through it for one organisation and side."""

    transport: Transport
    tally: Tally
    org_id: str
    side: Side

    def send(self, request: Request) -> Answer:
        """The server's answer; a call that got none is one all the same."""
        received = 0
        try:
            answer = self.transport.send(request)
            received = len(answer.body)
        finally:
            self.tally.add({(self.org_id, self.side.value): (1, received)})
        return answer
