"""Records that were deleted outright in Xero: only a whole list, by lacking them, tells of it."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from sqlalchemy import select

from backend.core.guard import side_suddenly_empty
from backend.core.spec import ModuleSpec
from backend.store.tables import Link
from backend.sync import alarms
from backend.sync.intake import note_changed
from backend.sync.turn import Turn

AT_ONCE: Final = 1000
TOLD: Final = frozenset({"deleted_in_xero_kept_in_crm", "gone_on_both"})
"""Held for this very reason: looking again changes nothing."""


def note(turn: Turn, spec: ModuleSpec, listed: Container[str]) -> None:
    """Have the loop look at linked records which a completed read of everything did not list.

    The loop asks Xero for each by its id: what is still there, or was made meanwhile, is left as it
    is; what is gone goes the way of every deletion. A list that is suddenly empty is not believed,
    and the administrators are told. Parts of other records are missed where those are read.
    """
    if spec.parts is not None:
        return
    known, last = 0, ""
    lost: list[str] = []
    while rows := _linked(turn, spec, after=last):
        known, last = known + len(rows), rows[-1].id
        lost += [row.id for row in rows if _is_missed(spec, row, listed)]
    doubt = side_suddenly_empty(known, known - len(lost)) if lost else None
    with turn.sync.database.begin() as session:
        if doubt is not None:
            alarms.empty_list(turn.sync, session, turn.org_id, spec.key, doubt)
            return
        alarms.list_is_back(turn.sync, session, turn.org_id, spec.key)
        if lost:
            note_changed(session, turn, lost)


def _linked(turn: Turn, spec: ModuleSpec, *, after: str) -> list[Link]:
    """The next pairs of the module, by id."""
    mine = (Link.org_id == turn.org_id, Link.tenant_id == turn.tenant_id, Link.module == spec.key)
    paired = (Link.active, Link.zoho_id.is_not(None), Link.xero_id.is_not(None))
    with turn.sync.database.begin() as session:
        query = select(Link).where(*mine, *paired, Link.id > after).order_by(Link.id)
        return list(session.scalars(query.limit(AT_ONCE)))


def _is_missed(spec: ModuleSpec, row: Link, listed: Container[str]) -> bool:
    """Whether the record should have been listed; what was withdrawn is known to be gone."""
    withdrawn = (row.face.get("xero") or {}).get("status") in spec.gone
    return row.xero_id not in listed and not withdrawn and row.message_key not in TOLD
