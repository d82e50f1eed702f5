"""Delivery of events to the product, with everything that goes wrong on the way.

Each side hands over finished requests (`send`) or registers a source that bundles its events when
delivery happens (`add_source`). `deliver` posts what is due: a background thread calls it in server
mode, a test calls it when it wants the events to arrive.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

import requests

from simulator.clock import Clock

# Xero waits five seconds for an answer (developer.xero.com webhooks, configuring your server).
TIMEOUT_SECONDS = 5.0
# After an immediate second try Xero repeats every 15 minutes for up to 24 hours.
RETRY_SECONDS = 900
GIVE_UP_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One POST that is to be made. `retry`: repeat it until it is answered with 200."""

    side: str
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    forged_headers: Mapping[str, str] | None = None
    due: datetime | None = None
    first_tried: datetime | None = None
    attempts: int = 0
    retry: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one POST; `status` 0 when nobody answered."""

    side: str
    url: str
    body: bytes
    status: int
    answer: bytes = b""


@dataclass(kw_only=True)
class Troubles:
    """What goes wrong on the way; 0 means never, n means every n-th delivery."""

    lose_every: int = 0
    double_every: int = 0
    forge_every: int = 0
    reorder: bool = False
    delay_seconds: float = 0.0

    def apply(self, values: dict[str, Any]) -> None:
        """Set some of the fields; ValueError names an unknown one or a wrong type."""
        known = {f.name: type(f.default) for f in fields(self)}
        for name, value in values.items():
            accepted = {known.get(name), int} if known.get(name) is float else {known.get(name)}
            if name not in known or type(value) not in accepted:
                raise ValueError(f"unknown or wrong webhook trouble {name!r}")
        for name, value in values.items():
            setattr(self, name, value)


class Sender:
    """The outgoing post of both sides; safe to use from many threads.

    `session` may be given a mounted `WSGITransport` so that no socket is needed.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.session = requests.Session()
        self.session.trust_env = False
        self.troubles = Troubles()
        self.receipts: list[Receipt] = []
        self._lock = threading.Lock()
        self._waiting: list[Delivery] = []
        self._sources: list[Callable[[], list[Delivery]]] = []
        self._sent = 0
        self._stop: threading.Event | None = None

    def send(self, delivery: Delivery) -> None:
        """Put one request into the outgoing post."""
        with self._lock:
            self._waiting.append(delivery)

    def add_source(self, source: Callable[[], list[Delivery]]) -> None:
        """Ask `source` for its bundled events at every delivery."""
        self._sources.append(source)

    def waiting(self) -> int:
        """How many requests are in the post, whether due or not."""
        with self._lock:
            return len(self._waiting)

    def deliver(self) -> list[Receipt]:
        """Post everything that is due and return what became of it."""
        for source in self._sources:
            for delivery in source():
                self.send(delivery)
        receipts = [self._post(delivery) for delivery in self._due()]
        self.receipts.extend(receipts)
        del self.receipts[:-10_000]
        return receipts

    def forget(self) -> int:
        """Throw the whole post away, as in an outage; returns how many were lost."""
        for source in self._sources:
            source()
        with self._lock:
            lost = len(self._waiting)
            self._waiting.clear()
            return lost

    def start(self, every_seconds: float = 0.2) -> None:
        """Deliver in the background until `stop`."""
        stop = self._stop = threading.Event()

        def run() -> None:
            while not stop.wait(every_seconds):
                self.deliver()

        threading.Thread(target=run, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        """End the background delivery."""
        if self._stop is not None:
            self._stop.set()

    def _due(self) -> list[Delivery]:
        now = self.clock.now()
        with self._lock:
            fresh = [d for d in self._waiting if d.due is None]
            due = [d for d in self._waiting if d.due is not None and d.due <= now]
            later = [d for d in self._waiting if d.due is not None and d.due > now]
            for delivery in fresh:
                for copy in self._troubled(delivery):
                    (later if copy.due is not None and copy.due > now else due).append(copy)
            self._waiting = later
        if self.troubles.reorder:
            random.Random(len(due)).shuffle(due)
        return due

    def _troubled(self, delivery: Delivery) -> list[Delivery]:
        """None, one or two copies of a fresh delivery, perhaps forged, perhaps later."""
        self._sent += 1
        trouble = self.troubles
        if trouble.lose_every and self._sent % trouble.lose_every == 0:
            return []
        if trouble.forge_every and self._sent % trouble.forge_every == 0:
            forged = delivery.forged_headers or delivery.headers
            delivery = replace(delivery, headers=forged, retry=False)
        due = self.clock.now() + timedelta(seconds=trouble.delay_seconds)
        doubled = trouble.double_every and self._sent % trouble.double_every == 0
        return [replace(delivery, due=due)] * (2 if doubled else 1)

    def _post(self, delivery: Delivery) -> Receipt:
        try:
            answer = self.session.post(
                delivery.url,
                data=delivery.body,
                headers=dict(delivery.headers),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            status, content = answer.status_code, answer.content
        except requests.RequestException:
            status, content = 0, b""
        if delivery.retry and status != 200:
            self._again(delivery)
        return Receipt(
            side=delivery.side,
            url=delivery.url,
            body=delivery.body,
            status=status,
            answer=content,
        )

    def _again(self, delivery: Delivery) -> None:
        now = self.clock.now()
        first = delivery.first_tried or now
        if (now - first).total_seconds() >= GIVE_UP_SECONDS:
            return
        wait = RETRY_SECONDS if delivery.attempts else 0
        self.send(
            replace(
                delivery,
                due=now + timedelta(seconds=wait),
                first_tried=first,
                attempts=delivery.attempts + 1,
            )
        )
