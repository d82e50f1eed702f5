"""What happens by the clock, and that nothing ends it."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import redis
from sqlalchemy import func, select

from backend.core.errors import ConnectionLost
from backend.store.tables import LogRow, XeroToken
from backend.sync import bulk, connections, jobs, schedule
from backend.sync import requests as clicks
from backend.sync.app import Sync
from backend.sync.queue import queue_of
from backend.sync.schedule import Timed
from tests.sync.bridge import LTD, TRADING, Bridge, connect_zoho


def breaks(_sync: Sync) -> None:
    """Work nobody foresaw the trouble of."""
    raise ZeroDivisionError


def test_a_line_that_breaks_ends_neither_the_others_nor_the_clock(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    lines = (
        Timed(name="broken", every=timedelta(), act=breaks),
        Timed(name="after", every=timedelta(), act=lambda _sync: done.append("after")),
    )
    monkeypatch.setattr(schedule, "TIMETABLE", lines)
    with caplog.at_level(logging.ERROR):
        assert schedule.tick(bridge.sync) == ["broken", "after"]
    assert done == ["after"]
    assert [(r.message, r.__dict__["job"]) for r in caplog.records] == [
        ("timed_work_broke", "broken")
    ]


def waiting(connection: redis.Redis) -> set[str]:
    """The functions that stand on the queue."""
    return {job.func_name for job in queue_of(connection, "bulk").jobs}


def test_what_may_take_long_is_left_to_the_workers(
    bridge: Bridge, redis_connection: redis.Redis
) -> None:
    redis_connection.flushall()
    bridge.later(500 * 24 * 3600)
    bridge.sync.redis = redis_connection
    calls = bridge.world.log.count()
    schedule.tick(bridge.sync)
    assert bridge.world.log.count() == calls
    assert {"backend.sync.jobs.keep_alive", "backend.sync.jobs.purge"} <= waiting(redis_connection)


def test_the_jobs_do_it(bridge: Bridge) -> None:
    jobs.wire(bridge.sync)
    with bridge.sync.database.begin() as session:
        token = session.scalars(select(XeroToken)).one()
        old = bridge.sync.clock() - timedelta(days=500)
        session.add(
            LogRow(org_id=bridge.org_id, tenant_id=LTD, at=old, module="accounts", status="ok")
        )
    bridge.later(31 * 24 * 3600)
    jobs.keep_alive(token.id)
    jobs.purge()
    with bridge.sync.database.begin() as session:
        used = session.get_one(XeroToken, token.id).refreshed_at
        assert bridge.sync.clock() - used < timedelta(minutes=1)
        assert not session.scalar(select(func.count()).where(LogRow.at == old))


@pytest.mark.parametrize("key", ["xero_token_revoked", "zoho_token_revoked"])
@pytest.mark.parametrize("what", ["click", "run"])
def test_who_waits_for_a_reconnection_is_nudged_only_after_it(
    bridge: Bridge, key: str, what: str
) -> None:
    customer = bridge.customer()
    if what == "click":
        clicks.click(
            bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=customer,
            direction="both", by="Ana",
        )  # fmt: skip
    else:
        bulk.preview(
            bridge.sync, org_id=bridge.org_id, module="accounts", direction="both", by="Ana"
        )
    connections.lose(bridge.sync, org_id=bridge.org_id, error=ConnectionLost(key))
    bridge.nudges.clear()
    schedule.nudge_waiting(bridge.sync)
    assert bridge.nudges == []
    if key.startswith("zoho_"):
        connect_zoho(bridge.sync, bridge.world, bridge.browser)
    else:
        bridge.reconnect()
    schedule.nudge_waiting(bridge.sync)
    assert [org for org, _lane in bridge.nudges] == [bridge.org_id]


def test_what_waits_for_another_xero_organisation_is_left_until_it_is_chosen(
    any_bridge: Bridge,
) -> None:
    bridge = any_bridge
    clicks.click(
        bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=bridge.customer(),
        direction="both", by="Ana",
    )  # fmt: skip
    bridge.choose(TRADING)
    bridge.nudges.clear()
    schedule.nudge_waiting(bridge.sync)
    assert bridge.nudges == []
    bridge.choose(LTD)
    schedule.nudge_waiting(bridge.sync)
    assert [org for org, _lane in bridge.nudges] == [bridge.org_id]
