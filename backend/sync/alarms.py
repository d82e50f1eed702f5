"""Alarms for administrators: a lost connection, a spent day, and silence where there should be
none."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from backend.core.errors import ConnectionLost, Message, NotConfigured, SyncError
from backend.modules import all_specs
from backend.store import notices as stored
from backend.store.tables import Link, ModuleState, Organisation, XeroConnection
from backend.store.told import Notice
from backend.sync import notices
from backend.sync.app import Sync
from backend.sync.policy import module_settings

log = logging.getLogger(__name__)

SILENCE = timedelta(hours=1)
LONG_SCOPES = frozenset({"day", "credits"})
"""Limits that stop an organisation for so long that somebody should know."""
SILENT, LIMIT = "silence", "limit"
UNREAD = "module:"


def lost(sync: Sync, session: Session, org_id: str, error: ConnectionLost, *, side: str) -> None:
    """A connection needs a person."""
    log.warning("alarm", extra={"org": org_id, "cause": error.message.key})
    notices.raise_alarm(sync, session, org_id, f"connection:{side}", error.message)


def paused(sync: Sync, session: Session, org_id: str, error: SyncError) -> None:
    """An organisation rests; a day without calls is worth an alarm, a minute is not. What nobody
    but a person can mend, such as our own credentials, is. Each cause is told of its own: a spent
    day that nobody has to mend must not hide what somebody has."""
    if isinstance(error, NotConfigured) or getattr(error, "scope", None) in LONG_SCOPES:
        what = f"{LIMIT}:{error.message.key}"
        notices.raise_alarm(sync, session, org_id, what, error.message)


def connected(sync: Sync, session: Session, org_id: str, *, side: str) -> None:
    """A person has connected again."""
    notices.end_alarm(sync, session, org_id, f"connection:{side}", SILENT)


def empty_list(sync: Sync, session: Session, org_id: str, module: str, message: Message) -> None:
    """A list that held many records tells of none and is not believed."""
    log.warning("alarm", extra={"org": org_id, "cause": message.key, "module_key": module})
    notices.raise_alarm(sync, session, org_id, f"list:{module}", message)


def list_is_back(sync: Sync, session: Session, org_id: str, module: str) -> None:
    """A whole list was read and believed."""
    notices.end_alarm(sync, session, org_id, f"list:{module}")


def unread(
    sync: Sync, session: Session, org_id: str, modules: Sequence[str], error: SyncError
) -> None:
    """The lists of ``modules`` cannot be read; the others go on."""
    message = Message(error.message.key, {**error.message.params, "module": modules[0]})
    log.warning("alarm", extra={"org": org_id, "cause": message.key, "module_key": modules[0]})
    notices.raise_alarm(sync, session, org_id, f"{UNREAD}{modules[0]}", message)


def read(sync: Sync, session: Session, org_id: str, modules: Iterable[str]) -> None:
    """The lists of ``modules`` were read: whatever was said of them is over."""
    subjects = [f"alarm:{UNREAD}{each}" for each in modules]
    for notice in stored.all_open(session, org_id, subjects):
        stored.close(notice, now=sync.clock())


def good_sync(sync: Sync, session: Session, org_id: str) -> None:
    """A whole sweep went through: nothing is wrong with this organisation any more."""
    notices.end_alarm(sync, session, org_id, SILENT)
    notices.end_alarms(sync, session, org_id, LIMIT)


def listen(sync: Sync) -> list[str]:
    """Raise the alarm for organisations that have been silent for too long; their ids.

    Silent is who should have been swept, has both connections, and was not for an hour.
    """
    now, found = sync.clock(), []
    with sync.database.begin() as session:
        _forget_gone(sync, session)
        for org in _silent(session, now - SILENCE):
            if not _is_due(session, org):
                continue
            at = org.last_good_sync_at
            message = Message("silence", {"at": at.isoformat()} if at else {})
            if notices.raise_alarm(sync, session, org.id, SILENT, message):
                log.warning("alarm", extra={"org": org.id, "cause": SILENT})
                found.append(org.id)
    return found


def _silent(session: Session, before: datetime) -> list[Organisation]:
    """Connected organisations without a good sync since then."""
    chosen = (XeroConnection.org_id == Organisation.id) & (
        XeroConnection.tenant_id == Organisation.tenant_id
    )
    return list(
        session.scalars(
            select(Organisation)
            .join(XeroConnection, chosen)
            .where(
                XeroConnection.state == "connected",
                XeroConnection.connected_at < before,
                or_(
                    Organisation.last_good_sync_at.is_(None),
                    Organisation.last_good_sync_at < before,
                ),
            )
        )
    )


def _is_due(session: Session, org: Organisation) -> bool:
    """Whether the schedule owes this organisation anything. A lost CRM is told already, and so is
    a module that cannot be read, which keeps a sweep from being good."""
    told = ["alarm:connection:zoho", *(f"alarm:{UNREAD}{each}" for each in all_specs())]
    if stored.all_open(session, org.id, told):
        return False
    accepted = session.scalars(
        select(ModuleState.module).where(
            ModuleState.org_id == org.id,
            ModuleState.tenant_id == org.tenant_id,
            ModuleState.accepted_at.is_not(None),
        )
    )
    return any(
        module_settings(org.settings, key).get("enabled")
        and module_settings(org.settings, key).get("schedule", True)
        for key in accepted
        if key in all_specs()
    )


def _forget_gone(sync: Sync, session: Session) -> None:
    """Close what was told of records that are no longer anybody's: parted, merged, erased."""
    alive = exists().where(Link.id == Notice.link_id, Link.active)
    gone = session.scalars(
        select(Notice).where(Notice.kind == "record", Notice.subject.is_not(None), ~alive)
    )
    for notice in gone:
        stored.close(notice, now=sync.clock())
