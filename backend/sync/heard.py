"""What the two systems told: written down at once, followed a moment later by a worker.

A webhook must be answered fast whatever the load, so the request only writes down what it said.
Following it means: find whose record it is, note what is worth a look, see what is missing.
"""

from __future__ import annotations

import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from sqlalchemy import insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from backend.apis.xero.webhooks import Event
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store import leases, pulses
from backend.store.live import WebhookNote
from backend.store.tables import Organisation, XeroConnection
from backend.sync import channels, gaps, queue
from backend.sync.app import Sync
from backend.sync.hints import hint, hint_xero

log = logging.getLogger(__name__)

AT_ONCE = 1000
"""Notes followed in one go."""
HEARING_SECONDS = 60.0
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EARS = "ears"
"""The list in Redis."""
MOST_WAITING = 100_000
JOB = "backend.sync.jobs.hear"
LONGEST_LAG = 366 * 24 * 3600
EARLIEST, LATEST = timedelta(days=366), timedelta(days=2)
"""An event dated further off than this says nothing of when it was: year 1 is a date left empty."""
PASSING = (OperationalError, InterfaceError, redis.RedisError)
"""Trouble of the database or of Redis, which passes; no note is to blame for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One record one message named; ``org_id`` where the address says whose it is."""

    side: Side
    module: str
    record_id: str
    org_id: str | None = None
    tenant_id: str | None = None
    event_at: datetime | None = None
    sequence: int | None = None


def of_xero(events: Iterable[Event]) -> list[Notice]:
    """Events as notices; whose they are is found when they are followed. One that names no record
    is kept for its number alone."""
    return [
        Notice(
            side=Side.XERO, module=event.category, tenant_id=_plain(event.tenant_id)[:64] or None,
            record_id=event.resource_id if GUID.fullmatch(event.resource_id) else "",
            event_at=event.at, sequence=event.sequence,
        )
        for event in events
    ]  # fmt: skip


def _plain(word: str) -> str:
    """A sender's word without what has no place in a name, or in a database at all."""
    return re.sub(r"[^A-Za-z0-9_-]", "", word)


def keep(sync: Sync, notices: Sequence[Notice]) -> None:
    """Write down what was told, and wake a worker to follow it.

    Redis takes it without waiting for anybody; where there is none, or it does not answer, the
    database does. What a lost Redis forgets was only a hint.
    """
    if not notices:
        return
    rows = [_row(each, sync.clock()) for each in notices]
    if not _pushed(sync, rows):
        _write(sync, rows)
    wake(sync)


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    """A notice as it travels through Redis; a time nobody can mean is none."""
    at = notice.event_at if notice.event_at is None or _is_near(notice.event_at, now) else None
    return {
        "side": str(notice.side),
        "org_id": notice.org_id,
        "tenant_id": notice.tenant_id,
        "module": _plain(notice.module)[:32],
        "record_id": notice.record_id,
        "event_at": at.isoformat() if at is not None else None,
        "received_at": now.isoformat(),
        "sequence": notice.sequence,
    }


def _is_near(at: datetime, now: datetime) -> bool:
    return now - EARLIEST < at < now + LATEST


def _opened(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same as the database keeps it, waiting to be followed."""
    times = {
        name: datetime.fromisoformat(row[name]) if row[name] else None
        for name in ("event_at", "received_at")
    }
    return {**row, **times, "open": True}


def _pushed(sync: Sync, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Redis took them; a list nobody has emptied for long takes no more."""
    if sync.redis is None:
        return False
    try:
        waiting: Any = sync.redis.rpush(EARS, *(json.dumps(row) for row in rows))
        if int(waiting) > MOST_WAITING:
            sync.redis.ltrim(EARS, -MOST_WAITING, -1)
            log.warning("webhooks_dropped", extra={"count": int(waiting) - MOST_WAITING})
    except redis.RedisError as error:
        log.warning("webhooks_past_redis", extra={"error": type(error).__name__})
        return False
    return True


def _take_in(sync: Sync) -> None:
    """Move what Redis holds into the database, in the order it came."""
    while sync.redis is not None:
        try:
            held: Any = sync.redis.lpop(EARS, AT_ONCE)
        except redis.RedisError as error:
            log.warning("webhooks_not_taken_in", extra={"error": type(error).__name__})
            return
        if not held:
            return
        _write(sync, [json.loads(each) for each in held])


def _write(sync: Sync, rows: Sequence[Mapping[str, Any]]) -> None:
    """Into the database; of an organisation that has left meanwhile nothing is kept."""
    named = {row["org_id"] for row in rows if row["org_id"]}
    with sync.database.begin() as session:
        here = {None, *session.scalars(select(Organisation.id).where(Organisation.id.in_(named)))}
        kept = [_opened(row) for row in rows if row["org_id"] in here]
        if kept:
            session.execute(insert(WebhookNote), kept)


def wake(sync: Sync) -> None:
    """Have what was told followed: by a worker, or here and now where there is no queue."""
    if sync.redis is None:
        follow(sync)
        return
    try:
        queue.put_once(sync.redis, "click", JOB)
    except redis.RedisError as error:
        # The next tick of the schedule finds it.
        log.warning("hearing_not_woken", extra={"error": type(error).__name__})


def waits(sync: Sync) -> bool:
    """Whether something told has not been followed yet."""
    _take_in(sync)
    with sync.database.begin() as session:
        found = session.scalars(select(WebhookNote.id).where(WebhookNote.open).limit(1)).first()
    return found is not None


def tick(sync: Sync) -> None:
    """What the schedule adds: a wake that got lost is made good, a hole in the numbers is seen."""
    if waits(sync):
        wake(sync)
    gaps.close(sync)


def follow(sync: Sync) -> int:
    """Follow everything told so far; how many notes that were.

    One worker at a time does this; a crash in the middle repeats some hints, which is harmless.
    """
    owner, done = sync.new_owner(), 0
    while waits(sync):
        with sync.database.begin() as session:
            now = sync.clock()
            if not leases.take(session, "hear", owner=owner, now=now, seconds=HEARING_SECONDS):
                return done
        try:
            done += _follow_some(sync)
        finally:
            with sync.database.begin() as session:
                leases.release(session, "hear", owner=owner)
    gaps.close(sync)
    return done


def _follow_some(sync: Sync) -> int:
    with sync.database.begin() as session:
        notes = session.scalars(
            select(WebhookNote).where(WebhookNote.open).order_by(WebhookNote.id).limit(AT_ONCE)
        ).all()
    _follow_apart(sync, notes)
    return len(notes)


def _follow_apart(sync: Sync, notes: Sequence[WebhookNote]) -> None:
    """Follow them together, or in ever smaller parts until the one that cannot be is alone: it is
    closed with its reason in the log, the sweep finds what it told."""
    try:
        _follow_together(sync, notes)
    except PASSING:
        raise
    except Exception as error:
        if len(notes) > 1:
            middle = len(notes) // 2
            _follow_apart(sync, notes[:middle])
            _follow_apart(sync, notes[middle:])
            return
        note_id, reason = notes[0].id, type(error).__name__
        log.exception("webhook_not_followed", extra={"note": note_id, "error": reason})
        with sync.database.begin() as session:
            _close(session, notes)


def _follow_together(sync: Sync, notes: Sequence[WebhookNote]) -> None:
    with sync.database.begin() as session:
        homes = _homes(session, {note.tenant_id for note in notes if note.tenant_id})
    _follow_xero(sync, [note for note in notes if note.side == Side.XERO], homes)
    _follow_zoho(sync, [note for note in notes if note.side == Side.ZOHO])
    with sync.database.begin() as session:
        for tenant_id, whose in homes.items():
            mine = [note.id for note in notes if note.tenant_id == tenant_id]
            if len(whose) == 1:
                session.execute(
                    update(WebhookNote).where(WebhookNote.id.in_(mine)).values(org_id=whose[0])
                )
        _close(session, notes)


def _close(session: Session, notes: Sequence[WebhookNote]) -> None:
    ids = [note.id for note in notes]
    session.execute(update(WebhookNote).where(WebhookNote.id.in_(ids)).values(open=False))


# --- Xero --------------------------------------------------------------------------------------


def _homes(session: Session, tenants: Iterable[str]) -> dict[str, list[str]]:
    """The organisations that sync with each of these Xero organisations now; usually one."""
    chosen = (XeroConnection.org_id == Organisation.id) & (
        XeroConnection.tenant_id == Organisation.tenant_id
    )
    rows = session.execute(
        select(Organisation.tenant_id, Organisation.id)
        .join(XeroConnection, chosen)
        .where(Organisation.tenant_id.in_(list(tenants)))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for tenant_id, org_id in rows:
        found[str(tenant_id)].append(org_id)
    return found


def _follow_xero(
    sync: Sync, notes: Sequence[WebhookNote], homes: Mapping[str, Sequence[str]]
) -> None:
    """Events are routed by tenant: one address serves every organisation of ours."""
    modules = _modules_by_event()
    told: dict[tuple[str, str], dict[str, datetime | None]] = defaultdict(dict)
    for note in notes:
        if not note.record_id:
            continue
        ids = told[note.tenant_id or "", note.module]
        ids[note.record_id] = _later(ids.get(note.record_id, note.event_at), note.event_at)
    for tenant_id, org_ids in homes.items():
        for org_id in org_ids:
            _beat(sync, org_id, tenant_id, [n for n in notes if n.tenant_id == tenant_id])
    for (tenant_id, category), ids in told.items():
        for org_id in homes.get(tenant_id, ()):
            known = modules.get(category, ())
            hint_xero(sync, org_id=org_id, tenant_id=tenant_id, modules=known, changed=ids)


def _modules_by_event() -> dict[str, list[str]]:
    """Webhook category to the modules whose records it may name; several share contacts."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, spec in all_specs().items():
        if spec.xero.event:
            found[spec.xero.event].append(key)
    return found


def _beat(sync: Sync, org_id: str, tenant_id: str, notes: Sequence[WebhookNote]) -> None:
    """Webhooks of this organisation arrive."""
    heard = max(note.received_at for note in notes)
    lags = [
        (note.received_at - note.event_at) // timedelta(seconds=1)
        for note in notes
        if note.event_at is not None
    ]
    lag = min(max([0, *lags]), LONGEST_LAG)
    with sync.database.begin() as session:
        pulses.heard(session, org_id, tenant_id, at=heard, lag=lag)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times; None, which speaks of any time, as soon as one is."""
    return None if one is None or other is None else max(one, other)


# --- CRM ---------------------------------------------------------------------------------------


def _follow_zoho(sync: Sync, notes: Sequence[WebhookNote]) -> None:
    modules = {spec.zoho.path: key for key, spec in all_specs().items() if spec.attached_to is None}
    told: dict[tuple[str, str], list[WebhookNote]] = defaultdict(list)
    for note in notes:
        told[note.org_id or "", note.module].append(note)
    for (org_id, path), some in told.items():
        channels.heard(sync, org_id, path, at=max(note.received_at for note in some))
        if path in modules:
            changed = dict.fromkeys((note.record_id for note in some), None)
            hint(sync, org_id=org_id, module=modules[path], side=Side.ZOHO, changed=changed)
