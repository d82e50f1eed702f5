"""Only the states that mean something on the other side travel."""

from typing import Any

import pytest

from backend.core.codecs import CODECS, read_all, write_body
from backend.core.document_status import words_of
from backend.core.spec import Facts, Side
from tests.core.world import FACTS, X, Z, row, spec

FIELD = row("document_status", zoho="Status", xero="Status", value_map={
    "DRAFT": "Created", "AUTHORISED": "Approved", "VOIDED": "Cancelled", "DELETED": "Cancelled",
})  # fmt: skip


@pytest.mark.parametrize(
    ("side", "held", "told"),
    [
        (Z, "Approved", "Approved"),
        (Z, "Delivered", None),
        (Z, None, None),
        (X, "AUTHORISED", "Approved"),
        (X, "PAID", "Approved"),
        (X, "DELETED", "Cancelled"),
        (X, "SUBMITTED", None),
        (X, None, None),
    ],
)
def test_a_state_is_told_in_crms_words_or_not_at_all(
    side: Side, held: str | None, told: str | None
) -> None:
    assert read_all(spec(FIELD), side, {"Status": held}, FACTS) == {"field": told}


@pytest.mark.parametrize(
    ("side", "value", "held", "body"),
    [
        (Z, "Cancelled", "Created", {"Status": "Cancelled"}),
        (Z, None, "Created", {}),
        (X, None, "DRAFT", {}),
        (X, "Approved", "DRAFT", {"Status": "AUTHORISED"}),
        (X, "Approved", "AUTHORISED", {}),
        (X, "Cancelled", "DELETED", {}),
        (X, "Cancelled", "DRAFT", {"Status": "DELETED"}),
        (X, "Cancelled", "SUBMITTED", {"Status": "DELETED"}),
        (X, "Cancelled", "AUTHORISED", {"Status": "VOIDED"}),
        (X, "Unheard of", "DRAFT", {}),
        (X, "Approved", None, {"Status": "AUTHORISED"}),
    ],
)
def test_only_a_state_that_changes_is_written(
    side: Side, value: str | None, held: str | None, body: dict[str, Any]
) -> None:
    assert write_body(spec(FIELD), side, {"field": value}, FACTS, {"Status": held}) == body


def test_the_administrators_words_are_in_force_when_there_are_any() -> None:
    assert words_of(FIELD, Facts()) == FIELD.value_map
    assert words_of(FIELD, Facts(status_map={"PAID": "Delivered"})) == {"PAID": "Delivered"}


def test_paid_is_approved_unless_it_has_a_word_of_its_own() -> None:
    facts = Facts(status_map={"PAID": "Delivered", "AUTHORISED": "Approved"})
    assert read_all(spec(FIELD), X, {"Status": "PAID"}, facts) == {"field": "Delivered"}


LAST = row("latest_date", zoho="Last", xero="Payments")


def test_the_latest_date_of_a_list_is_read_in_either_spelling() -> None:
    payments = [
        {"Date": "/Date(1776988800000+0000)/"}, {"DateString": "2026-05-01T00:00:00"}, {}, "garbled",
    ]  # fmt: skip
    read = lambda side, raw: read_all(spec(LAST), side, raw, FACTS)["field"]  # noqa: E731
    assert str(read(X, {"Payments": payments})) == "2026-05-01"
    assert str(read(X, {"Payments": payments[:1]})) == "2026-04-24"
    assert read(X, {"Payments": []}) is read(X, {}) is None
    assert str(read(Z, {"Last": "2026-05-01"})) == "2026-05-01"
    written = CODECS["latest_date"].write(read(X, {"Payments": payments}), Z, LAST, FACTS, None)
    assert written == {"Last": "2026-05-01"}
