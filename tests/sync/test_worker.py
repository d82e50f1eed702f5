"""The worker process has a connection of its own for its queues."""

from __future__ import annotations

from backend.sync.app import REDIS_SECONDS, redis_at
from backend.sync.queue import LANES
from backend.sync.worker import worker_on


def test_what_counts_calls_is_not_made_to_wait_as_long_as_a_queue(redis_url: str) -> None:
    counting = redis_at(redis_url)
    counting.ping()
    worker = worker_on(redis_url)
    assert worker.connection.connection_pool.connection_kwargs["socket_timeout"] > REDIS_SECONDS
    assert counting.connection_pool.connection_kwargs["socket_timeout"] == REDIS_SECONDS
    counting.close()


def test_a_worker_serves_all_lanes_or_those_it_is_given(redis_url: str) -> None:
    assert [queue.name for queue in worker_on(redis_url).queues] == list(LANES)
    assert [queue.name for queue in worker_on(redis_url, ["click"]).queues] == ["click"]
