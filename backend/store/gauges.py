"""Figures of all organisations together, for the metrics: read when asked, so that every process
tells the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.store.live import Hearing, Pulse, Usage, WebhookNote, ZohoChannel
from backend.store.tables import (
    Intent,
    Link,
    Organisation,
    Run,
    XeroConnection,
    XeroToken,
    ZohoConnection,
)
from backend.store.told import Notice

Rows = Sequence[tuple[tuple[str, ...], float]]


def records(session: Session) -> Rows:
    """Links by module and state."""
    return _grouped(session, Link.module, Link.state)


def connections(session: Session) -> Rows:
    """Connections by side and state."""
    zoho = [(("zoho", *key), count) for key, count in _grouped(session, ZohoConnection.state)]
    xero = [(("xero", *key), count) for key, count in _grouped(session, XeroConnection.state)]
    return [*zoho, *xero]


def notices(session: Session) -> Rows:
    """Open notices by kind."""
    return _grouped(session, Notice.kind, where=Notice.subject.is_not(None))


def open_runs(session: Session) -> Rows:
    """Runs that are not over, by kind."""
    return _grouped(session, Run.kind, where=Run.state.in_(("queued", "reading", "running")))


def channels(session: Session) -> Rows:
    """Zoho's notification channels by state."""
    return _grouped(session, ZohoChannel.state)


def calls(session: Session) -> Rows:
    """Calls of all days kept, by side."""
    return _summed(session, Usage.calls)


def received(session: Session) -> Rows:
    """Bytes received of all days kept, by side."""
    return _summed(session, Usage.received)


def organisations(session: Session) -> int:
    """CRM organisations known."""
    return _one(session, select(func.count()).select_from(Organisation))


def paused(session: Session, now: datetime) -> int:
    """Organisations that rest at the moment."""
    resting = Organisation.paused_until > now
    return _one(session, select(func.count()).select_from(Organisation).where(resting))


def pending(session: Session) -> int:
    """Records that wait to be looked at."""
    waiting = (Link.pending > 0, Link.active)
    return _one(session, select(func.count()).select_from(Link).where(*waiting))


def queue_age(session: Session, now: datetime) -> float:
    """Seconds the record that may be looked at has waited longest."""
    ready = or_(Link.not_before.is_(None), Link.not_before <= now)
    oldest = session.scalar(
        select(func.min(Link.noted_at)).where(Link.pending > 0, Link.active, ready)
    )
    return _age(oldest, now)


def unsettled(session: Session) -> int:
    """Writes whose answer is not known yet."""
    return _one(session, select(func.count()).select_from(Intent))


def webhook_lag(session: Session) -> float:
    """The longest of the newest lags: seconds from a change to its webhook."""
    return float(_one(session, select(func.max(Pulse.lag_seconds))))


def webhooks_waiting(session: Session) -> int:
    """Notes of webhooks nobody has followed yet."""
    waiting = select(func.count()).select_from(WebhookNote).where(WebhookNote.open)
    return _one(session, waiting)


def webhook_gaps(session: Session) -> int:
    """Holes seen in the numbers of Xero's events."""
    return _one(session, select(func.sum(Hearing.gaps)))


def token_age(session: Session, now: datetime) -> float:
    """Seconds since the Xero token that rests longest was renewed: it dies at sixty days."""
    return _age(session.scalar(select(func.min(XeroToken.refreshed_at))), now)


def sync_age(session: Session, now: datetime) -> float:
    """Seconds since the last good sync of the connected organisation that waits longest."""
    chosen = (XeroConnection.org_id == Organisation.id) & (
        XeroConnection.tenant_id == Organisation.tenant_id
    )
    oldest = session.scalar(
        select(func.min(Organisation.last_good_sync_at))
        .join(XeroConnection, chosen)
        .where(XeroConnection.state == "connected")
    )
    return _age(oldest, now)


def keys(session: Session, most: int) -> list[tuple[str, str]]:
    """Ours and the Xero organisation of those swept last, as their budgets are kept under."""
    rows = session.execute(
        select(Organisation.id, Organisation.tenant_id)
        .where(Organisation.tenant_id.is_not(None))
        .order_by(Organisation.last_good_sync_at.desc())
        .limit(most)
    ).all()
    return [(org_id, str(tenant_id)) for org_id, tenant_id in rows]


def _grouped(session: Session, *columns: Any, where: Any = None) -> Rows:
    query = select(*columns, func.count()).group_by(*columns)
    rows = session.execute(query if where is None else query.where(where)).all()
    return [(tuple(str(each) for each in row[:-1]), float(row[-1])) for row in rows]


def _summed(session: Session, column: Any) -> Rows:
    rows = session.execute(select(Usage.side, func.sum(column)).group_by(Usage.side)).all()
    return [((side,), float(total or 0)) for side, total in rows]


def _one(session: Session, query: Any) -> int:
    return int(session.scalar(query) or 0)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0
