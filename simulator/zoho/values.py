"""Whether a value fits a field, by the rules of Zoho CRM API v8 "Insert Records".

Unknown and read-only keys are ignored without a word, as Zoho does. Picklist values are stored
whatever they are (only `Currency` has to be one of the organisation's).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from simulator.zoho.errors import RowError, invalid_data
from simulator.zoho.fields import FieldSpec
from simulator.zoho.wire import parse_date, parse_time

EMAIL = re.compile(r"^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$")
PHONE = re.compile(r"^\+?[0-9A-Za-z()\-. ;/+]{0,29}$")
INTEGER_LIMIT = 10**9
WHOLE_DIGITS = 16
BIG_DIGITS = 18


def _wrong_type(spec: FieldSpec, path: str) -> RowError:
    return invalid_data(path, spec.api_name, expected_data_type=spec.data_type)


def _text(spec: FieldSpec, value: Any, path: str) -> str | None:
    if not isinstance(value, str):
        raise _wrong_type(spec, path)
    if len(value) > spec.length:
        raise invalid_data(path, spec.api_name, maximum_length=spec.length)
    return value or None


def _matching(pattern: re.Pattern[str]) -> Callable[[FieldSpec, Any, str], Any]:
    def check(spec: FieldSpec, value: Any, path: str) -> str | None:
        text = _text(spec, value, path)
        if text is not None and not pattern.match(text):
            raise _wrong_type(spec, path)
        return text

    return check


def _boolean(spec: FieldSpec, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type(spec, path)
    return value


def _integer(spec: FieldSpec, value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(spec, path)
    if abs(value) >= INTEGER_LIMIT:
        raise invalid_data(path, spec.api_name, maximum_length=spec.length)
    return value


def _bigint(spec: FieldSpec, value: Any, path: str) -> str:
    text = str(value)
    if isinstance(value, bool) or not text.lstrip("-").isdigit():
        raise _wrong_type(spec, path)
    if len(text) > BIG_DIGITS:
        raise invalid_data(path, spec.api_name, maximum_length=BIG_DIGITS)
    return text


def decimal_of(value: Any) -> Decimal | None:
    """A finite number as Decimal, or None when the value is no JSON number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(spec: FieldSpec, value: Any, path: str) -> Decimal:
    number = decimal_of(value)
    if number is None:
        raise _wrong_type(spec, path)
    if abs(number) >= Decimal(10) ** WHOLE_DIGITS:
        raise invalid_data(path, spec.api_name, maximum_length=spec.length)
    places = spec.places if spec.places is not None else 2
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _date(spec: FieldSpec, value: Any, path: str) -> str:
    if not isinstance(value, str) or parse_date(value) is None:
        raise _wrong_type(spec, path)
    return value


def _datetime(spec: FieldSpec, value: Any, path: str) -> Any:
    at = parse_time(value) if isinstance(value, str) else None
    if at is None:
        raise _wrong_type(spec, path)
    return at.replace(microsecond=0)


def _choices(spec: FieldSpec, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong_type(spec, path)
    return list(value)


def _object(spec: FieldSpec, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong_type(spec, path)
    return dict(value)


CHECKS: dict[str, Callable[[FieldSpec, Any, str], Any]] = {
    "text": _text,
    "textarea": _text,
    "picklist": _text,
    "website": _text,
    "autonumber": _text,
    "email": _matching(EMAIL),
    "phone": _matching(PHONE),
    "boolean": _boolean,
    "integer": _integer,
    "bigint": _bigint,
    "currency": _number,
    "double": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "multiselectpicklist": _choices,
    "event_reminder": _object,
}


def lookup_id(spec: FieldSpec, value: Any, path: str) -> str:
    """The id inside a lookup value: `{"id": "..."}` or the id alone."""
    found = value.get("id") if isinstance(value, dict) else value
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).isdigit():
        raise invalid_data(path, spec.api_name, expected_data_type="jsonobject")
    return str(found)


def checked(spec: FieldSpec, value: Any, path: str) -> Any:
    """The value as it is stored; RowError(INVALID_DATA) when it does not fit."""
    return CHECKS[spec.data_type](spec, value, path)
