"""Queries on what people are told: opening, claiming, closing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.store.tables import Link
from backend.store.told import Notice

CLAIM = timedelta(minutes=3)
"""How long a claim holds: longer than any delivery takes."""
_After = InstrumentedAttribute[datetime | None]
TASK_WANTED = ("open", "change", "close")


def open_for(session: Session, org_id: str, subject: str) -> Notice | None:
    """The open notice about ``subject``."""
    return session.scalars(
        select(Notice).where(Notice.org_id == org_id, Notice.subject == subject)
    ).one_or_none()


def all_open(session: Session, org_id: str, subjects: Sequence[str]) -> Sequence[Notice]:
    """The open notices about any of ``subjects``."""
    return session.scalars(
        select(Notice).where(Notice.org_id == org_id, Notice.subject.in_(subjects))
    ).all()


def open_under(session: Session, org_id: str, subjects: str) -> list[Notice]:
    """The open notices whose subject begins so."""
    under = Notice.subject.startswith(subjects, autoescape=True)
    return list(session.scalars(select(Notice).where(Notice.org_id == org_id, under)))


def open_tasks(session: Session, org_id: str, message_key: str) -> int:
    """How many CRM tasks are open, or about to be, for one cause."""
    return _count(
        session,
        Notice.org_id == org_id,
        Notice.subject.is_not(None),
        Notice.message_key == message_key,
        Notice.task_state.in_(("open", "there", "change")),
    )


def close(notice: Notice, *, now: datetime) -> None:
    """What it was about is over: its task closes too, and a mail not yet sent is not sent."""
    notice.subject, notice.closed_at = None, now
    notice.task_state = "close" if notice.task_id else "none"
    notice.mail_state = "none" if notice.mail_state == "wanted" else notice.mail_state
    notice.task_tries, notice.task_after = 0, None


def organisations_due(session: Session, *, now: datetime) -> list[str]:
    """Organisations with something to deliver that nobody has claimed."""
    tasks = Notice.task_state.in_(TASK_WANTED) & _free(Notice.task_after, now)
    mails = (Notice.mail_state == "wanted") & _free(Notice.mail_after, now)
    return list(session.scalars(select(Notice.org_id).where(or_(tasks, mails)).distinct()))


def claim_tasks(session: Session, org_id: str, *, now: datetime, limit: int) -> list[Notice]:
    """Notices whose CRM task is to be made, changed or closed, ours alone for a while."""
    wanted = Notice.task_state.in_(TASK_WANTED)
    return _claim(session, org_id, wanted, Notice.task_after, now=now, limit=limit)


def claim_mails(session: Session, org_id: str, *, now: datetime, limit: int) -> list[Notice]:
    """Notices that go into the next mail, ours alone for a while."""
    wanted = Notice.mail_state == "wanted"
    return _claim(session, org_id, wanted, Notice.mail_after, now=now, limit=limit)


def last_mail(session: Session, org_id: str) -> datetime | None:
    """When this organisation was last sent a digest."""
    wanted = (Notice.org_id == org_id, Notice.kind == "record")
    return session.scalar(select(func.max(Notice.mailed_at)).where(*wanted))


def counts(session: Session, org_id: str, tenant_id: str | None) -> list[tuple[str, str, int]]:
    """Open notices by kind and cause, the most frequent first."""
    rows = session.execute(
        select(Notice.kind, Notice.message_key, func.count())
        .where(
            Notice.org_id == org_id,
            Notice.subject.is_not(None),
            or_(Notice.tenant_id.is_(None), Notice.tenant_id == tenant_id),
        )
        .group_by(Notice.kind, Notice.message_key)
        .order_by(func.count().desc())
    ).all()
    return [(kind, key, count) for kind, key, count in rows]


def page(session: Session, org_id: str, tenant_id: str | None, *, limit: int) -> list[Notice]:
    """The newest open notices."""
    return list(
        session.scalars(
            select(Notice)
            .where(
                Notice.org_id == org_id,
                Notice.subject.is_not(None),
                or_(Notice.tenant_id.is_(None), Notice.tenant_id == tenant_id),
            )
            .order_by(Notice.created_at.desc())
            .limit(limit)
        )
    )


def show_task(session: Session, link_id: str, task_id: str, *, owner: str | None) -> None:
    """The record page shows this task; ``owner`` is the name of a task's owner that was learnt."""
    known = {"task_owner": owner[:200]} if owner else {}
    session.execute(update(Link).where(Link.id == link_id).values(task_id=task_id, **known))


def forget_task(session: Session, link_id: str) -> None:
    """The record page shows no task."""
    session.execute(update(Link).where(Link.id == link_id).values(task_id=None, task_owner=None))


def _claim(
    session: Session,
    org_id: str,
    wanted: ColumnElement[bool],
    after: _After,
    *,
    now: datetime,
    limit: int,
) -> list[Notice]:
    chosen = (
        select(Notice.id)
        .where(Notice.org_id == org_id, wanted, _free(after, now))
        .order_by(Notice.created_at, Notice.id)
        .limit(limit)
    )
    # The condition is checked again under the row's lock: of two that chose it, one gets it.
    ids: Collection[str] = session.scalars(
        update(Notice)
        .where(Notice.id.in_(chosen), wanted, _free(after, now))
        .values({after: now + CLAIM})
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = session.scalars(
        select(Notice).where(Notice.id.in_(ids)).order_by(Notice.created_at, Notice.id)
    )
    return list(rows)


def _free(after: _After, now: datetime) -> ColumnElement[bool]:
    return or_(after.is_(None), after <= now)


def _count(session: Session, *wanted: Any) -> int:
    return session.scalar(select(func.count()).select_from(Notice).where(*wanted)) or 0
