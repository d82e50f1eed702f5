"""A dry run: every record planned as the run would, and nothing written on either side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.match import Ambiguous, Linked
from backend.core.plan import Plan, Verdict, plan
from backend.core.spec import Facts, ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link, Run, RunItem, Snapshot
from backend.sync.batch import BEFORE_MATCHING, facts_for
from backend.sync.bulk import update_open
from backend.sync.figures import Figures
from backend.sync.gather import Seen, parsed
from backend.sync.matching import find_partner, settled_elsewhere, shown
from backend.sync.tell import Outcome, run_item, shown_changes
from backend.sync.turn import Turn
from backend.sync.work import Work, ambiguous_outcome, outcome_of, started

CHUNK = 200


def plan_all(turn: Turn, run: Run, keys: Sequence[str], *, calls: int) -> None:
    """Plan every record and write down what would happen; nothing else is written anywhere."""
    with turn.sync.database.begin() as session:
        session.query(RunItem).filter_by(run_id=run.id).delete()
    figures = Figures()
    for key in keys:
        update_open(turn.sync, run.id, stage=key)
        _plan_module(turn, run, turn.specs[key], figures)
    summary = figures.summary()
    update_open(
        turn.sync,
        run.id,
        **figures.counts,
        total=figures.total,
        done=figures.total,
        calls=calls,
        figures={
            "by": figures.by_direction,
            "unchanged": figures.unchanged,
            "calls_needed": summary["calls"],
            "minutes_needed": summary["minutes"],
            "summary": summary,
        },
        stage="",
        state="done",
        message_key=None,
        finished_at=turn.sync.clock(),
    )


def _plan_module(turn: Turn, run: Run, spec: ModuleSpec, figures: Figures) -> None:
    paired: set[str] = set()
    for rows in _chunks(turn, spec):
        todo = [row for row in rows if row.id not in paired]
        works = [started(spec, row, seen) for row, seen in _copies(turn, todo)]
        works = [replace_direction(work, run.direction) for work in works]
        facts = facts_for(turn, spec, works)
        for work in works:
            if work.link.id not in paired:
                _plan_one(turn, run, spec, work, facts, paired=paired, figures=figures)


def replace_direction(work: Work, direction: str) -> Work:
    """The work as the run asks for it."""
    work.pair = replace(work.pair, direction=direction, click=False)
    return work


def _chunks(turn: Turn, spec: ModuleSpec) -> Iterator[list[Link]]:
    """The module's links by pages of ids; those CRM knows first, so that they find partners."""
    for known in (Link.zoho_id.is_not(None), Link.zoho_id.is_(None)):
        after = ""
        while True:
            with turn.sync.database.begin() as session:
                rows = list(
                    session.scalars(
                        select(Link)
                        .where(
                            Link.org_id == turn.org_id,
                            Link.tenant_id == turn.tenant_id,
                            Link.module == spec.key,
                            Link.active,
                            Link.id > after,
                            known,
                        )
                        .order_by(Link.id)
                        .limit(CHUNK)
                    )
                )
            if not rows:
                break
            after = rows[-1].id
            yield rows


def _copies(turn: Turn, rows: Sequence[Link]) -> Iterator[tuple[Link, Seen]]:
    with turn.sync.database.begin() as session:
        held = {
            (each.link_id, each.side): each
            for each in links.take_snapshots(session, [row.id for row in rows])
        }
    for row in rows:
        zoho, xero = held.get((row.id, "zoho")), held.get((row.id, "xero"))
        yield (
            row,
            Seen(
                zoho=parsed(zoho.raw) if zoho is not None else None,
                xero=parsed(xero.raw) if xero is not None else None,
                zoho_gone=row.zoho_id is not None and zoho is None,
                xero_gone=row.xero_id is not None and xero is None,
            ),
        )


def _plan_one(
    turn: Turn,
    run: Run,
    spec: ModuleSpec,
    work: Work,
    facts: Facts,
    *,
    paired: set[str],
    figures: Figures,
) -> None:
    outcome = _matched(turn, spec, work, facts, paired=paired)
    if outcome is None:
        facts = facts_for(turn, spec, [work]) if work.matched_by else facts
        planned = _hypothetical(turn, spec, work, facts)
        outcome = _planned(work, planned)
    writes = tuple(str(step.side) for step in work.plan.steps)
    currency = str(work.plan.zoho.get("currency") or work.plan.xero.get("currency") or "")
    figures.add(spec.key, outcome, writes=writes, currency=currency)
    if outcome.operation == "none" and outcome.status == "planned":
        return
    with turn.sync.database.begin() as session:
        session.add(run_item(run.id, work.link, outcome, status=outcome.status))


def _matched(
    turn: Turn, spec: ModuleSpec, work: Work, facts: Facts, *, paired: set[str]
) -> Outcome | None:
    """Find the partner as the run will, without linking; an outcome when a person must choose."""
    link, pair = work.link, work.pair
    if (link.zoho_id and link.xero_id) or (pair.zoho is None and pair.xero is None):
        return None
    side = Side.ZOHO if pair.zoho is not None else Side.XERO
    early = plan(spec, pair, turn.policies[spec.key], facts)
    if early.message is not None and early.message.key in BEFORE_MATCHING:
        return None
    raw = pair.raw(side)
    found = find_partner(turn, spec, link, side, raw or {}, facts)
    elsewhere = settled_elsewhere(turn, spec, link, raw or {}) if side is Side.ZOHO else None
    if elsewhere is not None:
        return Outcome(status="skipped", message=elsewhere)
    if isinstance(found, Ambiguous):
        return ambiguous_outcome(found, shown(found, side))
    if isinstance(found, Linked):
        _lay_beside(turn, work, side.other, found, paired=paired)
    return None


def _lay_beside(turn: Turn, work: Work, side: Side, found: Linked, *, paired: set[str]) -> None:
    link = work.link
    with turn.sync.database.begin() as session:
        known = links.find(session, link.org_id, link.tenant_id, link.module, str(side), [found.id])
        other = known.get(found.id) or _beside(session, turn, link, side, found.id)
        copy = session.get(Snapshot, (other.id, str(side))) if other is not None else None
    if other is None or copy is None:
        return
    if other.module == link.module:
        paired.add(other.id)
    work.matched_by = found.by
    raw = parsed(copy.raw)
    if side is Side.ZOHO:
        work.pair = replace(work.pair, zoho=raw)
    else:
        work.pair = replace(work.pair, xero=raw)
    as_linked = Link(
        id=link.id,
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        module=link.module,
        label=link.label,
        zoho_id=link.zoho_id or other.zoho_id,
        xero_id=link.xero_id or other.xero_id,
        face={},
        trigger="bulk",
    )
    work.link = as_linked


def _beside(session: Session, turn: Turn, link: Link, side: Side, record_id: str) -> Link | None:
    """The same Xero record as a module beside knows it: a supplier that is a customer too."""
    for module in turn.specs[link.module].beside if side is Side.XERO else ():
        found = links.find(session, link.org_id, link.tenant_id, module, str(side), [record_id])
        if record_id in found:
            return found[record_id]
    return None


def _hypothetical(turn: Turn, spec: ModuleSpec, work: Work, facts: Facts) -> Plan:
    """Plan as if the partners a document brings along had crossed already."""
    work.plan = plan(spec, work.pair, turn.policies[spec.key], facts)
    if work.plan.needs:
        linked = dict(facts.links)
        codes, products = dict(facts.item_codes), dict(facts.products)
        for need in work.plan.needs:
            linked[need.module, need.side, need.id] = PLANNED
            codes.setdefault(need.id, PLANNED)
            products.setdefault(need.id, PLANNED)
        later = replace(facts, links=linked, item_codes=codes, products=products)
        work.plan = plan(spec, work.pair, turn.policies[spec.key], later)
    return work.plan


PLANNED = "planned"
"""Stands for the id of a partner that the run itself will make."""


def _planned(work: Work, planned: Plan) -> Outcome:
    if planned.verdict in (Verdict.GO, Verdict.HOLD) and planned.steps:
        step = planned.steps[0]
        return Outcome(
            status="held" if planned.verdict is Verdict.HOLD else "planned",
            operation="link" if work.matched_by else step.operation,
            direction=f"to_{step.side}",
            message=planned.message,
            changes=shown_changes(step.changes),
            totals={side: str(total) for side, total in planned.totals.items()},
        )
    outcome = outcome_of(work)
    if outcome.status == "success":
        operation = "link" if work.matched_by else "none"
        by = Message("linked_by", {"by": work.matched_by}) if work.matched_by else None
        return replace(outcome, status="planned", operation=operation, message=by)
    return outcome
