"""Tables of what keeps the product live: what was told, channels, pulses, usage, days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.columns import AutoId, Base, new_id, utcnow


def _org() -> ForeignKey:
    return ForeignKey("organisation.id", ondelete="CASCADE")


class WebhookNote(Base):
    """One record one webhook or notification named. ``open`` until it was followed; kept for a
    while after that, for lag and gap figures."""

    __tablename__ = "webhook_note"
    __table_args__ = (
        Index("ix_webhook_note_open", "open", "id"),
        Index("ix_webhook_note_record", "record_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(AutoId, primary_key=True, autoincrement=True)
    side: Mapped[str] = mapped_column(String(4))
    org_id: Mapped[str | None] = mapped_column(String(32), index=True)
    tenant_id: Mapped[str | None] = mapped_column(String(64))
    module: Mapped[str] = mapped_column(String(32), default="")
    """Xero's category or CRM's module, in the sender's own word."""
    record_id: Mapped[str] = mapped_column(String(64), default="")
    event_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    sequence: Mapped[int | None]
    open: Mapped[bool] = mapped_column(default=False)


class Hearing(Base):
    """What is known of a sender's numbering: Xero counts the events of an app."""

    __tablename__ = "hearing"

    side: Mapped[str] = mapped_column(String(4), primary_key=True)
    sequence: Mapped[int | None]
    """Up to here every number was heard, or given up as lost."""
    gaps: Mapped[int] = mapped_column(default=0)
    gap_at: Mapped[datetime | None]


class Pulse(Base):
    """When an organisation last stirred, and whether Xero's webhooks of it can be trusted."""

    __tablename__ = "pulse"

    org_id: Mapped[str] = mapped_column(_org(), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    active_at: Mapped[datetime | None]
    """When somebody, or something of ours, last had a record looked at."""
    heard_at: Mapped[datetime | None]
    """When a webhook last named this Xero organisation."""
    doubted_at: Mapped[datetime | None]
    """When a sweep last found a change that a webhook should have told and had not."""
    lag_seconds: Mapped[int | None]


class ZohoChannel(Base):
    """A subscription to the changes of one CRM module."""

    __tablename__ = "zoho_channel"
    __table_args__ = (UniqueConstraint("org_id", "module"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    module: Mapped[str] = mapped_column(String(32))
    """CRM's own name of the module."""
    channel_id: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="wanted")
    """wanted | live | short | silent | refused"""
    expires_at: Mapped[datetime | None]
    renew_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    made_at: Mapped[datetime | None]
    last_heard_at: Mapped[datetime | None]
    missed: Mapped[int] = mapped_column(default=0)
    """Changes in a row that a sweep found and the channel had not told."""
    reason_key: Mapped[str | None] = mapped_column(String(80))


class Usage(Base):
    """Calls made and bytes received of one system on one day."""

    __tablename__ = "usage"

    org_id: Mapped[str] = mapped_column(_org(), primary_key=True)
    side: Mapped[str] = mapped_column(String(4), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(BigInteger, default=0)


class DayCount(Base):
    """How the records of one module stood on one day (UTC), as counted last."""

    __tablename__ = "day_count"

    org_id: Mapped[str] = mapped_column(_org(), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)
    in_sync: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    conflict: Mapped[int] = mapped_column(default=0)
    needs_attention: Mapped[int] = mapped_column(default=0)


class OutcomeCount(Base):
    """How many log rows there ever were of one module and status, all organisations together."""

    __tablename__ = "outcome_count"

    module: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    last_id: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest log row that is counted here."""
