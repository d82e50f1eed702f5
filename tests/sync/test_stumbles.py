"""A mistake of ours that one record brings to light stops neither its batch nor its list."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from backend.core import plan
from backend.core.spec import Side
from backend.sync.inbox import note
from tests.sync.bridge import Bridge

BAD = "Boom Ltd"


@pytest.fixture
def mistaken(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> Bridge:
    """A product that stumbles over one customer wherever it reads it."""
    bridge.accept()
    real = plan.values_of

    def values_of(spec: Any, side: Any, raw: Any, facts: Any) -> Any:
        if raw.get("Account_Name") == BAD:
            raise TypeError("a mistake of ours")
        return real(spec, side, raw, facts)

    for name, module in list(sys.modules.items()):
        if name.startswith("backend") and getattr(module, "values_of", None) is real:
            monkeypatch.setattr(module, "values_of", values_of)
    return bridge


def noted(bridge: Bridge, names: list[str]) -> list[str]:
    """Customers the loop is told of."""
    ids = [bridge.customer(name) for name in names]
    note(
        bridge.sync, org_id=bridge.org_id, module="accounts", side=Side.ZOHO, ids=ids,
        trigger="schedule",
    )  # fmt: skip
    return ids


@pytest.mark.parametrize("place", [0, 7, 11])
def test_the_others_of_its_batch_go_on(mistaken: Bridge, place: int) -> None:
    names = [f"Customer {n}" for n in range(11)]
    names.insert(place, BAD)
    ids = noted(mistaken, names)
    mistaken.drain()
    states = {
        name: mistaken.link("accounts", each).state for name, each in zip(names, ids, strict=True)
    }
    assert {name for name, state in states.items() if state != "in_sync"} == {BAD}
    assert len(mistaken.xero_all("Contacts")) == 11


def test_the_record_is_tried_three_times_parked_and_told(mistaken: Bridge) -> None:
    (bad,) = noted(mistaken, [BAD])
    for _ in range(5):
        mistaken.drain()
        mistaken.later(3600)
    link = mistaken.link("accounts", bad)
    assert (link.parked, link.attempts, link.message_key) == (True, 3, "stumbled")
    rows = [row for row in mistaken.log() if row.message_key == "stumbled"]
    assert [row.status for row in rows] == ["failed"] * 3
    assert "mistake" not in " ".join(row.words for row in rows)


def test_a_sweep_takes_in_the_rest_of_its_list(mistaken: Bridge) -> None:
    mistaken.customer(BAD)
    good = mistaken.customer("Kestrel")
    assert mistaken.sweep()
    assert mistaken.link("accounts", good).state == "in_sync"


def test_a_database_that_fails_is_no_record_s_fault(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.accept()
    ids = noted(bridge, ["Kestrel", "Wren"])

    def away(*_given: object) -> None:
        raise OperationalError("select", {}, Exception("the disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("backend.sync.drain.process", away)
        with pytest.raises(OperationalError):
            bridge.drain()
    assert {bridge.link("accounts", each).attempts for each in ids} == {0}
    bridge.drain()
    assert {bridge.link("accounts", each).state for each in ids} == {"in_sync"}
