"""Times as both systems write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.apis.http import headers_of
from backend.apis.moments import date_header, moment, offset_second, retry_after, utc_second

AT = datetime(2015, 8, 13, 3, 19, 16, tzinfo=UTC)
EARLIEST, LATEST = AT.replace(year=1971, tzinfo=None), AT.replace(year=2200, tzinfo=None)
NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "/Date(1439435956000)/",
        "/Date(1439435956000+0000)/",
        "/Date(1439435956000+1300)/",
        "/Date(1439435956000-0800)/",
        "2015-08-13T03:19:16Z",
        "2015-08-13T03:19:16",
        "2015-08-13T03:19:16.0000000",
        "2015-08-13T15:19:16+12:00",
        " 2015-08-12T20:19:16-07:00 ",
    ],
)
def test_every_way_of_writing_a_time_is_read_as_utc(text: str) -> None:
    assert moment(text) == AT


@pytest.mark.parametrize(
    "value", [None, 5, "", "soon", "/Date(x)/", "/Date(999999999999999)/", "2026-13-01", [], {}]
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


def test_times_before_1970_are_read() -> None:
    assert moment("/Date(-86400000)/") == datetime(1969, 12, 31, tzinfo=UTC)


@given(
    st.datetimes(min_value=EARLIEST, max_value=LATEST),
    st.integers(-14, 14),
)
def test_written_times_read_back_to_the_second(at: datetime, hours: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert moment(utc_second(aware)) == moment(offset_second(aware)) == aware.replace(microsecond=0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("77000", 77000.0),
        ("Sat, 31 Jan 2026 10:00:30 GMT", 30.0),
        ("Sat, 31 Jan 2026 09:00:00 GMT", 0.0),
        ("-5", None),
        ("later", None),
        ("", None),
        ("99999999999999", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(headers_of({"Retry-After": value}), now=NOW) == seconds


def test_the_servers_clock_is_read_or_absent() -> None:
    assert date_header(headers_of({"DATE": "Mon, 30 Mar 2020 05:22:00 GMT"})) == datetime(
        2020, 3, 30, 5, 22, tzinfo=UTC
    )
    assert date_header(headers_of({"Date": "yesterday"})) is None
    assert date_header({}) is None
