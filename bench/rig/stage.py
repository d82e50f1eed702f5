"""A connected product on a database of its own, metered, with as many records as asked for."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from backend.store.migrated import migrate
from bench.rig.meter import Meter, Watch
from simulator.world import World
from tests.sync.bridge import Bridge, connected


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The bridge and the meter its remote calls go through."""

    bridge: Bridge
    meter: Meter

    def watch(self) -> Watch:
        """Measure a piece of work: ``with stage.watch() as watch`` and then ``watch.spent``."""
        return Watch(meter=self.meter)


def metered(bridge: Bridge) -> Stage:
    """Put a meter in front of the bridge's transport."""
    meter = Meter(inner=bridge.sync.transport)
    bridge.sync.transport = meter
    return Stage(bridge=bridge, meter=meter)


@contextmanager
def stage() -> Iterator[Stage]:
    """An empty, connected world on a new SQLite file, gone afterwards."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        bridge = connected(World(), url)
        try:
            yield metered(bridge)
        finally:
            bridge.sync.database.dispose()


def fill(bridge: Bridge, count: int, *, from_xero: int = 0) -> None:
    """``count`` customers, products and invoices of three lines; every ``from_xero``-th of each
    exists in Xero only, all others in CRM only. 0: all of them in CRM."""
    crm = [n for n in range(count) if not from_xero or n % from_xero]
    xero = [n for n in range(count) if from_xero and n % from_xero == 0]
    _fill_crm(bridge, crm)
    _fill_xero(bridge, xero)


def _fill_crm(bridge: Bridge, numbers: list[int]) -> None:
    customers = [
        bridge.customer(
            f"Customer {n:05}", Phone=f"+44 20 7946 {n:04}", Billing_City="Leeds",
            Billing_Street=f"{n} Harbour Way",
        )
        for n in numbers
    ]  # fmt: skip
    products = [bridge.product(f"Product {n:05}", f"P-{n:05}") for n in numbers]
    for at, customer in enumerate(customers):
        lines = [(products[(at + k) % len(products)], str(k + 1), "19.99") for k in range(3)]
        bridge.invoice(customer, *lines)


def _fill_xero(bridge: Bridge, numbers: list[int]) -> None:
    world, tenant = bridge.world.xero, bridge.tenant
    contacts = [
        world.create(tenant, "Contacts", {"Name": f"Customer {n:05}", "IsCustomer": True})
        for n in numbers
    ]
    for n in numbers:
        world.create(tenant, "Items", item(n))
    for at, contact in enumerate(contacts):
        codes = [f"P-{numbers[(at + k) % len(numbers)]:05}" for k in range(3)]
        world.create(tenant, "Invoices", invoice(contact, numbers[at], codes))


def item(number: int) -> dict[str, object]:
    """A product as a person makes it in Xero."""
    return {
        "Code": f"P-{number:05}", "Name": f"Product {number:05}", "IsSold": True,
        "SalesDetails": {"UnitPrice": Decimal("19.99"), "AccountCode": "200"},
    }  # fmt: skip


def invoice(contact: str, number: int, codes: list[str]) -> dict[str, object]:
    """An approved sales invoice as a person makes it in Xero."""
    return {
        "Type": "ACCREC", "Status": "AUTHORISED", "Contact": {"ContactID": contact},
        "InvoiceNumber": f"X-{number:05}", "Date": "2026-11-02", "DueDate": "2026-12-02",
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {
                "ItemCode": code, "Description": code, "Quantity": Decimal(k + 1),
                "UnitAmount": Decimal("19.99"), "AccountCode": "200", "TaxType": "OUTPUT2",
            }
            for k, code in enumerate(codes)
        ],
    }  # fmt: skip
