"""Carrying out what people are to be told: claim, send, note what became of it.

Whoever claims is alone with a notice for minutes. A delivery whose answer was lost is looked for
before it is repeated: a task by its record and subject, a mail by its unchanged Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.apis.mail import Mailer, SmtpMailer
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import ConnectionLost, Gone, Refused, SyncError, Transient
from backend.modules import all_specs
from backend.store import leases
from backend.store import notices as stored
from backend.store.tables import Organisation, ZohoConnection
from backend.store.told import Notice
from backend.sync.app import Sync
from backend.sync.clients import zoho_client
from backend.sync.facts import crm_address
from backend.sync.letters import Reader, digest, task
from backend.sync.notices import wants

log = logging.getLogger(__name__)

AT_ONCE = 100
MAIL_EVERY = timedelta(minutes=15)
"""An organisation gets one digest in this time, however much happens; alarms go at once."""
MOST_TRIES = 240
"""Five days at the longest wait: a mail server may be away for a weekend."""
MOST_PAGES = 20
OVERLAP = timedelta(minutes=5)
WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=30)
MAILING_SECONDS = stored.CLAIM.total_seconds()
FINAL = (Gone, Refused)
"""CRM's answers that asking again does not change."""


def deliver(sync: Sync, org_id: str, *, mailer: Mailer | None = None) -> int:
    """Carry out what is due for one organisation; how many notices were told.

    Trouble with CRM or the mail server is tried again later and raises nothing.
    """
    return _tasks(sync, org_id) + _mails(sync, org_id, mailer=mailer)


def _reader(sync: Sync, org_id: str) -> tuple[Reader, Mapping[str, Any], str]:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        zoho = session.get(ZohoConnection, org_id)
        domain, zgid = (zoho.api_domain, zoho.facts.get("zgid")) if zoho else ("", "")
        reader = Reader(
            organisation=org.name,
            language=str(org.settings.get("language") or "en"),
            crm_url=crm_address(domain, str(zgid or "")) if domain else "",
        )
        return reader, dict(org.settings), zoho.user_id if zoho else ""


# --- CRM tasks ---------------------------------------------------------------------------------


def _tasks(sync: Sync, org_id: str) -> int:
    with sync.database.begin() as session:
        claimed = stored.claim_tasks(session, org_id, now=sync.clock(), limit=AT_ONCE)
    if not claimed:
        return 0
    reader, _settings, admin = _reader(sync, org_id)
    try:
        client = zoho_client(sync, org_id)
        tried = [each for each in claimed if each.task_tries and each.task_state == "open"]
        found = _found_again(client, reader, tried)
        owners = _owners(client, [each for each in claimed if each.task_state == "open"])
        done = _opened(client, reader, claimed, found, owners, admin)
        done |= _changed(client, reader, claimed)
    except SyncError as error:
        _wait(sync, claimed, error, what="task")
        return 0
    _keep_tasks(sync, [each for each in claimed if each.id in done], done, owners)
    if stumbled := [each for each in claimed if each.id not in done]:
        _wait(sync, stumbled, Transient("remote_unavailable"), what="task")
    return len(done)


_Done = dict[str, tuple[str, str | None]]
"""Notice id to its task's new state and id; whoever is missing is tried again."""
_Person = tuple[str | None, str | None]
"""A CRM user's id and name, each as far as it is known."""


def _opened(
    client: ZohoClient,
    reader: Reader,
    claimed: Sequence[Notice],
    found: Mapping[str, str],
    owners: Mapping[str, _Person],
    admin: str,
) -> _Done:
    done: _Done = {key: ("there", task_id) for key, task_id in found.items()}
    todo = [each for each in claimed if each.task_state == "open" and each.id not in done]
    if not todo:
        return done
    nobody = (admin or None, None)
    rows = [task(reader, each, owner=owners.get(each.zoho_id or "", nobody)[0]) for each in todo]
    told = client.write("Tasks", rows, create=True, duplicate_check=())
    for notice, row in zip(todo, told, strict=True):
        if row.ok:
            done[notice.id] = ("there", row.id)
        elif isinstance(row.error, FINAL):
            done[notice.id] = ("failed", None)
    return done


def _owners(client: ZohoClient, todo: Iterable[Notice]) -> dict[str, _Person]:
    """CRM record id to its owner."""
    by_path: dict[str, list[str]] = {}
    for notice in todo:
        spec = all_specs().get(notice.module)
        if spec is not None and notice.zoho_id:
            by_path.setdefault(spec.zoho.path, []).append(notice.zoho_id)
    owners: dict[str, _Person] = {}
    for path, ids in by_path.items():
        for row in client.page(path, ["Owner"], ids=ids).rows:
            owner = row.get("Owner")
            if isinstance(owner, Mapping) and owner.get("id"):
                name = str(owner.get("name") or "") or None
                owners[str(row.get("id"))] = (str(owner["id"]), name)
    return owners


def _found_again(client: ZohoClient, reader: Reader, tried: Sequence[Notice]) -> dict[str, str]:
    """Tasks an earlier attempt made without our hearing of it, by notice id. The list of what
    changed since then is asked, which no search index delays."""
    wanted = {_mark(task(reader, each, owner=None)): each.id for each in tried}
    if not wanted:
        return {}
    since, token = min(each.created_at for each in tried) - OVERLAP, None
    found: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        page = client.page("Tasks", ["Subject", "What_Id"], since=since, page_token=token)
        for row in page.rows:
            if _mark(row) in wanted:
                found[wanted[_mark(row)]] = str(row["id"])
        token = page.next_token
        if token is None:
            break
    return found


def _mark(row: Mapping[str, Any]) -> tuple[str, str]:
    """What tells a task of ours from every other: its record and its subject."""
    what = row.get("What_Id")
    return str(what.get("id")) if isinstance(what, Mapping) else "", str(row.get("Subject"))


def _changed(client: ZohoClient, reader: Reader, claimed: Sequence[Notice]) -> _Done:
    """Tasks that say something new, and tasks that are over."""
    done: _Done = {}
    todo = [each for each in claimed if each.task_state in ("change", "close") and each.task_id]
    if not todo:
        return done
    rows = []
    for notice in todo:
        body = {"Status": "Completed"} if notice.task_state == "close" else _text(reader, notice)
        rows.append({"id": notice.task_id, **body})
    for notice, row in zip(todo, client.write("Tasks", rows, create=False), strict=True):
        closing = notice.task_state == "close"
        if row.ok:
            done[notice.id] = ("closed" if closing else "there", notice.task_id)
        elif isinstance(row.error, FINAL):
            # Somebody deleted the task: it has been seen.
            done[notice.id] = ("closed", None)
    return done


def _text(reader: Reader, notice: Notice) -> dict[str, Any]:
    made = task(reader, notice, owner=None)
    return {name: made[name] for name in ("Subject", "Description")}


def _keep_tasks(
    sync: Sync, claimed: Sequence[Notice], done: _Done, owners: Mapping[str, _Person]
) -> None:
    with sync.database.begin() as session:
        for each in claimed:
            state, task_id = done[each.id]
            row = session.get(Notice, each.id)
            if row is None:
                continue
            over = row.subject is None and state == "there"
            changed = state == "there" and row.message_key != each.message_key
            row.task_id = task_id
            row.task_state = "close" if over else "change" if changed else state
            row.task_tries, row.task_after = 0, None
            if row.link_id is not None:
                if task_id is None or row.subject is None or state != "there":
                    stored.forget_task(session, row.link_id)
                else:
                    owner = owners.get(each.zoho_id or "", (None, None))[1]
                    stored.show_task(session, row.link_id, task_id, owner=owner)


# --- mail --------------------------------------------------------------------------------------


def _mails(sync: Sync, org_id: str, *, mailer: Mailer | None) -> int:
    """One worker at a time writes to an organisation, so that a long list is one mail and not as
    many as there are workers."""
    name, owner = f"mail:{org_id}", sync.new_owner()
    claimed, last = _claimed_mails(sync, org_id, name, owner)
    try:
        return _written(sync, org_id, claimed, last, mailer=mailer) if claimed else 0
    finally:
        with sync.database.begin() as session:
            leases.release(session, name, owner=owner)


def _claimed_mails(
    sync: Sync, org_id: str, name: str, owner: str
) -> tuple[list[Notice], datetime | None]:
    now = sync.clock()
    with sync.database.begin() as session:
        if not leases.take(session, name, owner=owner, now=now, seconds=MAILING_SECONDS):
            return [], None
        claimed = stored.claim_mails(session, org_id, now=now, limit=500)
        return claimed, stored.last_mail(session, org_id)


def _written(
    sync: Sync,
    org_id: str,
    claimed: Sequence[Notice],
    last: datetime | None,
    *,
    mailer: Mailer | None,
) -> int:
    reader, settings, _admin = _reader(sync, org_id)
    alarms = [each for each in claimed if each.kind == "alarm"]
    records = [each for each in claimed if each.kind == "record"]
    if records and last is not None and sync.clock() - last < MAIL_EVERY:
        _put_off(sync, records, until=last + MAIL_EVERY)
        records = []
    return sum(
        _mail(sync, reader, settings, group, mailer=mailer) for group in (alarms, records) if group
    )


def _mail(
    sync: Sync,
    reader: Reader,
    settings: Mapping[str, Any],
    group: Sequence[Notice],
    *,
    mailer: Mailer | None,
) -> int:
    _tasks_wanted, emails = wants(settings)
    sender, url = sync.settings.mail_from, sync.settings.smtp_url
    if not (emails and url):
        return _mailed(sync, group, state="none")
    message = digest(
        reader, group, sender=sender or "zoho-xero-sync@localhost", to=emails, now=sync.clock()
    )
    try:
        (mailer or SmtpMailer(url=url)).send(message, emails)
    except Refused as error:
        log.warning("mail_refused", extra={"error": error.words})
        return _mailed(sync, group, state="failed")
    except SyncError as error:
        _wait(sync, group, error, what="mail")
        return 0
    return _mailed(sync, group, state="sent")


def _mailed(sync: Sync, group: Sequence[Notice], *, state: str) -> int:
    now = sync.clock()
    with sync.database.begin() as session:
        for each in group:
            row = session.get(Notice, each.id)
            if row is None:
                continue
            row.mailed_at = now if state == "sent" else row.mailed_at
            row.mail_tries, row.mail_after = 0, None
            if row.message_key == each.message_key:
                # Otherwise there is a new cause since, which this mail did not name.
                row.mail_state = state
    return len(group) if state == "sent" else 0


def _put_off(sync: Sync, group: Sequence[Notice], *, until: Any) -> None:
    with sync.database.begin() as session:
        for each in group:
            row = session.get(Notice, each.id)
            if row is not None:
                row.mail_after = until


def _wait(sync: Sync, group: Sequence[Notice], error: SyncError, *, what: str) -> None:
    """Try again later, longer each time; in the end give up and leave it to badge and inbox."""
    log.warning("notice_waits", extra={"cause": error.message.key, "count": len(group)})
    now = sync.clock()
    with sync.database.begin() as session:
        for each in group:
            row = session.get(Notice, each.id)
            if row is None:
                continue
            tries = int(getattr(row, f"{what}_tries"))
            tries += 0 if isinstance(error, ConnectionLost) else 1
            over = tries >= MOST_TRIES
            setattr(row, f"{what}_tries", 0 if over else tries)
            setattr(row, f"{what}_after", None if over else now + _rest(tries))
            if over:
                setattr(row, f"{what}_state", "failed")


def _rest(tries: int) -> timedelta:
    return min(LONGEST_WAIT, WAIT * (1 << min(tries, 8)))
