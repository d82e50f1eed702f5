"""A click in one direction decides for that record; it does not swallow the other direction."""

from __future__ import annotations

from tests.sync.bridge import Bridge


def test_getting_from_xero_leaves_an_unsent_record_to_the_schedule(bridge: Bridge) -> None:
    bridge.accept()
    account = bridge.customer()

    link = bridge.click("accounts", account, "to_zoho")

    assert link.xero_id is not None
    assert link.state == "in_sync"
    assert len(bridge.xero_all("Contacts")) == 1


def test_without_an_accepted_first_sync_one_direction_stays_one_direction(bridge: Bridge) -> None:
    account = bridge.customer()

    link = bridge.click("accounts", account, "to_zoho")

    assert link.message_key == "nothing_in_that_direction"
    assert bridge.xero_all("Contacts") == []


def test_an_edit_of_the_other_side_still_crosses_after_a_one_way_click(bridge: Bridge) -> None:
    bridge.accept()
    account = bridge.customer(Billing_City="Leeds")
    bridge.click("accounts", account)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York"})

    link = bridge.click("accounts", account, "to_zoho")

    contact = bridge.xero("Contacts", link.xero_id)
    assert [row["City"] for row in contact["Addresses"] if row["AddressType"] == "POBOX"] == [
        "York"
    ]
