"""Faults a person can switch on: which requests they hit, how often, and what goes wrong."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong. The first group is answered by each side in its own words."""

    MINUTE_LIMIT = "minute_limit"
    DAY_LIMIT = "day_limit"
    CONCURRENT_LIMIT = "concurrent_limit"
    APP_LIMIT = "app_limit"
    CREDITS = "credits"
    CONCURRENCY = "concurrency"
    TOKEN_REVOKED = "token_revoked"
    LAGGING_SEARCH = "lagging_search"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    UNAVAILABLE_TEXT = "503_text"
    HTML = "html"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    SLOW = "slow"
    TRUNCATED = "truncated"


# These only make sense on the data APIs, so a sign-in or token request never uses one up.
API_KINDS = frozenset(
    {
        Kind.MINUTE_LIMIT,
        Kind.DAY_LIMIT,
        Kind.CONCURRENT_LIMIT,
        Kind.APP_LIMIT,
        Kind.CREDITS,
        Kind.CONCURRENCY,
        Kind.TOKEN_REVOKED,
        Kind.LAGGING_SEARCH,
    }
)
API_PATHS = ("/api.xro/", "/crm/")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault.

    `match` is searched in "METHOD /path"; `times` is how often it strikes (None: until cleared);
    `every` lets it strike each n-th matching request only; `seconds` is the delay of `slow`, the
    lag of `lagging_search` and the Retry-After of the limits (0: the vendor's usual value).
    """

    side: str
    kind: str
    match: str = ".*"
    times: int | None = 1
    every: int = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """ValueError (re.error included) when the fault makes no sense."""
        if self.side not in {"xero", "zoho"}:
            raise ValueError(f"unknown side {self.side!r}")
        Kind(self.kind)
        re.compile(self.match)
        if self.every < 1 or (self.times is not None and self.times < 1):
            raise ValueError("times and every start at 1")

    def covers(self, side: str, method: str, path: str) -> bool:
        """Whether this request is one the fault looks at."""
        if side != self.side or (self.kind in API_KINDS and not path.startswith(API_PATHS)):
            return False
        return re.search(self.match, f"{method} {path}") is not None


@dataclass
class _Armed:
    fault: Fault
    seen: int = 0
    struck: int = 0

    def strikes(self) -> bool:
        self.seen += 1
        if self.seen % self.fault.every:
            return False
        self.struck += 1
        return True

    def spent(self) -> bool:
        return self.fault.times is not None and self.struck >= self.fault.times


class Faults:
    """The faults that are armed; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[int, _Armed] = {}
        self._next = 1

    def add(self, fault: Fault) -> int:
        """Arm a fault and return its number."""
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._armed[number] = _Armed(fault)
            return number

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> dict[int, Fault]:
        """What is armed now, by number."""
        with self._lock:
            return {number: armed.fault for number, armed in self._armed.items()}

    def take(self, side: str, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, if any; it is counted as used."""
        with self._lock:
            for number, armed in list(self._armed.items()):
                if not armed.fault.covers(side, method, path) or not armed.strikes():
                    continue
                if armed.spent():
                    del self._armed[number]
                return armed.fault
        return None
