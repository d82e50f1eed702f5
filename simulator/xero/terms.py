"""Payment terms: from a document's date to its due date (Xero's PaymentTermType)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any


def due_date(day: date, terms: Mapping[str, Any]) -> date:
    """When a document of this day is due."""
    count, kind = int(terms.get("Day", 0)), terms.get("Type", "DAYSAFTERBILLDATE")
    if kind == "DAYSAFTERBILLDATE":
        return day + timedelta(days=count)
    if kind == "DAYSAFTERBILLMONTH":
        return _in_month(day, 0, 31) + timedelta(days=count)
    return _in_month(day, 1 if kind == "OFFOLLOWINGMONTH" else 0, count)


def _in_month(day: date, later: int, wanted: int) -> date:
    month = day.month - 1 + later
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(max(1, wanted), calendar.monthrange(year, month)[1]))
