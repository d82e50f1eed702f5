"""A dry run: every record planned as the run would, and nothing written on either side."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.match import Ambiguous, Create, Linked, may_clear_up
from backend.core.plan import Plan, Verdict, plan
from backend.core.spec import Facts, ModuleSpec, Side
from backend.store import links, paging
from backend.store.tables import Link, Run, RunItem
from backend.sync.bulk import update_open
from backend.sync.charging import charge
from backend.sync.coming import TWIN
from backend.sync.dry import Dry
from backend.sync.gather import Seen, fetch, parsed
from backend.sync.guarding import is_used
from backend.sync.learning import facts_for
from backend.sync.matching import comes, find_partner, settled_elsewhere, shown
from backend.sync.pairing import BARRED, BEFORE_MATCHING
from backend.sync.tell import Outcome, run_item, shown_changes
from backend.sync.turn import Turn
from backend.sync.work import Work, ambiguous_outcome, marks_only, outcome_of, started

CHUNK = 200
PLANNED = "planned:"
"""Stands before the id of a partner that the run itself will make."""
KINDS: tuple[tuple[ColumnElement[bool], ...], ...] = (
    (Link.xero_id.is_(None), Link.zoho_id.is_not(None)),
    (Link.xero_id.is_not(None), Link.zoho_id.is_(None)),
    (Link.xero_id.is_not(None), Link.zoho_id.is_not(None)),
)
"""The order in which a run takes records up: those only CRM has, those only Xero has, pairs."""


def plan_all(turn: Turn, run: Run, keys: Sequence[str]) -> None:
    """Plan every record and write down what would happen; nothing else is written anywhere."""
    with turn.sync.database.begin() as session:
        session.execute(delete(RunItem).where(RunItem.run_id == run.id))
    dry = Dry(turn=turn, run=run, keys=tuple(keys))
    for key in keys:
        update_open(turn.sync, run.id, stage=key)
        _plan_module(dry, turn.specs[key])
    dry.ask()
    summary = dry.summary()
    charge(turn, run.id)
    update_open(
        turn.sync,
        run.id,
        **dry.figures.counts,
        total=dry.figures.total,
        done=dry.figures.total,
        figures={
            "by": dry.figures.by_direction,
            "unchanged": dry.figures.unchanged,
            "calls_needed": summary["calls"],
            "minutes_needed": summary["minutes"],
            "summary": summary,
        },
        stage="",
        state="done",
        message_key=None,
        finished_at=turn.sync.clock(),
    )


def _plan_module(dry: Dry, spec: ModuleSpec) -> None:
    """Record by record, and at each kind's end those again that nobody could tell apart before
    their candidates had found partners of their own."""
    for kind in KINDS:
        dry.second = False
        for rows in _chunks(dry.turn, spec, kind):
            _plan_rows(dry, spec, rows)
        dry.second, later = True, dry.deferred
        dry.deferred = []
        for start in range(0, len(later), CHUNK):
            _plan_rows(dry, spec, later[start : start + CHUNK])


def _plan_rows(dry: Dry, spec: ModuleSpec, rows: Sequence[Link]) -> None:
    todo = [row for row in rows if row.id not in dry.paired]
    works = [_started(dry, row, seen) for row, seen in _copies(dry.turn, spec, todo)]
    _plan_works(dry, spec, works)
    dry.flush()


def _started(dry: Dry, row: Link, seen: Seen) -> Work:
    spec = dry.turn.specs[row.module]
    work = started(spec, row, dry.with_written(spec, seen))
    work.pair = replace(work.pair, direction=dry.run.direction, click=False)
    return work


def _chunks(
    turn: Turn, spec: ModuleSpec, kind: tuple[ColumnElement[bool], ...]
) -> Iterator[list[Link]]:
    """The module's links of one kind by pages of ids."""
    mine = paging.of_module(turn.org_id, turn.tenant_id, spec.key)
    return paging.links_by_id(turn.sync.database, mine, *kind, size=CHUNK)


def _copies(turn: Turn, spec: ModuleSpec, rows: Sequence[Link]) -> Iterator[tuple[Link, Seen]]:
    """What the pages showed of each record; what they did not show is asked for by id, because a
    list leaves out what is deleted or voided."""
    with turn.sync.database.begin() as session:
        held = {
            (each.link_id, each.side): parsed(each.raw)
            for each in links.take_snapshots(session, [row.id for row in rows])
        }
    for side in Side:
        known = f"{side}_id"
        missing = [row for row in rows if getattr(row, known) and (row.id, str(side)) not in held]
        found = fetch(turn, spec, missing, side) if missing else {}
        held |= {
            (row.id, str(side)): found[getattr(row, known)]
            for row in missing
            if getattr(row, known) in found
        }
    for row in rows:
        zoho, xero = held.get((row.id, "zoho")), held.get((row.id, "xero"))
        yield (
            row,
            Seen(
                zoho=zoho,
                xero=xero,
                zoho_gone=row.zoho_id is not None and zoho is None,
                xero_gone=row.xero_id is not None and xero is None,
            ),
        )


# --- one slice ---------------------------------------------------------------------------------


def _plan_works(dry: Dry, spec: ModuleSpec, works: Sequence[Work]) -> None:
    facts = _foreseen(dry, spec, works)
    for work in works:
        if work.link.id not in dry.paired:
            _plan_one(dry, spec, work, facts)


def _foreseen(dry: Dry, spec: ModuleSpec, works: Sequence[Work]) -> Facts:
    """What these records refer to, with the pairs this preview has found so far."""
    facts = facts_for(dry.turn, spec, works)
    gone = {record_id for _, side, record_id in dry.archived if side is Side.XERO}
    return replace(
        facts,
        links=ChainMap(dict(facts.links), dry.foreseen),
        archived=facts.archived | gone if gone else facts.archived,
    )


def _plan_one(dry: Dry, spec: ModuleSpec, work: Work, facts: Facts) -> None:
    """Plan one record as the run will, count it, and keep what others have to know of it."""
    outcome = _barred(work) or _matched(dry, spec, work, facts)
    if work.again:
        dry.deferred.append(work.link)
        return
    if outcome is None:
        known = _foreseen(dry, spec, [work]) if work.matched_by else facts
        outcome = _decided(dry, spec, work, known)
    dry.settle(spec, work, outcome)
    if outcome.operation == "none" and outcome.status == "planned":
        return
    dry.items.append(_item(dry, work, outcome))


def _item(dry: Dry, work: Work, outcome: Outcome) -> RunItem:
    row = run_item(dry.run.id, work.link, outcome, status=outcome.status)
    if (row.xero_id or "").startswith(TWIN):
        # The partner does not exist yet: nobody knows its id, nor an address made of it.
        spec = dry.turn.specs[work.link.module]
        marks = {each.name for each in spec.fields if each.xero == spec.xero.id}
        row.xero_id = None
        row.changes = [one for one in row.changes if one["field"] not in marks]
    return row


def _barred(work: Work) -> Outcome | None:
    key = BARRED.get(work.link.barred or "")
    if key is None:
        return None
    params = {"by": str(work.link.message_params.get("by", ""))}
    return Outcome(status="skipped", message=Message(key, params))


def _matched(dry: Dry, spec: ModuleSpec, work: Work, facts: Facts) -> Outcome | None:
    """Find the partner as the run will, without linking; an outcome when a person must choose."""
    link, pair, turn = work.link, work.pair, dry.turn
    if (link.zoho_id and link.xero_id) or (pair.zoho is None and pair.xero is None):
        return None
    side = Side.ZOHO if pair.zoho is not None else Side.XERO
    early = plan(spec, pair, turn.policies[spec.key], facts)
    if early.message is not None and early.message.key in BEFORE_MATCHING:
        return None
    raw = pair.raw(side) or {}
    elsewhere = settled_elsewhere(turn, spec, link, raw) if side is Side.ZOHO else None
    if elsewhere is not None:
        return Outcome(status="skipped", message=elsewhere)
    found = find_partner(turn, spec, link, side, raw, facts, coming=dry.coming)
    if isinstance(found, Ambiguous):
        work.again = not dry.second and may_clear_up(found)
        return ambiguous_outcome(found, shown(found, side))
    if isinstance(found, Linked):
        _lay_beside(dry, spec, work, side.other, found)
    elif isinstance(found, Create) and (early.needs or early.operation == "create"):
        comes(spec, side, raw, facts, coming=dry.coming)
    return None


def _lay_beside(dry: Dry, spec: ModuleSpec, work: Work, side: Side, found: Linked) -> None:
    """Plan with the partner as if the two were linked; neither row changes."""
    link, turn = work.link, dry.turn
    with turn.sync.database.begin() as session:
        known = links.find(session, link.org_id, link.tenant_id, link.module, str(side), [found.id])
        other = known.get(found.id) or _beside(session, turn, link, side, found.id)
    stand_in = other or Link(id="", module=link.module)
    setattr(stand_in, f"{side}_id", found.id)
    seen: dict[str, Any] = {}
    if found.id in dry.written:
        seen = {str(side): dry.written[found.id], f"{side}_deleted": False}
    for _, each in _copies(turn, spec, [] if seen else [stand_in]):
        seen = {str(side): getattr(each, str(side)), f"{side}_deleted": False}
    if other is not None and other.module == link.module:
        dry.paired.add(other.id)
    work.matched_by = found.by
    work.pair = replace(work.pair, **seen)
    work.link = Link(
        id=link.id,
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        module=link.module,
        depth=link.depth,
        label=link.label,
        zoho_id=link.zoho_id or found.id,
        xero_id=link.xero_id or found.id,
        face={},
        choices={},
        trigger="bulk",
        run_id=dry.run.id,
    )
    pair = (work.link.zoho_id or "", work.link.xero_id or "")
    dry.foreseen[link.module, Side.ZOHO, pair[0]] = pair[1]
    dry.foreseen[link.module, Side.XERO, pair[1]] = pair[0]


def _beside(session: Session, turn: Turn, link: Link, side: Side, record_id: str) -> Link | None:
    """The same Xero record as a module beside knows it: a supplier that is a customer too."""
    for module in turn.specs[link.module].beside if side is Side.XERO else ():
        found = links.find(session, link.org_id, link.tenant_id, module, str(side), [record_id])
        if record_id in found:
            return found[record_id]
    return None


# --- planning ----------------------------------------------------------------------------------


def _decided(dry: Dry, spec: ModuleSpec, work: Work, facts: Facts) -> Outcome:
    turn = dry.turn
    work.plan = plan(spec, work.pair, turn.policies[spec.key], facts)
    if work.plan.needs:
        stuck = _with_partners(dry, spec, work, facts)
        if stuck is not None:
            return stuck
    step = work.plan.step(Side.XERO)
    deletes = step is not None and step.operation == "delete" and not spec.money
    if deletes and is_used(turn, spec, work.link):
        work.plan = Plan(verdict=Verdict.SKIP)
        return Outcome(status="skipped", message=Message("item_used_kept"))
    refused = dry.names.refused(turn, spec, work)
    if refused is None:
        return _planned(spec, work, work.plan)
    dry.coming.unmake(work.link.zoho_id or "")
    return _refused(spec, work, refused)


def _refused(spec: ModuleSpec, work: Work, message: Message) -> Outcome:
    """What Xero will say no to, because another record has the name or code."""
    planned = _planned(spec, work, work.plan)
    work.plan = replace(work.plan, verdict=Verdict.HOLD)
    return replace(planned, status="held", message=message)


def _with_partners(dry: Dry, spec: ModuleSpec, work: Work, facts: Facts) -> Outcome | None:
    """Plan as if the partners a document brings along had crossed; held when one will not."""
    linked, archived = dict(facts.links), set(facts.archived)
    codes, products = dict(facts.item_codes), dict(facts.products)
    for need in work.plan.needs:
        partner = partner_of(dry, work, need)
        if partner is None or not partner.crosses:
            label = partner.label if partner is not None and partner.label else need.id
            work.plan = Plan(verdict=Verdict.HOLD)
            params = {"partner": label, "module": need.module, "reason": ""}
            return Outcome(status="held", message=Message("partner_not_synced", params))
        stand_in = PLANNED + need.id
        linked.setdefault((need.module, need.side, need.id), stand_in)
        codes.setdefault(need.id, stand_in)
        products.setdefault(need.id, stand_in)
        if partner.archived:
            archived.add(linked[need.module, need.side, need.id])
    later = replace(
        facts,
        links=linked,
        item_codes=codes,
        products=products,
        archived=frozenset() if facts.unarchive == "always" else frozenset(archived),
    )
    work.plan = plan(spec, work.pair, dry.turn.policies[spec.key], later)
    return None


def _planned(spec: ModuleSpec, work: Work, planned: Plan) -> Outcome:
    if planned.verdict in (Verdict.GO, Verdict.HOLD) and planned.steps:
        first = planned.steps[0]
        changes = [
            change
            for at, step in enumerate(planned.steps)
            if not ((at or work.matched_by) and marks_only(spec, step))
            for change in step.changes
        ]
        return Outcome(
            status="held" if planned.verdict is Verdict.HOLD else "planned",
            operation="link" if work.matched_by else first.operation,
            direction=f"to_{first.side}",
            message=planned.message,
            changes=shown_changes(changes),
            conflicts=planned.conflicts,
            totals={side: str(total) for side, total in planned.totals.items()},
        )
    outcome = outcome_of(work)
    if outcome.status == "success":
        operation = "link" if work.matched_by else "none"
        by = Message("linked_by", {"by": work.matched_by}) if work.matched_by else None
        return replace(outcome, status="planned", operation=operation, message=by)
    return outcome


# --- partners ----------------------------------------------------------------------------------


def partner_of(dry: Dry, work: Work, need: Any) -> Any:
    """What becomes of a record that has to cross first: planned already, or planned now."""
    known = dry.known_partner(work, need)
    if known is None or known.settled:
        return known
    spec = dry.turn.specs[need.module]
    for row, seen in _copies(dry.turn, spec, [known.link]):
        brought = started(spec, row, seen)
        brought.pair = replace(brought.pair, click=False, unarchive=known.unarchive)
        _plan_works(dry, spec, [brought])
    return dry.known_partner(work, need)
