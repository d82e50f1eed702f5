"""Sign-ins under way and people signed in; only hashes of what a browser holds are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from backend.store.tables import Login, UserSession

STATE_LIFETIME = timedelta(minutes=10)
HANDOFF_LIFETIME = timedelta(seconds=60)
IDLE_LIFETIME = timedelta(hours=12)
LONGEST_LIFETIME = timedelta(days=7)
GRACE = timedelta(seconds=60)
"""How long after a rotation the token before it is refused without ending the session."""


def begin_login(
    session: Session,
    *,
    state_hash: str,
    kind: str,
    verifier: bytes,
    origin: str,
    now: datetime,
    org_id: str | None = None,
    user: dict[str, Any] | None = None,
) -> None:
    """Remember that a browser was sent away to sign in."""
    session.add(
        Login(
            id=state_hash,
            kind=kind,
            verifier=verifier,
            origin=origin,
            org_id=org_id,
            user=user or {},
            created_at=now,
            expires_at=now + STATE_LIFETIME,
        )
    )


def take_login(session: Session, state_hash: str, *, now: datetime) -> Login | None:
    """The sign-in that came back with this state, once; None for a forged, old or used one."""
    taken = session.execute(
        update(Login)
        .where(Login.id == state_hash, Login.used_at.is_(None), Login.expires_at > now)
        .values(used_at=now)
    )
    if _count(taken) != 1:
        return None
    return session.get_one(Login, state_hash)


def offer_handoff(
    session: Session,
    state_hash: str,
    *,
    handoff_hash: str,
    org_id: str,
    user: dict[str, Any],
    now: datetime,
) -> None:
    """Let the page that started this sign-in redeem it within ``HANDOFF_LIFETIME``."""
    session.execute(
        update(Login)
        .where(Login.id == state_hash)
        .values(
            handoff_hash=handoff_hash,
            org_id=org_id,
            user=user,
            expires_at=now + HANDOFF_LIFETIME,
        )
    )


def redeem_handoff(session: Session, handoff_hash: str, *, now: datetime) -> Login | None:
    """The sign-in behind a hand-off code, once; None for a forged, old or used one."""
    redeemed = session.execute(
        update(Login)
        .where(
            Login.handoff_hash == handoff_hash,
            Login.redeemed_at.is_(None),
            Login.expires_at > now,
        )
        .values(redeemed_at=now)
    )
    if _count(redeemed) != 1:
        return None
    return session.scalars(select(Login).where(Login.handoff_hash == handoff_hash)).one()


def open_session(
    session: Session,
    *,
    session_id: str,
    org_id: str,
    user: dict[str, Any],
    refresh_hash: str,
    now: datetime,
) -> UserSession:
    """A person signed in."""
    person = UserSession(
        id=session_id,
        org_id=org_id,
        user=user,
        refresh_hash=refresh_hash,
        created_at=now,
        expires_at=now + IDLE_LIFETIME,
    )
    session.add(person)
    session.flush()
    return person


def rotate_session(
    session: Session, session_id: str, *, refresh_hash: str, new_hash: str, now: datetime
) -> UserSession | None:
    """The session with a new refresh token; None when it is over.

    Only the newest refresh token is taken. Whoever shows another one of this session ends it:
    either he stole it, or it was stolen from him. For ``GRACE`` after a rotation the token before
    it is merely refused: a tab that was copied shows it in good faith, and the tab it was copied
    from goes on.
    """
    rotated = session.execute(
        update(UserSession)
        .where(*_alive(session_id, now), UserSession.refresh_hash == refresh_hash)
        .values(refresh_hash=new_hash, previous_hash=refresh_hash, rotated_at=now)
    )
    if _count(rotated) != 1:
        if not _just_rotated(session, session_id, shown=refresh_hash, now=now):
            end_session(session, session_id, now=now)
        return None
    person = session.get_one(UserSession, session_id, populate_existing=True)
    person.expires_at = min(now + IDLE_LIFETIME, person.created_at + LONGEST_LIFETIME)
    return person


def living_session(session: Session, session_id: str, *, now: datetime) -> UserSession | None:
    """The session, unless it was ended or has expired."""
    return session.scalars(select(UserSession).where(*_alive(session_id, now))).one_or_none()


def end_session(session: Session, session_id: str, *, now: datetime) -> None:
    """Sign the person out; nothing happens when that is done already."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete sign-ins and sessions that are over for a day; answers how many."""
    before = now - timedelta(days=1)
    logins = session.execute(delete(Login).where(Login.expires_at < before))
    people = session.execute(
        delete(UserSession).where(
            (UserSession.expires_at < before) | (UserSession.ended_at < before)
        )
    )
    return _count(logins) + _count(people)


def _alive(session_id: str, now: datetime) -> tuple[Any, ...]:
    return (
        UserSession.id == session_id,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now,
    )


def _just_rotated(session: Session, session_id: str, *, shown: str, now: datetime) -> bool:
    traded = select(UserSession.id).where(
        *_alive(session_id, now),
        UserSession.previous_hash == shown,
        UserSession.rotated_at > now - GRACE,
    )
    return session.scalar(traded) is not None


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
