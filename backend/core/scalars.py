"""Raw wire scalars made plain: texts, numbers, dates, and the errors when they are neither."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.errors import Refused

_DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 80
_CONTROLS = {each: None for each in (*range(32), 127) if chr(each) not in "\t\n"}
_MOST_DIGITS = 12
"""Whole digits a number may have: Xero's largest amount has ten, and sums must stay exact."""


def unreadable(field: str, raw: Any) -> Refused:
    """The refusal of a value that is not what its field should hold."""
    return Refused("unreadable", {"field": field, "value": str(raw)[:_SHOWN]})


def to_text(raw: Any) -> str | None:
    """``raw`` as text: NFC, outer spaces off, line ends as LF, "" as None.

    A lookup reads as its name, a multi-select as its entries. Control characters and lone
    surrogates, which no system stores, are dropped and replaced.
    """
    if raw is None:
        return None
    if not isinstance(raw, str):
        raw = _spelled(raw)
    if raw.isascii() and raw.isprintable():
        return raw.strip() or None
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not raw.isprintable():
        raw = raw.translate(_CONTROLS)
    if not raw.isascii():
        raw = unicodedata.normalize("NFC", _storable(raw))
    return raw.strip() or None


def _spelled(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Mapping):
        return to_text(raw.get("name")) or ""
    if isinstance(raw, (list, tuple)):
        return ", ".join(filter(None, map(to_text, raw)))
    return str(raw)


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def utf16_length(text: str) -> int:
    """The length both systems count: UTF-16 units, so an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_decimal(raw: Any, field: str = "") -> Decimal | None:
    """``raw`` as a finite Decimal of at most twelve whole digits, None when empty.

    ``Refused`` for anything else.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, (Decimal, int, str)):
        raise unreadable(field, raw)
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(raw)
    except InvalidOperation as error:
        raise unreadable(field, raw) from error
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:
        raise unreadable(field, raw)
    return number


def to_date(raw: Any, field: str = "") -> date | None:
    """A calendar date from ``2026-04-24``, ``2026-04-24T00:00:00`` or ``/Date(ms+zzzz)/``.

    ``Refused`` for anything else. Xero's Date and DueDate are midnight UTC of the calendar date,
    whatever offset is printed behind them; other moments count in the offset they carry.
    """
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise unreadable(field, raw)
    try:
        return _ticks(raw[6:-2]) if raw.startswith("/Date(") else date.fromisoformat(raw[:10])
    except (ValueError, OverflowError) as error:
        raise unreadable(field, raw) from error


def _ticks(text: str) -> date:
    cut = max(text.rfind("+"), text.rfind("-"))
    offset, text = (text[cut:], text[:cut]) if cut > 0 else ("", text)
    milliseconds = int(text)
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    if offset and milliseconds % _DAY_MS:
        minutes = int(offset[1:3]) * 60 + int(offset[3:5])
        shift = timedelta(minutes=minutes if offset[0] == "+" else -minutes)
        return moment.astimezone(timezone(shift)).date()
    return moment.date()


def to_boolean(raw: Any, field: str = "") -> bool | None:
    """A truth value from a JSON boolean or its spelling; ``Refused`` for anything else."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in {"true", "false"}:
        return raw.lower() == "true"
    raise unreadable(field, raw)
