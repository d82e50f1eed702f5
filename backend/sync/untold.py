"""Checking the hints against the guarantee: did somebody tell what a sweep has just found?

A change that was told late, or never, shows that webhooks or a channel cannot be relied upon just
now; the schedule then asks as often as it would without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.core.spec import Side
from backend.store import pulses
from backend.store.live import WebhookNote
from backend.store.tables import Link, Snapshot, XeroConnection
from backend.sync import channels
from backend.sync.gather import parsed
from backend.sync.turn import Turn

ON_ITS_WAY = timedelta(minutes=2)
"""How long after a change its hint may still be on its way."""
LONG_AGO = timedelta(hours=3)
"""Older changes were before the ears were open, or their hints are forgotten."""
MOST = 50
"""Changes of one page that are checked: more say nothing new."""


def check(session: Session, turn: Turn, side: Side, link_ids: Sequence[str]) -> None:
    """Compare what a sweep found changed with what was told."""
    changed = _changed(session, turn, side, link_ids[:MOST])
    if side is Side.XERO:
        since = _ears_open(session, turn)
        due = {key: at for key, at in changed.items() if since is not None and at > since}
        if _untold(session, side, due):
            pulses.doubted(session, turn.org_id, turn.tenant_id, at=turn.sync.clock())
        return
    by_module: dict[str, dict[str, datetime]] = {}
    for (module, record_id), at in changed.items():
        by_module.setdefault(module, {})[record_id] = at
    for module, times in by_module.items():
        path = turn.specs[module].zoho.path
        since = channels.since(session, turn.org_id, path)
        if since is None:
            continue
        due = {(module, record): at for record, at in times.items() if at > since}
        count = len(_untold(session, side, due))
        if count:
            channels.missed(turn.sync, session, turn.org_id, path, count=count)


def _ears_open(session: Session, turn: Turn) -> datetime | None:
    """Since when Xero should have told of this organisation's changes; None where no webhook was
    ever heard, so that nobody relies on any."""
    pulse = pulses.of(session, turn.org_id, turn.tenant_id)
    own = pulse.heard_at if pulse is not None else None
    if own is None and not pulses.heard_elsewhere(session):
        return None
    mine = (XeroConnection.org_id == turn.org_id, XeroConnection.tenant_id == turn.tenant_id)
    return session.scalar(select(XeroConnection.connected_at).where(*mine))


def _changed(
    session: Session, turn: Turn, side: Side, link_ids: Sequence[str]
) -> dict[tuple[str, str], datetime]:
    """(module, record id) to the time of its change, of those that should have been told."""
    rows = session.execute(
        select(Link.module, Link.zoho_id, Link.xero_id, Snapshot.raw)
        .join(Snapshot, Snapshot.link_id == Link.id)
        .where(Link.id.in_(link_ids), Snapshot.side == str(side))
    )
    now, found = turn.sync.clock(), {}
    for module, zoho_id, xero_id, raw in rows:
        home = turn.specs[module].resource(side)
        record_id = zoho_id if side is Side.ZOHO else xero_id
        if side is Side.XERO and home.event is None:
            continue
        told = parsed(raw)
        at = moment(told.get(f"{home.modified}String") or told.get(home.modified))
        if at is not None and record_id and ON_ITS_WAY < now - at < LONG_AGO:
            found[module, str(record_id)] = at
    return found


def _untold(session: Session, side: Side, changed: Mapping[tuple[str, str], datetime]) -> list[str]:
    """The records nobody told of since they changed."""
    if not changed:
        return []
    rows = session.execute(
        select(WebhookNote.record_id, func.max(WebhookNote.received_at))
        .where(
            WebhookNote.side == str(side),
            WebhookNote.record_id.in_([record_id for _, record_id in changed]),
        )
        .group_by(WebhookNote.record_id)
    )
    told: dict[str, datetime] = {}
    told.update((record_id, at) for record_id, at in rows)
    second = timedelta(seconds=1)
    return [
        record_id
        for (_, record_id), at in changed.items()
        if record_id not in told or told[record_id] < at - second
    ]
