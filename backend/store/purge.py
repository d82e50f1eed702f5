"""Forgetting what has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from backend.store.live import DayCount, WebhookNote
from backend.store.places import STALE, Place
from backend.store.sessions import forget_old
from backend.store.tables import ClickRequest, LogRow, Run, RunItem
from backend.store.told import Notice

WEBHOOK_DAYS = 7
REQUEST_DAYS = 7
SWEEP_DAYS = 7
"""There may be one every ten minutes; what older ones did is in the log."""
BATCH = 5000


def purge_log(session: Session, *, before: datetime, limit: int = BATCH) -> int:
    """Delete up to ``limit`` of the oldest log rows from before that time; answers how many."""
    oldest = select(LogRow.id).where(LogRow.at < before).order_by(LogRow.id).limit(limit)
    return _count(session.execute(delete(LogRow).where(LogRow.id.in_(oldest))))


def purge_rest(session: Session, *, now: datetime, before: datetime) -> dict[str, int]:
    """Delete finished runs and counts of days from before that time, and webhooks, requests and
    sign-ins of past weeks; answers how many of each."""
    old_runs = select(Run.id).where(Run.finished_at < before)
    items = session.execute(delete(RunItem).where(RunItem.run_id.in_(old_runs)))
    runs = session.execute(delete(Run).where(Run.finished_at < before))
    week = now - timedelta(days=SWEEP_DAYS)
    sweeps = session.execute(delete(Run).where(Run.kind == "sweep", Run.finished_at < week))
    notes = session.execute(
        delete(WebhookNote).where(WebhookNote.received_at < now - timedelta(days=WEBHOOK_DAYS))
    )
    requests = session.execute(
        delete(ClickRequest).where(ClickRequest.finished_at < now - timedelta(days=REQUEST_DAYS))
    )
    notices = session.execute(delete(Notice).where(Notice.closed_at < before))
    places = session.execute(delete(Place).where(Place.kept_at < now - STALE))
    days = session.execute(delete(DayCount).where(DayCount.day < before.date()))
    return {
        "run items": _count(items),
        "runs": _count(runs),
        "sweeps": _count(sweeps),
        "webhook notes": _count(notes),
        "requests": _count(requests),
        "notices": _count(notices),
        "day counts": _count(days),
        "reading places": _count(places),
        "sign-ins": forget_old(session, now=now),
    }


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
