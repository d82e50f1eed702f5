"""Health tells what is left, what a day costs, and who tells of changes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from backend.apis.http import headers_of
from backend.apis.limits import BudgetKey
from backend.core.spec import Side
from backend.store import pulses, usage
from backend.store.tables import ModuleState, Organisation, Run
from backend.sync import sweep
from tests.web.conftest import Person, Stage


def test_health_shows_the_budget_as_it_was_learnt(stage: Stage, admin: Person) -> None:
    before = admin.get("/api/health")["budget"]["xero"]
    # Connecting asked Xero already.
    assert before["calls_today"] > 0
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        tenant, now = str(org.tenant_id), stage.sync.clock()
        usage.add(session, org.id, "xero", now.date(), calls=12, received=34_567)
        usage.add(session, org.id, "xero", now.date(), calls=1, received=3)
    key = BudgetKey(side=Side.XERO, tenant=tenant)
    told = {"X-DayLimit-Remaining": "4000", "X-MinLimit-Remaining": "50"}
    stage.sync.budget.learn(key, headers_of(told))
    xero = admin.get("/api/health")["budget"]["xero"]
    assert (xero["day"]["left"], xero["minute"]["limit"]) == (4000, 60)
    assert xero["minute"]["left"] <= 50
    assert xero["day"]["limit"] >= 4000
    assert xero["day"]["reset_at"].endswith("Z")
    assert xero["reserve"] == xero["day"]["limit"] - xero["day"]["limit"] * 90 // 100
    assert xero["calls_today"] == before["calls_today"] + 13
    received = before["egress"]["today_bytes"] + 34_570
    assert xero["egress"] == {"today_bytes": received, "month_bytes": received}


def test_every_call_since_somebody_signed_in_counts_for_the_day(
    stage: Stage, admin: Person
) -> None:
    stage.sign_in("luc@harbourvine.example")
    seen = Counter(
        entry.side for entry in stage.world.log.entries()
        if "/crm/" in entry.path or "/api.xro/" in entry.path
    )  # fmt: skip
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        told = usage.since(session, org.id, stage.sync.clock().date() - timedelta(days=1))
    assert {side: calls for side, (calls, _) in told.items()} == seen


def test_an_idle_day_is_billed_at_three_hundred_calls_at_the_most(
    stage: Stage, admin: Person
) -> None:
    bill = admin.get("/api/health")["budget"]["xero"]["bill"]
    assert 144 < bill["idle_per_day"] <= 300
    assert bill["idle_per_day"] < bill["without_webhooks_per_day"] <= 900
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        now = stage.sync.clock()
        pulses.heard(session, org.id, str(org.tenant_id), at=now, lag=3)
    found = admin.get("/api/health")
    assert found["budget"]["xero"]["bill"]["now_per_day"] == bill["idle_per_day"]
    assert found["webhooks"]["lag_seconds"] == 3
    assert found["webhooks"]["proven"] is True
    assert found["webhooks"]["gaps"] == 0


def test_health_shows_schedule_channels_and_crm_credits(stage: Stage, admin: Person) -> None:
    found = admin.get("/api/health")
    assert found["schedule"]["minutes"] == 10
    assert {one["module"] for one in found["channels"]} >= {"accounts", "products", "invoices"}
    assert {one["state"] for one in found["channels"]} == {"live"}
    zoho = found["budget"]["zoho"]
    assert 0 < zoho["credits"]["left"] <= zoho["credits"]["limit"]
    assert zoho["concurrent"]["limit"] == 8


def test_a_sweep_before_any_first_sync_is_not_told_as_a_good_sync(
    stage: Stage, admin: Person
) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        org_id, tenant_id = org.id, str(org.tenant_id)
    assert sweep.sweep(stage.sync, org_id)
    assert told_good_syncs(admin) == {None}
    with stage.sync.database.begin() as session:
        state = {"org_id": org_id, "tenant_id": tenant_id, "module": "accounts"}
        session.merge(ModuleState(**state, accepted_at=stage.sync.clock()))
    assert sweep.sweep(stage.sync, org_id)
    (told,) = told_good_syncs(admin)
    assert told is not None


def told_good_syncs(admin: Person) -> set[str | None]:
    """Every time the pages call the last good sync of the organisation."""
    health = admin.get("/api/health")
    return {
        health["last_good_sync_at"],
        health["schedule"]["last_good_sync_at"],
        admin.get("/api/connections")["xero"]["last_good_sync_at"],
    }


def test_a_parked_run_is_not_promised_before_calls_are_allowed_again(
    stage: Stage, admin: Person
) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        now = stage.sync.clock()
        org.paused_until, org.pause_key = now + timedelta(hours=5), "rate_day"
        session.add(
            Run(
                org_id=org.id, tenant_id=str(org.tenant_id), kind="sync", module="accounts",
                state="running", total=100, done=50, started_at=now - timedelta(minutes=10),
                created_at=now - timedelta(minutes=11),
            )
        )  # fmt: skip
    (run,) = admin.get("/api/runs")["rows"]
    assert abs(run["eta_seconds"] - (5 * 3600 + 600)) <= 5
