"""A customer's page: what Xero says is open, overdue and was paid last."""

from datetime import timedelta
from typing import Any

import pytest

from backend.store.tables import Link
from tests.web.conftest import Person, Stage
from tests.web.test_dashboard import ADA, BO, invoice, keep

__all__ = ["keep"]
ACCOUNT = {"module": "accounts", "zoho_id": "77", "xero_id": ADA, "label": "Ada Ltd"}


def test_balance_overdue_last_payment_and_open_invoices(
    stage: Stage, admin: Person, keep: Any
) -> None:
    today = stage.clock.at.date()
    yesterday = (today - timedelta(days=1)).isoformat()
    part = {"rows": [
        {"kind": "payment", "date": "2026-01-05", "amount": "1.00"},
        {"kind": "payment", "date": yesterday, "amount": "30.00"},
        {"kind": "credit_note", "date": today.isoformat(), "amount": "9.00"},
    ]}  # fmt: skip
    keep(
        Link,
        {**ACCOUNT, "state": "in_sync"},
        invoice(stage, days=9, due="10.00", label="INV-3"),
        invoice(stage, days=-2, due="20.05", label="INV-1", status="PART_PAID", money=part),
        invoice(stage, days=3, due="7.00", label="INV-2", money={"currency": "EUR"}),
        invoice(stage, days=3, due="500.00", money={"contact": BO}),
        invoice(stage, days=3, due="600.00", status="DRAFT"),
    )
    calls = stage.world.log.count()
    found = admin.get("/api/records/accounts/77")["account"]
    assert (found["currency"], found["balance"], found["overdue"]) == ("GBP", "30.05", "20.05")
    assert [(one["currency"], one["balance"]) for one in found["currencies"]] == [
        ("GBP", "30.05"), ("EUR", "7.00"),
    ]  # fmt: skip
    assert [one["label"] for one in found["open_invoices"]] == ["INV-1", "INV-2", "INV-3"]
    assert [one["overdue"] for one in found["open_invoices"]] == [True, False, False]
    assert found["open_count"] == 3
    paid = found["last_payment"]
    assert (paid["date"], paid["amount"], paid["label"]) == (yesterday, "30.00", "INV-1")
    assert stage.world.log.count() == calls


def test_more_open_invoices_are_counted_than_listed(stage: Stage, admin: Person, keep: Any) -> None:
    keep(Link, ACCOUNT, *(invoice(stage, days=n, due="1.00") for n in range(9)))
    found = admin.get("/api/records/accounts/77")["account"]
    assert (found["open_count"], len(found["open_invoices"]), found["balance"]) == (9, 6, "9.00")


def test_a_customer_without_documents_owes_nothing_that_is_known(admin: Person, keep: Any) -> None:
    keep(
        Link,
        ACCOUNT,
        {"module": "accounts", "zoho_id": "78"},
        {"module": "products", "zoho_id": "79", "xero_id": ADA},
    )
    found = admin.get("/api/records/accounts/77")["account"]
    assert (found["balance"], found["last_payment"], found["open_invoices"]) == (None, None, [])
    assert admin.get("/api/records/accounts/78")["account"] is None
    assert admin.get("/api/records/products/79")["account"] is None


@pytest.mark.parametrize(
    ("zone", "late"), [("Pacific/Auckland", True), ("UTC", False), ("America/Los_Angeles", False)]
)
def test_overdue_begins_when_the_readers_day_does_as_on_the_dashboard(
    stage: Stage, request: pytest.FixtureRequest, zone: str, late: bool
) -> None:
    stage.clock.at = stage.clock.at.replace(hour=20, minute=0)
    admin, keep = request.getfixturevalue("admin"), request.getfixturevalue("keep")
    due = invoice(stage, days=0, due="10.00", label="INV-3") | {"zoho_id": "81"}
    keep(Link, {**ACCOUNT, "state": "in_sync"}, due)
    owed = "10.00" if late else "0.00"
    account = admin.get(f"/api/records/accounts/77?zone={zone}")["account"]
    assert (account["overdue"], account["open_invoices"][0]["overdue"]) == (owed, late)
    assert admin.get(f"/api/records/invoices/81?zone={zone}")["money"]["overdue"] is late
    assert admin.get(f"/api/dashboard?zone={zone}")["money"]["GBP"]["overdue"] == owed


def test_a_record_is_not_shown_for_a_zone_nobody_knows(admin: Person) -> None:
    assert admin("GET", "/api/records/accounts/77?zone=Mars/Olympus").status_code == 400
