"""One batch from reading to telling: gather, match, plan, perform, conclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.parts import holder, is_part
from backend.core.plan import Need, Verdict, settled
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import ClickRequest, Link, ModuleState
from backend.sync import attached, merged, undo
from backend.sync.bringing import by_code, is_code, waits
from backend.sync.closing import close
from backend.sync.cured import CAUSES
from backend.sync.gather import Seen, gather, keep_read, text_of
from backend.sync.guarding import keep_used, stage
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import spread
from backend.sync.learning import facts_for, learn
from backend.sync.mutual import namesakes
from backend.sync.pairing import leave_alone, match_all
from backend.sync.perform import perform
from backend.sync.policy import module_settings
from backend.sync.tell import Outcome, conclude, counted, encoded
from backend.sync.turn import Turn
from backend.sync.work import (
    PERSON,
    Work,
    decide,
    outcome_of,
    started,
)

ROUNDS = 6
"""Create on one side, up to three steps to its state, its mark on the other, and what the answers
changed: never more."""


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
    leave_alone(turn, works)
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
    if work.unsure:
        _ask_for_total(turn, session, link, work)
    elif _is_half_done(turn, session, work):
        _look_both_ways(turn, session, link)
    settles = outcome.status == "success" or link.trigger in PERSON
    if settles and link.zoho_id and link.xero_id:
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


def _ask_for_total(turn: Turn, session: Session, link: Link, work: Work) -> None:
    """Look again at what CRM made of a document, together with all others of the run; Xero's side
    is known."""
    _look_both_ways(turn, session, link, priority=PRIORITY["bulk"])
    if work.pair.xero is not None:
        raw, now = text_of(work.pair.xero), turn.sync.clock()
        links.keep_snapshot(session, link.id, "xero", raw, whole=True, read_at=now)


def _look_both_ways(
    turn: Turn, session: Session, link: Link, *, priority: int = PRIORITY["schedule"]
) -> None:
    links.mark(
        session,
        [link.id],
        priority=priority,
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
    """Look again at the records that waited for this one, and at those that could have been it
    until a person said whose partner it is."""
    waiting = [
        *session.scalars(select(Link.id).where(Link.waiting_for == link.id, Link.pending == 0)),
        *(namesakes(session, link) if link.trigger in PERSON else ()),
    ]
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
            close(turn, work, waits(need, partner), waiting_for=partner)
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
            if not crossed and before.pending == 0:
                # The run has had its say: what it found is what its preview showed.
                turn.asked.add((work.link.id, before.id))
                return before
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


def _tidy_copies(
    turn: Turn, spec: ModuleSpec, works: Sequence[Work], seen: Mapping[str, Seen]
) -> None:
    """Drop copies that have served; a record that comes back behind its partners keeps what was
    just read of it."""
    with turn.sync.database.begin() as session:
        done = [work.link.id for work in works if not (work.again or work.unsure)]
        links.drop_snapshots(session, done)
        for work in works:
            # Another record of this batch may have taken the row in.
            if work.again and not work.done and session.get(Link, work.link.id) is not None:
                keep_read(session, spec, work.link, seen[work.link.id])
