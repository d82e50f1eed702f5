"""Limits, idempotency, formats and faults."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from simulator.faults import Fault
from simulator.world import World
from tests.simulator.xero.conftest import API, Caller, invoice_body

LEFT = ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining")


def limit(world: World, **values: int) -> None:
    world.switches.apply(values)


def test_every_answer_says_what_is_left_and_organisation_is_free(
    world: World, call: Caller
) -> None:
    limit(world, xero_minute_limit=60, xero_day_limit=1000)
    first = call("GET", "Organisation")
    second = call("GET", "Contacts")
    assert [first.headers[name] for name in LEFT] == ["60", "1000", "10000"]
    assert [second.headers[name] for name in LEFT] == ["59", "999", "9999"]
    assert len(second.headers["Xero-Correlation-Id"]) == 36


def test_the_sixty_first_call_of_a_minute_waits_for_the_window(world: World, call: Caller) -> None:
    limit(world, xero_minute_limit=60)
    statuses = [call("GET", "Items").status_code for _ in range(60)]
    refused = call("GET", "Items")
    wait = int(refused.headers["Retry-After"])
    assert set(statuses) == {200}
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    assert 1 <= wait <= 60
    world.clock.advance(wait)
    assert call("GET", "Items").status_code == 200


def test_limits_are_per_organisation(world: World, call: Caller) -> None:
    limit(world, xero_minute_limit=1)
    assert call("GET", "Items").status_code == 200
    assert call("GET", "Items").status_code == 429
    call.tenant = world.xero.trading
    assert call("GET", "Items").status_code == 200


def test_a_day_breach_leaves_the_minute_alone(world: World, call: Caller) -> None:
    limit(world, xero_day_limit=2, xero_minute_limit=60)
    answers = [call("GET", "Items") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 429, 429]
    assert answers[2].headers["X-Rate-Limit-Problem"] == "day"
    assert 60 < int(answers[2].headers["Retry-After"]) <= 86_400
    assert answers[3].headers["X-MinLimit-Remaining"] == "58"


def test_the_application_has_a_limit_without_retry_after(world: World, call: Caller) -> None:
    limit(world, xero_app_minute_limit=1)
    call("GET", "Items")
    refused = call("GET", "Items")
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "appminute"
    assert "Retry-After" not in refused.headers


def test_more_than_five_in_progress_are_refused(world: World, call: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        # While the books are held, all eight come in and wait.
        with world.lock:
            waiting = [pool.submit(call, "GET", "Items") for _ in range(8)]
            time.sleep(0.3)
        answers = [w.result() for w in waiting]
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) == 3
    assert {a.headers["X-Rate-Limit-Problem"] for a in refused} == {"concurrent"}
    assert all("Retry-After" not in a.headers for a in refused)


def test_a_key_replays_the_stored_answer_for_six_minutes(world: World, call: Caller) -> None:
    body, key = {"Contacts": [{"Name": "Once"}]}, {"Idempotency-Key": "k1"}
    first = call("PUT", "Contacts", body, key)
    world.clock.advance(359)
    second = call("PUT", "Contacts", body, key)
    assert second.json()["Contacts"][0]["ContactID"] == first.json()["Contacts"][0]["ContactID"]
    world.clock.advance(2)
    assert call("PUT", "Contacts", body, key).status_code == 400


def test_a_key_stores_errors_too(world: World, call: Caller) -> None:
    body, key = {"Contacts": [{"Name": "Taken"}]}, {"Idempotency-Key": "k2"}
    contact = call.contact("Taken")
    refused = call("PUT", "Contacts", body, key)
    world.xero.archive(world.xero.ltd, contact["ContactID"])
    assert refused.status_code == 400
    assert call("PUT", "Contacts", body, key).text == refused.text


def test_a_key_of_another_request_is_refused(call: Caller) -> None:
    key = {"Idempotency-Key": "k3"}
    call("PUT", "Contacts", {"Contacts": [{"Name": "One"}]}, key)
    other = call("PUT", "Contacts", {"Contacts": [{"Name": "Two"}]}, key)
    assert other.status_code == 400
    assert other.json()["Message"] == ("Idempotency Key: k3 is used with a different request.")


def test_a_replay_burns_quota(world: World, call: Caller) -> None:
    body, key = {"Contacts": [{"Name": "Once"}]}, {"Idempotency-Key": "k4"}
    first = call("PUT", "Contacts", body, key)
    second = call("PUT", "Contacts", body, key)
    assert int(first.headers[LEFT[0]]) - int(second.headers[LEFT[0]]) == 1


def test_a_key_of_129_characters_is_refused(call: Caller) -> None:
    answer = call("PUT", "Contacts", {"Contacts": [{"Name": "A"}]}, {"Idempotency-Key": "k" * 129})
    assert answer.status_code == 400


def test_xml_is_answered_to_callers_that_do_not_ask_for_json(call: Caller) -> None:
    answer = call("GET", "Organisation", headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.startswith("<Response>")


def test_amounts_travel_as_exact_numbers(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    answer = call("GET", f"Invoices/{invoice['InvoiceID']}", unitdp="4")
    assert '"Total": 120.00' in answer.text
    assert '"UnitAmount": 100.0000' in answer.text


def test_broken_json_is_a_400_with_its_own_number(call: Caller) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = call.session.put(
        f"{API}/Contacts",
        data="{",
        headers={
            **headers,
            "Authorization": f"Bearer {call.token}",
            "xero-tenant-id": call.tenant,
        },
    )
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (400, 14)


def test_a_value_of_a_wrong_kind_spoils_the_request(call: Caller) -> None:
    body = {"Invoices": [invoice_body("x", LineItems=[{"Quantity": "many"}])]}
    answer = call("PUT", "Invoices", body)
    assert (answer.status_code, answer.json()["Type"]) == (400, "PostDataInvalidException")


@pytest.mark.parametrize(
    ("kind", "problem", "has_wait"),
    [
        ("minute_limit", "minute", True),
        ("day_limit", "day", True),
        ("concurrent_limit", "concurrent", False),
        ("app_limit", "appminute", False),
    ],
)
def test_each_limit_can_be_switched_on_as_a_fault(
    world: World, call: Caller, kind: str, problem: str, has_wait: bool
) -> None:
    world.faults.add(Fault(side="xero", kind=kind, match="GET .*/Items"))
    assert call("GET", "Contacts").status_code == 200
    refused = call("GET", "Items")
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == problem
    assert ("Retry-After" in refused.headers) is has_wait


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("500", 500, "application/json"),
        ("503", 503, "application/json"),
        ("503_text", 503, "text/plain"),
        ("html", 200, "text/html"),
    ],
)
def test_failing_answers_strike_once(
    world: World, call: Caller, kind: str, status: int, start: str
) -> None:
    world.faults.add(Fault(side="xero", kind=kind))
    session = call.session
    first = session.get("https://api.xero.com/connections")
    assert first.status_code == status
    assert first.headers["Content-Type"].startswith(start)
    assert session.get("https://api.xero.com/connections").status_code == 401


def test_a_reset_before_leaves_nothing_and_a_reset_after_leaves_the_record(
    world: World, call: Caller
) -> None:
    for kind, count in (("reset_before", 0), ("reset_after", 1)):
        world.faults.add(Fault(side="xero", kind=kind))
        with pytest.raises(requests.ConnectionError):
            call("PUT", "Contacts", {"Contacts": [{"Name": "Maybe"}]})
        assert len(world.xero.all(world.xero.ltd, "Contacts")) == count


def test_a_slow_answer_is_a_timeout_after_the_work_was_done(world: World, call: Caller) -> None:
    world.faults.add(Fault(side="xero", kind="slow", seconds=40.0))
    with pytest.raises(requests.ReadTimeout):
        call.session.put(
            f"{API}/Contacts",
            json={"Contacts": [{"Name": "Late"}]},
            timeout=(1, 20),
            headers={
                "Authorization": f"Bearer {call.token}",
                "xero-tenant-id": call.tenant,
                "Accept": "application/json",
            },
        )
    assert len(world.xero.all(world.xero.ltd, "Contacts")) == 1


def test_a_truncated_answer_breaks_off(world: World, call: Caller) -> None:
    world.faults.add(Fault(side="xero", kind="truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        call("GET", "Contacts")


def test_a_revoked_token_stays_revoked(world: World, call: Caller) -> None:
    world.faults.add(Fault(side="xero", kind="token_revoked", match="PUT"))
    assert call("GET", "Contacts").status_code == 200
    assert call("PUT", "Contacts", {"Contacts": [{"Name": "A"}]}).status_code == 401
    assert call("GET", "Contacts").status_code == 401


def test_the_log_counts_calls_and_holds_no_secret(world: World, call: Caller) -> None:
    since = world.log.last_number()
    call("GET", "Contacts", page="1")
    (entry,) = world.log.entries("xero", since)
    assert (entry.method, entry.path, entry.query) == ("GET", "/api.xro/2.0/Contacts", "page=1")
    assert (entry.status, entry.tenant) == (200, world.xero.ltd)
    everything = "".join(str(e) for e in world.log.entries())
    assert call.token not in everything
    assert "demo-xero-secret" not in everything
