"""Our own clock may be wrong, and people move theirs twice a year: nothing is lost by either."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.sync import rhythm
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


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("Europe/London", date(2026, 3, 29)),
        ("Europe/London", date(2026, 10, 25)),
        ("Australia/Sydney", date(2026, 4, 5)),
        ("Australia/Sydney", date(2026, 10, 4)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
    ],
)
@pytest.mark.parametrize("org_id", ["abc", "early", "late", "org3"])
def test_each_night_reads_everything_once_also_when_people_move_their_clocks(
    zone: str, change: date, org_id: str
) -> None:
    facts, reads = {"org": {"time_zone": zone}}, list[datetime]()
    now = datetime.combine(change - timedelta(days=3), time(12), ZoneInfo(zone)).astimezone(UTC)
    last = rhythm.night_of(org_id, facts, now)
    for _ in range(6 * 144):
        now += timedelta(minutes=10)
        if last < rhythm.night_of(org_id, facts, now):
            last = now
            reads.append(now.astimezone(ZoneInfo(zone)))
    nights = Counter(at.date() for at in reads)
    assert set(nights.values()) == {1}
    assert len(nights) == 6
    assert {at.hour for at in reads} <= {1, 2, 3, 4, 5}
