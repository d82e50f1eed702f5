"""A tenth of the webhooks lost, a tenth doubled, the order shuffled: the next sweep heals it all."""

from __future__ import annotations

import random

import pytest

from backend.sync import sweep
from tests.sync.bridge import LTD, Bridge, connected
from tests.sync.ears import deliver, listening

RECORDS = 20
EDITS = 60
pytestmark = pytest.mark.chaos


@pytest.fixture
def shaky(world: object, sqlite_url: str) -> Bridge:
    """Pairs in agreement, and a post that loses, doubles and shuffles."""
    bridge = listening(connected(world, sqlite_url))  # type: ignore[arg-type]
    for n in range(RECORDS):
        bridge.customer(f"Customer {n:02}")
    bridge.run_all("accounts")
    for _ in range(3):
        deliver(bridge)
        bridge.drain()
    troubles = bridge.world.webhooks.troubles
    troubles.lose_every, troubles.double_every, troubles.reorder = 10, 10, True
    return bridge


def names(bridge: Bridge) -> tuple[list[str], list[str]]:
    """What both sides call their customers."""
    crm = sorted(str(row["Account_Name"]) for row in bridge.crm_all("Accounts"))
    return crm, sorted(str(row["Name"]) for row in bridge.xero_all("Contacts"))


def test_the_next_sweep_heals_what_webhooks_lost(shaky: Bridge) -> None:
    chance = random.Random(20261125)
    accounts = [str(row["id"]) for row in shaky.crm_all("Accounts")]
    for n in range(EDITS):
        place = chance.randrange(RECORDS)
        account = accounts[place]
        if place % 2:  # each customer is edited on one side alone: two edits would be a conflict
            shaky.world.zoho.edit("Accounts", account, {"Account_Name": f"Edited {n:03}"})
        else:
            contact = str(shaky.link("accounts", account).xero_id)
            shaky.world.xero.edit(LTD, "Contacts", contact, {"Name": f"Edited {n:03}"})
        shaky.later(20)
        statuses = {receipt.status for receipt in deliver(shaky)}
        assert statuses <= {200}
        shaky.drain()
    crm, xero = names(shaky)
    assert crm != xero, "nothing was lost: this proves nothing"

    shaky.later(600)
    assert sweep.sweep(shaky.sync, shaky.org_id, scheduled=True)
    shaky.drain()

    crm, xero = names(shaky)
    assert crm == xero
    assert len(crm) == RECORDS
    before = shaky.writes()
    shaky.world.webhooks.troubles.lose_every = 0
    for _ in range(3):
        deliver(shaky)
        shaky.drain()
    shaky.later(600)
    sweep.sweep(shaky.sync, shaky.org_id, scheduled=True)
    shaky.drain()
    assert shaky.writes() == before
