"""Looking for a record by a word, for a person who links or chooses by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.core.paths import get
from backend.core.scalars import to_text
from backend.core.spec import ModuleSpec, Raw, Resource
from backend.store import links
from backend.store.tables import Link
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.turn import CLICK, Turn

MOST = 25


def in_xero(sync: Sync, *, org_id: str, module: str, text: str) -> list[dict[str, Any]]:
    """Xero records of ``module`` that ``text`` finds, with who they are linked to; those whose
    name or number begins with it first. Raises what the client raises."""
    turn = turns.build(sync, org_id, fence=-1)
    spec = turn.specs[module]
    found = {row["id"]: row for row in _remembered(turn, spec, "xero", text)}
    for raw in turn.xero(CLICK).search(spec.xero, text):
        row = {**_row(spec.xero, raw), "archived": spec.state_of(raw) in spec.gone}
        if _fits(row, text, searched=spec.xero.search is not None):
            found[row["id"]] = row
    rows = sorted(found.values(), key=lambda row: _rank(row, text))[:MOST]
    return _with_partners(turn, spec, rows)


def in_crm(sync: Sync, *, org_id: str, module: str, text: str) -> list[dict[str, Any]]:
    """CRM records of ``module`` whose name or number holds ``text``; those that begin with it
    first. Raises what the client raises."""
    turn = turns.build(sync, org_id, fence=-1)
    spec = turn.specs[module]
    found = {row["id"]: row for row in _remembered(turn, spec, "zoho", text)}
    for raw in turn.zoho(CLICK).search(spec.zoho.path, text, _columns(spec.zoho)):
        row = _row(spec.zoho, raw)
        if _fits(row, text, searched=False):
            found[row["id"]] = row
    return sorted(found.values(), key=lambda row: _rank(row, text))[:MOST]


def one_in_crm(sync: Sync, *, org_id: str, module: str, zoho_id: str) -> dict[str, Any] | None:
    """The CRM record of that number, None when it is gone. Raises what the client raises."""
    turn = turns.build(sync, org_id, fence=-1)
    resource = turn.specs[module].zoho
    raw = turn.zoho(CLICK).read(resource.path, zoho_id)
    return None if raw is None else _row(resource, raw)


def _columns(resource: Resource) -> Sequence[str]:
    return [name for name in (resource.label, resource.number) if name]


def _row(resource: Resource, raw: Raw) -> dict[str, Any]:
    number = resource.number
    return {
        "id": str(raw[resource.id]),
        "label": to_text(get(raw, resource.label)) or "",
        "number": to_text(get(raw, number)) if number else None,
    }


def _remembered(turn: Turn, spec: ModuleSpec, side: str, text: str) -> list[dict[str, Any]]:
    """What our own directory knows by that name or number; it finds parts of a number, too."""
    with turn.sync.database.begin() as session:
        rows = links.by_label(
            session, turn.org_id, turn.tenant_id, spec.key, side=side, text=text, most=MOST
        )
    return [_known(spec, side, link) for link in rows]


def _known(spec: ModuleSpec, side: str, link: Link) -> dict[str, Any]:
    face: Mapping[str, Any] = link.face.get(side) or {}
    row = {
        "id": link.xero_id if side == "xero" else link.zoho_id,
        "label": face.get("label") or link.label,
        "number": face.get("number"),
    }
    return {**row, "archived": face.get("status") in spec.gone} if side == "xero" else row


def _fits(row: Mapping[str, Any], text: str, *, searched: bool) -> bool:
    """Xero's own search is believed; a whole list is searched here."""
    wanted = text.casefold()
    return searched or wanted in f"{row['label']}\n{row['number'] or ''}".casefold()


def _rank(row: Mapping[str, Any], text: str) -> tuple[bool, bool, str]:
    wanted = text.casefold()
    begins = any(str(row[name] or "").casefold().startswith(wanted) for name in ("label", "number"))
    return (not begins, bool(row.get("archived")), str(row["label"]).casefold())


def _with_partners(
    turn: Turn, spec: ModuleSpec, rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    listed = list(rows)
    with turn.sync.database.begin() as session:
        known = _links(session, turn, spec, [row["id"] for row in listed])
    return [{**row, "linked_to": _partner(known.get(row["id"]))} for row in listed]


def _links(session: Session, turn: Turn, spec: ModuleSpec, ids: list[str]) -> dict[str, Link]:
    return links.find(session, turn.org_id, turn.tenant_id, spec.key, "xero", ids)


def _partner(link: Link | None) -> dict[str, Any] | None:
    if link is None or link.zoho_id is None:
        return None
    face: Mapping[str, Any] = link.face.get("zoho") or {}
    return {"zoho_id": link.zoho_id, "label": face.get("label") or link.label}
