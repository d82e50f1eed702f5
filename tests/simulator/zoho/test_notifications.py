"""Channels, their expiry, and callbacks that may be lost, doubled or about our own writes."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from simulator.transport import WSGITransport
from tests.simulator.zoho.conftest import START, Crm


class Listener:
    """Takes every callback and answers 200."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        """One callback."""
        length = int(environ["CONTENT_LENGTH"])
        self.heard.append(json.loads(environ["wsgi.input"].read(length)))
        start_response("200 OK", [])
        return [b""]


@pytest.fixture
def listener(crm: Crm) -> Listener:
    """Where the callbacks of this world arrive."""
    made = Listener()
    session = requests.Session()
    session.mount("https://", WSGITransport({"https://sync.example": made}))
    crm.world.webhooks.session = session
    return made


def watch(crm: Crm, method: str = "POST", **more: object) -> requests.Response:
    """Open a channel for accounts."""
    entry = {
        "channel_id": "1000000068001",
        "events": ["Accounts.all"],
        "notify_url": "https://sync.example/webhooks/zoho/s3cret?k=1",
        "token": "tok",
        "notify_on_related_action": False,
        **more,
    }
    return crm.call(method, "/actions/watch", {"watch": [entry]})


def expiry(answer: requests.Response) -> timedelta:
    """How long the channel lives."""
    (event,) = answer.json()["watch"][0]["details"]["events"]
    return datetime.fromisoformat(event["channel_expiry"]) - START


def test_a_channel_lives_an_hour_or_as_asked_up_to_a_week(crm: Crm) -> None:
    six_days = (START + timedelta(days=6)).isoformat()
    eight_days = (START + timedelta(days=8)).isoformat()
    assert expiry(watch(crm)) == timedelta(hours=1)
    assert expiry(watch(crm, channel_expiry=six_days)) == timedelta(days=6)
    assert expiry(watch(crm, channel_expiry=eight_days)) == timedelta(hours=1)
    assert watch(crm).status_code == 201


def test_a_callback_names_ids_operation_and_token_and_nothing_else(
    crm: Crm, listener: Listener
) -> None:
    watch(crm)
    made = crm.world.zoho.create("Accounts", {"Account_Name": "A"})
    crm.world.webhooks.deliver()
    (heard,) = listener.heard
    assert heard == {
        "server_time": int(START.timestamp() * 1000),
        "query_params": {"k": "1"},
        "module": "Accounts",
        "resource_uri": "https://www.zohoapis.eu/crm/v2/Accounts",
        "ids": [made],
        "affected_fields": [],
        "operation": "insert",
        "channel_id": "1000000068001",
        "token": "tok",
    }


def test_edits_and_deletes_are_told_by_their_callback_words(crm: Crm, listener: Listener) -> None:
    made = crm.world.zoho.create("Accounts", {"Account_Name": "A"})
    watch(crm)
    crm.world.zoho.edit("Accounts", made, {"Phone": "1"})
    crm.world.zoho.delete("Accounts", made)
    crm.world.webhooks.deliver()
    assert [one["operation"] for one in listener.heard] == ["update", "delete"]


def test_only_the_chosen_events_are_told(crm: Crm, listener: Listener) -> None:
    watch(crm, events=["Accounts.delete", "Contacts.create"])
    crm.world.zoho.create("Accounts", {"Account_Name": "A"})
    crm.world.zoho.create("Contacts", {"Last_Name": "B"})
    crm.world.webhooks.deliver()
    assert [one["module"] for one in listener.heard] == ["Contacts"]


def test_own_writes_are_told_unless_switched_off(crm: Crm, listener: Listener) -> None:
    watch(crm)
    crm.insert("Accounts", {"Account_Name": "A"}, {"Account_Name": "B"})
    crm.world.webhooks.deliver()
    assert len(listener.heard[0]["ids"]) == 2
    crm.world.switches.own_writes_notify = False
    crm.insert("Accounts", {"Account_Name": "C"})
    crm.world.webhooks.deliver()
    assert len(listener.heard) == 1


def test_an_expired_or_silent_channel_says_nothing(crm: Crm, listener: Listener) -> None:
    watch(crm)
    crm.world.zoho.channels.silent = True
    crm.world.zoho.create("Accounts", {"Account_Name": "A"})
    crm.world.zoho.channels.silent = False
    crm.world.clock.advance(3601)
    crm.world.zoho.create("Accounts", {"Account_Name": "B"})
    crm.world.webhooks.deliver()
    assert listener.heard == []


def test_callbacks_can_be_doubled_and_lost(crm: Crm, listener: Listener) -> None:
    watch(crm)
    crm.world.webhooks.troubles.double_every = 1
    crm.world.zoho.create("Accounts", {"Account_Name": "A"})
    crm.world.webhooks.deliver()
    crm.world.webhooks.troubles.lose_every = 1
    crm.world.zoho.create("Accounts", {"Account_Name": "B"})
    crm.world.webhooks.deliver()
    assert len(listener.heard) == 2


def test_a_lapsed_channel_cannot_be_renewed_by_put(crm: Crm) -> None:
    watch(crm)
    assert watch(crm, "PUT").status_code == 200
    crm.world.clock.advance(3601)
    crm.sign_in()
    answer = watch(crm, "PUT")
    assert answer.status_code == 400
    assert answer.json()["watch"][0]["code"] == "NOT_SUBSCRIBED"


def test_channels_are_listed_patched_and_closed(crm: Crm) -> None:
    watch(crm)
    patch = {
        "channel_id": "1000000068001",
        "events": ["Accounts.edit"],
        "notify_url": "https://sync.example/other",
    }
    assert crm.call("PATCH", "/actions/watch", {"watch": [patch]}).status_code == 200
    (shown,) = crm.call("GET", "/actions/watch").json()["watch"]
    assert (shown["events"], shown["notify_url"]) == (["Accounts.edit"], patch["notify_url"])
    closed = crm.call("DELETE", "/actions/watch?channel_ids=1000000068001")
    assert closed.json()["watch"][0]["details"]["channel_id"] == "1000000068001"
    assert crm.call("GET", "/actions/watch").status_code == 204


@pytest.mark.parametrize(
    "more",
    [
        {"events": ["Nothing.all"]},
        {"events": ["Accounts.insert"]},
        {"events": []},
        {"channel_id": "abc"},
        {"token": "x" * 51},
        {"notify_url": "ftp://x"},
        {"channel_expiry": "tomorrow"},
    ],
)
def test_a_wrong_channel_is_refused(crm: Crm, more: dict[str, object]) -> None:
    answer = watch(crm, **more)
    assert answer.status_code == 400
    assert answer.json()["watch"][0]["status"] == "error"
