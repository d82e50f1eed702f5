"""Codecs of single values: texts, phones, addresses, numbers, dates, choices, states."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from backend.core.codec import Codec, Fragment, Reader
from backend.core.errors import Refused
from backend.core.money import half_up
from backend.core.paths import getter
from backend.core.scalars import (
    to_boolean,
    to_date,
    to_decimal,
    to_text,
    utf16_length,
)
from backend.core.spec import Facts, Field, Raw, Side, Value


def path_of(field: Field, side: Side) -> str:
    """Where ``field`` lives on ``side``; KeyError when it has no such place."""
    path = field.path(side)
    if path is None:
        raise KeyError(f"{field.name} lives nowhere on {side.value}")
    return path


def reads(convert: Callable[[Any, str], Value]) -> Callable[[Field, Side], Reader]:
    """A reader factory for codecs whose value is one wire value, converted."""

    def reader(field: Field, side: Side) -> Reader:
        at, name = getter(path_of(field, side)), field.name
        return lambda raw, _facts: convert(at(raw), name)

    return reader


def cleared(side: Side) -> str | None:
    """How a field is emptied: Xero wants an empty text, Zoho a null."""
    return "" if side is Side.XERO else None


def fitting(value: str, field: Field, side: Side) -> str:
    """``value`` unchanged, or ``Refused`` when ``side`` could only keep a part of it."""
    limit = field.length(side)
    if limit is not None and utf16_length(value) > limit:
        params = {"field": field.name, "limit": str(limit), "length": str(utf16_length(value))}
        raise Refused("text_too_long", params)
    return value


def _equal(a: Value, b: Value) -> bool:
    return a == b


def plain_text(raw: Any, _name: str) -> Value:
    """A wire value as text, trimmed; empty is None."""
    return to_text(raw)


def write_text(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    """A text as ``side`` takes it; ``Refused`` (``text_too_long``) rather than cut short."""
    text = to_text(value)
    wire = cleared(side) if text is None else fitting(text, field, side)
    return {path_of(field, side): wire}


def same_text(a: Value, b: Value) -> bool:
    """Equal, where an empty text and none are the same."""
    return a == b or (a or None) == (b or None)


TEXT = Codec(reader=reads(plain_text), write=write_text, same=same_text)


def _same_email(a: Value, b: Value) -> bool:
    return a == b or str(a or "").casefold() == str(b or "").casefold()


EMAIL = Codec(reader=reads(plain_text), write=write_text, same=_same_email)


def _number(places: int) -> Codec:
    """Compares and writes ``places`` decimals; an emptied number is a null in Zoho, 0 in Xero."""

    def write(
        value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
    ) -> Fragment:
        number = to_decimal(value, field.name)
        if number is None:
            return {path_of(field, side): Decimal(0) if side is Side.XERO else None}
        return {path_of(field, side): half_up(number, places)}

    def same(a: Value, b: Value) -> bool:
        if a == b:
            return True
        if not isinstance(a, Decimal) or not isinstance(b, Decimal):
            return False
        return half_up(a, places) == half_up(b, places)

    return Codec(reader=reads(to_decimal), write=write, same=same)


MONEY = _number(2)
PRICE = _number(4)
QUANTITY = _number(4)


def _date_reader(field: Field, side: Side) -> Reader:
    """Xero gives each date twice; the text form needs no time zone and is preferred."""
    path, name = path_of(field, side), field.name
    if side is Side.ZOHO:
        return reads(to_date)(field, side)
    path = path.removesuffix("String")
    ticks, text = getter(path), getter(path + "String")
    return lambda raw, _facts: to_date(text(raw) or ticks(raw), name)


def _write_date(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    path = path_of(field, side)
    if side is Side.XERO:
        path = path.removesuffix("String")
    wire = cleared(side) if value is None or value == "" else str(value)
    return {path: wire}


DATE = Codec(reader=_date_reader, write=_write_date, same=_equal)


def _write_boolean(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    return {path_of(field, side): bool(to_boolean(value, field.name))}


def _same_boolean(a: Value, b: Value) -> bool:
    return bool(a) == bool(b)


BOOLEAN = Codec(reader=reads(to_boolean), write=_write_boolean, same=_same_boolean)


def _full_name_reader(field: Field, side: Side) -> Reader:
    """A person's name: CRM shows it as one field but keeps it as two, which are what is read."""
    if side is Side.XERO:
        return TEXT.reader(field, side)

    def read(raw: Raw, _facts: Facts) -> Value:
        names = (to_text(raw.get(name)) for name in ("First_Name", "Last_Name"))
        return " ".join(each for each in names if each) or None

    return read


FULL_NAME = Codec(
    reader=_full_name_reader, write=write_text, same=same_text, rests_with_field=False
)
