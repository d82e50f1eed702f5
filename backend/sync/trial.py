"""What a mapping would do: planned for a few real records, written nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from backend.core.codecs import decode
from backend.core.errors import SyncError
from backend.core.plan import Plan, plan
from backend.core.scalars import to_text
from backend.core.spec import Field, ModuleSpec, Raw, Side
from backend.modules import all_specs
from backend.store import links, mappings, views
from backend.store.tables import Link
from backend.store.views import Standing
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.gather import Seen, parsed, zoho_fields
from backend.sync.learning import facts_for
from backend.sync.mapped import effective
from backend.sync.tell import shown
from backend.sync.turn import CLICK, Turn
from backend.sync.work import started

RECORDS = 3
LONGEST_SAMPLE = 80
UNTOLD = frozenset({"lines", "link"})
"""Converters whose stored values say nothing to a person."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One field of one record that would be written."""

    side: Side
    row: Field
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What would happen to one record; ``key`` says what would hold it."""

    label: str
    zoho_id: str | None
    xero_id: str | None
    changes: tuple[Effect, ...] = ()
    key: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)


# --- effects -----------------------------------------------------------------------------------


def effects(sync: Sync, org_id: str, module: str, rows: Sequence[Mapping[str, Any]]) -> list[Tried]:
    """What well-formed rows would do to up to three records; at most two remote calls, none where
    copies are at hand. Nothing where a system is not connected or does not answer."""
    try:
        turn = turns.build(sync, org_id, fence=-1)
        found = _records(turn, module)
        after = _with(turn, module, rows)
        seen = _seen(turn, after, found)
    except SyncError:
        return []
    return [_tried(turn, module, after, link, seen[link.id]) for link in found]


def _records(turn: Turn, module: str) -> list[Link]:
    with turn.sync.database.begin() as session:
        for paired in (True, False):
            found = mappings.sampled(
                session, turn.org_id, turn.tenant_id, module, paired=paired, limit=RECORDS
            )
            if found:
                return list(found)
    return []


def _with(turn: Turn, module: str, rows: Sequence[Mapping[str, Any]]) -> ModuleSpec:
    return effective(all_specs()[module], rows=rows, zoho=turn.zoho_facts, xero=turn.xero_facts)


def _seen(turn: Turn, spec: ModuleSpec, found: Sequence[Link]) -> dict[str, Seen]:
    """Both sides of these records without their lines, which no mapping concerns."""
    with turn.sync.database.begin() as session:
        held = links.take_snapshots(session, [link.id for link in found])
    copies = {(each.link_id, each.side): parsed(each.raw) for each in held}
    zoho = _missing(found, copies, Side.ZOHO)
    xero = _missing(found, copies, Side.XERO)
    read: dict[tuple[Side, str], Raw] = {}
    if zoho:
        page = turn.zoho(CLICK).page(spec.zoho.path, zoho_fields(turn, spec), ids=zoho)
        read |= {(Side.ZOHO, str(raw["id"])): raw for raw in page.rows}
    if xero:
        rows = turn.xero(CLICK).read(spec.xero, xero)
        read |= {(Side.XERO, str(raw[spec.xero.id])): raw for raw in rows}
    return {
        link.id: Seen(
            zoho=copies.get((link.id, "zoho")) or read.get((Side.ZOHO, link.zoho_id or "")),
            xero=copies.get((link.id, "xero")) or read.get((Side.XERO, link.xero_id or "")),
        )
        for link in found
    }


def _missing(found: Sequence[Link], copies: Mapping[tuple[str, str], Raw], side: Side) -> list[str]:
    ids = [getattr(link, f"{side}_id") for link in found if (link.id, str(side)) not in copies]
    return [str(each) for each in ids if each]


def _tried(turn: Turn, module: str, after: ModuleSpec, link: Link, seen: Seen) -> Tried:
    """The plan with the new rows, less what would be written with those in force anyway."""
    told = Tried(label=link.label, zoho_id=link.zoho_id, xero_id=link.xero_id)
    if seen.zoho is None and seen.xero is None:
        return told
    before = set(_changes(_planned(turn, turn.specs[module], link, seen)))
    planned = _planned(turn, after, link, seen)
    names = {row.name: row for row in after.fields}
    changes = tuple(
        Effect(side=Side(side), row=names[name], before=old, after=new)
        for side, name, old, new in dict.fromkeys(_changes(planned))
        if (side, name, old, new) not in before
    )
    message = planned.message
    return replace(
        told,
        changes=changes,
        key=message.key if message else None,
        params=message.params if message else {},
    )


def _planned(turn: Turn, spec: ModuleSpec, link: Link, seen: Seen) -> Plan:
    work = started(spec, link, seen)
    work.pair = replace(work.pair, click=False, direction="both")
    without = replace(
        spec,
        money=False,
        fields=tuple(row for row in spec.fields if row.codec != "lines"),
    )
    return plan(without, work.pair, turn.policies[spec.key], facts_for(turn, spec, [work]))


def _changes(planned: Plan) -> Iterator[tuple[str, str, Any, Any]]:
    for step in planned.steps:
        for each in step.changes:
            if not isinstance(each.after, tuple):
                yield str(step.side), each.field, shown(each.before), shown(each.after)


# --- samples -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the fields of one real record hold, by side and path."""

    label: str
    values: dict[Side, dict[str, str]]


def samples(session: Session, standing: Standing, spec: ModuleSpec) -> list[Sample]:
    """What each field holds in the few records agreed on last, from what we keep of them."""
    found = mappings.sampled(
        session, standing.org.id, standing.tenant_id, spec.key, paired=False, limit=RECORDS
    )
    return [_sample(session, link, spec) for link in found]


def _sample(session: Session, link: Link, spec: ModuleSpec) -> Sample:
    told: dict[Side, dict[str, str]] = {Side.ZOHO: {}, Side.XERO: {}}
    copies = mappings.copies(session, [link.id])
    rows = {row.base_key: row for row in spec.fields}
    _from_links(session, told, link, spec)
    for side, base in ((Side.ZOHO, link.base_zoho), (Side.XERO, link.base_xero)):
        _from_base(told[side], side, base or {}, rows)
        for raw in copies.get(str(side), ()):
            _from_copy(told[side], raw)
    return Sample(label=link.label, values=told)


def merged(found: Sequence[Sample]) -> dict[Side, dict[str, str]]:
    """One example for each field, of the first record that has any."""
    told: dict[Side, dict[str, str]] = {Side.ZOHO: {}, Side.XERO: {}}
    for one in reversed(found):
        for side, values in one.values.items():
            told[side] |= values
    return told


def _from_links(
    session: Session, told: dict[Side, dict[str, str]], link: Link, spec: ModuleSpec
) -> None:
    """A linked record is known by its name; its id means nothing to anybody."""
    base = link.base_zoho or {}
    for row in spec.fields:
        held = decode(base[row.base_key]) if row.codec == "link" and row.base_key in base else None
        if not held or row.target is None:
            continue
        known = views.labels(
            session, link.org_id, tenant_id=link.tenant_id, module=row.target, zoho_ids=[str(held)]
        )
        for side in Side:
            path = row.path(side)
            if path and known:
                told[side][path] = known[str(held)][:LONGEST_SAMPLE]


def _from_base(
    told: dict[str, str], side: Side, base: Mapping[str, Any], rows: Mapping[str, Field]
) -> None:
    for key, stored in base.items():
        row = rows.get(key)
        path = row.path(side) if row is not None and row.codec not in UNTOLD else None
        if path is None or path in told or row is None or row.transform:
            continue
        held = decode(stored)
        text = "" if isinstance(held, bool) else to_text(shown(held))
        if text:
            told[path] = text[:LONGEST_SAMPLE]


def _from_copy(told: dict[str, str], raw: Raw) -> None:
    for name, held in raw.items():
        if name in told or isinstance(held, (dict, list)):
            continue
        text = to_text(held)
        if text:
            told[str(name)] = text[:LONGEST_SAMPLE]
