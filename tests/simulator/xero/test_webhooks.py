"""Xero's webhooks: signatures, bundles, and everything that goes wrong on the way."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request

from simulator.transport import WSGITransport
from simulator.world import World
from simulator.xero.events import signature
from tests.simulator.xero.conftest import Caller

KEY = "whk=="
PUBLISHED = (
    "test_key",
    '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, '
    '"entropy": "NLDZEGWUXNHESAQVGLYF"}',
    "ixznmr+Pdl6QymsWZM+9UkY4lu97q04sJyejmSOp25U=",
)


@dataclass
class Receiver:
    """The product's side: checks signatures and keeps what is well signed."""

    events: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    broken: bool = False

    def receive(self) -> Response:
        body = request.get_data()
        good = request.headers["x-xero-signature"] == signature(KEY, body)
        status = 500 if self.broken else (200 if good else 401)
        self.statuses.append(status)
        if status == 200:
            self.bodies.append(body)
            self.events += json.loads(body)["events"]
        return Response(b"", status)


@pytest.fixture
def receiver(world: World) -> Receiver:
    receiver = Receiver()
    app = Flask("receiver")
    app.add_url_rule("/webhooks/xero", "hook", receiver.receive, methods=["POST"])
    world.webhooks.session.mount("https://", WSGITransport({"https://bridge.example": app}))
    world.xero.events.configure("https://bridge.example/webhooks/xero", KEY)
    return receiver


def contacts(world: World, count: int) -> list[str]:
    make = world.xero.create
    return [make(world.xero.ltd, "Contacts", {"Name": f"C{n}"}) for n in range(count)]


def test_published_vectors_are_signed_alike(shared_dir: Path | None) -> None:
    vectors = [PUBLISHED]
    if shared_dir is not None:
        file = shared_dir / "contracts/xero/webhook_vectors.json"
        found = json.loads(file.read_text())["vectors"]
        vectors += [(one["key"], one["body"], one["x-xero-signature"]) for one in found]
    for key, body, signed in vectors:
        assert signature(key, body.encode()) == signed


def test_each_change_is_one_event_with_xeros_fields(world: World, receiver: Receiver) -> None:
    (contact,) = contacts(world, 1)
    world.xero.archive(world.xero.ltd, contact)
    world.webhooks.deliver()
    created, updated = receiver.events
    assert created == {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Contacts/{contact}",
        "resourceId": contact,
        "eventDateUtc": "2026-11-20T12:00:05.250",
        "eventType": "CREATE",
        "eventCategory": "CONTACT",
        "tenantId": world.xero.ltd,
        "tenantType": "ORGANISATION",
    }
    assert updated["eventType"] == "UPDATE"
    bundle = json.loads(receiver.bodies[0])
    assert (bundle["firstEventSequence"], bundle["lastEventSequence"]) == (1, 2)


@pytest.mark.parametrize("fires", [True, False])
def test_whether_a_payment_fires_an_invoice_event_is_a_switch(
    world: World, call: Caller, receiver: Receiver, fires: bool
) -> None:
    invoice = call.invoice(call.contact())
    world.webhooks.forget()
    world.switches.payment_fires_invoice_webhook = fires
    call.pay(invoice, "5.00")
    world.webhooks.deliver()
    found = [e["resourceId"] for e in receiver.events]
    assert found == ([invoice["InvoiceID"]] if fires else [])


@pytest.mark.parametrize("notifies", [True, False])
def test_whether_our_own_writes_come_back_is_a_switch(
    world: World, call: Caller, receiver: Receiver, notifies: bool
) -> None:
    world.switches.own_writes_notify = notifies
    call.contact("By the API")
    world.xero.create(world.xero.ltd, "Contacts", {"Name": "By a person"})
    world.webhooks.deliver()
    assert len(receiver.events) == (2 if notifies else 1)


def test_credit_notes_carry_their_type_and_status(
    world: World, call: Caller, receiver: Receiver
) -> None:
    invoice = call.invoice(call.contact())
    world.webhooks.forget()
    world.xero.credit(world.xero.ltd, invoice["InvoiceID"], "5.00")
    world.webhooks.deliver()
    notes = [e for e in receiver.events if e["eventCategory"] == "CREDITNOTE"]
    assert notes[0]["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}


def test_unsubscribed_categories_are_silent(world: World, receiver: Receiver) -> None:
    world.switches.xero_webhooks_for_contacts = False
    contacts(world, 2)
    assert world.webhooks.deliver() == []


def test_intent_to_receive_mixes_good_and_bad_signatures(world: World, receiver: Receiver) -> None:
    receipts = world.xero.events.intent_to_receive()
    assert [r.status for r in receipts] == [200, 401, 200, 401]
    assert receiver.events == []


def test_lost_deliveries_do_not_come_back(world: World, receiver: Receiver) -> None:
    world.webhooks.troubles.apply({"lose_every": 1})
    contacts(world, 1)
    assert world.webhooks.deliver() == []
    world.clock.advance(86_400)
    assert world.webhooks.deliver() == []


def test_doubled_deliveries_arrive_twice(world: World, receiver: Receiver) -> None:
    world.webhooks.troubles.apply({"double_every": 1})
    contacts(world, 1)
    assert len(world.webhooks.deliver()) == 2
    assert len(set(receiver.bodies)) == 1


def test_delayed_deliveries_wait_for_the_clock(world: World, receiver: Receiver) -> None:
    world.webhooks.troubles.apply({"delay_seconds": 90.0})
    contacts(world, 1)
    assert world.webhooks.deliver() == []
    world.clock.advance(91)
    assert len(world.webhooks.deliver()) == 1


def test_reordered_events_arrive_newest_first(world: World, receiver: Receiver) -> None:
    world.webhooks.troubles.apply({"reorder": True})
    made = contacts(world, 3)
    world.webhooks.deliver()
    assert [e["resourceId"] for e in receiver.events] == made[::-1]


def test_a_forged_delivery_is_refused_and_tried_again(world: World, receiver: Receiver) -> None:
    world.webhooks.troubles.apply({"forge_every": 1})
    contacts(world, 1)
    world.webhooks.deliver()
    assert receiver.statuses == [401]
    assert receiver.events == []


def test_a_failing_receiver_is_tried_for_a_day(world: World, receiver: Receiver) -> None:
    receiver.broken = True
    contacts(world, 1)
    for _ in range(3):
        world.webhooks.deliver()
    assert receiver.statuses == [500, 500]
    world.clock.advance(901)
    receiver.broken = False
    world.webhooks.deliver()
    assert len(receiver.events) == 1
    assert world.webhooks.waiting() == 0


def test_wrong_troubles_are_refused(world: World) -> None:
    for values in ({"lose": 1}, {"lose_every": "x"}, {"reorder": 1}):
        with pytest.raises(ValueError, match="trouble"):
            world.webhooks.troubles.apply(values)
