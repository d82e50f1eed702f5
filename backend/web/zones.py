"""In which time zone the reader's days begin."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import request

from backend.web.problems import Problem

LONGEST_ZONE = 64


def reader_zone() -> tzinfo:
    """The ``zone`` parameter, UTC without one; Problem 400 for a zone nobody knows."""
    given = request.args.get("zone", "")
    if not given or given == "UTC":
        return UTC
    try:
        return ZoneInfo(given[:LONGEST_ZONE])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Problem(400, "bad_request") from None
