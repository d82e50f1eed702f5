"""Counting calls inside one process: the stand-in while Redis is away, and the rule in Python.

`ledger_redis` does the same in Lua; one set of tests holds both to it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.apis.limits import (
    APP_BURST,
    BULK_DAY,
    BULK_MINUTE,
    CONCURRENT_WAIT,
    CREDITS_KEPT,
    NEW_DAY,
    STALE_FIGURE,
    BudgetKey,
    Claim,
    Grant,
    Limits,
    Today,
    next_day,
)
from backend.core.spec import Side

DAY = 86_400.0


@dataclass(slots=True)
class _Pool:
    """What the vendor said is left of a day, and what has been used since."""

    left: int
    at: float
    since: int = 0
    probed: float = 0.0

    def rest(self) -> int:
        return self.left - self.since


@dataclass(slots=True)
class _Account:
    """Everything remembered of one connection."""

    times: list[float] = field(default_factory=list)
    hours: dict[int, int] = field(default_factory=dict)
    slots: dict[str, float] = field(default_factory=dict)
    heavy: dict[str, float] = field(default_factory=dict)
    blocks: dict[str, float] = field(default_factory=dict)
    others: tuple[int, float] = (0, 0.0)
    """Calls of this minute that somebody else must have made, and when that was learnt."""
    pools: dict[str, _Pool] = field(default_factory=dict)
    day_limit: int = 0
    day_began: float | None = None
    """The latest moment at which the vendor's day can have begun, any of its days."""
    day_seen: float | None = None
    """Since when this day is watched, while its beginning is not known."""
    strikes: tuple[int, float] = (0, 0.0)

    def used_this_minute(self, now: float) -> int:
        del self.times[: bisect_right(self.times, now - 60)]
        count, at = self.others
        return len(self.times) + (count if now - at < 60 else 0)

    def known(self, now: float) -> dict[str, _Pool]:
        """What the vendor said is left, as far as its day has not begun anew since."""
        found = {name: pool for name, pool in self.pools.items() if now - pool.at < DAY}
        day = found.get("day")
        if day and self.day_began is not None and next_day(self.day_began, day.at) <= now:
            del found["day"]
        return found

    def day_ends(self, now: float) -> float | None:
        """When calls are allowed again; a bound while the day's beginning is not known."""
        if self.day_began is not None:
            return next_day(self.day_began, now)
        return None if self.day_seen is None else max(self.day_seen + DAY, now + 1)

    def learn_day(self, left: int, now: float) -> None:
        """One more figure of what is left of the day."""
        held = self.pools.get("day")
        expected = (
            held is not None
            and self.day_began is not None
            and next_day(self.day_began, held.at) <= now
        )
        if held is not None and left > held.rest() + NEW_DAY and not expected:
            self.day_began = now
        if self.day_seen is None or now - self.day_seen > DAY:
            self.day_seen = now

    def used_today(self, now: float) -> int:
        first = int(now // 3600) - 23
        self.hours = {hour: calls for hour, calls in self.hours.items() if hour >= first}
        return sum(self.hours.values())


class LocalLedger:
    """Counts in memory; safe for threads, shared with nobody else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts: dict[BudgetKey, _Account] = {}
        self._app_next: dict[Side, float] = {}
        self._app_blocked: dict[Side, float] = {}

    def take(self, claim: Claim) -> Grant:
        """See `Ledger`."""
        with self._lock:
            account = self._account(claim.key)
            refused = (
                self._blocked(account, claim)
                or _crowded(account, claim)
                or _minute(account, claim)
                or _day(account, claim)
                or self._app(claim)
            )
            if refused is None:
                _count(account, claim)
            return refused or Grant()

    def give_back(self, claim: Claim) -> None:
        """See `Ledger`."""
        with self._lock:
            account = self._account(claim.key)
            account.slots.pop(claim.id, None)
            account.heavy.pop(claim.id, None)

    def block(self, key: BudgetKey, scope: str, *, now: float, wait: float) -> None:
        """See `Ledger`."""
        until = now + wait
        with self._lock:
            if scope == "app":
                self._app_blocked[key.side] = until
            else:
                self._account(key).blocks[scope] = until
                if scope == "day":
                    self._account(key).day_began = until - DAY

    def learn(self, claim: Claim, figures: Mapping[str, int], *, now: float) -> None:
        """See `Ledger`."""
        with self._lock:
            account = self._account(claim.key)
            if "minute" in figures and claim.limits.minute is not None:
                account.others = (0, 0.0)
                ours = claim.limits.minute - account.used_this_minute(now)
                account.others = (max(0, ours - figures["minute"]), now)
            if "day" in figures:
                account.learn_day(figures["day"], now)
            for name in ("day", "credits"):
                if name in figures:
                    account.pools[name] = _Pool(left=figures[name], at=now)
            account.day_limit = max(account.day_limit, figures.get("day", 0))

    def strike(self, key: BudgetKey, *, now: float) -> tuple[int, float]:
        """See `Ledger`."""
        with self._lock:
            account = self._account(key)
            count, since = account.strikes
            account.strikes = (count + 1, since if count else now)
            return count + 1, now - account.strikes[1]

    def forgive(self, key: BudgetKey) -> None:
        """See `Ledger`."""
        with self._lock:
            self._account(key).strikes = (0, 0.0)

    def left(self, key: BudgetKey, limits: Limits, *, now: float) -> dict[str, int | None]:
        """See `Ledger`."""
        with self._lock:
            account = self._account(key)
            busy = sum(until > now for until in account.slots.values())
            known = account.known(now)
            pool = known.get("day") or known.get("credits")
            used_today, used_minute = account.used_today(now), account.used_this_minute(now)
            day = None if limits.day is None else limits.day - used_today
            if pool is not None:
                day = pool.rest()
            elif "day" in account.pools and account.day_limit:
                day = account.day_limit
            return {
                "minute": None if limits.minute is None else max(0, limits.minute - used_minute),
                "day": None if day is None else max(0, day),
                "concurrent": max(0, limits.concurrent - busy),
            }

    def today(self, key: BudgetKey, *, now: float) -> Today:
        """See `Ledger`."""
        with self._lock:
            account = self._account(key)
            ends = account.day_ends(now)
            exact = account.day_began is not None
            return Today(
                limit=account.day_limit or None,
                ends=ends if exact else None,
                at_latest=None if exact else ends,
            )

    def _account(self, key: BudgetKey) -> _Account:
        return self._accounts.setdefault(key, _Account())

    def _blocked(self, account: _Account, claim: Claim) -> Grant | None:
        until = {**account.blocks, "app": self._app_blocked.get(claim.key.side, 0.0)}
        scope, end = max(until.items(), key=lambda entry: entry[1])
        return Grant(scope=scope, wait=end - claim.now) if end > claim.now else None

    def _app(self, claim: Claim) -> Grant | None:
        if claim.limits.app_minute is None:
            return None
        ahead = max(self._app_next.get(claim.key.side, 0.0), claim.now)
        if ahead - claim.now > APP_BURST:
            return Grant(scope="app", wait=ahead - claim.now - APP_BURST)
        self._app_next[claim.key.side] = ahead + 60 / claim.limits.app_minute
        return None


def _crowded(account: _Account, claim: Claim) -> Grant | None:
    for slots in (account.slots, account.heavy):
        for gone in [slot for slot, until in slots.items() if until <= claim.now]:
            del slots[gone]
    # One place stays free for a click.
    places = claim.limits.concurrent if claim.click else max(1, claim.limits.concurrent - 1)
    narrow = claim.heavy and claim.limits.heavy is not None
    full = len(account.slots) >= places or (
        narrow and len(account.heavy) >= (claim.limits.heavy or 0)
    )
    return Grant(scope="concurrent", wait=CONCURRENT_WAIT) if full else None


def _minute(account: _Account, claim: Claim) -> Grant | None:
    if claim.limits.minute is None:
        return None
    allowed = claim.limits.minute if claim.click else claim.limits.minute * BULK_MINUTE // 100
    over = account.used_this_minute(claim.now) - max(1, allowed)
    if over < 0:
        return None
    if over < len(account.times):
        return Grant(scope="minute", wait=max(0.0, account.times[over] + 60 - claim.now))
    return Grant(scope="minute", wait=max(0.0, account.others[1] + 60 - claim.now))


def _day(account: _Account, claim: Claim) -> Grant | None:
    limit = max(claim.limits.day or 0, account.day_limit)
    kept = {"day": 0 if claim.click else limit - limit * BULK_DAY // 100, "credits": CREDITS_KEPT}
    told = account.known(claim.now)
    for name, pool in told.items():
        if pool.rest() > kept[name] or (claim.click and name == "credits"):
            continue
        waited = claim.now - max(pool.at, pool.probed)
        ends = account.day_ends(claim.now) if name == "day" else None
        if ends is not None and (account.day_began is not None or waited < STALE_FIGURE):
            return Grant(scope=name, wait=ends - claim.now)
        if waited < STALE_FIGURE:
            return Grant(scope=name, wait=STALE_FIGURE - waited)
        pool.probed = claim.now
    if "day" in account.pools or claim.limits.day is None:
        return None
    if claim.limits.day - account.used_today(claim.now) > kept["day"]:
        return None
    return Grant(scope="day", wait=(min(account.hours) + 24) * 3600 - claim.now)


def _count(account: _Account, claim: Claim) -> None:
    insort(account.times, claim.now)
    hour = int(claim.now // 3600)
    account.hours[hour] = account.hours.get(hour, 0) + claim.cost
    account.slots[claim.id] = claim.slot_until
    if claim.heavy:
        account.heavy[claim.id] = claim.slot_until
    for pool in account.pools.values():
        pool.since += claim.cost
