"""Whoever leaves takes everything along; whoever stays notices nothing."""

from __future__ import annotations

from sqlalchemy import func, select

from backend.modules.defaults import default_settings
from backend.store.columns import Base
from backend.store.tables import Organisation
from backend.sync.leaving import leave
from simulator.faults import Fault
from tests.sync.bridge import Bridge
from tests.sync.cases.told import invoiced

OF_NOBODY = {"leader", "timer", "alembic_version", "hearing"}


def rows(bridge: Bridge) -> dict[str, int]:
    """How many rows each table holds."""
    with bridge.sync.database.begin() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in OF_NOBODY
        }


def test_leaving_revokes_both_tokens_and_erases_every_row(any_bridge: Bridge) -> None:
    bridge = any_bridge
    with bridge.sync.database.begin() as session:
        session.add(Organisation(zoho_org_id="1", name="Stays", settings=default_settings()))
    invoiced(bridge)
    assert sum(rows(bridge).values()) > 20
    before = bridge.world.log.count()
    leave(bridge.sync, bridge.org_id, by="operator")
    left = {name: count for name, count in rows(bridge).items() if count}
    assert left == {"organisation": 1}
    paths = [each.path for each in bridge.world.log.entries()][before:]
    assert any(path.endswith("/connect/revocation") for path in paths)
    assert any(path.endswith("/oauth/v2/token/revoke") for path in paths)
    assert len(bridge.xero_all("Invoices")) == 1
    assert len(bridge.crm_all("Invoices")) == 1


def test_leaving_does_not_wait_for_systems_that_are_away(bridge: Bridge) -> None:
    for side in ("xero", "zoho"):
        bridge.world.faults.add(Fault(side=side, kind="503", times=None))
    leave(bridge.sync, bridge.org_id, by="operator")
    assert sum(rows(bridge).values()) == 0
