"""A company whose records are all linked already, with its simulators on real sockets."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from backend.core.plan import values_of
from backend.core.spec import ModuleSpec, Raw, Side
from backend.modules import all_specs
from backend.settings import Settings
from backend.store.migrated import migrate
from backend.store.tables import Link, ModuleState
from backend.sync import turn as turns
from backend.sync.tell import encoded
from bench.rig.stage import item
from simulator.server import serve
from simulator.world import World
from simulator.xero.app import create_app as xero_app
from simulator.zoho.app import create_app as zoho_app
from tests.sync.bridge import Bridge, connected

AHEAD = timedelta(hours=1)
"""How long after the records were made the worker lives."""


@contextmanager
def company(records: int) -> Iterator[tuple[Settings, str, timedelta]]:
    """Half as many customers and products as ``records``, linked; the settings of a worker, the
    organisation's id, and how far its clock is ahead."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bridge-bench-"))
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        bridge = connected(_served(stack), url)
        stack.callback(bridge.sync.database.dispose)
        _link(bridge, "accounts", _customers(bridge, records // 2))
        _link(bridge, "products", _products(bridge, records - records // 2))
        _accept(bridge)
        bridge.later(AHEAD.total_seconds())
        yield bridge.sync.settings, bridge.org_id, AHEAD


def _served(stack: ExitStack) -> World:
    """A world whose addresses are real ports of this machine."""
    world = World()
    xero, zoho = serve(xero_app(world)), serve(zoho_app(world))
    stack.callback(xero.stop)
    stack.callback(zoho.stop)
    world.urls = replace(
        world.urls, xero_login=xero.url, xero_identity=xero.url, xero_api=xero.url,
        zoho_accounts=zoho.url, zoho_api=zoho.url,
    )  # fmt: skip
    return world


def _customers(bridge: Bridge, count: int) -> list[tuple[Raw, Raw]]:
    xero = bridge.world.xero
    made: list[tuple[Raw, Raw]] = []
    for n in range(count):
        zoho_id = bridge.customer(f"Customer {n:05}", Phone="+44 20 7946 0000")
        contact = xero.create(bridge.tenant, "Contacts", {"Name": f"Customer {n:05}"})
        shown = xero.shown(bridge.tenant, "Contacts", contact)
        made.append((bridge.crm("Accounts", zoho_id), shown))
    return made


def _products(bridge: Bridge, count: int) -> list[tuple[Raw, Raw]]:
    xero = bridge.world.xero
    made: list[tuple[Raw, Raw]] = []
    for n in range(count):
        zoho_id = bridge.product(f"Product {n:05}", f"P-{n:05}")
        made_item = xero.create(bridge.tenant, "Items", item(n))
        shown = xero.shown(bridge.tenant, "Items", made_item)
        made.append((bridge.crm("Products", zoho_id), shown))
    return made


def _link(bridge: Bridge, module: str, pairs: list[tuple[Raw, Raw]]) -> None:
    """Rows that say: both sides agreed on what they hold now."""
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    spec, facts = turn.specs[module], turn.facts(turn.specs[module], (), ())
    with bridge.sync.database.begin() as session:
        for zoho, xero in pairs:
            link = _row(bridge, spec, zoho, xero)
            link.base_zoho = encoded(spec, values_of(spec, Side.ZOHO, zoho, facts))
            link.base_xero = encoded(spec, values_of(spec, Side.XERO, xero, facts))
            session.add(link)


def _row(bridge: Bridge, spec: ModuleSpec, zoho: Raw, xero: Raw) -> Link:
    now = bridge.sync.clock()
    return Link(
        org_id=bridge.org_id, tenant_id=bridge.tenant, module=spec.key,
        zoho_id=str(zoho["id"]), xero_id=str(xero[spec.xero.id]), label=str(zoho["id"]),
        zoho_version=str(zoho.get("Modified_Time") or ""),
        xero_version=str(xero.get(spec.xero.modified) or ""),
        state="in_sync", agreed_at=now, checked_at=now, last_sync_at=now, face={},
    )  # fmt: skip


def _accept(bridge: Bridge) -> None:
    """As if the first sync had been previewed; the cursors stand before everything."""
    with bridge.sync.database.begin() as session:
        for module in all_specs():
            session.add(
                ModuleState(
                    org_id=bridge.org_id, tenant_id=bridge.tenant, module=module,
                    accepted_at=bridge.sync.clock(),
                )
            )  # fmt: skip
