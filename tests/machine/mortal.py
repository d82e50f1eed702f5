"""A worker that can die at any write: nothing it meant to do afterwards happens."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from backend.apis.budget import Budget
from backend.apis.http import Answer, Request
from backend.apis.limits import DEFAULT_LIMITS
from backend.core.spec import Side
from backend.sync.heartbeat import LEASE_SECONDS
from tests.sync.bridge import Bridge


class Crash(BaseException):
    """The process is gone. Not an Exception: no product code may catch it."""


class Moment(StrEnum):
    """When the worker dies, counted in writing requests."""

    UNSENT = "before the request is sent"
    UNREAD = "after it was processed, before its answer is read"
    UNCOMMITTED = "after the answer, before what was learnt is committed"
    COMMITTED = "just after what was learnt is committed"


@dataclass(kw_only=True)
class Fate:
    """When the worker dies, and whether it has."""

    after: int | None = None
    """How many writing requests go well first; None lets the worker live."""
    moment: Moment = Moment.UNSENT
    dead: bool = False
    doomed: bool = False
    writes: list[str] = field(default_factory=list)

    def arm(self, after: int, moment: Moment) -> None:
        """Die at the writing request that follows ``after`` others."""
        self.after, self.moment = after, moment

    def check(self) -> None:
        """A dead worker does nothing more, not even in its ``finally`` clauses."""
        if self.dead:
            raise Crash

    def die(self) -> None:
        """End here."""
        self.dead = True
        raise Crash


class MortalTransport:
    """Carries requests until its worker dies."""

    def __init__(self, inner: Any, fate: Fate) -> None:
        self.inner, self.fate = inner, fate

    @property
    def calls(self) -> int:
        """How many requests went out."""
        return int(self.inner.calls)

    def send(self, request: Request) -> Answer:
        """The answer, or the end of this worker."""
        fate = self.fate
        fate.check()
        if not is_write(request):
            return self.inner.send(request)  # type: ignore[no-any-return]
        fate.writes.append(f"{request.method} {request.url}")
        now = fate.after == 0
        fate.after = None if fate.after in {None, 0} else fate.after - 1
        if now and fate.moment is Moment.UNSENT:
            fate.die()
        answer: Answer = self.inner.send(request)
        if now and fate.moment is Moment.UNREAD:
            fate.die()
        fate.doomed = now
        return answer


def is_write(request: Request) -> bool:
    """Whether a request changes something in Xero or CRM."""
    reads = ("/coql", "/oauth/", "/connect/")
    return request.method != "GET" and not any(each in request.url for each in reads)


class MortalDatabase:
    """Runs transactions until its worker dies."""

    def __init__(self, inner: Any, fate: Fate) -> None:
        self.inner, self.fate = inner, fate

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction, which a dying worker does not commit."""
        if threading.current_thread() is not threading.main_thread():
            with self.inner.begin() as session:  # a heartbeat, which ends with its worker
                yield session
            return
        self.fate.check()
        with self.inner.begin() as session:
            yield session
            if self.fate.doomed and self.fate.moment is Moment.UNCOMMITTED:
                self.fate.die()
        if self.fate.doomed:
            self.fate.die()

    def dispose(self) -> None:
        """Close every connection."""
        self.inner.dispose()


def mortal(bridge: Bridge) -> Fate:
    """Let the bridge's worker die when its fate says so."""
    fate = Fate()
    bridge.sync.transport = MortalTransport(bridge.sync.transport, fate)
    bridge.sync.database = MortalDatabase(bridge.sync.database, fate)  # type: ignore[assignment]
    return fate


def fresh_budget(bridge: Bridge) -> Budget:
    """What a new process starts with: no call of the dead one counts as under way."""
    settings = bridge.sync.settings
    xero = replace(
        DEFAULT_LIMITS[Side.XERO],
        minute=settings.xero_calls_per_minute,
        day=settings.xero_calls_per_day,
    )
    return Budget(limits={**DEFAULT_LIMITS, Side.XERO: xero})


def restart(bridge: Bridge, fate: Fate, *, seconds: float = LEASE_SECONDS + 1) -> None:
    """A new worker, once the dead one's lease is over."""
    fate.dead, fate.doomed, fate.after = False, False, None
    bridge.sync.owner = uuid.uuid4().hex
    bridge.sync.budget = fresh_budget(bridge)
    bridge.later(seconds)
