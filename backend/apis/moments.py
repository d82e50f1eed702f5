"""Times as the two systems write them, read into aware UTC and written in the form each takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Xero: "/Date(1439434356790)/" or with an offset; the offset says nothing, the number is UTC
# (developer.xero.com/documentation/api/accounting/requests-and-responses).
_MILLISECONDS = re.compile(r"\A\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/\Z")
# Xero's /connections writes seven fraction digits, which fromisoformat refuses.
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: object) -> datetime | None:
    """The UTC time in a field, None when it holds none. Without an offset it is taken for UTC."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        found = _MILLISECONDS.match(text)
        if found:
            return _EPOCH + timedelta(milliseconds=int(found[1]))
        at = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def date_header(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock from the `Date` header, None when it is absent or unreadable."""
    text = headers.get("date", "")
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds from the `Retry-After` header (a number or a date), None when it says nothing."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    at = date_header({"date": text}) if text else None
    return max(0.0, (at - now).total_seconds()) if at else None


def utc_second(at: datetime) -> str:
    """`2026-01-31T10:00:00Z`: to the second, which is as fine as Xero and Zoho filter."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset_second(at: datetime) -> str:
    """`2026-01-31T10:00:00+00:00`: the form Zoho documents for its headers and date-times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
