"""One time for all workers: the database's.

Leases, waits and timers are written by one process and judged by another; a worker whose clock is
five minutes ahead would take a live lease and hold it five minutes too long. SQLite is on the
machine of its processes, whose clock they share already.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, NullPool, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from backend.store.columns import utcnow

log = logging.getLogger(__name__)

ASKED_EVERY = 60.0
"""Seconds in which no machine's steady clock drifts by anything that matters."""


def clock_of(engine: Engine) -> Callable[[], datetime]:
    """What all processes on this database call now."""
    return utcnow if engine.dialect.name == "sqlite" else DatabaseClock(engine)


class DatabaseClock:
    """The database's time, asked once a minute and counted on from there by a steady clock.

    While the database does not answer, the last answer is counted on; before any, the machine's
    own time stands in, and the database is asked again at the next call.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        wall: Callable[[], datetime] = utcnow,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        # A connection of its own: those of the pool may all be held by callers that wait for this.
        self._engine = create_engine(engine.url, poolclass=NullPool)
        self._wall, self._steady = wall, steady
        self._told: tuple[datetime, float] | None = None
        self._asking = threading.Lock()

    def __call__(self) -> datetime:
        """Now, aware."""
        if self._told is None or self._steady() - self._told[1] >= ASKED_EVERY:
            self._ask()
        if self._told is None:
            return self._wall()
        at, then = self._told
        return at + timedelta(seconds=self._steady() - then)

    def _ask(self) -> None:
        # Whoever comes while another thread asks counts on from the last answer.
        if not self._asking.acquire(blocking=self._told is None):
            return
        try:
            self._told = self._answer()
        except SQLAlchemyError as error:
            log.warning("database_clock_unknown", extra={"error": type(error).__name__})
        finally:
            self._asking.release()

    def _answer(self) -> tuple[datetime, float]:
        """The database's time and the steady moment in the middle of asking."""
        with self._engine.connect() as connection:
            began = self._steady()
            at = connection.execute(select(func.clock_timestamp())).scalar_one()
            return at.astimezone(UTC), (began + self._steady()) / 2
