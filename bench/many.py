"""Two hundred organisations with nothing to do: how long two workers take to sweep all of them."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.settings import Settings
from backend.store.columns import Base, new_id
from backend.store.migrated import migrate
from backend.store.tables import (
    ModuleState,
    Organisation,
    XeroConnection,
    XeroToken,
    ZohoConnection,
)
from backend.sync import sweep
from backend.sync.app import Sync
from bench import Figure
from dev_tools.redis_server import start_redis
from simulator.server import serve
from simulator.world import Urls, World
from simulator.xero.app import create_app as xero_app
from simulator.zoho.app import create_app as zoho_app
from tests.sync.bridge import Bridge, connected, settings_for

ORGANISATIONS = 200
WORKERS = 2
MODULES = ("accounts", "products", "quotes", "invoices", "purchase_orders", "payments")
LIMIT_SECONDS = 600


def measure() -> list[Figure]:
    """Simulators on sockets, two worker processes, SQLite in PostgreSQL's place."""
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as name:
        url = f"sqlite:///{Path(name) / 'bench.db'}"
        migrate(url)
        redis = start_redis(Path(name), durable=False)
        world = World()
        world.switches.xero_minute_limit = world.switches.xero_day_limit = 10_000_000
        servers = serve(xero_app(world)), serve(zoho_app(world))
        xero, zoho = (server.url for server in servers)
        world.urls = replace(
            Urls(), xero_login=xero, xero_identity=xero, xero_api=xero, zoho_accounts=zoho,
            zoho_api=zoho,
        )  # fmt: skip
        try:
            bridge = connected(world, url)
            settings = settings_for(world, url, REDIS_URL=redis.url)
            settings = replace(settings, token_keys=bridge.sync.settings.token_keys)
            return _figures(bridge, settings, world)
        finally:
            for server in servers:
                server.stop()
            redis.stop()


def _figures(bridge: Bridge, settings: Settings, world: World) -> list[Figure]:
    bridge.accept(*MODULES)
    bridge.sweep()
    ids = [bridge.org_id, *_copies(bridge, ORGANISATIONS - 1)]
    before = world.log.count()
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(WORKERS, _begin, [settings]) as pool:
        swept = pool.map(_sweep, ids, chunksize=1)
    seconds = time.perf_counter() - began
    calls = world.log.count() - before
    own = sum(each[1] for each in swept)
    return [
        Figure(
            what="organisations not swept", value=len(ids) - sum(each[0] for each in swept),
            unit="organisations", limit=0,
        ),
        Figure(
            what=f"all of them, {len(MODULES)} modules each, {WORKERS} workers", value=seconds,
            unit="s", limit=LIMIT_SECONDS,
        ),
        Figure(what="calls per organisation", value=calls / ORGANISATIONS, unit="calls"),
        Figure(
            what="a worker's processor time per organisation", value=1000 * own / ORGANISATIONS,
            unit="ms",
        ),
    ]  # fmt: skip


_process: dict[str, Sync] = {}


def _begin(settings: Settings) -> None:
    _process["sync"] = Sync.from_settings(settings)


def _sweep(org_id: str) -> tuple[int, float]:
    """Whether it went through, and the processor time it took."""
    began = time.process_time()
    done = sweep.sweep(_process["sync"], org_id)
    return int(done), time.process_time() - began


def _copies(bridge: Bridge, count: int) -> list[str]:
    """More organisations with the same two connections, each on its own."""
    ids = [new_id() for _ in range(count)]
    with bridge.sync.database.begin() as session:
        for place, org_id in enumerate(ids):
            token_id = new_id()
            own = {"org_id": org_id}
            _copy(session, Organisation, bridge.org_id, {"id": org_id, "zoho_org_id": f"c{place}"})
            _copy(session, ZohoConnection, bridge.org_id, own)
            _copy(session, XeroToken, bridge.org_id, {**own, "id": token_id})
            chosen = {**own, "id": None, "token_id": token_id}
            _copy(session, XeroConnection, bridge.org_id, chosen)
            _copy(session, ModuleState, bridge.org_id, own)
    return ids


def _copy(session: Session, table: type[Base], org_id: str, changed: dict[str, Any]) -> None:
    """The rows of one organisation once more, with some values changed."""
    column = table.__table__.c["id" if table is Organisation else "org_id"]
    for row in session.execute(select(table.__table__).where(column == org_id)).mappings():
        values = {**row, **changed}
        if "id" in values:
            values["id"] = changed.get("id") or new_id()
        session.execute(insert(table), [values])
