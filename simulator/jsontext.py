"""JSON with exact decimals both ways: numbers never pass through binary floating point."""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import Any

# The C encoder knows no Decimal. It prints a marked text instead, and the marks are taken off
# afterwards; the mark is drawn per process, so no data of a caller can carry it.
_MARK = secrets.token_hex(12)
_MARKED = re.compile(rf'"{_MARK}(-?[0-9.]+)"')


def _marked(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"{_MARK}{value:f}"
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(document: Any) -> str:
    """JSON text; Decimal keeps every digit. TypeError for what JSON does not know."""
    return _MARKED.sub(r"\1", json.dumps(document, default=_marked, ensure_ascii=False))


def loads(text: str | bytes) -> Any:
    """Parse JSON with every fraction as Decimal; ValueError when it is none, or is NaN."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
