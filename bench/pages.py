"""How long people wait for a page of the widget in a company of twenty thousand linked records.

What is measured is the whole answer of the HTTP interface, bearer check and JSON included, over
SQLite and without a network; no page asks either system anything.
"""

from __future__ import annotations

import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from backend.store.migrated import migrate
from backend.store.tables import Link, LogRow, Organisation
from bench import Figure
from tests.web.conftest import Person, Stage, staged

LINKS = 20_000
LOG_ROWS = 60_000
CUSTOMERS = 1_500
ROUNDS = 15
RECORD_MILLISECONDS = 200.0
BOARD_MILLISECONDS = 1_000.0
STATES = ("in_sync",) * 46 + ("conflict", "needs_attention", "excluded", "pending")
CURRENCIES = ("GBP", "GBP", "GBP", "EUR", "USD")


def measure() -> list[Figure]:
    """Median and worst waits for an invoice, a customer, a list of a hundred and the dashboard."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'pages.db'}"
        migrate(url)
        with staged(url) as stage:
            person = stage.sign_in(purpose="connect")
            person.connect_xero("Harbour & Vine Ltd")
            _fill(stage)
            chosen = ",".join(str(10**15 + n) for n in range(CUSTOMERS, CUSTOMERS + 100))
            calls = stage.world.log.count()
            figures = [
                *_waits(person, "an invoice's page", f"invoices/{10**15 + CUSTOMERS + 7}"),
                *_waits(person, "a customer's page with balance", f"accounts/{10**15 + 7}"),
                *_waits(person, "a hundred chosen records", f"invoices?ids={chosen}"),
                *_waits(person, "the dashboard", "", BOARD_MILLISECONDS),
            ]
            asked = stage.world.log.count() - calls
    told = "remote calls for all of these pages"
    return [*figures, Figure(what=told, value=asked, unit="calls", limit=0)]


def _waits(
    person: Person, what: str, path: str, limit: float = RECORD_MILLISECONDS
) -> list[Figure]:
    address = f"/api/records/{path}" if path else "/api/dashboard?zone=Europe/London"
    person.get(address)
    spent = sorted(_once(person, address) for _ in range(ROUNDS))
    named = f"{what}, {LINKS} links"
    return [
        Figure(what=f"{named}, median", value=statistics.median(spent), unit="ms", limit=limit),
        Figure(what=f"{named}, slowest of {ROUNDS}", value=spent[-1], unit="ms"),
    ]


def _once(person: Person, address: str) -> float:
    began = time.perf_counter()
    person.get(address)
    return 1000 * (time.perf_counter() - began)


def _fill(stage: Stage) -> None:
    """Customers with invoices in every state, and three weeks of log."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        home = {"org_id": org.id, "tenant_id": str(org.tenant_id)}
        session.add_all(Link(**home, **row) for row in _links(stage))
    with stage.sync.database.begin() as session:
        session.add_all(LogRow(**home, **row) for row in _log(stage))


def _links(stage: Stage) -> Iterator[dict[str, Any]]:
    now = stage.clock.at
    for n in range(LINKS):
        customer = n < CUSTOMERS
        yield {
            "module": "accounts" if customer else "invoices",
            "zoho_id": str(10**15 + n), "xero_id": f"x-{n}", "label": f"Record {n:05}",
            "state": STATES[n % len(STATES)], "checked_at": now, "agreed_at": now,
            "face": {"zoho": {"number": str(n)}} if customer else _face(stage, n),
            "base_zoho": dict.fromkeys(map(str, range(25)), "a value of some length"),
            "base_xero": dict.fromkeys(map(str, range(25)), "a value of some length"),
        }  # fmt: skip


def _face(stage: Stage, n: int) -> dict[str, Any]:
    today = stage.clock.at.date()
    paid = n % 3 == 0
    made, due = today - timedelta(days=n % 200), today + timedelta(days=30 - n % 200)
    day = (today - timedelta(days=n % 90)).isoformat()
    return {
        "zoho": {"number": f"INV-{n}", "total": "120.50", "currency": "GBP"},
        "xero": {"number": f"INV-{n}", "status": "PAID" if paid else "AUTHORISED"},
        "money": {
            "total": "120.50", "due": "0.00" if paid else f"{n % 900}.25",
            "currency": CURRENCIES[n % len(CURRENCIES)], "contact": f"x-{n % CUSTOMERS}",
            "contact_name": "A customer", "date": made.isoformat(), "due_date": due.isoformat(),
            "rows": [{"kind": "payment", "date": day, "amount": "120.50"}] if paid else [],
        },
    }  # fmt: skip


def _log(stage: Stage) -> Iterator[dict[str, Any]]:
    results = ("success",) * 8 + ("held", "failed")
    for n in range(LOG_ROWS):
        yield {
            "module": "invoices" if n % 4 else "accounts",
            "zoho_id": str(10**15 + n % LINKS),
            "status": results[n % len(results)],
            "at": stage.clock.at - timedelta(minutes=n // 2),
        }
