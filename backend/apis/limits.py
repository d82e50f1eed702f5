"""The vocabulary of budgets: limits, whose budget it is, a claim for one call and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backend.core.spec import Side

BULK_MINUTE = 80
"""Per cent of a minute that bulk work may use; the rest is kept for clicks."""
BULK_DAY = 90
"""Per cent of a day that bulk work may use."""
CREDITS_KEPT = 200
"""Zoho credits that bulk work leaves over: the day's total is not told, only what is left."""
NEW_DAY = 10
"""By how many calls what is left must have grown to show that the vendor's day began anew: answers
of calls made at the same time overtake each other by less."""
STALE_FIGURE = 3600.0
"""Seconds after which one bulk call may pass, to learn whether the vendor's day has begun anew."""
CONCURRENT_WAIT = 0.25
APP_BURST = 6.0
"""Seconds' worth of the app's own rate that may be used at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one connection may do; None for no limit of that kind."""

    minute: int | None = None
    day: int | None = None
    concurrent: int = 5
    heavy: int | None = None
    app_minute: int | None = None

    def halved(self) -> Limits:
        """What one process alone may do while it cannot ask the others."""
        return Limits(
            minute=_half(self.minute),
            day=_half(self.day),
            concurrent=max(1, self.concurrent // 2),
            heavy=_half(self.heavy),
            app_minute=_half(self.app_minute),
        )


def _half(limit: int | None) -> int | None:
    return None if limit is None else max(1, limit // 2)


def xero_limits(*, minute: int = 60, day: int = 1000, concurrent: int = 5) -> Limits:
    """Xero's limits of one organisation, and the 10,000 calls a minute of the whole app."""
    return Limits(minute=minute, day=day, concurrent=concurrent, app_minute=10_000)


def zoho_limits(*, concurrent: int = 8, heavy: int = 4) -> Limits:
    """Less than any edition's 10 calls at a time, so that people's own work is not held up."""
    return Limits(concurrent=concurrent, heavy=heavy)


ZOHO_CREDITS = {"free": 5_000}
"""Credits in 24 hours by edition, without what each user adds; all others begin at 50,000
(zoho.com/crm/developer/docs/api/v8/api-limits.html)."""
ZOHO_CREDITS_PAID = 50_000


def zoho_limits_of(edition: str) -> Limits:
    """The lanes of an edition: the free one takes five calls at a time, all others ten or more."""
    if edition.strip().lower() == "free":
        return zoho_limits(concurrent=4, heavy=2)
    return zoho_limits()


def zoho_credits_of(edition: str) -> int:
    """At least so many credits an edition has in 24 hours."""
    return ZOHO_CREDITS.get(edition.strip().lower(), ZOHO_CREDITS_PAID)


DEFAULT_LIMITS: Mapping[Side, Limits] = {Side.XERO: xero_limits(), Side.ZOHO: zoho_limits()}


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetKey:
    """Whose budget: a Xero tenant id, or our own id of the organisation whose CRM it is."""

    side: Side
    tenant: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One call that wants to be made at `now`; times are epoch seconds."""

    id: str
    key: BudgetKey
    limits: Limits
    click: bool
    heavy: bool
    cost: int
    now: float
    slot_until: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """Granted when `scope` is empty; else which limit is reached and for how many seconds."""

    scope: str = ""
    wait: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """The vendor's day: its learnt limit and when it ends; None while unknown. `at_latest` holds
    when only a bound is known: a day that was watched since its first call."""

    limit: int | None = None
    ends: float | None = None
    at_latest: float | None = None


def next_day(began: float, now: float) -> float:
    """When the day ends that began at `began` or whole days later."""
    return began + 86_400 * (max(0.0, now - began) // 86_400 + 1)


class Ledger(Protocol):
    """Where calls are counted. One that has a clock of its own may prefer it to a `now`."""

    def take(self, claim: Claim) -> Grant:
        """Count one call, or say why not and for how long."""

    def give_back(self, claim: Claim) -> None:
        """Free the slot of a call that has ended."""

    def block(self, key: BudgetKey, scope: str, *, now: float, wait: float) -> None:
        """Let nobody through for `wait` seconds; scope `app` blocks the whole side. The end of a
        `day` is where the vendor's day begins anew."""

    def learn(self, claim: Claim, figures: Mapping[str, int], *, now: float) -> None:
        """Remember what an answer said is left: `minute`, `day`, `credits`."""

    def strike(self, key: BudgetKey, *, now: float) -> tuple[int, float]:
        """Count a refusal without Retry-After: how many in a row, for how many
        seconds."""

    def forgive(self, key: BudgetKey) -> None:
        """An answer came through: the row of refusals has ended."""

    def left(self, key: BudgetKey, limits: Limits, *, now: float) -> dict[str, int | None]:
        """What is left per `minute`, `day` and `concurrent`; None where there is no limit."""

    def today(self, key: BudgetKey, *, now: float) -> Today:
        """What is known of the vendor's own day."""
