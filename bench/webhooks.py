"""A thousand webhooks in a burst: how fast each is answered, and that each record is one job."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
import uuid

import psutil

from backend.store.live import WebhookNote
from backend.store.tables import Link
from bench import Figure
from bench.rig.clockwork import share
from bench.rig.web import city
from tests.chaos.town import WORKER, Town

BURST = 1_000
RECORDS = 200
"""Five events of each."""
AT_ONCE = 16
"""Requests under way at a time; Xero's deliveries are not that many."""


def measure() -> list[Figure]:
    """The production shape on one machine: two web processes of eight threads, one worker."""
    with city() as (made, port):
        return _measured(made, port)


def _measured(made: Town, port: int) -> list[Figure]:
    made.bridge.accept()
    ids = [str(uuid.uuid4()) for _ in range(RECORDS)]
    made.start(WORKER)
    time.sleep(3)
    began, busy = time.perf_counter(), _busy(made)
    seconds, statuses = _burst(made, port, ids)
    took, busy = time.perf_counter() - began, _busy(made) - busy
    followed = _followed(made)
    with made.bridge.sync.database.begin() as session:
        rows = session.query(Link).filter(Link.xero_id.in_(ids)).count()
    return [
        Figure(what=f"{BURST} webhooks, answered with 200", value=statuses, unit="answers"),
        Figure(
            what="answered, 99th percentile", value=1000 * share(seconds, 0.99), unit="ms",
            limit=250,
        ),
        Figure(what="answered, median", value=1000 * share(seconds, 0.5), unit="ms"),
        Figure(what="the whole burst", value=took, unit="s"),
        Figure(
            what="processor time of web and worker per answer", value=1000 * busy / BURST,
            unit="ms",
        ),
        Figure(what="jobs per record", value=rows / RECORDS, unit="jobs", limit=1),
        Figure(what="until the last was followed", value=followed, unit="s"),
    ]  # fmt: skip


def _busy(made: Town) -> float:
    """Processor seconds of every process of the product so far."""
    found = 0.0
    for process in made.processes:
        for each in [psutil.Process(process.pid), *psutil.Process(process.pid).children()]:
            times = each.cpu_times()
            found += times.user + times.system
    return found


def _burst(made: Town, port: int, ids: list[str]) -> tuple[list[float], int]:
    """Seconds of every answer, sorted, and how many were 200."""
    bodies = [_body(made, ids[n % RECORDS], n + 1) for n in range(BURST)]
    seconds: list[float] = []
    good, lock = [0], threading.Lock()

    def post(share_of: list[tuple[bytes, str]]) -> None:
        for body, signature in share_of:
            began = time.perf_counter()
            status = _post(port, body, signature)
            with lock:
                seconds.append(time.perf_counter() - began)
                good[0] += status == 200

    threads = [threading.Thread(target=post, args=[bodies[n::AT_ONCE]]) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(seconds), good[0]


def _post(port: int, body: bytes, signature: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"x-xero-signature": signature, "Content-Type": "application/json"}
    connection.request("POST", "/webhooks/xero", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _body(made: Town, record: str, number: int) -> tuple[bytes, str]:
    event = {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Contacts/{record}", "resourceId": record,
        "eventDateUtc": "2026-11-25T10:00:00.000", "eventType": "UPDATE",
        "eventCategory": "CONTACT", "tenantId": made.bridge.tenant, "tenantType": "ORGANISATION",
    }  # fmt: skip
    told = {"events": [event], "firstEventSequence": number, "lastEventSequence": number}
    body = json.dumps(told).encode()
    key = made.bridge.sync.settings.xero_webhook_key.encode()
    return body, base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def _followed(made: Town) -> float:
    """Seconds until no note is open any more; at most a minute."""
    began = time.perf_counter()
    while time.perf_counter() - began < 60:
        with made.bridge.sync.database.begin() as session:
            if not session.query(WebhookNote).filter(WebhookNote.open).count():
                break
        time.sleep(0.1)
    return time.perf_counter() - began
