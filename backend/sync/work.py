"""A batch under way: each record with what was seen, decided and done so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backend.apis.moments import moment
from backend.core.codecs import decode
from backend.core.errors import POLICY, Message, SyncError
from backend.core.guard import WITHDRAWING
from backend.core.match import Ambiguous
from backend.core.plan import Pair, Plan, Step, Verdict, plan
from backend.core.spec import Facts, Flow, ModuleSpec, Raw, Side, Values
from backend.core.undo import Done, undo
from backend.store.tables import Link
from backend.sync.gather import Seen
from backend.sync.tell import Outcome, shown_changes
from backend.sync.turn import Turn

PERSON = frozenset({"click", "retry"})
"""Triggers behind which somebody waits for an answer."""


@dataclass(kw_only=True)
class Work:
    """One record in a batch. ``seen`` is the pending count the loop took up."""

    link: Link
    seen: int
    pair: Pair
    plan: Plan = field(default_factory=Plan)
    done: list[str] = field(default_factory=list)
    finished: bool = False
    again: bool = False
    """Comes back in this turn, once the partners it needs have crossed."""
    matched_by: str | None = None
    """The key that proved the partner, when it was found in this look."""
    undo: list[Done] | None = None
    """What a run did to this record, when it is to be taken back."""
    changes: list[Mapping[str, Any]] = field(default_factory=list)
    """Each field written in this look, before and after."""
    unsure: bool = False
    """CRM computes totals after a write and may round otherwise than foreseen: it is asked once
    more."""
    way: str | None = None
    """The direction of the first write of this look."""

    def told(self, outcome: Outcome) -> None:
        """Keep what one accepted write changed, for the run's row of this record."""
        self.changes += outcome.changes
        self.way = self.way or outcome.direction

    def link_of(self, module: str) -> Link:
        """A stand-in for asking the directory about another module of the same organisation."""
        return Link(id="", org_id=self.link.org_id, tenant_id=self.link.tenant_id, module=module)

    def sides(self) -> tuple[Raw | None, Raw | None]:
        """Both records."""
        return self.pair.zoho, self.pair.xero


def started(spec: ModuleSpec, link: Link, seen: Seen) -> Work:
    """The work on one link as it was claimed."""
    choices = {name: Side(side) for name, side in link.choices.items() if side in ("zoho", "xero")}
    pair = Pair(
        zoho=seen.zoho,
        xero=seen.xero,
        zoho_deleted=seen.zoho_gone,
        xero_deleted=seen.xero_gone,
        base_zoho=base_of(spec, link.base_zoho),
        base_xero=base_of(spec, link.base_xero),
        direction=link.direction or "both",
        click=link.trigger == "click",
        choices=choices,
        newer=newer(seen),
        unarchive=link.choices.get("unarchive") is True,
        answer=str(link.choices.get("answer") or ""),
        suffix=str(link.choices.get("suffix") or ""),
    )
    return Work(link=link, seen=link.pending, pair=pair)


def newer(seen: Seen) -> Side | None:
    """Which side says it changed last, None when one does not say."""
    if seen.zoho is None or seen.xero is None:
        return None
    zoho = moment(seen.zoho.get("Modified_Time"))
    xero = moment(seen.xero.get("UpdatedDateUTCString") or seen.xero.get("UpdatedDateUTC"))
    if zoho is None or xero is None:
        return None
    return Side.ZOHO if zoho > xero else Side.XERO


def base_of(spec: ModuleSpec, stored: dict[str, Any] | None) -> Values | None:
    """A stored base as values, by the names of the rows that made it.

    A row that was bound to other fields meanwhile has no base: what those two agreed on is no
    agreement of these.
    """
    if stored is None:
        return None
    keys = {row.base_key: row.name for row in spec.fields}
    return {keys[key]: decode(value) for key, value in stored.items() if key in keys}


def decide(turn: Turn, spec: ModuleSpec, work: Work, facts: Facts) -> Plan:
    """Plan a record anew from where it stands."""
    if work.undo is not None:
        no_bin = work.link.choices.get("bin_empty") is True
        work.plan = undo(spec, work.pair, work.undo, facts, bin_empty=no_bin)
    else:
        work.plan = plan(spec, work.pair, turn.policies[spec.key], facts)
    return work.plan


def marks_only(spec: ModuleSpec, step: Step) -> bool:
    """Whether an update writes nothing but our marks, which go one way each."""
    marks = all(spec.field(name).flow is not Flow.BOTH for name in step.values)
    return marks and step.operation == "update"


def after_write(work: Work, side: Side, raw: Raw, bases: tuple[Values, Values]) -> None:
    """Go on from the state a write left behind."""
    zoho, xero = bases
    seen: dict[str, Any] = {str(side): raw, f"{side}_deleted": False}
    work.pair = replace(work.pair, base_zoho=zoho, base_xero=xero, unarchive=False, **seen)


def outcome_of(work: Work) -> Outcome:
    """What to say of a record that needs no more writes."""
    planned = work.plan
    if planned.verdict is Verdict.GO:
        return _settled(work)
    status = "failed" if planned.verdict is Verdict.FAIL else str(planned.verdict)
    message = planned.message
    if status == "skipped" and work.done and work.done[0] in WITHDRAWING:
        return replace(_settled(work), message=message, quiet=True)
    return Outcome(
        status=status,
        operation=work.done[0] if work.done and status == "held" else "none",
        message=message,
        conflicts=planned.conflicts,
        changes=tuple(work.changes),
        direction=work.way or work.pair.direction,
        quiet=_known_already(work, message) or bool(work.done and status == "skipped"),
        totals={side: str(total) for side, total in planned.totals.items()},
    )


def _settled(work: Work) -> Outcome:
    """Nothing is left to do. A look that changed nothing is told only to a person who asked."""
    operation = work.done[0] if work.done else "none"
    asked = work.link.trigger in PERSON
    message = None if work.done else Message("already_in_sync")
    return Outcome(
        status="success",
        operation=operation,
        direction=work.way or work.pair.direction,
        message=message if asked else None,
        changes=tuple(work.changes),
        quiet=bool(work.done) or not asked,
    )


def _known_already(work: Work, message: Message | None) -> bool:
    """The same cause was told before, and nobody asked again."""
    same = message is not None and message.key == work.link.message_key
    return same and work.link.trigger not in PERSON and work.link.run_id is None


def ambiguous_outcome(found: Ambiguous, candidates: list[dict[str, Any]]) -> Outcome:
    """Held for a person to choose the partner."""
    params = {"count": str(len(found.candidates))}
    return Outcome(
        status="held", message=Message(f"match_{found.reason}", params), candidates=candidates
    )


def error_outcome(work: Work, error: SyncError, *, side: Side, operation: str) -> Outcome:
    """A write that was refused or got lost; changes show what was tried."""
    policy = POLICY[error.mode]
    step = work.plan.step(side)
    return Outcome(
        status="held" if policy.held else "failed",
        operation=operation,
        direction=f"to_{side}",
        message=error.message,
        words=error.words,
        changes=shown_changes(step.changes) if step else (),
        retry=policy.costs_attempt and not policy.held,
    )
