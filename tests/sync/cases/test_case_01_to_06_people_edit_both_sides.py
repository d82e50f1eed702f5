"""Cases 1 to 6: part payments, taken names, currencies, taxes, archived contacts, voiding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.sync import requests as clicks
from tests.sync.bridge import Bridge
from tests.sync.cases.told import (
    approved,
    changed,
    fresh_facts,
    in_sync,
    invoiced,
    money,
    names,
    told,
)


def _line(bridge: Bridge, invoice: str, **values: Any) -> None:
    """A person changes the first line of a CRM invoice."""
    line = bridge.crm("Invoices", invoice)["Invoiced_Items"][0]
    bridge.world.zoho.edit("Invoices", invoice, {"Invoiced_Items": [{"id": line["id"], **values}]})


# --- 1 -----------------------------------------------------------------------------------------


def test_amounts_of_a_part_paid_invoice_stay_xeros_while_text_and_payment_travel(
    bridge: Bridge,
) -> None:
    invoice, xero_id = approved(bridge)
    bridge.world.xero.pay(bridge.tenant, xero_id, "100.00")
    _line(bridge, invoice, Quantity=Decimal(3))
    bridge.world.zoho.edit("Invoices", invoice, {"Subject": "Autumn order, second half"})

    link = bridge.click("invoices", invoice)

    sent = bridge.xero("Invoices", xero_id)
    assert money(sent["Total"]) == Decimal("288.00")
    assert sent["Reference"] == "Autumn order, second half"
    crm = bridge.crm("Invoices", invoice)
    assert crm["Xero_Amount_Paid"] == Decimal("100.00")
    assert crm["Xero_Amount_Due"] == Decimal("188.00")
    assert crm["Invoiced_Items"][0]["Quantity"] == Decimal(3)
    assert link.state == "conflict"
    asked = (link.conflict or {})["fields"]
    assert [(each["field"], each["locked"]) for each in asked] == [("lines", True)]
    row = told(bridge, invoice, status="held")
    assert row.message_key == "conflict_locked"
    assert row.message_params["count"] == "1"

    # Choosing Xero's amounts settles it; CRM shows them again.
    clicks.resolve(
        bridge.sync, org_id=bridge.org_id, module="invoices", zoho_id=invoice,
        choices={"lines": "xero"}, remember=False, by="Ana",
    )  # fmt: skip
    bridge.drain()
    in_sync(bridge.link("invoices", invoice))
    assert money(bridge.crm("Invoices", invoice)["Grand_Total"]) == Decimal("288.00")
    assert len(bridge.crm("Invoices", invoice)["Invoiced_Items"]) == 1
    assert len(bridge.xero_all("Invoices")) == 1


# --- 2 -----------------------------------------------------------------------------------------


def test_a_rename_to_a_name_xero_has_is_held_with_its_holder_on_offer(bridge: Bridge) -> None:
    kestrel, other = bridge.customer("Kestrel Foods"), bridge.customer("Oakham Mills")
    for each in (kestrel, other):
        in_sync(bridge.click("accounts", each))
    taken = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Heron Bakery"})
    bridge.world.zoho.edit("Accounts", kestrel, {"Account_Name": "Heron Bakery"})
    bridge.world.zoho.edit("Accounts", other, {"Phone": "+44 20 7946 0101"})

    link = bridge.click("accounts", kestrel)
    in_sync(bridge.click("accounts", other))

    assert names(bridge) == ["Heron Bakery", "Kestrel Foods", "Oakham Mills"]
    assert link.state == "needs_attention"
    assert link.attempts == 0
    row = told(bridge, kestrel, status="held")
    assert row.message_key == "contact_name_taken"
    assert changed(row)["name"] == ("Kestrel Foods", "Heron Bakery")
    assert [each["xero_id"] for each in link.candidates or ()] == [taken]

    # The suffix on offer: a person gives the customer a name of its own.
    bridge.world.zoho.edit("Accounts", kestrel, {"Account_Name": "Heron Bakery (Leeds)"})
    in_sync(bridge.click("accounts", kestrel))
    assert names(bridge) == ["Heron Bakery", "Heron Bakery (Leeds)", "Oakham Mills"]


# --- 3 -----------------------------------------------------------------------------------------


def test_an_invoice_in_a_currency_xero_lacks_waits_and_goes_once_it_is_enabled(
    bridge: Bridge,
) -> None:
    bridge.world.xero.books(bridge.tenant).currencies.remove("USD")
    fresh_facts(bridge)
    account, product = bridge.customer(), bridge.product()
    dollars = bridge.invoice(account, (product, "1", "50.00"), Currency="USD")
    pounds = bridge.invoice(account, (product, "1", "60.00"))

    held = bridge.click("invoices", dollars)
    in_sync(bridge.click("invoices", pounds))

    assert held.state == "needs_attention"
    row = told(bridge, dollars, status="held")
    assert row.message_key == "currency_not_enabled"
    assert row.message_params["code"] == "USD"
    assert len(bridge.xero_all("Invoices")) == 1

    bridge.accept()
    bridge.world.xero.enable_currency(bridge.tenant, "USD")
    bridge.later(3700)
    bridge.sweep()
    in_sync(bridge.link("invoices", dollars))
    assert sorted(row["CurrencyCode"] for row in bridge.xero_all("Invoices")) == ["GBP", "USD"]


def test_a_click_after_enabling_the_currency_goes_at_once(bridge: Bridge) -> None:
    bridge.world.xero.books(bridge.tenant).currencies.remove("USD")
    fresh_facts(bridge)
    account, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(account, (product, "1", "50.00"), Currency="USD")
    assert bridge.click("invoices", invoice).message_key == "currency_not_enabled"

    bridge.world.xero.enable_currency(bridge.tenant, "USD")
    bridge.later(90)

    in_sync(bridge.click("invoices", invoice))
    assert [row["CurrencyCode"] for row in bridge.xero_all("Invoices")] == ["USD"]


# --- 4 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapped", "status", "key"),
    [
        (None, None, "tax_not_mapped"),
        ("NOSUCH", None, "tax_missing"),
        ("RROUTPUT", "ARCHIVED", "tax_inactive"),
        ("INPUT2", None, "tax_not_for_sales"),
    ],
)
def test_a_tax_that_xero_cannot_take_stops_the_invoice_before_it_is_sent(
    bridge: Bridge, mapped: str | None, status: str | None, key: str
) -> None:
    if mapped is not None:
        pair = {"zoho": {"name": "GST", "percentage": "15"}, "xero": mapped}
        bridge.settings(tax_map=[pair])
    if status is not None:
        bridge.world.xero.change_tax_rate(bridge.tenant, str(mapped), status)
        fresh_facts(bridge)
    account, product = bridge.customer(), bridge.product()
    gst = [{"name": "GST", "percentage": Decimal(15)}]
    invoice = bridge.invoice(account, (product, "1", "10.00"))
    _line(bridge, invoice, Line_Tax=gst)

    link = bridge.click("invoices", invoice)

    assert link.state == "needs_attention"
    row = told(bridge, invoice, status="held")
    assert row.message_key == key
    assert row.message_params["tax"]
    assert bridge.xero_all("Invoices") == []
    assert not [each for each in bridge.writes() if "/Invoices" in each and "api.xro" in each]


# --- 5 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [True, False])
def test_an_invoice_for_an_archived_contact_asks_and_makes_no_second_contact(
    bridge: Bridge, seen: bool
) -> None:
    account, product = bridge.customer(), bridge.product()
    contact = in_sync(bridge.click("accounts", account)).xero_id
    bridge.world.xero.archive(bridge.tenant, str(contact))
    if seen:
        bridge.click("accounts", account)
    invoice = bridge.invoice(account, (product, "1", "10.00"))

    link = bridge.click("invoices", invoice)

    assert names(bridge) == ["Kestrel Foods"]
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ARCHIVED"
    assert link.state == "needs_attention"
    assert told(bridge, invoice, status="held").message_key == "contact_archived"
    assert bridge.xero_all("Invoices") == []


@pytest.mark.parametrize("seen", [True, False])
def test_an_archived_contact_is_restored_first_when_the_setting_says_so(
    bridge: Bridge, seen: bool
) -> None:
    bridge.settings(unarchive="always")
    account, product = bridge.customer(), bridge.product()
    contact = in_sync(bridge.click("accounts", account)).xero_id
    bridge.world.xero.archive(bridge.tenant, str(contact))
    if seen:
        bridge.click("accounts", account)
    invoice = bridge.invoice(account, (product, "1", "10.00"))

    in_sync(bridge.click("invoices", invoice))

    assert names(bridge) == ["Kestrel Foods"]
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"
    restored = told(bridge, account, status="success", operation="update")
    assert changed(restored)["xero_status"] == ("Archived", "Active")
    assert told(bridge, invoice, status="success").operation == "create"


# --- 6 -----------------------------------------------------------------------------------------


def test_an_invoice_voided_in_xero_is_cancelled_in_crm_and_keeps_its_lines(bridge: Bridge) -> None:
    invoice, xero_id = approved(bridge)
    bridge.world.xero.void(bridge.tenant, xero_id)
    before = bridge.crm("Invoices", invoice)

    in_sync(bridge.click("invoices", invoice))

    crm = bridge.crm("Invoices", invoice)
    assert crm["Status"] == "Cancelled"
    assert crm["Xero_Status"] == "Voided"
    assert crm["Grand_Total"] == before["Grand_Total"]
    assert [(row["Product_Name"]["id"], row["Quantity"]) for row in crm["Invoiced_Items"]] == [
        (row["Product_Name"]["id"], row["Quantity"]) for row in before["Invoiced_Items"]
    ]
    row = told(bridge, invoice, status="success")
    assert (row.operation, row.direction) == ("update", "to_zoho")
    assert changed(row)["status"][1] == "Cancelled"

    bridge.later(60)
    before_writes = bridge.writes()
    in_sync(bridge.click("invoices", invoice))
    assert bridge.writes() == before_writes


def test_a_synced_invoice_needs_nothing_more(bridge: Bridge) -> None:
    _, _, invoice = invoiced(bridge)
    before = bridge.writes()
    in_sync(bridge.click("invoices", invoice))
    assert bridge.writes() == before
    assert told(bridge, invoice, status="success", message_key="already_in_sync")
