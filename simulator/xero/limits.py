"""Xero's rate limits: fixed windows per organisation and one for the whole application.

Source: developer.xero.com/documentation/oauth2/limits; 60 a minute, a daily allowance by tier,
5 in progress, 10,000 a minute for the application. Retry-After comes with minute and day only.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from simulator.faults import Fault, Kind
from simulator.xero.errors import ApiError

if TYPE_CHECKING:
    from simulator.world import World

MINUTE, DAY = 60, 86_400


@dataclass
class Window:
    """Calls counted in a fixed window of `seconds` that starts at `offset`."""

    seconds: int
    offset: int = 0
    number: int = -1
    used: int = 0

    def roll(self, now: datetime) -> None:
        """Start counting again when a new window has begun."""
        number = int((now.timestamp() - self.offset) // self.seconds)
        if number != self.number:
            self.number, self.used = number, 0

    def wait(self, now: datetime) -> int:
        """Whole seconds until the next window."""
        into = (now.timestamp() - self.offset) % self.seconds
        return max(1, int(self.seconds - into + 0.999))


@dataclass
class TenantWindows:
    """The two windows of one organisation; they end at moments of its own."""

    tenant: str
    minute: Window = field(init=False)
    day: Window = field(init=False)

    def __post_init__(self) -> None:
        """Derive the offsets from the tenant id."""
        seed = zlib.crc32(self.tenant.encode())
        self.minute = Window(MINUTE, seed % MINUTE)
        self.day = Window(DAY, seed % DAY)


class Limits:
    """Counts the calls of every organisation and refuses the ones too many."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._tenants: dict[str, TenantWindows] = {}
        self._app = Window(MINUTE)

    def windows(self, tenant: str) -> TenantWindows:
        """The windows of one organisation, rolled to the present."""
        found = self._tenants.setdefault(tenant, TenantWindows(tenant))
        now = self.world.clock.now()
        for window in (found.minute, found.day, self._app):
            window.roll(now)
        return found

    def count(self, tenant: str, in_flight: int) -> None:
        """Count one call; ApiError 429 when it is one too many (it is not counted then)."""
        switches = self.world.switches
        windows = self.windows(tenant)
        if windows.day.used >= switches.xero_day_limit:
            raise self.refusal("day", windows)
        if windows.minute.used >= switches.xero_minute_limit:
            raise self.refusal("minute", windows)
        if in_flight > switches.xero_concurrent_limit:
            raise self.refusal("concurrent", windows)
        if self._app.used >= switches.xero_app_minute_limit:
            raise self.refusal(switches.xero_app_limit_problem, windows)
        windows.day.used += 1
        windows.minute.used += 1
        self._app.used += 1

    def simulated(self, tenant: str, fault: Fault) -> ApiError | None:
        """The 429 a switched-on fault asks for."""
        windows = self.windows(tenant)
        problem = {
            Kind.MINUTE_LIMIT: "minute",
            Kind.DAY_LIMIT: "day",
            Kind.CONCURRENT_LIMIT: "concurrent",
            Kind.APP_LIMIT: self.world.switches.xero_app_limit_problem,
        }.get(Kind(fault.kind))
        if problem is None:
            return None
        if problem == "day":
            windows.day.used = self.world.switches.xero_day_limit
        if problem == "minute":
            windows.minute.used = self.world.switches.xero_minute_limit
        return self.refusal(problem, windows, seconds=int(fault.seconds))

    def refusal(self, problem: str, windows: TenantWindows, seconds: int = 0) -> ApiError:
        """HTTP 429 as Xero words it."""
        headers = {"X-Rate-Limit-Problem": problem}
        now = self.world.clock.now()
        if problem == "minute":
            headers["Retry-After"] = str(seconds or windows.minute.wait(now))
        elif problem == "day":
            headers["Retry-After"] = str(seconds or windows.day.wait(now))
        return ApiError(429, "", headers=headers)

    def headers(self, tenant: str) -> dict[str, str]:
        """What is left, on every answer of the API."""
        switches, windows = self.world.switches, self.windows(tenant)
        left = {
            "X-DayLimit-Remaining": switches.xero_day_limit - windows.day.used,
            "X-MinLimit-Remaining": switches.xero_minute_limit - windows.minute.used,
            "X-AppMinLimit-Remaining": switches.xero_app_minute_limit - self._app.used,
        }
        return {name: str(max(0, count)) for name, count in left.items()}
