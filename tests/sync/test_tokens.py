"""Tokens: kept alive, asked for once more when an answer is lost, left alone when Zoho is annoyed."""

from __future__ import annotations

import pytest

from backend.core.errors import Transient
from backend.store.tables import XeroToken, ZohoConnection
from backend.sync import tokens
from backend.sync.tokens import XeroTokens, ZohoTokens
from simulator.faults import Fault
from tests.sync.bridge import Bridge

DAY = 24 * 3600


def asked(bridge: Bridge, path: str) -> int:
    """How often a token endpoint was asked."""
    return sum(entry.path.endswith(path) for entry in bridge.world.log.entries())


def token_of(bridge: Bridge) -> XeroToken:
    """The one Xero token set."""
    with bridge.sync.database.begin() as session:
        return session.query(XeroToken).one()


def test_a_token_that_rests_for_a_month_is_used_so_that_it_does_not_die(bridge: Bridge) -> None:
    bridge.later(29 * DAY)
    assert tokens.keep_alive(bridge.sync) == 0
    bridge.later(2 * DAY)
    assert tokens.keep_alive(bridge.sync) == 1
    for _ in range(3):  # a quarter of a year in which nothing is synced
        bridge.later(31 * DAY)
        assert tokens.keep_alive(bridge.sync) == 1
        assert tokens.keep_alive(bridge.sync) == 0
    assert XeroTokens(bridge.sync, token_of(bridge).id).get()


def test_without_being_used_it_would_be_dead_after_sixty_days(bridge: Bridge) -> None:
    bridge.later(61 * DAY)
    assert tokens.keep_alive(bridge.sync) == 0


def test_a_lost_answer_to_a_refresh_is_asked_for_again_within_the_grace(bridge: Bridge) -> None:
    before = asked(bridge, "/connect/token")
    bridge.later(3600)
    bridge.world.faults.add(Fault(side="xero", kind="reset_after", match="connect/token"))
    source = XeroTokens(bridge.sync, token_of(bridge).id)
    assert source.get()
    assert asked(bridge, "/connect/token") - before == 2


def test_what_a_refresh_rotates_is_stored_before_it_is_used(bridge: Bridge) -> None:
    held = token_of(bridge)
    bridge.later(3600)
    fresh = XeroTokens(bridge.sync, held.id).get()
    now = token_of(bridge)
    assert now.previous_refresh_token == held.refresh_token
    assert bridge.sync.crypt.open(now.access_token) == fresh


def test_an_annoyed_zoho_is_left_alone_for_a_minute_and_loses_no_connection(
    bridge: Bridge,
) -> None:
    bridge.later(2 * 3600)
    source, throttled = ZohoTokens(bridge.sync, bridge.org_id), 0
    for _ in range(12):
        try:
            source.refresh(source.held())
        except Transient:
            throttled += 1
    before = asked(bridge, "/oauth/v2/token")
    if throttled:
        with pytest.raises(Transient, match="zoho_token_throttled"):
            source.refresh(source.held())
        assert asked(bridge, "/oauth/v2/token") == before
    with bridge.sync.database.begin() as session:
        assert session.get_one(ZohoConnection, bridge.org_id).state == "connected"
    bridge.later(11 * 60)
    assert source.get()
