"""A day in simulated time: remote calls take their time, people click, the schedule ticks.

One thread plays one worker. Whenever a remote call is made the clock moves on by what such a call
takes; what falls due meanwhile (a person's click, a tick of the schedule) happens at its moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import redis
from sqlalchemy import select

from backend.apis.budget import Budget
from backend.apis.http import Answer, Request, Transport
from backend.apis.limits import DEFAULT_LIMITS, xero_limits
from backend.core.spec import Side
from backend.store.tables import ClickRequest, Link, Organisation, Run
from backend.sync import requests as clicks
from backend.sync import runs, schedule, sweep
from backend.sync.drain import drain
from tests.sync.bridge import Bridge

CALL_SECONDS = 0.4
"""What a remote call takes; Xero's own pages speak of a few hundred milliseconds."""
TICK = timedelta(seconds=schedule.TICK_SECONDS)


@dataclass
class Slow:
    """A transport whose calls take simulated time."""

    inner: Transport
    spend: Callable[[float], None]

    def send(self, request: Request) -> Answer:
        """The answer, a moment later."""
        self.spend(CALL_SECONDS)
        return self.inner.send(request)


@dataclass(kw_only=True)
class Pressed:
    """One click: when, which request, and what the person was told when it could not be done."""

    at: datetime
    request: str
    parked_until: datetime | None = None
    done_at: datetime | None = None


@dataclass(kw_only=True)
class Day:
    """The product under Xero's limits, and a person who clicks at a steady pace.

    With ``redis`` calls are counted there, as all workers of an installation do; without it the
    one worker counts by itself.
    """

    bridge: Bridge
    accounts: list[str]
    redis: redis.Redis | None = None
    click_every: timedelta = timedelta(minutes=1)
    tick: timedelta = TICK
    pressed: list[Pressed] = field(default_factory=list)
    ends_of_day: list[datetime] = field(default_factory=list)
    """When the organisation was told its day is spent until."""
    next_click: datetime = field(init=False)
    _open: dict[str, list[Pressed]] = field(default_factory=dict)
    """Presses not answered yet, by request; people who press the same button share one."""
    _looked: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Put the limits, the clock and the slowness in place."""
        bridge, clock = self.bridge, self.bridge.world.clock
        clock.freeze(clock.now().replace(microsecond=0))
        self.next_click = clock.now() + self.click_every
        self._looked = clock.now()
        switches = bridge.world.switches
        switches.xero_minute_limit, switches.xero_day_limit = 60, 1000
        switches.xero_concurrent_limit = 5
        limits = {**DEFAULT_LIMITS, Side.XERO: xero_limits()}
        bridge.sync.budget = Budget(
            self.redis, limits=limits, clock=lambda: clock.now().timestamp(),
            alone=self.redis is None, simulated=True,
        )  # fmt: skip
        bridge.sync.sleep = self.spend
        bridge.sync.transport = Slow(bridge.sync.transport, self.spend)

    def spend(self, seconds: float) -> None:
        """Let time pass; clicks fall due meanwhile."""
        clock = self.bridge.world.clock
        ends = clock.now() + timedelta(seconds=seconds)
        while self.next_click <= ends:
            clock.freeze(max(clock.now(), self.next_click))
            self._click()
            self.next_click += self.click_every
        clock.freeze(max(clock.now(), ends))

    def sleep_until(self, at: datetime) -> None:
        """Let time pass in which nobody clicks and nothing happens."""
        self.bridge.world.clock.freeze(max(self.bridge.world.clock.now(), at))
        self.next_click = max(self.next_click, self.bridge.world.clock.now())

    def run(self, hours: float, *, enough: Callable[[], bool] | None = None) -> None:
        """Live for so many hours, or until it is enough."""
        bridge, clock = self.bridge, self.bridge.world.clock
        ends = clock.now() + timedelta(hours=hours)
        next_tick = clock.now()
        while clock.now() < ends and not (enough and enough()):
            if self._work():
                continue
            if clock.now() >= next_tick:
                self._tick()
                next_tick = clock.now() + self.tick
            elif bridge.nudges:
                continue
            else:
                wait = min(next_tick, self.next_click) - clock.now()
                self.spend(max(0.0, wait.total_seconds()))

    def _work(self) -> bool:
        """Follow one nudge, clicks first; whether there was one."""
        bridge = self.bridge
        waiting = sorted(set(bridge.nudges), key=lambda nudge: nudge[1] != "click")
        bridge.nudges.clear()
        if not waiting:
            return False
        result = drain(bridge.sync, bridge.org_id)
        if not result.only_clicks:
            runs.advance(bridge.sync, bridge.org_id)
        self._look()
        return True

    def _tick(self) -> None:
        schedule.nudge_waiting(self.bridge.sync)
        if schedule.put_sweeps(self.bridge.sync):
            sweep.sweep(self.bridge.sync, self.bridge.org_id, scheduled=True)
        self._look()

    def _click(self) -> None:
        """Somebody changes a customer's telephone number in CRM and presses the button."""
        bridge = self.bridge
        account = self.accounts[len(self.pressed) % len(self.accounts)]
        bridge.world.zoho.edit("Accounts", account, {"Phone": f"07946 {len(self.pressed):06}"})
        request = clicks.click(
            bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=account,
            direction="both", by="Ana",
        )  # fmt: skip
        pressed = Pressed(at=bridge.sync.clock(), request=request)
        self.pressed.append(pressed)
        self._open.setdefault(request, []).append(pressed)

    def _look(self) -> None:
        """What the page of each pressed button shows now."""
        bridge, now = self.bridge, self.bridge.sync.clock()
        mine = (ClickRequest.org_id == bridge.org_id, ClickRequest.finished_at >= self._looked)
        with bridge.sync.database.begin() as session:
            org = session.get_one(Organisation, bridge.org_id)
            until = org.clicks_paused_until if org.pause_key == "rate_day" else None
            ended = session.execute(select(ClickRequest.id, ClickRequest.finished_at).where(*mine))
            for request, at in ended.all():
                for each in self._open.pop(request, ()):
                    each.done_at = at
        self._looked = now
        if until is not None and until > now:
            self._tell_end(until)
            for each in (one for pressed in self._open.values() for one in pressed):
                each.parked_until = each.parked_until or until

    def _tell_end(self, until: datetime) -> None:
        if not self.ends_of_day or abs(self.ends_of_day[-1] - until) > TICK:
            self.ends_of_day.append(until)

    def stop_clicking(self) -> None:
        """Everybody goes home; what was pressed stays pressed."""
        self.click_every = timedelta(days=3650)
        self.next_click = self.bridge.sync.clock() + self.click_every

    # --- what came of it ------------------------------------------------------------------------

    def waits(self) -> list[float]:
        """Seconds until each click was confirmed, of those that were not parked."""
        found = [
            (one.done_at - one.at).total_seconds()
            for one in self.pressed
            if one.done_at is not None and one.parked_until is None
        ]
        return sorted(found)

    def unanswered(self) -> list[Pressed]:
        """Clicks whose request has not ended."""
        return [one for pressed in self._open.values() for one in pressed]

    def refusals(self) -> int:
        """How often Xero had to refuse us for calling too much."""
        return sum(entry.status == 429 for entry in self.bridge.world.log.entries(side="xero"))

    def pending(self) -> int:
        """Records that still wait."""
        with self.bridge.sync.database.begin() as session:
            return len(session.scalars(select(Link.id).where(Link.pending > 0)).all())

    def run_is_over(self, run_id: str) -> bool:
        """Whether a bulk run has ended."""
        with self.bridge.sync.database.begin() as session:
            return session.get_one(Run, run_id).state not in ("queued", "reading", "running")


def share(sorted_values: list[float], part: float) -> float:
    """The value below which that part of them lies; 0 for none."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(part * len(sorted_values)))]
