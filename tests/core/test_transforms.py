"""Steps between both sides' values, and their way back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.codecs import read_all, write_body
from backend.core.errors import Refused
from backend.core.spec import Facts, Field, Flow, ModuleSpec, Resource, Side, Transform
from backend.core.transforms import OPS, back, complaint, forth, made, returns
from tests.core.world import SHOWN

D = Decimal


def steps(*given_: dict[str, Any]) -> tuple[Transform, ...]:
    """Well-formed steps."""
    assert [complaint(each) for each in given_] == [None] * len(given_)
    return made(given_)


CASES: list[tuple[list[dict[str, Any]], Any, Any]] = [
    ([{"op": "split", "separator": " ", "part": 1}], "Ana Maria Silva", "Ana"),
    ([{"op": "split", "separator": " ", "part": -1}], "Ana Maria Silva", "Silva"),
    ([{"op": "split", "separator": ",", "part": 2}], "Leeds , Yorkshire", "Yorkshire"),
    ([{"op": "split", "separator": ",", "part": 3}], "Leeds, Yorkshire", None),
    ([{"op": "upper"}], "straße", "STRASSE"),
    ([{"op": "lower"}], "ÉTÉ", "été"),
    ([{"op": "trim"}], "as it is", "as it is"),
    ([{"op": "trim", "length": 4}], "abc def", "abc"),
    ([{"op": "trim", "length": 3}], "a😀😀", "a😀"),
    ([{"op": "prefix", "text": "CRM-"}], "17", "CRM-17"),
    ([{"op": "prefix", "text": "CRM-"}, {"op": "upper"}], "ab", "CRM-AB"),
    ([{"op": "date_shift", "days": 30}], date(2026, 1, 31), date(2026, 3, 2)),
    ([{"op": "date_shift", "days": -1}], date(2026, 3, 1), date(2026, 2, 28)),
    ([{"op": "scale", "factor": "0.01"}], D("12.5"), D("0.125")),
    ([{"op": "scale", "factor": 100}], D("0.075"), D("7.5")),
]


@pytest.mark.parametrize(("written", "value", "expected"), CASES)
def test_each_step_does_what_it_says(
    written: list[dict[str, Any]], value: Any, expected: Any
) -> None:
    assert forth(steps(*written), value, "x") == expected


@pytest.mark.parametrize("op", OPS)
def test_nothing_stays_nothing_both_ways(op: str) -> None:
    arguments = {"fields": ("B",), "separator": " ", "part": 1, "text": "a", "days": 1}
    step = Transform(op=op, **{name: value for name, value in arguments.items()
                               if name in {"fields", "separator", "part", "text", "days"}})  # fmt: skip
    assert forth((step,), None, "x") is None
    assert back((step,), None, "x") is None


WRONG: list[dict[str, Any]] = [
    {}, {"op": "rot13"}, {"op": ["upper"]}, {"op": "upper", "text": "a"},
    {"op": "prefix"}, {"op": "prefix", "text": ""}, {"op": "prefix", "text": 7},
    {"op": "prefix", "text": "x" * 256}, {"op": "split", "separator": " "},
    {"op": "split", "separator": " ", "part": 0}, {"op": "split", "separator": " ", "part": True},
    {"op": "split", "separator": " ", "part": 21}, {"op": "trim", "length": 0},
    {"op": "trim", "length": "4"}, {"op": "date_shift", "days": 0},
    {"op": "date_shift", "days": 40_000}, {"op": "date_shift", "days": "3"},
    {"op": "scale", "factor": 0}, {"op": "scale", "factor": 1}, {"op": "scale", "factor": "many"},
    {"op": "scale", "factor": "NaN"}, {"op": "scale", "factor": "Infinity"},
    {"op": "scale", "factor": "1e40"}, {"op": "scale", "factor": True},
    {"op": "join"}, {"op": "join", "fields": []}, {"op": "join", "fields": [1]},
    {"op": "join", "fields": "A"}, {"op": "join", "fields": ["A"] * 9},
]  # fmt: skip


@pytest.mark.parametrize("written", WRONG, ids=repr)
def test_a_step_that_cannot_be_made_is_named(written: dict[str, Any]) -> None:
    told = complaint(written)
    assert told is not None
    assert told.key in {"transform_unknown", "transform_needs", "transform_argument"}


def test_what_leads_nowhere_back_is_refused_and_not_bent() -> None:
    for written, value in (
        ({"op": "prefix", "text": "CRM-"}, "17"),
        ({"op": "prefix", "text": "CRM-"}, "CRM-"),
        ({"op": "prefix", "text": "CRM-"}, "CRM- 17"),
        ({"op": "scale", "factor": "3"}, D(1)),
        ({"op": "upper"}, "AB"),
        ({"op": "date_shift", "days": 1}, date.min),
        ({"op": "scale", "factor": "0.00000001"}, D("999999999999.5")),
    ):
        with pytest.raises(Refused) as refused:
            back(steps(written), value, "x")
        assert refused.value.message.key == "no_way_back"


TEXTS = (
    st.text(st.sampled_from("abcXYZ 019-./&éßüλ你"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
ANY = st.text(min_size=1, max_size=12)
SOLUBLE = st.one_of(
    st.builds(lambda text: {"op": "prefix", "text": text}, TEXTS),
    st.just({"op": "trim"}),
)


@given(prefix=ANY, value=ANY)
def test_any_text_comes_back_as_it_was_or_is_refused(prefix: str, value: str) -> None:
    step = steps({"op": "prefix", "text": prefix})
    there = forth(step, value, "x")
    try:
        source = back(step, there, "x")
    except Refused:
        return
    assert forth(step, source, "x") == there


DAYS = st.integers(-5000, 5000).filter(bool).map(lambda n: {"op": "date_shift", "days": n})
FACTORS = st.sampled_from(["0.01", "0.1", "10", "100", "2", "0.5", "-1", "1.25"])


@given(written=st.lists(SOLUBLE, min_size=1, max_size=4), value=TEXTS)
def test_texts_come_back_as_they_were(written: list[dict[str, Any]], value: str) -> None:
    there = forth(steps(*written), value, "x")
    assert back(steps(*written), there, "x") == value


@given(
    written=st.lists(DAYS, min_size=1, max_size=4),
    value=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_dates_come_back_as_they_were(written: list[dict[str, Any]], value: date) -> None:
    there = forth(steps(*written), value, "x")
    assert back(steps(*written), there, "x") == value


@given(factor=FACTORS, value=st.decimals(-(10**6), 10**6, places=4))
def test_numbers_come_back_or_are_refused(factor: str, value: Decimal) -> None:
    scaled = steps({"op": "scale", "factor": factor})
    assert back(scaled, forth(scaled, value, "x"), "x") == value
    try:
        source = back(scaled, value, "x")
    except Refused:
        return
    assert forth(scaled, source, "x") == value


# --- in a row ----------------------------------------------------------------------------------


def module(row: Field) -> ModuleSpec:
    """A module of one row."""
    home = Resource(path="Accounts", id="id", number=None, label="Name", modified="m")
    return ModuleSpec(key="accounts", shown=SHOWN, zoho=home, xero=home, fields=(row,))


def test_a_row_reads_the_source_through_its_steps_and_writes_back_undone() -> None:
    spec = module(
        Field(name="x", zoho="Code", xero="Number", transform=steps({"op": "prefix", "text": "C-"}))
    )
    assert read_all(spec, Side.ZOHO, {"Code": "17"}, Facts()) == {"x": "C-17"}
    assert read_all(spec, Side.XERO, {"Number": "C-17"}, Facts()) == {"x": "C-17"}
    assert write_body(spec, Side.XERO, {"x": "C-18"}, Facts()) == {"Number": "C-18"}
    assert write_body(spec, Side.ZOHO, {"x": "C-18"}, Facts()) == {"Code": "18"}
    with pytest.raises(Refused):
        write_body(spec, Side.ZOHO, {"x": "18"}, Facts())


def test_a_row_that_comes_from_xero_converts_what_xero_says() -> None:
    row = Field(name="x", zoho="Code", xero="Number", flow=Flow.TO_ZOHO,
                transform=steps({"op": "lower"}))  # fmt: skip
    assert read_all(module(row), Side.XERO, {"Number": "AB"}, Facts()) == {"x": "ab"}
    assert read_all(module(row), Side.ZOHO, {"Code": "ab"}, Facts()) == {"x": "ab"}


def test_joined_fields_leave_out_what_is_empty() -> None:
    row = Field(name="x", zoho="First_Name", xero="Name", flow=Flow.TO_XERO,
                transform=steps({"op": "join", "fields": ["Middle", "Last_Name"],
                                 "separator": " "}))  # fmt: skip
    raw = {"First_Name": "Ana", "Middle": None, "Last_Name": "Silva"}
    assert read_all(module(row), Side.ZOHO, raw, Facts()) == {"x": "Ana Silva"}
    assert read_all(module(row), Side.ZOHO, {}, Facts()) == {"x": None}


def test_only_some_steps_can_be_undone() -> None:
    undone = {op for op in OPS if returns(Transform(op=op))}
    assert undone == {"trim", "prefix", "date_shift", "scale"}
    assert not returns(Transform(op="trim", length=5))
