"""Queries on links: the queue, the directory, the pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Text, bindparam, cast, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.columns import UTCDateTime
from backend.store.tables import Link, NaturalKey, Organisation, Snapshot

LAST = 9


# --- built once: what a turn asks again and again ---------------------------------------------

_OURS = (Link.org_id == bindparam("org"), Link.tenant_id == bindparam("tenant"), Link.active)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FIND = {
    side: select(Link).where(*_OURS, Link.module == bindparam("of"), column.in_(_IDS))
    for side, column in (("zoho", Link.zoho_id), ("xero", Link.xero_id))
}
_READY = (
    *_OURS,
    Link.pending > 0,
    or_(Link.not_before.is_(None), Link.not_before <= bindparam("now", type_=UTCDateTime())),
    Link.priority <= bindparam("urgency"),
)
_HOW_MANY = select(func.count()).select_from(Link).where(*_READY)
# Records of one kind together fill whole requests: creates there, creates here, pairs.
_KIND = (Link.xero_id.is_not(None), Link.zoho_id.is_not(None))
_ORDER = (Link.priority, Link.depth, *_KIND, Link.noted_at, Link.id)
_FIRST = select(Link.priority, Link.module).where(*_READY).order_by(*_ORDER).limit(1)
_SAME = (Link.priority == bindparam("of_priority"), Link.module == bindparam("of"))
_NEXT = select(Link).where(*_READY, *_SAME).order_by(*_ORDER).limit(bindparam("most"))
_BY_ID = select(Link).where(Link.id.in_(_IDS))
_KEYS_OF = select(NaturalKey).where(NaturalKey.link_id.in_(_IDS))


# --- the queue and the directory ---------------------------------------------------------------


def find(
    session: Session, org_id: str, tenant_id: str, module: str, side: str, record_ids: Iterable[str]
) -> dict[str, Link]:
    """The active links of these records, by record id."""
    wanted = list(record_ids)
    found: dict[str, Link] = {}
    for start in range(0, len(wanted), 500):
        told = {
            "org": org_id,
            "tenant": tenant_id,
            "of": module,
            "ids": wanted[start : start + 500],
        }
        for row in session.scalars(_FIND[str(side)], told):
            key = row.zoho_id if side == "zoho" else row.xero_id
            if key is not None:
                found[key] = row
    return found


def ensure(
    session: Session,
    org_id: str,
    tenant_id: str,
    module: str,
    side: str,
    record_ids: Collection[str],
    *,
    depth: int,
) -> dict[str, Link]:
    """The active link of every record, made where there was none, by record id; ``depth`` is the
    module's place in the order of work.

    Whoever makes one holds the organisation's row until it is stored, so that two people who
    press at once find the same link.
    """
    found = find(session, org_id, tenant_id, module, side, record_ids)
    missing = [each for each in record_ids if each not in found]
    if missing:
        row = select(Organisation.id).where(Organisation.id == org_id)
        session.execute(row.with_for_update(key_share=True))
        found |= find(session, org_id, tenant_id, module, side, missing)
    for record_id in record_ids:
        if record_id not in found:
            link = Link(org_id=org_id, tenant_id=tenant_id, module=module, depth=depth)
            setattr(link, f"{side}_id", record_id)
            session.add(link)
            found[record_id] = link
        found[record_id].depth = depth
    session.flush()
    return found


def mark(
    session: Session,
    link_ids: Sequence[str],
    *,
    priority: int,
    trigger: str,
    by: str | None,
    direction: str,
    now: datetime,
    run_id: str | None = None,
    request_id: str | None = None,
    unpark: bool = False,
) -> None:
    """Count a note on each link. The more urgent of two reasons stays; waits end.

    A parked record, or one that waits for its next attempt, is looked at again only when it is
    ``unpark``: because it changed, or because a person asked.
    """
    for start in range(0, len(link_ids), 400):
        ids = link_ids[start : start + 400]
        mine = or_(Link.pending == 0, Link.priority >= priority)
        session.execute(
            update(Link)
            .where(Link.id.in_(ids), mine)
            .values(priority=priority, trigger=trigger, by=by, direction=direction)
        )
        values: dict[str, object] = {"pending": Link.pending + 1, "noted_at": now}
        if run_id is not None:
            values["run_id"] = run_id
        if request_id is not None:
            values["request_id"] = request_id
        if unpark:
            values |= {"parked": False, "attempts": 0, "not_before": None}
        session.execute(update(Link).where(Link.id.in_(ids)).values(**values))


def claim(
    session: Session,
    org_id: str,
    tenant_id: str,
    *,
    now: datetime,
    limit: int,
    urgency: int | None = None,
) -> list[Link]:
    """The most urgent pending links that may be looked at now, all of one module and urgency.

    With ``urgency`` only those at least that urgent.
    """
    told = {"org": org_id, "tenant": tenant_id, "now": now, "urgency": _least(urgency)}
    first = session.execute(_FIRST, told).first()
    if first is None:
        return []
    same = {"of_priority": first.priority, "of": first.module, "most": limit}
    return list(session.scalars(_NEXT, told | same).all())


def _least(urgency: int | None) -> int:
    return LAST if urgency is None else urgency


def pending_count(
    session: Session,
    org_id: str,
    tenant_id: str,
    *,
    now: datetime,
    urgency: int | None = None,
) -> int:
    """How many links may be looked at now; with ``urgency`` only those at least that urgent."""
    told = {"org": org_id, "tenant": tenant_id, "now": now, "urgency": _least(urgency)}
    return session.scalar(_HOW_MANY, told) or 0


def staged(session: Session, org_id: str, tenant_id: str, module: str, side: str) -> list[Link]:
    """The pairs whose deletion on ``side`` waits to be counted."""
    rows = select(Link).where(
        Link.org_id == org_id,
        Link.tenant_id == tenant_id,
        Link.module == module,
        Link.active,
        Link.pending > 0,
        Link.priority == LAST,
        Link.staged == side,
    )
    return list(session.scalars(rows.order_by(Link.id)).all())


def named_by(
    session: Session, org_id: str, tenant_id: str, modules: Sequence[str], *, record_id: str
) -> bool:
    """Whether a pair of ``modules`` last agreed on something that names this CRM record."""
    row = select(Link.id).where(
        Link.org_id == org_id,
        Link.tenant_id == tenant_id,
        Link.module.in_(modules),
        Link.active,
        cast(Link.base_zoho, Text).like(f'%"{record_id}"%'),
    )
    return session.scalar(row.limit(1)) is not None


def pair_count(session: Session, org_id: str, tenant_id: str, module: str) -> int:
    """How many pairs a module has."""
    rows = select(func.count()).where(
        Link.org_id == org_id,
        Link.tenant_id == tenant_id,
        Link.module == module,
        Link.active,
        Link.zoho_id.is_not(None),
        Link.xero_id.is_not(None),
    )
    return session.scalar(rows) or 0


def finish(session: Session, link_id: str, *, seen: int) -> bool:
    """Clear the pending mark if nothing was noted since ``seen``; whether it was cleared."""
    done = session.execute(
        update(Link)
        .where(Link.id == link_id, Link.pending == seen)
        .values(pending=0, run_id=None, request_id=None, choices={})
        .returning(Link.id)
    ).scalar_one_or_none()
    return done is not None


_LOADED, _KEYS = "loaded_links", "loaded_keys"
"""Where a session keeps what ``preload`` loaded; it ends with its transaction."""


def preload(session: Session, link_ids: Collection[str]) -> None:
    """Load links with their directory rows in two queries, so that ``Session.get`` and
    ``learn_keys`` need none of their own for each link in this transaction."""
    ids = list(link_ids)
    loaded = session.info.setdefault(_LOADED, [])
    held: _Directory = session.info.setdefault(_KEYS, {})
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        loaded += session.scalars(_BY_ID, {"ids": some})
        held |= {(each, side): {} for each in some for side in ("zoho", "xero")}
        for row in session.scalars(_KEYS_OF, {"ids": some}):
            held[row.link_id, row.side][row.kind] = row


_Directory = dict[tuple[str, str], dict[str, NaturalKey]]


def _held_keys(session: Session, link: Link, side: str) -> dict[str, NaturalKey]:
    loaded: _Directory = session.info.get(_KEYS, {})
    if (link.id, side) in loaded:
        return loaded[link.id, side]
    rows = session.scalars(
        select(NaturalKey).where(NaturalKey.link_id == link.id, NaturalKey.side == side)
    )
    return {row.kind: row for row in rows}


def learn_keys(session: Session, link: Link, side: str, keys: Mapping[str, str]) -> None:
    """Replace what the directory knows of one record; ``keys`` maps kind to normalised value."""
    held = _held_keys(session, link, side)
    for kind, value in keys.items():
        if kind in held:
            held[kind].value = value[:300]
            continue
        held[kind] = NaturalKey(
            link_id=link.id,
            side=side,
            kind=kind,
            value=value[:300],
            org_id=link.org_id,
            tenant_id=link.tenant_id,
            module=link.module,
        )
        session.add(held[kind])
    for kind in set(held) - set(keys):
        session.delete(held.pop(kind))


def keys_of(session: Session, link: Link, side: str) -> dict[str, str]:
    """What the directory knows of one record: kind to normalised value."""
    return {kind: row.value for kind, row in _held_keys(session, link, side).items()}


def by_keys(
    session: Session, link: Link, side: str, keys: Mapping[str, str], *, most: int = 50
) -> list[Link]:
    """Links whose record on ``side`` shares one of ``keys``."""
    wanted = [
        (NaturalKey.kind == kind) & (NaturalKey.value == value[:300])
        for kind, value in keys.items()
        if value
    ]
    if not wanted:
        return []
    ids = select(NaturalKey.link_id).where(
        NaturalKey.org_id == link.org_id,
        NaturalKey.tenant_id == link.tenant_id,
        NaturalKey.module == link.module,
        NaturalKey.side == side,
        or_(*wanted),
    )
    rows = select(Link).where(Link.id.in_(ids), Link.active, Link.id != link.id).limit(most)
    return list(session.scalars(rows).all())


def parted_from(session: Session, link: Link, side: str) -> set[str]:
    """The records of the other side that a person has parted from this one of ``side``."""
    ours, theirs = (Link.zoho_id, Link.xero_id) if side == "zoho" else (Link.xero_id, Link.zoho_id)
    rows = session.scalars(
        select(theirs).where(
            Link.org_id == link.org_id,
            Link.tenant_id == link.tenant_id,
            Link.module == link.module,
            ours == getattr(link, f"{side}_id"),
            Link.barred.is_not(None),
            ~Link.active,
        )
    )
    return {each for each in rows if each is not None}


def by_label(
    session: Session,
    org_id: str,
    tenant_id: str,
    module: str,
    *,
    side: str,
    text: str,
    most: int,
) -> list[Link]:
    """Active links with a record on ``side`` whose label, name or number holds ``text``."""
    sought = f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    column = Link.zoho_id if side == "zoho" else Link.xero_id
    keys = select(NaturalKey.link_id).where(
        NaturalKey.org_id == org_id,
        NaturalKey.tenant_id == tenant_id,
        NaturalKey.module == module,
        NaturalKey.side == side,
        NaturalKey.value.ilike(sought, escape="!"),
    )
    rows = (
        select(Link)
        .where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.module == module,
            Link.active,
            column.is_not(None),
            or_(Link.label.ilike(sought, escape="!"), Link.id.in_(keys)),
        )
        .order_by(Link.label, Link.id)
        .limit(most)
    )
    return list(session.scalars(rows).all())


def keep_snapshot(
    session: Session, link_id: str, side: str, raw: str, *, whole: bool, read_at: datetime
) -> None:
    """Keep a record as read until the loop has looked at it."""
    row = session.get(Snapshot, (link_id, side))
    if row is None:
        session.add(Snapshot(link_id=link_id, side=side, raw=raw, whole=whole, read_at=read_at))
    else:
        row.raw, row.whole, row.read_at = raw, whole, read_at


def keep_snapshots(session: Session, kept: Sequence[Mapping[str, object]]) -> None:
    """Keep many records as read, in one statement; each is link_id, side, raw, whole, read_at."""
    if not kept:
        return
    session.flush()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Snapshot)
    told = {name: statement.excluded[name] for name in ("raw", "whole", "read_at")}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["link_id", "side"], set_=told), list(kept)
    )


def take_snapshots(session: Session, link_ids: Sequence[str]) -> list[Snapshot]:
    """The kept records of these links."""
    return list(session.scalars(select(Snapshot).where(Snapshot.link_id.in_(link_ids))).all())


def drop_snapshots(session: Session, link_ids: Sequence[str]) -> None:
    """Forget kept records that have been looked at."""
    session.execute(delete(Snapshot).where(Snapshot.link_id.in_(link_ids)))


def absorb(session: Session, link: Link, other: Link, side: str) -> None:
    """``other`` knew only ``side`` of the same pair: its record joins ``link``, the row goes."""
    record_id = other.xero_id if side == "xero" else other.zoho_id
    face, version = other.face.get(side), getattr(other, f"{side}_version")
    keys = {
        row.kind: row.value
        for row in session.scalars(
            select(NaturalKey).where(NaturalKey.link_id == other.id, NaturalKey.side == side)
        )
    }
    snapshot = session.get(Snapshot, (other.id, side))
    kept = (snapshot.raw, snapshot.whole, snapshot.read_at) if snapshot else None
    marks = other.face.get("keys", {}).get(side, {})
    session.delete(other)
    session.flush()
    setattr(link, f"{side}_id", record_id)
    setattr(link, f"{side}_version", version)
    link.face = {
        **link.face,
        side: face,
        "keys": {**link.face.get("keys", {}), side: marks},
    }
    learn_keys(session, link, side, keys)
    if kept is not None:
        keep_snapshot(session, link.id, side, kept[0], whole=kept[1], read_at=kept[2])


def unpair(session: Session, link: Link) -> None:
    """Forget the Xero half of a pair that CRM keeps; what was agreed says nothing any more."""
    link.xero_id, link.xero_version = None, None
    link.base_zoho, link.base_xero = None, None
    link.face = {name: held for name, held in link.face.items() if name != "xero"}
    learn_keys(session, link, "xero", {})
    drop_snapshots(session, [link.id])
