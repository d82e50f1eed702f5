"""Codecs of phones, streets and countries, which Xero keeps in parts."""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.codec import Codec, Fragment, Reader
from backend.core.errors import Refused
from backend.core.paths import getter
from backend.core.plain import TEXT, path_of, plain_text, reads, write_text
from backend.core.scalars import to_text, utf16_length
from backend.core.spec import Facts, Field, Raw, Side, Value

_PHONE_PARTS = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
_XERO_PHONE_LENGTH = 50


def _phone_element(field: Field) -> str:
    return path_of(field, Side.XERO).removesuffix(".PhoneNumber")


def _phone_reader(field: Field, side: Side) -> Reader:
    if side is Side.ZOHO:
        return TEXT.reader(field, side)
    at = getter(_phone_element(field))

    def read(raw: Raw, _facts: Facts) -> Value:
        element = at(raw)
        if not isinstance(element, Mapping):
            return to_text(element)
        return _joined_phone([to_text(element.get(part)) or "" for part in _PHONE_PARTS])

    return read


def _joined_phone(parts: list[str]) -> str | None:
    country, area, number = parts
    if country and country[0].isdigit():
        country = "+" + country
    return " ".join(filter(None, (country, area, number))) or None


def _write_phone(
    value: Value, side: Side, field: Field, _facts: Facts, _current: Raw | None
) -> Fragment:
    if side is Side.ZOHO:
        return write_text(value, side, field, _facts, _current)
    text = to_text(value) or ""
    if utf16_length(text) > _XERO_PHONE_LENGTH:
        length = str(utf16_length(text))
        params = {"field": field.name, "limit": str(_XERO_PHONE_LENGTH), "length": length}
        raise Refused("text_too_long", params)
    whole = {"PhoneNumber": text, "PhoneAreaCode": "", "PhoneCountryCode": ""}
    return {_phone_element(field): whole}


def phone_digits(text: str) -> str:
    """What makes two spellings one phone number; the text itself when it holds no digit.

    ``00`` and ``+`` are one prefix, and the ``(0)`` dialled only inside a country is left out.
    """
    digits = "".join(filter(str.isdigit, text.replace("(0)", "")))
    return digits.removeprefix("00") or text


def _same_phone(a: Value, b: Value) -> bool:
    return a == b or phone_digits(str(a or "")) == phone_digits(str(b or ""))


PHONE = Codec(reader=_phone_reader, write=_write_phone, same=_same_phone)


_ADDRESS_LINES = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4")
_XERO_LINE_LENGTH = 500


def _address(field: Field) -> str:
    return path_of(field, Side.XERO).rpartition(".AddressLine")[0] or path_of(field, Side.XERO)


def _street_reader(field: Field, side: Side) -> Reader:
    """CRM's one street field is Xero's four address lines, one text line each."""
    if side is Side.ZOHO:
        return TEXT.reader(field, side)
    at = getter(_address(field))

    def read(raw: Raw, _facts: Facts) -> Value:
        address = at(raw)
        if not isinstance(address, Mapping):
            return None
        return (
            "\n".join(filter(None, (to_text(address.get(key)) for key in _ADDRESS_LINES))) or None
        )

    return read


def _write_street(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    if side is Side.ZOHO:
        return write_text(value, side, field, facts, current)
    lines = [line.strip() for line in (to_text(value) or "").split("\n") if line.strip()]
    lines = [*lines[:3], ", ".join(lines[3:])]
    padded = [*lines, *[""] * (len(_ADDRESS_LINES) - len(lines))]
    for line in padded:
        if utf16_length(line) > _XERO_LINE_LENGTH:
            params = {"field": field.name, "limit": "500", "length": str(utf16_length(line))}
            raise Refused("text_too_long", params)
    return {_address(field): dict(zip(_ADDRESS_LINES, padded, strict=True))}


def _same_street(a: Value, b: Value) -> bool:
    return a == b or _street_words(a) == _street_words(b)


def _street_words(value: Value) -> list[str]:
    return str(value or "").replace(",", " ").split()


STREET = Codec(reader=_street_reader, write=_write_street, same=_same_street)


def country_letters(text: str) -> str:
    """``text`` as Xero takes a country: letters and single spaces (Xero-OpenAPI: Address)."""
    kept = "".join(each if each.isalpha() else " " if each in " -" else "" for each in text)
    return " ".join(kept.split())


def _write_country(
    value: Value, side: Side, field: Field, facts: Facts, current: Raw | None
) -> Fragment:
    text = to_text(value)
    if side is Side.XERO and text is not None:
        value = country_letters(text)
        if not value:
            raise Refused("country_without_letters", {"field": field.name, "value": text})
    return write_text(value, side, field, facts, current)


def _same_country(a: Value, b: Value) -> bool:
    return a == b or _country_key(a) == _country_key(b)


def _country_key(value: Value) -> str:
    return country_letters(str(value or "")).casefold()


COUNTRY = Codec(reader=reads(plain_text), write=_write_country, same=_same_country)
