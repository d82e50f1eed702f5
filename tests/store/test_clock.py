"""The time that all workers agree on."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from backend.store import leases
from backend.store.clock import DatabaseClock, clock_of
from backend.store.columns import utcnow
from backend.store.engine import Database, make_engine
from backend.sync.app import Sync
from simulator.world import World
from tests.sync.bridge import settings_for

NEAR = timedelta(seconds=5)


class Machine:
    """A machine whose clock is five minutes ahead, and whose steady clock a test turns."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def wall(self) -> datetime:
        """What the machine believes."""
        return datetime.now(UTC) + timedelta(minutes=5)

    def steady(self) -> float:
        """Seconds since it was switched on."""
        return self.seconds


def clock_on(machine: Machine, url: str) -> DatabaseClock:
    """The clock of a process on that machine."""
    return DatabaseClock(make_engine(url), wall=machine.wall, steady=machine.steady)


def test_a_machine_that_is_ahead_keeps_the_databases_time(postgres_url: str) -> None:
    machine = Machine()
    now = clock_on(machine, postgres_url)
    first = now()
    assert abs(first - datetime.now(UTC)) < NEAR
    machine.seconds += 30
    assert now() - first == timedelta(seconds=30)
    machine.seconds += 31
    assert abs(now() - datetime.now(UTC)) < NEAR


def test_a_machine_that_is_ahead_takes_no_live_lease(postgres_url: str) -> None:
    database, ahead = Database(postgres_url), Machine()
    now = clock_on(ahead, postgres_url)
    with database.begin() as session:
        assert leases.take(session, "cron", owner="right", now=utcnow(), seconds=20)
    with database.begin() as session:
        assert not leases.take(session, "cron", owner="ahead", now=now(), seconds=20)
    with database.begin() as session:
        leases.release(session, "cron", owner="right")
        assert leases.take(session, "cron", owner="ahead", now=now(), seconds=20)
    later = utcnow() + timedelta(seconds=40)
    with database.begin() as session:
        assert leases.take(session, "cron", owner="right", now=later, seconds=20)
    database.dispose()


def test_while_the_database_is_away_its_last_answer_is_counted_on(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine()
    now = clock_on(machine, postgres_url)
    first = now()
    monkeypatch.setattr(now, "_engine", make_engine("postgresql://nobody@127.0.0.1:1/none"))
    machine.seconds += 200
    with caplog.at_level(logging.WARNING):
        assert now() - first == timedelta(seconds=200)
    assert [record.message for record in caplog.records] == ["database_clock_unknown"]


def test_before_any_answer_the_machines_own_time_stands_in() -> None:
    now = clock_on(Machine(), "postgresql://nobody@127.0.0.1:1/none")
    assert abs(now() - utcnow() - timedelta(minutes=5)) < NEAR


def test_every_process_on_postgresql_keeps_the_databases_time(
    world: World, postgres_url: str, sqlite_url: str
) -> None:
    on_postgres = Sync.from_settings(settings_for(world, postgres_url))
    assert isinstance(on_postgres.clock, DatabaseClock)
    on_sqlite = Sync.from_settings(settings_for(world, sqlite_url))
    assert on_sqlite.clock is utcnow
    assert clock_of(on_sqlite.database.engine) is utcnow
    for sync in (on_postgres, on_sqlite):
        sync.database.dispose()
