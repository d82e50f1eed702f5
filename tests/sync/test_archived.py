"""A customer that is archived in Xero and edited in CRM."""

from __future__ import annotations

from tests.sync.bridge import Bridge


def _archived_and_edited(bridge: Bridge) -> str:
    account = bridge.customer("Kestrel Foods", Phone="+44 20 7946 0000")
    contact = bridge.click("accounts", account).xero_id or ""
    bridge.world.xero.archive(bridge.tenant, contact)
    bridge.world.zoho.edit("Accounts", account, {"Phone": "+44 20 7946 0001"})
    return account


def test_the_edit_is_held_at_once_and_costs_no_attempt(bridge: Bridge) -> None:
    account = _archived_and_edited(bridge)

    link = bridge.click("accounts", account)

    assert (link.state, link.message_key) == ("needs_attention", "contact_archived")
    assert (link.attempts, link.parked) == (0, False)
    assert bridge.crm("Accounts", account)["Xero_Status"] == "Archived"


def test_restored_in_xero_the_edit_goes(bridge: Bridge) -> None:
    account = _archived_and_edited(bridge)
    link = bridge.click("accounts", account)
    bridge.world.xero.unarchive(bridge.tenant, link.xero_id or "")

    link = bridge.click("accounts", account)

    assert link.state == "in_sync"
    phones = bridge.xero("Contacts", link.xero_id)["Phones"]
    assert "+44 20 7946 0001" in {each["PhoneNumber"] for each in phones}


def test_where_the_settings_allow_it_the_contact_is_restored(bridge: Bridge) -> None:
    bridge.settings(unarchive="always")
    account = _archived_and_edited(bridge)

    link = bridge.click("accounts", account)

    assert link.state == "in_sync", link.message_key
    assert bridge.xero("Contacts", link.xero_id)["ContactStatus"] == "ACTIVE"
