"""The worker process: `python -m backend.sync.worker`."""

from __future__ import annotations

import sys

from rq import Worker
from rq.serializers import JSONSerializer

from backend import logs
from backend.settings import Settings, SettingsError
from backend.sync import jobs
from backend.sync.app import Sync
from backend.sync.queue import LANES, SafeJob, queue_of

WORKER_TTL = 30
MAINTENANCE_SECONDS = 10
MONITORING_SECONDS = 5
"""With these a job of a killed worker is found after about 75 s instead of 800 s (measured)."""


def main() -> int:
    """Run until told to stop; a job under way is finished first."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.install("worker", settings)
    sync = Sync.from_settings(settings)
    if sync.redis is None:
        sys.stderr.write("REDIS_URL: is required for a worker and not set\n")
        return 2
    jobs.wire(sync)
    worker = Worker(
        [queue_of(sync.redis, lane) for lane in LANES],
        connection=sync.redis,
        serializer=JSONSerializer,
        job_class=SafeJob,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
    )
    worker.work(with_scheduler=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
