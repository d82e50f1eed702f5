"""Xero's spellings: dates, envelopes, and XML for callers that do not ask for JSON."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.sax.saxutils import escape

CENT = Decimal("0.01")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")


def cents(value: Decimal) -> Decimal:
    """Half up to two places, as Xero rounds (developer.xero.com, rounding in Xero)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def places(value: Decimal, count: int) -> Decimal:
    """Half up to `count` places."""
    return value.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def moment(at: datetime) -> str:
    """A date-time in Xero's .NET spelling."""
    return f"/Date({milliseconds(at)}+0000)/"


def midnight(day: date) -> str:
    """A calendar date as midnight UTC in the .NET spelling."""
    return moment(datetime(day.year, day.month, day.day, tzinfo=UTC))


def day_string(day: date) -> str:
    """The readable twin of a calendar date."""
    return f"{day.isoformat()}T00:00:00"


def moment_string(at: datetime) -> str:
    """The readable twin of a date-time, with Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def parse_day(text: str) -> date:
    """A date as callers may write it: ISO date or date-time, or the .NET spelling. ValueError."""
    found = MS_DATE.match(text)
    if found:
        return (EPOCH + timedelta(milliseconds=int(found[1]))).date()
    return date.fromisoformat(text[:10]) if len(text) == 10 else _date_time(text).date()


def _date_time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def parse_moment(text: str) -> datetime:
    """If-Modified-Since: ISO without zone (UTC), with zone, or an HTTP date. ValueError."""
    try:
        return _date_time(text).astimezone(UTC)
    except ValueError:
        return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)


def envelope(now: datetime, provider: str, content: dict[str, Any]) -> dict[str, Any]:
    """The four fields around every answer, which Xero's OpenAPI file does not mention."""
    return {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": provider,
        "DateTimeUTC": f"/Date({milliseconds(now)})/",
        **content,
    }


def xml(name: str, value: Any) -> str:
    """A minimal XML form of an answer, for requests without `Accept: application/json`."""
    if isinstance(value, dict):
        inner = "".join(xml(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(xml(name.rstrip("s") or "Item", item) for item in value)
    elif isinstance(value, bool):
        inner = str(value).lower()
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{name}>{inner}</{name}>"
