"""Before a document is sent: whether Xero takes it, and whether both totals will agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from backend.core.lines_common import adjusted
from backend.core.money import Difference, equalise, half_up, prove, zoho_totals
from backend.core.planning import Stop, Verdict
from backend.core.scalars import to_decimal
from backend.core.spec import (
    Facts,
    Line,
    ModuleSpec,
    Raw,
    Side,
    Value,
    Values,
)
from backend.core.taxes import UNMAPPED, check_xero_tax, rate_of


def check_xero_takes(spec: ModuleSpec, values: Values, facts: Facts) -> None:
    """What Xero would refuse for reasons outside this record."""
    day = values.get("date")
    if (
        spec.posted
        and isinstance(day, date)
        and facts.lock_date is not None
        and day <= facts.lock_date
    ):
        params = {"date": day.isoformat(), "lock": facts.lock_date.isoformat()}
        raise Stop(Verdict.HOLD, "period_locked", params)
    for row in spec.fields:
        if row.codec == "link" and row.name in values:
            partner = facts.links.get((row.target or "", Side.ZOHO, str(values[row.name])))
            if partner in facts.archived:
                params = {"of_module": row.target or "", "of_id": str(values[row.name])}
                raise Stop(Verdict.HOLD, "contact_archived", params)
        if row.dialect.bought:
            facts = replace(facts, purchases=True)
    _check_taxes(values.get("lines"), facts)


def _check_taxes(lines: Value, facts: Facts) -> None:
    """A tax Xero will not take is the cause to name, before totals that differ because of it."""
    for line in lines if isinstance(lines, tuple) else ():
        if line.tax is not None and not line.tax.startswith(UNMAPPED):
            check_xero_tax(line.tax, facts)


def proven(
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
        raise Stop(Verdict.HOLD, "totals_differ", apart(found.zoho.total, found.xero.total))
    values = {**values, "lines": (*lines, extra)}
    return values, {"zoho": found.zoho.total, "xero": found.zoho.total}


def apart(zoho: Decimal, xero: Decimal) -> dict[str, str]:
    """Both totals and their distance, as a message shows them."""
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
    missing = half_up(xero) - zoho
    if abs(missing) > Decimal("0.05"):
        raise Stop(Verdict.HOLD, "totals_differ", apart(zoho, xero))
    return {**values, "lines": adjusted(lines, missing)}, {"zoho": xero, "xero": xero}


def may_round_otherwise(lines: Value, facts: Facts) -> bool:
    """Whether CRM's total of ``lines`` depends on where it rounds tax, which it tells nobody."""
    if not isinstance(lines, tuple):
        return False
    rates = {line.tax: rate_of(line.tax, facts) for line in lines if line.tax is not None}
    return zoho_totals(lines, rates) != zoho_totals(lines, rates, whole=True)
