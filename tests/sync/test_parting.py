"""Whoever parts from Xero takes nothing from another organisation of the same accountant."""

from __future__ import annotations

from backend.modules import all_specs
from backend.sync import connections
from backend.sync.clients import xero_client
from backend.sync.leaving import leave
from simulator.faults import Fault
from tests.sync.bridge import LTD, TRADING, Bridge, connect_xero


def customer_of_the_same_accountant(bridge: Bridge, tenant: str = TRADING) -> str:
    """One more CRM organisation, connected by the person who connected the first one."""
    other = connections.ensure_organisation(
        bridge.sync, zoho_org_id="999", name="Other Ltd", locale="en"
    )
    connect_xero(bridge.sync, bridge.browser, other)
    connections.choose(bridge.sync, org_id=other, tenant_id=tenant, by="Bo")
    return other


def goes_on(bridge: Bridge, org_id: str) -> set[str]:
    """Read a page an hour later, with a token that is refreshed; what Xero lists as connected."""
    bridge.later(3600)
    client, _tenant = xero_client(bridge.sync, org_id)
    client.page(all_specs()["accounts"].xero, number=1)
    return {str(row["tenantId"]) for row in client.connections()}


def revocations(bridge: Bridge) -> int:
    """How often a token was revoked at Xero."""
    return sum("revocation" in each.path for each in bridge.world.log.entries("xero"))


def test_a_reset_leaves_the_other_customer_of_the_accountant_connected(any_bridge: Bridge) -> None:
    bridge = any_bridge
    other = customer_of_the_same_accountant(bridge)
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert goes_on(bridge, other) == {TRADING}
    assert revocations(bridge) == 0


def test_the_last_customer_of_the_accountant_revokes_the_token(bridge: Bridge) -> None:
    other = customer_of_the_same_accountant(bridge)
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    connections.reset(bridge.sync, org_id=other, by="Bo")
    assert revocations(bridge) == 1
    assert bridge.world.xero.oauth.connections == {}


def test_who_leaves_for_good_takes_nobody_along(bridge: Bridge) -> None:
    other = customer_of_the_same_accountant(bridge)
    bridge.later(3600)
    leave(bridge.sync, bridge.org_id, by="operator")
    assert goes_on(bridge, other) == {TRADING}


def test_a_xero_organisation_that_two_sync_with_stays_connected(any_bridge: Bridge) -> None:
    bridge = any_bridge
    other = customer_of_the_same_accountant(bridge, LTD)
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert LTD in goes_on(bridge, other)


def test_a_connection_already_ended_at_xero_is_no_trouble(bridge: Bridge) -> None:
    other = customer_of_the_same_accountant(bridge)
    bridge.world.xero.disconnect(LTD)
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert connections.overview(bridge.sync, org_id=bridge.org_id)["xero"]["state"] == (
        "disconnected"
    )
    assert goes_on(bridge, other)


def test_a_xero_that_is_away_keeps_no_token_here(bridge: Bridge) -> None:
    customer_of_the_same_accountant(bridge)
    bridge.later(3600)
    bridge.world.faults.add(Fault(side="xero", kind="503", times=None))
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert connections.overview(bridge.sync, org_id=bridge.org_id)["xero"]["state"] == (
        "disconnected"
    )
