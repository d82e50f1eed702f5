"""The list button's page: the chosen records as our own database knows them."""

import pytest

from backend.store.tables import Link, Organisation
from tests.web.conftest import Person, Stage


def keep(stage: Stage, **more: object) -> None:
    """A link of the connected organisation."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        home = {"org_id": org.id, "tenant_id": str(org.tenant_id), "module": "accounts"}
        session.add(Link(**home, **more))


def test_chosen_records_come_in_the_order_asked_for_with_state_and_reason(
    stage: Stage, admin: Person
) -> None:
    keep(stage, zoho_id="2", xero_id="x-2", label="Ada", state="in_sync", pending=1)
    keep(stage, zoho_id="1", label="Bo", state="needs_attention", message_key="archived_contact")
    keep(stage, zoho_id="2", label="Ada before", state="excluded", active=False)
    calls = stage.world.log.count()
    found = admin.get("/api/records/accounts?ids=1,2,3,2")
    rows = found["rows"]
    assert [(row["zoho_id"], row["label"], row["state"]) for row in rows] == [
        ("1", "Bo", "needs_attention"), ("2", "Ada", "pending"), ("3", "", "not_linked"),
    ]  # fmt: skip
    assert rows[0]["reason"]["key"] == "archived_contact"
    assert rows[1]["url"].startswith("https://go.xero.com/")
    assert found["allowed"] == ["both", "to_xero", "to_zoho"]
    assert found["organisation"]["name"] == "Harbour & Vine Ltd"
    assert stage.world.log.count() == calls


def test_nothing_is_got_from_xero_when_none_is_there(admin: Person) -> None:
    found = admin.get("/api/records/accounts?ids=1,3")
    assert found["allowed"] == ["both", "to_xero"]
    assert found["denied"]["to_zoho"]["key"] == "not_in_xero_yet"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("accounts", 400, "bad_record_id"),
        ("accounts?ids=1,x", 400, "bad_record_id"),
        ("accounts?ids=1,,2", 400, "bad_record_id"),
        ("leads?ids=1", 404, "unknown_module"),
        ("accounts?ids=" + ",".join(map(str, range(101))), 400, "too_many_records"),
    ],
)
def test_what_is_no_choice_of_records_is_refused(
    admin: Person, asked: str, status: int, code: str
) -> None:
    answer = admin("GET", f"/api/records/{asked}", Accept_Language="fr")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.get_json()["detail"]


def test_a_hundred_records_can_be_looked_at(admin: Person) -> None:
    found = admin.get("/api/records/accounts?ids=" + ",".join(map(str, range(100))))
    assert len(found["rows"]) == 100
