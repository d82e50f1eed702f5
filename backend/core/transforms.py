"""Simple typed steps between both sides' values, each with its way back where there is one.

A row's steps lead from the side it comes from (``Field.source``) to the other side, and values are
compared as the other side holds them. Writing back to the source undoes the steps; a value that no
source value leads to exactly is refused, never bent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.codec import Reader
from backend.core.errors import Message, Refused
from backend.core.money import half_up
from backend.core.paths import getter
from backend.core.scalars import to_date, to_decimal, to_text, utf16_length
from backend.core.spec import Facts, Field, Raw, Side, Transform, Value

OPS = ("join", "split", "trim", "upper", "lower", "prefix", "date_shift", "scale")
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "join": ("fields", "separator"),
    "split": ("separator", "part"),
    "trim": ("length",),
    "upper": (),
    "lower": (),
    "prefix": ("text",),
    "date_shift": ("days",),
    "scale": ("factor",),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "join": ("fields",),
    "split": ("separator", "part"),
    "prefix": ("text",),
    "date_shift": ("days",),
    "scale": ("factor",),
}
KINDS: Mapping[str, str] = {"date_shift": "date", "scale": "number"}
"""What a step works on; every other one works on texts."""

LONGEST_TEXT = 255
MOST_DAYS = 36_500
MOST_PART = 20
MOST_STEPS = 8
MOST_FIELDS = 8
MOST_DIGITS = 12


# --- what an administrator wrote ---------------------------------------------------------------


def complaint(given: Mapping[str, Any]) -> Message | None:
    """What is wrong with one step as it was written, None when it can be made."""
    op = given.get("op")
    if op not in OPS:
        return Message("transform_unknown", {"op": str(op)[:40]})
    for name in NEEDED.get(str(op), ()):
        if given.get(name) is None:
            return Message("transform_needs", {"op": str(op), "argument": name})
    for name, value in given.items():
        if name == "op":
            continue
        if name not in ARGUMENTS[str(op)] or not _FITS[name](value):
            return Message("transform_argument", {"op": str(op), "argument": str(name)[:40]})
    return None


def made(given: Sequence[Mapping[str, Any]]) -> tuple[Transform, ...]:
    """The steps as values; they have no ``complaint``."""
    return tuple(_made(each) for each in given)


def _made(given: Mapping[str, Any]) -> Transform:
    values = {name: value for name, value in given.items() if value is not None}
    if "fields" in values:
        values["fields"] = tuple(values["fields"])
    if "factor" in values:
        values["factor"] = Decimal(str(values["factor"]))
    return Transform(**values)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < utf16_length(value) <= LONGEST_TEXT


def _is_separator(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _is_whole(most: int, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < abs(value) <= most


def _is_length(value: object) -> bool:
    return value is None or (_is_whole(65_535, value) and int(str(value)) > 0)


def _is_factor(value: object) -> bool:
    """A number other than zero and one, of at most twelve digits before and after the point."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return False
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    if not number.is_finite() or number in {0, 1}:
        return False
    exponent = number.as_tuple().exponent
    return abs(number.adjusted()) < MOST_DIGITS and isinstance(exponent, int) and exponent > -9


def _are_fields(value: object) -> bool:
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= MOST_FIELDS:
        return False
    return all(isinstance(each, str) and 0 < len(each) <= LONGEST_TEXT for each in value)


_FITS: Mapping[str, Callable[[object], bool]] = {
    "fields": _are_fields,
    "separator": _is_separator,
    "part": lambda value: _is_whole(MOST_PART, value),
    "length": _is_length,
    "text": _is_text,
    "days": lambda value: _is_whole(MOST_DAYS, value),
    "factor": _is_factor,
}


def returns(step: Transform) -> bool:
    """Whether a step can be undone."""
    return step.op in {"prefix", "date_shift", "scale"} or (step.op == "trim" and not step.length)


def sources(row: Field, side: Side) -> tuple[str, ...]:
    """Further fields of ``side`` the row reads besides its own."""
    if side is not row.source:
        return ()
    return tuple(name for step in row.transform for name in step.fields)


# --- forth and back ----------------------------------------------------------------------------


def forth(steps: Sequence[Transform], value: Value, name: str) -> Value:
    """What the other side is to hold for the source's ``value``; nothing stays nothing.

    ``Refused`` when the value is of another kind than the steps work on.
    """
    for step in steps:
        if value is None:
            return None
        value = _FORTH[step.op](step, value, name)
    return value


def back(steps: Sequence[Transform], value: Value, name: str) -> Value:
    """The source value that leads to ``value``; ``Refused`` (``no_way_back``) without one."""
    for step in reversed(steps):
        if value is None:
            return None
        if not returns(step):
            raise _no_way_back(name, value)
        value = _BACK[step.op](step, value, name) if step.op in _BACK else value
    return value


def _no_way_back(name: str, value: Value) -> Refused:
    return Refused("no_way_back", {"field": name, "value": str(value)[:80]})


def _text(value: Value) -> str:
    return to_text(value) or ""


def _joined(_step: Transform, value: Value, _name: str) -> Value:
    """The parts are put together by the reader; here they are one text already."""
    return value


def _split(step: Transform, value: Value, _name: str) -> Value:
    words = [each.strip() for each in _text(value).split(step.separator or None)]
    place = step.part - 1 if step.part > 0 else len(words) + step.part
    return words[place] or None if 0 <= place < len(words) else None


def _trimmed(step: Transform, value: Value, _name: str) -> Value:
    text = _text(value)
    while step.length is not None and utf16_length(text) > step.length:
        text = text[:-1]
    return text.strip() or None


def _shifted(days: int, value: Value, name: str) -> Value:
    day = value if isinstance(value, date) else to_date(value, name)
    if day is None:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise _no_way_back(name, value) from error


def _scaled(step: Transform, value: Value, name: str) -> Value:
    number = to_decimal(value, name)
    return None if number is None else number * step.factor


def _unscaled(step: Transform, value: Value, name: str) -> Value:
    number = to_decimal(value, name)
    if number is None:
        return None
    try:
        found = half_up(number / step.factor, 9)
    except InvalidOperation as error:
        raise _no_way_back(name, value) from error
    if found * step.factor != number:
        raise _no_way_back(name, value)
    return found


def _unprefixed(step: Transform, value: Value, name: str) -> Value:
    text = _text(value)
    if not text.startswith(step.text) or text == step.text:
        raise _no_way_back(name, value)
    rest = text.removeprefix(step.text)
    if step.text + rest.strip() != text:
        raise _no_way_back(name, value)
    return rest


_FORTH: Mapping[str, Callable[[Transform, Value, str], Value]] = {
    "join": _joined,
    "split": _split,
    "trim": _trimmed,
    "upper": lambda _step, value, _name: _text(value).upper() or None,
    "lower": lambda _step, value, _name: _text(value).lower() or None,
    "prefix": lambda step, value, _name: to_text(step.text + _text(value)),
    "date_shift": lambda step, value, name: _shifted(step.days, value, name),
    "scale": _scaled,
}
_BACK: Mapping[str, Callable[[Transform, Value, str], Value]] = {
    "prefix": _unprefixed,
    "date_shift": lambda step, value, name: _shifted(-step.days, value, name),
    "scale": _unscaled,
}


# --- in the way of a codec ---------------------------------------------------------------------


def reading(row: Field, side: Side, reader: Reader) -> Reader:
    """``reader`` with the row's steps behind it where the row comes from."""
    if not row.transform or side is not row.source:
        return reader
    steps, name = row.transform, row.name
    if steps[0].op == "join":
        reader = _joining(row, side, steps[0])

    def read(raw: Raw, facts: Facts) -> Value:
        return forth(steps, reader(raw, facts), name)

    return read


def _joining(row: Field, side: Side, step: Transform) -> Reader:
    ways = [getter(path) for path in (row.path(side), *step.fields) if path]

    def read(raw: Raw, _facts: Facts) -> Value:
        parts = filter(None, (to_text(way(raw)) for way in ways))
        return step.separator.join(parts) or None

    return read


def unwound(row: Field, side: Side, value: Value) -> Value:
    """What to write on ``side`` so that it reads as ``value``; ``Refused`` when nothing does."""
    if not row.transform or side is not row.source:
        return value
    return back(row.transform, value, row.name)
