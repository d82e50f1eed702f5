"""The first sync of a thousand quotes and orders: remote calls, and seconds of our own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.modules import all_specs
from backend.sync import bulk
from bench import Figure
from bench.rig.meter import Spent
from bench.rig.stage import Stage, stage
from tests.sync.bridge import Bridge
from tests.sync.papers import crm_row, in_crm, xero_line

COUNT = 1_000
PARTNERS = 50
"""Customers or suppliers, and products; they are synced before the measuring begins."""
MOST_CALLS = 0.1


def measure(count: int = COUNT) -> list[Figure]:
    """Each kind of document from CRM, half of them further than a draft; quotes from Xero too."""
    figures = []
    for key in ("quotes", "sales_orders", "purchase_orders"):
        if set(all_specs()[key].depends_on) <= set(all_specs()):
            figures += _figures(f"{key} from CRM", count, *_measured(key, count, from_xero=False))
    return figures + _figures(
        "quotes from Xero", count, *_measured("quotes", count, from_xero=True)
    )


def _measured(key: str, count: int, *, from_xero: bool) -> tuple[Spent, Spent]:
    with stage() as staged:
        bridge = staged.bridge
        bridge.settings(**{key: {"enabled": True}}, sales_account="200", purchases_account="310")
        partners, products = _partners(bridge, key)
        if from_xero:
            _in_xero(bridge, count)
        else:
            _in_crm(bridge, key, count, partners, products)
        # Nobody previews within the second in which the last document was made.
        bridge.later(60)
        return _preview_and_run(staged, key, count)


def _partners(bridge: Bridge, key: str) -> tuple[list[str], list[str]]:
    products = [bridge.product(f"Product {n}", f"P-{n}") for n in range(PARTNERS)]
    if key == "purchase_orders":
        partners = [
            bridge.world.zoho.create("Vendors", {"Vendor_Name": f"Supplier {n:03}"})
            for n in range(PARTNERS)
        ]
    else:
        partners = [bridge.customer(f"Customer {n:03}") for n in range(PARTNERS)]
    bridge.run_all("vendors" if key == "purchase_orders" else "accounts")
    bridge.run_all("products")
    return partners, products


def _in_crm(bridge: Bridge, key: str, count: int, partners: list[str], products: list[str]) -> None:
    module = all_specs()[key].zoho.path
    later = {"quotes": ("Quote_Stage", "Delivered"), "purchase_orders": ("Status", "Approved")}
    for n in range(count):
        rows = [crm_row(products[(n + k) % PARTNERS], str(k + 1), "19.99") for k in range(3)]
        who = {"id": partners[n % PARTNERS]}
        party = "Vendor_Name" if key == "purchase_orders" else "Account_Name"
        more: dict[str, Any] = {party: who}
        if key in later and n % 2:
            more[later[key][0]] = later[key][1]
        in_crm(bridge, module, *rows, **more)


def _in_xero(bridge: Bridge, count: int) -> None:
    contacts = [row["ContactID"] for row in bridge.xero_all("Contacts")]
    for n in range(count):
        lines = [xero_line("19.99", ItemCode=f"P-{(n + k) % PARTNERS}") for k in range(3)]
        values = {
            "Contact": {"ContactID": contacts[n % PARTNERS]}, "Date": "2026-11-20",
            "LineItems": lines, "QuoteNumber": f"X-{n:05}", "CurrencyRate": Decimal(1),
        }  # fmt: skip
        bridge.world.xero.create(bridge.tenant, "Quotes", values)


def _preview_and_run(staged: Stage, key: str, count: int) -> tuple[Spent, Spent]:
    bridge = staged.bridge
    with staged.watch() as preview:
        bridge.run_preview(key)
    with staged.watch() as sync:
        run_id = bulk.start(
            bridge.sync, org_id=bridge.org_id, module=key, direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        done = bridge.finish(run_id)
    if done.created != count or done.failed or done.held:
        told = {name: getattr(done, name) for name in ("created", "held", "failed", "skipped")}
        raise AssertionError(f"the first sync did not create {count} {key}: {told}")
    return preview.spent, sync.spent


def _figures(which: str, count: int, previewed: Spent, ran: Spent) -> list[Figure]:
    return [
        Figure(
            what=f"{which}: calls per record, preview included",
            value=(previewed.calls + ran.calls) / count, unit="calls", limit=MOST_CALLS,
        ),
        Figure(
            what=f"{which}: our own time per record",
            value=1000 * (previewed.own_seconds + ran.own_seconds) / count, unit="ms",
        ),
    ]  # fmt: skip
