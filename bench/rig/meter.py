"""A transport that counts calls by endpoint and knows how long the remote side kept us."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from backend.apis.http import Answer, Request, Transport

_NUMBER = re.compile(r"\d{6,}")
_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")


@dataclass(kw_only=True)
class Meter:
    """Carries requests through ``inner``; ``seconds`` and ``cpu`` passed inside of it."""

    inner: Transport
    calls: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    by: Counter[str] = field(default_factory=Counter)

    def send(self, request: Request) -> Answer:
        """The inner transport's answer, or its error, counted either way."""
        self.calls += 1
        self.by[endpoint(request)] += 1
        began, cpu = time.perf_counter(), time.thread_time()
        try:
            return self.inner.send(request)
        finally:
            self.seconds += time.perf_counter() - began
            self.cpu += time.thread_time() - cpu


def endpoint(request: Request) -> str:
    """Side, method and path with ids taken out, such as ``xero PUT Contacts``."""
    path = urlsplit(request.url).path
    for prefix in ("/api.xro/2.0/", "/crm/v8/"):
        path = path.removeprefix(prefix)
    path = _GUID.sub("{id}", _NUMBER.sub("{id}", path))
    return f"{request.side or 'login'} {request.method} {path}"


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What one piece of work took: remote calls, and seconds that were ours alone."""

    calls: int
    own_seconds: float
    own_cpu: float
    by: dict[str, int]


@dataclass(kw_only=True)
class Watch:
    """Measures what happens between ``with`` and its end."""

    meter: Meter
    spent: Spent = field(init=False)

    def __enter__(self) -> Watch:
        meter = self.meter
        self._before = (meter.calls, meter.seconds, meter.cpu, Counter(meter.by))
        self._began, self._cpu = time.perf_counter(), time.thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        seconds, cpu = time.perf_counter() - self._began, time.thread_time() - self._cpu
        calls, remote, remote_cpu, by = self._before
        self.spent = Spent(
            calls=self.meter.calls - calls,
            own_seconds=seconds - (self.meter.seconds - remote),
            own_cpu=cpu - (self.meter.cpu - remote_cpu),
            by=dict(self.meter.by - by),
        )
