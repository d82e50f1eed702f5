"""How often Xero is asked: three hundred calls in a calm day, every tick otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.core import cadence
from backend.core.cadence import BLIND, IDLE, Kind, Mood

TICK = timedelta(minutes=10)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ALL = [
    Kind(name=name, leans=name == "Payments")
    for name in (
        "Contacts", "Items", "Quotes", "Invoices", "PurchaseOrders", "CreditNotes", "Payments",
    )
]  # fmt: skip
ACTIVE = Mood(active=True, proven=True)


def kinds(*names: str) -> list[Kind]:
    """Some of all kinds."""
    return [kind for kind in ALL if kind.name in names]


@pytest.mark.parametrize("minutes", [1, 5, 10, 15, 30, 60])
@pytest.mark.parametrize(
    "some",
    [
        ALL,
        kinds("Contacts", "Items", "Invoices", "Payments"),
        kinds("Contacts"),
        kinds("Contacts", "Items"),
        kinds("Contacts", "Items", "Quotes"),
        kinds("Invoices", "Payments"),
        kinds("Payments"),
    ],
)
def test_a_calm_day_costs_at_most_three_hundred_calls(some: list[Kind], minutes: int) -> None:
    assert cadence.bill(some, IDLE, tick=timedelta(minutes=minutes)) <= cadence.CALM_CALLS


def test_invoices_are_asked_for_every_ten_minutes_even_in_calm() -> None:
    assert cadence.intervals(ALL, IDLE, tick=TICK)["Invoices"] == TICK


@pytest.mark.parametrize("mood", [ACTIVE, BLIND, Mood(active=True, proven=False)])
def test_whenever_something_stirs_or_webhooks_are_unproven_every_tick_asks_for_everything(
    mood: Mood,
) -> None:
    found = dict(cadence.intervals(ALL, mood, tick=TICK))
    assert found.pop("Payments") > TICK
    assert set(found.values()) == {TICK}


def test_payments_alone_are_asked_for_at_every_tick() -> None:
    assert cadence.intervals(kinds("Payments", "Items"), BLIND, tick=TICK)["Payments"] == TICK


def test_in_calm_no_kind_waits_longer_than_an_hour_but_payments_which_invoices_show() -> None:
    found = dict(cadence.intervals(ALL, IDLE, tick=TICK))
    assert found.pop("Payments") == timedelta(hours=6)
    assert max(found.values()) == timedelta(hours=1)


def test_an_idle_day_without_webhooks_fits_a_day_of_a_thousand_calls_less_the_reserve() -> None:
    assert cadence.bill(ALL, BLIND, tick=TICK) <= 900


def test_large_books_are_read_whole_and_still_asked_for() -> None:
    large = [Kind(name=kind.name, leans=kind.leans, pages=80) for kind in ALL]
    found = cadence.intervals(large, IDLE, tick=TICK)
    assert max(found.values()) <= timedelta(hours=6)


# --- moods -------------------------------------------------------------------------------------


def ago(**past: float) -> datetime:
    """So long ago."""
    return NOW - timedelta(**past)


@pytest.mark.parametrize(
    ("heard", "doubted", "proven"),
    [
        (None, None, False),
        (ago(hours=1), None, True),
        (ago(days=6), None, True),
        (ago(days=400), None, True),
        (ago(hours=2), ago(hours=1), False),
        (ago(hours=1), ago(hours=2), True),
        (None, ago(hours=2), False),
    ],
)
def test_webhooks_are_proven_by_the_last_one_until_a_sweep_finds_what_they_missed(
    heard: datetime | None, doubted: datetime | None, proven: bool
) -> None:
    found = cadence.mood(NOW, active_at=None, heard_at=heard, doubted_at=doubted)
    assert found == Mood(active=False, proven=proven)


@pytest.mark.parametrize(
    ("heard", "doubted", "proven"),
    [
        (None, None, True),
        (None, ago(hours=2), False),
        (ago(hours=3), ago(hours=2), False),
        (ago(hours=1), ago(hours=2), True),
    ],
)
def test_a_webhook_of_another_organisation_proves_those_that_had_none_yet(
    heard: datetime | None, doubted: datetime | None, proven: bool
) -> None:
    found = cadence.mood(NOW, active_at=None, heard_at=heard, doubted_at=doubted, elsewhere=True)
    assert found.proven is proven


def test_the_bill_holds_the_nightly_reading_and_the_audit_of_books_of_any_size() -> None:
    def paged(pages: int) -> int:
        large = [Kind(name=kind.name, leans=kind.leans, pages=pages) for kind in ALL]
        return cadence.bill(large, BLIND, tick=TICK)

    assert paged(2) - paged(1) == 2 * 6
    assert paged(80) - paged(1) == 2 * 6 * 79


def test_an_organisation_is_active_for_an_hour() -> None:
    for at, active in ((None, False), (ago(minutes=59), True), (ago(minutes=60), False)):
        assert cadence.mood(NOW, active_at=at, heard_at=None, doubted_at=None).active is active


def test_calm_is_both() -> None:
    assert IDLE.calm
    assert not BLIND.calm
    assert not ACTIVE.calm


# --- what is left ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "limit", "hours", "factor"),
    [
        (None, None, 24, 1),
        (500, 1000, 24, 1),
        (499, 1000, 12, 1),
        (499, 1000, 24, 2),
        (100, 1000, 12, 6),
        (0, 1000, 24, 6),
        (2000, 5000, 24, 1),
    ],
)
def test_intervals_stretch_only_when_what_is_left_would_not_last(
    left: int | None, limit: int | None, hours: int, factor: int
) -> None:
    rest = timedelta(hours=hours)
    assert cadence.stretch(ALL, BLIND, tick=TICK, left=left, limit=limit, day_left=rest) == factor


def test_a_kind_is_due_half_a_tick_early() -> None:
    def due(**past: float) -> bool:
        return cadence.is_due(ago(**past), NOW, interval=2 * TICK, factor=1, tick=TICK)

    assert cadence.is_due(None, NOW, interval=TICK, factor=6, tick=TICK)
    assert due(minutes=15)
    assert not due(minutes=14)


def test_nothing_switched_on_costs_nothing() -> None:
    assert cadence.bill([], IDLE, tick=TICK) == 0


def test_the_figures_of_the_scale_page_are_those_of_the_rules() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "scale.md").read_text("utf-8")
    idle, blind = (cadence.bill(ALL, mood, tick=TICK) for mood in (IDLE, BLIND))
    assert f"{blind} without webhooks and idle | **{idle}**" in page
    large = [replace(kind, pages=95 if kind.name == "Invoices" else 1) for kind in ALL]
    assert f"100,000 records make it {cadence.bill(large, IDLE, tick=TICK)}" in page
