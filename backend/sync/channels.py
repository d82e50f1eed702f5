"""Channels by which Zoho tells of changes: made, renewed long before they end, watched, ended.

A channel lives for at most a week, for an hour when Zoho does not like what was asked, and dies
without a word (zoho.com/crm/developer/docs/api/v8/notifications/enable.html). So the returned
expiry counts, half of it is the time to renew, and a channel that lets changes pass untold is
made anew. Channels only make things faster: what they miss, the sweep finds. That a channel was
silent is over when something is heard through it, not when it was made anew.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.apis.zoho import oauth as zoho_oauth
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import (
    ConnectionLost,
    Gone,
    Message,
    NotConfigured,
    RateLimited,
    Refused,
    SyncError,
    Transient,
)
from backend.core.spec import Raw
from backend.modules import all_specs
from backend.store.live import ZohoChannel
from backend.store.tables import Organisation, ZohoConnection
from backend.sync import hooks, notices, queue
from backend.sync.app import Sync
from backend.sync.clients import zoho_client
from backend.sync.policy import module_settings

log = logging.getLogger(__name__)

ASKED = timedelta(days=7) - timedelta(minutes=10)
"""A week is the longest Zoho gives; asking for more silently gives an hour."""
SHRUNK = ASKED / 2
"""Less than this is not what was asked for: said, because an hour is easily missed."""
SOONEST = timedelta(minutes=5)
AGAIN = timedelta(hours=1)
"""How long a channel Zoho refused is left alone."""
JOB = "backend.sync.jobs.tend_channels"
MOST_MISSED = 3
"""Changes in a row that a live channel may let pass before it counts as silent."""
UNPERMITTED = "zoho_scope_missing"
SCOPE = "channels"
"""The alarm of a connection that was agreed to without notifications."""
TROUBLE = (ConnectionLost, RateLimited, Transient)
"""Not this channel's fault: the whole connection waits."""


@dataclass(frozen=True, kw_only=True)
class _Ask:
    """What is sent for one channel."""

    module: str
    channel_id: str
    entry: Mapping[str, Any]


def tick(sync: Sync) -> list[str]:
    """Have the channels renewed whose time has come; the organisations concerned."""
    with sync.database.begin() as session:
        usable = (ZohoConnection.org_id == ZohoChannel.org_id) & (
            ZohoConnection.state == "connected"
        )
        found = list(
            session.scalars(
                select(ZohoChannel.org_id)
                .join(ZohoConnection, usable)
                .where(ZohoChannel.renew_at <= sync.clock())
                .distinct()
            )
        )
    for org_id in found:
        if sync.redis is None:
            tend(sync, org_id)
        else:
            queue.put_once(sync.redis, "bulk", JOB, org_id)
    return found


def tend(sync: Sync, org_id: str, *, anew: bool = False) -> None:
    """Have one live channel for each enabled module and none besides; renew what is due.

    ``anew`` subscribes all of them again, as after a reconnection. Trouble of the connection is
    left to the next time: the sweep does not need channels.
    """
    try:
        client = zoho_client(sync, org_id, priority="bulk")
        asks, gone = _plan(sync, org_id, anew=anew)
        if gone:
            client.unwatch(gone)
            with sync.database.begin() as session:
                _forget(sync, session, org_id, gone)
        for ask, is_new in asks:
            _subscribe(sync, org_id, client, ask, is_new=is_new)
    except TROUBLE as error:
        log.warning("channels_wait", extra={"org": org_id, "cause": error.message.key})
        if error.message.key == UNPERMITTED:
            _unpermitted(sync, org_id)
        else:
            _put_off(sync, org_id)


def drop(sync: Sync, org_id: str) -> None:
    """End every channel of an organisation: it is reset or leaves. Channels Zoho cannot be told
    about end by themselves within a week, and nothing they tell opens a door here any more."""
    with sync.database.begin() as session:
        held = session.scalars(
            select(ZohoChannel.channel_id).where(ZohoChannel.org_id == org_id)
        ).all()
        _forget(sync, session, org_id, held)
        notices.end_alarm(sync, session, org_id, SCOPE)
    if not held:
        return
    try:
        zoho_client(sync, org_id, priority="bulk").unwatch(held)
    except SyncError as error:
        log.warning("channels_left", extra={"org": org_id, "cause": error.message.key})


def heard(sync: Sync, org_id: str, module: str, *, at: datetime) -> None:
    """A notification of this CRM module came."""
    with sync.database.begin() as session:
        row = _row(session, org_id, module)
        if row is None:
            return
        row.last_heard_at, row.missed = at, 0
        if row.state == "silent":
            row.state, row.reason_key = "live", None
        notices.end_alarm(sync, session, org_id, _silence(module))


def missed(sync: Sync, session: Session, org_id: str, module: str, *, count: int) -> None:
    """A sweep found changes the channel of this CRM module had not told."""
    row = _row(session, org_id, module)
    if row is None or row.state not in ("live", "short"):
        return
    row.missed += count
    if row.missed >= MOST_MISSED:
        row.state, row.reason_key, row.renew_at = "silent", "channel_silent", sync.clock()
        message = Message("channel_silent", {"crm_module": module})
        _alarm(sync, session, org_id, _silence(module), message)


def since(session: Session, org_id: str, module: str) -> datetime | None:
    """Since when the channel of a CRM module should have told everything; None without one."""
    row = _row(session, org_id, module)
    return row.made_at if row is not None and row.state in ("live", "short") else None


# --- inside ------------------------------------------------------------------------------------


def _row(session: Session, org_id: str, module: str) -> ZohoChannel | None:
    return session.scalars(
        select(ZohoChannel).where(ZohoChannel.org_id == org_id, ZohoChannel.module == module)
    ).one_or_none()


def _wanted(settings: Mapping[str, Any]) -> list[str]:
    """The CRM modules of every module that is switched on, each once."""
    specs = all_specs().items()
    paths = [
        spec.zoho.path
        for key, spec in specs
        if spec.attached_to is None and module_settings(settings, key).get("enabled")
    ]
    return list(dict.fromkeys(paths))


def _plan(sync: Sync, org_id: str, *, anew: bool) -> tuple[list[tuple[_Ask, bool]], list[str]]:
    """What to ask for, whether as new, and the channels nobody needs any more."""
    now = sync.clock()
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        wanted = _wanted(org.settings)
        rows = session.scalars(select(ZohoChannel).where(ZohoChannel.org_id == org_id)).all()
        held = {row.module: row for row in rows}
        for module in wanted:
            if module not in held:
                held[module] = ZohoChannel(
                    org_id=org_id, module=module, channel_id=_number(), renew_at=now,
                    state="wanted", missed=0,
                )  # fmt: skip
                session.add(held[module])
        due_ones = [held[module] for module in wanted if anew or held[module].renew_at <= now]
        asks = [
            (_ask(sync, org_id, row), anew or row.state not in ("live", "short"))
            for row in due_ones
        ]
        return asks, [row.channel_id for row in rows if row.module not in wanted]


def _number() -> str:
    """A channel's number is ours to choose; Zoho takes 64 bits."""
    return str(10**14 + secrets.randbelow(9 * 10**14))


def _ask(sync: Sync, org_id: str, row: ZohoChannel) -> _Ask:
    key = sync.settings.secret_key
    ends = (sync.clock() + ASKED).replace(microsecond=0)
    entry = {
        "channel_id": row.channel_id,
        "events": [f"{row.module}.all"],
        "notify_url": f"{sync.settings.public_url}/webhooks/zoho/{hooks.path_secret(key, org_id)}",
        "token": hooks.channel_token(key, org_id, row.channel_id),
        "channel_expiry": ends.isoformat(),
        "return_affected_field_values": False,
        "notify_on_related_action": False,
    }
    return _Ask(module=row.module, channel_id=row.channel_id, entry=entry)


def _subscribe(sync: Sync, org_id: str, client: ZohoClient, ask: _Ask, *, is_new: bool) -> None:
    try:
        told = client.watch([ask.entry]) if is_new else _renewed(client, ask)
    except (Refused, NotConfigured, Gone) as error:
        _refused(sync, org_id, ask, error)
        return
    _keep(sync, org_id, ask, told, is_new=is_new)


def _renewed(client: ZohoClient, ask: _Ask) -> Sequence[Raw]:
    """Extend a channel; one that has lapsed meanwhile (NOT_SUBSCRIBED) is made again."""
    part = {name: ask.entry[name] for name in ("channel_id", "events", "channel_expiry")}
    try:
        return client.renew([part])
    except (Refused, Gone, NotConfigured):
        return client.watch([ask.entry])


def _keep(sync: Sync, org_id: str, ask: _Ask, told: Sequence[Raw], *, is_new: bool) -> None:
    """What was given counts, not what was asked."""
    now = sync.clock()
    ends = min(filter(None, (moment(row.get("channel_expiry")) for row in told)), default=None)
    ends = ends or now + timedelta(hours=1)
    with sync.database.begin() as session:
        row = _row(session, org_id, ask.module)
        if row is None:
            return
        short = ends - now < SHRUNK
        row.state, row.reason_key = ("short", "channel_short") if short else ("live", None)
        row.expires_at, row.missed = ends, 0
        row.renew_at = now + max(SOONEST, (ends - now) / 2)
        row.made_at = now if is_new or row.made_at is None else row.made_at
        notices.end_alarm(sync, session, org_id, SCOPE)
        if short:
            params = {"crm_module": ask.module, "until": ends.isoformat()}
            _alarm(sync, session, org_id, _subject(ask.module), Message("channel_short", params))
        else:
            notices.end_alarm(sync, session, org_id, _subject(ask.module))


def _refused(sync: Sync, org_id: str, ask: _Ask, error: SyncError) -> None:
    log.warning("channel_refused", extra={"org": org_id, "cause": error.message.key})
    with sync.database.begin() as session:
        wanted = (ZohoChannel.org_id == org_id, ZohoChannel.module == ask.module)
        session.execute(_as_refused(sync, error.message.key).where(*wanted))
        message = Message("channel_refused", {"crm_module": ask.module})
        _alarm(sync, session, org_id, _subject(ask.module), message)


def _unpermitted(sync: Sync, org_id: str) -> None:
    """Nothing else needs this permission, so the connection goes on; a person adds it."""
    with sync.database.begin() as session:
        due = (ZohoChannel.org_id == org_id, ZohoChannel.renew_at <= sync.clock())
        session.execute(_as_refused(sync, UNPERMITTED).where(*due))
        message = Message("channels_scope_missing", {"scope": zoho_oauth.NOTIFICATIONS})
        _alarm(sync, session, org_id, SCOPE, message)


def _as_refused(sync: Sync, reason: str) -> Update:
    return update(ZohoChannel).values(
        state="refused", reason_key=reason, renew_at=sync.clock() + AGAIN, expires_at=None
    )


def _put_off(sync: Sync, org_id: str) -> None:
    now = sync.clock()
    with sync.database.begin() as session:
        session.execute(
            update(ZohoChannel)
            .where(ZohoChannel.org_id == org_id, ZohoChannel.renew_at <= now)
            .values(renew_at=now + SOONEST)
        )


def _forget(sync: Sync, session: Session, org_id: str, channel_ids: Sequence[str]) -> None:
    """Delete channels, and what was told of them: nobody needs to do anything about it now."""
    wanted = (ZohoChannel.org_id == org_id, ZohoChannel.channel_id.in_(channel_ids))
    for module in session.scalars(select(ZohoChannel.module).where(*wanted)).all():
        notices.end_alarm(sync, session, org_id, _subject(module), _silence(module))
    session.execute(delete(ZohoChannel).where(*wanted))


def _subject(module: str) -> str:
    """The alarm of what Zoho grants."""
    return f"channel:{module}"


def _silence(module: str) -> str:
    """The alarm of what it then does not tell."""
    return f"channel:{module}:silent"


def _alarm(sync: Sync, session: Session, org_id: str, subject: str, message: Message) -> None:
    log.warning("alarm", extra={"org": org_id, "cause": message.key})
    notices.raise_alarm(sync, session, org_id, subject, message)
