"""Records that were deleted outright in Xero: only a whole list, by lacking them, tells of it."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from backend.core.guard import side_suddenly_empty
from backend.core.spec import ModuleSpec
from backend.store import paging
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
    known, lost = 0, list[str]()
    mine = paging.of_module(turn.org_id, turn.tenant_id, spec.key)
    for rows in paging.links_by_id(turn.sync.database, mine, paging.PAIRED, size=AT_ONCE):
        known += len(rows)
        lost += [row.id for row in rows if _is_missed(spec, row, listed)]
    doubt = side_suddenly_empty(known, known - len(lost)) if lost else None
    with turn.sync.database.begin() as session:
        if doubt is not None:
            alarms.empty_list(turn.sync, session, turn.org_id, spec.key, doubt)
            return
        alarms.list_is_back(turn.sync, session, turn.org_id, spec.key)
        if lost:
            note_changed(session, turn, lost)


def _is_missed(spec: ModuleSpec, row: Link, listed: Container[str]) -> bool:
    """Whether the record should have been listed; what was withdrawn is known to be gone."""
    withdrawn = (row.face.get("xero") or {}).get("status") in spec.gone
    return row.xero_id not in listed and not withdrawn and row.message_key not in TOLD
