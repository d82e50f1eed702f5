"""What pages add up follows from what is kept of a document, exactly."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.store.owing import NOTHING, amount, owing_of, units
from backend.store.tables import Link


def face(status: str, **money: Any) -> dict[str, Any]:
    """What is kept of an invoice."""
    usual = {
        "due": "120.50",
        "currency": "GBP",
        "contact": "c-1",
        "date": "2026-10-01",
        "due_date": "2026-10-31",
        "rows": [],
    }
    return {"xero": {"status": status}, "money": {**usual, **money}}


@pytest.mark.parametrize(
    ("status", "owed"),
    [("AUTHORISED", 1_205_000), ("PART_PAID", 1_205_000), ("DRAFT", None), ("VOIDED", None)],
)
def test_only_approved_documents_are_owed(status: str, owed: int | None) -> None:
    assert owing_of(face(status))["owed"] == owed


def test_a_link_keeps_its_figures_with_its_face() -> None:
    link = Link(face=face("AUTHORISED"))
    assert (link.owed, link.owed_currency, link.owed_by) == (1_205_000, "GBP", "c-1")
    link.face = face("PAID", due="0.00", paid_on="2026-11-04")
    assert (link.owed, link.days_to_pay) == (None, 34)
    link.face = {}
    assert {name: getattr(link, name) for name in NOTHING} == dict(NOTHING)


def test_money_that_came_in_counts_and_credit_does_not() -> None:
    rows = [
        {"kind": "payment", "date": "2026-10-20"},
        {"kind": "overpayment", "date": "2026-11-02"},
        {"kind": "credit_note", "date": "2026-11-20"},
        {"kind": "payment", "date": None},
    ]
    held = owing_of(face("PAID", due="0.00", rows=rows))
    assert (held["paid_on"], held["days_to_pay"]) == ("2026-11-02", 32)
    credited = owing_of(face("PAID", due="0.00", rows=rows[2:]))
    assert (credited["paid_on"], credited["days_to_pay"]) == (None, None)


def test_a_payment_before_the_date_of_the_document_took_no_days() -> None:
    assert owing_of(face("PAID", paid_on="2026-09-01"))["days_to_pay"] == 0


@pytest.mark.parametrize("odd", [None, "", "many", "NaN", "Infinity", "9" * 40])
def test_an_amount_nobody_can_add_is_none(odd: Any) -> None:
    assert units(odd) is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_amounts_come_back_to_the_last_digit(value: Decimal) -> None:
    held = units(str(value))
    assert held is not None
    assert Decimal(amount(held)) == value
