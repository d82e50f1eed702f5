"""Modules that live in the same Xero records: customers, people and suppliers are contacts.

Xero keeps a name once among all of them, so whoever looks for a partner looks there as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.core.match import Candidate
from backend.core.parts import is_part
from backend.core.spec import ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link, NaturalKey
from backend.sync.coming import Coming
from backend.sync.face import LEADS
from backend.sync.turn import Turn

MOST = 50


def kinds(spec: ModuleSpec) -> set[str]:
    """The natural keys of a module as the directory names them."""
    return {row.name for row in spec.fields if row.keys in LEADS}


def known(
    session: Session, spec: ModuleSpec, link: Link, keys: Mapping[str, str], coming: Coming
) -> list[Candidate]:
    """Xero records of the modules beside that share a natural key of a CRM record, or will once
    what is ``coming`` is written."""
    wanted = {kind: value for kind, value in keys.items() if kind in kinds(spec) and value}
    if not spec.beside or not wanted:
        return []
    gained = coming.renamed_to(wanted)
    found = [
        row
        for row in _rows(session, spec, link, wanted, gained)
        if row.xero_id and not is_part(row.xero_id) and _free(spec, row)
        if row.xero_id in gained or row.xero_id not in coming.renamed
    ]
    own = _own(session, spec, link, [row.xero_id or "" for row in found])
    return [_candidate(spec, row, own.get(row.xero_id or ""), coming) for row in found]


def _rows(
    session: Session, spec: ModuleSpec, link: Link, wanted: Mapping[str, str], gained: set[str]
) -> Iterable[Link]:
    """Links of the modules beside that the directory knows by a key, and those ``gained``."""
    mine = (NaturalKey.org_id == link.org_id, NaturalKey.tenant_id == link.tenant_id)
    ids = select(NaturalKey.link_id).where(
        *mine,
        NaturalKey.module.in_(spec.beside),
        NaturalKey.side == str(Side.XERO),
        or_(
            *(
                (NaturalKey.kind == kind) & (NaturalKey.value == value[:300])
                for kind, value in wanted.items()
            )
        ),
    )
    query = select(Link).where(Link.id.in_(ids), Link.active).limit(MOST)
    rows = {row.id: row for row in session.scalars(query)}
    for module in spec.beside if gained else ():
        of = (link.org_id, link.tenant_id, module, str(Side.XERO))
        rows |= {row.id: row for row in links.find(session, *of, sorted(gained)).values()}
    return rows.values()


def _free(spec: ModuleSpec, row: Link) -> bool:
    return row.zoho_id is None or row.module not in spec.yields_to


def _own(session: Session, spec: ModuleSpec, link: Link, ids: Iterable[str]) -> Mapping[str, Link]:
    return links.find(session, link.org_id, link.tenant_id, spec.key, str(Side.XERO), ids)


def _candidate(spec: ModuleSpec, row: Link, own: Link | None, coming: Coming) -> Candidate:
    face: Mapping[str, str] = row.face.get("xero") or {}
    mark = row.face.get("marks", {}).get("xero")
    return Candidate(
        id=row.xero_id or "",
        label=face.get("label") or row.label,
        values=coming.renamed.get(row.xero_id or "") or row.face.get("keys", {}).get("xero", {}),
        archived=face.get("status") in spec.gone,
        back_reference=mark if isinstance(mark, str) else None,
        linked=own is not None and own.zoho_id is not None,
    )


def held(session: Session, turn: Turn, spec: ModuleSpec, ids: Iterable[str]) -> set[str]:
    """Which Xero records belong to a module this one yields to."""
    wanted, found = list(ids), set[str]()
    for module in spec.yields_to:
        rows = links.find(session, turn.org_id, turn.tenant_id, module, str(Side.XERO), wanted)
        found |= {key for key, row in rows.items() if row.zoho_id is not None}
    return found
