"""The cron process: `python -m backend.sync.schedule`. Any number may run, one leads at a time."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from sqlalchemy import Select, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend import logs
from backend.core.errors import SyncError
from backend.settings import Settings, SettingsError
from backend.store import leases, notices, outcomes
from backend.store.tables import Link, Organisation, Run, XeroConnection, ZohoConnection
from backend.store.told import Timer
from backend.sync import (
    alarms,
    audits,
    channels,
    forgetting,
    heard,
    queue,
    sweep,
    tokens,
    usage,
)
from backend.sync.app import Sync
from backend.sync.bulk import OPEN
from backend.sync.connections import USABLE
from backend.sync.turn import CLICK

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
LEAD_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One line of the timetable. ``every`` zero: at each tick; ``act`` gets the wiring and is safe
    to repeat."""

    name: str
    every: timedelta
    act: Callable[[Sync], object]


def tick(sync: Sync) -> list[str]:
    """Do what the timetable says is due, if this process leads; the names of what was done.

    A time that was missed is caught up once. One line that fails leaves the others alone and is
    tried again when it is next due.
    """
    with sync.database.begin() as session:
        now = sync.clock()
        if not leases.take(session, "cron", owner=sync.owner, now=now, seconds=LEAD_SECONDS):
            return []
        due = [line for line in TIMETABLE if _is_due(session, line, now)]
    for line in due:
        _act(sync, line)
    usage.settle(sync)
    return [line.name for line in due]


def _act(sync: Sync, line: Timed) -> None:
    try:
        line.act(sync)
    except (SQLAlchemyError, redis.RedisError, SyncError) as error:
        told = {"job": line.name, "error": type(error).__name__}
        log.warning("timed_work_failed", extra=told)
    except Exception as error:
        # Nobody foresaw it; everything else that happens by the clock goes on all the same.
        told = {"job": line.name, "error": type(error).__name__}
        log.exception("timed_work_broke", extra=told)


def _is_due(session: Session, line: Timed, now: datetime) -> bool:
    """Whether its time has come; the next one is set in the same transaction."""
    if not line.every:
        return True
    timer = session.get(Timer, line.name)
    if timer is not None and timer.next_at > now:
        return False
    session.merge(Timer(name=line.name, next_at=now + line.every))
    return True


def put_sweeps(sync: Sync) -> list[str]:
    """Put the sweep of every organisation whose time has come on the queue; their ids."""
    with sync.database.begin() as session:
        due = _due(sync, session, sync.clock())
    _put(sync, "backend.sync.jobs.sweep_one", due)
    return due


def nudge_waiting(sync: Sync) -> None:
    """Nudge for whatever got lost."""
    with sync.database.begin() as session:
        waiting = _waiting(session, sync.clock())
    for org_id, lane in waiting.items():
        sync.nudge(org_id, lane)


def put_notices(sync: Sync) -> list[str]:
    """Put the delivery of what people are to be told on the queue; the organisations' ids."""
    with sync.database.begin() as session:
        due = notices.organisations_due(session, now=sync.clock())
    _put(sync, "backend.sync.jobs.tell_one", due)
    return due


def put_audits(sync: Sync) -> list[str]:
    """Put audits that were asked for, or are due for the day, on the queue; the organisations."""
    with sync.database.begin() as session:
        due = audits.due(session, now=sync.clock())
    _put(sync, "backend.sync.jobs.audit_one", due)
    return due


def count_outcomes(sync: Sync) -> int:
    """Count the log rows that came since the last time, for the metrics; how many."""
    with sync.database.begin() as session:
        return outcomes.count_new(session, now=sync.clock())


def put_resting(sync: Sync) -> list[str]:
    """Have every token set used that has rested for a month, each by a job of its own, so that a
    slow one holds nobody up; their ids."""
    found = tokens.resting(sync)
    if sync.redis is None:
        for token_id in found:
            tokens.keep_alive(sync, token_id)
    else:
        _put(sync, "backend.sync.jobs.keep_alive", found)
    return found


def put_purge(sync: Sync) -> None:
    """Have a worker forget what has been kept long enough; a large log takes its time."""
    if sync.redis is None:
        forgetting.purge(sync)
    else:
        queue.put_once(sync.redis, "bulk", "backend.sync.jobs.purge")


def _put(sync: Sync, job: str, ids: Iterable[str]) -> None:
    if sync.redis is None:
        return
    for each in ids:
        queue.put_once(sync.redis, "bulk", job, each)


def _due(sync: Sync, session: Session, now: datetime) -> list[str]:
    """Organisations whose time has come; their next time is set in the same transaction.

    Who waits for a run keeps its time, so that the sweep comes right after the run.
    """
    found = session.scalars(
        select(Organisation).where(
            Organisation.tenant_id.is_not(None),
            or_(Organisation.next_sweep_at.is_(None), Organisation.next_sweep_at <= now),
        )
    ).all()
    orgs = [org for org in found if not sweep.gives_way(sync, session, org)]
    for org in orgs:
        org.next_sweep_at = next_time(org.id, now, minutes=sync.settings.sync_minutes)
    return [org.id for org in orgs]


def next_time(org_id: str, now: datetime, *, minutes: int) -> datetime:
    """An organisation's next time: each has its own second of the interval, so that thousands do
    not sweep at once, not even after an outage."""
    period = minutes * 60
    place = zlib.crc32(org_id.encode()) % period
    behind = (int(now.timestamp()) - place) % period
    return now + timedelta(seconds=period - behind)


def _waiting(session: Session, now: datetime) -> dict[str, str]:
    """Organisations with something to look at now, and the lane to nudge: a lost nudge is made
    good here. Who rests at a limit is left alone, but for clicks, which keep a reserve; who waits
    for a person to connect again is left alone until then."""
    ready = (Link.pending > 0, Link.active, or_(Link.not_before.is_(None), Link.not_before <= now))
    awake = or_(Organisation.paused_until.is_(None), Organisation.paused_until <= now)
    reserve = or_(
        Organisation.clicks_paused_until.is_(None), Organisation.clicks_paused_until <= now
    )
    here = (Organisation.id == Link.org_id) & (Organisation.tenant_id == Link.tenant_id)
    links = _of_connected(select(Link.org_id).join(Organisation, here)).where(*ready)
    clicks = session.scalars(links.where(reserve, Link.priority <= CLICK).distinct()).all()
    pending = session.scalars(links.where(awake).distinct()).all()
    open_ones = select(Run.org_id).join(Organisation, Organisation.id == Run.org_id)
    runs = session.scalars(
        _of_connected(open_ones).where(awake, Run.state.in_(OPEN), Run.kind != "audit").distinct()
    ).all()
    return {**dict.fromkeys((*pending, *runs), "bulk"), **dict.fromkeys(clicks, "click")}


def _of_connected(query: Select[str]) -> Select[str]:
    """Of these organisations only those whose connections both work."""
    zoho, xero = ZohoConnection, XeroConnection
    chosen = (xero.org_id == Organisation.id) & (xero.tenant_id == Organisation.tenant_id)
    return (
        query.join(zoho, zoho.org_id == Organisation.id)
        .join(xero, chosen)
        .where(zoho.state == USABLE, xero.state == USABLE)
    )


MINUTE = timedelta(minutes=1)
NOW_AND_AGAIN = timedelta(minutes=5)
DAILY = timedelta(hours=24)

TIMETABLE = (
    Timed(name="sweeps", every=timedelta(), act=put_sweeps),
    Timed(name="nudges", every=timedelta(), act=nudge_waiting),
    Timed(name="heard", every=timedelta(), act=heard.tick),
    Timed(name="channels", every=timedelta(), act=channels.tick),
    Timed(name="notices", every=timedelta(), act=put_notices),
    Timed(name="outcomes", every=MINUTE, act=count_outcomes),
    Timed(name="silence", every=NOW_AND_AGAIN, act=alarms.listen),
    Timed(name="audits", every=NOW_AND_AGAIN, act=put_audits),
    Timed(name="tokens", every=DAILY, act=put_resting),
    Timed(name="purge", every=DAILY, act=put_purge),
)
"""Everything that happens by the clock."""


def main() -> int:
    """Tick until told to stop."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.install("cron", settings)
    sync = Sync.from_settings(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            tick(sync)
        except (SQLAlchemyError, redis.RedisError) as error:
            log.warning("tick_failed", extra={"error": type(error).__name__})
        stop.wait(TICK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
