"""Whether the process lives, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import redis
from alembic.runtime.migration import MigrationContext
from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from backend.store.migrated import newest
from backend.store.tables import Link, LogRow, Organisation, XeroConnection
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
        with self._bridge.database.begin() as session:
            organisations = session.scalar(select(func.count()).select_from(Organisation)) or 0
            connections = session.execute(
                select(XeroConnection.state, func.count()).group_by(XeroConnection.state)
            ).all()
            states = session.execute(
                select(Link.module, Link.state, func.count()).group_by(Link.module, Link.state)
            ).all()
            pending = session.scalar(
                select(func.count()).select_from(Link).where(Link.pending > 0, Link.active)
            )
            oldest = session.scalar(
                select(func.min(Link.noted_at)).where(Link.pending > 0, Link.active)
            )
            outcomes = session.execute(
                select(LogRow.module, LogRow.status, func.count()).group_by(
                    LogRow.module, LogRow.status
                )
            ).all()
        age = (self._bridge.now() - oldest).total_seconds() if oldest else 0.0
        yield _gauge("bridge_organisations", "CRM organisations known", [((), organisations)])
        yield _gauge(
            "bridge_xero_connections",
            "Xero organisations by state",
            [((state,), count) for state, count in connections],
            "state",
        )
        yield _gauge(
            "bridge_records",
            "Records by module and state",
            [((module, state), count) for module, state, count in states],
            "module",
            "state",
        )
        yield _gauge("bridge_pending_records", "Records waiting", [((), pending or 0)])
        yield _gauge("bridge_pending_age_seconds", "Longest wait", [((), age)])
        counter = CounterMetricFamily(
            "bridge_outcomes", "Log rows by module and status", labels=["module", "status"]
        )
        for module, status, count in outcomes:
            counter.add_metric([module, status], count)
        yield counter


def _gauge(
    name: str, text_: str, values: list[tuple[tuple[str, ...], float]], *labels: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text_, labels=list(labels))
    for label_values, value in values:
        family.add_metric(list(label_values), value)
    return family
