"""Writing down what became of a record: its link, its log row, its run and its request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.codecs import encode
from backend.core.errors import Message
from backend.core.merge import FieldConflict
from backend.core.plan import Change
from backend.core.spec import Line, ModuleSpec, Value
from backend.store import links
from backend.store.tables import ClickRequest, Link, LogRow, Run, RunItem
from backend.sync import exchanges, notices
from backend.sync.turn import Turn

COUNTED = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "void": "deleted",
    "archive": "deleted",
    "link": "linked",
    "restore": "updated",
}
"""Which counter of a run a successful operation moves."""
STATE = {"success": "in_sync", "skipped": "excluded", "failed": "needs_attention"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one look at one record came to. ``status``: success, failed, held or skipped.

    ``quiet``: nothing changed and nobody asked, so the log stays silent. ``restore``: what undoing
    the write needs.
    """

    status: str
    operation: str = "none"
    direction: str = "both"
    message: Message | None = None
    words: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    candidates: list[dict[str, Any]] | None = None
    quiet: bool = False
    retry: bool = False
    totals: Mapping[str, str] = field(default_factory=dict)
    restore: Mapping[str, Any] | None = None


def shown(value: Value) -> str | bool | list[dict[str, str | None]] | None:
    """A value as the log and the pages show it; lines as rows."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return [_shown_line(line) for line in value]
    return str(value)


def _shown_line(line: Line) -> dict[str, str | None]:
    return {
        "product": line.product,
        "description": line.description,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "discount": str(line.discount),
        "tax": line.tax,
    }


def shown_changes(changes: Iterable[Change]) -> tuple[dict[str, Any], ...]:
    """Field, before, after as the log keeps them."""
    return tuple(
        {"field": each.field, "before": shown(each.before), "after": shown(each.after)}
        for each in changes
    )


def conflict_view(conflicts: Iterable[FieldConflict], *, now: datetime) -> dict[str, Any]:
    """Conflicting fields as the record page and the inbox show them."""
    return {
        "since": now.isoformat(),
        "fields": [
            {
                "field": each.field,
                "base": shown(each.base),
                "zoho": shown(each.zoho),
                "xero": shown(each.xero),
                "locked": each.locked,
            }
            for each in conflicts
        ],
    }


def log_row(turn: Turn, session: Session, link: Link, outcome: Outcome) -> None:
    """Add the log row of one attempt or skip."""
    message = outcome.message
    session.add(
        LogRow(
            org_id=turn.org_id,
            tenant_id=turn.tenant_id,
            at=turn.sync.clock(),
            module=link.module,
            link_id=link.id,
            label=link.label,
            zoho_id=link.zoho_id,
            xero_id=link.xero_id,
            direction=outcome.direction,
            trigger=link.trigger,
            operation=outcome.operation,
            status=outcome.status,
            message_key=message.key if message else None,
            message_params=dict(message.params) if message else {},
            words=outcome.words[:4000],
            changes=list(outcome.changes),
            attempt=link.attempts,
            next_attempt_at=link.not_before if outcome.retry else None,
            by=link.by,
            run_id=link.run_id,
            remote_request=_remote_request(outcome),
            **({"restore": dict(outcome.restore)} if outcome.restore is not None else {}),
        )
    )


def _remote_request(outcome: Outcome) -> str | None:
    """The vendor's number of the call that wrote, or refused to."""
    side = outcome.direction.removeprefix("to_")
    if side == "both" or outcome.status not in ("success", "failed", "held"):
        return None
    return exchanges.last_number(side) if outcome.operation != "none" else None


def conclude(turn: Turn, session: Session, link: Link, outcome: Outcome, *, seen: int) -> None:
    """Move the link to its new state, count it in its run, answer its request, clear the mark.

    The log is written here only for outcomes without a write; writes log when they are committed.
    """
    now, before = turn.sync.clock(), link.state
    link.checked_at = now
    _set_state(turn, link, outcome, now)
    if not outcome.quiet:
        log_row(turn, session, link, outcome)
    notices.after(turn.sync, session, turn.settings, link, before=before, waits=outcome.retry)
    run_id, request_id = link.run_id, link.request_id
    turn.outcomes[link.id] = _counter(outcome)
    if run_id is not None:
        count(session, run_id, link, outcome)
        link.run_id = None
    session.flush()
    if outcome.retry:
        # Whoever waits hears of the first failure; the next attempts go on without them.
        answer_requests(session, link, outcome, now=now)
        link.request_id = None
        return
    if links.finish(session, link.id, seen=seen) and request_id is not None:
        answer_requests(session, link, outcome, now=now)


def _set_state(turn: Turn, link: Link, outcome: Outcome, now: datetime) -> None:
    message = outcome.message
    link.message_key = message.key if message else None
    link.message_params = dict(message.params) if message else {}
    link.words = outcome.words[:4000]
    link.candidates = outcome.candidates
    link.conflict = conflict_view(outcome.conflicts, now=now) if outcome.conflicts else None
    if outcome.status == "success":
        link.state, link.attempts, link.parked = "in_sync", 0, False
        link.last_sync_at, link.waiting_for = now, None
        ended = COUNTED.get(outcome.operation) == "deleted"
        if ended or not (link.zoho_id and link.xero_id):
            link.state = "excluded"
    elif outcome.status == "held":
        link.state = "conflict" if outcome.conflicts else "needs_attention"
    elif outcome.status == "skipped":
        linked = link.zoho_id is not None and link.xero_id is not None
        link.state = "in_sync" if linked and link.agreed_at else "excluded"
    else:
        _failed(turn, link, outcome, now)


def _failed(turn: Turn, link: Link, outcome: Outcome, now: datetime) -> None:
    """Count the attempt; park after the last one, else wait longer each time."""
    link.state = "needs_attention"
    limit = int(turn.settings.get("attempts") or turn.sync.settings.sync_attempts)
    if link.attempts >= limit:
        link.parked, link.not_before = True, None
        return
    if outcome.retry:
        waits = turn.sync.settings.retry_seconds
        wait = waits[min(link.attempts, len(waits)) - 1]
        link.not_before = now + timedelta(seconds=wait)


def count(session: Session, run_id: str, link: Link, outcome: Outcome) -> None:
    """Count one finished record in its run and add its row there."""
    if outcome.operation == "update" and _created_before(session, run_id, link):
        outcome = replace(outcome, operation="create")
    column = _counter(outcome)
    session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values({"done": Run.done + 1, column: getattr(Run, column) + 1})
    )
    session.add(run_item(run_id, link, outcome, status=outcome.status))


def counted(session: Session, run_id: str, link_id: str) -> bool:
    """Whether a run has its row for this record already."""
    row = select(RunItem.id).where(RunItem.run_id == run_id, RunItem.link_id == link_id)
    return session.scalar(row.limit(1)) is not None


def _created_before(session: Session, run_id: str, link: Link) -> bool:
    """Whether an earlier turn of this run made the record and was then cut off."""
    row = select(LogRow.id).where(
        LogRow.link_id == link.id,
        LogRow.run_id == run_id,
        LogRow.operation == "create",
        LogRow.status == "success",
    )
    return session.scalar(row.limit(1)) is not None


def _counter(outcome: Outcome) -> str:
    if outcome.status != "success":
        return outcome.status
    return COUNTED.get(outcome.operation, "skipped")


def run_item(run_id: str, link: Link, outcome: Outcome, *, status: str) -> RunItem:
    """One record's row in a run or preview."""
    message = outcome.message
    return RunItem(
        run_id=run_id,
        link_id=link.id,
        module=link.module,
        label=link.label,
        zoho_id=link.zoho_id,
        xero_id=link.xero_id,
        direction=outcome.direction,
        operation=outcome.operation,
        status=status,
        changes=list(outcome.changes),
        candidates=outcome.candidates,
        totals=dict(outcome.totals) or None,
        message_key=message.key if message else None,
        message_params=dict(message.params) if message else {},
    )


def answer_requests(session: Session, link: Link, outcome: Outcome, *, now: datetime) -> None:
    """Everybody who pressed a button on this record gets the same answer."""
    message = outcome.message
    told = {
        "status": outcome.status,
        "operation": outcome.operation,
        "message": {"key": message.key, "params": dict(message.params)} if message else None,
        "xero_id": link.xero_id,
        "zoho_id": link.zoho_id,
    }
    state = "failed" if outcome.status == "failed" else "done"
    session.execute(
        update(ClickRequest)
        .where(ClickRequest.link_id == link.id, ClickRequest.state.in_(("queued", "running")))
        .values(state=state, outcome=told, finished_at=now)
    )


def encoded(spec: ModuleSpec, values: Mapping[str, Value]) -> dict[str, Any]:
    """Values as a base of ``spec`` is stored: under what their rows connect, not by name alone."""
    keys = {row.name: row.base_key for row in spec.fields}
    return {keys.get(name, name): encode(value) for name, value in values.items()}
