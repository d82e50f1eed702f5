"""Finding a record's partner: in our directory first, then, for a person who waits, in Xero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.links import UNLINKED
from backend.core.match import (
    BY_MARK,
    NARROWS,
    Ambiguous,
    Candidate,
    Create,
    Decision,
    Evidence,
    Linked,
    Weighed,
    decide,
    evidence,
)
from backend.core.names import normal_name
from backend.core.plan import values_of
from backend.core.spec import OF_ANOTHER, Facts, Field, ModuleSpec, Raw, Side, Value, Values
from backend.modules import all_specs
from backend.store import links
from backend.store.tables import Link, ModuleState
from backend.sync import beside, parts
from backend.sync.coming import Coming
from backend.sync.face import (
    MARK,
    ORIGIN,
    directory_keys,
    face_of,
    key_values,
    label_of,
    mark_of,
    origin_of,
)
from backend.sync.mutual import doubt, keys_of, rows_beside
from backend.sync.turn import Turn

RECENT = timedelta(minutes=15)
"""A directory whose cursor is younger needs no search: the list was read just now."""


def remember(
    session: Session, spec: ModuleSpec, link: Link, side: Side, raw: Raw, facts: Facts
) -> None:
    """Keep what the directory and the record page need of a record just read."""
    values = values_of(spec, side, raw, facts)
    keys = {**link.face.get("keys", {}), str(side): key_values(spec, values)}
    marks = {**link.face.get("marks", {}), str(side): mark_of(spec, side, raw)}
    link.face = {**link.face, str(side): face_of(spec, side, raw), "keys": keys, "marks": marks}
    if side is Side.ZOHO or not link.label:
        link.label = label_of(spec, side, raw)
    setattr(link, f"{side}_version", str(raw.get(spec.resource(side).modified) or ""))
    links.learn_keys(session, link, str(side), directory_keys(spec, side, raw, values))


def find_partner(
    turn: Turn,
    spec: ModuleSpec,
    link: Link,
    side: Side,
    raw: Raw,
    facts: Facts,
    *,
    coming: Coming,
) -> Decision:
    """Who ``raw`` of ``side`` belongs to on the other side, knowing what is ``coming``. May ask
    the other side once or twice."""
    values = values_of(spec, side, raw, facts)
    record_id = str(raw[spec.resource(side).id])
    keys = directory_keys(spec, side, raw, values)
    with turn.sync.database.begin() as session:
        candidates = {each.id: each for each in _known(session, spec, link, side, keys, record_id)}
        candidates |= {each.id: each for each in _origin(session, spec, link, side, raw)}
        if side is Side.ZOHO:
            there = beside.known(session, spec, link, keys, coming)
            for each in [*there, *coming.beside(turn.specs, spec, keys)]:
                candidates.setdefault(each.id, each)
        recent = _recent(session, turn, spec, side.other)
        apart = links.parted_from(session, link, str(side))
    if not recent:
        marked = keys.get(MARK, "")
        for each in _asked(turn, spec, side, values, facts, priority=link.priority, marked=marked):
            candidates.setdefault(each.id, each)
    offered = [
        replace(
            _placed(spec, each, facts),
            apart=each.apart or each.id in apart,
            linked=each.linked or (spec.key, side.other, each.id) in coming.taken,
        )
        for each in candidates.values()
        if not (each.back_reference or "").startswith(OF_ANOTHER)
    ]
    twins = coming.twins(spec, side.other, keys)
    found = decide(spec, values, record_id, [*offered, *twins])
    if isinstance(found, Linked) and found.by != BY_MARK:
        hit = next(each for each in offered if each.id == found.id)
        rivals = _rivals(turn, spec, link, side, hit, facts, coming=coming)
        found = (rivals and doubt(spec, values, record_id, hit, rivals)) or found
    if isinstance(found, Linked):
        coming.take(spec.key, side.other, found.id)
        coming.take(spec.key, side, record_id)
    return found


def _rivals(
    turn: Turn,
    spec: ModuleSpec,
    link: Link,
    side: Side,
    hit: Candidate,
    facts: Facts,
    *,
    coming: Coming,
) -> list[Candidate]:
    """Who else of ``side`` is there, or about to be, that may be the partner of ``hit``."""
    keys = keys_of(spec, hit)
    with turn.sync.database.begin() as session:
        rows = rows_beside(session, link, side, keys)
        of_hit = Link(id="", org_id=link.org_id, tenant_id=link.tenant_id, module=link.module)
        setattr(of_hit, f"{side.other}_id", hit.id)
        parted = links.parted_from(session, of_hit, str(side.other))
        found = [_candidate(spec, row, side, own=hit.id, marked=None) for row in rows]
    there = [
        replace(
            _placed(spec, each, facts),
            linked=each.linked or (spec.key, side, each.id) in coming.taken,
        )
        for each in found
        if each.id not in parted
    ]
    return [*there, *coming.twins(spec, side, keys)]


def comes(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts, *, coming: Coming) -> None:
    """Remember that ``raw`` of ``side`` is to be created on the other side."""
    values = values_of(spec, side, raw, facts)
    keys = directory_keys(spec, side, raw, values)
    own_id = str(raw[spec.resource(side).id])
    coming.make(spec, side.other, keys, key_values(spec, values), own_id)
    coming.take(spec.key, side, own_id)


def _placed(spec: ModuleSpec, candidate: Candidate, facts: Facts) -> Candidate:
    """A candidate whose account is named as CRM names it, once that has its partner."""
    named = {
        row.name: facts.links[key]
        for row in spec.fields
        if row.keys == NARROWS
        and (key := _foreign(row, candidate.values.get(row.name))) in facts.links
    }
    return replace(candidate, values={**candidate.values, **named}) if named else candidate


def _foreign(row: Field, value: Value) -> tuple[str, Side, str]:
    return (row.target or "", Side.XERO, str(value or "").removeprefix(UNLINKED))


def _known(
    session: Session,
    spec: ModuleSpec,
    link: Link,
    side: Side,
    keys: Mapping[str, str],
    record_id: str,
) -> list[Candidate]:
    """Candidates the directory holds: same natural key, our mark on them, or theirs on ours."""
    wanted = {kind: value for kind, value in keys.items() if kind in beside.kinds(spec)}
    wanted[MARK] = record_id
    found = links.by_keys(session, link, str(side.other), wanted)
    marked = keys.get(MARK)
    if marked:
        rows = links.find(
            session, link.org_id, link.tenant_id, link.module, str(side.other), [marked]
        )
        found += [row for row in rows.values() if row.id not in {link.id, *(e.id for e in found)}]
    return [_candidate(spec, row, side.other, own=record_id, marked=marked) for row in found]


def _origin(
    session: Session, spec: ModuleSpec, link: Link, side: Side, raw: Raw
) -> list[Candidate]:
    """What the record this one was made from is in Xero, while that stands; and the other way
    round, what the record made of this one is there."""
    if side is Side.XERO:
        return []
    own = str(raw[spec.zoho.id])
    rows: list[Link] = []
    origin = origin_of(spec, side, raw)
    if spec.made_from is not None and origin:
        of = (link.org_id, link.tenant_id, spec.made_from[1])
        rows += links.find(session, *of, str(side), [origin]).values()
    rows += made_of(session, spec, link, own)
    return [
        Candidate(id=row.xero_id, label=row.label, values={}, back_reference=own)
        for row in rows
        if row.xero_id and (row.face.get("xero") or {}).get("status") not in spec.gone
    ]


def made_of(session: Session, spec: ModuleSpec, link: Link, zoho_id: str) -> list[Link]:
    """Links of the CRM records that were made of this one."""
    found: list[Link] = []
    for key, other in all_specs().items():
        if other.made_from is not None and other.made_from[1] == spec.key:
            like = Link(id="", org_id=link.org_id, tenant_id=link.tenant_id, module=key)
            found += links.by_keys(session, like, str(Side.ZOHO), {ORIGIN: zoho_id})
    return found


def settled_elsewhere(turn: Turn, spec: ModuleSpec, link: Link, raw: Raw) -> Message | None:
    """Why a CRM record without partner needs none: what was made of it goes to Xero itself."""
    with turn.sync.database.begin() as session:
        rows = made_of(session, spec, link, str(raw.get(spec.zoho.id)))
    waiting = rows and not any(row.xero_id for row in rows)
    return Message("order_already_invoiced") if waiting else None


def _candidate(
    spec: ModuleSpec, row: Link, side: Side, *, own: str, marked: str | None
) -> Candidate:
    record_id = (row.xero_id if side is Side.XERO else row.zoho_id) or ""
    partner = row.zoho_id if side is Side.XERO else row.xero_id
    face: Mapping[str, Any] = row.face.get(str(side)) or {}
    return Candidate(
        id=record_id,
        label=face.get("label") or row.label,
        values=row.face.get("keys", {}).get(str(side), {}),
        archived=face.get("status") in spec.gone,
        back_reference=own if record_id == marked else _mark_in(row, side),
        linked=partner is not None and partner != own,
        apart=row.barred is not None,
    )


def _mark_in(row: Link, side: Side) -> str | None:
    mark = row.face.get("marks", {}).get(str(side))
    return mark if isinstance(mark, str) else None


def _recent(session: Session, turn: Turn, spec: ModuleSpec, side: Side) -> bool:
    if (spec.key, side) in turn.read_now:
        return True
    state = session.get(ModuleState, (turn.org_id, turn.tenant_id, spec.key))
    cursor = getattr(state, f"{side}_cursor") if state is not None else None
    return cursor is not None and turn.sync.clock() - cursor <= RECENT


# --- asking the other side ---------------------------------------------------------------------


def _asked(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    values: Values,
    facts: Facts,
    *,
    priority: int,
    marked: str = "",
) -> list[Candidate]:
    """What the other side itself finds; the index of a search may lag, so marks are kept too."""
    other = side.other
    raws = (
        _from_xero(turn, spec, values, facts, priority=priority, marked=marked)
        if other is Side.XERO
        else _from_zoho(turn, spec, values, priority=priority)
    )
    key = spec.resource(other).id
    ids = [str(raw[key]) for raw in raws]
    with turn.sync.database.begin() as session:
        if other is Side.XERO:
            elsewhere = beside.held(session, turn, spec, ids)
            raws = [raw for raw in raws if str(raw[key]) not in elsewhere]
        known = links.find(session, turn.org_id, turn.tenant_id, spec.key, str(other), ids)
        taken = {
            each
            for each, row in known.items()
            if row.zoho_id is not None and row.xero_id is not None
        }
    return [
        Candidate(
            id=str(raw[key]),
            label=label_of(spec, other, raw),
            values=key_values(spec, values_of(spec, other, raw, facts)),
            archived=other is Side.XERO and spec.state_of(raw) in spec.gone,
            back_reference=mark_of(spec, other, raw),
            linked=str(raw[key]) in taken,
        )
        for raw in raws
    ]


def search_terms(spec: ModuleSpec, values: Values) -> list[str]:
    """What to search Xero for: the number where that is how it searches, else the word of the
    name that spelling differs least in."""
    if not spec.xero.listed:
        return []
    if spec.xero.search is None:
        return ["*"]
    if spec.xero.search == "number":
        number = values.get("number")
        return [str(number)] if number else []
    words = normal_name(str(values.get("name") or "")).split()
    return [max(words, key=len)] if words else []


def _from_xero(
    turn: Turn, spec: ModuleSpec, values: Values, facts: Facts, *, priority: int, marked: str = ""
) -> list[Raw]:
    if spec.parts is not None and values.get(place_of(spec)):
        home = _home(spec, values, facts)
        raws = parts.read(turn, spec, [home] if home else [], priority=priority)
        return parts.records_of(turn, spec, raws)
    client = turn.xero(priority)
    if not spec.xero.listed:
        # Nothing of it is in our directory: only the record our mark in CRM names can be its own.
        return client.read(spec.xero, [marked] if marked else [])
    return [raw for term in search_terms(spec, values) for raw in client.search(spec.xero, term)]


def place_of(spec: ModuleSpec) -> str:
    """The field that says where a record lives: the account of a person."""
    return next((row.name for row in spec.fields if row.keys == NARROWS), "")


def _home(spec: ModuleSpec, values: Values, facts: Facts) -> str | None:
    """The Xero record that holds, or would hold, this one; None before it has crossed."""
    row = spec.field(place_of(spec))
    return facts.links.get((row.target or "", Side.ZOHO, str(values[row.name])))


def _from_zoho(turn: Turn, spec: ModuleSpec, values: Values, *, priority: int) -> list[Raw]:
    from backend.sync.gather import zoho_fields

    fields = zoho_fields(turn, spec)
    found: dict[str, Raw] = {}
    for row in spec.fields:
        value = values.get(row.name)
        if row.keys == 1 and row.zoho in fields and value not in (None, ""):
            hits = turn.zoho(priority).find(spec.zoho.path, row.zoho or "", [str(value)], fields)
            found |= {str(raw["id"]): raw for raw in hits}
    return list(found.values())


def rivals(
    turn: Turn, spec: ModuleSpec, link: Link, values: Values, facts: Facts
) -> list[dict[str, Any]]:
    """The Xero records that have what this CRM record wants to be called."""
    asked = _asked(turn, spec, Side.ZOHO, values, facts, priority=link.priority)
    others = [replace(each, back_reference=None) for each in asked if each.id != link.xero_id]
    found = decide(spec, values, link.zoho_id or "", others)
    if isinstance(found, Linked):
        hits = [each for each in others if each.id == found.id]
        weighed = tuple(
            Weighed(candidate=each, evidence=evidence(spec, values, each)) for each in hits
        )
        found = Ambiguous(candidates=weighed, reason="several")
    return shown(found, Side.ZOHO) if isinstance(found, Ambiguous) else []


def shown(found: Ambiguous, side: Side) -> list[dict[str, Any]]:
    """Candidates as the inbox and the record page show them; ``side`` is where the record lives
    that looks for its partner."""
    return [
        {
            "id": each.candidate.id,
            f"{side.other}_id": each.candidate.id,
            "name": each.candidate.label,
            "number": str(each.candidate.values.get("number") or "") or None,
            "email": str(each.candidate.values.get("email") or "") or None,
            "archived": each.candidate.archived,
            "linked": each.candidate.linked,
            "strong": found.reason in {"several", "contradicted"},
            "evidence": [_compared(one, side) for one in each.evidence],
        }
        for each in found.candidates
    ]


def _compared(one: Evidence, side: Side) -> dict[str, Any]:
    values = {str(side): one.ours, str(side.other): one.theirs}
    told = {name: None if value is None else str(value) for name, value in values.items()}
    return {"field": one.field, "verdict": str(one.verdict), **told}


__all__: Sequence[str] = (
    "Ambiguous", "Create", "Decision", "Linked", "find_partner", "remember", "shown",
)  # fmt: skip
