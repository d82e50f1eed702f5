"""The queue: a nudge per organisation and lane. What is pending lives in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from rq import Queue, Retry
from rq.job import Job
from rq.serializers import JSONSerializer

LANES = ("click", "bulk")
"""Queues in the order workers serve them."""
ALLOWED = frozenset({
    "backend.sync.jobs.look", "backend.sync.jobs.sweep_one", "backend.sync.jobs.hear",
    "backend.sync.jobs.tend_channels", "backend.sync.jobs.tell_one",
    "backend.sync.jobs.audit_one", "backend.sync.jobs.keep_alive", "backend.sync.jobs.purge",
})  # fmt: skip
"""The only functions a job may name: whoever can write to Redis must not run code here."""
NUDGED_SECONDS = 30
"""A nudge that was never taken up stops standing in for later ones after this long."""
JOB_SECONDS = 900
FAILURE_SECONDS = 7 * 24 * 3600


class ForbiddenJob(Exception):
    """A job that names a function outside the allow-list; it is never called."""


class SafeJob(Job):
    """A job whose function is checked against the allow-list before it is even imported."""

    @property
    def func(self) -> Any:
        """The function to call; ForbiddenJob for anything that is not ours."""
        if self.func_name not in ALLOWED:
            raise ForbiddenJob("this job names no function of ours")
        return super().func

    # RQ would also call what a job names to be told of its end, and fetch addresses it names.

    @property
    def success_callback(self) -> None:
        """Nothing is called when a job is done."""
        return

    @property
    def failure_callback(self) -> None:
        """Nothing is called when a job failed."""
        return

    @property
    def stopped_callback(self) -> None:
        """Nothing is called when a job was stopped."""
        return

    def send_webhooks(self, *_given: Any, **_named: Any) -> None:
        """No address is asked."""


def queue_of(connection: redis.Redis, lane: str) -> Queue:
    """The queue of one lane; arguments travel as JSON, ids only."""
    return Queue(lane, connection=connection, serializer=JSONSerializer, job_class=SafeJob)


def nudger(connection: redis.Redis) -> Callable[[str, str], None]:
    """A function that puts one nudge per organisation and lane on the queue."""

    def nudge(org_id: str, lane: str) -> None:
        if connection.set(_flag(org_id, lane), "1", nx=True, ex=NUDGED_SECONDS):
            put(connection, lane, "backend.sync.jobs.look", org_id, lane)

    return nudge


def urgent(connection: redis.Redis) -> Callable[[], bool]:
    """A function that tells whether a click waits for a worker."""

    def waits() -> bool:
        try:
            return queue_of(connection, "click").count > 0
        except redis.RedisError:
            return False

    return waits


def taken_up(connection: redis.Redis, org_id: str, lane: str) -> None:
    """The nudge is being followed: whatever comes now needs another one."""
    connection.delete(_flag(org_id, lane))


def put(connection: redis.Redis, lane: str, name: str, *arguments: str) -> None:
    """Enqueue one allow-listed function."""
    queue_of(connection, lane).enqueue(
        name,
        *arguments,
        job_timeout=JOB_SECONDS,
        result_ttl=0,
        failure_ttl=FAILURE_SECONDS,
        retry=Retry(max=2),
    )


def put_once(connection: redis.Redis, lane: str, name: str, *arguments: str) -> None:
    """Enqueue a function, unless the same stands on the queue since a moment ago."""
    if connection.set(_mark(name, arguments), "1", nx=True, ex=NUDGED_SECONDS):
        put(connection, lane, name, *arguments)


def begun(connection: redis.Redis, name: str, *arguments: str) -> None:
    """What ``put_once`` enqueued has begun: whatever comes now needs another one."""
    connection.delete(_mark(name, arguments))


def _mark(name: str, arguments: tuple[str, ...]) -> str:
    return f"put:{name}:{':'.join(arguments)}"


def _flag(org_id: str, lane: str) -> str:
    return f"nudge:{lane}:{org_id}"
