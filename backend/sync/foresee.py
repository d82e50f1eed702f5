"""What a click on one record would write, from what is stored alone: no remote call, no write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.core.codecs import CODECS
from backend.core.errors import SyncError
from backend.core.plan import values_of
from backend.core.spec import Facts, Field, ModuleSpec, Raw, Side, Values
from backend.store import links
from backend.store.tables import Link
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.face import references
from backend.sync.gather import parsed
from backend.sync.requests import home
from backend.sync.turn import Turn
from backend.sync.work import base_of


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What one direction writes: field names per side, and those a person must decide."""

    xero: tuple[str, ...] = ()
    zoho: tuple[str, ...] = ()
    decide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What is known before a click. A side in ``unread`` was reported as changed, but not read.

    ``first`` are the module and CRM id of records that must cross before this one.
    """

    linked: bool = False
    unread: frozenset[Side] = frozenset()
    by_direction: dict[str, Expected] = field(default_factory=dict)
    first: tuple[tuple[str, str], ...] = ()


def foresee(sync: Sync, *, org_id: str, module: str, zoho_id: str) -> Foresight:
    """What each button would do to a record. Raises ``ConnectionLost`` without connections."""
    turn = turns.build(sync, org_id, fence=-1)
    spec = turn.specs[home(module)]
    with sync.database.begin() as session:
        found = links.find(session, org_id, turn.tenant_id, spec.key, "zoho", [zoho_id])
        link = found.get(zoho_id)
        copies = _copies(session, link)
    if link is None:
        return Foresight()
    if not link.xero_id:
        return Foresight(first=_first(turn, spec, copies.get(Side.ZOHO)))
    changed = {side: _changed(turn, spec, link, side, copies.get(side)) for side in Side}
    waits = link.pending > 0 and not copies
    return Foresight(
        linked=True,
        unread=frozenset(Side) if waits else frozenset(),
        by_direction=directions(spec, changed[Side.ZOHO], changed[Side.XERO]),
    )


def directions(
    spec: ModuleSpec, in_crm: Sequence[Field], in_xero: Sequence[Field]
) -> dict[str, Expected]:
    """What each direction does with these changes: one side's values, or each to the other."""
    either = [row for row in spec.fields if row in in_crm or row in in_xero]
    both = [row for row in in_crm if row in in_xero]
    return {
        "to_xero": Expected(xero=_reaching(Side.XERO, either)),
        "to_zoho": Expected(zoho=_reaching(Side.ZOHO, either)),
        "both": Expected(
            xero=_reaching(Side.XERO, [row for row in in_crm if row not in both]),
            zoho=_reaching(Side.ZOHO, [row for row in in_xero if row not in both]),
            decide=tuple(row.name for row in both),
        ),
    }


def _reaching(side: Side, rows: Sequence[Field]) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.flow.reaches(side))


def _copies(session: Session, link: Link | None) -> dict[Side, Raw]:
    if link is None:
        return {}
    return {Side(one.side): parsed(one.raw) for one in links.take_snapshots(session, [link.id])}


def _changed(
    turn: Turn, spec: ModuleSpec, link: Link, side: Side, raw: Raw | None
) -> tuple[Field, ...]:
    """The fields whose values differ from what the side last said in agreement."""
    base = base_of(spec, link.base_zoho if side is Side.ZOHO else link.base_xero)
    if raw is None or base is None:
        return ()
    now = _values(spec, side, raw, _facts(turn, spec, side, raw))
    return tuple(
        row
        for row in spec.fields
        if row.name in now
        and row.name in base
        and not CODECS[row.codec].same(base[row.name], now[row.name])
    )


def _facts(turn: Turn, spec: ModuleSpec, side: Side, raw: Raw) -> Facts:
    return turn.facts(spec, [raw] if side is Side.ZOHO else [], [raw] if side is Side.XERO else [])


def _values(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> Values:
    try:
        return values_of(spec, side, raw, facts)
    except SyncError:
        # What cannot be read is told by the sync itself, with its cause.
        return {}


def _first(turn: Turn, spec: ModuleSpec, raw: Raw | None) -> tuple[tuple[str, str], ...]:
    """What the record refers to and Xero does not have yet."""
    wanted = references(spec, Side.ZOHO, [raw]) if raw is not None else {}
    missing: list[tuple[str, str]] = []
    with turn.sync.database.begin() as session:
        for (module, kind), ids in sorted(wanted.items()):
            if kind != "id":
                continue
            found = links.find(session, turn.org_id, turn.tenant_id, module, "zoho", ids)
            missing += [
                (module, one) for one in sorted(ids) if not (one in found and found[one].xero_id)
            ]
    return tuple(missing)
