"""What people press: one record, a few records, a choice in a conflict, a link by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store import links
from backend.store.tables import ClickRequest, Link, LogRow, Organisation
from backend.store.tables import Mapping as MappingRow
from backend.sync import bulk
from backend.sync.app import Sync
from backend.sync.decided import decision_row
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.pairs import AlreadyLinked, half_of, join_by_hand, restoring

__all__ = [
    "AlreadyLinked", "NotConnected", "UnknownRecord", "click", "home", "join", "many",
    "open_request", "part", "resolve", "retry", "retry_all",
]  # fmt: skip
NotConnected = bulk.NotConnected


class UnknownRecord(Exception):
    """Nothing is known of this record, or it is in no such state."""


class ConflictChanged(Exception):
    """Somebody else settled this conflict, or its values are others now."""


def home(module: str) -> str:
    """The module whose records carry this one: payments live on invoices."""
    return all_specs()[module].attached_to or module


def click(
    sync: Sync, *, org_id: str, module: str, zoho_id: str, direction: str, by: str | None
) -> str:
    """Look at one record now, ahead of bulk work; the request to poll.

    Two people pressing together share one look. ``NotConnected`` without a Xero organisation.
    """
    with sync.database.begin() as session:
        request_id = _ask(sync, session, org_id, home(module), zoho_id, direction=direction, by=by)
    sync.nudge(org_id, "click")
    return request_id


def _ask(
    sync: Sync,
    session: Session,
    org_id: str,
    module: str,
    zoho_id: str,
    *,
    direction: str,
    by: str | None,
    trigger: str = "click",
) -> str:
    found = note_in(
        sync,
        session,
        org_id=org_id,
        module=module,
        side=Side.ZOHO,
        ids=[zoho_id],
        trigger=trigger,
        by=by,
        priority=PRIORITY["click"],
        direction=direction,
    )
    if not found:
        raise NotConnected(org_id)
    session.execute(update(Link).where(Link.id.in_(found)).values(barred=None))
    return open_request(sync, session, org_id, found[0], direction)


def open_request(
    sync: Sync, session: Session, org_id: str, link_id: str, direction: str = "both"
) -> str:
    """The request of whoever waits for an answer about this link; two people share one."""
    same = session.scalars(
        select(ClickRequest).where(
            ClickRequest.org_id == org_id,
            ClickRequest.link_id == link_id,
            ClickRequest.direction == direction,
            ClickRequest.state == "queued",
        )
    ).first()
    if same is None:
        same = ClickRequest(
            org_id=org_id, link_id=link_id, direction=direction, created_at=sync.clock()
        )
        session.add(same)
        session.flush()
    session.execute(update(Link).where(Link.id == link_id).values(request_id=same.id))
    return same.id


def many(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    ids: Sequence[str],
    direction: str,
    by: str | None,
) -> str:
    """Look at up to a hundred chosen records; the run to poll."""
    return bulk.chosen(
        sync, org_id=org_id, module=home(module), ids=ids, direction=direction, by=by
    )


# --- conflicts ---------------------------------------------------------------------------------


def version_of(link: Link) -> str:
    """The version of a conflict: another one for other values, and for choices already made."""
    rows = (link.conflict or {}).get("fields", ())
    seen = [[row.get(name) for name in ("field", "base", "zoho", "xero")] for row in rows]
    told = json.dumps([seen, link.choices], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def resolve(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    zoho_id: str,
    choices: Mapping[str, str],
    remember: bool,
    by: str | None,
    version: str | None = None,
) -> str:
    """Settle conflicting fields as a person chose; the request to poll.

    ``UnknownRecord`` when this record has no conflict in one of the fields, ``ConflictChanged``
    when it is no longer the ``version`` the person saw. ``remember`` makes the choice the rule for
    these fields from now on.
    """
    key = home(module)
    with sync.database.begin() as session:
        link = _link(session, org_id, key, zoho_id)
        session.refresh(link, with_for_update=True)  # of two people the second sees the first
        if version is not None and version != version_of(link):
            raise ConflictChanged(zoho_id)
        open_fields = {row["field"] for row in (link.conflict or {}).get("fields", ())}
        if not choices or not set(choices) <= open_fields:
            raise UnknownRecord(zoho_id)
        request_id = _ask(sync, session, org_id, key, zoho_id, direction="both", by=by)
        session.execute(
            update(Link)
            .where(Link.id == link.id)
            .values(choices={**link.choices, **{f: str(Side(s)) for f, s in choices.items()}})
        )
        if remember:
            _remember(sync, session, org_id, key, choices, by=by)
    sync.nudge(org_id, "click")
    return request_id


def _remember(
    sync: Sync,
    session: Session,
    org_id: str,
    module: str,
    choices: Mapping[str, str],
    *,
    by: str | None,
) -> None:
    """A new version of the mapping in which the chosen side owns these fields."""
    latest = session.scalars(
        select(MappingRow)
        .where(MappingRow.org_id == org_id, MappingRow.module == module)
        .order_by(MappingRow.version.desc())
        .limit(1)
    ).first()
    rows = [dict(row) for row in latest.rows] if latest is not None else []
    named = {row["name"]: row for row in rows}
    for field, side in choices.items():
        if field in named:
            named[field]["owner"] = side
        else:
            rows.append({"name": field, "owner": side})
    session.add(
        MappingRow(
            org_id=org_id,
            module=module,
            version=(latest.version if latest is not None else 0) + 1,
            rows=rows,
            by=by,
            created_at=sync.clock(),
        )
    )


def _link(session: Session, org_id: str, module: str, zoho_id: str) -> Link:
    org = session.get_one(Organisation, org_id)
    if org.tenant_id is None:
        raise NotConnected(org_id)
    found = links.find(session, org_id, org.tenant_id, module, "zoho", [zoho_id])
    if zoho_id not in found:
        raise UnknownRecord(zoho_id)
    return found[zoho_id]


# --- pairs by hand -----------------------------------------------------------------------------


def join(
    sync: Sync, *, org_id: str, module: str, zoho_id: str, xero_id: str | None, by: str | None
) -> str:
    """Make two records a pair because a person says so; ``xero_id`` None means: create a new one.

    An archived candidate is restored. ``AlreadyLinked`` when either belongs to another pair.
    """
    key = home(module)
    with sync.database.begin() as session:
        request_id = _ask(sync, session, org_id, key, zoho_id, direction="both", by=by)
        link = _link(session, org_id, key, zoho_id)
        if xero_id is None:
            link.choices = {**link.choices, "create": True}
        else:
            _check_unlinked(link, xero_id)
            link.choices = {**link.choices, **restoring(link, xero_id)}
            join_by_hand(session, link, "xero", xero_id, now=sync.clock(), by=by)
    sync.nudge(org_id, "click")
    return request_id


def part(sync: Sync, *, org_id: str, module: str, zoho_id: str, by: str | None) -> None:
    """Part a pair: both records stay as they are, the link stays as history.

    Neither half is created anew by itself: each becomes a record of its own that a person
    decides about.
    """
    with sync.database.begin() as session:
        link = _link(session, org_id, home(module), zoho_id)
        if link.xero_id is None:
            raise UnknownRecord(zoho_id)
        link.active, link.pending, link.barred = False, 0, "parted"
        for side in ("zoho", "xero"):
            half = half_of(
                link, side, barred="parted", key="parted_by_hand", now=sync.clock(), by=by
            )
            session.add(half)
            session.flush()
            _keep_keys(session, link, half, side)
        said = Message("parted_by_hand", {"by": by or ""})
        row = decision_row(sync, link, said, by=by, operation="link", status="success")
        session.add(row)


def _check_unlinked(link: Link, xero_id: str) -> None:
    if link.xero_id not in (None, xero_id):
        raise AlreadyLinked(xero_id)


def _keep_keys(session: Session, link: Link, half: Link, side: str) -> None:
    """The directory still knows each record by its names."""
    links.learn_keys(session, half, side, links.keys_of(session, link, side))


def retry(sync: Sync, *, org_id: str, log_id: int, by: str | None) -> str:
    """Try the record of a log row again; the request to poll."""
    with sync.database.begin() as session:
        row = session.get(LogRow, log_id)
        link = session.get(Link, row.link_id) if row is not None and row.link_id else None
        if row is None or row.org_id != org_id or link is None or not link.active:
            raise UnknownRecord(str(log_id))
        _mark_again(sync, session, [link.id], by=by, priority=PRIORITY["click"])
        request_id = open_request(sync, session, org_id, link.id, "both")
    sync.nudge(org_id, "click")
    return request_id


def retry_all(sync: Sync, *, org_id: str, message_key: str, by: str | None) -> int:
    """Try every record again that is held or failed for this cause; how many there are."""
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        ids = session.scalars(
            select(Link.id).where(
                Link.org_id == org_id,
                Link.tenant_id == org.tenant_id,
                Link.active,
                Link.message_key == message_key,
            )
        ).all()
        _mark_again(sync, session, ids, by=by, priority=PRIORITY["retry"])
    if ids:
        sync.nudge(org_id, "bulk")
    return len(ids)


def _mark_again(
    sync: Sync, session: Session, ids: Sequence[str], *, by: str | None, priority: int
) -> None:
    links.mark(
        session,
        ids,
        priority=priority,
        trigger="retry",
        by=by,
        direction="both",
        now=sync.clock(),
        unpark=True,
    )
