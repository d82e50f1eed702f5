"""A customer and a supplier of one name are one contact in Xero: the preview shows what the run does."""

from __future__ import annotations

import pytest

from tests.sync.bridge import Bridge
from tests.sync.people.test_vendors import bill, vendor
from tests.sync.test_preview_is_the_run import counts, follow, told

NAME = "Kestrel Foods"


def in_xero(bridge: Bridge) -> str:
    """A contact that buys and sells."""
    contact = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": NAME})
    bridge.world.xero.create(bridge.tenant, "Invoices", {
        "Type": "ACCREC", "Contact": {"ContactID": contact}, "Status": "AUTHORISED",
        "Date": "2026-11-02", "DueDate": "2026-12-02", "LineAmountTypes": "Exclusive",
        "LineItems": [{"Description": "Tea", "Quantity": 1, "UnitAmount": 10,
                       "AccountCode": "200", "TaxType": "OUTPUT2"}],
    })  # fmt: skip
    bill(bridge, contact)
    return contact


@pytest.mark.parametrize("account", [False, True])
@pytest.mark.parametrize("supplier", [False, True])
@pytest.mark.parametrize("contact", [False, True])
def test_a_run_over_all_modules_makes_of_a_shared_contact_what_was_shown(
    bridge: Bridge, account: bool, supplier: bool, contact: bool
) -> None:
    bridge.settings(sales_account="200", vendors={"enabled": True}, invoices={"enabled": False})
    if account:
        bridge.customer(NAME)
    if supplier:
        vendor(bridge, NAME)
    if contact:
        in_xero(bridge)
    shown = bridge.run_preview("all")
    run = follow(bridge, shown)
    assert (run.state, counts(run)) == ("done", counts(shown))
    assert told(bridge, run) == told(bridge, shown)
    there = any((account, supplier, contact))
    assert len([row for row in bridge.xero_all("Contacts") if row["Name"] == NAME]) == there
    assert len(bridge.crm_all("Accounts")) == (account or contact)
    assert len(bridge.crm_all("Vendors")) == (supplier or contact)


@pytest.mark.parametrize("called", ["Kestrel Foods", "Owl"])
def test_a_supplier_is_looked_for_by_what_a_renamed_customer_will_be_called(
    bridge: Bridge, called: str
) -> None:
    bridge.settings(sales_account="200", vendors={"enabled": True}, invoices={"enabled": False})
    account = bridge.customer(NAME)
    follow(bridge, bridge.run_preview("all"))
    bridge.later(120)
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Owl"})
    vendor(bridge, called)
    shown = bridge.run_preview("all")
    run = follow(bridge, shown)
    assert told(bridge, run) == told(bridge, shown)
    contacts = [row["Name"] for row in bridge.xero_all("Contacts")]
    assert sorted(contacts) == sorted({"Owl", called})
