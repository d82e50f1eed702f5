"""Whose trouble something is: a rest of the whole organisation, and how long it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.apis.xero.client import XeroClient
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import ConnectionLost, NotConfigured, RateLimited, SyncError, Transient
from backend.store.tables import Organisation, XeroConnection
from backend.sync import connections, sweep
from backend.sync.drain import pause
from simulator.faults import Fault
from simulator.xero.state import LTD
from tests.sync.bridge import Bridge

DAY = RateLimited("day", 40_000)
SHORT = Transient("remote_unavailable")


def resting(bridge: Bridge) -> tuple[str | None, datetime | None, datetime | None]:
    """Why and until when, for everybody and for clicks."""
    with bridge.sync.database.begin() as session:
        org = session.get_one(Organisation, bridge.org_id)
        return org.pause_key, org.paused_until, org.clicks_paused_until


def rest(bridge: Bridge, error: SyncError, seconds: float) -> datetime:
    """Pause; until when."""
    until = bridge.sync.clock() + timedelta(seconds=seconds)
    pause(bridge.sync, bridge.org_id, error, seconds=seconds)
    return until


@pytest.fixture
def still(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> Bridge:
    """A bridge whose clock stands still."""
    now = bridge.sync.clock()
    monkeypatch.setattr(bridge.sync, "clock", lambda: now)
    return bridge


def test_a_spent_day_rests_until_its_end_whatever_else_happens(still: Bridge) -> None:
    day = rest(still, DAY, 40_000)
    rest(still, SHORT, 60)
    assert resting(still) == ("rate_day", day, day)
    longer = rest(still, SHORT, 50_000)
    assert resting(still) == ("remote_unavailable", longer, longer)


def test_a_refusal_that_was_none_leaves_the_rest_of_the_day(still: Bridge) -> None:
    day = rest(still, DAY, 40_000)
    refused = ConnectionLost("xero_organisation_disconnected")
    assert not connections.lose(still.sync, org_id=still.org_id, error=refused)
    assert resting(still) == ("rate_day", day, day)


def test_the_end_of_the_day_as_it_is_learnt_better_counts(still: Bridge) -> None:
    rest(still, DAY, 40_000)
    sooner = rest(still, DAY, 3_000)
    assert resting(still)[:2] == ("rate_day", sooner)


def test_any_other_rest_is_replaced_by_the_newest(still: Bridge) -> None:
    rest(still, SHORT, 600)
    sooner = rest(still, SHORT, 60)
    assert resting(still) == ("remote_unavailable", sooner, sooner)


def test_a_probe_that_fails_leaves_the_rest_of_the_day(bridge: Bridge) -> None:
    rest(bridge, DAY, 40_000)
    for side in ("xero", "zoho"):
        bridge.world.faults.add(Fault(side=side, kind="503", times=None))
    assert not sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    key, until, _ = resting(bridge)
    assert key == "rate_day"
    assert until is not None
    assert until - bridge.sync.clock() > timedelta(seconds=39_000)


@pytest.mark.parametrize(
    ("client", "key"), [(XeroClient, "xero_client_invalid"), (ZohoClient, "zoho_client_invalid")]
)
def test_our_own_credentials_refused_in_a_write_are_no_records_fault(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, client: Any, key: str
) -> None:
    bridge.accept()
    accounts = [bridge.customer(f"Customer {n}") for n in range(3)]

    def refused(*_given: Any, **_named: Any) -> Any:
        raise NotConfigured(key)

    with monkeypatch.context() as wrong:
        wrong.setattr(client, "write", refused)
        bridge.sweep()
    assert resting(bridge)[0] == key
    assert all(bridge.link("accounts", each).attempts == 0 for each in accounts)
    for _ in range(3):
        bridge.later(600)
        bridge.sweep()
    assert {bridge.link("accounts", each).state for each in accounts} == {"in_sync"}
    assert len(bridge.xero_all("Contacts")) == 3


# --- parted from Xero's side -------------------------------------------------------------------


def looked(bridge: Bridge, since: int) -> int:
    """How often it was asked which organisations the connection reaches."""
    return sum(e.path == "/connections" for e in bridge.world.log.entries(since=since))


def test_parting_in_xeros_own_pages_is_noticed_within_the_hour_though_nothing_is_synced(
    bridge: Bridge,
) -> None:
    since = bridge.world.log.last_number()
    for _ in range(12):
        bridge.later(600)
        assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert looked(bridge, since) == 2
    bridge.world.xero.disconnect(LTD)
    swept = []
    for _ in range(6):
        bridge.later(600)
        swept.append(sweep.sweep(bridge.sync, bridge.org_id, scheduled=True))
    assert not all(swept)
    with bridge.sync.database.begin() as session:
        row = session.query(XeroConnection).filter_by(tenant_id=LTD).one()
        assert (row.state, row.reason_key) == ("needs_reconnect", "xero_organisation_disconnected")


def test_where_something_is_read_anyway_nobody_asks_for_the_connections(bridge: Bridge) -> None:
    bridge.accept()
    since = bridge.world.log.last_number()
    for _ in range(7):
        bridge.later(600)
        assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert looked(bridge, since) == 0
