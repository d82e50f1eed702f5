"""Everything at once: two workers, web, cron and Redis, killed at random while people click."""

from __future__ import annotations

import contextlib
import random
import secrets
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import requests

from backend.store.tables import Link, LogRow, UserSession
from backend.web.tokens import Signer
from dev_tools.ports import free_port, wait_for_port
from dev_tools.redis_server import redis_binary, start_redis
from simulator.faults import Fault
from tests.chaos.town import CRON, WORKER, Town, kill, town

KINDS = (("Contacts", "Accounts"), ("Items", "Products"), ("Invoices", "Invoices"))


@dataclass
class Storm:
    """A town under way, its Redis on a file of its own, and who clicks."""

    made: Town
    folder: Path
    chance: random.Random
    redis_process: subprocess.Popen[bytes]
    redis_port: int
    web_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    clicks: Counter[str] = field(default_factory=Counter)

    def start(self, name: str) -> None:
        """Start one process of the product, or start it again."""
        if name == "redis":
            command = [redis_binary(), str(self.folder / "redis.conf")]
            self.redis_process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            wait_for_port(self.redis_port, seconds=20, what="Redis")
        elif name == "web":
            self.running[name] = self.made.start(
                "gunicorn", "-k", "gthread", "-w", "1", "--threads", "4", "--bind",
                f"127.0.0.1:{self.web_port}", "backend.wsgi:app",
            )  # fmt: skip
        else:
            self.running[name] = self.made.start(CRON if name == "cron" else WORKER)

    def kill(self, name: str) -> None:
        """End one process as a power cut would."""
        kill(self.redis_process if name == "redis" else self.running[name])

    def keep_alive(self) -> None:
        """What a supervisor does: whoever ended, whatever for, is started again."""
        if self.redis_process.poll() is not None:
            self.start("redis")
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def rage(self, kills: int) -> None:
        """Kill something at a random moment, ``kills`` times."""
        victims = ["first", "second", "redis", "web"]
        self.chance.shuffle(victims)
        for number in range(kills):
            time.sleep(self.chance.uniform(0.3, 2.5))
            self.kill(victims[number % len(victims)])
            time.sleep(self.chance.uniform(0.0, 0.5))
            self.keep_alive()

    def wait_for_a_click(self, *, seconds: float) -> None:
        """Wait until somebody's click was taken by a page that came back."""
        until = time.monotonic() + seconds
        while not self.clicks["202"] and time.monotonic() < until:
            self.keep_alive()
            time.sleep(0.2)

    def settle(self, run_id: str, *, seconds: float) -> str:
        """Wait until the run is over and nothing waits any more; the run's state."""
        until = time.monotonic() + seconds
        state = ""
        while time.monotonic() < until:
            self.keep_alive()
            state = self.made.ended(run_id, seconds=2)
            if state == "done" and self._waiting() == 0:
                break
        return state

    def _waiting(self) -> int:
        with self.made.bridge.sync.database.begin() as session:
            return session.query(Link).filter(Link.pending > 0, Link.active).count()


@contextlib.contextmanager
def storm(database_url: str, folder: Path, *, seed: int) -> Iterator[Storm]:
    """A town with a Redis that may be killed, and every process of the product running."""
    server = start_redis(folder / "redis", durable=True)
    with town(database_url, server.url, folder / "log", RETRY_SECONDS="1,2") as made:
        raging = Storm(
            made=made, folder=folder / "redis", chance=random.Random(seed),
            redis_process=server.process, redis_port=server.port,
        )  # fmt: skip
        try:
            for name in ("web", "cron", "first", "second"):
                raging.start(name)
            yield raging
        finally:
            kill(raging.redis_process)


@contextlib.contextmanager
def clicking(raging: Storm, accounts: list[str]) -> Iterator[None]:
    """Somebody presses *Sync* on one record after the other, whether or not the page answers."""
    over, bearer = threading.Event(), _bearer(raging)

    def press() -> None:
        while not over.wait(0.25):
            record = raging.chance.choice(accounts)
            address = f"http://127.0.0.1:{raging.web_port}/api/records/accounts/{record}/sync"
            try:
                answer = requests.post(
                    address, json={}, headers={"Authorization": f"Bearer {bearer}"}, timeout=5
                )
                raging.clicks[str(answer.status_code)] += 1
            except requests.RequestException:
                raging.clicks["unanswered"] += 1

    person = threading.Thread(target=press, daemon=True)
    person.start()
    try:
        yield
    finally:
        over.set()
        person.join(timeout=10)


def _bearer(raging: Storm) -> str:
    bridge = raging.made.bridge
    now = bridge.sync.clock()
    with bridge.sync.database.begin() as session:
        person = UserSession(
            org_id=bridge.org_id, user={"id": "1", "name": "Ana", "admin": True},
            refresh_hash=secrets.token_hex(32), expires_at=now + timedelta(days=1),
        )  # fmt: skip
        session.add(person)
        session.flush()
        signer = Signer(bridge.sync.settings.secret_key)
        return signer.bearer(session_id=person.id, org_id=bridge.org_id, now=now)


def filled(made: Town, records: int) -> list[str]:
    """So many customers, products and invoices in CRM; the customers."""
    bridge = made.bridge
    accounts = [bridge.customer(f"Customer {n:04}") for n in range(records)]
    products = [bridge.product(f"Product {n:04}", f"P-{n:04}") for n in range(records)]
    for n in range(records):
        bridge.invoice(accounts[n], (products[n], "2", "12.50"))
    return accounts


def missing_or_doubled(made: Town, records: int) -> list[str]:
    """Everything that is not exactly there once, on either side."""
    wrong = []
    for entity, module in KINDS:
        there = len(made.bridge.xero_all(entity))
        if there != records:
            wrong.append(f"{there} {entity} instead of {records}")
        rows = made.bridge.crm_all(module)
        marks = Counter(row.get("Xero_ID") for row in rows)
        if len(rows) != records or None in marks or set(marks.values()) != {1}:
            wrong.append(f"{module}: {len(rows)} records, {marks[None]} without a partner")
    return wrong


def untold_or_told_twice(made: Town) -> list[str]:
    """Creates the log does not tell of exactly once, and records whose log has no row at all."""
    with made.bridge.sync.database.begin() as session:
        labels = {row.id: f"{row.module} {row.label}" for row in session.query(Link)}
        rows = session.query(LogRow.link_id, LogRow.status, LogRow.operation, LogRow.direction)
        told = Counter(
            link for link, *what in rows if tuple(what) == ("success", "create", "to_xero")
        )
    counts = {label: told[link] for link, label in labels.items()}
    return [f"the log tells {n} times that {of} was made" for of, n in counts.items() if n != 1]


def rerun(made: Town) -> int:
    """How many writes a later sweep by one worker makes."""
    made.bridge.later(700)
    before = len(made.bridge.writes())
    made.bridge.sweep()
    return len(made.bridge.writes()) - before


def weather(
    database_url: str, folder: Path, *, records: int, kills: int, lost: bool, seed: int
) -> tuple[list[str], int]:
    """One whole storm: what is wrong afterwards, and how many writes a rerun makes."""
    folder.mkdir(parents=True, exist_ok=True)
    with storm(database_url, folder, seed=seed) as raging:
        made = raging.made
        made.bridge.settings(attempts=50 if lost else 3)
        accounts = filled(made, records)
        run_id = made.run()
        if lost:
            for side in ("xero", "zoho"):
                made.world.faults.add(
                    Fault(side=side, kind="reset_after", match="(POST|PUT) .*/(api.xro|crm)/.*",
                          times=None, every=10)
                )  # fmt: skip
        longest = max(240.0, records / 2)
        with clicking(raging, accounts):
            raging.rage(kills)
            raging.wait_for_a_click(seconds=longest)
        state = raging.settle(run_id, seconds=longest)
        made.world.faults.clear()
        for name in list(raging.running):
            raging.kill(name)
        wrong = missing_or_doubled(made, records) + untold_or_told_twice(made)
        if state != "done":
            wrong.append(f"the run is {state}")
        if not raging.clicks["202"]:
            wrong.append(f"no click was taken: {raging.clicks}")
        made.bridge.sync.enqueue = None
        return wrong, rerun(made)
