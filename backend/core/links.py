"""Codecs whose value depends on other records or on the organisations: links and currencies."""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.codec import Codec, Fragment, Reader
from backend.core.errors import NeedsPartner, NotConfigured
from backend.core.paths import getter
from backend.core.plain import TEXT
from backend.core.scalars import to_text
from backend.core.spec import Facts, Field, Raw, Side, Value

UNLINKED = "xero:"
"""Prefix of a Xero id (or item code) whose CRM partner is not known yet."""


def _same(a: Value, b: Value) -> bool:
    return a == b or (a or None) == (b or None)


def _link_reader(field: Field, side: Side) -> Reader:
    at, target = getter(field.path(side) or ""), field.target or ""

    def read_zoho(raw: Raw, _facts: Facts) -> Value:
        held = at(raw)
        return to_text(held.get("id") if isinstance(held, Mapping) else held)

    def read_xero(raw: Raw, facts: Facts) -> Value:
        held = to_text(at(raw))
        if held is None:
            return None
        return facts.links.get((target, Side.XERO, held)) or UNLINKED + held

    return read_zoho if side is Side.ZOHO else read_xero


def _write_link(
    value: Value, side: Side, field: Field, facts: Facts, _current: Raw | None
) -> Fragment:
    """Only the id is sent, never the other keys of a stub: Xero would take a name for a rename."""
    key = to_text(value)
    if side is Side.ZOHO:
        path = (field.zoho or "").removesuffix(".id")
        return {path: None if key is None else {"id": _crm_id(key, field, facts)}}
    path, _, last = (field.xero or "").rpartition(".")
    return {path: {last: "" if key is None else _xero_id(key, field, facts)}}


def _crm_id(key: str, field: Field, facts: Facts) -> str:
    if not key.startswith(UNLINKED):
        return key
    guid, target = key.removeprefix(UNLINKED), field.target or ""
    partner = facts.links.get((target, Side.XERO, guid))
    if partner is None:
        raise NeedsPartner(target, Side.XERO, id=guid)
    return partner


def _xero_id(key: str, field: Field, facts: Facts) -> str:
    if key.startswith(UNLINKED):
        return key.removeprefix(UNLINKED)
    target = field.target or ""
    partner = facts.links.get((target, Side.ZOHO, key))
    if partner is None:
        raise NeedsPartner(target, Side.ZOHO, id=key)
    return partner


LINK = Codec(reader=_link_reader, write=_write_link, same=_same)


def _currency_reader(field: Field, side: Side) -> Reader:
    at = getter(field.path(side) or "")
    if side is Side.XERO:
        return lambda raw, facts: to_text(at(raw)) or facts.base_currency or None

    def read(raw: Raw, facts: Facts) -> Value:
        held = to_text(at(raw)) if facts.multi_currency else None
        return held or facts.zoho_currency or None

    return read


def _write_currency(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    code = to_text(value)
    if side is Side.XERO:
        _check_enabled(code, facts)
        return TEXT.write(code, side, field, facts, current)
    if facts.multi_currency:
        return TEXT.write(code, side, field, facts, current)
    if code not in {None, facts.zoho_currency}:
        raise NotConfigured("currency_not_in_crm", {"code": str(code)})
    return {}


def _check_enabled(code: str | None, facts: Facts) -> None:
    if code and facts.currencies and code not in facts.currencies | {facts.base_currency}:
        raise NotConfigured("currency_not_enabled", {"code": code})


CURRENCY = Codec(reader=_currency_reader, write=_write_currency, same=_same, rests_with_field=False)
