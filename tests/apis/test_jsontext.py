"""JSON in and out without a float."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.apis.jsontext import Garbled, parse_json, parse_object, to_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4
    )
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_reads_back(value: object) -> None:
    assert parse_json(to_json(value)) == value


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1.50", b"1.50"),
        ("1E+3", b"1000"),
        ("1E-7", b"0.0000001"),
        ("-0.00", b"-0.00"),
        ("12345678901234.5678", b"12345678901234.5678"),
    ],
)
def test_decimals_are_written_digit_by_digit(number: str, written: bytes) -> None:
    assert to_json(Decimal(number)) == written


def test_fractions_are_read_as_decimals_and_integers_stay_exact() -> None:
    found = parse_json(b'{"a": 89.00, "b": 1234567890123456789, "c": 1e2}')
    assert found == {"a": Decimal("89.00"), "b": 1234567890123456789, "c": Decimal(100)}
    assert str(found["a"]) == "89.00"


def test_dates_go_out_as_iso_texts() -> None:
    assert to_json({"d": date(2026, 1, 31)}) == b'{"d":"2026-01-31"}'


@pytest.mark.parametrize("value", [0.1, {"a": [1.5]}, object(), {1: 2}, b"x", {"a": {1}}])
def test_floats_and_strangers_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_in_both_directions(value: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        to_json(Decimal(value))
    with pytest.raises(Garbled):
        parse_json(value.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502</body></html>",
        b'{"Invoices": [{"Total": 1.0',
        b'{"a": 1e999999999}',
        b'{"a": 1e-999999999}',
        b"[" * 200_000,
        b"9" * 10_000,
        b'{"a": "\xff\xfe"}',
        b"\x00\x01",
    ],
)
def test_garbled_bytes_are_named_without_their_contents(body: bytes) -> None:
    with pytest.raises(Garbled) as caught:
        parse_json(body)
    assert len(str(caught.value)) < 80
    assert parse_object(body) == {}


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert parse_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_half_a_surrogate_pair_travels_unchanged() -> None:
    text = parse_json(b'"x\\ud83d"')
    assert parse_json(to_json(text)) == text
    assert to_json("café 🍷 שלום").decode() == '"café 🍷 שלום"'


def test_anything_but_an_object_counts_as_empty() -> None:
    assert parse_object(b"[1]") == {}
