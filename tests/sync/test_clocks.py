"""Our own clock may be wrong, and people move theirs twice a year: nothing is lost by either."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync

DELETE = {"allow": True, "create": True, "update": True, "delete": True}


@pytest.mark.parametrize("minutes", [-30, -6, 6, 30])
def test_a_deletion_nobody_told_is_found_though_our_clock_is_wrong(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    right = bridge.sync.clock
    bridge.accept()
    bridge.settings(accounts={"to_xero": DELETE})
    account = bridge.customer()
    in_sync(bridge.click("accounts", account))
    monkeypatch.setattr(bridge.sync, "clock", lambda: right() + timedelta(minutes=minutes))
    bridge.sweep()
    bridge.later(3700)
    bridge.sweep()
    bridge.later(20)
    bridge.world.zoho.delete("Accounts", account)
    for _ in range(4):
        bridge.later(1900)
        bridge.sweep()
    row = bridge.log(module="accounts", zoho_id=account)[0]
    assert (row.operation, row.status) == ("archive", "success")
