"""The cron process: `python -m backend.sync.schedule`. Any number may run, one leads at a time."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from datetime import datetime, timedelta

import redis
from sqlalchemy import or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.settings import Settings, SettingsError
from backend.store import leases
from backend.store.tables import Link, Organisation, Run
from backend.sync import channels, heard, queue
from backend.sync.app import Sync

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
LEAD_SECONDS = 30.0


def tick(sync: Sync) -> list[str]:
    """Do what is due, if this process leads: sweeps, and nudges for whatever got lost.

    The organisations whose sweep was put on the queue. A missed time is caught up once.
    """
    now = sync.clock()
    with sync.database.begin() as session:
        if not leases.take(session, "cron", owner=sync.owner, now=now, seconds=LEAD_SECONDS):
            return []
        due = _due(sync, session, now)
        waiting = _waiting(session, now)
    if sync.redis is not None:
        for org_id in due:
            queue.put(sync.redis, "bulk", "backend.sync.jobs.sweep_one", org_id)
    for org_id in waiting:
        sync.nudge(org_id, "bulk")
    heard.tick(sync)
    channels.tick(sync)
    return due


def _due(sync: Sync, session: Session, now: datetime) -> list[str]:
    """Organisations whose time has come; their next time is set in the same transaction."""
    orgs = session.scalars(
        select(Organisation).where(
            Organisation.tenant_id.is_not(None),
            or_(Organisation.next_sweep_at.is_(None), Organisation.next_sweep_at <= now),
        )
    ).all()
    for org in orgs:
        org.next_sweep_at = sync.clock() + timedelta(minutes=sync.settings.sync_minutes)
    return [org.id for org in orgs]


def _waiting(session: Session, now: datetime) -> set[str]:
    """Organisations with something to look at now: a lost nudge is made good here."""
    pending = session.scalars(
        select(Link.org_id)
        .where(
            Link.pending > 0,
            Link.active,
            or_(Link.not_before.is_(None), Link.not_before <= now),
        )
        .distinct()
    ).all()
    runs = session.scalars(
        select(Run.org_id).where(Run.state.in_(("queued", "reading", "running"))).distinct()
    ).all()
    return {*pending, *runs}


def main() -> int:
    """Tick until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sync = Sync.from_settings(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            tick(sync)
        except (OperationalError, redis.RedisError) as error:
            log.warning("tick_failed", extra={"error": type(error).__name__})
        stop.wait(TICK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
