"""Suppliers are Xero contacts, and may be customers as well."""

from __future__ import annotations

from tests.sync.bridge import Bridge


def vendor(bridge: Bridge, name: str, **more: object) -> str:
    """A CRM vendor made by a person."""
    return bridge.world.zoho.create("Vendors", {"Vendor_Name": name, **more})


def bill(bridge: Bridge, contact: str) -> None:
    """A bill entered by the accountant: it makes the contact a supplier."""
    bridge.world.xero.create(bridge.tenant, "Invoices", {
        "Type": "ACCPAY", "Contact": {"ContactID": contact}, "Status": "AUTHORISED",
        "DueDate": "2026-12-30",
        "LineItems": [
            {"Description": "Cork", "Quantity": 1, "UnitAmount": "5.00", "AccountCode": "400"},
        ],
    })  # fmt: skip


def test_a_vendor_becomes_a_contact_with_its_address(bridge: Bridge) -> None:
    made = vendor(bridge, "Corks & Co", Email="hello@corks.example", Phone="020 7946 0001",
                  Street="1 Quay", City="Porto", Zip_Code="4000", Country="Portugal")  # fmt: skip
    link = bridge.click("vendors", made)
    assert (link.state, link.message_key) == ("in_sync", None)
    contact = bridge.xero("Contacts", link.xero_id)
    (box,) = (each for each in contact["Addresses"] if each["AddressType"] == "POBOX")
    assert (contact["Name"], contact["EmailAddress"], contact["ContactNumber"]) == (
        "Corks & Co", "hello@corks.example", made,
    )  # fmt: skip
    assert (box["AddressLine1"], box["City"], box["Country"]) == ("1 Quay", "Porto", "Portugal")
    assert bridge.crm("Vendors", made)["Xero_ID"] == link.xero_id


def test_a_customer_that_is_a_supplier_too_is_one_contact_with_two_links(bridge: Bridge) -> None:
    account, made = bridge.customer("Corks & Co"), vendor(bridge, "Corks and Co. Ltd")
    customer = bridge.click("accounts", account)
    bridge.accept("accounts", "vendors")
    bridge.sweep()
    supplier = bridge.click("vendors", made)
    assert supplier.xero_id == customer.xero_id
    assert len(bridge.xero_all("Contacts")) == 1
    assert bridge.xero("Contacts", customer.xero_id)["ContactNumber"] == account
    assert bridge.crm("Vendors", made)["Xero_ID"] == customer.xero_id


def test_both_new_in_one_run_make_one_contact_as_the_preview_said(bridge: Bridge) -> None:
    account, made = bridge.customer("Corks & Co"), vendor(bridge, "Corks & Co")
    bridge.run_all()
    assert len(bridge.xero_all("Contacts")) == 1
    assert bridge.link("vendors", made).xero_id == bridge.link("accounts", account).xero_id


def test_a_supplier_of_xero_becomes_a_vendor_and_a_customer_does_not(bridge: Bridge) -> None:
    supplier = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Corks & Co"})
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Kestrel Foods"})
    bill(bridge, supplier)
    bridge.run_all()
    assert [each["Vendor_Name"] for each in bridge.crm_all("Vendors")] == ["Corks & Co"]
    assert [each["Account_Name"] for each in bridge.crm_all("Accounts")] == ["Kestrel Foods"]
    assert bridge.link_of_xero("vendors", supplier).state == "in_sync"


def test_a_vendor_deleted_in_crm_leaves_the_customer_alone(bridge: Bridge) -> None:
    everything = {"allow": True, "create": True, "update": True, "delete": True}
    bridge.settings(vendors={"to_xero": everything}, accounts={"to_xero": everything})
    account, made = bridge.customer("Corks & Co"), vendor(bridge, "Corks & Co")
    home = bridge.click("accounts", account).xero_id
    assert bridge.click("vendors", made).xero_id == home
    bridge.world.zoho.delete("Vendors", made)
    link = bridge.click("vendors", made, direction="to_xero")
    assert link.message_key == "still_used_in_xero"
    assert bridge.xero("Contacts", home)["ContactStatus"] == "ACTIVE"


def test_an_edit_of_the_shared_contact_reaches_both_records(bridge: Bridge) -> None:
    account, made = bridge.customer("Corks & Co"), vendor(bridge, "Corks & Co")
    home = bridge.click("accounts", account).xero_id or ""
    bridge.click("vendors", made)
    bridge.accept("accounts", "vendors")
    bridge.later(60)
    bridge.world.zoho.edit("Vendors", made, {"Phone": "020 7946 0009"})
    bridge.sweep()
    assert bridge.crm("Accounts", account)["Phone"] == "020 7946 0009"
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"Name": "Corks & Caps"})
    bridge.later(600)
    bridge.sweep()
    assert bridge.crm("Accounts", account)["Account_Name"] == "Corks & Caps"
    assert bridge.crm("Vendors", made)["Vendor_Name"] == "Corks & Caps"


def test_a_vendor_sent_to_xero_does_not_come_back_as_an_account(bridge: Bridge) -> None:
    made = vendor(bridge, "Corks & Co")
    bridge.run_all()
    bridge.run_all()
    bridge.later(600)
    bridge.sweep()
    assert bridge.crm_all("Accounts") == []
    link = bridge.link_of_xero("accounts", bridge.link("vendors", made).xero_id or "")
    assert (link.message_key, link.message_params) == ("belongs_elsewhere", {"module": "vendors"})
