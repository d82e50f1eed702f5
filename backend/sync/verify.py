"""The drift audit: both sides read in full, compared with what was agreed, nothing written.

Each side is streamed once in its largest pages and compared with its own base, so that no more
than a page is in memory; what has to be remembered of all records lives in a scratch file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.modules import all_specs
from backend.store import links, paging
from backend.store.tables import Link, ModuleState
from backend.sync import facts as facts_of
from backend.sync import parts
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.auditing import (
    Finding,
    Tally,
    differing,
    explained,
    keys_to_compare,
    money_and_month,
)
from backend.sync.charging import paid_by
from backend.sync.face import label_of
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import ELSEWHERE, pages
from backend.sync.policy import module_settings
from backend.sync.scratch import Scratch
from backend.sync.sweep import groups
from backend.sync.turn import Turn

AT_ONCE = 500


def audit(
    sync: Sync, org_id: str, scratch: Scratch, *, run_id: str | None = None, heal: bool = False
) -> list[Tally]:
    """Compare both sides of every enabled module; findings end in ``scratch``, figures in the
    answer, calls with the run. With ``heal`` what differs is noted for the loop, which decides what
    is right.

    Raises what the clients raise, and ``ConnectionLost`` without both connections.
    """
    turn = turns.build(sync, org_id, fence=-1)
    with paid_by(turn, run_id):
        facts_of.refresh(sync, org_id, turn.clients(PRIORITY["bulk"]))
    turn = turns.build(sync, org_id, fence=-1)
    with paid_by(turn, run_id):
        specs = [
            spec
            for spec in turn.specs.values()
            if spec.attached_to is None and module_settings(turn.settings, spec.key).get("enabled")
        ]
        tallies = {
            spec.key: Tally(module=spec.key, accepted=_accepted(turn, spec)) for spec in specs
        }
        for together in groups(specs):
            _read(turn, together, scratch, tallies)
        for spec in specs:
            _whole(turn, spec, scratch, tallies[spec.key])
    if heal and _heal(turn, scratch):
        sync.nudge(org_id, "bulk")
    return list(tallies.values())


def _read(
    turn: Turn, specs: Sequence[ModuleSpec], scratch: Scratch, tallies: Mapping[str, Tally]
) -> None:
    """Each module's list in CRM, and once the list of Xero they have in common."""
    for spec in specs:
        _side(turn, [spec], Side.ZOHO, scratch, tallies)
    _side(turn, specs, Side.XERO, scratch, tallies)


def _side(
    turn: Turn,
    specs: Sequence[ModuleSpec],
    side: Side,
    scratch: Scratch,
    tallies: Mapping[str, Tally],
) -> None:
    for page in pages(turn, specs[0], side, since=None, patient=True):
        for start in range(0, len(page.rows), AT_ONCE):
            some = page.rows[start : start + AT_ONCE]
            for spec in specs:
                _rows(turn, spec, side, some, scratch, tallies[spec.key])


def _whole(turn: Turn, spec: ModuleSpec, scratch: Scratch, tally: Tally) -> None:
    """What only both sides together show."""
    for side in Side:
        if spec.resource(side).listed:
            _gone(turn, spec, side, scratch, tally)
    _duplicates(spec, scratch)
    tally.differences = scratch.count(spec.key, open_only=True)
    if all(spec.resource(side).listed for side in Side):
        tally.differences += tally.unequal()


def _accepted(turn: Turn, spec: ModuleSpec) -> bool:
    with turn.sync.database.begin() as session:
        state = session.get(ModuleState, (turn.org_id, turn.tenant_id, spec.key))
        return state is not None and state.accepted_at is not None


# --- one page of one side ----------------------------------------------------------------------


def _rows(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    rows: Sequence[Raw],
    scratch: Scratch,
    tally: Tally,
) -> None:
    name = spec.resource(side).id
    records = parts.records_of(turn, spec, rows) if side is Side.XERO else rows
    by_id = {str(raw[name]): raw for raw in records if raw.get(name)}
    there = list(by_id.values())
    facts = turn.facts(spec, there if side is Side.ZOHO else (), there if side is Side.XERO else ())
    with turn.sync.database.begin() as session:
        known = links.find(session, turn.org_id, turn.tenant_id, spec.key, str(side), by_id)
        elsewhere = _known_elsewhere(session, turn, spec, side, set(by_id) - set(known))
    scratch.seen(spec.key, str(side), by_id)
    for record_id, raw in by_id.items():
        link = known.get(record_id)
        if link is None and record_id in elsewhere:
            continue
        _row(spec, side, record_id, raw, link, facts, scratch, tally)


def _known_elsewhere(
    session: Session, turn: Turn, spec: ModuleSpec, side: Side, ids: set[str]
) -> set[str]:
    """Xero keeps customers, suppliers and persons in one list: who belongs to another module."""
    found: set[str] = set()
    for other in all_specs().values():
        same = other.resource(side).path == spec.resource(side).path
        if same and other.key != spec.key and other.attached_to is None and ids:
            found |= set(
                links.find(session, turn.org_id, turn.tenant_id, other.key, str(side), ids)
            )
    return found


def _row(
    spec: ModuleSpec,
    side: Side,
    record_id: str,
    raw: Raw,
    link: Link | None,
    facts: Facts,
    scratch: Scratch,
    tally: Tally,
) -> None:
    live = not (side is Side.XERO and spec.state_of(raw) in spec.gone)
    pair = link is not None and link.zoho_id is not None and link.xero_id is not None
    if link is None or not pair:
        if live:
            _alone(spec, side, record_id, raw, link, scratch, tally)
        return
    tally.linked[side] += 1
    if live and not _withdrawn(spec, link):
        tally.add(side, *money_and_month(spec, side, raw, facts))
        for kind, value in keys_to_compare(spec, side, raw, facts):
            scratch.key(spec.key, str(side), kind, value, record_id, label_of(spec, side, raw))
    for field, before, after in differing(spec, link, side, raw, facts):
        scratch.add(
            Finding(
                module=spec.key, kind="differs", side=str(side), label=link.label,
                zoho_id=link.zoho_id, xero_id=link.xero_id, field=field, agreed=before, now=after,
                why=explained(link),
            )
        )  # fmt: skip


def _withdrawn(spec: ModuleSpec, link: Link) -> bool:
    """Voided documents count on neither side."""
    return (link.face.get("xero") or {}).get("status") in spec.gone


def _alone(
    spec: ModuleSpec,
    side: Side,
    record_id: str,
    raw: Raw,
    link: Link | None,
    scratch: Scratch,
    tally: Tally,
) -> None:
    why = explained(link) if link is not None else None if tally.accepted else "not_accepted"
    if why in ELSEWHERE or (why is None and not _first(spec, side, record_id, scratch)):
        return
    tally.alone[side] += 1
    scratch.add(
        Finding(
            module=spec.key, kind="orphan", side=str(side), label=label_of(spec, side, raw),
            zoho_id=record_id if side is Side.ZOHO else None,
            xero_id=record_id if side is Side.XERO else None, why=why,
        )
    )  # fmt: skip


def _first(spec: ModuleSpec, side: Side, record_id: str, scratch: Scratch) -> bool:
    """Whether no other module of the same list has found this record alone already."""
    place = f"alone in {spec.resource(side).path}"
    new = bool(scratch.unseen(place, str(side), [record_id]))
    scratch.seen(place, str(side), [record_id])
    return new


# --- what only the whole of both sides shows ---------------------------------------------------


def _gone(turn: Turn, spec: ModuleSpec, side: Side, scratch: Scratch, tally: Tally) -> None:
    """Links to records no list holds any more."""
    mine = paging.of_module(turn.org_id, turn.tenant_id, spec.key)
    for rows in paging.links_by_id(turn.sync.database, mine, paging.PAIRED, size=AT_ONCE):
        ids = {str(getattr(row, f"{side}_id")): row for row in rows}
        for record_id in scratch.unseen(spec.key, str(side), ids):
            link = ids[record_id]
            scratch.add(
                Finding(
                    module=spec.key, kind="gone", side=str(side), label=link.label,
                    zoho_id=link.zoho_id, xero_id=link.xero_id, why=explained(link),
                )
            )  # fmt: skip
            tally.gone[side] += 1


def _duplicates(spec: ModuleSpec, scratch: Scratch) -> None:
    """Linked records of one side that share a natural key: each has its partner, but a person
    should know."""
    for side in Side:
        for kind, ids, label in scratch.shared_keys(spec.key, str(side)):
            scratch.add(
                Finding(
                    module=spec.key, kind="duplicate", side=str(side), label=label, field=kind,
                    now=", ".join(ids), why="each_linked",
                )
            )  # fmt: skip


# --- healing -----------------------------------------------------------------------------------


def _heal(turn: Turn, scratch: Scratch) -> int:
    """Note what differs without a reason, once per record; how many."""
    count = 0
    for module, side, ids in scratch.to_heal(AT_ONCE):
        with turn.sync.database.begin() as session:
            note_in(
                turn.sync, session, org_id=turn.org_id, module=module, side=side, ids=ids,
                trigger="schedule", tenant_id=turn.tenant_id,
            )  # fmt: skip
        count += len(ids)
    return count
