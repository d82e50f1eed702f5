"""Limits, faults and the acts of the control page."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import requests
from flask import Flask

from simulator.control import zoho as control
from simulator.faults import Fault
from simulator.zoho.figures import figures
from tests.simulator.zoho.conftest import Crm


def test_credits_are_told_from_the_half_on_and_run_out(crm: Crm) -> None:
    crm.world.zoho.limits.daily = 12
    assert "X-API-CREDITS-REMAINING" not in crm.call("GET", "/org").headers
    crm.insert("Accounts", *[{"Account_Name": "A"}] * 50)
    assert crm.call("GET", "/org").headers["X-API-CREDITS-REMAINING"] == "5"
    for _ in range(5):
        crm.call("GET", "/org")
    answer = crm.call("GET", "/org")
    assert crm.refused(answer)[:2] == (429, "TOO_MANY_REQUESTS")
    assert "Retry-After" not in answer.headers
    crm.world.clock.advance(24 * 3600)
    crm.sign_in()
    assert crm.call("GET", "/org").status_code == 200


def test_writes_are_refused_before_anything_is_stored_when_credits_ran_out(crm: Crm) -> None:
    crm.world.zoho.limits.daily = 3
    answer = crm.call("POST", "/Accounts", {"data": [{"Account_Name": "A"}] * 100})
    assert answer.status_code == 429
    assert len(crm.world.zoho.tables["Accounts"]) == 0


@pytest.mark.parametrize("kind", ["credits", "concurrency"])
def test_both_limits_answer_429(crm: Crm, kind: str) -> None:
    crm.world.faults.add(Fault(side="zoho", kind=kind))
    assert crm.refused(crm.call("GET", "/org"))[:2] == (429, "TOO_MANY_REQUESTS")
    assert crm.call("GET", "/org").status_code == 200


def test_a_revoked_connection_answers_401_and_then_invalid_code(crm: Crm) -> None:
    crm.world.faults.add(Fault(side="zoho", kind="token_revoked"))
    assert crm.refused(crm.call("GET", "/org"))[:2] == (401, "INVALID_TOKEN")
    answer = crm.post_token(grant_type="refresh_token", refresh_token=crm.refresh_token)
    assert answer.json() == {"error": "invalid_code"}


def test_a_lost_answer_leaves_the_record(crm: Crm) -> None:
    crm.world.faults.add(Fault(side="zoho", kind="reset_after", match="POST /crm/v8/Accounts"))
    with pytest.raises(requests.ConnectionError):
        crm.insert("Accounts", {"Account_Name": "A"})
    assert len(crm.world.zoho.tables["Accounts"]) == 1


def test_the_page_that_plays_crm_is_neither_logged_nor_hit_by_faults(crm: Crm) -> None:
    crm.world.faults.add(Fault(side="zoho", kind="500", times=None))
    before = crm.world.log.count("zoho")
    answer = crm.session.get("https://www.zohoapis.eu/host/api/setting")
    assert answer.status_code == 200
    assert crm.world.log.count("zoho") == before


def test_no_token_reaches_the_request_log(crm: Crm) -> None:
    crm.call("GET", "/org")
    logged = "".join(str(one) for one in crm.world.log.entries("zoho"))
    assert crm.token not in logged
    assert crm.refresh_token not in logged


def test_figures_sum_what_is_not_cancelled_by_currency(
    crm: Crm, invoice: Callable[..., str]
) -> None:
    invoice("10.00")
    invoice("20.00", Currency="EUR")
    invoice("30.00", Status="Cancelled")
    told = figures(crm.world.zoho)
    assert told["counts"]["Invoices"] == 3
    assert told["invoices"] == {
        "GBP": {"count": 1, "total": Decimal("10.00")},
        "EUR": {"count": 1, "total": Decimal("20.00")},
    }


def test_a_person_acts_through_the_control_routes(crm: Crm) -> None:
    app = Flask("control")
    app.register_blueprint(control.blueprint(crm.world), url_prefix="/control/zoho")
    person = app.test_client()
    made = person.post("/control/zoho/records/Accounts?user=luc", json={"Account_Name": "A"})
    record_id = made.get_json()["id"]
    assert made.get_json()["Created_By"]["name"] == "Luc Moreau"
    path = f"/control/zoho/records/Accounts/{record_id}"
    assert person.put(path, json={"Phone": "1"}).get_json()["Phone"] == "1"
    assert person.put(path, json={"Account_Name": None}).status_code == 400
    assert person.delete(path).status_code == 200
    back = person.post("/control/zoho/restore", json={"module": "Accounts", "id": record_id})
    assert back.status_code == 200
    assert person.get(path).get_json()["Phone"] == "1"
    assert person.post("/control/zoho/revoke").get_json() == {"revoked": 1}
