"""Finding the records that must cross first, and what is said while one of them does not."""

from __future__ import annotations

from backend.core.errors import Message
from backend.core.plan import Need
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store import links
from backend.store.tables import Link
from backend.sync.face import REF
from backend.sync.tell import Outcome
from backend.sync.turn import Turn
from backend.sync.work import Work


def is_code(need: Need) -> bool:
    """Xero's document lines name items by code, not by id."""
    return need.side is Side.XERO and all_specs()[need.module].xero.number == "Code"


def by_code(turn: Turn, work: Work, need: Need) -> str | None:
    """The Xero id of the record with this code: as the directory knows it, else as Xero says."""
    spec = turn.specs[need.module]
    with turn.sync.database.begin() as session:
        rows = links.by_keys(session, work.link_of(need.module), "xero", {REF: need.id})
        found = next((row.xero_id for row in rows if row.xero_id), None)
    if found is not None:
        return found
    hits = turn.xero(work.link.priority).by_reference(spec.xero, need.id)
    return str(hits[0][spec.xero.id]) if hits else None


def waits(need: Need, partner: Link | None) -> Outcome:
    """Held until ``partner`` is in both systems, with what holds that one up."""
    params = {
        "partner": partner.label if partner is not None and partner.label else need.id,
        "module": need.module,
        "reason": (partner.message_key or "") if partner is not None else "",
    }
    return Outcome(status="held", message=Message("partner_not_synced", params))
