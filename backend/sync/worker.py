"""The worker process: `python -m backend.sync.worker [click|bulk ...]`, by default both queues."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rq import Worker
from rq.serializers import JSONSerializer

from backend import logs
from backend.settings import Settings, SettingsError
from backend.sync import jobs
from backend.sync.app import Sync, redis_at
from backend.sync.queue import LANES, SafeJob, queue_of

WORKER_TTL = 30
MAINTENANCE_SECONDS = 10
MONITORING_SECONDS = 5
"""With these a job of a killed worker is found after about 75 s instead of 800 s (measured)."""


def main(lanes: Sequence[str] = ()) -> int:
    """Run until told to stop; a job under way is finished first. With ``lanes`` only these."""
    if unknown := set(lanes) - set(LANES):
        sys.stderr.write(f"{', '.join(sorted(unknown))}: no queue; there are {', '.join(LANES)}\n")
        return 2
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.install("worker", settings)
    if settings.redis_url is None:
        sys.stderr.write("REDIS_URL: is required for a worker and not set\n")
        return 2
    jobs.wire(Sync.from_settings(settings))
    worker_on(settings.redis_url, lanes).work(with_scheduler=False)
    return 0


def worker_on(redis_url: str, lanes: Sequence[str] = ()) -> Worker:
    """A worker for these lanes, or for all, on a connection of its own.

    RQ gives its connection's sockets the time its blocking wait for a job takes, 25 seconds; what
    counts calls during a job must learn within two that Redis hangs.
    """
    connection = redis_at(redis_url)
    return Worker(
        [queue_of(connection, lane) for lane in LANES if not lanes or lane in lanes],
        connection=connection,
        serializer=JSONSerializer,
        job_class=SafeJob,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
