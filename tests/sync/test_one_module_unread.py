"""A module that cannot be read stops neither the other modules nor people's clicks."""

from __future__ import annotations

from typing import Any

import pytest

from backend.store.tables import Organisation, Run
from backend.store.told import Notice
from backend.sync import alarms, sweep
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync

taken_away: dict[str, Any] = {}


@pytest.fixture
def without_quotes(bridge: Bridge) -> Bridge:
    """A company in agreement from whose CRM somebody has taken the quotes."""
    bridge.settings(sales_account="200")
    bridge.accept("accounts", "products", "quotes", "invoices")
    account, product = bridge.customer(), bridge.product()
    in_sync(bridge.click("invoices", bridge.invoice(account, (product, "1", "10"))))
    assert bridge.sweep()
    taken_away["Quotes"] = bridge.world.zoho.modules.pop("Quotes")
    return bridge


def told(bridge: Bridge) -> list[tuple[str, str]]:
    """The alarms that are open."""
    with bridge.sync.database.begin() as session:
        rows = session.query(Notice).filter(Notice.subject.like("alarm:%")).all()
        return [(row.subject or "", row.message_key) for row in rows]


def test_the_others_go_on_and_administrators_are_told_once(without_quotes: Bridge) -> None:
    bridge = without_quotes
    for number in range(3):
        bridge.later(600)
        invoice = bridge.crm_all("Invoices")[0]["id"]
        bridge.world.zoho.edit("Invoices", invoice, {"Subject": f"Changed {number}"})
        assert not sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
        bridge.drain()
        link = bridge.link("invoices", invoice)
        assert bridge.xero("Invoices", link.xero_id)["Reference"] == f"Changed {number}"
        alarms.listen(bridge.sync)
    assert told(bridge) == [("alarm:module:quotes", "zoho_module_missing")]
    with bridge.sync.database.begin() as session:
        org = session.get_one(Organisation, bridge.org_id)
        assert org.paused_until is None
        last = session.query(Run).filter(Run.kind == "sweep").order_by(Run.created_at.desc())
        newest = last.first()
        assert newest is not None
        assert (newest.state, newest.message_key) == ("failed", "zoho_module_missing")
    bridge.later(3700)
    alarms.listen(bridge.sync)
    assert told(bridge) == [("alarm:module:quotes", "zoho_module_missing")]


def test_the_alarm_ends_when_the_module_is_switched_off(without_quotes: Bridge) -> None:
    bridge = without_quotes
    bridge.later(600)
    sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert told(bridge)
    bridge.settings(quotes={"enabled": False})
    bridge.later(600)
    assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert told(bridge) == []


def test_the_alarm_ends_when_the_module_is_back(without_quotes: Bridge) -> None:
    bridge = without_quotes
    bridge.later(600)
    sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    bridge.world.zoho.modules["Quotes"] = taken_away["Quotes"]
    bridge.later(600)
    assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    assert told(bridge) == []
