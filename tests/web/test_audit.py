"""The drift audit over HTTP."""

from backend.sync import audits
from tests.web.conftest import Person, Stage


def test_an_audit_is_asked_for_polled_and_shown(stage: Stage, admin: Person) -> None:
    assert admin.get("/api/audit") == {"last": None}
    answer = admin("POST", "/api/audit")
    assert answer.status_code == 202
    run_id = answer.get_json()["run_id"]
    assert admin.get(f"/api/runs/{run_id}")["kind"] == "audit"
    stage.world.zoho.create("Accounts", {"Account_Name": "Alone"})
    with stage.sync.database.begin() as session:
        from backend.store.tables import Organisation

        org_id = session.query(Organisation).one().id
    audits.work(stage.sync, org_id)
    assert admin.get(f"/api/runs/{run_id}")["state"] == "done"
    last = admin.get("/api/audit", Accept_Language="de")["last"]
    assert (last["state"], last["differences"]) == ("agrees", 0)
    assert {each["module"] for each in last["modules"]} >= {"accounts", "products", "invoices"}
    assert (
        last["findings"][0]["message"]["text"] == "Er ist im CRM und hat kein Gegenstück in Xero."
    )


def test_only_administrators_ask_for_an_audit(colleague: Person) -> None:
    assert colleague("POST", "/api/audit").status_code == 403
