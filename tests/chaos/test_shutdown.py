"""Asked to end, every process ends by itself, soon and with a good conscience."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from redis import Redis

from backend.store.tables import Leader
from dev_tools.ports import free_port, wait_for_port
from tests.chaos.town import CRON, WORKER, Town, town

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]


def waits_for_work(store: Redis) -> bool:
    """Whether a worker has come up: before that it has no ear for signals yet."""
    states = [store.hget(str(_text(name)), "state") for name in store.smembers("rq:workers")]
    return bool(states) and all(_text(state) == "idle" for state in states)


def leads(made: Town) -> bool:
    """Whether cron has come up and leads."""
    with made.bridge.sync.database.begin() as session:
        return session.get(Leader, "cron") is not None


def _text(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value


def test_worker_cron_and_web_end_when_they_are_asked_to(
    sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    with town(sqlite_url, redis_url, tmp_path / "log") as made:
        port = free_port()
        web = made.start(
            "gunicorn", "-k", "gthread", "--bind", f"127.0.0.1:{port}", "backend.wsgi:app"
        )
        processes = [made.start(WORKER), made.start(CRON), web]
        wait_for_port(port, seconds=60, what="the web process")
        until = time.monotonic() + 60
        while not (waits_for_work(made.redis) and leads(made)) and time.monotonic() < until:
            time.sleep(0.1)
        for each in processes:
            each.terminate()
        assert [each.wait(timeout=30) for each in processes] == [0, 0, 0]
        assert made.redis.scard("rq:workers") == 0
