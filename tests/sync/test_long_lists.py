"""Lists longer than a minute's calls, and records edited while their list is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.apis.budget import Budget, Limits
from backend.apis.http import Answer, Request
from backend.apis.limits import DEFAULT_LIMITS
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store.places import Place
from backend.store.tables import Link, ModuleState, Run
from backend.sync import audits, bulk, runs, sweep
from backend.sync import turn as turns
from backend.sync.intake import pages
from backend.sync.seek import Spot, after
from tests.sync.bridge import LTD, Bridge

QUOTES = all_specs()["quotes"].xero
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = 20
"""Calls a minute; bulk work may make sixteen of them."""
COUNT = 1700
"""Quotes: seventeen pages."""


def at(*seconds: float) -> list[dict[str, str]]:
    """Records last changed so many seconds after noon."""
    moments = [NOON + timedelta(seconds=each) for each in seconds]
    return [{"UpdatedDateUTC": f"/Date({int(each.timestamp() * 1000)})/"} for each in moments]


# --- what is asked for next --------------------------------------------------------------------


def test_the_next_page_begins_a_second_before_the_last_record() -> None:
    rows = at(*range(0, 200, 2))
    assert after(QUOTES, rows, Spot()) == Spot(since=NOON + timedelta(seconds=197))


def test_fractions_of_a_second_are_asked_for_again() -> None:
    rows = at(*range(100), 150.9)
    assert after(QUOTES, rows, Spot()) == Spot(since=NOON + timedelta(seconds=149))


def test_a_page_that_would_mostly_come_again_is_followed_by_its_number() -> None:
    imported = at(*[5.0] * 100)
    assert after(QUOTES, imported, Spot(since=NOON, number=3)) == Spot(since=NOON, number=4)


def test_records_without_a_time_are_followed_by_their_number() -> None:
    assert after(QUOTES, [{"QuoteID": "1"}], Spot()) == Spot(number=2)


# --- while somebody edits ----------------------------------------------------------------------


def made(bridge: Bridge, count: int, *, apart: float) -> list[str]:
    """So many quotes in Xero, made one after the other."""
    contact = bridge.world.xero.create(LTD, "Contacts", {"Name": "Kestrel"})
    found = []
    for n in range(count):
        bridge.later(apart)
        found.append(
            bridge.world.xero.create(LTD, "Quotes", {
                "QuoteNumber": f"Q{n}", "Contact": {"ContactID": contact}, "Date": "2026-11-01",
                "LineItems": [{"Description": "Tea", "Quantity": 1, "UnitAmount": 1}],
            })
        )  # fmt: skip
    return found


class Meanwhile:
    """A transport that lets somebody act after the first page of a list."""

    def __init__(self, inner: Any, act: Callable[[], None]) -> None:
        self.inner, self.act, self.acted = inner, act, False

    def send(self, request: Request) -> Answer:
        """The answer, after which somebody acts once."""
        answer: Answer = self.inner.send(request)
        if "/Quotes" in request.url and not self.acted:
            self.acted = True
            self.act()
        return answer


def test_an_edit_on_a_page_that_was_read_hides_no_record(bridge: Bridge) -> None:
    quotes = made(bridge, 250, apart=2)

    def edit() -> None:
        bridge.later(5)
        for each in quotes[:3]:
            bridge.world.xero.edit(LTD, "Quotes", each, {"Title": "Changed"})

    bridge.sync.transport = Meanwhile(bridge.sync.transport, edit)
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    spec = turn.specs["quotes"]
    read = [
        row["QuoteID"] for page in pages(turn, spec, Side.XERO, since=None) for row in page.rows
    ]
    assert set(read) == set(quotes)
    assert len(read) == 250 + 3, "each once, and what changed once more"


# --- more pages than a minute has calls --------------------------------------------------------


@pytest.fixture(params=[0.0, 2.0], ids=["imported at once", "made one by one"])
def long(bridge: Bridge, request: pytest.FixtureRequest) -> Bridge:
    """A company with more quotes than a minute's calls can read."""
    others = {key: {"enabled": key in ("accounts", "quotes")} for key in all_specs()}
    bridge.settings(**others)
    bridge.accept("accounts", "quotes")
    made(bridge, COUNT, apart=request.param)
    limits = {
        **DEFAULT_LIMITS,
        Side.XERO: Limits(minute=MINUTE, day=1000, concurrent=5, app_minute=10_000),
    }
    clock = bridge.world.clock
    bridge.sync.budget = Budget(limits=limits, clock=lambda: clock.now().timestamp(), alone=True)
    bridge.sync.sleep = bridge.later
    return bridge


def asked(bridge: Bridge) -> int:
    """How many pages of quotes Xero was asked for."""
    return sum(entry.path.endswith("/Quotes") for entry in bridge.world.log.entries(side="xero"))


def test_a_sweep_goes_on_where_the_minute_ended(long: Bridge) -> None:
    done = []
    while not any(done) and len(done) < 5:
        long.later(600)
        done.append(sweep.sweep(long.sync, long.org_id, scheduled=True))
    assert done == [False, True]
    assert asked(long) <= COUNT / 100 + 4
    with long.sync.database.begin() as session:
        assert session.get_one(ModuleState, (long.org_id, LTD, "quotes")).xero_cursor is not None
        assert session.scalars(select(Place)).all() == []
        known = session.scalars(select(Link.xero_id).where(Link.module == "quotes")).all()
    assert len(known) == COUNT


def test_a_preview_goes_on_where_the_minute_ended(long: Bridge) -> None:
    run_id = bulk.preview(
        long.sync, org_id=long.org_id, module="quotes", direction="both", by="Ana"
    )
    for _ in range(4):
        runs.advance(long.sync, long.org_id)
        long.later(61)
    with long.sync.database.begin() as session:
        run = session.get_one(Run, run_id)
        assert (run.state, run.created + run.held) == ("done", COUNT + 1), (
            "the quotes and their customer"
        )
        assert session.scalars(select(Place)).all() == []
    assert asked(long) <= COUNT / 100 + 4


def test_an_audit_waits_for_the_next_minute(long: Bridge) -> None:
    audits.ask(long.sync, org_id=long.org_id, by="Ana")
    audits.work(long.sync, long.org_id)
    with long.sync.database.begin() as session:
        states = session.scalars(select(Run.state).where(Run.kind == "audit")).all()
    assert states == ["done"]
    assert asked(long) <= COUNT / 100 + 4
