"""Time as Zoho writes it: one-second resolution in the connected user's offset from UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone


def offset_of(hours: float) -> timezone:
    """A fixed offset from UTC."""
    return timezone(timedelta(hours=hours))


def stamp(at: datetime, zone: timezone) -> str:
    """`yyyy-MM-ddTHH:mm:ss+HH:mm`: one-second resolution in the connected user's offset."""
    return at.astimezone(zone).replace(microsecond=0).isoformat()


def parse_time(text: str) -> datetime | None:
    """An aware UTC time from ISO 8601 with an offset, or None when it is not one."""
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def parse_date(text: str) -> date | None:
    """A `yyyy-MM-dd` date, or None."""
    try:
        return date.fromisoformat(text) if len(text) == len("yyyy-MM-dd") else None
    except ValueError:
        return None
