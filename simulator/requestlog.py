"""What was asked of the simulators: the proof of how many calls a piece of work costs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

KEPT = 50_000
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-xero-signature"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One request and its answer. `status` 0 means no answer left the building."""

    at: datetime
    side: str
    method: str
    path: str
    query: str
    request_headers: Mapping[str, str]
    request_body: str
    status: int
    response_bytes: int
    seconds: float
    tenant: str
    fault: str = ""
    number: int = 0


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers a log may hold."""
    return {k: v for k, v in headers.items() if k.lower() not in SECRET_HEADERS}


class RequestLog:
    """A ring of the newest entries; `number` grows by one with every request."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._ring: deque[Entry] = deque(maxlen=kept)
        self._numbers = 0
        self._counts: dict[str, int] = {}

    def add(self, entry: Entry) -> Entry:
        """Append one entry under the next number."""
        with self._lock:
            self._numbers += 1
            entry = replace(entry, number=self._numbers)
            self._counts[entry.side] = self._counts.get(entry.side, 0) + 1
            self._ring.append(entry)
            return entry

    def entries(self, side: str | None = None, since: int = 0) -> list[Entry]:
        """The kept entries with a number above `since`, oldest first."""
        with self._lock:
            return [e for e in self._ring if e.number > since and side in {None, e.side}]

    def count(self, side: str | None = None) -> int:
        """How many requests were ever made (to one side)."""
        with self._lock:
            return self._numbers if side is None else self._counts.get(side, 0)

    def last_number(self) -> int:
        """The number of the newest entry: pass it as `since` to see what comes after."""
        with self._lock:
            return self._numbers
