"""One batch from reading to telling: gather, match, plan, perform, conclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.match import Create, Linked
from backend.core.parts import holder, is_part
from backend.core.plan import Need, Verdict, plan, settled
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import ClickRequest, Link, ModuleState
from backend.sync import attached, merged, undo
from backend.sync.bringing import by_code, is_code, waits
from backend.sync.coming import TWIN, Coming
from backend.sync.cured import CAUSES
from backend.sync.face import money_of
from backend.sync.gather import Seen, fetch, gather, keep_read
from backend.sync.guarding import keep_used, stage
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import spread
from backend.sync.matching import (
    comes,
    find_partner,
    remember,
    settled_elsewhere,
    shown,
)
from backend.sync.perform import perform
from backend.sync.policy import module_settings
from backend.sync.tell import Outcome, conclude, counted, encoded, log_row
from backend.sync.turn import Turn
from backend.sync.work import (
    PERSON,
    Work,
    ambiguous_outcome,
    decide,
    outcome_of,
    started,
)

ROUNDS = 6
"""Create on one side, up to three steps to its state, its mark on the other, and what the answers
changed: never more."""
BEFORE_MATCHING = frozenset({
    "module_off", "excluded_by_filter", "before_start_date", "gone_on_both", "supplier_only",
    "belongs_to_sales_order",
})  # fmt: skip
"""Reasons to leave a record alone that come before looking for its partner."""


BARRED = {
    "never": "excluded_for_good",
    "kept": "kept_by_person",
    "parted": "parted_by_hand",
    "undone": "undone_by_person",
    "used": "item_used_kept",
}
"""What is said of a record that a person decided to leave alone, by the bar on its link."""


def process(turn: Turn, rows: Sequence[Link]) -> list[Work]:
    """Look at one batch of links of one module. Raises trouble of the connection only."""
    spec = turn.specs[rows[0].module]
    if spec.attached_to is not None:
        attached.process(turn, spec, rows)
        return []
    _running(turn, rows)
    seen = gather(turn, spec, rows, lambda raws: spread(turn, spec, raws))
    works = [started(spec, row, seen[row.id]) for row in rows]
    undo.load(turn, works)
    facts = facts_for(turn, spec, works)
    learn(turn, spec, works, seen, facts)
    _leave_alone(turn, works)
    merged.follow(turn, spec, works)
    match_all(turn, spec, works, facts)
    facts = facts_for(turn, spec, works)
    _rounds(turn, spec, works, facts)
    _tidy_copies(turn, spec, works, seen)
    return works


def _running(turn: Turn, rows: Sequence[Link]) -> None:
    """Requests show that somebody is at it."""
    waiting = [row.id for row in rows if row.request_id]
    if waiting:
        with turn.sync.database.begin() as session:
            session.execute(
                update(ClickRequest)
                .where(ClickRequest.link_id.in_(waiting), ClickRequest.state == "queued")
                .values(state="running")
            )


def facts_for(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> Facts:
    """What these records refer to, as values."""
    zoho = [work.pair.zoho for work in works if work.pair.zoho is not None]
    xero = [work.pair.xero for work in works if work.pair.xero is not None]
    return turn.facts(spec, zoho, xero)


def learn(
    turn: Turn, spec: ModuleSpec, works: Sequence[Work], seen: dict[str, Seen], facts: Facts
) -> None:
    """Keep what the directory and the pages need of what was just read."""
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in works])
        for work in works:
            link = session.get_one(Link, work.link.id)
            for side in Side:
                raw = work.pair.raw(side)
                if raw is not None:
                    _learn_side(session, spec, link, side, raw, facts)
            if work.pair.zoho is not None and _has_lines(spec, work.pair.zoho):
                link.zoho_seen_at = seen[work.link.id].read_at
            work.link = link


def _learn_side(
    session: Session, spec: ModuleSpec, link: Link, side: Side, raw: Raw, facts: Facts
) -> None:
    remember(session, spec, link, side, raw, facts)
    if spec.money and side is Side.XERO:
        link.face = {**link.face, "money": money_of(raw)}


def _has_lines(spec: ModuleSpec, raw: Raw) -> bool:
    return spec.zoho.lines is None or spec.zoho.lines in raw


def _leave_alone(turn: Turn, works: Sequence[Work]) -> None:
    """Records a person has excluded for good rest until one says otherwise; a person's own press
    has already taken the bar away."""
    for work in works:
        key = BARRED.get(work.link.barred or "")
        if key is not None and work.undo is None:
            params = {"by": str(work.link.message_params.get("by", ""))}
            _conclude(turn, work, Outcome(status="skipped", message=Message(key, params)))


# --- partners ----------------------------------------------------------------------------------


def match_all(turn: Turn, spec: ModuleSpec, works: Sequence[Work], facts: Facts) -> None:
    """Find the partner of every record that has none, before anything could be created."""
    joined: list[tuple[Work, Side]] = []
    coming = Coming()
    for work in works:
        side = _lonely(work)
        if side is None or work.finished:
            continue
        early = plan(spec, work.pair, turn.policies[spec.key], facts)
        if early.message is not None and early.message.key in BEFORE_MATCHING:
            continue
        if joined and _taken_away(turn, work):
            continue
        if _match(turn, spec, work, side, facts, coming=coming):
            joined.append((work, side.other))
    for side in Side:
        _fetch_joined(turn, spec, [work for work, missing in joined if missing is side], side)


def _lonely(work: Work) -> Side | None:
    """The only side a never linked record is known on."""
    if work.undo is not None or (work.link.zoho_id and work.link.xero_id):
        return None
    if work.pair.zoho is not None:
        return Side.ZOHO
    return Side.XERO if work.pair.xero is not None else None


def _match(
    turn: Turn, spec: ModuleSpec, work: Work, side: Side, facts: Facts, *, coming: Coming
) -> bool:
    """Link, hold for a person, or leave it to be created; whether a partner joined. A second
    record of the same name waits until the first one is there."""
    raw = work.pair.raw(side)
    if raw is None or work.link.choices.keys() & {"create", "suffix"}:
        return False
    elsewhere = settled_elsewhere(turn, spec, work.link, raw) if side is Side.ZOHO else None
    if elsewhere is not None:
        _conclude(turn, work, Outcome(status="skipped", message=elsewhere))
        return False
    found = find_partner(turn, spec, work.link, side, raw, facts, coming=coming)
    if isinstance(found, Linked):
        return _join(turn, work, side.other, found)
    if isinstance(found, Create):
        if creates(turn, spec, work, facts):
            comes(spec, side, raw, facts, coming=coming)
    elif any(each.candidate.id.startswith(TWIN) for each in found.candidates):
        work.finished = work.again = True
    elif not merged.take_over(turn, spec, work, found):
        _conclude(turn, work, ambiguous_outcome(found, shown(found, side)))
    return False


def creates(turn: Turn, spec: ModuleSpec, work: Work, facts: Facts) -> bool:
    """Whether a record without a partner is to be created, now or once its partners are there."""
    planned = plan(spec, work.pair, turn.policies[spec.key], facts)
    return bool(planned.needs) or planned.operation == "create"


def _taken_away(turn: Turn, work: Work) -> bool:
    """Another record of this batch has already taken this row in."""
    with turn.sync.database.begin() as session:
        work.finished = session.get(Link, work.link.id) is None
    return work.finished


def _join(turn: Turn, work: Work, side: Side, found: Linked) -> bool:
    with turn.sync.database.begin() as session:
        turn.hold(session)
        link = session.get_one(Link, work.link.id)
        known = links.find(session, link.org_id, link.tenant_id, link.module, str(side), [found.id])
        other = known.get(found.id)
        if other is not None and other.id != link.id:
            links.absorb(session, link, other, str(side))
        setattr(link, f"{side}_id", found.id)
        _log_link(turn, session, link, found)
        work.link = link
    work.done.append("link")
    work.matched_by = found.by
    return True


def _log_link(turn: Turn, session: Session, link: Link, found: Linked) -> None:
    """Joining two records is news of its own, told at once: what follows may take another look."""
    message = Message("linked_by", {"by": found.by})
    log_row(turn, session, link, Outcome(status="success", operation="link", message=message))


def _fetch_joined(turn: Turn, spec: ModuleSpec, works: Sequence[Work], side: Side) -> None:
    """Read the partners that were just found."""
    works = [work for work in works if not work.finished]
    if not works:
        return
    raws = fetch(turn, spec, [work.link for work in works], side)
    for work in works:
        record_id = work.link.xero_id if side is Side.XERO else work.link.zoho_id
        raw = raws.get(record_id or "")
        if side is Side.XERO:
            work.pair = replace(work.pair, xero=raw, xero_deleted=raw is None)
        else:
            work.pair = replace(work.pair, zoho=raw, zoho_deleted=raw is None)
    facts = facts_for(turn, spec, works)
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in works])
        for work in works:
            link, raw = session.get_one(Link, work.link.id), work.pair.raw(side)
            if raw is not None:
                _learn_side(session, spec, link, side, raw, facts)
            work.link = link


# --- planning and writing ----------------------------------------------------------------------


def _rounds(turn: Turn, spec: ModuleSpec, works: Sequence[Work], facts: Facts) -> None:
    """Plan and write until nothing is left: Xero first, because its answer tells what CRM shows."""
    for number in range(1, ROUNDS + 1):
        todo = [work for work in works if not work.finished]
        for work in todo:
            decide(turn, spec, work, facts)
        if any(map(_asks_for_set_up, todo)) and turn.read_set_up():
            facts = facts_for(turn, spec, works)
            for work in todo:
                decide(turn, spec, work, facts)
        keep_used(turn, spec, todo)
        stage(turn, spec, [work for work in todo if not work.finished])
        todo = [work for work in todo if not work.finished]
        to_xero = [work for work in todo if _writes(work, Side.XERO)]
        to_zoho = [
            work for work in todo if not _writes(work, Side.XERO) and _writes(work, Side.ZOHO)
        ]
        _finish(turn, spec, [w for w in todo if w not in to_xero and w not in to_zoho], facts)
        if not to_xero and not to_zoho:
            return
        perform(turn, spec, to_xero, facts, Side.XERO)
        _spread_written(turn, spec, to_xero)
        if not to_xero or number == ROUNDS:
            # CRM is told once for the whole batch, when Xero has nothing more to say.
            perform(turn, spec, to_zoho, facts, Side.ZOHO)
            _finish_written(turn, spec, to_zoho)
        facts = facts_for(turn, spec, works)


def _spread_written(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """What Xero answered is news to other modules that live in the same records."""
    if not spec.beside:
        return
    found: dict[str, Raw] = {}
    for work in works:
        raw = work.pair.xero or {}
        key = str(raw.get(spec.xero.id))
        whole = turn.homes.get(holder(key), ({}, None))[0] if is_part(key) else raw
        if whole:
            found[holder(key)] = whole
    spread(turn, spec, list(found.values()))


def _asks_for_set_up(work: Work) -> bool:
    """A person asks for a record that waits for the set-up: it may just have been mended."""
    message = work.plan.message
    return work.link.trigger in PERSON and message is not None and message.key in CAUSES


def _writes(work: Work, side: Side) -> bool:
    blocked = {Verdict.SKIP, Verdict.FAIL}
    return work.plan.verdict not in blocked and work.plan.step(side) is not None


def _finish_written(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """CRM has taken an update. What was sent counts as agreed; should CRM have made something else
    of it, the next look sees the difference."""
    written = []
    for work in works:
        step = work.plan.step(Side.ZOHO)
        if not work.finished and step is not None and step.operation == "update":
            work.plan = replace(work.plan, steps=(), zoho={**work.plan.zoho, **step.values})
            written.append(work)
    _tell(turn, spec, written)


def _finish(turn: Turn, spec: ModuleSpec, works: Sequence[Work], facts: Facts) -> None:
    for work in works:
        if work.plan.needs:
            _bring_along(turn, work, facts)
    _tell(turn, spec, [work for work in works if not work.plan.needs and not work.finished])


def _tell(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """Nothing more to write: keep what both agree on, and say how it ended."""
    if not works:
        return
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in works])
        for work in works:
            _tell_one(turn, session, spec, work)


def _tell_one(turn: Turn, session: Session, spec: ModuleSpec, work: Work) -> None:
    outcome, link = outcome_of(work), session.get_one(Link, work.link.id)
    if work.pair.zoho is not None and work.pair.xero is not None:
        bases = settled(spec, work.pair, work.plan, answers={}, performed=frozenset())
        link.base_zoho, link.base_xero = encoded(spec, bases[0]), encoded(spec, bases[1])
        if work.plan.verdict is Verdict.GO:
            link.agreed_at = turn.sync.clock()
    if work.undo is not None:
        undo.conclude(turn, session, link, work, outcome)
        work.link, work.finished = link, True
        return
    conclude(turn, session, link, _with_link(work, outcome), seen=work.seen)
    if _is_half_done(turn, session, work):
        _look_both_ways(turn, session, link)
    if outcome.status == "success" and link.zoho_id and link.xero_id:
        wake(turn, session, link)
    work.link, work.finished = link, True


def _is_half_done(turn: Turn, session: Session, work: Work) -> bool:
    """Whether a look in one direction left something to the other one, which the schedule
    owes this module: no later sweep would bring the record up again by itself."""
    message = work.plan.message
    left = work.plan.kept or (message is not None and message.key == "nothing_in_that_direction")
    if work.pair.direction == "both" or not left:
        return False
    key = work.link.module
    state = session.get(ModuleState, (turn.org_id, turn.tenant_id, key))
    accepted = state is not None and state.accepted_at is not None
    return accepted and bool(module_settings(turn.settings, key).get("schedule"))


def _look_both_ways(turn: Turn, session: Session, link: Link) -> None:
    links.mark(
        session,
        [link.id],
        priority=PRIORITY["schedule"],
        trigger="schedule",
        by=None,
        direction="both",
        now=turn.sync.clock(),
    )


def _with_link(work: Work, outcome: Outcome) -> Outcome:
    """A run counts the joining of two records; the log has told it already."""
    if work.matched_by is None or outcome.status != "success":
        return outcome
    return replace(outcome, operation="link", quiet=True)


def wake(turn: Turn, session: Session, link: Link) -> None:
    """Look again at the records that waited for this one."""
    waiting = session.scalars(
        select(Link.id).where(Link.waiting_for == link.id, Link.pending == 0)
    ).all()
    if waiting:
        session.execute(update(Link).where(Link.id.in_(waiting)).values(waiting_for=None))
        links.mark(
            session,
            list(waiting),
            priority=link.priority,
            trigger="retry",
            by=None,
            direction="both",
            now=turn.sync.clock(),
            unpark=True,
        )


# --- what must cross first ---------------------------------------------------------------------


def _bring_along(turn: Turn, work: Work, facts: Facts) -> None:
    """Note the partners a record needs; a second time around, say which one did not come."""
    for need in work.plan.needs:
        partner = _partner(turn, work, need, facts)
        if partner is None or (work.link.id, partner.id) in turn.asked:
            _conclude(turn, work, waits(need, partner), waiting_for=partner)
            return
        turn.asked.add((work.link.id, partner.id))
    work.finished = work.again = True


def _partner(turn: Turn, work: Work, need: Need, facts: Facts) -> Link | None:
    """The link of a needed record, noted as urgently as the record that needs it."""
    record_id = by_code(turn, work, need) if is_code(need) else need.id
    if record_id is None or need.module not in turn.specs:
        return None
    crossed = (need.module, need.side, need.id) in facts.links
    with turn.sync.database.begin() as session:
        turn.hold(session)
        known = links.find(
            session, turn.org_id, turn.tenant_id, need.module, str(need.side), [record_id]
        )
        before = known.get(record_id)
        if before is not None and (work.link.id, before.id) in turn.asked:
            return before
        run_id = work.link.run_id
        if run_id is not None and before is not None and counted(session, run_id, before.id):
            run_id = None
        (link_id,) = note_in(
            turn.sync,
            session,
            org_id=turn.org_id,
            module=need.module,
            side=need.side,
            ids=[record_id],
            trigger=work.link.trigger or "schedule",
            by=work.link.by,
            priority=work.link.priority,
            run_id=run_id,
            tenant_id=turn.tenant_id,
        )
        link = session.get_one(Link, link_id)
        if crossed:
            link.choices = {**link.choices, "unarchive": True}
        return link


def _conclude(turn: Turn, work: Work, outcome: Outcome, *, waiting_for: Link | None = None) -> None:
    known = outcome.message is not None and outcome.message.key == work.link.message_key
    quiet = known and work.link.trigger not in PERSON and work.link.run_id is None
    with turn.sync.database.begin() as session:
        turn.hold(session)
        link = session.get_one(Link, work.link.id)
        conclude(turn, session, link, replace(outcome, quiet=quiet), seen=work.seen)
        if waiting_for is not None:
            link.waiting_for = waiting_for.id
        work.link = link
    work.finished = True


def _tidy_copies(
    turn: Turn, spec: ModuleSpec, works: Sequence[Work], seen: Mapping[str, Seen]
) -> None:
    """Drop copies that have served; a record that comes back behind its partners keeps what was
    just read of it."""
    with turn.sync.database.begin() as session:
        links.drop_snapshots(session, [work.link.id for work in works if not work.again])
        for work in works:
            if work.again and not work.done:
                keep_read(session, spec, work.link, seen[work.link.id])
