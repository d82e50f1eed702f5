"""How often one caller may ask: counted per minute, shared through Redis, generous to people.

Webhooks are only limited where no vendor's traffic reaches; whoever signs wrongly is told 401 like
everybody else. Without Redis each process counts by itself.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import redis
from flask import Flask, Response, request
from werkzeug.datastructures import Headers

from backend.web.bearer import session_of_bearer
from backend.web.context import bridge
from backend.web.problems import Problem

WINDOW = 60
AWAY_SECONDS = 10.0

LIMITS: dict[str, int] = {"sign_in": 300, "api": 1200, "costly": 120, "webhook": 30_000}
"""Requests a minute: sign-in and webhooks per address, the API per session."""
COSTLY = ("/api/log.csv", "/api/configuration", "/api/xero/", "/api/audit")
"""Beginnings of addresses that read much, or ask a vendor while somebody waits."""
COSTLY_WORDS = ("preview", "undo", "check", "scope", "retry")
"""Last words of addresses that make work, when they are posted to."""


@dataclass
class Local:
    """One process's own counters, used while Redis is away."""

    window: int = 0
    away_until: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str, window: int) -> int:
        """One more for ``key`` in this window; how many there are."""
        with self.lock:
            if window != self.window:
                self.window = window
                self.counts.clear()
            self.counts[key] += 1
            return self.counts[key]


def install(app: Flask) -> None:
    """Refuse who asks too often, before anything else is done for them."""
    local = Local()

    @app.before_request
    def check() -> Response | None:
        kind = kind_of(request.method, request.path)
        if kind is None:
            return None
        now = bridge().now().timestamp()
        window = int(now // WINDOW)
        key = f"limit:{kind}:{_who(kind)}:{window}"
        if _count(key, window, local) <= LIMITS[kind]:
            return None
        wait = {"Retry-After": str(max(1, int((window + 1) * WINDOW - now)))}
        if kind == "webhook":
            return Response(status=429, headers=wait)
        raise Problem(429, "too_many_requests", {"seconds": wait["Retry-After"]}, headers=wait)


def kind_of(method: str, path: str) -> str | None:
    """Which limit an address falls under; None for pages, files and probes."""
    if method == "OPTIONS":
        return None
    if path.startswith("/webhooks/"):
        return "webhook"
    if path.startswith("/auth/"):
        return "sign_in"
    if not path.startswith("/api/"):
        return None
    posted = method != "GET" and path.rstrip("/").rpartition("/")[2] in COSTLY_WORDS
    return "costly" if posted or path.startswith(COSTLY) else "api"


def _who(kind: str) -> str:
    session = session_of_bearer() if kind in ("api", "costly") else None
    return session or f"from:{address(request.remote_addr, request.headers)}"


def address(peer: str | None, headers: Headers | Mapping[str, str]) -> str:
    """Where a request comes from. Only a proxy of our own network may speak for somebody else,
    and only the last address it names is its own observation."""
    try:
        near = ipaddress.ip_address(peer or "").is_private
    except ValueError:
        near = True
    told = headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return (told if near and told else peer or "unknown")[:64]


def _count(key: str, window: int, local: Local) -> int:
    connection = bridge().sync.redis
    if connection is not None and time.monotonic() >= local.away_until:
        try:
            with connection.pipeline(transaction=False) as pipe:
                pipe.incr(key)
                pipe.expire(key, 2 * WINDOW)
                return int(pipe.execute()[0])
        except redis.RedisError:
            # Each failure may have cost a timeout: leave Redis alone for a moment.
            local.away_until = time.monotonic() + AWAY_SECONDS
    return local.count(key, window)
