"""A worker's sign of life: a lease short enough for a quick takeover, renewed while it works.

A killed process takes its threads along, so its leases end by themselves within `LEASE_SECONDS`,
whatever its slowest call would have taken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

LEASE_SECONDS = 20.0
"""How long a lease outlives its worker."""
BEAT_SECONDS = 4.0
"""How often a live worker renews it; four beats may be missed."""


@contextmanager
def beating(renew: Callable[[], bool], *, every: float = BEAT_SECONDS) -> Iterator[None]:
    """Call ``renew`` every few seconds while the body runs, until it answers False.

    A beat the database refuses is tried again with the next one. Losing the lease is not told
    here: whoever works finds out at its next transaction, before it writes.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(renew, over, every), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(renew: Callable[[], bool], over: threading.Event, every: float) -> None:
    while not over.wait(every):
        try:
            if not renew():
                return
        except SQLAlchemyError as error:
            log.warning("heartbeat_missed", extra={"error": type(error).__name__})
