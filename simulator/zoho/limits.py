"""API credits in a rolling day and the two lanes of concurrent calls.

Zoho CRM API v8 "API Limits" (contracts: facts/zoho-crm-rate-limits.yml): credits per edition, the
header X-API-CREDITS-REMAINING from half of them on, 429 TOO_MANY_REQUESTS without Retry-After.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from simulator.clock import Clock
from simulator.zoho.errors import ZohoError

DAY = timedelta(hours=24)
CONCURRENT_CALLS = 20
HEAVY_CALLS = 10
CREDITS = "You have exceeded the API credits limit of the 24 hour window"
CONCURRENCY = "The maximum number of concurrent API calls allowed has been exceeded"


class Limits:
    """Counts what the application spends; limits are those of the Enterprise edition."""

    def __init__(self, clock: Clock, *, users: int) -> None:
        self.clock = clock
        self.daily = 50_000 + 1000 * users
        self.concurrent = CONCURRENT_CALLS
        self.heavy = HEAVY_CALLS
        self._spent: deque[tuple[datetime, int]] = deque()
        self._total = 0

    def remaining(self) -> int:
        """Credits left in the last 24 hours."""
        edge = self.clock.now() - DAY
        while self._spent and self._spent[0][0] <= edge:
            self._total -= self._spent.popleft()[1]
        return self.daily - self._total

    def spend(self, credits: int) -> None:
        """Take credits; ZohoError 429 when too few are left."""
        if self.remaining() < credits:
            raise ZohoError(429, "TOO_MANY_REQUESTS", CREDITS)
        self._spent.append((self.clock.now(), credits))
        self._total += credits

    def header(self) -> dict[str, str]:
        """X-API-CREDITS-REMAINING, once half of the credits are used."""
        left = self.remaining()
        return {"X-API-CREDITS-REMAINING": str(left)} if left * 2 <= self.daily else {}

    def admit(self, *, in_flight: int, heavy_in_flight: int) -> None:
        """ZohoError 429 when too many calls are running at once."""
        if in_flight > self.concurrent or heavy_in_flight > self.heavy:
            raise ZohoError(429, "TOO_MANY_REQUESTS", CONCURRENCY)
