"""After a crash or a lost answer: look for what may have been created before sending it again.

Xero keeps an idempotency key for six minutes, so a young intent is repeated under its own key and
answers what it answered then. An older one is looked for by our back-reference among everything
that changed since, which no search index delays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.xero.client import Element
from backend.core.codecs import decode
from backend.core.errors import Message, Refused, Transient
from backend.core.spec import ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Intent, Link, LogRow
from backend.sync.breaker import is_down
from backend.sync.gather import parsed
from backend.sync.pairs import new_partner
from backend.sync.perform import last_attempt
from backend.sync.tell import Outcome, conclude, log_row, shown
from backend.sync.turn import Turn

KEY_LIFE = timedelta(minutes=5)
"""A minute less than Xero keeps idempotency keys (reference: six minutes from the first call)."""
OPERATIONS = {
    "delete_call": "delete",
    "restore_call": "restore",
    "payment": "create",
    "parts": "update",
}
"""What the log calls requests that are named otherwise among intents."""
OVERLAP = timedelta(minutes=10)
"""How far before the intent its record is looked for, for clocks that differ."""


def recover(turn: Turn) -> None:
    """Settle every intent an earlier turn left behind, but for those whose records wait.

    Raises what the clients raise when they read; a repeated write that is lost again costs its
    own records an attempt and nobody else.
    """
    with turn.sync.database.begin() as session:
        intents = list(
            session.scalars(
                select(Intent)
                .where(Intent.org_id == turn.org_id, Intent.tenant_id == turn.tenant_id)
                .order_by(Intent.created_at)
            )
        )
    turn.unsure = False
    turn.held_back = set()
    for intent in intents:
        if not _is_due(turn, intent):
            turn.held_back |= {each["link"] for each in intent.elements}
            continue
        try:
            found = _found(turn, intent) if _creates_in_xero(intent) else {}
        except Unanswered as lost:
            if is_down(turn, Side.XERO, lost.error):
                raise lost.error from lost
            _wait_again(turn, intent, lost.error)
            turn.held_back |= {each["link"] for each in intent.elements}
            continue
        _settle(turn, intent, found)


class Unanswered(Exception):
    """Repeating a request got no answer again; ``error`` says what came instead."""

    def __init__(self, error: Transient) -> None:
        super().__init__(str(error))
        self.error = error


def _is_due(turn: Turn, intent: Intent) -> bool:
    """Whether one of its records may be looked at now; none is while it waits or is parked."""
    ids, now = [each["link"] for each in intent.elements], turn.sync.clock()
    with turn.sync.database.begin() as session:
        rows = session.scalars(select(Link).where(Link.id.in_(ids))).all()
    waits = [row.parked or (row.not_before is not None and row.not_before > now) for row in rows]
    return not (waits and all(waits))


def _wait_again(turn: Turn, intent: Intent, error: Transient) -> None:
    """One more failed attempt for its records alone; the others of the organisation go on."""
    with turn.sync.database.begin() as session:
        turn.hold(session)
        for each in intent.elements:
            link = session.get(Link, each["link"])
            if link is None or not link.active:
                continue
            link.attempts += 1
            outcome = Outcome(
                status="failed",
                operation=intent.operation,
                direction=f"to_{intent.side}",
                message=error.message,
                words=error.words,
                retry=True,
            )
            conclude(turn, session, link, last_attempt(turn, link, outcome), seen=link.pending)


def _creates_in_xero(intent: Intent) -> bool:
    """Updates may be planned anew from what is there; CRM creates are upserts on our mark."""
    return intent.side == "xero" and intent.operation == "create"


def _found(turn: Turn, intent: Intent) -> dict[str, Raw]:
    """Link id to the Xero record its element became."""
    spec = turn.specs[intent.module]
    if turn.sync.clock() - intent.created_at < KEY_LIFE:
        try:
            return _repeated(turn, spec, intent)
        except Refused:
            # The key went out with other contents: then only looking helps.
            return _looked_for(turn, spec, intent)
        except Transient as error:
            raise Unanswered(error) from error
    return _looked_for(turn, spec, intent)


def _repeated(turn: Turn, spec: ModuleSpec, intent: Intent) -> dict[str, Raw]:
    bodies = [parsed(each["body"]) for each in intent.elements]
    told: Sequence[Element] = turn.xero(0).write(spec.xero, bodies, create=True, key=intent.key)
    return {
        each["link"]: element.row
        for each, element in zip(intent.elements, told, strict=True)
        if element.ok and element.row is not None
    }


def _looked_for(turn: Turn, spec: ModuleSpec, intent: Intent) -> dict[str, Raw]:
    wanted = _wanted(turn, intent)
    found: dict[str, Raw] = {}
    number, last = 1, 1
    while number <= last:
        page = turn.xero(0).page(spec.xero, number=number, since=intent.created_at - OVERLAP)
        for raw in page.rows:
            link_id = _whose(spec, raw, wanted)
            if link_id is not None and not (spec.money and spec.state_of(raw) in spec.gone):
                found[link_id] = raw
        last, number = page.pages, number + 1
    return found


def _wanted(turn: Turn, intent: Intent) -> dict[str, str]:
    """CRM id, and what identifies the element in Xero, to link id."""
    with turn.sync.database.begin() as session:
        zoho_ids = {
            row.id: row.zoho_id
            for row in session.scalars(
                select(Link).where(Link.id.in_([each["link"] for each in intent.elements]))
            )
        }
    wanted: dict[str, str] = {}
    for each in intent.elements:
        zoho_id = zoho_ids.get(each["link"])
        if zoho_id is not None:
            wanted[f"crm:{zoho_id}"] = each["link"]
        for key in _marks(parsed(each["body"])):
            wanted[key] = each["link"]
    return wanted


NUMBERS = ("Code", "InvoiceNumber", "ContactNumber", "QuoteNumber", "PurchaseOrderNumber")
"""What Xero keeps unique and we send with a create."""


def _marks(body: Mapping[str, Any]) -> list[str]:
    return [f"{name}:{body[name]}" for name in NUMBERS if body.get(name)]


def _whose(spec: ModuleSpec, raw: Raw, wanted: Mapping[str, str]) -> str | None:
    reference = spec.reference_of(raw)
    if reference is not None and f"crm:{reference}" in wanted:
        return wanted[f"crm:{reference}"]
    return next((wanted[mark] for mark in _marks(raw) if mark in wanted), None)


def _settle(turn: Turn, intent: Intent, found: Mapping[str, Raw]) -> None:
    """Link what was found; every record of the intent is looked at again."""
    spec = turn.specs[intent.module]
    with turn.sync.database.begin() as session:
        turn.hold(session)
        for each in intent.elements:
            link = session.get(Link, each["link"])
            if link is None:
                continue
            raw = found.get(link.id)
            if intent.operation == "payment":
                # What was read before it says nothing of what is due now.
                links.drop_snapshots(session, [link.id])
            if raw is not None:
                _adopt(turn, session, link, str(raw[spec.xero.id]), each)
            elif not _is_told(session, intent, link):
                _tell_interrupted(turn, session, intent, link, each)
            link.pending += 1
            link.not_before = None
            link.noted_at = turn.sync.clock()
            link.trigger = link.trigger or "retry"
        session.delete(session.merge(intent))


def _is_told(session: Session, intent: Intent, link: Link) -> bool:
    """Whether the log has this attempt already: a worker that lives on tells a lost answer."""
    row = select(LogRow.id).where(
        LogRow.link_id == link.id,
        LogRow.at >= intent.created_at,
        LogRow.operation != "none",
        LogRow.direction == f"to_{intent.side}",
    )
    return session.scalar(row.limit(1)) is not None


def _tell_interrupted(
    turn: Turn, session: Session, intent: Intent, link: Link, element: Mapping[str, Any]
) -> None:
    """The worker ended while it wrote: whether it arrived, the next look shows on both sides."""
    written = element.get("written") or {}
    changes = [
        {"field": name.partition("~")[0], "before": None, "after": shown(decode(value))}
        for name, value in written.items()
    ]
    operation = OPERATIONS.get(intent.operation, intent.operation)
    outcome = Outcome(
        status="failed",
        operation=operation,
        direction=f"to_{intent.side}",
        message=Message("write_interrupted"),
        changes=tuple(changes),
    )
    log_row(turn, session, link, outcome)


def _adopt(
    turn: Turn, session: Session, link: Link, xero_id: str, element: Mapping[str, Any]
) -> None:
    """Take a found record as partner and say so, unless somebody linked the pair already.

    What was sent is what both sides agreed on then: whoever edited one of them since is seen as
    the only one who did, not as one of two who disagree.
    """
    if link.xero_id != xero_id:
        new_partner(session, link, "xero", xero_id)
        link.base_xero = {**element.get("written", {})}
        link.base_zoho = {**element.get("read", {})}
        found = Message("found_after_a_break")
        log_row(
            turn,
            session,
            link,
            Outcome(
                status="success",
                operation="create",
                direction="to_xero",
                message=found,
                restore={"side": "xero", "before": {}, "after": element.get("written", {})},
            ),
        )
    links.drop_snapshots(session, [link.id])
