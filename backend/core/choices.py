"""Codecs of picklists, record states and addresses in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from backend.core.codec import Codec, Fragment, Reader
from backend.core.parts import holder
from backend.core.paths import get, getter
from backend.core.plain import path_of, same_text, write_text
from backend.core.scalars import to_text
from backend.core.spec import Facts, Field, Raw, Side, Value


def _choice_reader(field: Field, side: Side) -> Reader:
    """The common term of a choice is Xero's word; ``value_map`` leads from CRM's words to it."""
    at = getter(path_of(field, side))
    if side is Side.XERO:
        return lambda raw, _facts: to_text(at(raw))
    words = field.value_map

    def read(raw: Raw, _facts: Facts) -> Value:
        text = to_text(at(raw))
        return text if text is None else words.get(text, text)

    return read


def _write_choice(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    text = to_text(value)
    if side is Side.ZOHO and text is not None:
        text = _word_for(
            text, field.value_map, held=to_text(get(current or {}, path_of(field, side)))
        )
    return write_text(text, side, field, facts, current)


def _word_for(term: str, words: Mapping[str, str], *, held: str | None) -> str:
    """CRM's word for ``term``: the one it already uses, else the first that means it."""
    meaning = [word for word, meant in words.items() if meant == term]
    return held if held in meaning else next(iter(meaning), term)


CHOICE = Codec(reader=_choice_reader, write=_write_choice, same=same_text)


def _states(field: Field, facts: Facts) -> Mapping[str, str]:
    return facts.status_map or field.value_map


def _status_reader(field: Field, side: Side) -> Reader:
    """The common term of a state is CRM's word, because several Xero states share one there."""
    at = getter(path_of(field, side))
    if side is Side.ZOHO:
        return lambda raw, _facts: to_text(at(raw))

    def read(raw: Raw, facts: Facts) -> Value:
        text = to_text(at(raw))
        return text if text is None else _states(field, facts).get(text, text)

    return read


def _write_status(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    """Xero keeps its state while that already means ``value``; a new record gets the set-up one."""
    if side is Side.ZOHO:
        return write_text(value, side, field, facts, current)
    states = _states(field, facts)
    held = to_text(get(current or {}, path_of(field, side)))
    wanted = held if current is not None else facts.invoice_status
    if wanted is not None and states.get(wanted, wanted) == value:
        return {path_of(field, side): wanted}
    state = next((state for state, word in states.items() if word == value), to_text(value))
    return {path_of(field, side): state}


STATUS = Codec(reader=_status_reader, write=_write_status, same=same_text)


def _readable_reader(field: Field, side: Side) -> Reader:
    """A Xero state in words: ``PAID`` is ``Paid``, ``value_map`` first; shown in CRM only."""
    at = getter(path_of(field, side))
    if side is Side.ZOHO:
        return lambda raw, _facts: to_text(at(raw))
    words = field.value_map

    def read(raw: Raw, _facts: Facts) -> Value:
        text = to_text(at(raw))
        return text if text is None else words.get(text, text.replace("_", " ").capitalize())

    return read


READABLE = Codec(reader=_readable_reader, write=write_text, same=same_text)


def _url_reader(field: Field, side: Side) -> Reader:
    """Where the row comes from, the address is built from the id at its path; elsewhere read.

    The template (``value_map["template"]``) knows ``{id}``, ``{short_code}`` and ``{crm_url}``.
    """
    at = getter(path_of(field, side))
    template = field.value_map.get("template", "")
    if not template or not field.flow.reaches(side.other):
        return lambda raw, _facts: to_text(at(raw))

    def read(raw: Raw, facts: Facts) -> Value:
        key = to_text(at(raw))
        return key if key is None else _address_of(template, key, facts)

    return read


def _address_of(template: str, key: str, facts: Facts) -> str:
    code = quote(facts.short_code, safe="")
    parts = {"id": quote(holder(key), safe=""), "short_code": code, "crm_url": facts.crm_url}
    for name, part in parts.items():
        template = template.replace("{" + name + "}", part)
    return template


URL = Codec(reader=_url_reader, write=write_text, same=same_text)
