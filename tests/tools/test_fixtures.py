"""The ground the other tests stand on."""

import socket
import stat
from pathlib import Path

import pytest
import redis
import sqlalchemy

from dev_tools.redis_server import start_redis
from tests.support.databases import Databases
from tests.support.fence import OutsideWorld


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(OutsideWorld):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OutsideWorld):
        socket.create_connection(("api.xero.com", 443), timeout=1)


def test_redis_is_empty_at_the_start_of_each_test(redis_connection: "redis.Redis") -> None:
    assert redis_connection.dbsize() == 0
    redis_connection.set("left", "over")


def test_redis_is_empty_again(redis_connection: "redis.Redis") -> None:
    assert redis_connection.dbsize() == 0


def test_empty_database_answers_and_holds_no_table(empty_database_url: str) -> None:
    engine = sqlalchemy.create_engine(empty_database_url)
    assert sqlalchemy.inspect(engine).get_table_names() == []
    engine.dispose()


def test_dropped_database_is_gone(databases: Databases) -> None:
    url = databases.empty("postgresql")
    databases.drop(url)
    engine = sqlalchemy.create_engine(url)
    with pytest.raises(sqlalchemy.exc.OperationalError):
        engine.connect()
    engine.dispose()


def test_own_redis_wants_its_password_and_hides_it_from_others(tmp_path: Path) -> None:
    server = start_redis(tmp_path / "redis", durable=True)
    try:
        stranger = redis.Redis(port=server.port)
        with stranger, pytest.raises(redis.exceptions.AuthenticationError):
            stranger.ping()
        with redis.Redis.from_url(server.url) as friend:
            assert friend.config_get("appendonly") == {"appendonly": "yes"}
    finally:
        server.stop()
    assert stat.S_IMODE((tmp_path / "redis" / "redis.conf").stat().st_mode) == 0o600


def test_durable_redis_remembers_what_it_was_told_before_it_was_killed(tmp_path: Path) -> None:
    first = start_redis(tmp_path, durable=True)
    with redis.Redis.from_url(first.url) as connection:
        connection.set("job", "queued")
    first.process.kill()
    first.process.wait()
    second = start_redis(tmp_path, durable=True)
    try:
        with redis.Redis.from_url(second.url) as connection:
            assert connection.get("job") == b"queued"
    finally:
        second.stop()
