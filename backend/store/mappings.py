"""Versions of a module's mapping, and sample values for those who edit one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.store.tables import Link, Snapshot
from backend.store.tables import Mapping as MappingRow

MOST = 200
SAMPLED = 5


def versions(session: Session, org_id: str, module: str) -> Sequence[MappingRow]:
    """The newest versions of a module's mapping, the newest first."""
    return session.scalars(
        select(MappingRow)
        .where(MappingRow.org_id == org_id, MappingRow.module == module)
        .order_by(MappingRow.version.desc())
        .limit(MOST)
    ).all()


def version(session: Session, org_id: str, module: str, number: int) -> MappingRow | None:
    """One version, None when there is none of that number."""
    return session.scalars(
        select(MappingRow).where(
            MappingRow.org_id == org_id,
            MappingRow.module == module,
            MappingRow.version == number,
        )
    ).one_or_none()


def newest(session: Session, org_id: str) -> dict[str, list[Any]]:
    """The rows in force of every module that has any of its own."""
    last = (
        select(MappingRow.module, func.max(MappingRow.version).label("version"))
        .where(MappingRow.org_id == org_id)
        .group_by(MappingRow.module)
        .subquery()
    )
    rows = session.execute(
        select(MappingRow.module, MappingRow.rows)
        .join(
            last,
            (MappingRow.module == last.c.module) & (MappingRow.version == last.c.version),
        )
        .where(MappingRow.org_id == org_id)
    )
    return {str(module): list(held) for module, held in rows}


def bound(session: Session, org_id: str) -> dict[tuple[str, str], str]:
    """The CRM field an administrator's row is bound to, by module and name of the row."""
    return {
        (module, str(row["name"])): str(row["zoho"])
        for module, rows in newest(session, org_id).items()
        for row in rows
        if row.get("zoho")
    }


def sampled(
    session: Session,
    org_id: str,
    tenant_id: str,
    module: str,
    *,
    paired: bool,
    limit: int = SAMPLED,
) -> Sequence[Link]:
    """A few records of a module, those agreed on last first."""
    query = select(Link).where(
        Link.org_id == org_id, Link.tenant_id == tenant_id, Link.module == module, Link.active
    )
    if paired:
        query = query.where(Link.zoho_id.is_not(None), Link.xero_id.is_not(None))
    newest_first = query.order_by(Link.agreed_at.is_(None), Link.agreed_at.desc(), Link.id)
    return session.scalars(newest_first.limit(limit)).all()


def copies(session: Session, link_ids: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """Kept copies of records by side, whoever they belong to."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not link_ids:
        return found
    for row in session.scalars(select(Snapshot).where(Snapshot.link_id.in_(list(link_ids)))):
        held = json.loads(row.raw)
        if isinstance(held, dict):
            found.setdefault(row.side, []).append(held)
    return found
