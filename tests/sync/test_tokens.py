"""Tokens: kept alive, asked for once more when an answer is lost, left alone when Zoho is annoyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.apis.http import Answer, Request
from backend.core.errors import ConnectionLost, Transient
from backend.store.tables import XeroToken, ZohoConnection
from backend.store.told import Notice
from backend.sync import connections, sweep, tokens
from backend.sync.tokens import XeroTokens, ZohoTokens
from simulator.faults import Fault
from tests.sync.bridge import Bridge, connect_zoho

DAY = 24 * 3600


def asked(bridge: Bridge, path: str) -> int:
    """How often a token endpoint was asked."""
    return sum(entry.path.endswith(path) for entry in bridge.world.log.entries())


def token_of(bridge: Bridge) -> XeroToken:
    """The one Xero token set."""
    with bridge.sync.database.begin() as session:
        return session.query(XeroToken).one()


def kept_alive(bridge: Bridge) -> int:
    """How many token sets were used because they had rested."""
    return sum(tokens.keep_alive(bridge.sync, each) for each in tokens.resting(bridge.sync))


def test_a_token_that_rests_for_a_month_is_used_so_that_it_does_not_die(bridge: Bridge) -> None:
    bridge.later(29 * DAY)
    assert kept_alive(bridge) == 0
    bridge.later(2 * DAY)
    assert kept_alive(bridge) == 1
    for _ in range(3):  # a quarter of a year in which nothing is synced
        bridge.later(31 * DAY)
        assert kept_alive(bridge) == 1
        assert kept_alive(bridge) == 0
    assert XeroTokens(bridge.sync, token_of(bridge).id).get()


def test_without_being_used_it_would_be_dead_after_sixty_days(bridge: Bridge) -> None:
    bridge.later(61 * DAY)
    assert kept_alive(bridge) == 0


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


class Dripping:
    """The wire to both systems; while the first answer of a token endpoint drips in, something
    else happens."""

    def __init__(self, bridge: Bridge, meanwhile: Callable[[], object], match: str) -> None:
        self.wire, self.meanwhile, self.match = bridge.sync.transport, meanwhile, match
        bridge.sync.transport = self

    def send(self, request: Request) -> Answer:
        """Pass it on."""
        answer = self.wire.send(request)
        if self.match in request.url and (act := self.meanwhile) is not do_nothing:
            self.meanwhile = do_nothing
            act()
        return answer


def do_nothing() -> None:
    """The rest of the time."""


def test_an_answer_that_outlived_its_lease_does_not_replace_a_newer_token(
    any_bridge: Bridge,
) -> None:
    bridge = any_bridge
    token_id = token_of(bridge).id
    slow, quick = XeroTokens(bridge.sync, token_id), XeroTokens(bridge.sync, token_id)

    def a_minute_later() -> None:
        bridge.later(61)
        quick.refresh(quick.held())

    Dripping(bridge, a_minute_later, "connect/token")
    got = slow.refresh(slow.held())
    assert got == quick.held() == slow.held()


def test_a_reconnection_during_a_refresh_is_kept(bridge: Bridge) -> None:
    source = XeroTokens(bridge.sync, token_of(bridge).id)
    Dripping(bridge, bridge.reconnect, "connect/token")
    got = source.refresh(source.held())
    assert got == source.held()
    bridge.later(40 * 60)
    assert source.refresh(source.held()) != got


def test_a_crm_reconnection_during_a_refresh_is_kept(any_bridge: Bridge) -> None:
    bridge = any_bridge
    source = ZohoTokens(bridge.sync, bridge.org_id)
    agreed: list[str] = []

    def reconnect() -> None:
        connect_zoho(bridge.sync, bridge.world, bridge.browser)
        agreed.append(source.held())

    Dripping(bridge, reconnect, "/oauth/v2/token")
    assert source.refresh(source.held()) == agreed[0] == source.held()


def test_a_refresh_whose_lease_somebody_took_over_asks_no_second_time(bridge: Bridge) -> None:
    token_id = token_of(bridge).id
    source, other = XeroTokens(bridge.sync, token_id), XeroTokens(bridge.sync, token_id)
    before, taken = asked(bridge, "/connect/token"), []

    def a_minute_later() -> None:
        bridge.later(61)
        taken.append(other._take())
        raise Transient("remote_unavailable")

    Dripping(bridge, a_minute_later, "connect/token")
    with pytest.raises(Transient):
        source.refresh(source.held())
    assert taken == [True]
    assert asked(bridge, "/connect/token") - before == 1


def test_a_second_attempt_has_the_whole_lease_again(bridge: Bridge) -> None:
    token_id = token_of(bridge).id
    source, other = XeroTokens(bridge.sync, token_id), XeroTokens(bridge.sync, token_id)
    taken = []

    def second() -> None:
        bridge.later(50)
        taken.append(other._take())

    def first() -> None:
        bridge.later(50)
        wire.meanwhile = second
        raise Transient("remote_unavailable")

    wire = Dripping(bridge, first, "connect/token")
    assert source.refresh(source.held())
    assert taken == [False]


def test_within_the_grace_the_token_before_saves_a_connection(bridge: Bridge) -> None:
    source = XeroTokens(bridge.sync, token_of(bridge).id)
    source.refresh(source.held())
    at_xero = bridge.world.xero.oauth.refresh
    del at_xero[bridge.sync.crypt.open(token_of(bridge).refresh_token)]
    bridge.later(29 * 60 + 30)
    fresh = source.get()
    assert fresh == source.held()
    bridge.later(1800)
    assert source.get() != fresh


def test_after_the_grace_a_dead_token_is_the_end(bridge: Bridge) -> None:
    source = XeroTokens(bridge.sync, token_of(bridge).id)
    source.refresh(source.held())
    del bridge.world.xero.oauth.refresh[bridge.sync.crypt.open(token_of(bridge).refresh_token)]
    bridge.later(1801)
    before = asked(bridge, "/connect/token")
    with pytest.raises(ConnectionLost, match="xero_token_revoked"):
        source.get()
    assert asked(bridge, "/connect/token") - before == 1


@pytest.mark.parametrize(
    ("table", "reason"),
    [(XeroToken, "xero_token_unreadable"), (ZohoConnection, "zoho_token_unreadable")],
)
@pytest.mark.parametrize("column", ["access_token", "refresh_token"])
def test_a_token_that_no_key_opens_is_a_lost_connection_and_is_told(
    bridge: Bridge, table: type[XeroToken | ZohoConnection], reason: str, column: str
) -> None:
    bridge.accept("accounts")
    with bridge.sync.database.begin() as session:
        session.execute(update(table).values({column: b"sealed by a lost key"}))
    bridge.later(2 * 3600)
    assert not sweep.sweep(bridge.sync, bridge.org_id)
    side = reason[:4]
    seen = connections.overview(bridge.sync, org_id=bridge.org_id)[side]
    assert (seen["state"], seen["reason_key"]) == ("needs_reconnect", reason)
    with bridge.sync.database.begin() as session:
        told = session.query(Notice).filter_by(subject=f"alarm:connection:{side}").one()
        assert told.message_key == reason


def test_an_unreadable_token_does_not_keep_the_others_from_being_kept_alive(
    bridge: Bridge,
) -> None:
    bridge.later(31 * DAY)
    with bridge.sync.database.begin() as session:
        old = bridge.sync.clock() - 31 * timedelta(days=1)
        session.add(
            XeroToken(
                org_id=bridge.org_id, xero_user_id="x", refresh_token=b"?", access_token=b"?",
                expires_at=old, refreshed_at=old - timedelta(days=1),
            )
        )  # fmt: skip
    assert kept_alive(bridge) == 1
