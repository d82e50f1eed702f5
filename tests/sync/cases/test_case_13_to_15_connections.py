"""Cases 13 to 15: a token revoked mid batch, another organisation, two workers and one token."""

from __future__ import annotations

import threading

from backend.store.tables import Organisation, XeroConnection
from backend.sync import bulk, runs
from backend.sync.tokens import XeroTokens
from simulator.faults import Fault
from tests.sync.bridge import LTD, TRADING, Bridge
from tests.sync.cases.told import in_sync, names, told


def _token_calls(bridge: Bridge) -> int:
    return sum(
        entry.path.endswith("/connect/token") for entry in bridge.world.log.entries(side="xero")
    )


# --- 13 ----------------------------------------------------------------------------------------


def test_a_token_revoked_mid_batch_stops_at_once_and_resumes_after_reconnecting(
    bridge: Bridge,
) -> None:
    accounts = [bridge.customer(f"Customer {n:03}") for n in range(120)]
    bridge.run_preview("accounts")
    run = bulk.start(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
        preview_id=bridge.previewed, by="Ana",
    )  # fmt: skip
    runs.advance(bridge.sync, bridge.org_id)
    bridge.world.faults.add(
        Fault(side="xero", kind="token_revoked", match="(PUT|POST) .*/Contacts", every=2)
    )
    bridge.drain()

    made = len(names(bridge))
    assert made in {50, 100}
    with bridge.sync.database.begin() as session:
        row = session.query(XeroConnection).filter_by(tenant_id=bridge.tenant).one()
        assert (row.state, row.reason_key) == ("needs_reconnect", "xero_token_revoked")
    calls = bridge.world.log.count()
    for _ in range(5):
        bridge.later(700)
        bridge.drain()
        bridge.sweep()
    assert bridge.world.log.count() - calls <= 2  # no storm
    waiting = [bridge.link("accounts", each) for each in accounts]
    assert sum(each.pending > 0 for each in waiting) >= 120 - made
    assert all(each.attempts == 0 for each in waiting)

    bridge.world.faults.clear()
    bridge.reconnect()
    done = bridge.finish(run)

    assert (done.created, done.failed) == (120, 0)
    assert len(names(bridge)) == len(set(names(bridge))) == 120
    for each in accounts:
        in_sync(bridge.link("accounts", each))
        assert told(bridge, each, status="success", operation="create")


# --- 14 ----------------------------------------------------------------------------------------


def test_another_organisation_uses_no_link_of_the_first_which_finds_its_own_again(
    bridge: Bridge,
) -> None:
    account = bridge.customer()
    first = in_sync(bridge.click("accounts", account))

    bridge.choose(TRADING)
    with bridge.sync.database.begin() as session:
        assert session.get_one(Organisation, bridge.org_id).tenant_id == TRADING
    there = in_sync(bridge.click("accounts", account))

    assert there.id != first.id
    assert there.xero_id != first.xero_id
    assert names(bridge) == ["Kestrel Foods"]
    row = told(bridge, account, tenant_id=TRADING, status="success")
    assert (row.operation, row.xero_id) == ("create", there.xero_id)

    bridge.choose(LTD)
    again = in_sync(bridge.click("accounts", account))
    assert (again.id, again.xero_id) == (first.id, first.xero_id)
    assert names(bridge) == ["Kestrel Foods"]


# --- 15 ----------------------------------------------------------------------------------------


def test_two_workers_that_need_a_fresh_token_refresh_it_once(any_bridge: Bridge) -> None:
    bridge = any_bridge
    with bridge.sync.database.begin() as session:
        row = session.query(XeroConnection).filter_by(tenant_id=bridge.tenant).one()
        token_id = str(row.token_id)
    bridge.later(3 * 3600)
    before, got = _token_calls(bridge), []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        got.append(XeroTokens(bridge.sync, token_id).get())

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(timeout=60)

    assert len(got) == 4
    assert len(set(got)) == 1
    assert _token_calls(bridge) - before == 1
    account = bridge.customer()
    in_sync(bridge.click("accounts", account))
    assert told(bridge, account, status="success").operation == "create"
