"""Case 29 and the counting of attempts: one job for two clicks, parking, waits, retry all."""

from __future__ import annotations

import threading

from backend.store.tables import ClickRequest
from backend.sync import requests as clicks
from backend.sync.drain import drain
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, names, told


def test_two_people_who_click_together_share_one_job(any_bridge: Bridge) -> None:
    bridge = any_bridge
    account = bridge.customer()
    asked: list[str] = []
    start = threading.Barrier(2)

    def press(who: str) -> None:
        start.wait()
        asked.append(clicks.click(
            bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=account,
            direction="both", by=who,
        ))  # fmt: skip
        drain(bridge.sync, bridge.org_id)

    people = [threading.Thread(target=press, args=(who,)) for who in ("Ana", "Luc")]
    for each in people:
        each.start()
    for each in people:
        each.join(timeout=60)
    bridge.drain()

    in_sync(bridge.link("accounts", account))
    assert names(bridge) == ["Kestrel Foods"]
    assert len(bridge.log(zoho_id=account, operation="create", status="success")) == 1
    assert told(bridge, account, operation="create").by in {"Ana", "Luc"}
    with bridge.sync.database.begin() as session:
        states = [session.get_one(ClickRequest, each).state for each in asked]
    assert states == ["done", "done"]


def test_two_clicks_before_the_worker_looks_are_one_request(bridge: Bridge) -> None:
    account = bridge.customer()
    first, second = (
        clicks.click(bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=account,
                     direction="both", by=who)
        for who in ("Ana", "Luc")
    )  # fmt: skip
    assert first == second
    bridge.drain()
    assert len(bridge.log(zoho_id=account, status="success")) == 1


def _broken(bridge: Bridge) -> str:
    """A customer Xero answers with trouble for, tried once."""
    bridge.world.faults.add(
        Fault(side="xero", kind="500", match="(PUT|POST) .*/Contacts", times=None)
    )
    account = bridge.customer()
    bridge.click("accounts", account)
    return account


def test_a_failing_record_waits_longer_each_time_and_is_parked_after_three(bridge: Bridge) -> None:
    account = _broken(bridge)
    waits = []
    for attempt in (1, 2):
        link = bridge.link("accounts", account)
        assert (link.attempts, link.parked) == (attempt, False)
        assert link.not_before is not None
        waits.append((link.not_before - bridge.sync.clock()).total_seconds())
        row = told(bridge, account, status="failed")
        assert (row.attempt, row.next_attempt_at) == (attempt, link.not_before)
        bridge.later(waits[-1] - 5)
        bridge.drain()
        assert bridge.link("accounts", account).attempts == attempt
        bridge.later(10)
        bridge.drain()
    assert waits[1] > 5 * waits[0] > 0

    link = bridge.link("accounts", account)
    assert (link.attempts, link.parked, link.pending) == (3, True, 0)
    row = told(bridge, account, status="failed")
    assert (row.attempt, row.next_attempt_at) == (3, None)
    assert row.message_key == "remote_unavailable"
    calls = bridge.world.log.count()
    bridge.later(5 * 3600)
    bridge.drain()
    assert bridge.world.log.count() == calls


def _parked(bridge: Bridge) -> str:
    account = _broken(bridge)
    for _ in range(3):
        bridge.later(700)
        bridge.drain()
    assert bridge.link("accounts", account).parked
    bridge.world.faults.clear()
    return account


def test_a_click_takes_a_parked_record_up_again(bridge: Bridge) -> None:
    account = _parked(bridge)
    link = in_sync(bridge.click("accounts", account))
    assert (link.parked, link.attempts) == (False, 0)
    assert names(bridge) == ["Kestrel Foods"]
    assert told(bridge, account, status="success").operation == "create"


def test_a_change_takes_a_parked_record_up_again(bridge: Bridge) -> None:
    account = _parked(bridge)
    bridge.accept()
    bridge.sweep()
    bridge.later(60)
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Kestrel Foods Ltd"})
    bridge.later(60)
    bridge.sweep()
    in_sync(bridge.link("accounts", account))
    assert len(names(bridge)) == 1


def test_every_record_with_one_cause_is_retried_together(bridge: Bridge) -> None:
    _broken(bridge)
    others = [bridge.customer(f"Customer {n}") for n in range(3)]
    for each in others:
        bridge.click("accounts", each)
    bridge.world.faults.clear()
    count = clicks.retry_all(
        bridge.sync, org_id=bridge.org_id, message_key="remote_unavailable", by="Ana"
    )
    assert count == 4
    bridge.drain()
    for each in others:
        in_sync(bridge.link("accounts", each))
        assert told(bridge, each, status="success").by == "Ana"
    assert len(names(bridge)) == 4


def test_one_record_that_crm_refuses_does_not_stop_its_batch(bridge: Bridge) -> None:
    bridge.accept()
    bridge.sweep()
    good = [
        bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": f"Contact {n}"})
        for n in range(4)
    ]
    long = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "N" * 240})
    bridge.later(60)
    bridge.sweep()

    assert len(bridge.crm_all("Accounts")) == 4
    for each in good:
        in_sync(bridge.link_of_xero("accounts", each))
    (row,) = bridge.log(xero_id=long, status="failed")
    assert row.message_key == "text_too_long"
    assert row.message_params["field"] == "name"
