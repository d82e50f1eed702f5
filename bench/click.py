"""A person presses the button: how many remote calls, and how long we ourselves take."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from bench import Figure
from bench.rig.meter import Spent
from bench.rig.stage import Stage, fill, stage

COUNT = 60
MOST_CALLS = 3
MOST_MILLISECONDS = 50.0


def measure() -> list[Figure]:
    """Clicks on changed, unchanged and new records, on documents, and their own time."""
    with stage() as staged:
        bridge = staged.bridge
        fill(bridge, COUNT, from_xero=3)
        bridge.run_all()
        for _ in range(2):
            bridge.later(600)
            bridge.sweep()
        changed = _changed_customers(staged)
        calls = {name: _clicked(staged, *made(staged)).calls for name, made in KINDS.items()}
        bridge.later(1200)
        _clicked(staged, "accounts", bridge.customer("Lichen Paper"))  # renews both tokens
        stale = _clicked(staged, "accounts", bridge.customer("Willow & Sons")).calls
    return [
        Figure(
            what="linked customer changed in CRM",
            value=max(one.calls for one in changed), unit="calls", limit=MOST_CALLS,
        ),
        *(
            Figure(what=name, value=count, unit="calls", limit=LIMITS.get(name))
            for name, count in calls.items()
        ),
        Figure(what="new customer, last sweep 20 minutes ago", value=stale, unit="calls"),
        *_own(changed),
    ]  # fmt: skip


def _own(changed: list[Spent]) -> list[Figure]:
    wall = statistics.median(one.own_seconds for one in changed)
    processor = statistics.median(one.own_cpu for one in changed)
    return [
        Figure(
            what="our own time of a click, median",
            value=1000 * wall, unit="ms", limit=MOST_MILLISECONDS,
        ),
        Figure(
            what="of it on the processor; the rest waited for disk or for other programs",
            value=1000 * processor, unit="ms",
        ),
    ]  # fmt: skip


def _changed_customers(staged: Stage) -> list[Spent]:
    bridge, told = staged.bridge, []
    for number, row in enumerate(bridge.crm_all("Accounts")):
        bridge.world.zoho.edit("Accounts", row["id"], {"Phone": f"+44 20 7946 1{number:03}"})
        bridge.later(2)
        told.append(_clicked(staged, "accounts", row["id"]))
    return told


def _clicked(staged: Stage, module: str, record: str) -> Spent:
    with staged.watch() as watch:
        link = staged.bridge.click(module, record)
    if link.state != "in_sync":
        raise AssertionError(f"the click left {module} {link.state}: {link.message_key}")
    return watch.spent


def _unchanged(staged: Stage) -> tuple[str, str]:
    return "accounts", str(staged.bridge.crm_all("Accounts")[0]["id"])


def _new_customer(staged: Stage) -> tuple[str, str]:
    return "accounts", staged.bridge.customer("Rowan Bakery")


def _new_product(staged: Stage) -> tuple[str, str]:
    return "products", staged.bridge.product("Ash bench", "ASH-1")


def _new_invoice(staged: Stage) -> tuple[str, str]:
    bridge = staged.bridge
    customer = str(bridge.crm_all("Accounts")[0]["id"])
    product = str(bridge.crm_all("Products")[0]["id"])
    return "invoices", bridge.invoice(customer, (product, "2", "3.50"))


def _new_everything(staged: Stage) -> tuple[str, str]:
    bridge = staged.bridge
    customer, product = bridge.customer("Alder Inn"), bridge.product("Elm desk", "ELM-1")
    return "invoices", bridge.invoice(customer, (product, "2", "3.50"))


def _changed_invoice(staged: Stage) -> tuple[str, str]:
    bridge = staged.bridge
    invoice = str(bridge.world.zoho.find("Invoices", Subject="Autumn order")[0])
    bridge.world.zoho.edit("Invoices", invoice, {"Subject": "Winter order"})
    bridge.later(2)
    return "invoices", invoice


KINDS: dict[str, Callable[[Stage], tuple[str, str]]] = {
    "linked customer, unchanged": _unchanged,
    "new customer": _new_customer,
    "new product": _new_product,
    "new invoice of synced customer and product": _new_invoice,
    "linked invoice changed in CRM": _changed_invoice,
    "new invoice of a new customer and product": _new_everything,
}
LIMITS = {
    "linked customer, unchanged": 3,
    "new customer": 3,
    "new product": 3,
    "linked invoice changed in CRM": 3,
}
"""Only plain records have a promise; documents bring others along."""
