"""Writing: intents first, batches out, and what was learnt committed after every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.apis.xero.client import Element, element_error
from backend.apis.zoho.client import Row
from backend.core.errors import (
    ConnectionLost,
    Gone,
    Message,
    RateLimited,
    Refused,
    Stale,
    SyncError,
    Transient,
    is_of_the_service,
)
from backend.core.paying import is_payment
from backend.core.plan import Step, settled, values_of
from backend.core.proof import may_round_otherwise
from backend.core.spec import Facts, ModuleSpec, Raw, Side, Values
from backend.store import links
from backend.store.columns import new_id
from backend.store.tables import Intent, Link
from backend.sync import insert, undo
from backend.sync.breaker import is_down
from backend.sync.ends import back_from_bin, conclude_end, part_used
from backend.sync.face import money_of
from backend.sync.gather import text_of
from backend.sync.matching import remember, rivals
from backend.sync.news import news_of
from backend.sync.pairs import new_partner
from backend.sync.pay import pay
from backend.sync.tell import Outcome, conclude, encoded, log_row, shown_changes
from backend.sync.turn import Turn
from backend.sync.work import Work, after_write, error_outcome, marks_only

XERO_BATCH = 50
ZOHO_BATCH = 100
NOT_THERE = (Gone, Refused)
"""How CRM says that its recycle bin has no such record."""
CONNECTION_TROUBLE = (RateLimited, ConnectionLost)
"""Trouble that is not the records': it ends the turn and costs none of them an attempt."""


def perform(turn: Turn, spec: ModuleSpec, works: Sequence[Work], facts: Facts, side: Side) -> None:
    """Carry out every planned step on ``side``; each work goes on from its answer.

    Raises ``RateLimited``, ``ConnectionLost``, ``LeaseLost``, and ``Transient`` when that side is
    down as a whole; everything else ends as the outcome of the records concerned.
    """
    groups: dict[str, list[Work]] = {}
    for work in works:
        step = work.plan.step(side)
        if step is not None:
            groups.setdefault(_group(spec, step), []).append(work)
    for group, members in groups.items():
        size = XERO_BATCH if side is Side.XERO else ZOHO_BATCH
        for batch in _batches(members, 1 if group == "delete_call" else size):
            _send(turn, spec, batch, facts, side=side, group=group)


def _group(spec: ModuleSpec, step: Step) -> str:
    """Which kind of request a step travels in."""
    if is_payment(step.body):
        return "payment"
    if step.side is Side.XERO and spec.parts is not None and spec.parts.home_of(step.body):
        return "parts"
    if step.operation == "create":
        return "create"
    if step.operation == "delete" and len(step.body) <= 1:
        return "delete_call"
    if step.operation == "restore" and step.side is Side.ZOHO:
        return "restore_call"
    return "update"


def _batches(works: Sequence[Work], size: int) -> Iterator[list[Work]]:
    """Records that failed before travel alone, so that they cannot spoil a batch again."""
    alone = [work for work in works if work.link.attempts]
    together = [work for work in works if not work.link.attempts]
    yield from ([work] for work in alone)
    for start in range(0, len(together), size):
        yield together[start : start + size]


def _send(
    turn: Turn, spec: ModuleSpec, batch: list[Work], facts: Facts, *, side: Side, group: str
) -> None:
    intent_id = _intend(turn, spec, batch, side=side, group=group)
    try:
        if side is Side.XERO:
            _to_xero(turn, spec, batch, facts, group=group, intent_id=intent_id)
        else:
            _to_zoho(turn, spec, batch, facts, group=group, intent_id=intent_id)
    except SyncError as error:
        if isinstance(error, CONNECTION_TROUBLE) or is_of_the_service(error):
            # Refused before it was processed: nothing needs to be looked for.
            _forget(turn, intent_id)
            raise
        if is_down(turn, side, error):
            if not _may_have_arrived(turn, error):
                _forget(turn, intent_id)
            raise
        _lost(turn, batch, error, side=side, intent_id=intent_id)


def _intend(turn: Turn, spec: ModuleSpec, batch: Sequence[Work], *, side: Side, group: str) -> str:
    """Commit what is about to go out; a crash leaves it to be looked for. Its id is what Xero
    knows the request by, now and when it is repeated."""
    intent_id = new_id()
    elements = [_element(spec, work, side) for work in batch]
    with turn.sync.database.begin() as session:
        turn.hold(session)
        session.add(
            Intent(
                id=intent_id,
                org_id=turn.org_id,
                tenant_id=turn.tenant_id,
                module=spec.key,
                side=str(side),
                operation=group,
                key=intent_id,
                fence=turn.fence,
                elements=elements,
                created_at=turn.sync.clock(),
            )
        )
    return intent_id


def _element(spec: ModuleSpec, work: Work, side: Side) -> dict[str, Any]:
    """What has to be known of one record of a request whose answer may never come: what went out,
    and what was read of the same fields on the side it came from, which are the bases then."""
    step = _step(work, side)
    read = work.plan.zoho if side is Side.XERO else work.plan.xero
    return {
        "link": work.link.id,
        "generation": work.link.generation,
        "body": text_of(step.body),
        "written": encoded(spec, step.values),
        "read": encoded(spec, {name: read[name] for name in step.values if name in read}),
    }


def _step(work: Work, side: Side) -> Step:
    step = work.plan.step(side)
    if step is None:
        raise LookupError(f"no step for {side}")
    return step


def _forget(turn: Turn, intent_id: str) -> None:
    with turn.sync.database.begin() as session:
        session.execute(delete(Intent).where(Intent.id == intent_id))


def _lost(
    turn: Turn, batch: Sequence[Work], error: SyncError, *, side: Side, intent_id: str
) -> None:
    """A whole request failed. When it may have been processed its intent stays, to be looked for
    before anything is sent again."""
    unsure = _may_have_arrived(turn, error)
    with turn.sync.database.begin() as session:
        turn.hold(session)
        for work in batch:
            _conclude_error(turn, session, work, error, side=side)
        if not unsure:
            session.execute(delete(Intent).where(Intent.id == intent_id))


def _may_have_arrived(turn: Turn, error: SyncError) -> bool:
    """Whether the other side may have done what it was asked; the turn remembers."""
    unsure = isinstance(error, Transient) and error.sent
    turn.unsure = turn.unsure or unsure
    return unsure


def _conclude_error(
    turn: Turn, session: Session, work: Work, error: SyncError, *, side: Side
) -> None:
    link = session.get_one(Link, work.link.id)
    outcome = error_outcome(work, error, side=side, operation=_step(work, side).operation)
    work.finished, work.link = True, link
    if work.undo is not None:
        undo.failed(turn, session, link, work, outcome, lost=isinstance(error, Transient))
        return
    if error.message.key == "item_used":
        part_used(turn, session, link)
        return
    if outcome.status == "failed":
        link.attempts += 1
    conclude(turn, session, link, last_attempt(turn, link, outcome), seen=work.seen)


def last_attempt(turn: Turn, link: Link, outcome: Outcome) -> Outcome:
    """After the last attempt the record is parked, so its run and request are answered."""
    limit = int(turn.settings.get("attempts") or turn.sync.settings.sync_attempts)
    if outcome.retry and link.attempts >= limit:
        return replace(outcome, retry=False)
    return outcome


# --- Xero --------------------------------------------------------------------------------------


def _to_xero(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    facts: Facts,
    *,
    group: str,
    intent_id: str,
) -> None:
    client = turn.xero(batch[0].link.priority)
    if group == "parts":
        told = insert.write(turn, spec, batch, facts, key=intent_id)
    elif group == "payment":
        told = pay(turn, spec, batch, key=intent_id)
    elif group == "delete_call":
        work = batch[0]
        client.delete(spec.xero, str(_step(work, Side.XERO).body[spec.xero.id]), key=intent_id)
        told = [Element(ok=True, row=None)]
    else:
        bodies = [_step(work, Side.XERO).body for work in batch]
        told = client.write(spec.xero, bodies, create=group == "create", key=intent_id)
    commit_xero(turn, spec, batch, told, facts, intent_id=intent_id)


def commit_xero(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    told: Sequence[Element],
    facts: Facts,
    *,
    intent_id: str,
) -> None:
    """One transaction: ids, bases, log rows, and the intent is done with."""
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in batch])
        for work, element in zip(batch, told, strict=True):
            if element.ok:
                _accept_xero(turn, session, spec, work, element, facts)
                continue
            error = element.cause or element_error(element.errors)
            if not (
                error.message.key in OF_A_PARTNER and _partners_again(turn, session, spec, work)
            ):
                _conclude_error(turn, session, work, error, side=Side.XERO)
        session.execute(delete(Intent).where(Intent.id == intent_id))
        if spec.parts is not None:
            insert.rooms(turn, session, spec, batch, told)
    for work in batch:
        if work.finished and work.link.message_key in RIVALS:
            _offer_rivals(turn, spec, work, facts)


OF_A_PARTNER = frozenset({"contact_archived"})
"""Refusals that say what a record refers to is not as our copy of it shows."""
RIVALS = frozenset({"contact_name_taken", "contact_number_taken"})
"""Refusals because of another record, which a person may want to link instead."""


def _partners_again(turn: Turn, session: Session, spec: ModuleSpec, work: Work) -> bool:
    """Read the partners a record names anew, then the record; False when that was done before."""
    if turn.stale.get(work.link.id):
        return False
    turn.stale[work.link.id] = 1
    ids: list[str] = []
    for row in spec.fields:
        if row.codec == "link" and row.target is not None:
            named = [str(work.plan.zoho.get(row.name))]
            known = links.find(session, turn.org_id, turn.tenant_id, row.target, "zoho", named)
            ids += [each.id for each in known.values()]
    links.mark(
        session,
        ids,
        priority=work.link.priority,
        trigger=work.link.trigger,
        by=work.link.by,
        direction="both",
        now=turn.sync.clock(),
    )
    session.get_one(Link, work.link.id).pending += 1
    work.finished = True
    return True


def _offer_rivals(turn: Turn, spec: ModuleSpec, work: Work, facts: Facts) -> None:
    """Show who has the name or number, so that a person may link them or choose another."""
    found = rivals(turn, spec, work.link, work.plan.zoho, facts)
    with turn.sync.database.begin() as session:
        turn.hold(session)
        session.get_one(Link, work.link.id).candidates = found


def _accept_xero(
    turn: Turn, session: Session, spec: ModuleSpec, work: Work, element: Element, facts: Facts
) -> None:
    step, link = _step(work, Side.XERO), session.get_one(Link, work.link.id)
    raw: Raw | None = None
    if element.row is None and step.operation == "update":
        insert.leave(turn, session, link, work, step)
        return
    if element.row is not None:
        raw = {**(work.pair.xero or {} if step.operation != "create" else {}), **element.row}
    if step.operation == "create":
        new_partner(session, link, "xero", str((raw or {}).get(spec.xero.id)))
    answers = {Side.XERO: values_of(spec, Side.XERO, raw, facts)} if raw is not None else {}
    _accept(turn, session, work, link, spec, Side.XERO, raw, answers)
    if raw is not None:
        remember(session, spec, link, Side.XERO, raw, facts)
        if spec.money:
            link.face = {**link.face, "money": money_of(raw)}


def _accept(
    turn: Turn,
    session: Session,
    work: Work,
    link: Link,
    spec: ModuleSpec,
    side: Side,
    raw: Raw | None,
    answers: Mapping[Side, Values],
) -> None:
    """What every accepted write does: move the bases, log it, go on from there."""
    step, pair = _step(work, side), work.pair
    if step.operation == "create":
        # Whatever was agreed on with a record that is gone says nothing of the new one.
        pair = replace(pair, base_zoho=None, base_xero=None)
    bases = settled(spec, pair, work.plan, answers=answers, performed=frozenset({side}))
    link.base_zoho, link.base_xero = encoded(spec, bases[0]), encoded(spec, bases[1])
    link.agreed_at = turn.sync.clock()
    work.done.append(step.operation)
    there = work.plan.zoho if side is Side.ZOHO else work.plan.xero
    outcome = Outcome(
        status="success",
        operation=step.operation,
        direction=f"to_{side}",
        message=Message("undone")
        if work.undo is not None
        else news_of(spec, step, work.plan.zoho, _currency(work)),
        changes=shown_changes(step.changes),
        restore=undo.kept_for_undo(spec, link, step, there=there, answered=answers.get(side, {})),
    )
    if not _only_marks(spec, work, step):
        log_row(turn, session, link, outcome)
        work.told(outcome)
    if raw is not None:
        after_write(work, side, raw, bases)
    else:
        work.finished = True
        conclude_end(turn, session, link, work)
    work.link = link


def _currency(work: Work) -> str:
    return str(work.plan.xero.get("currency") or work.plan.zoho.get("currency") or "")


def _only_marks(spec: ModuleSpec, work: Work, step: Step) -> bool:
    """Our marks after a create or a link are part of it, not news of their own."""
    return bool(work.done[:-1]) and marks_only(spec, step)


# --- CRM ---------------------------------------------------------------------------------------


def _to_zoho(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    facts: Facts,
    *,
    group: str,
    intent_id: str,
) -> None:
    client = turn.zoho(batch[0].link.priority)
    bodies = [_step(work, Side.ZOHO).body for work in batch]
    if group == "delete_call":
        told = client.delete(spec.zoho.path, [str(body["id"]) for body in bodies])
    elif group == "restore_call":
        told = client.restore([str(work.link.zoho_id) for work in batch])
    else:
        mark = spec.zoho.back_reference
        checked = [mark] if mark and all(mark in body for body in bodies) else []
        told = client.write(
            spec.zoho.path,
            bodies,
            create=group == "create",
            unmodified_since=_newest(batch),
            duplicate_check=checked,
            trigger=[] if turn.settings.get("suppress_zoho_automation") else None,
        )
    _commit_zoho(turn, spec, batch, told, facts, group=group, intent_id=intent_id)


def _newest(batch: Sequence[Work]) -> datetime | None:
    """Zoho's lock is one time per request: the newest change we have seen. Whoever edits after
    our reading is later than that (reference: If-Unmodified-Since, 412 ALREADY_MODIFIED)."""
    times = [moment((work.pair.zoho or {}).get("Modified_Time")) for work in batch]
    known = [each for each in times if each is not None]
    return max(known) if len(known) == len(times) else None


def _commit_zoho(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    told: Sequence[Row],
    facts: Facts,
    *,
    group: str,
    intent_id: str,
) -> None:
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in batch])
        for work, row in zip(batch, told, strict=True):
            if group == "restore_call" and (row.ok or isinstance(row.error, NOT_THERE)):
                back_from_bin(turn, session, work, row)
            elif row.ok:
                _accept_zoho(turn, session, spec, work, row, facts)
            elif isinstance(row.error, Stale):
                _again(turn, session, work)
            else:
                error = row.error or Transient("remote_garbled", sent=False)
                _conclude_error(turn, session, work, error, side=Side.ZOHO)
        session.execute(delete(Intent).where(Intent.id == intent_id))


def _again(turn: Turn, session: Session, work: Work) -> None:
    """Somebody edited the record meanwhile: it stays pending and is read again."""
    session.get_one(Link, work.link.id).pending += 1
    links.drop_snapshots(session, [work.link.id])
    turn.stale[work.link.id] = turn.stale.get(work.link.id, 0) + 1
    if turn.stale[work.link.id] > MOST_RACES:
        wait = turn.sync.settings.retry_seconds[0]
        link = session.get_one(Link, work.link.id)
        link.not_before = turn.later(wait)
    work.finished = True


MOST_RACES = 3
"""How often one turn reads a record again that somebody keeps editing."""


def _accept_zoho(
    turn: Turn, session: Session, spec: ModuleSpec, work: Work, row: Row, facts: Facts
) -> None:
    step, link = _step(work, Side.ZOHO), session.get_one(Link, work.link.id)
    raw: Raw | None = None
    if step.operation != "delete":
        body = dict(step.body)
        raw = {**(work.pair.zoho or {}), **body, "id": row.id or link.zoho_id}
        if row.modified:
            raw = {**raw, "Modified_Time": row.modified}
    if step.operation == "create":
        new_partner(session, link, "zoho", str(row.id))
    _accept(turn, session, work, link, spec, Side.ZOHO, raw, {})
    if raw is not None:
        remember(session, spec, link, Side.ZOHO, {**raw, **_unknown_now(spec)}, facts)
    work.unsure = work.unsure or may_round_otherwise(step.values.get("lines"), facts)
    # What was written is not what was read: its lines count as unread until the next look.
    link.zoho_seen_at = None


def _unknown_now(spec: ModuleSpec) -> dict[str, None]:
    """CRM computes totals after a write and does not tell them."""
    return {"Grand_Total": None} if spec.money else {}
