"""Taking back what a run did to one pair, as far as both vendors allow. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.core.codec import is_empty
from backend.core.codecs import CODECS, write_body
from backend.core.errors import Message, SyncError
from backend.core.planning import Change, Pair, Plan, Step, Verdict, changes_of, values_of
from backend.core.spec import Facts, Field, Flow, ModuleSpec, Owner, Side, Value, Values

JOINING = frozenset({"create", "link"})
"""Operations after which two records were a pair: taking them back parts it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One write of the run: what the fields were before it, and what was written.

    ``known`` False: an old log row that did not keep them.
    """

    side: Side
    operation: str
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    known: bool = True


def parts(done: Sequence[Done]) -> bool:
    """Whether the pair was made by the run, and is parted when the run is taken back."""
    return any(each.operation in JOINING for each in done)


def undo(
    spec: ModuleSpec, pair: Pair, done: Sequence[Done], facts: Facts, *, bin_empty: bool = False
) -> Plan:
    """What takes back ``done``; a plan without steps when nothing is left to take back.

    HOLD with steps: those go, the rest is told. ``bin_empty``: CRM has no deleted record of this
    pair to restore. Bases of fields that are not written stay as they are.
    """
    try:
        seen = {side: _seen(spec, side, pair, facts) for side in Side}
        found = _Undo(spec, pair, facts, seen, bin_empty=bin_empty)
        for side in (Side.XERO, Side.ZOHO):
            found.take_back(side, [each for each in done if each.side is side])
        if parts(done):
            found.clear_marks()
        return found.plan()
    except SyncError as error:
        return Plan(verdict=Verdict.HOLD, message=error.message, kept=_names(spec))


def _seen(spec: ModuleSpec, side: Side, pair: Pair, facts: Facts) -> Values:
    raw = pair.raw(side)
    return {} if raw is None else values_of(spec, side, raw, facts)


def _names(spec: ModuleSpec) -> frozenset[str]:
    return frozenset(row.name for row in spec.fields)


class _Undo:
    """Steps and reasons found so far."""

    __slots__ = ("bin_empty", "facts", "message", "pair", "seen", "spec", "steps")

    def __init__(
        self,
        spec: ModuleSpec,
        pair: Pair,
        facts: Facts,
        seen: Mapping[Side, Values],
        *,
        bin_empty: bool,
    ) -> None:
        self.spec = spec
        self.pair = pair
        self.facts = facts
        self.seen = seen
        self.bin_empty = bin_empty
        self.steps: dict[Side, Step] = {}
        self.message: Message | None = None

    def plan(self) -> Plan:
        """Everything decided; only what is written moves a base."""
        written = {name for step in self.steps.values() for name in step.values}
        result = Plan(
            steps=tuple(self.steps.values()),
            kept=_names(self.spec) - written,
            zoho=self.seen[Side.ZOHO],
            xero=self.seen[Side.XERO],
        )
        if self.message is None:
            return result
        return replace(result, verdict=Verdict.HOLD, message=self.message)

    def hold(self, key: str, params: Mapping[str, str] | None = None) -> None:
        """Something stays as it is; the first reason is told."""
        if self.message is None:
            self.message = Message(key, dict(params or {}))

    # --- by operation ------------------------------------------------------------------------

    def take_back(self, side: Side, done: Sequence[Done]) -> None:
        """The writes of the run on one side, the last of them first."""
        operations = {each.operation for each in done}
        if any(not each.known for each in done):
            self.hold("undo_not_known")
        elif "create" in operations:
            self._withdraw(side, done)
        elif operations & {"archive", "delete", "void"}:
            self._bring_back(side, operations)
        elif "update" in operations:
            self._restore_fields(side, *_span(done))

    def _withdraw(self, side: Side, done: Sequence[Done]) -> None:
        """A record the run made goes again, unless somebody has worked on it since."""
        raw = self.pair.raw(side)
        if raw is None or (side is Side.XERO and self._is_gone()):
            return
        _, after = _span(done)
        name = self._edited(side, after)
        if name is not None:
            self.hold("undo_edited_since", {"field": name})
            return
        if side is Side.ZOHO:
            self._step(Step(side=side, operation="delete", values={}, body={"id": raw.get("id")}))
            return
        way = self.spec.withdraw(raw)
        if way.operation == "void" or way.refused is not None:
            self.hold("undo_approved" if way.operation == "void" else "undo_paid")
            return
        body = {self.spec.xero.id: raw.get(self.spec.xero.id), **way.body}
        self._step(Step(side=side, operation=way.operation, values={}, body=body))

    def _bring_back(self, side: Side, operations: set[str]) -> None:
        """A record the run withdrew comes back, and the other half whose end was the reason."""
        if side is Side.ZOHO:
            self._from_the_bin(told=True)
            return
        if "archive" not in operations:
            self.hold("undo_voided")
            return
        if self.pair.xero is not None and self._is_gone():
            body = {
                self.spec.xero.id: self.pair.xero.get(self.spec.xero.id),
                "ContactStatus": "ACTIVE",
            }
            change = Change(field="xero_status", before="Archived", after="Active")
            self._step(
                Step(side=side, operation="restore", values={}, body=body, changes=(change,))
            )
        self._from_the_bin(told=False)

    def _from_the_bin(self, *, told: bool) -> None:
        if self.pair.zoho is not None or not self.pair.zoho_deleted:
            return
        if not self.bin_empty:
            self._step(Step(side=Side.ZOHO, operation="restore", values={}, body={}))
        elif told:
            self.hold("undo_not_in_bin")

    # --- fields ------------------------------------------------------------------------------

    def _restore_fields(self, side: Side, before: Values, after: Values) -> None:
        raw, now = self.pair.raw(side), self.seen[side]
        if raw is None:
            self.hold("undo_gone")
            return
        values = {
            row.name: before.get(row.name)
            for row in self._restorable(side, after)
            if self._may_restore(side, row, before.get(row.name), after[row.name])
        }
        if not values:
            return
        body = write_body(self.spec, side, values, self.facts, raw)
        body = self.spec.finish(side, body, raw, self.facts)
        body[self.spec.resource(side).id] = raw.get(self.spec.resource(side).id)
        changes = tuple(changes_of(self.spec, values, now))
        self._step(Step(side=side, operation="update", values=values, body=body, changes=changes))

    def _restorable(self, side: Side, after: Values) -> Iterator[Field]:
        """Rows people speak of: our marks and what Xero alone knows follow by themselves."""
        for row in self.spec.fields:
            facts_of_xero = row.switch is not None or row.owner is Owner.XERO
            if row.name not in after or _is_mark(row) or (side is Side.ZOHO and facts_of_xero):
                continue
            if side is Side.ZOHO and row.flow is Flow.TO_ZOHO:
                continue
            yield row

    def _may_restore(self, side: Side, row: Field, before: Value, after: Value) -> bool:
        """Only what still is as the run left it; what is as before is taken back already."""
        same = CODECS[row.codec].same
        now = self.seen[side].get(row.name)
        if same(now, before):
            return False
        if not same(now, after):
            shown = {} if isinstance(before, tuple) else {"before": str(before or "–")}
            self.hold("undo_edited_since", {"field": row.name, **shown})
            return False
        if side is Side.XERO and self._is_gone():
            self.hold("undo_voided")
            return False
        if side is Side.XERO and self._locks(row.name):
            self.hold("undo_locked")
            return False
        return True

    def _edited(self, side: Side, after: Values) -> str | None:
        """The first field of a record that is no longer as the run made it."""
        now = self.seen[side]
        for row in self.spec.fields:
            compared = row.flow is Flow.BOTH and row.name in after and row.name in now
            if compared and not CODECS[row.codec].same(now[row.name], after[row.name]):
                return row.name
        return None

    def clear_marks(self) -> None:
        """The CRM record that stays no longer leads to a record that is not its partner."""
        raw = self.pair.zoho
        if raw is None or Side.ZOHO in self.steps or self.message is not None:
            return
        now = self.seen[Side.ZOHO]
        values: dict[str, Value] = {
            row.name: None
            for row in self.spec.fields
            if row.flow is Flow.TO_ZOHO
            and (_is_mark(row) or row.switch is not None)
            and not is_empty(now.get(row.name))
        }
        body = write_body(self.spec, Side.ZOHO, values, self.facts, raw) if values else {}
        if body:
            body["id"] = raw.get("id")
            self._step(Step(side=Side.ZOHO, operation="update", values=values, body=body))

    # --- small -------------------------------------------------------------------------------

    def _step(self, step: Step) -> None:
        self.steps[step.side] = step

    def _is_gone(self) -> bool:
        return self.spec.state_of(self.pair.xero or {}) in self.spec.gone

    def _locks(self, name: str) -> bool:
        locked = self.spec.locked.get(self.spec.state_of(self.pair.xero or {}), frozenset())
        return name in locked or "*" in locked


def _is_mark(row: Field) -> bool:
    return row.name.startswith(("xero_", "crm_"))


def _span(done: Sequence[Done]) -> tuple[dict[str, Value], dict[str, Value]]:
    """The values before the first write and after the last one."""
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    for each in done:
        for name, value in each.before.items():
            before.setdefault(name, value)
        after |= each.after
    return before, after
