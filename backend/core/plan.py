"""What should change for one pair, or why not. Pure: reads values, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.core.codecs import read_all, write_body
from backend.core.errors import Message, Mode, NeedsPartner, SyncError
from backend.core.lines_common import adjusted
from backend.core.links import UNLINKED
from backend.core.merge import FieldConflict, Merge, merge
from backend.core.money import Difference, equalise, half_up, prove, totals_of, zoho_totals
from backend.core.policy import Policy, excluded_by
from backend.core.scalars import to_decimal
from backend.core.spec import (
    Facts,
    Field,
    Flow,
    Line,
    ModuleSpec,
    On,
    Owner,
    Raw,
    Side,
    Value,
    Values,
)
from backend.core.taxes import rate_of


class Verdict(StrEnum):
    """How a plan ends: something to do (or nothing), left alone, held for a person, wrong."""

    GO = "go"
    SKIP = "skipped"
    HOLD = "held"
    FAIL = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One record and its partner as both sides just said, and what they last agreed on.

    ``zoho`` or ``xero`` None: not there. ``*_deleted``: it was, and is gone. ``click`` means a
    person decided; ``direction`` is both, to_xero or to_zoho.
    """

    zoho: Raw | None = None
    xero: Raw | None = None
    zoho_deleted: bool = False
    xero_deleted: bool = False
    base_zoho: Values | None = None
    base_xero: Values | None = None
    direction: str = "both"
    click: bool = False
    choices: Mapping[str, Side] = field(default_factory=dict)
    newer: Side | None = None
    unarchive: bool = False

    def raw(self, side: Side) -> Raw | None:
        """The record on ``side``."""
        return self.zoho if side is Side.ZOHO else self.xero


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field of a step, for the log and the preview."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One write: ``operation`` is create, update, archive, delete or void."""

    side: Side
    operation: str
    values: Values
    body: Mapping[str, Any]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A record of another module that must cross first."""

    module: str
    side: Side
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything decided about one pair.

    ``kept`` names fields whose bases must not move: their difference is still open.
    """

    verdict: Verdict = Verdict.GO
    steps: tuple[Step, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    message: Message | None = None
    needs: tuple[Need, ...] = ()
    kept: frozenset[str] = frozenset()
    zoho: Values = field(default_factory=dict)
    xero: Values = field(default_factory=dict)
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """The first step's operation, ``none`` without one."""
        return self.steps[0].operation if self.steps else "none"

    def step(self, side: Side) -> Step | None:
        """The write planned for ``side``."""
        return next((each for each in self.steps if each.side is side), None)


class _Stop(Exception):
    """Ends planning with a verdict."""

    def __init__(self, verdict: Verdict, key: str, params: Mapping[str, str] | None = None) -> None:
        super().__init__(key)
        self.plan = Plan(verdict=verdict, message=Message(key, dict(params or {})))


def plan(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    """Decide what to do about ``pair``; never raises for anything a record can contain."""
    try:
        return _decide(spec, pair, policy, facts)
    except _Stop as stop:
        return stop.plan
    except NeedsPartner as missing:
        need = Need(module=missing.module, side=Side(missing.side), id=missing.id)
        return Plan(verdict=Verdict.HOLD, needs=(need,))
    except SyncError as error:
        held = error.mode in {Mode.CONFIGURATION, Mode.UNSAFE, Mode.CONFLICT, Mode.GONE}
        verdict = Verdict.HOLD if held else Verdict.FAIL
        return Plan(verdict=verdict, message=error.message)


def _decide(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    if not policy.enabled:
        raise _Stop(Verdict.SKIP, "module_off")
    if pair.zoho is None and pair.xero is None:
        raise _Stop(Verdict.SKIP, "gone_on_both")
    if pair.zoho is None and pair.zoho_deleted:
        return _deleted_in_crm(spec, pair, policy, facts)
    if pair.xero is None and pair.xero_deleted:
        return _deleted_in_xero(spec, pair, policy, facts)
    _check_scope(spec, pair, policy)
    if pair.zoho is None or pair.xero is None:
        return _create(spec, pair, policy, facts)
    return _agree(spec, pair, policy, facts)


def values_of(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> dict[str, Value]:
    """``raw`` in common terms, without the fields it cannot speak about in its state."""
    values = dict(read_all(spec, side, raw, facts))
    for name in spec.silent(side, raw):
        values.pop(name, None)
    if spec.money and values.get("lines", ()) is None:
        del values["lines"]
    return values


# --- scope -------------------------------------------------------------------------------------


def _check_scope(spec: ModuleSpec, pair: Pair, policy: Policy) -> None:
    if pair.zoho is not None:
        outside = excluded_by(policy.conditions, pair.zoho)
        if outside is not None:
            raise _Stop(Verdict.SKIP, "excluded_by_filter", {"field": outside})
    _check_start(spec, pair, policy.start_date)


def _check_start(spec: ModuleSpec, pair: Pair, start: date | None) -> None:
    """Documents count by their date, other records by when they were made in CRM."""
    if start is None or (pair.zoho is not None and pair.xero is not None):
        return
    day = _day_of(spec, pair)
    if day is not None and day < start:
        params = {"date": day.isoformat(), "start": start.isoformat()}
        raise _Stop(Verdict.SKIP, "before_start_date", params)


def _day_of(spec: ModuleSpec, pair: Pair) -> date | None:
    side = Side.ZOHO if pair.zoho is not None else Side.XERO
    raw = pair.raw(side) or {}
    dated = [row for row in spec.fields if row.name == "date"]
    if dated:
        value = values_of(replace(spec, fields=tuple(dated)), side, raw, Facts()).get("date")
        return value if isinstance(value, date) else None
    made = str(raw.get("Created_Time") or "")[:10]
    return date.fromisoformat(made) if made else None


# --- one side is gone --------------------------------------------------------------------------


def _deleted_in_crm(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    raw = pair.xero or {}
    if pair.click and pair.direction in {"both", "to_zoho"}:
        return _create(spec, replace(pair, zoho_deleted=False), policy, facts)
    if spec.state_of(raw) in spec.gone:
        raise _Stop(Verdict.SKIP, "gone_on_both")
    now = values_of(spec, Side.XERO, raw, facts)
    if _edited(spec, pair.base_xero, now):
        raise _Stop(Verdict.HOLD, "deleted_in_crm_edited_in_xero")
    if not policy.may_delete(Side.XERO):
        raise _Stop(Verdict.SKIP, "deleted_in_crm_kept_in_xero")
    way = spec.withdraw(raw)
    if way.refused is not None:
        raise _Stop(Verdict.HOLD, way.refused)
    body = {spec.xero.id: raw.get(spec.xero.id), **way.body}
    step = Step(side=Side.XERO, operation=way.operation, values={}, body=body)
    return Plan(steps=(step,), xero=now)


def _deleted_in_xero(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    raw = pair.zoho or {}
    if pair.click and pair.direction in {"both", "to_xero"}:
        fresh = replace(pair, xero_deleted=False, base_zoho=None, base_xero=None)
        return _create(spec, fresh, policy, facts)
    now = values_of(spec, Side.ZOHO, raw, facts)
    if _edited(spec, pair.base_zoho, now):
        raise _Stop(Verdict.HOLD, "deleted_in_xero_edited_in_crm")
    if not policy.may_delete(Side.ZOHO):
        raise _Stop(Verdict.SKIP, "deleted_in_xero_kept_in_crm")
    step = Step(side=Side.ZOHO, operation="delete", values={}, body={"id": raw.get("id")})
    return Plan(steps=(step,), zoho=now)


def _edited(spec: ModuleSpec, base: Values | None, now: Values) -> bool:
    """Whether a side changed since both agreed, marks of ours left aside."""
    rows = [row for row in spec.fields if row.flow is Flow.BOTH]
    done = merge(rows, base, base, now, base or {}, choice=Side.ZOHO)
    return bool(base) and bool(done.to_xero or done.conflicts)


# --- create ------------------------------------------------------------------------------------


def _create(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    to = Side.ZOHO if pair.zoho is None else Side.XERO
    raw = pair.raw(to.other) or {}
    _check_create(spec, to, raw, pair, policy)
    now = values_of(spec, to.other, raw, facts)
    values = _new_values(spec, to, now, raw)
    needs = tuple(_partners(spec, to, values, facts))
    if needs:
        return Plan(verdict=Verdict.HOLD, needs=needs, **_seen(to.other, now))
    if to is Side.XERO:
        _check_xero_takes(spec, values, facts)
    values, totals = _proven(spec, to, values, raw, facts)
    body = spec.finish(to, write_body(spec, to, values, facts), None, facts)
    changes = tuple(_changes(spec, values, {}))
    step = Step(side=to, operation="create", values=values, body=body, changes=changes)
    return Plan(steps=(step,), totals=totals, **_seen(to.other, now))


def _seen(side: Side, values: Values) -> dict[str, Any]:
    return {side.value: values}


def _check_create(spec: ModuleSpec, to: Side, raw: Raw, pair: Pair, policy: Policy) -> None:
    blocked = {"to_zoho": Side.XERO, "to_xero": Side.ZOHO}.get(pair.direction)
    if to is blocked:
        raise _Stop(Verdict.SKIP, "nothing_in_that_direction")
    if not policy.allow.get(to, False):
        raise _Stop(Verdict.SKIP, f"{_towards(to)}_is_off")
    if not policy.create.get(to, False):
        raise _Stop(Verdict.SKIP, f"create_{_towards(to)}_is_off")
    outside = spec.outside(to.other, raw)
    if outside is not None:
        raise _Stop(Verdict.SKIP, outside)
    if to is Side.ZOHO and spec.state_of(raw) in spec.gone:
        raise _Stop(Verdict.SKIP, "withdrawn_not_created", {"status": spec.state_of(raw)})


def _towards(side: Side) -> str:
    return f"to_{side.value}"


def _new_values(spec: ModuleSpec, to: Side, now: Values, raw: Raw) -> dict[str, Value]:
    made = merge(spec.fields, None, None, *(_as_halves(to.other, now))).to(to)
    values = {name: value for name, value in made.items() if _writable(spec.field(name), to)}
    for name, value in spec.defaults(to, now, raw).items():
        if values.get(name) in (None, ""):
            values[name] = value
    return values


def _writable(row: Field, to: Side) -> bool:
    return row.path(to) != "id"


def _as_halves(side: Side, now: Values) -> tuple[Values | None, Values | None]:
    return (now, None) if side is Side.ZOHO else (None, now)


# --- partners ----------------------------------------------------------------------------------


def _partners(spec: ModuleSpec, to: Side, values: Values, facts: Facts) -> Iterator[Need]:
    """What ``values`` refer to that has not crossed yet."""
    seen: set[str] = set()
    for name, value in values.items():
        row = spec.field(name)
        if row.target is None:
            continue
        for key in _references(value):
            if key not in seen and not _crossed(row, to, key, facts):
                seen.add(key)
                yield _need(row, key)


def _references(value: Value) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from (line.product for line in value if line.product)
    elif isinstance(value, str) and value:
        yield value


def _need(row: Field, key: str) -> Need:
    if key.startswith(UNLINKED):
        return Need(module=row.target or "", side=Side.XERO, id=key.removeprefix(UNLINKED))
    return Need(module=row.target or "", side=Side.ZOHO, id=key)


def _crossed(row: Field, to: Side, key: str, facts: Facts) -> bool:
    foreign = key.startswith(UNLINKED)
    if to is Side.ZOHO:
        return not foreign
    if foreign:
        return True
    if row.codec == "lines":
        return key in facts.item_codes
    return (row.target or "", Side.ZOHO, key) in facts.links


# --- money -------------------------------------------------------------------------------------


def _check_xero_takes(spec: ModuleSpec, values: Values, facts: Facts) -> None:
    """What Xero would refuse for reasons outside this record."""
    day = values.get("date")
    if isinstance(day, date) and facts.lock_date is not None and day <= facts.lock_date:
        params = {"date": day.isoformat(), "lock": facts.lock_date.isoformat()}
        raise _Stop(Verdict.HOLD, "period_locked", params)
    for row in spec.fields:
        if row.codec == "link" and row.name in values:
            partner = facts.links.get((row.target or "", Side.ZOHO, str(values[row.name])))
            if partner in facts.archived:
                raise _Stop(Verdict.HOLD, "contact_archived")


def _proven(
    spec: ModuleSpec, to: Side, values: dict[str, Value], raw: Raw, facts: Facts
) -> tuple[dict[str, Value], dict[str, Decimal]]:
    """``values`` with totals that agree to the cent; stops with both figures otherwise."""
    lines = values.get("lines")
    if not spec.money or not isinstance(lines, tuple):
        return values, {}
    if to is Side.ZOHO:
        return _proven_for_crm(values, lines, raw, facts)
    found = prove(raw, lines, facts)
    if not isinstance(found, Difference):
        return values, {"zoho": found.totals.total, "xero": found.totals.total}
    extra = equalise(found, facts.rounding)
    if extra is None:
        raise _Stop(Verdict.HOLD, "totals_differ", _apart(found.zoho.total, found.xero.total))
    values = {**values, "lines": (*lines, extra)}
    return values, {"zoho": found.zoho.total, "xero": found.zoho.total}


def _apart(zoho: Decimal, xero: Decimal) -> dict[str, str]:
    return {"zoho": str(zoho), "xero": str(xero), "amount": str(abs(zoho - xero))}


def _proven_for_crm(
    values: dict[str, Value], lines: tuple[Line, ...], raw: Raw, facts: Facts
) -> tuple[dict[str, Value], dict[str, Decimal]]:
    """CRM computes its own total: what Xero rounds otherwise becomes CRM's adjustment."""
    xero = to_decimal(raw.get("Total"), "Total")
    rates = {line.tax: rate_of(line.tax, facts) for line in lines if line.tax is not None}
    zoho = zoho_totals(lines, rates).total
    if xero is None or zoho == half_up(xero):
        return values, {"zoho": zoho, "xero": zoho if xero is None else xero}
    apart = half_up(xero) - zoho
    if abs(apart) > Decimal("0.05"):
        raise _Stop(Verdict.HOLD, "totals_differ", _apart(zoho, xero))
    return {**values, "lines": adjusted(lines, apart)}, {"zoho": xero, "xero": xero}


# --- both sides are there ----------------------------------------------------------------------


def _agree(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    zoho = values_of(spec, Side.ZOHO, pair.zoho or {}, facts)
    xero = values_of(spec, Side.XERO, pair.xero or {}, facts)
    state = spec.state_of(pair.xero or {})
    done = _merged(spec, pair, policy, zoho=zoho, xero=xero, state=state)
    kept = {name for name, _ in done.suppressed} | {each.field for each in done.conflicts}
    done, withheld = _directed(spec, pair, policy, done)
    kept |= withheld
    if pair.unarchive and state in spec.gone:
        return _unarchived(spec, pair, zoho=zoho, xero=xero)
    steps, needs, totals = _steps(spec, pair, facts, done=done, zoho=zoho, xero=xero)
    if needs:
        return Plan(verdict=Verdict.HOLD, needs=needs, zoho=zoho, xero=xero)
    result = Plan(
        steps=steps,
        conflicts=done.conflicts,
        kept=frozenset(kept),
        zoho=zoho,
        xero=xero,
        totals=totals,
    )
    return _explained(spec, pair, result, done)


def _merged(
    spec: ModuleSpec, pair: Pair, policy: Policy, *, zoho: Values, xero: Values, state: str
) -> Merge:
    """Main rows under the module's switches; marks and payments under their own."""
    owns = {}
    if state in spec.xero_owns:
        owns = {row.name: Owner.XERO for row in spec.fields if row.amounts}
    groups: dict[str, list[Field]] = {"main": [], "marks": [], "payments": []}
    for row in spec.fields:
        if row.on is not On.CREATE and row.flow is not Flow.OFF:
            groups[_governed(row)].append(row)
    reach = {
        "main": {side: policy.may_update(side) for side in Side},
        "marks": {side: policy.allow.get(side, False) for side in Side},
        "payments": {Side.ZOHO: policy.payments, Side.XERO: False},
    }
    parts = [
        merge(
            rows,
            pair.base_zoho,
            pair.base_xero,
            zoho,
            xero,
            rule=policy.rule,
            owns=owns,
            locked=spec.locked.get(state, frozenset()),
            newer=pair.newer,
            choice=_choice(pair),
            choices=pair.choices,
            reach=reach[name],
        )
        for name, rows in groups.items()
        if rows
    ]
    return _joined(parts)


def _governed(row: Field) -> str:
    if row.switch is not None:
        return row.switch
    return "marks" if row.name.startswith("xero_") or row.name.startswith("crm_") else "main"


def _choice(pair: Pair) -> Side | None:
    if not pair.click:
        return None
    return {"to_xero": Side.ZOHO, "to_zoho": Side.XERO}.get(pair.direction)


def _joined(parts: Sequence[Merge]) -> Merge:
    return Merge(
        to_zoho={name: value for part in parts for name, value in part.to_zoho.items()},
        to_xero={name: value for part in parts for name, value in part.to_xero.items()},
        conflicts=tuple(each for part in parts for each in part.conflicts),
        suppressed=tuple(each for part in parts for each in part.suppressed),
    )


def _directed(spec: ModuleSpec, pair: Pair, policy: Policy, done: Merge) -> tuple[Merge, set[str]]:
    """Leave out what the asked direction or the delete switch does not cover."""
    to_zoho, to_xero = dict(done.to_zoho), dict(done.to_xero)
    withheld: set[str] = set()
    if pair.direction == "to_xero":
        withheld |= {name for name in to_zoho if spec.field(name).flow is not Flow.TO_ZOHO}
    if pair.direction == "to_zoho":
        withheld |= {name for name in to_xero if spec.field(name).flow is not Flow.TO_XERO}
    withdrawn = to_xero.get("status") is not None and _withdraws(spec, to_xero["status"])
    suppressed = done.suppressed
    if withdrawn and not policy.may_delete(Side.XERO):
        withheld.add("status")
        suppressed = (*suppressed, ("status", "delete_off"))
    for name in withheld:
        to_zoho.pop(name, None)
        to_xero.pop(name, None)
    return replace(done, to_zoho=to_zoho, to_xero=to_xero, suppressed=suppressed), withheld


def _withdraws(spec: ModuleSpec, word: Value) -> bool:
    words = spec.field("status").value_map
    return any(words.get(state) == word for state in spec.gone)


def _unarchived(spec: ModuleSpec, pair: Pair, *, zoho: Values, xero: Values) -> Plan:
    body = {spec.xero.id: (pair.xero or {}).get(spec.xero.id), "ContactStatus": "ACTIVE"}
    change = Change(field="xero_status", before="Archived", after="Active")
    step = Step(side=Side.XERO, operation="update", values={}, body=body, changes=(change,))
    return Plan(steps=(step,), zoho=zoho, xero=xero)


def _steps(
    spec: ModuleSpec, pair: Pair, facts: Facts, *, done: Merge, zoho: Values, xero: Values
) -> tuple[tuple[Step, ...], tuple[Need, ...], dict[str, Decimal]]:
    steps: list[Step] = []
    totals: dict[str, Decimal] = {}
    for to, there in ((Side.XERO, xero), (Side.ZOHO, zoho)):
        values = dict(done.to(to))
        if not values:
            continue
        needs = tuple(_partners(spec, to, values, facts))
        if needs:
            return (), needs, {}
        if to is Side.XERO:
            _check_xero_takes(spec, {"date": zoho.get("date"), **values}, facts)
        values, found = _proven(spec, to, values, pair.raw(to.other) or {}, facts)
        totals.update(found)
        step = _update(spec, to, values, pair, facts, there=there)
        if step is not None:
            steps.append(step)
    return tuple(steps), (), totals


def _update(
    spec: ModuleSpec, to: Side, values: Values, pair: Pair, facts: Facts, *, there: Values
) -> Step | None:
    current = pair.raw(to)
    body = write_body(spec, to, values, facts, current)
    if not body:
        return None
    body = spec.finish(to, body, current, facts)
    body[spec.resource(to).id] = (current or {}).get(spec.resource(to).id)
    changes = tuple(_changes(spec, values, there))
    return Step(side=to, operation="update", values=values, body=body, changes=changes)


def _changes(spec: ModuleSpec, after: Values, before: Values) -> Iterator[Change]:
    for row in spec.fields:
        if row.name in after:
            yield Change(field=row.name, before=before.get(row.name), after=after[row.name])


def _explained(spec: ModuleSpec, pair: Pair, result: Plan, done: Merge) -> Plan:
    """Add the message for what stays open; steps that can go still go."""
    if result.conflicts:
        key = "conflict_locked" if all(e.locked for e in result.conflicts) else "conflict"
        params = {"count": str(len(result.conflicts))}
        return replace(result, verdict=Verdict.HOLD, message=Message(key, params))
    reasons = [(name, why) for name, why in done.suppressed if why in SAID]
    if reasons and not result.steps:
        name, why = reasons[0]
        return replace(result, verdict=Verdict.SKIP, message=Message(SAID[why], {"field": name}))
    if not result.steps:
        return _same_totals(spec, pair, result)
    return result


SAID = {"direction_off": "update_is_off", "delete_off": "delete_is_off"}
"""Suppressions a person wants to hear of; the others are how the mapping is meant."""


def _same_totals(spec: ModuleSpec, pair: Pair, result: Plan) -> Plan:
    """Lines may agree and totals still differ: then somebody must look."""
    xero = pair.xero or {}
    if not spec.money or spec.state_of(xero) in spec.gone:
        return result
    if result.zoho.get("currency") != result.xero.get("currency"):
        params = {key: str(values.get("currency")) for key, values in _sides(result)}
        return replace(result, verdict=Verdict.HOLD, message=Message("currencies_differ", params))
    there, here = to_decimal(xero.get("Total"), "Total"), totals_of(pair.zoho or {})
    if there is None or here is None or half_up(there) == here.total:
        return result
    message = Message("totals_differ", _apart(here.total, there))
    return replace(result, verdict=Verdict.HOLD, message=message)


def _sides(result: Plan) -> tuple[tuple[str, Values], ...]:
    return (("zoho", result.zoho), ("xero", result.xero))


# --- afterwards --------------------------------------------------------------------------------


def settled(
    spec: ModuleSpec,
    pair: Pair,
    done: Plan,
    *,
    answers: Mapping[Side, Values],
    performed: frozenset[Side],
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Both bases after ``performed`` steps went through.

    A write's answer becomes base only for the fields written; the rest of the base is what had
    been read, so an edit made between reading and writing is seen next time. A created record
    gets a base for the written fields alone: its other fields have not been agreed on yet.
    """
    bases = {
        Side.ZOHO: dict(pair.base_zoho or {}),
        Side.XERO: dict(pair.base_xero or {}),
    }
    now = {Side.ZOHO: done.zoho, Side.XERO: done.xero}
    steps = {step.side: step for step in done.steps}
    created = any(step.operation == "create" for step in done.steps)
    for row in spec.fields:
        name = row.name
        touched = {side for side, step in steps.items() if name in step.values}
        if name in done.kept or not touched <= performed or (created and not touched):
            continue
        for side in Side:
            _move(bases[side], name, side, steps=steps, now=now[side], answers=answers)
    return bases[Side.ZOHO], bases[Side.XERO]


def _move(
    base: dict[str, Value],
    name: str,
    side: Side,
    *,
    steps: Mapping[Side, Step],
    now: Values,
    answers: Mapping[Side, Values],
) -> None:
    step = steps.get(side)
    if step is not None and name in step.values:
        base[name] = answers.get(side, {}).get(name, step.values[name])
    elif name in now:
        base[name] = now[name]
