"""One authorised call within the budget: take a ticket, send, refresh the token once if it died."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, Self

from backend.apis.budget import Budget, BudgetKey, Ticket
from backend.apis.http import Answer, Request, Transport
from backend.core.errors import RateLimited, SyncError
from backend.core.spec import Raw

SHORTEST_BREAK = 1.5
"""Waits up to this many seconds are slept through; longer ones are the loop's to plan."""
BREAKS = 4


class TokenSource(Protocol):
    """Where a connection's access token comes from; implementations refresh once for everybody."""

    def get(self) -> str:
        """A token that should be good."""

    def refresh(self, stale: str) -> str:
        """A token other than `stale`; `ConnectionLost` when there is none to be had."""


class Expired(Exception):
    """The server does not take this access token. Never leaves `Calls`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list and the server's clock when it was made.

    `number`, `pages` and `total` count where Xero does (`total` None when it does not say);
    `next_token` goes on where Zoho does, None at the end.
    """

    rows: Sequence[Raw]
    as_of: datetime
    number: int = 1
    pages: int = 1
    total: int | None = None
    next_token: str | None = None


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Calls:
    """What both clients share. `judge` raises for every answer that is no success.

    `lost` makes the error for a token that stays refused after a refresh.
    """

    transport: Transport
    token: TokenSource
    budget: Budget
    key: BudgetKey
    priority: str
    scheme: str
    judge: Callable[[Request, Answer], Answer]
    lost: Callable[[Answer], SyncError]
    sleep: Callable[[float], None] = time.sleep
    made: int = 0
    received: int = 0
    """Bytes of all answers, as they are after decompression."""

    def send(
        self, request: Request, *, heavy: bool = False, cost: int = 1, free: bool = False
    ) -> Answer:
        """The answer to one request, judged. `free` requests are not counted by the vendor."""
        request = replace(request, side=self.key.side)
        token = self.token.get()
        answer = self._once(request, token, heavy=heavy, cost=cost, free=free)
        try:
            return self.judge(request, answer)
        except Expired:
            token = self.token.refresh(token)
        answer = self._once(request, token, heavy=heavy, cost=cost, free=free)
        try:
            return self.judge(request, answer)
        except Expired:
            raise self.lost(answer) from None

    def _once(self, request: Request, token: str, *, heavy: bool, cost: int, free: bool) -> Answer:
        headers = {**request.headers, "Authorization": f"{self.scheme} {token}"}
        signed = replace(request, headers=headers)
        for _ in range(BREAKS):
            ticket = None if free else self._ticket(heavy=heavy, cost=cost)
            answer = self._exchange(signed, ticket)
            refused = ticket.done(answer.headers, answer.status) if ticket else None
            if refused is None:
                return answer
            self._rest(refused)
        raise refused or RateLimited("concurrent", SHORTEST_BREAK, side=self.key.side.value)

    def _exchange(self, request: Request, ticket: Ticket | None) -> Answer:
        self.made += 1
        try:
            answer = self.transport.send(request)
        except SyncError:
            if ticket is not None:
                ticket.done({}, None)
            raise
        self.received += len(answer.body)
        if ticket is None:
            self.budget.learn(self.key, answer.headers)
        return answer

    def _ticket(self, *, heavy: bool, cost: int) -> Ticket:
        for _ in range(BREAKS):
            try:
                return self.budget.take(self.key, priority=self.priority, heavy=heavy, cost=cost)
            except RateLimited as refused:
                self._rest(refused)
        return self.budget.take(self.key, priority=self.priority, heavy=heavy, cost=cost)

    def _rest(self, refused: RateLimited) -> None:
        if refused.wait_seconds >= SHORTEST_BREAK:
            raise refused
        self.sleep(refused.wait_seconds)


class Counted:
    """What a client tells of its calls, whichever side it speaks to."""

    _calls: Calls

    @property
    def calls(self) -> int:
        """How many requests this client has sent."""
        return self._calls.made

    @property
    def received(self) -> int:
        """Bytes of all answers to this client."""
        return self._calls.received

    def of_lane(self, priority: str) -> Self:
        """The same connection through another lane of the budget; its calls count on their own."""
        other = copy(self)
        other._calls = replace(self._calls, priority=priority, made=0, received=0)
        return other
