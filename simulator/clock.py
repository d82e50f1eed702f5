"""The one clock of a simulated world: everything that expires or is stamped reads it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time that never goes backwards and that a test may move or stop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The present moment; never earlier than an answer given before."""
        with self._lock:
            at = self._frozen if self._frozen is not None else datetime.now(UTC) + self._offset
            self._last = max(self._last, at)
            return self._last

    def advance(self, seconds: float) -> None:
        """Move time forward by this many seconds; ValueError when negative."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        with self._lock:
            step = timedelta(seconds=seconds)
            if self._frozen is not None:
                self._frozen += step
            else:
                self._offset += step

    def freeze(self, at: datetime | None) -> None:
        """Stop the clock at an aware moment, or let it run again from where it stands (None)."""
        if at is not None and at.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        with self._lock:
            if at is None and self._frozen is not None:
                self._offset = self._frozen - datetime.now(UTC)
            self._frozen = at.astimezone(UTC) if at is not None else None
