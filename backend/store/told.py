"""Tables of what people are told, and of when timed work is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.columns import Base, new_id, utcnow


def _org() -> ForeignKey:
    return ForeignKey("organisation.id", ondelete="CASCADE")


class Timer(Base):
    """When a job of the timetable is next due; a time that was missed is caught up once."""

    __tablename__ = "timer"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime]


class Notice(Base):
    """Something people are told once: the outbox of CRM tasks and mails, and its record.

    ``subject`` names what it is about while it is open, so that nothing is told twice. Whoever
    delivers claims first.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("org_id", "subject"),
        Index("ix_notice_task", "task_state", "task_after"),
        Index("ix_notice_mail", "mail_state", "mail_after"),
        Index("ix_notice_org", "org_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    tenant_id: Mapped[str | None] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(120))
    """``record:<link>`` or ``alarm:<what>``; None once it is closed."""
    kind: Mapped[str] = mapped_column(String(12))
    """record | alarm"""
    link_id: Mapped[str | None] = mapped_column(String(32), index=True)
    module: Mapped[str] = mapped_column(String(32), default="")
    label: Mapped[str] = mapped_column(String(300), default="")
    zoho_id: Mapped[str | None] = mapped_column(String(40))
    message_key: Mapped[str] = mapped_column(String(80))
    message_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    task_state: Mapped[str] = mapped_column(String(8), default="none")
    """none | open | change | close (all three wanted), then there | closed | failed"""
    task_id: Mapped[str | None] = mapped_column(String(40))
    mail_state: Mapped[str] = mapped_column(String(8), default="none")
    """none | wanted | sent | failed"""
    task_tries: Mapped[int] = mapped_column(default=0)
    task_after: Mapped[datetime | None]
    """A claim, or a wait after a failure: nobody delivers before."""
    mail_tries: Mapped[int] = mapped_column(default=0)
    mail_after: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    mailed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
