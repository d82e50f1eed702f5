"""What happened on the wire: counted for the metrics, logged with the vendor's number, and that
number kept for the log row of the record it was about."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from backend.apis.http import Exchange
from backend.core.spec import Side

log = logging.getLogger(__name__)

_local = threading.local()
_lock = threading.Lock()
_calls: Counter[tuple[str, str]] = Counter()


def happened(exchange: Exchange) -> None:
    """Take note of one exchange with a vendor."""
    side = str(exchange.side) if exchange.side is not None else "other"
    if exchange.request_id:
        _numbers()[side] = exchange.request_id
    with _lock:
        _calls[side, _class_of(exchange.status)] += 1
    log.info(
        "call",
        extra={
            "side": side,
            "method": exchange.method,
            "path": exchange.path,
            "status": exchange.status,
            "milliseconds": round(exchange.seconds * 1000),
            "remote_request": exchange.request_id,
        },
    )


def last_number(side: Side | str) -> str | None:
    """The number the vendor gave the newest call of this thread, cut to what is kept."""
    found = _numbers().get(str(side))
    return found[:80] if found else None


def calls() -> dict[tuple[str, str], int]:
    """Calls of this process by side and class of answer."""
    with _lock:
        return dict(_calls)


def _numbers() -> dict[str, str]:
    found: dict[str, str] | None = getattr(_local, "numbers", None)
    if found is None:
        found = _local.numbers = {}
    return found


def _class_of(status: int | None) -> str:
    if status is None:
        return "none"
    return "429" if status == 429 else f"{status // 100}xx"
