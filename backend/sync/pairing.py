"""Finding the partners of a batch before anything could be created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.match import Ambiguous, Create, Linked, may_clear_up
from backend.core.plan import plan
from backend.core.spec import Facts, ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link
from backend.sync import merged
from backend.sync.closing import close
from backend.sync.coming import TWIN, Coming
from backend.sync.gather import fetch
from backend.sync.learning import facts_for, learn_side
from backend.sync.matching import comes, find_partner, settled_elsewhere, shown
from backend.sync.tell import Outcome, log_row
from backend.sync.turn import Turn
from backend.sync.work import PERSON, Work, ambiguous_outcome

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


def leave_alone(turn: Turn, works: Sequence[Work]) -> None:
    """Records a person has excluded for good rest until one says otherwise; a person's own press
    has already taken the bar away."""
    for work in works:
        key = BARRED.get(work.link.barred or "")
        if key is not None and work.undo is None:
            params = {"by": str(work.link.message_params.get("by", ""))}
            close(turn, work, Outcome(status="skipped", message=Message(key, params)))


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
        close(turn, work, Outcome(status="skipped", message=elsewhere))
        return False
    found = find_partner(turn, spec, work.link, side, raw, facts, coming=coming)
    if isinstance(found, Linked):
        return _join(turn, work, side.other, found)
    if isinstance(found, Create):
        if creates(turn, spec, work, facts):
            comes(spec, side, raw, facts, coming=coming)
    elif any(each.candidate.id.startswith(TWIN) for each in found.candidates):
        work.finished = work.again = True
    elif merged.take_over(turn, spec, work, found):
        return False
    elif not _deferred(turn, work, found):
        close(turn, work, ambiguous_outcome(found, shown(found, side)))
    return False


def _deferred(turn: Turn, work: Work, found: Ambiguous) -> bool:
    """Look again behind the others of its kind, once: a candidate may turn out to be theirs.
    Nobody who pressed a button waits for that."""
    mine = (work.link.id, work.link.id)
    if work.link.trigger in PERSON or mine in turn.asked or not may_clear_up(found):
        return False
    turn.asked.add(mine)
    with turn.sync.database.begin() as session:
        turn.hold(session)
        session.get_one(Link, work.link.id).noted_at = turn.sync.clock()
    work.finished = work.again = True
    return True


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
                learn_side(session, spec, link, side, raw, facts)
            work.link = link
