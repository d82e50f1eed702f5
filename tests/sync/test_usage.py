"""Every call to either system is in its organisation's figures, whoever made it."""

from __future__ import annotations

import threading
from collections import Counter
from inspect import signature

import pytest
from sqlalchemy.exc import OperationalError

from backend import create_app
from backend.apis.http import Answer, Request
from backend.core.errors import Transient
from backend.core.spec import Side
from backend.store import usage as kept
from backend.sync import (
    audits,
    bulk,
    channels,
    forgetting,
    heard,
    jobs,
    leaving,
    queue,
    schedule,
    scope,
    sweep,
    tokens,
    usage,
)
from backend.sync import requests as clicks
from backend.sync.tally import Counted, Tally
from simulator.requestlog import Entry
from tests.sync.bridge import Bridge

NOBODYS = ("/oauth/", "/connect/", "/connections", "/identity/")
"""Tokens and connections belong to a login, not to an organisation; no vendor counts them."""


def called(bridge: Bridge) -> Counter[str]:
    """Calls the two systems saw, by side."""
    entries = bridge.world.log.entries()
    return Counter(entry.side for entry in entries if _is_somebodys(entry))


def _is_somebodys(entry: Entry) -> bool:
    return not any(part in entry.path for part in NOBODYS)


def counted(bridge: Bridge) -> dict[str, int]:
    """Calls written down for the organisation."""
    with bridge.sync.database.begin() as session:
        days = kept.since(session, bridge.org_id, bridge.sync.clock().date().replace(day=1))
        return {side: calls for side, (calls, _) in days.items()}


@pytest.fixture
def begun(bridge: Bridge) -> Bridge:
    """What connecting called is written down, but for the two reads that say who signs in."""
    usage.settle(bridge.sync)
    assert Counter(counted(bridge)) + Counter(zoho=2) == called(bridge)
    return bridge


def test_every_call_of_a_whole_day_is_counted(
    begun: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, org_id = begun, begun.org_id
    monkeypatch.setitem(jobs._wired, "sync", bridge.sync)
    bridge.accept()
    customer = bridge.customer()
    bridge.invoice(customer, (bridge.product(), "1", "10"))
    bulk.preview(bridge.sync, org_id=org_id, module="all", direction="both", by="Ana")
    clicks.click(
        bridge.sync, org_id=org_id, module="accounts", zoho_id=customer, direction="both", by="Ana"
    )
    jobs.look(org_id, "click")
    bulk.start(
        bridge.sync, org_id=org_id, module="accounts", direction="both", preview_id=None, by="Ana"
    )
    jobs.look(org_id, "bulk")
    for _ in range(3):
        bridge.later(8 * 3600)
        schedule.tick(bridge.sync)
        jobs.hear()
        jobs.sweep_one(org_id)
        jobs.audit_one(org_id)
        jobs.tend_channels(org_id)
        jobs.tell_one(org_id)
    assert Counter(counted(bridge)) + Counter(zoho=2) == called(bridge)
    assert min(called(bridge).values()) > 10


@pytest.mark.parametrize("name", sorted(queue.ALLOWED))
def test_a_job_writes_down_what_it_called_even_when_it_fails(
    begun: Bridge, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def failing(sync: object, *_more: object, **_named: object) -> None:
        begun.sync.tally.add({(begun.org_id, "xero"): (7, 70)})
        raise Transient("remote_unavailable")

    for home, part in ((jobs, "drain"), (jobs, "deliver"), (sweep, "sweep"), (audits, "work"),
                       (channels, "tend"), (heard, "follow"), (tokens, "keep_alive"),
                       (forgetting, "purge")):  # fmt: skip
        monkeypatch.setattr(home, part, failing)
    monkeypatch.setitem(jobs._wired, "sync", begun.sync)
    before = counted(begun)
    job = getattr(jobs, name.rpartition(".")[2])
    with pytest.raises(Transient):
        job(*[begun.org_id for _ in signature(job).parameters])
    assert counted(begun) == {**before, "xero": before["xero"] + 7}


def test_what_a_request_calls_is_counted_when_it_is_answered(begun: Bridge) -> None:
    app = create_app(begun.sync.settings, begun.sync)

    def ask() -> str:
        found = scope.count(begun.sync, begun.org_id, "accounts", conditions=(), start=None)
        return str(found.total)

    app.add_url_rule("/ask", view_func=ask)
    before = counted(begun)
    assert app.test_client().get("/ask").status_code == 200
    assert counted(begun) == {**before, "zoho": before["zoho"] + 1}


def test_figures_a_database_does_not_take_are_kept_for_the_next_time(
    begun: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_named: object) -> None:
        raise OperationalError("insert", {}, Exception("away"))

    before = counted(begun)
    begun.sync.tally.add({(begun.org_id, "xero"): (3, 30)})
    with monkeypatch.context() as gone:
        gone.setattr(kept, "add", away)
        usage.settle(begun.sync)
    assert counted(begun) == before
    usage.settle(begun.sync)
    assert counted(begun) == {**before, "xero": before["xero"] + 3}


def test_figures_of_an_organisation_that_has_left_go_with_it(begun: Bridge) -> None:
    leaving.leave(begun.sync, begun.org_id, by="Ana")
    begun.sync.tally.add({(begun.org_id, "xero"): (3, 30)})
    usage.settle(begun.sync)
    assert counted(begun) == {}
    assert begun.sync.tally.take() == {}


class Wire:
    """Answers, or does not."""

    def __init__(self, body: bytes | None) -> None:
        self.body = body

    def send(self, request: Request) -> Answer:
        """Three bytes, or nothing."""
        if self.body is None:
            raise Transient("remote_unavailable")
        return Answer(status=200, headers={}, body=self.body)


def test_a_call_without_an_answer_counts_too_and_threads_share_the_tally() -> None:
    tally, request = Tally(), Request(method="GET", url="https://api.xero.com/")
    good = Counted(transport=Wire(b"abc"), tally=tally, org_id="a", side=Side.XERO)
    lost = Counted(transport=Wire(None), tally=tally, org_id="a", side=Side.XERO)
    with pytest.raises(Transient):
        lost.send(request)

    def many() -> None:
        for _ in range(500):
            good.send(request)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert tally.take() == {("a", "xero"): (2001, 6000)}
    assert tally.take() == {}
