"""Where customers are people, contacts are Xero contacts of their own and invoices refer to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.bridge import Bridge


@pytest.fixture
def shop(bridge: Bridge) -> Bridge:
    """A shop that sells to people."""
    bridge.settings(customers="contacts", sales_account="200")
    return bridge


def person(bridge: Bridge, last: str = "Berg", **more: Any) -> str:
    """A CRM contact made by a person."""
    return bridge.world.zoho.create("Contacts", {"Last_Name": last, **more})


def test_a_contact_is_a_customer_and_its_invoice_brings_it_along(shop: Bridge) -> None:
    account = shop.customer()
    ida = person(shop, First_Name="Ida", Email="ida@berg.example", Mobile="07700 900123",
                 Mailing_City="Leith", Account_Name={"id": account})  # fmt: skip
    invoice = shop.invoice(account, (shop.product(), "1", "10.00"), Contact_Name={"id": ida})
    link = shop.click("invoices", invoice)
    assert (link.state, link.message_key) == ("in_sync", None)
    (contact,) = shop.xero_all("Contacts")
    assert (contact["Name"], contact["ContactNumber"]) == ("Ida Berg", ida)
    made = shop.xero("Contacts", contact["ContactID"])
    assert (made["FirstName"], made["LastName"], made["EmailAddress"]) == (
        "Ida", "Berg", "ida@berg.example",
    )  # fmt: skip
    assert {each["PhoneNumber"] for each in made["Phones"]} == {"", "07700 900123"}
    assert shop.xero("Invoices", link.xero_id)["Contact"]["ContactID"] == contact["ContactID"]
    assert shop.crm("Contacts", ida)["Xero_ID"] == contact["ContactID"]


def test_accounts_are_left_alone_and_say_why(shop: Bridge) -> None:
    account = shop.customer()
    assert shop.click("accounts", account).message_key == "customers_are_contacts"
    assert shop.xero_all("Contacts") == []


def test_a_customer_of_xero_becomes_a_contact(shop: Bridge) -> None:
    shop.world.xero.create(shop.tenant, "Contacts", {
        "Name": "Max Ohm", "FirstName": "Max", "LastName": "Ohm", "EmailAddress": "max@x.example",
    })  # fmt: skip
    shop.world.xero.create(shop.tenant, "Contacts", {"Name": "Madonna"})
    shop.run_all("contacts")
    found = {(each["First_Name"], each["Last_Name"]) for each in shop.crm_all("Contacts")}
    assert found == {("Max", "Ohm"), (None, "Madonna")}
    assert shop.crm_all("Accounts") == []


def test_a_renamed_person_is_renamed_in_xero_a_business_name_is_not(shop: Bridge) -> None:
    ida = person(shop, First_Name="Ida")
    home = shop.click("contacts", ida).xero_id or ""
    shop.world.zoho.edit("Contacts", ida, {"Last_Name": "Olsen"})
    shop.click("contacts", ida)
    assert shop.xero("Contacts", home)["Name"] == "Ida Olsen"
    shop.world.xero.edit(shop.tenant, "Contacts", home, {"Name": "Olsen Trading"})
    shop.world.zoho.edit("Contacts", ida, {"Last_Name": "Berg"})
    shop.click("contacts", ida)
    held = shop.xero("Contacts", home)
    assert (held["Name"], held["LastName"]) == ("Olsen Trading", "Berg")


def test_two_with_one_address_are_never_made_one(shop: Bridge) -> None:
    both = [person(shop, name, Email="office@x.example") for name in ("Berg", "Lund")]
    links = [shop.click("contacts", each) for each in both]
    assert links[0].state == "in_sync"
    assert links[1].state in {"in_sync", "needs_attention"}
    assert links[0].xero_id != links[1].xero_id


def test_beside_companies_a_contact_without_account_is_a_customer_of_its_own(
    bridge: Bridge,
) -> None:
    ida = person(bridge, First_Name="Ida", Phone="020 7946 0001")
    link = bridge.click("contacts", ida)
    assert (link.state, link.message_key) == ("in_sync", None)
    assert bridge.xero("Contacts", link.xero_id)["Name"] == "Ida Berg"
    bridge.run_all()
    bridge.later(600)
    bridge.sweep()
    assert bridge.crm_all("Accounts") == []
    assert len(bridge.crm_all("Contacts")) == 1
    account = bridge.customer()
    bridge.world.zoho.edit("Contacts", ida, {"Account_Name": {"id": account}, "Phone": "1234567"})
    again = bridge.click("contacts", ida)
    assert (again.xero_id, again.state) == (link.xero_id, "in_sync")
    phones = bridge.xero("Contacts", link.xero_id)["Phones"]
    assert "1234567" in {each["PhoneNumber"] for each in phones}
