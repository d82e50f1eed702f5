"""The inboxes and what else people read: sorted, filtered, counted alike, in names and not in ids."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.core.codecs import encode
from backend.core.plan_agree import _too_late
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store.tables import Link, LogRow, Organisation, Run
from backend.sync.face import face_of
from tests.web.conftest import Person, Stage

CUSTOMER = "554023000000527003"


def add(stage: Stage, *rows: dict[str, Any]) -> None:
    """Store links, and one run when a row says so."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        mine = {"org_id": org.id, "tenant_id": str(org.tenant_id)}
        for row in rows:
            kind = row.pop("table", Link)
            session.add(kind(**mine, **row))


def conflict(number: int, module: str, *fields: str) -> dict[str, Any]:
    """A record whose fields wait for a choice since a minute of its own."""
    return {
        "module": module, "zoho_id": str(500 + number), "label": f"R{number}", "state": "conflict",
        "checked_at": datetime(2026, 11, 20, 10, number, tzinfo=UTC),
        "conflict": {"fields": [{"field": one, "zoho": "a", "xero": "b"} for one in fields]},
    }  # fmt: skip


def labels(found: dict[str, Any]) -> list[str]:
    """What the rows of an inbox are called."""
    return [row["label"] for row in found["rows"]]


def test_conflicts_are_sorted_and_filtered_by_field(stage: Stage, admin: Person) -> None:
    add(stage, conflict(1, "accounts", "name"), conflict(2, "invoices", "due_date", "reference"),
        conflict(3, "accounts", "name", "phone"))  # fmt: skip
    found = admin.get("/api/conflicts")
    assert labels(found) == ["R1", "R2", "R3"]
    assert labels(admin.get("/api/conflicts?sort=newest")) == ["R3", "R2", "R1"]
    counted = {(one["module"], one["field"]): one["count"] for one in found["fields"]}
    assert counted == {("accounts", "name"): 2, ("accounts", "phone"): 1,
                       ("invoices", "due_date"): 1, ("invoices", "reference"): 1}  # fmt: skip
    named = admin.get("/api/conflicts?field=name&limit=1")
    assert (labels(named), named["total"]) == (["R1"], 2)
    assert admin("GET", "/api/conflicts?field=%25").status_code == 400


@pytest.mark.parametrize("asks", [False, True])
def test_the_inboxes_and_their_badges_count_the_same(
    stage: Stage, admin: Person, asks: bool
) -> None:
    held = {"module": "accounts", "state": "needs_attention", "message_key": "too_many_deletions"}
    add(stage, conflict(1, "accounts", "name"), {**held, "zoho_id": "7", "label": "A"},
        {**held, "zoho_id": "8", "label": "B"})  # fmt: skip
    if asks:
        run = {"kind": "sync", "module": "accounts", "confirm": {"key": "x", "deletions": 2}}
        add(stage, {"table": Run, **run})
    badges = admin.get("/api/health")["inboxes"]
    assert badges == {"conflicts": 1, "attention": 1 if asks else 2}
    for name, count in badges.items():
        found = admin.get(f"/api/{name}")
        assert (found["total"], len(found["rows"])) == (count, count)
    assert admin.get("/api/attention?kind=over_delete_limit")["total"] == badges["attention"]


def test_nobody_is_offered_an_answer_that_would_be_refused(
    stage: Stage, admin: Person, colleague: Person
) -> None:
    deleted = {"module": "accounts", "state": "needs_attention", "zoho_id": "7", "label": "A",
               "message_key": "deleted_in_crm_edited_in_xero"}  # fmt: skip
    run = {"kind": "sync", "module": "accounts", "confirm": {"key": "x", "deletions": 2}}
    add(stage, deleted, {"table": Run, **run})

    def offered(person: Person) -> dict[str, list[str]]:
        return {row["kind"]: row["actions"] for row in person.get("/api/attention")["rows"]}

    assert offered(admin) == {
        "over_delete_limit": ["confirm", "restore", "keep"],
        "deleted_against_edited": ["restore", "delete", "keep"],
    }
    assert offered(colleague) == {
        "over_delete_limit": ["restore", "keep"],
        "deleted_against_edited": ["restore", "keep"],
    }


def test_the_log_names_linked_records_and_writes_lines_plainly(stage: Stage, admin: Person) -> None:
    lines = [{"quantity": "12.0000", "unit_price": "75.2900", "description": "Pinot Noir"}]
    changes = [
        {"field": "customer", "before": None, "after": CUSTOMER},
        {"field": "lines", "before": None, "after": lines},
    ]
    customer = {"module": "accounts", "zoho_id": CUSTOMER, "label": "Blue Door", "state": "in_sync"}
    row = {"module": "invoices", "label": "INV-1", "direction": "to_zoho", "trigger": "bulk",
           "operation": "create", "status": "success", "message_params": {}, "words": "",
           "attempt": 0, "changes": changes}  # fmt: skip
    add(stage, customer, {"table": LogRow, **row})
    [told] = admin.get("/api/log")["rows"]
    assert [one["after"] for one in told["changes"]] == ["Blue Door", "12 × 75.29  Pinot Noir"]


def test_samples_are_those_of_one_record_after_the_other(stage: Stage, admin: Person) -> None:
    def invoice(number: int, **held: Any) -> dict[str, Any]:
        base = {name: encode(value) for name, value in held.items()}
        return {"module": "invoices", "zoho_id": str(number), "label": f"INV-{number}",
                "state": "in_sync", "base_zoho": base,
                "agreed_at": datetime(2026, 11, number, tzinfo=UTC)}  # fmt: skip

    customer = {"module": "accounts", "zoho_id": CUSTOMER, "label": "Blue Door", "state": "in_sync"}
    add(stage, customer, invoice(1, subject="Spring", customer=CUSTOMER, marked_paid=False),
        invoice(2, subject="Autumn"))  # fmt: skip
    found = admin.get("/api/mapping/invoices")
    told = [(one["label"], one["zoho"]["Subject"]) for one in found["samples"]]
    assert told == [("INV-2", "Autumn"), ("INV-1", "Spring")]
    assert found["samples"][1]["zoho"]["Account_Name"] == "Blue Door"
    assert "Status" not in found["samples"][1]["zoho"]
    [subject] = [one for one in found["fields"]["zoho"] if one["path"] == "Subject"]
    assert subject["sample"] == "Autumn"


def test_xero_s_time_of_a_contact_is_one_a_page_can_read() -> None:
    raw = {"ContactID": "x", "UpdatedDateUTC": "/Date(1795689833688+0000)/"}
    told = face_of(all_specs()["accounts"], Side.XERO, raw)["at"]
    assert told == "2026-11-26T10:43:53.688000+00:00"


def test_our_own_mark_on_a_voided_invoice_is_nobody_s_decision() -> None:
    spec = all_specs()["invoices"]
    shut = spec.locked["VOIDED"]
    assert _too_late(spec.field("crm_url"), shut)
    assert not _too_late(spec.field("crm_url"), spec.locked.get("DRAFT", frozenset()))
    assert not _too_late(spec.field("xero_status"), shut)
