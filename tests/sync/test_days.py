"""Every sweep writes down how the records stand, also when it cannot go on."""

from __future__ import annotations

from backend.store import days
from simulator.faults import Fault
from tests.sync.bridge import LTD, Bridge
from tests.sync.cases.told import in_sync


def stood(bridge: Bridge) -> list[tuple[str, str, int, int]]:
    """Day, module, in sync and waiting, oldest first."""
    first = bridge.sync.clock().date().replace(day=1, month=1)
    with bridge.sync.database.begin() as session:
        rows = days.since(session, bridge.org_id, tenant_id=LTD, first=first)
        return [(row.day.isoformat(), row.module, row.in_sync, row.pending) for row in rows]


def test_each_day_keeps_what_its_last_sweep_found(any_bridge: Bridge) -> None:
    bridge = any_bridge
    bridge.accept("accounts")
    in_sync(bridge.click("accounts", bridge.customer()))
    bridge.sweep()
    first = bridge.sync.clock().date().isoformat()
    assert stood(bridge) == [(first, "accounts", 1, 0)]
    bridge.later(24 * 3600)
    bridge.sweep()
    bridge.customer("Second")
    bridge.sweep()
    second = bridge.sync.clock().date().isoformat()
    assert stood(bridge) == [(first, "accounts", 1, 0), (second, "accounts", 1, 0)]
    bridge.sweep()
    assert stood(bridge)[-1] == (second, "accounts", 2, 0)


def test_a_day_without_an_answer_is_counted_too(bridge: Bridge) -> None:
    bridge.accept("accounts")
    in_sync(bridge.click("accounts", bridge.customer()))
    for side in ("xero", "zoho"):
        bridge.world.faults.add(Fault(side=side, kind="503", times=None))
    bridge.sweep()
    assert [row[1:] for row in stood(bridge)] == [("accounts", 1, 0)]
