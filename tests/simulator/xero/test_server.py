"""On real sockets a reset is a reset, a cut body is cut, slow is slow; and it is fast enough."""

import time
from collections.abc import Iterator

import pytest
import requests

from simulator.faults import Fault
from simulator.server import Running, serve
from simulator.world import World
from simulator.xero.app import create_app
from tests.simulator.xero.conftest import Caller, invoice_body, line


@pytest.fixture
def server(world: World) -> Iterator[Running]:
    server = serve(create_app(world))
    yield server
    server.stop()


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_reset_is_a_connection_error(world: World, server: Running, kind: str) -> None:
    world.faults.add(Fault(side="xero", kind=kind))
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/connections", timeout=5)
    assert requests.get(f"{server.url}/connections", timeout=5).status_code == 401


def test_a_truncated_body_is_noticed(world: World, server: Running) -> None:
    world.faults.add(Fault(side="xero", kind="truncated"))
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        requests.get(f"{server.url}/connections", timeout=5)


def test_a_slow_answer_outlasts_a_short_patience(world: World, server: Running) -> None:
    world.faults.add(Fault(side="xero", kind="slow", seconds=0.6))
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{server.url}/connections", timeout=0.2)
    assert world.faults.armed() == {}


@pytest.mark.bench
def test_a_full_page_and_a_full_batch_are_quick(world: World, call: Caller) -> None:
    for start in (0, 500):
        names = [{"Name": f"Cellar {n}"} for n in range(start, start + 500)]
        call.ok("PUT", "Contacts", {"Contacts": names})
    started = time.perf_counter()
    page = call.session.get(
        "https://api.xero.com/api.xro/2.0/Contacts?page=1&pageSize=1000",
        headers={
            "Authorization": f"Bearer {call.token}",
            "xero-tenant-id": call.tenant,
            "Accept": "application/json",
        },
    )
    read = time.perf_counter() - started
    contact = page.json()["Contacts"][0]["ContactID"]
    body = {"Invoices": [invoice_body(contact, LineItems=[line()] * 3) for _ in range(50)]}
    started = time.perf_counter()
    answer = call.session.put(
        "https://api.xero.com/api.xro/2.0/Invoices",
        json=body,
        headers={
            "Authorization": f"Bearer {call.token}",
            "xero-tenant-id": call.tenant,
            "Accept": "application/json",
        },
    )
    written = time.perf_counter() - started
    assert len(page.json()["Contacts"]) == 1000
    assert answer.status_code == 200
    # Generous on purpose: the aims are 0.3 s and 0.06 s on a quiet machine.
    assert read < 1.5
    assert written < 0.6
