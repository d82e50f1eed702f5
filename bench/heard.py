"""How long after a change in Xero CRM shows it, when there is nothing else to be done.

Web, worker and both systems are processes and sockets of their own. Every remote call takes 0.4 s
longer than it would here, which is what the vendors' own pages speak of.
"""

from __future__ import annotations

import time

from backend.store.tables import Link
from bench import Figure
from bench.rig.clockwork import CALL_SECONDS, share
from bench.rig.web import city
from simulator.faults import Fault
from tests.chaos.town import WORKER, Town

CHANGES = 15
LONGEST = 60.0
MOST_SECONDS = 5.0
PAUSE = 2.0
"""Seconds between two changes, so that each finds a system at rest."""


def measure() -> list[Figure]:
    """From a person's edit in Xero, over its webhook, to the record in CRM."""
    with city() as (made, port):
        return _measured(made, port)


def _measured(made: Town, port: int) -> list[Figure]:
    bridge, world = made.bridge, made.world
    account, contact = _linked(made)
    made.start(WORKER)
    key = bridge.sync.settings.xero_webhook_key
    world.xero.events.configure(f"http://127.0.0.1:{port}/webhooks/xero", key)
    world.webhooks.start(0.05)
    time.sleep(4)
    for side in ("xero", "zoho"):
        slow = Fault(side=side, kind="slow", match=".*", times=None, seconds=CALL_SECONDS)
        world.faults.add(slow)
    try:
        seconds = [_crossed(made, account, contact, f"Kestrel {n}") for n in range(CHANGES)]
    finally:
        world.webhooks.stop()
        world.faults.clear()
    return _figures("a change in Xero, told by webhook, shown in CRM", sorted(seconds))


def _linked(made: Town) -> tuple[str, str]:
    """One customer on both sides: the ids."""
    made.bridge.accept()
    account = made.bridge.customer("Kestrel")
    link: Link = made.bridge.click("accounts", account)
    return account, str(link.xero_id)


def _crossed(made: Town, account: str, contact: str, name: str) -> float:
    """Seconds from a new name in Xero to the moment CRM shows it."""
    bridge = made.bridge
    time.sleep(PAUSE)
    began = time.perf_counter()
    made.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": name})
    while bridge.crm("Accounts", account)["Account_Name"] != name:
        if time.perf_counter() - began > LONGEST:
            raise TimeoutError(f"{name} did not cross")
        time.sleep(0.02)
    return time.perf_counter() - began


def _figures(what: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(what=f"{what}: median", value=share(seconds, 0.5), unit="s", limit=MOST_SECONDS),
        Figure(what=f"{what}: slowest of {CHANGES}", value=seconds[-1], unit="s"),
    ]
