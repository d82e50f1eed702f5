"""JSON without floats: fractions are read as Decimal and written as plain digits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

DEEPEST_EXPONENT = 40
"""No amount of either system needs more; `1E+999999999` would fill the memory when written out."""


class Garbled(ValueError):
    """The bytes are not JSON that can be worked with. The message holds no contents."""


def parse_json(body: bytes) -> Any:
    """The value of a JSON text; `Garbled` for HTML, cut texts, NaN, absurd numbers or nesting."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Garbled(f"not JSON: {type(error).__name__}, {len(body)} bytes") from error


def parse_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in `body`, empty when the text is anything else."""
    try:
        value = parse_json(body)
    except Garbled:
        return {}
    return value if isinstance(value, dict) else {}


def to_json(value: object) -> bytes:
    """UTF-8 JSON; Decimal becomes plain digits without exponent, dates become ISO texts.

    TypeError for a float (money is Decimal) and for anything JSON has no word for, ValueError for
    a Decimal that is no number.
    """
    return _written(value).encode()


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > DEEPEST_EXPONENT:
        raise ValueError("a number out of all proportion")
    return number


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        members = (f"{_text(_key(key))}:{_written(member)}" for key, member in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(member) for member in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, date | datetime):
        return _text(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no place in a request")


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a Decimal that is no number")
    return format(value, "f")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("a name in a request must be text")
    return key


def _text(text: str) -> str:
    # Half a surrogate pair has no UTF-8; JSON's own escape carries it unchanged.
    halved = any("\ud800" <= letter <= "\udfff" for letter in text) if not text.isascii() else False
    return json.dumps(text, ensure_ascii=halved)
