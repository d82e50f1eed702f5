"""Whether the process lives, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

import redis
from alembic.runtime.migration import MigrationContext
from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.apis.limits import BudgetKey
from backend.core.spec import Side
from backend.store import gauges, outcomes
from backend.store.migrated import newest
from backend.web.context import Bridge, bridge

log = logging.getLogger(__name__)

probes = Blueprint("probes", __name__)


class NotReady(Exception):
    """A part does not do its work; the message says what is wrong, without addresses."""


@probes.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@probes.get("/readyz")
def ready() -> Response:
    """200 when every part works, else 503 with the failing parts named."""
    parts = {name: _state(check) for name, check in PARTS.items()}
    failing = [name for name, state in parts.items() if state != "ok"]
    response = jsonify(status="failing" if failing else "ok", failing=failing, parts=parts)
    response.status_code = 503 if failing else 200
    return response


@probes.get("/metrics")
def metrics() -> Response:
    """Figures without a label per customer."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(bridge()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except (SQLAlchemyError, redis.RedisError) as error:
        # The driver's own text may hold an address with a password.
        log.warning("not ready: %s", type(error).__name__)
        return type(error).__name__
    return "ok"


def _database() -> None:
    with bridge().database.begin() as session:
        session.execute(text("SELECT 1"))


def _migrations() -> None:
    with bridge().database.engine.connect() as connection:
        held = MigrationContext.configure(connection).get_current_revision()
    if held != newest():
        raise NotReady(f"at {held or 'nothing'}, needs {newest()}: run python -m backend migrate")


def _redis() -> None:
    connection = bridge().sync.redis
    if connection is None:
        raise NotReady("REDIS_URL is not set")
    connection.ping()


PARTS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
}


class _Figures:
    """Read from the database when asked, so that all processes tell the same."""

    def __init__(self, parts: Bridge) -> None:
        self._bridge = parts

    def collect(self) -> Iterator[Metric]:
        """The metric families of this moment."""
        now = self._bridge.now()
        with self._bridge.database.begin() as session:
            single = {name: read(session, now) for name, read in SINGLE.items()}
            grouped = {name: read(session) for name, (read, _) in GROUPED.items()}
            keys = gauges.keys(session, ASKED_FOR_BUDGET)
            counted = {name: read(session) for name, (read, _) in COUNTED.items()}
        for name, value in single.items():
            yield _gauge(name, [((), value)])
        for name, rows in grouped.items():
            yield _gauge(name, rows, *GROUPED[name][1])
        for name, rows in counted.items():
            counter = CounterMetricFamily(name, HELP[name], labels=list(COUNTED[name][1]))
            for labels, value in rows:
                counter.add_metric(list(labels), value)
            yield counter
        yield _gauge("bridge_budget_day_left", self._left(keys), "side")
        yield _gauge("bridge_budget_redis_lost", [((), float(self._bridge.sync.budget.lost))])

    def _left(self, keys: list[tuple[str, str]]) -> gauges.Rows:
        """The least any of these organisations may still ask of a side today."""
        budget, lowest = self._bridge.sync.budget, dict[str, float]()
        for org_id, tenant_id in keys:
            for side, tenant in ((Side.ZOHO, org_id), (Side.XERO, tenant_id)):
                left = budget.left(BudgetKey(side=side, tenant=tenant)).get("day")
                if left is not None:
                    lowest[side] = min(float(left), lowest.get(side, float(left)))
        return [((str(side),), left) for side, left in lowest.items()]


ASKED_FOR_BUDGET = 50
"""Organisations whose budget is looked up for one reading of the metrics."""


def _gauge(name: str, rows: gauges.Rows, *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, HELP[name], labels=list(labels))
    for label_values, value in rows:
        family.add_metric(list(label_values), value)
    return family


_Single = Callable[[Session, datetime], float]
_Grouped = tuple[Callable[[Session], gauges.Rows], tuple[str, ...]]

SINGLE: dict[str, _Single] = {
    "bridge_organisations": lambda session, _now: gauges.organisations(session),
    "bridge_paused_organisations": gauges.paused,
    "bridge_pending_records": lambda session, _now: gauges.pending(session),
    "bridge_pending_age_seconds": gauges.queue_age,
    "bridge_unsettled_writes": lambda session, _now: gauges.unsettled(session),
    "bridge_webhook_lag_seconds": lambda session, _now: gauges.webhook_lag(session),
    "bridge_webhooks_waiting": lambda session, _now: gauges.webhooks_waiting(session),
    "bridge_webhook_gaps": lambda session, _now: gauges.webhook_gaps(session),
    "bridge_xero_token_age_seconds": gauges.token_age,
    "bridge_last_good_sync_age_seconds": gauges.sync_age,
}
GROUPED: dict[str, _Grouped] = {
    "bridge_records": (gauges.records, ("module", "state")),
    "bridge_connections": (gauges.connections, ("side", "state")),
    "bridge_open_notices": (gauges.notices, ("kind",)),
    "bridge_open_runs": (gauges.open_runs, ("kind",)),
    "bridge_zoho_channels": (gauges.channels, ("state",)),
}
COUNTED: dict[str, _Grouped] = {
    "bridge_outcomes": (outcomes.totals, ("module", "status")),
    "bridge_calls": (gauges.calls, ("side",)),
    "bridge_received_bytes": (gauges.received, ("side",)),
}
HELP = {
    "bridge_organisations": "CRM organisations known",
    "bridge_paused_organisations": "Organisations that rest at the moment",
    "bridge_pending_records": "Records waiting",
    "bridge_pending_age_seconds": "Longest wait of a record that may be looked at",
    "bridge_unsettled_writes": "Writes whose answer is not known yet",
    "bridge_webhook_lag_seconds": "Longest of the newest webhook lags",
    "bridge_webhooks_waiting": "Webhook notes nobody has followed yet",
    "bridge_webhook_gaps": "Holes seen in the numbers of webhook events",
    "bridge_xero_token_age_seconds": "Age of the Xero token that rests longest",
    "bridge_last_good_sync_age_seconds": "Age of the oldest last good sync",
    "bridge_records": "Records by module and state",
    "bridge_connections": "Connections by side and state",
    "bridge_open_notices": "Notices that are open, by kind",
    "bridge_open_runs": "Runs that are not over, by kind",
    "bridge_zoho_channels": "Notification channels by state",
    "bridge_outcomes": "Log rows ever written, by module and status",
    "bridge_calls": "Calls to each side",
    "bridge_received_bytes": "Bytes received from each side",
    "bridge_budget_day_left": "Least calls left today of any organisation swept lately",
    "bridge_budget_redis_lost": "Times this process could not reach the shared budget",
}
"""No label names a customer: what concerns one is in ``/api/health`` and in the log."""
