"""What should change for one pair, or why not. Pure: reads values, writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backend.core.errors import POLICY, NeedsPartner, SyncError
from backend.core.merge import merge
from backend.core.plan_agree import agree, may_mean_withdrawn
from backend.core.plan_create import create
from backend.core.planning import Change, Need, Pair, Plan, Step, Stop, Verdict, values_of
from backend.core.policy import Policy, excluded_by
from backend.core.settling import settled
from backend.core.spec import (
    Facts,
    Flow,
    ModuleSpec,
    Side,
    Values,
)

__all__ = ["Change", "Need", "Pair", "Plan", "Step", "Verdict", "plan", "settled", "values_of"]


def plan(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    """Decide what to do about ``pair``; never raises for anything a record can contain."""
    try:
        return _decide(spec, pair, policy, facts)
    except Stop as stop:
        return stop.plan
    except NeedsPartner as missing:
        need = Need(module=missing.module, side=Side(missing.side), id=missing.id)
        return Plan(verdict=Verdict.HOLD, needs=(need,))
    except SyncError as error:
        verdict = Verdict.HOLD if POLICY[error.mode].held else Verdict.FAIL
        return Plan(verdict=verdict, message=error.message)


def _decide(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    if not policy.enabled:
        raise Stop(Verdict.SKIP, "module_off")
    if pair.zoho is None and pair.xero is None:
        raise Stop(Verdict.SKIP, "gone_on_both")
    if pair.zoho is None and pair.zoho_deleted:
        return _deleted_in_crm(spec, pair, policy, facts)
    if pair.xero is None and pair.xero_deleted:
        return _deleted_in_xero(spec, pair, policy, facts)
    _check_scope(spec, pair, policy)
    if _sent_again(spec, pair, facts):
        return create(spec, replace(pair, xero=None), policy, facts)
    if pair.zoho is None or pair.xero is None:
        return create(spec, pair, policy, facts)
    return agree(spec, pair, policy, facts)


def _sent_again(spec: ModuleSpec, pair: Pair, facts: Facts) -> bool:
    """A person sends a document whose Xero half was withdrawn for good: it becomes a new one,
    unless CRM calls it withdrawn too. Contacts are restored instead."""
    if not (spec.money and pair.click and pair.direction == "to_xero"):
        return False
    if pair.zoho is None or spec.state_of(pair.xero or {}) not in spec.gone:
        return False
    word = values_of(spec, Side.ZOHO, pair.zoho, facts).get("status")
    return not may_mean_withdrawn(spec, word)


# --- scope -------------------------------------------------------------------------------------


def _check_scope(spec: ModuleSpec, pair: Pair, policy: Policy) -> None:
    if pair.zoho is not None:
        outside = excluded_by(policy.conditions, pair.zoho)
        if outside is not None:
            raise Stop(Verdict.SKIP, "excluded_by_filter", {"field": outside})
    _check_start(spec, pair, policy.start_date)


def _check_start(spec: ModuleSpec, pair: Pair, start: date | None) -> None:
    """Documents count by their date, other records by when they were made in CRM."""
    if start is None or (pair.zoho is not None and pair.xero is not None):
        return
    day = _day_of(spec, pair)
    if day is not None and day < start:
        params = {"date": day.isoformat(), "start": start.isoformat()}
        raise Stop(Verdict.SKIP, "before_start_date", params)


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
    if pair.answer == "restore":
        return Plan(steps=(Step(side=Side.ZOHO, operation="restore", values={}, body={}),))
    if _again(pair, "to_zoho"):
        return create(spec, replace(pair, zoho_deleted=False), policy, facts)
    if spec.state_of(raw) in spec.gone:
        raise Stop(Verdict.SKIP, "gone_on_both")
    now = values_of(spec, Side.XERO, raw, facts)
    if pair.answer != "delete" and edited(spec, pair.base_xero, now):
        raise Stop(Verdict.HOLD, "deleted_in_crm_edited_in_xero")
    if pair.answer != "delete" and not policy.may_delete(Side.XERO):
        raise Stop(Verdict.SKIP, "deleted_in_crm_kept_in_xero")
    for module in spec.beside:
        if (module, Side.XERO, str(raw.get(spec.xero.id))) in facts.links:
            raise Stop(Verdict.SKIP, "still_used_in_xero", {"module": module})
    way = spec.withdraw(raw)
    if way.refused is not None:
        raise Stop(Verdict.HOLD, way.refused)
    body = {spec.xero.id: raw.get(spec.xero.id), **way.body}
    step = Step(side=Side.XERO, operation=way.operation, values={}, body=body)
    return Plan(steps=(step,), xero=now)


def _deleted_in_xero(spec: ModuleSpec, pair: Pair, policy: Policy, facts: Facts) -> Plan:
    raw = pair.zoho or {}
    if _again(pair, "to_xero"):
        fresh = replace(pair, xero_deleted=False, base_zoho=None, base_xero=None)
        return create(spec, fresh, policy, facts)
    now = values_of(spec, Side.ZOHO, raw, facts)
    if pair.answer != "delete" and edited(spec, pair.base_zoho, now):
        raise Stop(Verdict.HOLD, "deleted_in_xero_edited_in_crm")
    if pair.answer != "delete" and not policy.may_delete(Side.ZOHO):
        raise Stop(Verdict.SKIP, "deleted_in_xero_kept_in_crm")
    step = Step(side=Side.ZOHO, operation="delete", values={}, body={"id": raw.get("id")})
    return Plan(steps=(step,), zoho=now)


def _again(pair: Pair, direction: str) -> bool:
    """Whether a person wants the half that is gone back, as a new record. Xero has no bin, so
    restoring there means the same."""
    wanted = {"recreate"} if direction == "to_zoho" else {"recreate", "restore"}
    pressed = pair.click and pair.direction in {"both", direction}
    return pair.answer in wanted or (pressed and not pair.answer)


def edited(spec: ModuleSpec, base: Values | None, now: Values) -> bool:
    """Whether a side changed since both agreed, marks of ours left aside."""
    rows = [row for row in spec.fields if row.flow is Flow.BOTH]
    done = merge(rows, base, base, now, base or {}, choice=Side.ZOHO)
    return bool(base) and bool(done.to_xero or done.conflicts)
