"""Tickets, short breaks and dead tokens around one call."""

from __future__ import annotations

import pytest

from backend.apis.budget import Budget, BudgetKey
from backend.apis.calls import Calls
from backend.apis.http import Answer, Request
from backend.apis.xero import wire
from backend.core.errors import ConnectionLost, RateLimited, Transient
from backend.core.spec import Side
from tests.apis.support import Fixed, Scripted, answer

KEY = BudgetKey(side=Side.XERO, tenant="t")
ASKED = Request(method="GET", url="https://api.xero.com/x")
BUSY = answer(429, "", X_Rate_Limit_Problem="concurrent")


class Kit:
    """Calls over a script, on a clock that sleeping moves."""

    def __init__(self, *answers: Answer | Transient) -> None:
        self.now, self.slept = 1_800_000_000.0, list[float]()
        self.script, self.token = Scripted(*answers), Fixed()
        self.budget = Budget(clock=lambda: self.now, alone=True)
        self.calls = Calls(
            transport=self.script,
            token=self.token,
            budget=self.budget,
            key=KEY,
            priority="click",
            scheme="Bearer",
            judge=wire.judge,
            lost=wire.lost,
            sleep=self.sleep,
        )

    def sleep(self, seconds: float) -> None:
        """Pass the time."""
        self.slept.append(seconds)
        self.now += seconds


def test_a_short_refusal_is_slept_through_and_the_call_repeated() -> None:
    kit = Kit(BUSY, BUSY, answer(200))
    assert kit.calls.send(ASKED).status == 200
    assert kit.slept == [1.0, 1.0]
    assert kit.calls.made == 3


def test_endless_short_refusals_end_in_an_error() -> None:
    kit = Kit(*[BUSY] * 10)
    with pytest.raises(RateLimited) as caught:
        kit.calls.send(ASKED)
    assert caught.value.scope == "concurrent"
    assert len(kit.script.requests) < 10


def test_a_long_refusal_is_raised_at_once_and_not_slept() -> None:
    kit = Kit(answer(429, "", X_Rate_Limit_Problem="day", Retry_After="77000"))
    with pytest.raises(RateLimited) as caught:
        kit.calls.send(ASKED)
    assert (caught.value.scope, caught.value.wait_seconds, kit.slept) == ("day", 77000, [])
    with pytest.raises(RateLimited):
        kit.calls.send(ASKED)
    assert kit.calls.made == 1


def test_a_full_house_is_waited_for_briefly() -> None:
    kit = Kit(answer(200))
    tickets = [kit.budget.take(KEY, priority="click") for _ in range(5)]
    with pytest.raises(RateLimited):
        kit.calls.send(ASKED)
    assert kit.slept
    assert kit.script.requests == []
    tickets[0].done({}, 200)
    assert kit.calls.send(ASKED).status == 200


def test_calls_that_are_not_counted_need_no_ticket() -> None:
    kit = Kit(answer(200), answer(429, ""))
    for _ in range(5):
        kit.budget.take(KEY, priority="click")
    assert kit.calls.send(ASKED, free=True).status == 200
    with pytest.raises(RateLimited):
        kit.calls.send(ASKED, free=True)


def test_the_slot_is_given_back_whatever_happens() -> None:
    kit = Kit(Transient(), answer(500), answer(401), answer(401), answer(403))
    for _ in range(2):
        with pytest.raises(Transient):
            kit.calls.send(ASKED)
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            kit.calls.send(ASKED)
    assert kit.budget.left(KEY)["concurrent"] == 5


def test_a_token_that_cannot_be_refreshed_ends_the_call() -> None:
    class Dead(Fixed):
        def refresh(self, stale: str) -> str:
            raise ConnectionLost("xero_token_revoked", words=stale)

    kit = Kit(answer(401))
    kit.calls.token = Dead()
    with pytest.raises(ConnectionLost):
        kit.calls.send(ASKED)
    assert kit.calls.made == 1


def test_requests_are_signed_and_labelled() -> None:
    kit = Kit(answer(200))
    kit.calls.send(ASKED)
    (sent,) = kit.script.requests
    assert (dict(sent.headers)["Authorization"], sent.side) == ("Bearer token-1", Side.XERO)
    assert "Authorization" not in ASKED.headers
