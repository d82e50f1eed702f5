"""Accounts, contacts and vendors live in the same Xero contacts and share one read of them."""

from __future__ import annotations

from bench.rig.stage import metered
from tests.sync.bridge import Bridge

MODULES = ("accounts", "contacts", "vendors")


def test_an_idle_sweep_reads_xeros_contacts_once_for_all_three(bridge: Bridge) -> None:
    staged = metered(bridge)
    account = bridge.customer()
    bridge.world.zoho.create("Contacts", {"Last_Name": "Berg", "Account_Name": {"id": account}})
    bridge.world.zoho.create("Vendors", {"Vendor_Name": "Corks & Co"})
    for module in MODULES:
        bridge.run_all(module)
    bridge.later(600)
    bridge.sweep()
    before = bridge.writes()
    bridge.later(600)
    with staged.watch() as watch:
        bridge.sweep()
    reads = {name: n for name, n in watch.spent.by.items() if "/token" not in name}
    assert reads == {
        "xero GET Contacts": 1, "zoho GET Accounts": 1, "zoho GET Contacts": 1,
        "zoho GET Vendors": 1,
    }  # fmt: skip
    assert bridge.writes() == before


def test_a_bulk_of_people_costs_a_tenth_of_a_call_each(bridge: Bridge) -> None:
    staged = metered(bridge)
    for number in range(50):
        account = bridge.customer(f"Customer {number}")
        for who in range(4):
            row = {"Last_Name": f"Person {number}-{who}", "Account_Name": {"id": account}}
            bridge.world.zoho.create("Contacts", row)
    bridge.run_all("accounts")
    with staged.watch() as watch:
        done = bridge.run_all("contacts")
    assert (done.created, done.held, done.failed) == (200, 0, 0)
    assert watch.spent.calls <= 20, watch.spent.by


def test_what_one_module_reads_is_news_to_the_others(bridge: Bridge) -> None:
    """A click on the account finds the person somebody added in Xero a minute ago."""
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    bridge.accept("accounts", "contacts")
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"ContactPersons": [
        {"FirstName": "Max", "LastName": "Ohm"},
    ]})  # fmt: skip
    staged = metered(bridge)
    with staged.watch() as watch:
        bridge.click("accounts", account)
    assert [each["Last_Name"] for each in bridge.crm_all("Contacts")] == ["Ohm"]
    assert watch.spent.by["xero GET Contacts"] == 1, watch.spent.by


def test_a_preview_links_the_people_of_accounts_it_links(bridge: Bridge) -> None:
    account = bridge.customer()
    bridge.world.zoho.create("Contacts", {
        "First_Name": "Ida", "Last_Name": "Berg", "Account_Name": {"id": account},
    })  # fmt: skip
    bridge.world.xero.create(bridge.tenant, "Contacts", {
        "Name": "Kestrel Foods", "FirstName": "Ida", "LastName": "Berg",
    })  # fmt: skip
    shown = bridge.run_preview()
    assert (shown.linked, shown.created, shown.held) == (2, 0, 0)
    done = bridge.run_all()
    assert (done.linked, done.created, done.held) == (2, 0, 0)
