"""The dashboard adds up what Xero says, currency by currency, without asking anybody."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.store.columns import new_id
from backend.store.live import DayCount
from backend.store.owing import UNITS, units
from backend.store.tables import Link, LogRow, Organisation, Run
from tests.web.conftest import Person, Stage

ADA, BO = "c-ada", "c-bo"


@pytest.fixture
def keep(stage: Stage, admin: Person) -> Callable[..., None]:
    """Stores rows of the connected organisation."""
    assert admin
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        home = {"org_id": org.id, "tenant_id": str(org.tenant_id)}

    def store(kind: type[Any], *rows: dict[str, Any]) -> None:
        with stage.sync.database.begin() as session:
            session.add_all(kind(**home, **row) for row in rows)

    return store


def invoice(stage: Stage, *, days: int, due: str, **more: Any) -> dict[str, Any]:
    """A link to an open invoice that falls due in so many days."""
    today = stage.clock.at.date()
    money = {
        "due": due,
        "total": due,
        "currency": "GBP",
        "contact": ADA,
        "contact_name": "Ada in Xero",
        "date": (today - timedelta(days=100)).isoformat(),
        "due_date": (today + timedelta(days=days)).isoformat(),
        "rows": [],
    }
    link = {"module": "invoices", "zoho_id": new_id(), "xero_id": new_id(), "state": "in_sync"}
    state = more.pop("status", "AUTHORISED")
    face = {"xero": {"status": state}, "money": {**money, **more.pop("money", {})}}
    return {**link, "face": face, **more}


def test_money_is_added_per_currency_and_customer_and_never_across(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    keep(
        Link,
        {"module": "accounts", "zoho_id": "1", "xero_id": ADA, "label": "Ada Ltd"},
        invoice(stage, days=5, due="100.10"),
        invoice(stage, days=0, due="0.20"),
        invoice(stage, days=-1, due="40.00"),
        invoice(stage, days=-31, due="7.05"),
        invoice(stage, days=-400, due="1.00", money={"contact": BO, "contact_name": "Bo"}),
        invoice(stage, days=-400, due="99.00", status="DRAFT"),
        invoice(stage, days=-9, due="5.00", active=False),
        invoice(stage, days=-9, due="12.00", money={"currency": "EUR"}),
    )
    found = admin.get("/api/dashboard")["money"]
    assert list(found) == ["GBP", "EUR"]
    pounds = found["GBP"]
    assert (pounds["due"], pounds["overdue"], pounds["documents"]) == ("148.35", "48.05", 5)
    assert [(one["to"], one["amount"]) for one in pounds["ageing"]] == [
        (0, "100.30"), (30, "40.00"), (60, "7.05"), (90, "0.00"), (None, "1.00"),
    ]  # fmt: skip
    assert pounds["customers"] == [
        {"label": "Ada Ltd", "module": "accounts", "zoho_id": "1", "due": "147.35",
         "overdue": "47.05"},
        {"label": "Bo", "module": None, "zoho_id": None, "due": "1.00", "overdue": "1.00"},
    ]  # fmt: skip
    assert pounds["others"] == {"count": 0, "due": "0.00", "overdue": "0.00"}
    assert (found["EUR"]["due"], found["EUR"]["overdue"]) == ("12.00", "12.00")


def test_days_to_pay_are_those_of_paid_documents_of_the_last_year(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    today: date = stage.clock.at.date()

    def paid(made: int, received: int) -> dict[str, Any]:
        day = (today - timedelta(days=received)).isoformat()
        rows = [{"kind": "payment", "date": day, "amount": "10.00"}]
        dates = {"date": (today - timedelta(days=made)).isoformat(), "paid_on": day}
        return invoice(stage, days=0, due="0.00", status="PAID", money={"rows": rows, **dates})

    keep(Link, paid(40, 10), paid(25, 10), paid(700, 400))
    pounds = admin.get("/api/dashboard")["money"]["GBP"]
    assert (pounds["days_to_pay"], pounds["days_to_pay_of"]) == ("22.5", 2)
    assert (pounds["due"], pounds["customers"]) == ("0.00", [])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**12), st.integers(-200, 200)), max_size=12))
def test_ageing_customers_and_others_each_add_up_to_what_is_due(
    rows: list[tuple[int, int]],
) -> None:
    from backend.store.figures import Owed
    from backend.web.dashboard_view import LATE, _age, _by_contact, _sums

    held = [
        Owed(currency="GBP", contact=str(n % 4), late=abs(late) % 5, units=value, count=1)
        for n, (value, late) in enumerate(rows)
    ]
    total = Decimal(sum(row.units for row in held)) / UNITS
    ages = [Decimal(_age(held, late)["amount"]) for late in range(len(LATE) + 1)]
    assert sum(ages) == total
    assert sum(Decimal(_sums(mine)["due"]) for _, mine in _by_contact(held)) == total
    assert units(_sums(held)["overdue"]) == sum(row.units for row in held if row.late)


def test_outcomes_are_counted_on_the_readers_day(stage: Stage, keep: Callable[..., None]) -> None:
    stage.clock.at = stage.clock.at.replace(hour=12, minute=0)
    admin = stage.sign_in()
    late = stage.clock.at.replace(hour=23, minute=30) - timedelta(days=1)
    keep(
        LogRow,
        {"module": "invoices", "status": "success", "at": late},
        {"module": "invoices", "status": "held", "at": late - timedelta(days=1)},
        {"module": "accounts", "status": "failed", "at": stage.clock.at},
        {"module": "accounts", "status": "skipped", "at": stage.clock.at},
        {"module": "accounts", "status": "failed", "at": stage.clock.at - timedelta(days=20)},
    )
    days = admin.get("/api/dashboard")["days"]
    assert len(days) == 14
    assert [one["day"] for one in days] == sorted(one["day"] for one in days)
    assert (days[-1]["failed"], days[-2]["done"], days[-3]["held"]) == (1, 1, 1)
    assert sum(one[name] for one in days for name in ("done", "held", "failed")) == 3
    assert days[-1]["modules"] == {"accounts": {"done": 0, "held": 0, "failed": 1}}
    berlin = admin.get("/api/dashboard?zone=Europe/Berlin")["days"]
    assert (berlin[-1]["done"], berlin[-2]["held"]) == (1, 1)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "x" * 200, "/etc/hosts"])
def test_a_zone_nobody_knows_is_refused(admin: Person, zone: str) -> None:
    answer = admin("GET", f"/api/dashboard?zone={zone}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_causes_are_counted_with_some_of_their_records(
    admin: Person, keep: Callable[..., None]
) -> None:
    usd = {"message_key": "currency_not_enabled", "message_params": {"code": "USD"}}
    stuck = {"module": "invoices", "state": "needs_attention", **usd}
    keep(
        Link,
        *({**stuck, "zoho_id": str(n), "label": f"INV-{n}"} for n in range(3)),
        {"module": "accounts", "state": "conflict", "zoho_id": "9", "message_key": "conflict"},
        {"module": "invoices", "state": "conflict", "zoho_id": "10", "message_key": "other"},
        {"module": "products", "state": "in_sync", "zoho_id": "11", "pending": 1},
    )
    found = admin.get("/api/dashboard")
    first, second = found["needs"]["rows"]
    assert (found["needs"]["causes"], first["count"], second["count"]) == (2, 3, 2)
    assert "USD" in first["message"]["text"]
    assert {one["label"] for one in first["records"]} == {"INV-0", "INV-1", "INV-2"}
    assert second["modules"] == {"accounts": 1, "invoices": 1}
    assert found["by_module"]["products"]["pending"] == 1
    assert found["by_state"]["needs_attention"] == 3


def test_days_end_with_today_as_it_is_and_a_day_nobody_counted_is_left_out(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    today = stage.clock.at.astimezone(UTC).date()
    stood = {"in_sync": 5, "pending": 2, "conflict": 1, "needs_attention": 0}
    keep(Link, {"module": "invoices", "zoho_id": "1", "state": "in_sync"})
    for ago in (0, 1, 3, 29, 30):
        keep(DayCount, {"day": today - timedelta(days=ago), "module": "invoices", **stood})
    found = admin.get("/api/dashboard")["over_time"]
    assert [one["day"] for one in found] == [
        (today - timedelta(days=ago)).isoformat() for ago in (29, 3, 1, 0)
    ]
    assert found[2]["modules"] == {"invoices": stood}
    assert found[-1]["modules"]["invoices"] == {
        "in_sync": 1, "pending": 0, "conflict": 0, "needs_attention": 0,
    }  # fmt: skip


def test_before_anything_is_switched_on_no_day_is_told(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        held = org.settings["modules"]
        off = {key: {**one, "enabled": False} for key, one in held.items()}
        org.settings = {**org.settings, "modules": off}
    assert admin.get("/api/dashboard")["over_time"] == []


def test_runs_are_there_and_no_remote_call_is_made(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    calls = stage.world.log.count()
    keep(Run, {"kind": "sync", "module": "all", "state": "done", "by": "Ana"})
    found = admin.get("/api/dashboard")
    assert [one["by"] for one in found["runs"]] == ["Ana"]
    assert (found["audit"], found["money"], found["connection"]) == (None, {}, "connected")
    assert stage.world.log.count() == calls


def test_the_last_sweeps_stand_among_the_runs_and_hide_none_of_them(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    def at(minutes: int, **more: Any) -> dict[str, Any]:
        when = stage.clock.at - timedelta(minutes=minutes)
        return {"module": "all", "state": "done", "created_at": when, "finished_at": when, **more}

    keep(Run, at(45, kind="sync", by="Ana"), *(at(9 * n, kind="sweep", calls=n) for n in range(9)))
    keep(Run, at(-1, kind="sweep", state="sweeping") | {"finished_at": None})
    told = [(one["kind"], one["calls"]) for one in admin.get("/api/dashboard")["runs"]]
    assert told == [("sweep", 0), ("sweep", 1), ("sweep", 2), ("sync", 0)]
    assert [one["kind"] for one in admin.get("/api/runs")["rows"]] == ["sync"]


def test_the_last_audit_is_told(stage: Stage, admin: Person, keep: Callable[..., None]) -> None:
    row = {"module": "accounts", "zoho": {"count": 2}, "xero": {"count": 1}, "differences": 1}
    done = {"kind": "audit", "module": "all", "state": "done", "finished_at": stage.clock.at}
    keep(Run, {**done, "figures": {"differences": 1, "modules": [row], "findings": []}})
    last = admin.get("/api/dashboard")["audit"]["last"]
    assert (last["state"], last["modules"]) == ("differs", [row])


def test_nobody_sees_the_figures_of_another_organisation(
    stage: Stage, admin: Person, keep: Callable[..., None]
) -> None:
    keep(Link, invoice(stage, days=1, due="1.00"))
    with stage.sync.database.begin() as session:
        other = Organisation(zoho_org_id="999", name="Others", tenant_id="t-9")
        session.add(other)
        session.flush()
        session.add(Link(org_id=other.id, tenant_id="t-9", **invoice(stage, days=1, due="9.00")))
    assert admin.get("/api/dashboard")["money"]["GBP"]["due"] == "1.00"
