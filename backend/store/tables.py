"""Every table. One organisation's rows carry its id; queries never go without it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from backend.store.columns import AutoId, Base, new_id, utcnow
from backend.store.owing import owing_of


def _org() -> ForeignKey:
    return ForeignKey("organisation.id", ondelete="CASCADE")


HOME = ("org_id", "tenant_id", "module")
"""Where a record belongs; most indexes of links begin so."""


class Organisation(Base):
    """One Zoho CRM organisation, the customer; also where its lease and its pause live."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    zoho_org_id: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings_version: Mapped[int] = mapped_column(default=1)
    tenant_id: Mapped[str | None] = mapped_column(String(64))
    """The chosen Xero organisation; None before the choice and after a reset."""
    guide: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Which steps of the set-up guide were seen, and for which Xero organisation."""
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    pause_key: Mapped[str | None] = mapped_column(String(80))
    pause_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clicks_paused_until: Mapped[datetime | None]
    """Clicks keep a reserve of every limit; only when that is used up do they wait as well."""
    next_sweep_at: Mapped[datetime | None]
    last_good_sync_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class ZohoConnection(Base):
    """The offline connection to one CRM organisation; tokens are encrypted."""

    __tablename__ = "zoho_connection"

    org_id: Mapped[str] = mapped_column(_org(), primary_key=True)
    accounts_server: Mapped[str] = mapped_column(String(255))
    api_domain: Mapped[str] = mapped_column(String(255))
    refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime | None]
    scopes: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="connected")
    reason_key: Mapped[str | None] = mapped_column(String(80))
    user_id: Mapped[str] = mapped_column(String(40), default="")
    user_name: Mapped[str] = mapped_column(String(255), default="")
    connected_at: Mapped[datetime] = mapped_column(default=utcnow)
    lost_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Metadata as last read: org, fields per module, taxes, currencies, how lines are read."""
    facts_at: Mapped[datetime | None]


class XeroToken(Base):
    """One token set per Xero user and organisation of ours: two copies would kill each other."""

    __tablename__ = "xero_token"
    __table_args__ = (UniqueConstraint("org_id", "xero_user_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    xero_user_id: Mapped[str] = mapped_column(String(64))
    refresh_token: Mapped[bytes] = mapped_column(LargeBinary)
    access_token: Mapped[bytes] = mapped_column(LargeBinary)
    previous_refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime] = mapped_column(default=utcnow)
    scopes: Mapped[str] = mapped_column(Text, default="")


class XeroConnection(Base):
    """A Xero organisation on offer or chosen; kept after a reset so that its links come back."""

    __tablename__ = "xero_connection"
    __table_args__ = (UniqueConstraint("org_id", "tenant_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org(), index=True)
    tenant_id: Mapped[str] = mapped_column(String(64), index=True)
    connection_id: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(255), default="")
    state: Mapped[str] = mapped_column(String(20), default="offered")
    """offered | connected | needs_reconnect | disconnected"""
    reason_key: Mapped[str | None] = mapped_column(String(80))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("xero_token.id", ondelete="SET NULL"))
    connected_by: Mapped[str] = mapped_column(String(255), default="")
    connected_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Organisation, accounts, tax rates, currencies as last read."""
    facts_at: Mapped[datetime | None]


class Login(Base):
    """One sign-in under way: state, PKCE verifier, and who may redeem the hand-off."""

    __tablename__ = "login"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Hash of the state parameter."""
    kind: Mapped[str] = mapped_column(String(16))
    """zoho_sign_in | zoho_connect | xero_connect"""
    verifier: Mapped[bytes] = mapped_column(LargeBinary)
    origin: Mapped[str] = mapped_column(String(255), default="")
    org_id: Mapped[str | None] = mapped_column(String(32))
    user: Mapped[dict[str, Any]] = mapped_column(default=dict)
    handoff_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in person; only hashes of tokens are kept. Reuse of a rotated token ends it."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org(), index=True)
    user: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """id, name, email, locale, admin"""
    refresh_hash: Mapped[str] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    rotated_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Link(Base):
    """What we know of one record and its partner; also the queue: ``pending`` > 0 means look at it.

    A row may know only one side. ``pending`` counts notes; the loop clears it only when it is
    still what it saw, so fifty events are one row and none is lost.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_zoho", "org_id", "tenant_id", "module", "zoho_id"),
        Index("ix_link_xero", "org_id", "tenant_id", "module", "xero_id"),
        Index("ix_link_queue", "org_id", "tenant_id", "pending", "priority", "not_before"),
        Index("ix_link_state", "org_id", "tenant_id", "module", "state"),
        Index("ix_link_run", "run_id"),
        Index("ix_link_owed", *HOME, "owed", "owed_currency", "owed_by", "due_on", "active"),
        Index("ix_link_owed_by", *HOME, "owed_by", "owed"),
        Index("ix_link_paid", *HOME, "paid_on", "owed_currency", "days_to_pay", "active"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    tenant_id: Mapped[str] = mapped_column(String(64))
    module: Mapped[str] = mapped_column(String(32))
    zoho_id: Mapped[str | None] = mapped_column(String(40))
    xero_id: Mapped[str | None] = mapped_column(String(64))
    active: Mapped[bool] = mapped_column(default=True)
    """False keeps a parted or replaced pair as history."""
    generation: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="not_linked")
    label: Mapped[str] = mapped_column(String(300), default="")
    pending: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=9)
    depth: Mapped[int] = mapped_column(default=0)
    """Dependencies before dependants."""
    trigger: Mapped[str] = mapped_column(String(16), default="")
    by: Mapped[str | None] = mapped_column(String(255))
    direction: Mapped[str] = mapped_column(String(8), default="both")
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    noted_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    parked: Mapped[bool] = mapped_column(default=False)
    run_id: Mapped[str | None] = mapped_column(String(32))
    request_id: Mapped[str | None] = mapped_column(String(32))
    message_key: Mapped[str | None] = mapped_column(String(80))
    message_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[str] = mapped_column(Text, default="")
    base_zoho: Mapped[dict[str, Any] | None]
    base_xero: Mapped[dict[str, Any] | None]
    zoho_version: Mapped[str | None] = mapped_column(String(40))
    zoho_seen_at: Mapped[datetime | None]
    """When the lines of ``zoho_version`` were last really read."""
    xero_version: Mapped[str | None] = mapped_column(String(40))
    face: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the record page draws: numbers, statuses, money, as of."""
    owed: Mapped[int | None] = mapped_column(BigInteger)
    """What Xero says is due, in ten-thousandths; this and the next five follow from ``face``."""
    owed_currency: Mapped[str | None] = mapped_column(String(3))
    owed_by: Mapped[str | None] = mapped_column(String(64))
    """Xero's contact."""
    due_on: Mapped[str | None] = mapped_column(String(10))
    paid_on: Mapped[str | None] = mapped_column(String(10))
    """When money last came in for it."""
    days_to_pay: Mapped[int | None]
    conflict: Mapped[dict[str, Any] | None]
    candidates: Mapped[list[Any] | None]
    waiting_for: Mapped[str | None] = mapped_column(String(32), index=True)
    """The link that must cross first; its success notes this one again."""
    barred: Mapped[str | None] = mapped_column(String(12))
    """Why the record is left alone until a person says otherwise: never, parted, kept, undone,
    used."""
    staged: Mapped[str | None] = mapped_column(String(4))
    """The side a deletion of this pair waits for, until all of them are counted."""
    task_id: Mapped[str | None] = mapped_column(String(40))
    task_owner: Mapped[str | None] = mapped_column(String(200))
    """The name of the person whose task it is."""
    agreed_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    last_sync_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @validates("face")
    def _keep_owing(self, _name: str, face: dict[str, Any]) -> dict[str, Any]:
        """What pages add up never differs from what the record page shows."""
        for name, value in owing_of(face).items():
            setattr(self, name, value)
        return face


class NaturalKey(Base):
    """The directory matching looks in: normalised keys of every record seen on either side."""

    __tablename__ = "natural_key"
    __table_args__ = (
        Index("ix_natural_key_value", "org_id", "tenant_id", "module", "side", "kind", "value"),
    )

    link_id: Mapped[str] = mapped_column(
        ForeignKey("link.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[str] = mapped_column(String(4), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    value: Mapped[str] = mapped_column(String(300))
    org_id: Mapped[str] = mapped_column(_org())
    tenant_id: Mapped[str] = mapped_column(String(64))
    module: Mapped[str] = mapped_column(String(32))


class Snapshot(Base):
    """A record as read in a page, kept until the loop has looked at it, then dropped."""

    __tablename__ = "snapshot"

    link_id: Mapped[str] = mapped_column(
        ForeignKey("link.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[str] = mapped_column(String(4), primary_key=True)
    raw: Mapped[str] = mapped_column(Text)
    whole: Mapped[bool] = mapped_column(default=True)
    """False for a CRM document still without its lines."""
    read_at: Mapped[datetime]


class Intent(Base):
    """A write about to go out, committed before it does: a crash leaves it to be looked for.

    One row per request.
    """

    __tablename__ = "intent"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org(), index=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    module: Mapped[str] = mapped_column(String(32))
    side: Mapped[str] = mapped_column(String(4))
    operation: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128), unique=True)
    fence: Mapped[int]
    elements: Mapped[list[Any]]
    """Per element of the request, in order: link id, generation, and the body as JSON text."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class LogRow(Base):
    """One attempt, or one skip: what, why, before and after. Texts stay keys until read."""

    __tablename__ = "log_row"
    __table_args__ = (
        Index("ix_log_row_page", "org_id", "id"),
        Index("ix_log_row_link", "link_id", "id"),
        Index("ix_log_row_cause", "org_id", "message_key", "id"),
        Index("ix_log_row_day", "org_id", "tenant_id", "at", "module", "status"),
        Index("ix_log_row_record", *HOME, "zoho_id", "id"),
    )

    id: Mapped[int] = mapped_column(AutoId, primary_key=True, autoincrement=True)
    org_id: Mapped[str] = mapped_column(_org())
    tenant_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    module: Mapped[str] = mapped_column(String(32))
    link_id: Mapped[str | None] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(300), default="")
    zoho_id: Mapped[str | None] = mapped_column(String(40))
    xero_id: Mapped[str | None] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8), default="both")
    trigger: Mapped[str] = mapped_column(String(16), default="")
    operation: Mapped[str] = mapped_column(String(16), default="none")
    status: Mapped[str] = mapped_column(String(16))
    message_key: Mapped[str | None] = mapped_column(String(80))
    message_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[Any]] = mapped_column(default=list)
    attempt: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    by: Mapped[str | None] = mapped_column(String(255))
    run_id: Mapped[str | None] = mapped_column(String(32))
    remote_request: Mapped[str | None] = mapped_column(String(80))
    """The vendor's own correlation id, for their support."""
    restore: Mapped[dict[str, Any] | None]
    """What undoing this write needs: the side, and the fields written, before and after."""


class ClickRequest(Base):
    """One press of a button on one record, to be polled. Two people pressing share one."""

    __tablename__ = "click_request"
    __table_args__ = (Index("ix_click_request_open", "org_id", "link_id", "state"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    link_id: Mapped[str] = mapped_column(ForeignKey("link.id", ondelete="CASCADE"))
    direction: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    outcome: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[datetime | None]


class Run(Base):
    """A bulk sync, a preview, an undo, an audit or a sweep, with its counts; ``calls`` are those
    to both systems that were made for it."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_org", "org_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    tenant_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    """preview | sync | undo | audit | sweep"""
    module: Mapped[str] = mapped_column(String(32))
    """A module key, ``all``, or for the list button the module of the chosen records."""
    direction: Mapped[str] = mapped_column(String(8), default="both")
    state: Mapped[str] = mapped_column(String(12), default="queued")
    """queued | reading | running | done | cancelled | failed; while a sweep reads, sweeping"""
    stage: Mapped[str] = mapped_column(String(32), default="")
    preview_id: Mapped[str | None] = mapped_column(String(32))
    undoes: Mapped[str | None] = mapped_column(String(32))
    """The run an undo takes back."""
    confirm: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Deletions that wait for a person: key, deletions, in_scope, limit, module, side."""
    ids: Mapped[list[Any] | None]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    linked: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    heals: Mapped[bool] = mapped_column(default=False)
    """Whether an audit has what differs settled; one that only reads is not the day's."""
    by: Mapped[str | None] = mapped_column(String(255))
    message_key: Mapped[str | None] = mapped_column(String(80))
    message_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RunItem(Base):
    """One record's row in a run or preview: what is planned or was done, and why held."""

    __tablename__ = "run_item"
    __table_args__ = (
        Index("ix_run_item_page", "run_id", "id"),
        Index("ix_run_item_link", "run_id", "link_id"),
    )

    id: Mapped[int] = mapped_column(AutoId, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    link_id: Mapped[str | None] = mapped_column(String(32))
    module: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(300), default="")
    zoho_id: Mapped[str | None] = mapped_column(String(40))
    xero_id: Mapped[str | None] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8), default="both")
    operation: Mapped[str] = mapped_column(String(16), default="none")
    status: Mapped[str] = mapped_column(String(16), default="planned")
    changes: Mapped[list[Any]] = mapped_column(default=list)
    moved: Mapped[bool] = mapped_column(default=False)
    """Not what the preview had shown, because the world moved in between."""
    candidates: Mapped[list[Any] | None]
    totals: Mapped[dict[str, Any] | None]
    message_key: Mapped[str | None] = mapped_column(String(80))
    message_params: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ModuleState(Base):
    """Per module and Xero organisation: cursors, whether its first sync was accepted."""

    __tablename__ = "module_state"

    org_id: Mapped[str] = mapped_column(_org(), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)
    accepted_at: Mapped[datetime | None]
    zoho_cursor: Mapped[datetime | None]
    xero_cursor: Mapped[datetime | None]
    deleted_cursor: Mapped[datetime | None]
    last_good_sync_at: Mapped[datetime | None]
    whole_read_at: Mapped[datetime | None]
    whole_pages: Mapped[int] = mapped_column(default=0)
    xero_read_at: Mapped[datetime | None]
    """When Xero was last asked for changes; the schedule spaces its reads by this."""


class Mapping(Base):
    """An administrator's mapping of one module; older versions stay."""

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("org_id", "module", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    org_id: Mapped[str] = mapped_column(_org())
    module: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    rows: Mapped[list[Any]]
    by: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Leader(Base):
    """A named lease for work only one process does at a time, such as the schedule."""

    __tablename__ = "leader"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
