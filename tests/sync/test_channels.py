"""Channels at Zoho: made, renewed at half their life, watched, and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.apis.zoho import oauth as zoho_oauth
from backend.modules import all_specs
from backend.modules.defaults import default_settings
from backend.store.live import ZohoChannel
from backend.store.told import Notice
from backend.sync import channels, connections
from simulator.faults import Fault
from simulator.zoho import watch as zoho_watch
from tests.sync.bridge import Bridge, connect_zoho

DAY = 24 * 3600
ALL = frozenset(
    spec.zoho.path
    for key, spec in all_specs().items()
    if spec.attached_to is None and default_settings()["modules"][key]["enabled"]
)
"""The CRM modules that are switched on from the start."""


def rows(bridge: Bridge) -> dict[str, ZohoChannel]:
    """Our channels by CRM module."""
    with bridge.sync.database.begin() as session:
        return {row.module: row for row in session.scalars(select(ZohoChannel))}


def alive(bridge: Bridge) -> dict[str, zoho_watch.Channel]:
    """Zoho's channels by module."""
    return {one.modules()[0]: one for one in bridge.world.zoho.channels.alive()}


def calls(bridge: Bridge) -> list[str]:
    """Requests about channels so far."""
    return [one.method for one in bridge.world.log.entries() if one.path.endswith("/actions/watch")]


def alarms(bridge: Bridge) -> dict[str | None, str]:
    """What is told to administrators and not over: message key by subject."""
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(Notice).where(Notice.closed_at.is_(None)))
        return {row.subject: row.message_key for row in rows}


def test_connecting_makes_a_channel_for_each_module(bridge: Bridge) -> None:
    assert set(alive(bridge)) == ALL == set(rows(bridge))
    one = alive(bridge)["Accounts"]
    assert one.events == ("Accounts.all",)
    assert one.on_related is False
    assert one.affected_values is False
    assert len(str(one.token)) <= 50
    assert len({each.token for each in alive(bridge).values()}) == len(ALL)
    week = rows(bridge)["Accounts"].expires_at
    assert week is not None
    assert timedelta(days=6) < week - bridge.sync.clock() <= timedelta(days=7)


def test_a_channel_is_renewed_at_half_its_life_and_lives_on(bridge: Bridge) -> None:
    bridge.later(3 * DAY)
    channels.tick(bridge.sync)
    assert "PATCH" not in calls(bridge)
    bridge.later(DAY)
    channels.tick(bridge.sync)
    assert calls(bridge).count("PATCH") == len(ALL)
    bridge.later(6 * DAY)
    assert set(alive(bridge)) == ALL


def test_a_lapsed_channel_is_made_again(bridge: Bridge) -> None:
    bridge.later(8 * DAY)
    assert alive(bridge) == {}
    channels.tick(bridge.sync)
    assert set(alive(bridge)) == ALL
    assert {row.state for row in rows(bridge).values()} == {"live"}


def test_a_channel_that_got_less_than_asked_says_so_and_is_renewed_in_time(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoho_watch, "WEEK", timedelta(minutes=1))
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    row = rows(bridge)["Accounts"]
    assert (row.state, row.reason_key) == ("short", "channel_short")
    assert row.renew_at - bridge.sync.clock() <= timedelta(minutes=30)
    assert alarms(bridge)["alarm:channel:Accounts"] == "channel_short"
    for _ in range(4):
        bridge.later(31 * 60)
        channels.tick(bridge.sync)
        assert set(alive(bridge)) == ALL
    monkeypatch.undo()
    bridge.later(31 * 60)
    channels.tick(bridge.sync)
    assert rows(bridge)["Accounts"].state == "live"
    assert alarms(bridge) == {}


def test_a_silent_channel_is_noticed_and_made_anew(bridge: Bridge) -> None:
    before = calls(bridge)
    with bridge.sync.database.begin() as session:
        channels.missed(bridge.sync, session, bridge.org_id, "Accounts", count=2)
    assert rows(bridge)["Accounts"].state == "live"
    with bridge.sync.database.begin() as session:
        channels.missed(bridge.sync, session, bridge.org_id, "Accounts", count=1)
    assert rows(bridge)["Accounts"].state == "silent"
    assert alarms(bridge) == {"alarm:channel:Accounts:silent": "channel_silent"}
    channels.tick(bridge.sync)
    assert calls(bridge)[len(before) :] == ["POST"]
    assert rows(bridge)["Accounts"].state == "live"


def test_silence_is_told_once_until_something_is_heard(bridge: Bridge) -> None:
    for _ in range(3):
        with bridge.sync.database.begin() as session:
            channels.missed(bridge.sync, session, bridge.org_id, "Accounts", count=3)
        channels.tick(bridge.sync)
        assert rows(bridge)["Accounts"].state == "live"
        assert alarms(bridge) == {"alarm:channel:Accounts:silent": "channel_silent"}
    with bridge.sync.database.begin() as session:
        assert len(session.scalars(select(Notice)).all()) == 1
    channels.heard(bridge.sync, bridge.org_id, "Accounts", at=bridge.sync.clock())
    assert alarms(bridge) == {}


def test_a_module_that_is_switched_off_needs_no_channel(bridge: Bridge) -> None:
    bridge.settings(products={"enabled": False})
    channels.tend(bridge.sync, bridge.org_id)
    assert set(alive(bridge)) == ALL - {"Products"} == set(rows(bridge))
    bridge.settings(products={"enabled": True})
    channels.tend(bridge.sync, bridge.org_id)
    assert "Products" in alive(bridge)


def test_nothing_is_told_any_more_of_a_module_that_is_switched_off(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoho_watch, "WEEK", timedelta(minutes=1))
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    with bridge.sync.database.begin() as session:
        channels.missed(bridge.sync, session, bridge.org_id, "Products", count=3)
    of_products = {"alarm:channel:Products", "alarm:channel:Products:silent"}
    assert set(alarms(bridge)) > of_products
    bridge.settings(products={"enabled": False})
    channels.tend(bridge.sync, bridge.org_id)
    assert not set(alarms(bridge)) & of_products
    channels.drop(bridge.sync, bridge.org_id)
    assert alarms(bridge) == {}


def test_a_reset_ends_every_channel_and_choosing_again_makes_them(bridge: Bridge) -> None:
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert alive(bridge) == {} == rows(bridge)
    bridge.reconnect()
    assert set(alive(bridge)) == ALL


def test_a_refused_channel_is_tried_again_an_hour_later_and_hurts_no_other(
    bridge: Bridge,
) -> None:
    channels.drop(bridge.sync, bridge.org_id)
    bridge.world.zoho.modules.pop("Products")
    channels.tend(bridge.sync, bridge.org_id)
    assert set(alive(bridge)) == ALL - {"Products"}
    assert rows(bridge)["Products"].state == "refused"
    assert alarms(bridge) == {"alarm:channel:Products": "channel_refused"}
    before = len(calls(bridge))
    bridge.later(1800)
    channels.tick(bridge.sync)
    assert len(calls(bridge)) == before
    bridge.later(1900)
    channels.tick(bridge.sync)
    assert len(calls(bridge)) == before + 1


def test_a_refused_channel_takes_the_place_of_what_was_told_before(
    any_bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = any_bridge
    monkeypatch.setattr(zoho_watch, "WEEK", timedelta(minutes=1))
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    monkeypatch.undo()
    gone = bridge.world.zoho.modules.pop("Products")
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    assert alarms(bridge) == {"alarm:channel:Products": "channel_refused"}
    bridge.world.zoho.modules["Products"] = gone
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    assert alarms(bridge) == {}


def test_a_connection_without_the_permission_is_told_once_and_asks_hourly(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels.drop(bridge.sync, bridge.org_id)
    fewer = tuple(one for one in zoho_oauth.CONNECT_SCOPES if one != zoho_oauth.NOTIFICATIONS)
    monkeypatch.setattr(zoho_oauth, "CONNECT_SCOPES", fewer)
    before = len(calls(bridge))
    connect_zoho(bridge.sync, bridge.world, bridge.browser)
    assert alarms(bridge) == {"alarm:channels": "channels_scope_missing"}
    assert {row.state for row in rows(bridge).values()} == {"refused"}
    for _ in range(110):
        bridge.later(60)
        channels.tick(bridge.sync)
    assert len(calls(bridge)) - before == 2
    monkeypatch.undo()
    connect_zoho(bridge.sync, bridge.world, bridge.browser)
    assert alarms(bridge) == {}
    assert set(alive(bridge)) == ALL


def test_an_outage_leaves_channels_for_later_and_breaks_nothing(bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="zoho", kind="503", match="actions/watch", times=None))
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    bridge.world.faults.clear()
    bridge.later(600)
    channels.tend(bridge.sync, bridge.org_id, anew=True)
    assert {row.state for row in rows(bridge).values()} == {"live"}
