"""Whoever can write to Redis cannot run code here: jobs name functions of ours and nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from backend.sync import jobs, queue
from backend.sync.queue import ALLOWED, SafeJob, queue_of

HERE = "tests.sync.test_jobs_allowed"
TOUCHED: list[str] = []


def touch(*given: Any, **named: Any) -> None:
    """What an intruder would like to run."""
    TOUCHED.append(f"{given} {named}")


class Trap:
    """Runs as soon as it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    """An empty Redis."""
    opened = redis.Redis.from_url(redis_url)
    opened.flushall()
    TOUCHED.clear()
    yield opened
    opened.close()


def work(connection: redis.Redis) -> None:
    """Let one worker do everything that waits."""
    SimpleWorker(
        [queue_of(connection, lane) for lane in queue.LANES], connection=connection,
        serializer=JSONSerializer, job_class=SafeJob,
    ).work(burst=True, logging_level="CRITICAL")  # fmt: skip


def planted(connection: redis.Redis, **changes: Any) -> str:
    """A job as somebody else would write it into Redis."""
    job = Job.create(
        "backend.sync.jobs.hear", connection=connection, serializer=JSONSerializer, origin="click"
    )
    job.save()
    if changes:
        connection.hset(job.key, mapping=changes)
    connection.sadd("rq:queues", "rq:queue:click")
    connection.rpush("rq:queue:click", job.id)
    return job.id


@pytest.mark.parametrize("name", [f"{HERE}.touch", "os.system", "backend.sync.jobs.wire", "touch"])
def test_a_function_that_is_not_listed_is_never_called(connection: redis.Redis, name: str) -> None:
    queue_of(connection, "click").enqueue(name, "x", failure_ttl=60)
    work(connection)
    assert TOUCHED == []
    assert queue_of(connection, "click").failed_job_registry.count == 1


def test_a_pickled_job_is_not_unpickled(connection: redis.Redis, tmp_path: Path) -> None:
    trap = pickle.dumps((Trap(tmp_path / "sprung"), None, [], {}))
    planted(connection, data=trap)
    work(connection)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("field", ["success_callback_name", "failure_callback_name",
                                   "stopped_callback_name"])  # fmt: skip
def test_a_listed_job_calls_nothing_it_names_for_its_end(
    connection: redis.Redis, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "hear", lambda: None)
    planted(connection, **{field: f"{HERE}.touch"})
    work(connection)
    assert TOUCHED == []


def test_a_job_fetches_no_address_it_names(
    connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "hear", lambda: None)
    monkeypatch.setattr("rq.webhook.urlopen", touch)
    hook = '[{"url": "http://localhost:1/", "job_status": "finished", "method": "GET"}]'
    planted(connection, webhooks=hook)
    work(connection)
    assert TOUCHED == []


def test_every_listed_job_exists() -> None:
    assert {name.rpartition(".")[0] for name in ALLOWED} == {"backend.sync.jobs"}
    assert all(callable(getattr(jobs, name.rpartition(".")[2])) for name in ALLOWED)
