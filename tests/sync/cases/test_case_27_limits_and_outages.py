"""Case 27: every kind of refusal and outage is waited out as told, and costs nothing twice."""

from __future__ import annotations

import pytest

from backend.apis.budget import Budget
from backend.store.tables import Organisation
from backend.sync import sweep
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, names

RATE = ("minute_limit", "day_limit", "app_limit")


@pytest.mark.parametrize(
    ("side", "kind", "seconds"),
    [
        ("xero", "minute_limit", 30),
        ("xero", "day_limit", 0),
        ("xero", "app_limit", 0),
        ("xero", "503", 0),
        ("xero", "503_text", 0),
        ("xero", "html", 0),
        ("xero", "slow", 60),
        ("zoho", "concurrency", 0),
        ("zoho", "500", 0),
    ],
)
def test_it_waits_as_told_and_goes_on_by_itself(
    bridge: Bridge, side: str, kind: str, seconds: float
) -> None:
    bridge.accept()
    clock = bridge.world.clock
    bridge.sync.budget = Budget(clock=lambda: clock.now().timestamp(), alone=True)
    first = bridge.customer("Alder Inn")
    in_sync(bridge.click("accounts", first))
    match = "(PUT|POST) .*/Contacts" if side == "xero" else "(PUT|POST) .*/Accounts"
    bridge.world.faults.add(Fault(side=side, kind=kind, match=match, seconds=seconds))
    account = bridge.customer("Kestrel Foods")
    link = bridge.click("accounts", account)
    if kind in RATE:
        assert (link.pending, link.attempts) != (0, 0)
        with bridge.sync.database.begin() as session:
            held = session.get_one(Organisation, bridge.org_id)
            assert (held.pause_key or "").startswith("rate_")
            until = held.paused_until
        assert until is not None
        most = 86_401 if kind == "day_limit" else max(seconds, 60) + 1
        assert (until - bridge.sync.clock()).total_seconds() <= most
        before = bridge.world.log.count()
        bridge.drain()
        sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
        assert bridge.world.log.count() == before  # nobody asks before the told time
        assert link.attempts == 0
        bridge.later((until - bridge.sync.clock()).total_seconds() + 1)
    bridge.later(max(seconds, 700) + 1)
    bridge.drain()
    in_sync(bridge.link("accounts", account))
    assert names(bridge) == ["Alder Inn", "Kestrel Foods"]
