"""The seeded company is what it promises to be, on both sides."""

import time
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from simulator.company_plan import plan
from simulator.world import World


@pytest.fixture(scope="module")
def filled() -> World:
    """One filled world for all of this file; nobody here changes it."""
    return World(seed="company")


def xero_invoices(world: World) -> dict[str, dict[str, Any]]:
    """Xero's invoices by number."""
    return {
        invoice["InvoiceNumber"]: invoice for invoice in world.xero.all(world.xero.ltd, "Invoices")
    }


def crm_invoices(world: World) -> dict[str, dict[str, Any]]:
    """CRM's invoices by number."""
    return {invoice["Invoice_Number"]: invoice for invoice in world.zoho.records("Invoices")}


def test_both_sides_hold_the_promised_numbers(filled: World) -> None:
    contacts = Counter(c["ContactStatus"] for c in filled.xero.all(filled.xero.ltd, "Contacts"))
    assert contacts == {"ACTIVE": 159, "ARCHIVED": 1}
    assert len(filled.zoho.records("Accounts")) == 200
    codes = {item["Code"] for item in filled.xero.all(filled.xero.ltd, "Items")}
    codes |= {product["Product_Code"] for product in filled.zoho.records("Products")}
    assert len(codes) == 120
    assert len(xero_invoices(filled).keys() | crm_invoices(filled).keys()) == 400


def test_quotes_and_orders_stand_among_known_partners(filled: World) -> None:
    xero, zoho = filled.xero, filled.zoho
    assert {q["Status"] for q in xero.all(xero.ltd, "Quotes")} == {"DRAFT", "SENT", "ACCEPTED"}
    assert len(zoho.records("Quotes")) == 12
    assert len(zoho.records("Sales_Orders")) == 6
    orders = zoho.records("Purchase_Orders")
    assert len({order["Vendor_Name"]["id"] for order in orders}) == 4
    assert len(orders) == 8


def test_customers_overlap_with_differing_spelling(filled: World) -> None:
    crm = {account["Account_Name"] for account in filled.zoho.records("Accounts")}
    xero = {contact["Name"] for contact in filled.xero.all(filled.xero.ltd, "Contacts")}
    same = len(crm & xero)
    assert 20 < same < 80
    assert sum(c.crm_name is not None and c.xero_name is not None for c in plan().customers) == 119


def test_invoices_are_in_every_state(filled: World) -> None:
    found = xero_invoices(filled).values()
    assert {i["Status"] for i in found} == {"DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED"}
    assert any(i["AmountPaid"] and i["AmountDue"] for i in found)
    assert any(i["AmountCredited"] and i["AmountDue"] for i in found)
    assert {i["CurrencyCode"] for i in found} == {"GBP", "EUR", "USD"}
    assert {line["TaxType"] for i in found for line in i["LineItems"]} == {
        "OUTPUT2",
        "RROUTPUT",
        "EXEMPTOUTPUT",
    }
    assert {i["Status"] for i in crm_invoices(filled).values()} == {
        "Created",
        "Approved",
        "Delivered",
        "Cancelled",
    }


def test_shared_invoices_agree_to_the_cent(filled: World) -> None:
    crm, xero = crm_invoices(filled), xero_invoices(filled)
    shared = crm.keys() & xero.keys()
    assert len(shared) == 122
    for number in shared:
        assert crm[number]["Grand_Total"] == xero[number]["Total"], number
        assert crm[number]["Currency"] == xero[number]["CurrencyCode"], number


def test_planned_totals_are_those_the_sides_compute(filled: World) -> None:
    crm, xero = crm_invoices(filled), xero_invoices(filled)
    for invoice in plan().invoices:
        if invoice.in_crm:
            assert Decimal(str(crm[invoice.number]["Grand_Total"])) == invoice.total
        if invoice.in_xero:
            assert xero[invoice.number]["Total"] == invoice.total


@pytest.mark.parametrize(
    "name",
    ["O'Neil & Co <b>", "東京ワイン株式会社", 'יקב הנמל בע"מ', "The 🍷 Cellar Door Ltd", "null"],
)
def test_difficult_names_are_there_byte_for_byte(filled: World, name: str) -> None:
    customer = next(c for c in plan().customers if name in {c.crm_name, c.xero_name})
    crm = {account["Account_Name"] for account in filled.zoho.records("Accounts")}
    xero = {contact["Name"] for contact in filled.xero.all(filled.xero.ltd, "Contacts")}
    assert customer.crm_name is None or customer.crm_name in crm
    assert customer.xero_name is None or customer.xero_name in xero


def test_two_accounts_claim_one_contact(filled: World) -> None:
    claimed = [
        account["Account_Name"]
        for account in filled.zoho.records("Accounts")
        if account["Account_Name"].startswith("Kingsmead Hotel")
    ]
    assert sorted(claimed) == ["Kingsmead Hotel Limited", "Kingsmead Hotel Ltd"]


def test_archived_contact_is_active_in_crm(filled: World) -> None:
    archived = next(c for c in plan().customers if c.archived)
    assert archived.crm_name in {a["Account_Name"] for a in filled.zoho.records("Accounts")}
    contacts = filled.xero.all(filled.xero.ltd, "Contacts")
    assert [c["Name"] for c in contacts if c["ContactStatus"] == "ARCHIVED"] == [archived.xero_name]


def test_same_seed_builds_the_same_company_and_another_seed_another() -> None:
    assert plan(7) == plan(7)
    assert plan(7) != plan(8)


def test_company_is_built_within_three_seconds() -> None:
    began = time.monotonic()
    World(seed="company")
    assert time.monotonic() - began < 3
