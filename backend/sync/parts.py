"""Reading records that live inside records of Xero, such as the people of a contact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from backend.core.match import NARROWS
from backend.core.parts import KnownPart, holder, is_part
from backend.core.spec import ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Link, NaturalKey
from backend.sync.face import PART
from backend.sync.inbox import PRIORITY
from backend.sync.turn import Turn

_HOMES: BindParameter[Any] = bindparam("homes", expanding=True)
_INSIDE = select(Link).where(
    Link.active,
    Link.id.in_(
        select(NaturalKey.link_id).where(
            NaturalKey.org_id == bindparam("org"),
            NaturalKey.tenant_id == bindparam("tenant"),
            NaturalKey.module == bindparam("of"),
            NaturalKey.side == str(Side.XERO),
            NaturalKey.kind == PART,
            NaturalKey.value.in_(_HOMES),
        )
    ),
)
"""Built once: every customer that is read asks for the people in it."""


def records_of(turn: Turn, spec: ModuleSpec, raws: Sequence[Raw]) -> list[Raw]:
    """The module's records in these Xero records, which often are the records themselves."""
    if spec.parts is None:
        return list(raws)
    with turn.sync.database.begin() as session:
        known = known_in(session, turn, spec, raws)
    return [
        record
        for raw in raws
        for record in spec.parts.split(raw, known[str(raw.get(spec.xero.id))]) or ()
    ]


def gone_from(session: Session, turn: Turn, spec: ModuleSpec, raws: Sequence[Raw]) -> list[str]:
    """Links of records that were inside these and are no more."""
    if spec.parts is None:
        return []
    known = known_in(session, turn, spec, raws)
    lost: list[str] = []
    for raw in raws:
        held = known[str(raw.get(spec.xero.id))]
        found = spec.parts.split(raw, held)
        if found is not None:
            there = {str(each[spec.xero.id]) for each in found}
            lost += [each.id for each in held if is_part(each.id) and each.id not in there]
    rows = links.find(session, turn.org_id, turn.tenant_id, spec.key, str(Side.XERO), lost)
    return [row.id for row in rows.values()]


def holders_of(session: Session, turn: Turn, spec: ModuleSpec, homes: Iterable[str]) -> list[str]:
    """The links of the records these live in: of the accounts of persons."""
    module = next((row.target for row in spec.fields if row.keys == NARROWS), None)
    found = links.find(session, turn.org_id, turn.tenant_id, module or "", str(Side.XERO), homes)
    return [row.id for row in found.values()]


def room_again(session: Session, turn: Turn, spec: ModuleSpec, homes: Iterable[str]) -> None:
    """Look again at what found no room in these records, because something left them."""
    waiting = session.scalars(
        select(Link.id).where(
            Link.waiting_for.in_(holders_of(session, turn, spec, homes)),
            Link.module == spec.key,
            Link.pending == 0,
        )
    ).all()
    links.mark(
        session,
        waiting,
        priority=PRIORITY["schedule"],
        trigger="schedule",
        by=None,
        direction="both",
        now=turn.sync.clock(),
        unpark=True,
    )


def move_out(session: Session, turn: Turn, spec: ModuleSpec, raws: Iterable[Raw]) -> list[str]:
    """Records inside a contact that was merged away belong to its successor now: those that CRM
    keeps are parted, to find or make their partner there. Their links."""
    merged = [str(raw.get(spec.xero.id)) for raw in raws if raw.get("MergedToContactID")]
    rows = _inside(session, (turn.org_id, turn.tenant_id, spec.key), merged)
    kept = [row for row in rows if row.zoho_id is not None]
    for row in kept:
        links.unpair(session, row)
    return [row.id for row in kept]


def inside(session: Session, org_id: str, tenant_id: str, module: str, home: str) -> list[Link]:
    """The links of records that live in one Xero record."""
    return _inside(session, (org_id, tenant_id, module), [home])


def _inside(session: Session, of: tuple[str, str, str], homes: Sequence[str]) -> list[Link]:
    found: list[Link] = []
    told = dict(zip(("org", "tenant", "of"), of, strict=True))
    for start in range(0, len(homes), 400):
        found += session.scalars(_INSIDE, {**told, "homes": homes[start : start + 400]})
    return found


def known_in(
    session: Session, turn: Turn, spec: ModuleSpec, raws: Sequence[Raw]
) -> Mapping[str, list[KnownPart]]:
    """By Xero record: what is known inside it, or the record itself where it is one of ours."""
    found: dict[str, list[KnownPart]] = defaultdict(list)
    homes = {str(raw.get(spec.xero.id)) for raw in raws}
    of = (turn.org_id, turn.tenant_id, spec.key)
    for row in _inside(session, of, sorted(homes)):
        if row.xero_id and is_part(row.xero_id):
            keys = row.face.get("keys", {}).get("xero", {})
            found[holder(row.xero_id)].append(KnownPart(id=row.xero_id, keys=keys))
    whole = set(links.find(session, *of, str(Side.XERO), homes))
    marks = {spec.reference_of(raw): str(raw.get(spec.xero.id)) for raw in raws}
    marked = links.find(session, *of, str(Side.ZOHO), [mark for mark in marks if mark])
    for home in whole | {marks[mark] for mark in marked}:
        found[home].append(KnownPart(id=home, keys={}))
    return found


def read(turn: Turn, spec: ModuleSpec, ids: Iterable[str], *, priority: int) -> list[Raw]:
    """The Xero records these ids live in or are, fresh; kept for what is written next."""
    homes = dict.fromkeys(holder(each) for each in ids)
    raws = turn.xero(priority).read(spec.xero, homes)
    if spec.parts is not None:
        now = turn.sync.clock()
        turn.homes |= {str(raw[spec.xero.id]): (raw, now) for raw in raws}
    return raws
