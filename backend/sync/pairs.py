"""Pairs as people make and part them: the old pair stays as history, nothing is created anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.modules import all_specs
from backend.store import links
from backend.store.tables import Link

OTHER = {"zoho": "xero", "xero": "zoho"}


class AlreadyLinked(Exception):
    """One of the two records belongs to another pair."""


def join_by_hand(
    session: Session, link: Link, side: str, record_id: str, *, now: datetime, by: str | None
) -> None:
    """Make ``record_id`` of ``side`` the partner in ``link``, whatever it was left out for.

    A partner it had before is parted. ``AlreadyLinked`` when the record belongs to another pair.
    """
    found = links.find(session, link.org_id, link.tenant_id, link.module, side, [record_id])
    other = found.get(record_id)
    if other is not None and other.id != link.id:
        if getattr(other, f"{OTHER[side]}_id") is not None:
            raise AlreadyLinked(record_id)
        if getattr(link, f"{side}_id") is not None:
            release(session, link, side, barred="parted", key="parted_by_hand", now=now, by=by)
        links.absorb(session, link, other, side)
    elif getattr(link, f"{side}_id") not in (None, record_id):
        release(session, link, side, barred="parted", key="parted_by_hand", now=now, by=by)
    setattr(link, f"{side}_id", record_id)
    link.barred = None


def restoring(link: Link, record_id: str) -> dict[str, bool]:
    """What the loop must know when a person chose ``record_id`` as partner: an archived contact
    was offered with the words "link and restore", so choosing it restores it."""
    if "ARCHIVED" not in all_specs()[link.module].gone:
        return {}
    chosen = (each for each in link.candidates or () if each["id"] == record_id)
    return {"unarchive": True} if any(each.get("archived") for each in chosen) else {}


def release(
    session: Session,
    link: Link,
    side: str,
    *,
    barred: str | None,
    key: str,
    now: datetime,
    by: str | None,
) -> Link:
    """Take the record of ``side`` out of ``link``: it becomes a record of its own, the pair stays
    as history, and what both agreed on is forgotten. The new row."""
    session.add(history_of(link, barred=barred))
    half = half_of(link, side, barred=barred, key=key, now=now, by=by)
    known = links.keys_of(session, link, side)
    setattr(link, f"{side}_id", None)
    setattr(link, f"{side}_version", None)
    link.generation += 1
    link.base_zoho, link.base_xero, link.agreed_at = None, None, None
    link.face = _without(link.face, side)
    links.learn_keys(session, link, side, {})
    links.drop_snapshots(session, [link.id])
    session.add(half)
    session.flush()
    links.learn_keys(session, half, side, known)
    return half


def history_of(link: Link, *, barred: str | None = None) -> Link:
    """The pair as it was, kept for the record; ``barred`` when a person parted it."""
    return Link(
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        module=link.module,
        zoho_id=link.zoho_id,
        xero_id=link.xero_id,
        active=False,
        generation=link.generation,
        label=link.label,
        state="excluded",
        face=link.face,
        agreed_at=link.agreed_at,
        barred=barred,
    )


def half_of(
    link: Link, side: str, *, barred: str | None, key: str, now: datetime, by: str | None
) -> Link:
    """A row for one record of a pair that is no more."""
    half = Link(
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        module=link.module,
        depth=link.depth,
        generation=link.generation + 1,
        label=link.label,
        state="excluded",
        barred=barred,
        message_key=key,
        message_params={"by": by or ""},
        checked_at=now,
        face=_without(link.face, OTHER[side]),
    )
    setattr(half, f"{side}_id", getattr(link, f"{side}_id"))
    setattr(half, f"{side}_version", getattr(link, f"{side}_version"))
    return half


def _without(face: dict[str, Any], side: str) -> dict[str, Any]:
    """A face without what is known of one side; money is Xero's word."""
    kept = {name: held for name, held in face.items() if name not in {side, "keys", "marks"}}
    if side == "xero":
        kept.pop("money", None)
    for name in ("keys", "marks"):
        inner = {key: held for key, held in face.get(name, {}).items() if key != side}
        if inner:
            kept[name] = inner
    return kept


def new_partner(session: Session, link: Link, side: str, record_id: str) -> None:
    """A record made anew gets a new generation; the pair it replaces stays as history. A row that
    already knew the new record alone is absorbed."""
    old = getattr(link, f"{side}_id")
    if old is not None and old != record_id:
        session.add(history_of(link))
        link.generation += 1
        link.base_zoho, link.base_xero = None, None
    found = links.find(session, link.org_id, link.tenant_id, link.module, side, [record_id])
    other = found.get(record_id)
    if other is not None and other.id != link.id:
        links.absorb(session, link, other, side)
    setattr(link, f"{side}_id", record_id)
