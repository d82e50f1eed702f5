"""The shell's wiring: settings, database, Redis, the wire to both systems, and the clock."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from requests.adapters import BaseAdapter

from backend.apis.budget import Budget
from backend.apis.http import RequestsTransport, Transport
from backend.apis.limits import DEFAULT_LIMITS, Limits
from backend.apis.xero.wire import XeroURLs
from backend.core.spec import Side
from backend.settings import Settings
from backend.store.clock import clock_of
from backend.store.columns import utcnow
from backend.store.engine import Database
from backend.sync import exchanges
from backend.sync.crypt import Crypt
from backend.sync.queue import nudger, urgent
from backend.sync.tally import Tally

log = logging.getLogger(__name__)


REDIS_SECONDS = 2.0
"""How long Redis may take to answer before it counts as lost."""


def redis_at(url: str) -> redis.Redis:
    """Redis, which raises `redis.RedisError` within `REDIS_SECONDS` when it hangs.

    A connection that was cut is made anew once; one that hangs is not waited for again. RQ gives a
    worker's sockets the longer time its blocking wait for a job needs.
    """
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


def nothing_urgent() -> bool:
    """Where there is no queue, nobody waits on it."""
    return False


@dataclass(kw_only=True)
class Sync:
    """What every function of the shell is handed first. One per process; safe to fork."""

    settings: Settings
    database: Database
    redis: redis.Redis | None
    transport: Transport
    budget: Budget
    crypt: Crypt
    clock: Callable[[], datetime] = utcnow
    enqueue: Callable[[str, str], None] | None = None
    """(organisation, lane) -> puts a nudge on the queue; None where no worker runs."""
    urgent: Callable[[], bool] = nothing_urgent
    """Whether a click waits on the queue for a worker."""
    sleep: Callable[[float], None] = time.sleep
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    tally: Tally = field(default_factory=Tally)
    """What was called and is not written down yet."""

    @classmethod
    def from_settings(
        cls, settings: Settings, *, adapters: Mapping[str, BaseAdapter] | None = None
    ) -> Sync:
        """Everything real; ``adapters`` replace the network in tests."""
        connection = redis_at(settings.redis_url) if settings.redis_url else None
        limits: Mapping[Side, Limits] = {
            **DEFAULT_LIMITS,
            Side.XERO: Limits(
                minute=settings.xero_calls_per_minute,
                day=settings.xero_calls_per_day,
                concurrent=settings.xero_concurrency,
                app_minute=DEFAULT_LIMITS[Side.XERO].app_minute,
            ),
        }
        database = Database(settings.database_url)
        return cls(
            clock=clock_of(database.engine),
            enqueue=nudger(connection) if connection is not None else None,
            urgent=urgent(connection) if connection is not None else nothing_urgent,
            settings=settings,
            database=database,
            redis=connection,
            transport=RequestsTransport(adapters or {}, on_exchange=exchanges.happened),
            budget=Budget(connection, limits=limits),
            crypt=Crypt(settings.token_keys),
        )

    def new_owner(self) -> str:
        """A name for one holder of a lease; two turns of one process exclude each other too."""
        return f"{self.owner[:16]}-{uuid.uuid4().hex[:16]}"

    @property
    def xero_urls(self) -> XeroURLs:
        """Xero's three hosts as configured."""
        return XeroURLs(
            login=self.settings.xero_login_url,
            identity=self.settings.xero_identity_url,
            api=self.settings.xero_api_url,
        )

    def nudge(self, org_id: str, lane: str) -> None:
        """Tell a worker that something waits. Losing it only means waiting for the next tick."""
        if self.enqueue is None:
            return
        try:
            self.enqueue(org_id, lane)
        except redis.RedisError as error:
            log.warning("nudge_lost", extra={"org": org_id, "error": type(error).__name__})
