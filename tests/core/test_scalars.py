"""Hostile wire values become plain ones or are refused by name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import Refused
from backend.core.scalars import to_boolean, to_date, to_decimal, to_text, utf16_length


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, None),
        ("", None),
        ("  \t ", None),
        (" O'Neil & Co <b> ", "O'Neil & Co <b>"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("e\u0301", "\u00e9"),
        ("a\0b\x0bc\td\ne\x7f", "abc\td\ne"),
        ("x\ud83d", "x\ufffd"),
        ("🍷 שלום 汉字", "🍷 שלום 汉字"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (True, "true"),
        (False, "false"),
        ({"id": "1", "name": "Ana"}, "Ana"),
        ({"id": "1"}, None),
        (["a", None, "b"], "a, b"),
    ],
)
def test_anything_reads_as_text(raw: Any, text: str | None) -> None:
    assert to_text(raw) == text


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_text_is_settled_after_one_reading_and_can_be_stored(raw: str) -> None:
    text = to_text(raw)
    assert to_text(text) == text
    assert text is None or (text.encode() and "\0" not in text)


def test_length_counts_as_both_systems_do() -> None:
    assert (utf16_length("abc"), utf16_length("é"), utf16_length("🍷")) == (3, 1, 2)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (None, None),
        ("", None),
        (3, Decimal(3)),
        (Decimal("1.20"), Decimal("1.2")),
        ("1.5", Decimal("1.5")),
        (999_999_999_999, Decimal(999_999_999_999)),
        ("1e-999999", Decimal("1e-999999")),
    ],
)
def test_numbers_are_exact(raw: Any, number: Decimal | None) -> None:
    assert to_decimal(raw) == number


@pytest.mark.parametrize(
    "raw", ["many", True, 1.5, "NaN", Decimal("Infinity"), "1e999999", 10**12, [], {}]
)
def test_what_is_no_number_is_refused_with_its_field(raw: Any) -> None:
    with pytest.raises(Refused) as refused:
        to_decimal(raw, "total")
    assert refused.value.message.key == "unreadable"
    assert refused.value.message.params["field"] == "total"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (None, None),
        ("", None),
        ("2026-04-24", date(2026, 4, 24)),
        ("2026-04-24T00:00:00", date(2026, 4, 24)),
        ("/Date(1776988800000)/", date(2026, 4, 24)),
        ("/Date(1776988800000+0000)/", date(2026, 4, 24)),
        ("/Date(1776988800000-0500)/", date(2026, 4, 24)),
        ("/Date(1777028400000+1300)/", date(2026, 4, 25)),
        ("/Date(1777028400000-1200)/", date(2026, 4, 23)),
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("/Date(-86400000+0000)/", date(1969, 12, 31)),
    ],
)
def test_dates_are_calendar_dates_in_every_spelling(raw: Any, day: date | None) -> None:
    assert to_date(raw) == day


@pytest.mark.parametrize(
    "raw", ["tomorrow", 20260424, "/Date(x)/", "/Date(99999999999999999)/", "2026-13-01"]
)
def test_what_is_no_date_is_refused(raw: Any) -> None:
    with pytest.raises(Refused, match="unreadable"):
        to_date(raw, "due_date")


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_reads_back_from_ticks(day: date) -> None:
    ticks = (day - date(1970, 1, 1)).days * 86_400_000
    assert to_date(f"/Date({ticks}+0000)/") == to_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("raw", "truth"),
    [(None, None), ("", None), (True, True), (False, False), ("True", True), ("false", False)],
)
def test_truth_values_read_from_either_spelling(raw: Any, truth: bool | None) -> None:
    assert to_boolean(raw) is truth


@pytest.mark.parametrize("raw", ["yes", 1])
def test_what_is_no_truth_value_is_refused(raw: Any) -> None:
    with pytest.raises(Refused, match="unreadable"):
        to_boolean(raw, "active")
