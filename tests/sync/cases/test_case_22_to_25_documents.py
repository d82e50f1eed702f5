"""Cases 22 to 25: what an invoice brings along, texts of the world, cents, foreign currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sync.bridge import Bridge
from tests.sync.cases.told import changed, in_sync, money, names, told

TEXTS = (
    'O\'Neil & Co <b>bold</b> "quoted"',
    "株式会社 山田商事",
    "شركة النور للتجارة",
    "Bäckerei Größe 🥖🧑🏽‍🍳",
)


# --- 22 ----------------------------------------------------------------------------------------


def test_account_product_and_invoice_cross_in_one_job_in_order(bridge: Bridge) -> None:
    account, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(account, (product, "2", "120.00"))

    in_sync(bridge.click("invoices", invoice))

    created = list(reversed(bridge.log(operation="create", status="success")))
    assert [row.module for row in created] == ["accounts", "products", "invoices"]
    assert {row.by for row in created} == {"Ana"}
    sent = bridge.xero("Invoices", bridge.link("invoices", invoice).xero_id)
    assert sent["Contact"]["ContactID"] == bridge.link("accounts", account).xero_id
    assert [line["ItemCode"] for line in sent["LineItems"]] == ["OAK-1"]
    row = told(bridge, invoice, operation="create")
    assert changed(row)["customer"] == (None, account)


# --- 23 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_the_world_arrive_as_they_are_and_come_back(bridge: Bridge, text: str) -> None:
    account = bridge.customer(text)
    product = bridge.product(text[:40], "W-1", Description=text)
    invoice = bridge.invoice(account, (product, "1", "10.00"), Subject=text)
    in_sync(bridge.click("invoices", invoice))

    contact = bridge.link("accounts", account).xero_id
    xero_id = bridge.link("invoices", invoice).xero_id
    assert bridge.xero("Contacts", contact)["Name"] == text
    assert bridge.xero("Invoices", xero_id)["Reference"] == text
    assert bridge.xero_all("Items")[0]["Description"] == text
    assert changed(told(bridge, account, operation="create"))["name"] == (None, text)

    bridge.world.xero.edit(bridge.tenant, "Contacts", str(contact), {"Name": f"{text} 2"})
    bridge.later(30)
    in_sync(bridge.click("accounts", account))
    assert bridge.crm("Accounts", account)["Account_Name"] == f"{text} 2"
    assert changed(told(bridge, account, direction="to_zoho"))["name"] == (text, f"{text} 2")
    writes = bridge.writes()
    in_sync(bridge.click("invoices", invoice))
    assert bridge.writes() == writes


# --- 24 ----------------------------------------------------------------------------------------


def _three_lines(bridge: Bridge) -> str:
    """25.06 + 25.61 + 25.63 at 15 % on the whole: 11.45 in CRM, 11.44 in Xero."""
    bridge.world.switches.zoho_tax_rounding = "document"
    _rate(bridge)
    bridge.settings(
        sales_account="200",
        tax_map=[{"zoho": {"name": "GST", "percentage": "15"}, "xero": "TAX015"}],
    )
    account, product = bridge.customer(), bridge.product()
    gst = [{"name": "GST", "percentage": Decimal(15)}]
    rows: list[dict[str, Any]] = [
        {
            "Product_Name": {"id": product},
            "Quantity": Decimal(1),
            "List_Price": Decimal(price),
            "Line_Tax": gst,
        }
        for price in ("25.06", "25.61", "25.63")
    ]
    invoice = bridge.invoice(account, Invoiced_Items=rows)
    assert money(bridge.crm("Invoices", invoice)["Grand_Total"]) == Decimal("87.75")
    return invoice


def _rate(bridge: Bridge) -> None:
    from simulator.xero.chart import SALES, tax_rate

    books = bridge.world.xero.books(bridge.tenant)
    books.tax_rates["TAX015"] = tax_rate("TAX015", "GST 15%", "15", SALES)
    bridge.later(3700)
    bridge.accept()
    bridge.sweep()


def test_a_cent_apart_is_held_with_both_figures(bridge: Bridge) -> None:
    invoice = _three_lines(bridge)
    link = bridge.click("invoices", invoice)

    assert link.state == "needs_attention"
    row = told(bridge, invoice, status="held")
    assert row.message_key == "totals_differ"
    assert row.message_params == {"zoho": "87.75", "xero": "87.74", "amount": "0.01"}
    assert bridge.xero_all("Invoices") == []


@pytest.mark.parametrize("rounding", ["adjust", "hold"])
def test_a_cent_crm_rounds_otherwise_goes_into_its_adjustment(
    bridge: Bridge, rounding: str
) -> None:
    bridge.settings(rounding=rounding, fallback_product=bridge.product("Nut", "NUT"))
    bridge.world.switches.zoho_tax_rounding = "document"
    customer = bridge.customer()
    partner = in_sync(bridge.click("accounts", customer)).xero_id
    lines = [
        {"Description": "Nut", "Quantity": "1", "UnitAmount": "0.33", "AccountCode": "200",
         "TaxType": "OUTPUT2"}
    ] * 3  # fmt: skip
    made = {"Type": "ACCREC", "Contact": {"ContactID": partner}, "LineItems": lines}
    invoice = bridge.world.xero.create(bridge.tenant, "Invoices", {
        **made, "Status": "AUTHORISED", "Date": "2026-11-02", "DueDate": "2026-12-02",
    })  # fmt: skip
    bridge.run_all("invoices")
    link = bridge.link_of_xero("invoices", invoice)
    crm = bridge.crm("Invoices", link.zoho_id or "")
    if rounding == "hold":
        assert (link.message_key, money(crm["Grand_Total"])) == ("totals_differ", money("1.19"))
        assert link.message_params == {"zoho": "1.19", "xero": "1.20", "amount": "0.01"}
        return
    assert money(bridge.xero("Invoices", invoice)["Total"]) == money("1.20")
    assert (money(crm["Grand_Total"]), money(crm["Adjustment"])) == (money("1.20"), money("0.01"))
    writes = bridge.writes()
    bridge.later(600)
    bridge.run_all("invoices")
    assert bridge.writes() == writes


def test_a_cent_apart_is_equalised_where_the_rule_says_so(bridge: Bridge) -> None:
    bridge.settings(rounding="adjust")
    invoice = _three_lines(bridge)
    link = in_sync(bridge.click("invoices", invoice))

    sent = bridge.xero("Invoices", link.xero_id)
    assert money(sent["Total"]) == Decimal("87.75")
    assert len(sent["LineItems"]) == 4
    rounding = sent["LineItems"][3]
    assert (rounding["Description"], money(rounding["LineAmount"])) == ("Rounding", Decimal("0.01"))
    assert told(bridge, invoice, status="success", operation="create")
    writes = bridge.writes()
    bridge.later(60)
    in_sync(bridge.click("invoices", invoice))
    assert bridge.writes() == writes
    assert len(bridge.crm("Invoices", invoice)["Invoiced_Items"]) == 3


# --- 25 ----------------------------------------------------------------------------------------


def test_a_foreign_invoice_carries_no_rate_and_shows_xeros(bridge: Bridge) -> None:
    account, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(account, (product, "1", "100.00"), Currency="EUR")

    link = in_sync(bridge.click("invoices", invoice))

    bodies = [
        entry.request_body
        for entry in bridge.world.log.entries(side="xero")
        if entry.method in {"PUT", "POST"} and entry.path.endswith("/Invoices")
    ]
    assert bodies
    assert not [body for body in bodies if "CurrencyRate" in body]
    sent = bridge.xero("Invoices", link.xero_id)
    assert sent["CurrencyCode"] == "EUR"
    held = bridge.link("invoices", invoice).face["money"]
    assert held["currency"] == "EUR"
    assert money(held["rate"]) == money(sent["CurrencyRate"])
    row = told(bridge, invoice, operation="create", status="success")
    assert changed(row)["currency"] == (None, "EUR")
    assert names(bridge) == ["Kestrel Foods"]
