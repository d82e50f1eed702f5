"""What people are told, and when: once a record stops by itself, never twice, closed on success.

Here rows of the outbox are opened and closed in the transaction of what they are about;
``deliver`` carries them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.store import notices
from backend.store.tables import Link, Organisation
from backend.store.told import Notice
from backend.sync.app import Sync

TROUBLE = frozenset({"needs_attention", "conflict"})
NOT_TOLD = frozenset({"partner_not_synced"})
"""Causes somebody is told of elsewhere: at the partner a record waits for."""
MOST_TASKS = 25
"""Open CRM tasks for one cause; beyond it the mail, the badge and the inbox tell."""


def wants(settings: Mapping[str, Any]) -> tuple[bool, list[str]]:
    """Whether an organisation wants CRM tasks, and the addresses it wants mail at."""
    notify = settings.get("notify") or {}
    emails = [str(each) for each in notify.get("emails") or ()]
    return notify.get("crm_task", True) is True, emails


# --- records -----------------------------------------------------------------------------------


def after(
    sync: Sync,
    session: Session,
    settings: Mapping[str, Any],
    link: Link,
    *,
    before: str,
    waits: bool,
) -> None:
    """Open or close the notice of a record that was just looked at.

    ``before`` is the state it was in; ``waits`` says that it is tried again by itself.
    """
    if link.state not in TROUBLE:
        if before in TROUBLE:
            _close_record(sync, session, link)
        return
    if waits or link.message_key in NOT_TOLD:
        return
    _tell_record(sync, session, settings, link)


def _subject(link: Link) -> str:
    return f"record:{link.id}"


def _close_record(sync: Sync, session: Session, link: Link) -> None:
    found = notices.open_for(session, link.org_id, _subject(link))
    if found is not None:
        notices.close(found, now=sync.clock())
        link.task_id = link.task_owner = None


def _tell_record(sync: Sync, session: Session, settings: Mapping[str, Any], link: Link) -> None:
    message = Message(link.message_key or "conflict", dict(link.message_params))
    found = notices.open_for(session, link.org_id, _subject(link))
    if found is not None and found.message_key == message.key:
        return
    tasks, emails = wants(settings)
    notice = found or Notice(
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        subject=_subject(link),
        kind="record",
        link_id=link.id,
        module=link.module,
        created_at=sync.clock(),
    )
    if found is None:
        few = notices.open_tasks(session, link.org_id, message.key) < MOST_TASKS
        notice.task_state = "open" if tasks and link.zoho_id and few else "none"
        session.add(notice)
    elif found.task_state == "there":
        notice.task_state = "change"
    notice.label, notice.zoho_id = link.label, link.zoho_id
    notice.message_key, notice.message_params = message.key, dict(message.params)
    notice.mail_state = "wanted" if emails and sync.settings.smtp_url else "none"
    notice.task_tries, notice.task_after = 0, None
    notice.mail_tries, notice.mail_after = 0, None


# --- alarms ------------------------------------------------------------------------------------


def raise_alarm(sync: Sync, session: Session, org_id: str, what: str, message: Message) -> bool:
    """Tell the administrators that something does not go on; whether that is news.

    Another cause takes the place of the one that was told of the same thing.
    """
    subject = f"alarm:{what}"
    found = notices.open_for(session, org_id, subject)
    if found is not None:
        if found.message_key == message.key:
            return False
        notices.close(found, now=sync.clock())
        session.flush()
    org = session.get_one(Organisation, org_id)
    tasks, emails = wants(org.settings)
    try:
        with session.begin_nested():
            session.add(
                Notice(
                    org_id=org_id,
                    tenant_id=org.tenant_id,
                    subject=subject,
                    kind="alarm",
                    message_key=message.key,
                    message_params=dict(message.params),
                    task_state="open" if tasks else "none",
                    mail_state="wanted" if emails and sync.settings.smtp_url else "none",
                    created_at=sync.clock(),
                )
            )
    except IntegrityError:
        # Another process was quicker by a moment.
        return False
    return True


def end_alarm(sync: Sync, session: Session, org_id: str, *what: str) -> None:
    """It goes on again: what was told about it is over."""
    for each in what:
        found = notices.open_for(session, org_id, f"alarm:{each}")
        if found is not None:
            notices.close(found, now=sync.clock())


def end_alarms(sync: Sync, session: Session, org_id: str, what: str) -> None:
    """The same for every cause told under ``what``."""
    for found in notices.open_under(session, org_id, f"alarm:{what}"):
        notices.close(found, now=sync.clock())
