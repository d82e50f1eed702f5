"""Quotes: there and back, one step of status at a time, closed ones, what a click costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.sync.bridge import Bridge
from tests.sync.cases.told import changed, in_sync, money, told
from tests.sync.papers import crm_row, in_xero, quote, xero_line


@pytest.fixture
def ids(bridge: Bridge) -> tuple[str, str]:
    """A customer and a product, both in CRM."""
    bridge.accept("accounts", "products", "quotes")
    return bridge.customer(), bridge.product()


def move(bridge: Bridge, xero_id: str | None, status: str) -> None:
    """A person in Xero presses the button of a status."""
    assert xero_id is not None
    bridge.world.xero.move(bridge.tenant, "Quotes", xero_id, status)


def test_a_quote_crosses_with_all_it_has(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    made = quote(
        bridge, customer, crm_row(product, "3", "10.1234", Discount=Decimal("1.50")),
        Terms_and_Conditions="30 days\nnet",
    )  # fmt: skip
    link = in_sync(bridge.click("quotes", made))

    sent = bridge.xero("Quotes", link.xero_id)
    assert (sent["Reference"], sent["Terms"]) == ("Harvest", "30 days\nnet")
    assert (sent["Status"], sent["LineAmountTypes"]) == ("DRAFT", "EXCLUSIVE")
    assert sent["ExpiryDateString"] == "2026-12-20T00:00:00"
    held = bridge.crm("Quotes", made)
    assert money(sent["Total"]) == money(held["Grand_Total"])
    assert sent["QuoteNumber"] == held["Quote_Number"]
    assert (held["Xero_ID"], held["Xero_Status"]) == (link.xero_id, "Draft")
    assert held["Xero_URL"].endswith(f"/quotes/view/{link.xero_id}")
    assert not sent["Summary"]
    writes = bridge.writes()
    in_sync(bridge.click("quotes", made))
    assert bridge.writes() == writes


@pytest.mark.parametrize(
    ("stage", "status", "words"),
    [
        ("Delivered", "SENT", "Sent"),
        ("Closed Won", "ACCEPTED", "Accepted"),
        ("Closed Lost", "DECLINED", "Declined"),
        ("Negotiation", "DRAFT", "Draft"),
    ],
)
def test_a_stage_is_reached_step_by_step(
    bridge: Bridge, ids: tuple[str, str], stage: str, status: str, words: str
) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"), Quote_Stage=stage)
    link = in_sync(bridge.click("quotes", made))
    assert bridge.xero("Quotes", link.xero_id)["Status"] == status
    held = bridge.crm("Quotes", made)
    assert (held["Quote_Stage"], held["Xero_Status"]) == (stage, words)
    writes = bridge.writes()
    in_sync(bridge.click("quotes", made))
    assert bridge.writes() == writes


def test_later_stages_follow_and_come_back(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"))
    link = in_sync(bridge.click("quotes", made))
    bridge.world.zoho.edit("Quotes", made, {"Quote_Stage": "Closed Lost"})
    bridge.later(60)
    in_sync(bridge.click("quotes", made))
    assert bridge.xero("Quotes", link.xero_id)["Status"] == "DECLINED"
    move(bridge, link.xero_id, "SENT")
    move(bridge, link.xero_id, "ACCEPTED")
    bridge.later(60)
    in_sync(bridge.click("quotes", made))
    assert bridge.crm("Quotes", made)["Quote_Stage"] == "Closed Won"
    move(bridge, link.xero_id, "INVOICED")
    bridge.later(60)
    in_sync(bridge.click("quotes", made))
    held = bridge.crm("Quotes", made)
    assert (held["Quote_Stage"], held["Xero_Status"]) == ("Closed Won", "Invoiced")


def test_an_administrators_words_of_state_win(bridge: Bridge, ids: tuple[str, str]) -> None:
    bridge.settings(status_map={"quotes": {"ACCEPTED": "Confirmed"}})
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"), Quote_Stage="Confirmed")
    link = in_sync(bridge.click("quotes", made))
    assert bridge.xero("Quotes", link.xero_id)["Status"] == "ACCEPTED"


def test_an_edit_of_one_field_repeats_what_an_update_must_name(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"))
    link = in_sync(bridge.click("quotes", made))
    before = bridge.xero("Quotes", link.xero_id)
    bridge.world.zoho.edit("Quotes", made, {"Valid_Till": "2027-01-15"})
    bridge.later(60)
    in_sync(bridge.click("quotes", made))
    after = bridge.xero("Quotes", link.xero_id)
    assert after["ExpiryDateString"] == "2027-01-15T00:00:00"
    assert after["LineItems"] == before["LineItems"]
    assert changed(told(bridge, made, operation="update", direction="to_xero")) == {
        "expiry_date": ("2026-12-20", "2027-01-15")
    }


def test_a_closed_quote_keeps_its_amounts_and_says_so(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"), Quote_Stage="Closed Won")
    in_sync(bridge.click("quotes", made))
    rows = [{"id": bridge.crm("Quotes", made)["Quoted_Items"][0]["id"], "Quantity": Decimal(2)}]
    bridge.world.zoho.edit("Quotes", made, {"Quoted_Items": rows})
    bridge.later(60)
    link = bridge.click("quotes", made)
    assert (link.state, link.message_key) == ("conflict", "conflict_locked")


def test_a_quote_of_xero_comes_to_crm_inclusive_and_all(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    customer, product = ids
    in_sync(bridge.click("products", product))
    contact = bridge.click("accounts", customer).xero_id
    bridge.settings(fallback_product=bridge.product("Various", "VARIOUS"))
    xero_id = in_xero(
        bridge, "Quotes", str(contact), xero_line("99.99", ItemCode="OAK-1"),
        xero_line("10.01", DiscountRate=7), {"Description": "Words alone"},
        LineAmountTypes="INCLUSIVE", Title="Autumn", ExpiryDate="2026-12-24", Terms="Net",
    )  # fmt: skip
    bridge.later(60)
    bridge.sweep("quotes")
    link = bridge.link_of_xero("quotes", xero_id)
    held = bridge.crm("Quotes", str(link.zoho_id))
    assert money(held["Grand_Total"]) == money(bridge.xero("Quotes", xero_id)["Total"])
    assert (held["Subject"], held["Valid_Till"]) == ("Autumn", "2026-12-24")
    assert held["Terms_and_Conditions"] == "Net"
    assert len(held["Quoted_Items"]) == 3
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep("quotes")
    assert bridge.writes() == writes


def test_a_quote_deleted_in_xero_is_lost_in_crm_and_keeps_its_lines(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"))
    link = in_sync(bridge.click("quotes", made))
    move(bridge, link.xero_id, "DELETED")
    bridge.later(60)
    bridge.sweep("quotes")
    held = bridge.crm("Quotes", made)
    assert (held["Quote_Stage"], held["Xero_Status"]) == ("Closed Lost", "Deleted")
    assert len(held["Quoted_Items"]) == 1


def test_a_quote_deleted_in_crm_is_deleted_in_xero_where_that_is_allowed(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    both = {"allow": True, "create": True, "update": True, "delete": True}
    bridge.settings(quotes={"to_xero": both})
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"), Quote_Stage="Delivered")
    link = in_sync(bridge.click("quotes", made))
    bridge.world.zoho.delete("Quotes", made)
    bridge.later(60)
    bridge.click("quotes", made, direction="to_xero")
    assert bridge.xero("Quotes", link.xero_id)["Status"] == "DELETED"


def test_a_number_that_only_contains_ours_is_no_partner(
    bridge: Bridge, ids: tuple[str, str]
) -> None:
    customer, product = ids
    contact = bridge.click("accounts", customer).xero_id
    made = quote(bridge, customer, crm_row(product, "1", "10"))
    number = bridge.crm("Quotes", made)["Quote_Number"]
    in_xero(bridge, "Quotes", str(contact), xero_line(), QuoteNumber=f"{number}-B")
    link = in_sync(bridge.click("quotes", made))
    assert bridge.xero("Quotes", link.xero_id)["QuoteNumber"] == number
    assert len(bridge.xero_all("Quotes")) == 2


def test_an_old_quote_is_found_by_its_number(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    contact = bridge.click("accounts", customer).xero_id
    made = quote(bridge, customer, crm_row(product, "1", "100"))
    number = bridge.crm("Quotes", made)["Quote_Number"]
    there = in_xero(bridge, "Quotes", str(contact), xero_line(), QuoteNumber=number)
    assert bridge.click("quotes", made, direction="to_xero").xero_id == there
    assert len(bridge.xero_all("Quotes")) == 1


def test_no_period_is_locked_for_quotes(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    bridge.world.xero.lock_period(bridge.tenant, bridge.world.clock.now().date())
    bridge.later(3700)
    bridge.sweep("accounts")
    in_sync(bridge.click("quotes", quote(bridge, customer, crm_row(product, "1", "10"))))


def test_a_foreign_quote_carries_no_rate(bridge: Bridge, ids: tuple[str, str]) -> None:
    customer, product = ids
    made = quote(bridge, customer, crm_row(product, "1", "10"), Currency="EUR")
    link = in_sync(bridge.click("quotes", made))
    bodies = [
        str(entry.request_body)
        for entry in bridge.world.log.entries(side="xero")
        if entry.method in {"PUT", "POST"} and entry.path.endswith("/Quotes")
    ]
    assert bodies
    assert not [body for body in bodies if "CurrencyRate" in body]
    assert bridge.xero("Quotes", link.xero_id)["CurrencyCode"] == "EUR"
