"""Planning a pair that exists on both sides: merge, switches, ownership, what stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from backend.core.codecs import write_body
from backend.core.errors import Message
from backend.core.lines_common import adjusted
from backend.core.merge import Merge, merge
from backend.core.money import half_up, is_rounding, totals_of
from backend.core.moves import STATUS, stepped
from backend.core.partners import partners
from backend.core.paying import MARKED, payment
from backend.core.planning import (
    Change,
    Need,
    Pair,
    Plan,
    Step,
    Verdict,
    changes_of,
    suffixed,
    values_of,
)
from backend.core.policy import Policy
from backend.core.proof import apart, check_xero_takes, proven
from backend.core.roles import PAYMENTS
from backend.core.scalars import to_decimal
from backend.core.spec import (
    OF_ANOTHER,
    Facts,
    Field,
    Flow,
    ModuleSpec,
    On,
    Owner,
    Side,
    Value,
    Values,
)

NAME = "name"
"""The row people know a record by."""


def agree(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    """The plan that brings both halves to say the same, field by field."""
    zoho = values_of(spec, Side.ZOHO, pair.zoho or {}, facts)
    xero = values_of(spec, Side.XERO, pair.xero or {}, facts)
    state = spec.state_of(pair.xero or {})
    done = _merged(spec, pair, policy, zoho=zoho, xero=xero, state=state)
    if pair.suffix:
        done = _suffixed(spec, pair, policy, done, zoho=zoho, xero=xero)
    kept = {name for name, _ in done.suppressed} | {each.field for each in done.conflicts}
    done, withheld = _directed(spec, pair, policy, done)
    kept |= withheld
    archived = not spec.money and state in spec.gone and bool(done.to_xero)
    if state in spec.gone and (pair.unarchive or (archived and facts.unarchive == "always")):
        return _unarchived(spec, pair, zoho=zoho, xero=xero)
    if archived:
        # Xero refuses edits of an archived contact: what CRM learns still goes.
        kept |= set(done.to_xero)
        done = replace(done, to_xero={})
    done, wanted = _without_payment(done)
    steps, needs, totals = _steps(spec, pair, facts, done=done, zoho=zoho, xero=xero)
    if needs:
        return Plan(verdict=Verdict.HOLD, needs=needs, zoho=zoho, xero=xero)
    result = Plan(
        steps=steps,
        conflicts=done.conflicts,
        kept=frozenset(kept),
        zoho=_as_far_as(steps, zoho),
        xero=xero,
        totals=totals,
    )
    if archived:
        return replace(result, verdict=Verdict.HOLD, message=Message("contact_archived"))
    explained = _explained(spec, pair, policy, facts, result, done)
    return _paid(spec, pair, facts, explained) if wanted else explained


def _without_payment(done: Merge) -> tuple[Merge, bool]:
    """What is to be written besides a payment, and whether one is wanted."""
    if MARKED not in done.to_xero:
        return done, False
    rest = {name: value for name, value in done.to_xero.items() if name != MARKED}
    return replace(done, to_xero=rest), done.to_xero[MARKED] is True


def _paid(spec: ModuleSpec, pair: Pair, facts: Facts, result: Plan) -> Plan:
    """Add the payment once nothing else is to be written in Xero; until it is made, or while it
    has to wait, the mark counts as not yet seen."""
    waiting = replace(result, kept=result.kept | {MARKED})
    if result.step(Side.XERO) is not None:
        return waiting
    found = payment(spec, pair, facts)
    if found is None:
        return result
    held = result.verdict is Verdict.HOLD
    if isinstance(found, Step):
        verdict, message = (result.verdict, result.message) if held else (Verdict.GO, None)
        return replace(result, verdict=verdict, message=message, steps=(found, *result.steps))
    return replace(waiting, verdict=Verdict.HOLD, message=result.message if held else found)


def _suffixed(
    spec: ModuleSpec, pair: Pair, policy: Policy, done: Merge, *, zoho: Values, xero: Values
) -> Merge:
    """A person tells a taken name apart: both sides get it, CRM where it may be changed."""
    row = spec.field(NAME)
    wanted = suffixed(row, zoho.get(NAME), pair.suffix)
    to = {Side.XERO: dict(done.to_xero), Side.ZOHO: dict(done.to_zoho)}
    for side, now in ((Side.XERO, xero), (Side.ZOHO, zoho)):
        to[side].pop(NAME, None)
        if now.get(NAME) != wanted and policy.may_update(side):
            to[side][NAME] = wanted
    return replace(
        done,
        to_xero=to[Side.XERO],
        to_zoho=to[Side.ZOHO],
        conflicts=tuple(each for each in done.conflicts if each.field != NAME),
    )


def _merged(
    spec: ModuleSpec, pair: Pair, policy: Policy, *, zoho: Values, xero: Values, state: str
) -> Merge:
    """Main rows under the module's switches; marks and payments under their own."""
    owns = {}
    if state in spec.xero_owns:
        owns = {row.name: Owner.XERO for row in spec.fields if row.amounts}
    groups: dict[str, list[Field]] = {"main": [], "marks": [], PAYMENTS: []}
    mute = _without_a_word(spec, pair, zoho) | (set() if policy.pays else {MARKED})
    for row in spec.fields:
        if row.on is not On.CREATE and row.flow is not Flow.OFF and row.name not in mute:
            groups[_governed(row)].append(row)
    shut = spec.locked.get(state, frozenset())
    groups["marks"] = [row for row in groups["marks"] if not _too_late(row, shut)]
    reach = {
        "main": {side: policy.may_update(side) for side in Side},
        "marks": {side: _marks_reach(spec, policy, side) for side in Side},
        PAYMENTS: {Side.ZOHO: policy.payments, Side.XERO: policy.pays},
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
            locked=shut,
            newer=pair.newer,
            choice=_choice(spec, pair, state),
            choices=pair.choices,
            reach=reach[name],
        )
        for name, rows in groups.items()
        if rows
    ]
    return _joined(parts)


def _without_a_word(spec: ModuleSpec, pair: Pair, zoho: Values) -> frozenset[str]:
    """A state of CRM that means nothing in Xero is not empty: when both first agree, it stays."""
    named = [row.zoho for row in spec.fields if row.name == STATUS]
    spoken = STATUS in zoho and zoho[STATUS] is None and STATUS not in (pair.base_zoho or {})
    held = (pair.zoho or {}).get(named[0] or "") if spoken and named else None
    return frozenset({STATUS}) if held else frozenset()


def _too_late(row: Field, shut: frozenset[str]) -> bool:
    """Our own mark on a document Xero no longer changes: nobody's decision, so nobody is asked."""
    return row.flow is Flow.TO_XERO and bool({row.name, "*"} & shut)


def _governed(row: Field) -> str:
    if row.switch is not None:
        return row.switch
    return "marks" if row.name.startswith("xero_") or row.name.startswith("crm_") else "main"


def _marks_reach(spec: ModuleSpec, policy: Policy, side: Side) -> bool:
    """What became of a record shows in CRM even where nothing of Xero can come over."""
    return policy.allow.get(side, False) or (side is Side.ZOHO and spec.only_to is Side.XERO)


def _choice(spec: ModuleSpec, pair: Pair, state: str) -> Side | None:
    """Whose values win throughout: a person's word, and CRM's where it has just made this record
    of one whose draft Xero already holds."""
    if spec.made_from and not pair.base_zoho and state not in spec.xero_owns:
        mark = spec.reference_of(pair.xero or {}) or ""
        if mark.startswith(OF_ANOTHER) and (pair.zoho or {}).get(spec.made_from[0]):
            return Side.ZOHO
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
    withdrawn = to_xero.get("status") is not None and withdraws(spec, to_xero["status"])
    suppressed = done.suppressed
    if withdrawn and not policy.may_delete(Side.XERO):
        withheld.add("status")
        suppressed = (*suppressed, ("status", "delete_off"))
    for name in withheld:
        to_zoho.pop(name, None)
        to_xero.pop(name, None)
    return replace(done, to_zoho=to_zoho, to_xero=to_xero, suppressed=suppressed), withheld


def withdraws(spec: ModuleSpec, word: Value) -> bool:
    """Whether CRM's ``word`` of status says nothing but that the document is withdrawn."""
    meant = {state for state, means in _words(spec).items() if means == word}
    return bool(meant) and meant <= spec.gone


def may_mean_withdrawn(spec: ModuleSpec, word: Value) -> bool:
    """Whether CRM's ``word`` may say so: a lost quote is one that was declined, or deleted."""
    return any(_words(spec).get(state) == word for state in spec.gone)


def _words(spec: ModuleSpec) -> Mapping[str, str]:
    return next((row.value_map for row in spec.fields if row.name == STATUS), {})


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
        needs = tuple(partners(spec, to, values, facts))
        if needs:
            return (), needs, {}
        if to is Side.XERO:
            check_xero_takes(spec, {"date": zoho.get("date"), **values}, facts)
        values, found = proven(spec, to, values, pair.raw(to.other) or {}, facts)
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
    if to is Side.XERO:
        values = stepped(spec, dict(values), body, current, facts)
    body = spec.finish(to, body, current, facts)
    body[spec.resource(to).id] = (current or {}).get(spec.resource(to).id)
    changes = tuple(changes_of(spec, values, there))
    return Step(side=to, operation="update", values=values, body=body, changes=changes)


def _as_far_as(steps: Sequence[Step], zoho: Values) -> Values:
    """CRM's values as both sides agree on them after these steps: a state Xero reaches in several
    steps is agreed on as far as this one goes, so that the rest of the way still travels."""
    for step in steps:
        if step.side is Side.XERO and STATUS in step.values:
            return {**zoho, STATUS: step.values[STATUS]}
    return zoho


def _explained(
    spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts, result: Plan, done: Merge
) -> Plan:
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
        return _same_totals(spec, pair, policy, facts, result)
    return result


SAID = {"direction_off": "update_is_off", "delete_off": "delete_is_off"}
"""Suppressions a person wants to hear of; the others are how the mapping is meant."""


def _same_totals(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts, result: Plan) -> Plan:
    """Lines may agree and totals still differ: by cents CRM rounded otherwise, which its
    adjustment takes, else somebody must look."""
    xero = pair.xero or {}
    if not spec.money or spec.state_of(xero) in spec.gone:
        return result
    if "lines" in spec.silent(Side.XERO, xero):
        return result
    if result.zoho.get("currency") != result.xero.get("currency"):
        params = {key: str(values.get("currency")) for key, values in _sides(result)}
        return replace(result, verdict=Verdict.HOLD, message=Message("currencies_differ", params))
    there, here = to_decimal(xero.get("Total"), "Total"), totals_of(pair.zoho or {})
    if there is None or here is None or half_up(there) == here.total:
        return result
    missing = half_up(there) - here.total
    step = _adjustment(spec, pair, policy, facts, result, missing)
    if step is not None:
        totals = {"zoho": half_up(there), "xero": half_up(there)}
        return replace(result, steps=(step,), totals=totals)
    message = Message("totals_differ", apart(here.total, there))
    return replace(result, verdict=Verdict.HOLD, message=message)


def _adjustment(
    spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts, result: Plan, missing: Decimal
) -> Step | None:
    """The write that lets CRM's adjustment take the cents CRM rounds otherwise; None where that
    would hide a real difference, or where CRM is not to be written."""
    lines = result.zoho.get("lines")
    if pair.direction == "to_xero" or not policy.may_update(Side.ZOHO):
        return None
    if not isinstance(lines, tuple) or not is_rounding(missing, len(lines), facts.rounding):
        return None
    values = {"lines": adjusted(lines, missing)}
    return _update(spec, Side.ZOHO, values, pair, facts, there=result.zoho)


def _sides(result: Plan) -> tuple[tuple[str, Values], ...]:
    return (("zoho", result.zoho), ("xero", result.xero))
