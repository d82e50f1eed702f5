"""The state of a money document, where only some states of one side mean something on the other.

``facts.status_map`` (else the row's ``value_map``) leads from Xero's state to CRM's word. A state
or word that is not in it says nothing and never travels, so an unmapped *Delivered* in CRM does
not disturb an invoice awaiting payment. The common term is CRM's word.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.codec import Codec, Fragment, Reader
from backend.core.paths import get, getter
from backend.core.plain import path_of, same_text
from backend.core.scalars import to_text
from backend.core.spec import Facts, Field, Raw, Side, Value

WITHDRAWN = ("DELETED", "VOIDED")
UNAPPROVED = ("DRAFT", "SUBMITTED")
"""A draft is deleted, an approved invoice voided (developer.xero.com: invoices, status codes)."""


def words_of(field: Field, facts: Facts) -> Mapping[str, str]:
    """Xero state to CRM word as it is in force."""
    return facts.status_map or field.value_map


def _reader(field: Field, side: Side) -> Reader:
    at = getter(path_of(field, side))

    def read_zoho(raw: Raw, facts: Facts) -> Value:
        word = to_text(at(raw))
        return word if word in words_of(field, facts).values() else None

    def read_xero(raw: Raw, facts: Facts) -> Value:
        words, state = words_of(field, facts), to_text(at(raw)) or ""
        return words.get(state) or (words.get("AUTHORISED") if state == "PAID" else None)

    return read_zoho if side is Side.ZOHO else read_xero


def _write(value: Value, side: Side, field: Field, facts: Facts, current: Raw | None) -> Fragment:
    if value is None:
        return {}
    if side is Side.ZOHO:
        return {path_of(field, side): value}
    path = path_of(field, side)
    held = to_text(get(current or {}, path)) or ""
    states = [state for state, word in words_of(field, facts).items() if word == value]
    # Xero sets PAID itself, once nothing is due.
    if held in states or not set(states) - {"PAID"}:
        return {}
    return {path: _next_state(held, states)}


def _next_state(held: str, states: list[str]) -> str:
    standing = [state for state in states if state not in (*WITHDRAWN, "PAID")]
    if standing:
        return standing[0]
    return "DELETED" if held in UNAPPROVED else "VOIDED"


def _paid_reader(_field: Field, side: Side) -> Reader:
    """Whether a document counts as paid: by CRM's word for it, by Xero's own state."""
    if side is Side.XERO:
        return lambda raw, _facts: raw.get("Status") == "PAID"
    return lambda raw, facts: str(raw.get("Status") or "").casefold() == facts.paid_word.casefold()


def _write_nothing(
    _value: Value, _side: Side, _field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    """Neither side takes it: Xero wants a payment instead (``backend.core.paying``)."""
    return {}


MARKED_PAID = Codec(reader=_paid_reader, write=_write_nothing, same=lambda a, b: a == b)
DOCUMENT_STATUS = Codec(reader=_reader, write=_write, same=same_text)
