"""Idempotency-Key: the same request with the same key gets the stored answer for six minutes.

Source: Xero's idempotency guide as quoted in its prompt library: POST, PUT and PATCH, at most 128
characters, six minutes from the first call, errors are stored too, a different request with the
same key is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.xero.errors import api_exception

LIFE = timedelta(minutes=6)
METHODS = frozenset({"POST", "PUT", "PATCH"})
LONGEST = 128


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An answer that is kept for its key."""

    request: str
    status: int
    body: str
    content_type: str
    until: datetime


class Idempotency:
    """Answers by key, for the one application."""

    def __init__(self) -> None:
        self._kept: dict[str, Stored] = {}

    def fingerprint(self, method: str, target: str, tenant: str, body: bytes) -> str:
        """What makes two requests the same."""
        head = f"{method} {target} {tenant}\n".encode()
        return hashlib.sha256(head + body).hexdigest()

    def find(self, key: str, request: str, now: datetime) -> Stored | None:
        """The stored answer; ApiError 400 when the key belongs to another request."""
        if len(key) > LONGEST:
            message = f"Idempotency Key: {key} is longer than {LONGEST} characters."
            raise api_exception("ValidationException", message)
        stored = self._kept.get(key)
        if stored is None or stored.until <= now:
            self._kept.pop(key, None)
            return None
        if stored.request != request:
            message = f"Idempotency Key: {key} is used with a different request."
            raise api_exception("ValidationException", message)
        return stored

    def keep(
        self, key: str, request: str, *, status: int, body: str, content_type: str, now: datetime
    ) -> None:
        """Store an answer and forget the ones that are over."""
        for old in [k for k, kept in self._kept.items() if kept.until <= now]:
            del self._kept[old]
        self._kept[key] = Stored(
            request=request,
            status=status,
            body=body,
            content_type=content_type,
            until=now + LIFE,
        )
