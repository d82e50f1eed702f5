"""Pulses of organisations: the last sign of life, and whether their webhooks can be trusted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.live import Pulse

COARSE = timedelta(seconds=60)
"""Activity is written down this often; to the second it matters to nobody."""


def stirred(session: Session, org_id: str, tenant_id: str, *, at: datetime) -> None:
    """Something of this organisation was looked at."""
    mine = (Pulse.org_id == org_id, Pulse.tenant_id == tenant_id)
    old = or_(Pulse.active_at.is_(None), Pulse.active_at < at - COARSE)
    held = session.execute(select(Pulse.active_at).where(*mine)).one_or_none()
    if held is None:
        _ensure(session, org_id, tenant_id)
    if held is None or held[0] is None or held[0] < at - COARSE:
        session.execute(update(Pulse).where(*mine, old).values(active_at=at))


def heard(session: Session, org_id: str, tenant_id: str, *, at: datetime, lag: int) -> None:
    """A webhook named this organisation, ``lag`` seconds after what it tells of."""
    _ensure(session, org_id, tenant_id)
    session.execute(
        update(Pulse)
        .where(Pulse.org_id == org_id, Pulse.tenant_id == tenant_id)
        .values(heard_at=at, lag_seconds=lag)
    )


def heard_elsewhere(session: Session) -> bool:
    """Whether a webhook of any organisation arrived that no sweep has doubted since: all of them
    come to one address."""
    sound = or_(Pulse.doubted_at.is_(None), Pulse.doubted_at < Pulse.heard_at)
    found = select(Pulse.org_id).where(Pulse.heard_at.is_not(None), sound).limit(1)
    return session.scalars(found).first() is not None


def doubted(session: Session, org_id: str, tenant_id: str, *, at: datetime) -> None:
    """A sweep found what a webhook should have told."""
    _ensure(session, org_id, tenant_id)
    session.execute(
        update(Pulse)
        .where(Pulse.org_id == org_id, Pulse.tenant_id == tenant_id)
        .values(doubted_at=at)
    )


def of(session: Session, org_id: str, tenant_id: str) -> Pulse | None:
    """The pulse of an organisation, None before anything happened."""
    return session.get(Pulse, (org_id, tenant_id))


def _ensure(session: Session, org_id: str, tenant_id: str) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Pulse).values(org_id=org_id, tenant_id=tenant_id).on_conflict_do_nothing()
    )
