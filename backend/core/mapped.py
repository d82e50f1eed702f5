"""Codecs of rows an administrator adds: numbers of any precision, flags, several choices, moments,
payment terms; and what every written value is held against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from backend.core.codec import Codec, Fragment, Reader
from backend.core.errors import NotConfigured, Refused
from backend.core.paths import getter
from backend.core.plain import cleared, path_of, reads, same_text, write_text
from backend.core.scalars import to_date, to_decimal, to_text, unreadable
from backend.core.spec import Facts, Field, Raw, Side, Value

# --- numbers -----------------------------------------------------------------------------------


def _write_number(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    """``Refused`` (``too_many_decimals``) rather than rounded: a rounded figure is another one."""
    number = to_decimal(value, field.name)
    if number is None:
        return {path_of(field, side): Decimal(0) if side is Side.XERO else None}
    places = field.places.get(side)
    if places is not None and number != round(number, places):
        params = {"field": field.name, "value": f"{number.normalize():f}", "limit": str(places)}
        raise Refused("too_many_decimals", params)
    wire = number if places is None else round(number, places)
    return {path_of(field, side): int(wire) if places == 0 else wire}


def _same_number(a: Value, b: Value) -> bool:
    """Equal figures; an emptied number and zero are the same, because Xero knows no empty one."""
    return (a or Decimal(0)) == (b or Decimal(0))


NUMBER = Codec(reader=reads(to_decimal), write=_write_number, same=_same_number)


# --- true and false, in words where a side has no such type ------------------------------------

_TRUE, _FALSE = "true", "false"


def _words(field: Field) -> Mapping[str, bool]:
    """CRM's or Xero's words and what they mean: ``value_map``, else true and false themselves."""
    said = {word: meant for word, meant in field.value_map.items() if meant in {_TRUE, _FALSE}}
    return {word: meant == _TRUE for word, meant in said.items()} or {_TRUE: True, _FALSE: False}


def _flag_reader(field: Field, side: Side) -> Reader:
    at, words, name = getter(path_of(field, side)), _words(field), field.name
    truly = field.kinds.get(side) == "boolean"

    def read(raw: Raw, _facts: Facts) -> Value:
        held = at(raw)
        text = to_text(held)
        if truly or text is None:
            return None if text is None else text == _TRUE
        if text not in words:
            raise unreadable(name, held)
        return words[text]

    return read


def _write_flag(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    if field.kinds.get(side) == "boolean":
        return {path_of(field, side): bool(value)}
    word = None
    if value is not None:
        word = next((each for each, meant in _words(field).items() if meant is bool(value)), None)
    return write_text(word, side, field, facts, current)


FLAG = Codec(reader=_flag_reader, write=_write_flag, same=lambda a, b: bool(a) == bool(b))


# --- several choices at once -------------------------------------------------------------------

SEPARATOR = ";"
"""CRM's own exports write several choices so; no choice holds it."""


def _entries(text: Value) -> list[str]:
    return [each.strip() for each in str(text or "").split(SEPARATOR) if each.strip()]


def _choices_reader(field: Field, side: Side) -> Reader:
    at, words = getter(path_of(field, side)), field.value_map

    def read_zoho(raw: Raw, _facts: Facts) -> Value:
        held = at(raw)
        listed = held if isinstance(held, (list, tuple)) else _entries(to_text(held))
        texts = filter(None, (to_text(each) for each in listed))
        return f"{SEPARATOR} ".join(words.get(each, each) for each in texts) or None

    if side is Side.ZOHO:
        return read_zoho
    return lambda raw, _facts: f"{SEPARATOR} ".join(_entries(to_text(at(raw)))) or None


def _write_choices(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    if side is Side.XERO:
        return write_text(value, side, field, facts, current)
    back = {meant: word for word, meant in reversed(list(field.value_map.items()))}
    return {path_of(field, side): [back.get(each, each) for each in _entries(value)]}


CHOICES = Codec(
    reader=_choices_reader,
    write=_write_choices,
    same=lambda a, b: sorted(_entries(a)) == sorted(_entries(b)),
)


# --- moments -----------------------------------------------------------------------------------

_TICKS = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")


def _moment(raw: Any, name: str) -> Value:
    """A moment as ISO text in UTC, to the second, as both systems keep it."""
    text = to_text(raw)
    if text is None:
        return None
    found = _TICKS.fullmatch(text)
    try:
        if found:
            at = datetime.fromtimestamp(int(found[1]) // 1000, UTC)
        else:
            at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise unreadable(name, raw) from error
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _write_moment(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    return {path_of(field, side): cleared(side) if value is None else str(value)}


MOMENT = Codec(reader=reads(_moment), write=_write_moment, same=same_text)


# --- shown as text, one way --------------------------------------------------------------------


def _spelled(raw: Any, kind: str | None, name: str) -> Value:
    if kind == "datetime":
        return _moment(raw, name)
    if kind == "date":
        day = to_date(raw, name)
        return None if day is None else day.isoformat()
    if kind == "number":
        number = to_decimal(raw, name)
        return None if number is None else f"{number.normalize():f}"
    return to_text(raw)


def _shown_reader(field: Field, side: Side) -> Reader:
    """A date, number or name as the text that stands for it on the other side."""
    path, kind, name = path_of(field, side), field.kinds.get(side), field.name
    at = getter(path)
    text = getter(path + "String") if side is Side.XERO and kind == "date" else at
    return lambda raw, _facts: _spelled(text(raw) or at(raw), kind, name)


SHOWN = Codec(reader=_shown_reader, write=write_text, same=same_text)


# --- payment terms -----------------------------------------------------------------------------

TERM_TYPES = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)
"""Xero-OpenAPI: PaymentTermType."""
_TERM = re.compile(r"(\d{1,3}) ([A-Z]+)")


def is_term(text: str) -> bool:
    """Whether ``text`` says payment terms as they travel: ``30 DAYSAFTERBILLDATE``."""
    found = _TERM.fullmatch(text)
    return found is not None and found[2] in TERM_TYPES


def _terms_reader(field: Field, side: Side) -> Reader:
    """The common term is Xero's day and type; ``value_map`` leads from CRM's words to it."""
    at, words = getter(path_of(field, side)), field.value_map

    def read_zoho(raw: Raw, _facts: Facts) -> Value:
        text = to_text(at(raw))
        return text if text is None else words.get(text, text)

    def read_xero(raw: Raw, _facts: Facts) -> Value:
        held = at(raw)
        if not isinstance(held, Mapping) or held.get("Day") is None:
            return None
        return f"{held['Day']} {held.get('Type') or TERM_TYPES[0]}"

    return read_zoho if side is Side.ZOHO else read_xero


def _write_terms(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    text = to_text(value)
    if side is Side.ZOHO:
        word = next((each for each, meant in field.value_map.items() if meant == text), text)
        return write_text(word, side, field, facts, current)
    if text is None:
        return {}
    if not is_term(text):
        raise NotConfigured("choice_unknown", {"field": field.name, "value": text, "side": "xero"})
    day, _, kind = text.partition(" ")
    return {path_of(field, side): {"Day": int(day), "Type": kind}}


TERMS = Codec(reader=_terms_reader, write=_write_terms, same=same_text)


# --- what is written is held against what the field takes --------------------------------------


def check_choices(row: Field, side: Side, wires: Iterable[object]) -> None:
    """Refuse a word the other side's field does not list: CRM would store it without a murmur.

    ``NotConfigured`` (``choice_unknown``), because the list or the value map is what lacks it.
    """
    known = row.choices.get(side)
    if not known:
        return
    for wire in wires:
        for each in wire if isinstance(wire, list) else [wire]:
            if isinstance(each, str) and each and each not in known:
                params = {"field": row.name, "value": each[:80], "side": side.value}
                raise NotConfigured("choice_unknown", params)


def constant(row: Field) -> Reader:
    """A reader that says the row's fixed value, whatever the record."""
    value = row.fixed
    return lambda _raw, _facts: value


def fixed_value(text: str, kind: str) -> Value:
    """A constant as the value a field of ``kind`` holds; ``Refused`` when it is none."""
    if kind == "number":
        return to_decimal(text, "fixed")
    if kind == "boolean":
        if text not in {_TRUE, _FALSE}:
            raise unreadable("fixed", text)
        return text == _TRUE
    if kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise unreadable("fixed", text) from error
    return text
