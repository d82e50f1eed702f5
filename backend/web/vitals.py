"""How live an organisation is: calls left and what a day costs, the schedule, who tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.limits import BULK_DAY, BULK_MINUTE, BudgetKey, zoho_credits_of
from backend.core import cadence
from backend.core.spec import ModuleSpec, Side
from backend.modules import all_specs
from backend.store import pulses, usage
from backend.store.live import Hearing, ZohoChannel
from backend.store.tables import ModuleState
from backend.store.views import Standing
from backend.sync import rhythm
from backend.web.context import bridge
from backend.web.present import iso


def budget_view(
    session: Session, standing: Standing, states: Mapping[str, ModuleState]
) -> dict[str, Any]:
    """Calls left on both sides, when they come anew, and what a day costs."""
    today = bridge().now().date()
    month = usage.since(session, standing.org.id, today.replace(day=1))
    day = usage.since(session, standing.org.id, today)
    return {
        "xero": _xero(session, standing, states, month, day) if standing.tenant_id else None,
        "zoho": _zoho(session, standing, today),
    }


def schedule_view(standing: Standing, *, last_good_sync_at: str | None) -> dict[str, Any]:
    """When the schedule runs and when it last went through."""
    return {
        "minutes": bridge().settings.sync_minutes,
        "next_run_at": iso(standing.org.next_sweep_at),
        "last_good_sync_at": last_good_sync_at,
    }


def channels_view(session: Session, org_id: str) -> list[dict[str, Any]]:
    """The channels by which CRM tells of changes."""
    keys = {spec.zoho.path: key for key, spec in all_specs().items() if spec.attached_to is None}
    rows = session.scalars(
        select(ZohoChannel).where(ZohoChannel.org_id == org_id).order_by(ZohoChannel.module)
    )
    return [
        {
            "module": keys.get(row.module, row.module),
            "state": row.state,
            "expires_at": iso(row.expires_at),
            "renew_at": iso(row.renew_at),
            "last_heard_at": iso(row.last_heard_at),
        }
        for row in rows
    ]


def webhooks_view(session: Session, standing: Standing) -> dict[str, Any]:
    """What Xero's webhooks did: last one, delay, numbers that never came, and whether they are
    relied upon just now."""
    org_id, tenant_id = standing.org.id, standing.tenant_id
    pulse = pulses.of(session, org_id, tenant_id) if tenant_id else None
    hearing = session.get(Hearing, str(Side.XERO))
    mood = rhythm.mood_in(session, org_id, tenant_id, bridge().now())
    return {
        "last_at": iso(pulse.heard_at) if pulse else None,
        "lag_seconds": pulse.lag_seconds if pulse else None,
        "gaps": hearing.gaps if hearing else 0,
        "proven": mood.proven,
    }


def _xero(
    session: Session,
    standing: Standing,
    states: Mapping[str, ModuleState],
    month: Mapping[str, tuple[int, int]],
    day: Mapping[str, tuple[int, int]],
) -> dict[str, Any]:
    budget = bridge().sync.budget
    key = BudgetKey(side=Side.XERO, tenant=standing.tenant_id)
    left, limits, today = budget.left(key), budget.limits(key), budget.today(key)
    return {
        "minute": {"left": left["minute"], "limit": limits.minute},
        "day": {
            "left": left["day"],
            "limit": limits.day,
            "reset_at": _moment(today.ends or today.at_latest),
            "reset_is_exact": today.ends is not None,
        },
        "concurrent": {"left": left["concurrent"], "limit": limits.concurrent},
        "reserve": _kept(limits.day, BULK_DAY),
        "reserve_minute": _kept(limits.minute, BULK_MINUTE),
        "bill": _bill(session, standing, states),
        "calls_today": day.get("xero", (0, 0))[0],
        "egress": {
            "today_bytes": day.get("xero", (0, 0))[1],
            "month_bytes": month.get("xero", (0, 0))[1],
        },
    }


def _zoho(session: Session, standing: Standing, today: date) -> dict[str, Any]:
    budget = bridge().sync.budget
    key = BudgetKey(side=Side.ZOHO, tenant=standing.org.id)
    left, limits = budget.left(key), budget.limits(key)
    edition = str((standing.zoho.facts if standing.zoho else {}).get("edition") or "")
    credits = zoho_credits_of(edition)
    used = usage.since(session, standing.org.id, today - timedelta(days=1)).get("zoho", (0, 0))[0]
    told = left["day"]
    return {
        "credits": {
            "left": max(0, credits - used) if told is None else told,
            "limit": credits if told is None else max(credits, told),
        },
        "concurrent": {"left": left["concurrent"], "limit": limits.concurrent},
        "heavy": {"limit": limits.heavy},
    }


def _bill(
    session: Session, standing: Standing, states: Mapping[str, ModuleState]
) -> dict[str, Any]:
    """Calls to Xero a day: with nothing to do, with nothing to do and no webhooks, as it is now."""
    kinds = rhythm.kinds_of(_scheduled(standing), dict(states))
    tick = timedelta(minutes=bridge().settings.sync_minutes)
    mood = rhythm.mood_in(session, standing.org.id, standing.tenant_id, bridge().now())
    return {
        "idle_per_day": cadence.bill(kinds, cadence.IDLE, tick=tick),
        "without_webhooks_per_day": cadence.bill(kinds, cadence.BLIND, tick=tick),
        "now_per_day": cadence.bill(kinds, mood, tick=tick),
    }


def _scheduled(standing: Standing) -> list[ModuleSpec]:
    held = standing.org.settings.get("modules", {})
    return [
        spec
        for key, spec in all_specs().items()
        if held.get(key, {}).get("enabled") and held.get(key, {}).get("schedule", True)
    ]


def _kept(limit: int | None, per_cent: int) -> int | None:
    """What bulk work leaves over for clicks."""
    return None if limit is None else limit - limit * per_cent // 100


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))
