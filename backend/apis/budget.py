"""How many calls each connection may still make, shared by every worker through Redis.

Xero counts per organisation: 60 a minute, 1,000 or 5,000 a day, 5 at a time, and 10,000 a minute
for the whole app (developer.xero.com/documentation/guides/oauth2/limits). Zoho counts credits per
day and calls at a time, with a narrow lane of 10 for sorted lists, COQL and writes of more than
ten rows (zoho.com/crm/developer/docs/api/v8/api-limits.html).

A window of sixty sliding seconds is safe wherever the vendor's own minute begins. What an
answer's headers say is remembered and beats our own count. Without Redis each process keeps to
half of every limit by itself; `lost` counts how often Redis failed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

import redis

from backend.apis import moments
from backend.apis.ledger_local import LocalLedger
from backend.apis.ledger_redis import RedisLedger
from backend.apis.limits import (
    BULK_DAY,
    DEFAULT_LIMITS,
    BudgetKey,
    Claim,
    Grant,
    Ledger,
    Limits,
    Today,
)
from backend.core.errors import RateLimited
from backend.core.spec import Side

__all__ = ["Budget", "BudgetKey", "Limits", "Ticket", "refusal"]

SLOWEST_CALL = 150.0
"""Seconds after which a slot that nobody gave back is free again: its worker died."""
CREDITS_PAUSE = 3600.0
AWAY_SECONDS = 5.0
"""How long Redis is not asked again after it failed."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """The right to make one call; `done` gives the slot back and learns from the answer."""

    claim: Claim
    budget: Budget = field(repr=False)

    def done(self, headers: Mapping[str, str], status: int | None) -> RateLimited | None:
        """Close the call; `status` None means that no answer came.

        A 429 blocks the connection for everybody; the error to raise is returned.
        """
        return self.budget.close(self.claim, headers, status)


class Budget:
    """Hands out tickets; never raises anything but `RateLimited`.

    `alone` says that no other process calls these vendors, so that the whole of a limit is ours
    without Redis too. `simulated` says that `clock` rules in Redis as well; otherwise Redis counts
    by its own, so that workers whose clocks differ agree.
    """

    def __init__(
        self,
        connection: redis.Redis | None = None,
        *,
        limits: Mapping[Side, Limits] = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.time,
        alone: bool = False,
        simulated: bool = False,
    ) -> None:
        self._alone = alone
        self._shared = (
            RedisLedger(connection, simulated=simulated) if connection is not None else None
        )
        self._local = LocalLedger()
        self._limits = dict(limits)
        self._fitted: dict[BudgetKey, Limits] = {}
        self._clock = clock
        self._away_until = 0.0
        self.lost = 0

    def take(
        self, key: BudgetKey, *, priority: str = "bulk", heavy: bool = False, cost: int = 1
    ) -> Ticket:
        """A ticket for one call now, or `RateLimited` with its scope and the seconds to wait.

        Clicks may use everything; bulk leaves a fifth of the minute and a tenth of the day.
        """
        now = self._clock()
        claim = Claim(
            id=secrets.token_hex(8),
            key=key,
            limits=self._limits_of(key),
            click=priority == "click",
            heavy=heavy,
            cost=cost,
            now=now,
            slot_until=now + SLOWEST_CALL,
        )
        grant = self._ask(claim)
        if grant.scope:
            raise RateLimited(grant.scope, grant.wait, side=key.side.value, everybody=claim.click)
        return Ticket(claim=claim, budget=self)

    def close(
        self, claim: Claim, headers: Mapping[str, str], status: int | None
    ) -> RateLimited | None:
        """Give the slot back, note what the answer tells, and block on a 429."""
        now = self._clock()
        self._each(lambda ledger: ledger.give_back(claim))
        figures = _figures(headers)
        if figures:
            self._each(lambda ledger: ledger.learn(claim, figures, now=now))
        if status == 429:
            return self._refused(claim.key, headers, now)
        if status is not None and status < 400 and claim.key.side is Side.ZOHO:
            self._each(lambda ledger: ledger.forgive(claim.key))
        return None

    def left(self, key: BudgetKey) -> dict[str, int | None]:
        """What is left: `minute`, `day` and `concurrent`; None where no limit is known."""
        now, limits = self._clock(), self._limits_of(key)
        told = self._asked(lambda shared: shared.left(key, limits, now=now))
        return told or self._local.left(key, self._own(limits), now=now)

    def fit(self, key: BudgetKey, limits: Limits) -> None:
        """This connection has limits of its own, such as those of its edition."""
        self._fitted[key] = limits

    def limits(self, key: BudgetKey) -> Limits:
        """What applies to a connection; a day limit the vendor showed to be larger wins."""
        limits, told = self._limits_of(key), self.today(key).limit
        if limits.day is None or told is None:
            return limits
        return replace(limits, day=max(limits.day, told))

    def today(self, key: BudgetKey) -> Today:
        """What is known of the vendor's day."""
        now = self._clock()
        told = self._asked(lambda shared: shared.today(key, now=now))
        return told or self._local.today(key, now=now)

    def has_day(self, key: BudgetKey) -> bool:
        """Whether the day has calls left for bulk work, as far as anybody knows."""
        left, limit = self.left(key)["day"], self.limits(key).day
        return left is None or limit is None or left > limit - limit * BULK_DAY // 100

    def learn(self, key: BudgetKey, headers: Mapping[str, str]) -> None:
        """Note what the answer to a call tells that the vendor does not count."""
        figures, now = _figures(headers), self._clock()
        if figures:
            claim = Claim(
                id="", key=key, limits=self._limits_of(key), click=False, heavy=False, cost=0,
                now=now, slot_until=now,
            )  # fmt: skip
            self._each(lambda ledger: ledger.learn(claim, figures, now=now))

    def _limits_of(self, key: BudgetKey) -> Limits:
        return self._fitted.get(key) or self._limits[key.side]

    def _ask(self, claim: Claim) -> Grant:
        granted = self._asked(lambda shared: shared.take(claim))
        if granted is not None:
            return granted
        return self._local.take(replace(claim, limits=self._own(claim.limits)))

    def _own(self, limits: Limits) -> Limits:
        return limits if self._alone else limits.halved()

    def _each(self, act: Callable[[Ledger], T]) -> list[T]:
        # The local ledger hears of everything too: it must know of blocks when Redis goes away.
        shared = self._asked(act)
        return [act(self._local), *([] if shared is None else [shared])]

    def _asked(self, act: Callable[[Ledger], T]) -> T | None:
        """What the shared ledger says, None while there is none or Redis does not answer."""
        if self._shared is None or self._clock() < self._away_until:
            return None
        try:
            return act(self._shared)
        except redis.RedisError:
            # Each failure may have cost a timeout: leave Redis alone for a moment.
            self.lost += 1
            self._away_until = self._clock() + AWAY_SECONDS
            return None

    def _refused(self, key: BudgetKey, headers: Mapping[str, str], now: float) -> RateLimited:
        scope, wait = refusal(key.side, headers, now=now)
        if wait is None:
            wait = self._zoho_pause(key, now)
            scope = "credits" if wait >= CREDITS_PAUSE else "concurrent"
        self._each(lambda ledger: ledger.block(key, scope, now=now, wait=wait))
        return RateLimited(scope, wait, side=key.side.value)

    def _zoho_pause(self, key: BudgetKey, now: float) -> float:
        # Zoho sends 429 without Retry-After for both kinds: a short one means too many at a time,
        # one that lasts for minutes means that the day's credits are used up.
        count, lasting = max(self._each(lambda ledger: ledger.strike(key, now=now)))
        if count > 4 and lasting > 180:
            return CREDITS_PAUSE
        return float(min(2 * 2 ** min(count - 1, 5), 60))


def refusal(side: Side, headers: Mapping[str, str], *, now: float) -> tuple[str, float | None]:
    """Scope and seconds to wait of a 429; seconds None when Zoho leaves them to us.

    Xero names the scope in X-Rate-Limit-Problem and sends Retry-After for minute and day only.
    """
    wait = moments.retry_after(headers, now=datetime.fromtimestamp(now, UTC))
    if side is Side.ZOHO:
        return "concurrent", wait
    problem = headers.get("x-rate-limit-problem", "").lower()
    scope = next((s for s in ("app", "day", "conc", "min") if s in problem), "")
    if not scope:
        scope = "conc" if wait is None else "day" if wait > 120 else "min"
    name, usual = _XERO_SCOPES[scope]
    return name, usual if wait is None else max(wait, 0.5)


_XERO_SCOPES = {
    "app": ("app", 10.0),
    "day": ("day", 3600.0),
    "conc": ("concurrent", 1.0),
    "min": ("minute", 60.0),
}


def _figures(headers: Mapping[str, str]) -> dict[str, int]:
    names = {
        "minute": "x-minlimit-remaining",
        "day": "x-daylimit-remaining",
        "credits": "x-api-credits-remaining",
    }
    found = {name: headers.get(header, "").strip() for name, header in names.items()}
    return {n: int(text) for n, text in found.items() if text.isdecimal() and len(text) < 10}
