"""Planning a record that the other side does not have."""

from __future__ import annotations

from typing import Any

from backend.core.codec import is_empty
from backend.core.codecs import write_body
from backend.core.errors import Refused
from backend.core.merge import merge
from backend.core.moves import STATUS, stepped
from backend.core.partners import partners
from backend.core.paying import MARKED
from backend.core.plan_agree import withdraws
from backend.core.planning import (
    Pair,
    Plan,
    Step,
    Stop,
    Verdict,
    changes_of,
    suffixed,
    values_of,
)
from backend.core.policy import Policy
from backend.core.proof import check_xero_takes, proven
from backend.core.spec import (
    Facts,
    Field,
    ModuleSpec,
    Raw,
    Side,
    Value,
    Values,
)


def create(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    """The plan that makes the missing half of ``pair``; raises ``Stop`` when it must not be."""
    to = Side.ZOHO if pair.zoho is None else Side.XERO
    raw = pair.raw(to.other) or {}
    _check_create(spec, to, raw, pair, policy)
    _check_free(spec, to, raw, facts)
    now = values_of(spec, to.other, raw, facts)
    values = _new_values(spec, to, now, raw)
    _check_required(spec, to, values)
    if pair.suffix and to is Side.XERO and values.get("name"):
        values["name"] = suffixed(spec.field("name"), values["name"], pair.suffix)
    needs = tuple(partners(spec, to, values, facts))
    if needs:
        return Plan(verdict=Verdict.HOLD, needs=needs, **_seen(to.other, now))
    if to is Side.XERO:
        check_xero_takes(spec, values, facts)
        _check_withdrawn(spec, now)
    values, totals = proven(spec, to, values, raw, facts)
    body = write_body(spec, to, values, facts)
    if to is Side.XERO:
        values = stepped(spec, values, body, None, facts)
        if policy.may_update(Side.XERO):
            now = {**now, STATUS: values[STATUS]} if STATUS in values else now
    body = spec.finish(to, body, None, facts)
    changes = tuple(changes_of(spec, values, {}))
    step = Step(side=to, operation="create", values=values, body=body, changes=changes)
    return Plan(steps=(step,), totals=totals, **_seen(to.other, now))


def _check_required(spec: ModuleSpec, to: Side, values: Values) -> None:
    """What a side cannot do without is named before it is sent, not by its refusal."""
    for row in spec.fields:
        if to in row.required and row.flow.reaches(to) and is_empty(values.get(row.name)):
            raise Refused("required_empty", {"field": row.name, "side": to.value})


def _check_withdrawn(spec: ModuleSpec, now: Values) -> None:
    """What CRM calls withdrawn before Xero ever saw it need not begin there."""
    if spec.money and withdraws(spec, now.get(STATUS)):
        raise Stop(Verdict.SKIP, "cancelled_not_created", {"status": str(now.get(STATUS))})


def _seen(side: Side, values: Values) -> dict[str, Any]:
    return {side.value: values}


def _check_create(spec: ModuleSpec, to: Side, raw: Raw, pair: Pair, policy: Policy) -> None:
    blocked = {"to_zoho": Side.XERO, "to_xero": Side.ZOHO}.get(pair.direction)
    if to is blocked:
        raise Stop(Verdict.SKIP, "nothing_in_that_direction")
    if not policy.allow.get(to, False):
        raise Stop(Verdict.SKIP, f"{_towards(to)}_is_off")
    if not policy.create.get(to, False):
        raise Stop(Verdict.SKIP, f"create_{_towards(to)}_is_off")
    outside = spec.outside(to.other, raw)
    if outside is not None:
        raise Stop(Verdict.SKIP, outside)
    if to is Side.ZOHO and spec.state_of(raw) in spec.gone:
        raise Stop(Verdict.SKIP, "withdrawn_not_created", {"status": spec.state_of(raw)})


def _check_free(spec: ModuleSpec, to: Side, raw: Raw, facts: Facts) -> None:
    """A Xero record that is another module's alone becomes no second CRM record."""
    key = str(raw.get(spec.xero.id))
    ours = spec.claims(raw)
    for module in spec.beside if to is Side.ZOHO else ():
        held = (module, Side.XERO, key) in facts.links
        if held and (module in spec.yields_to or not ours):
            raise Stop(Verdict.SKIP, "belongs_elsewhere", {"module": module})


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
    return row.path(to) != "id" and row.name != MARKED


def _as_halves(side: Side, now: Values) -> tuple[Values | None, Values | None]:
    return (now, None) if side is Side.ZOHO else (None, now)
