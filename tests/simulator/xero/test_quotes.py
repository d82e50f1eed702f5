"""Quotes: what may be sent, what an update has to name, which status follows which, lists."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator.world import World
from simulator.xero.quotes import CLOSED, MOVES, UNIQUE
from tests.simulator.xero.conftest import Caller, line


def body(contact: str, **more: Any) -> dict[str, Any]:
    """A quote of one line."""
    return {
        "Contact": {"ContactID": contact},
        "Date": "2026-11-20",
        "LineAmountTypes": "EXCLUSIVE",
        "LineItems": [line(TaxType="OUTPUT2")],
        **more,
    }


def made(call: Caller, contact: str, **more: Any) -> dict[str, Any]:
    """A new quote."""
    found: dict[str, Any] = call.ok("PUT", "Quotes", {"Quotes": [body(contact, **more)]})
    return dict(found["Quotes"][0])


@pytest.fixture
def contact(call: Caller) -> str:
    return str(call.contact()["ContactID"])


def change(quote: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What an update of a quote has to name, and what it changes."""
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    return {
        "QuoteID": quote["QuoteID"],
        "Contact": {"ContactID": quote["Contact"]["ContactID"]},
        "Date": quote["DateString"][:10],
        "LineItems": [{n: str(one[n]) for n in kept if n in one} for one in quote["LineItems"]],
        **more,
    }


def test_a_new_quote_is_a_numbered_draft_in_capitals(call: Caller, contact: str) -> None:
    quote = made(call, contact, Title="Autumn", Summary="Wine", Terms="30 days")
    assert (quote["Status"], quote["QuoteNumber"]) == ("DRAFT", "QU-0001")
    assert quote["LineAmountTypes"] == "EXCLUSIVE"
    assert (quote["SubTotal"], quote["TotalTax"], quote["Total"]) == (
        Decimal("100.00"), Decimal("20.00"), Decimal("120.00"),
    )  # fmt: skip
    assert (quote["Title"], quote["Terms"]) == ("Autumn", "30 days")


def test_the_words_of_invoices_are_no_words_of_quotes(call: Caller, contact: str) -> None:
    for mode in ("Exclusive", "Inclusive", "NoTax"):
        answer = call("PUT", "Quotes", {"Quotes": [body(contact, LineAmountTypes=mode)]})
        assert answer.status_code == 400


def test_a_tax_type_that_is_left_out_is_no_tax(call: Caller, contact: str) -> None:
    assert made(call, contact, LineItems=[line()])["TotalTax"] == 0


def test_prices_have_four_decimals_unasked_and_discounts_both_forms(
    call: Caller, contact: str
) -> None:
    rows = [
        line("10.1234", Quantity="3", DiscountRate=10),
        line("10.1234", DiscountAmount="0.12"),
    ]
    quote = made(call, contact, LineItems=rows)
    assert [one["UnitAmount"] for one in quote["LineItems"]] == [Decimal("10.1234")] * 2
    assert [one["LineAmount"] for one in quote["LineItems"]] == [
        Decimal("27.33"), Decimal("10.00"),
    ]  # fmt: skip
    assert quote["TotalDiscount"] == Decimal("3.16")


def test_an_inclusive_quote_holds_its_tax_within(call: Caller, contact: str) -> None:
    rows = [line("100.00", TaxType="OUTPUT2")]
    quote = made(call, contact, LineAmountTypes="INCLUSIVE", LineItems=rows)
    assert (quote["SubTotal"], quote["TotalTax"], quote["Total"]) == (
        Decimal("83.33"), Decimal("16.67"), Decimal("100.00"),
    )  # fmt: skip


def test_an_update_names_contact_date_and_lines(call: Caller, contact: str) -> None:
    quote = made(call, contact)
    for name in ("Contact", "Date", "LineItems"):
        sent = {k: v for k, v in change(quote, Title="X").items() if k != name}
        found = call.errors("POST", "Quotes", {"Quotes": [sent]})
        words = {"LineItems": "line item"}.get(name, name)
        assert any(words in text for text in found), found
    done = call.ok("POST", "Quotes", {"Quotes": [change(quote, Title="X")]})["Quotes"][0]
    assert done["Title"] == "X"
    assert done["LineItems"][0]["LineItemID"] == quote["LineItems"][0]["LineItemID"]


@pytest.mark.parametrize("held", sorted(MOVES))
@pytest.mark.parametrize("wanted", sorted(MOVES))
def test_statuses_follow_each_other_as_the_page_says(
    world: World, call: Caller, contact: str, held: str, wanted: str
) -> None:
    quote = made(call, contact)
    world.xero.record(world.xero.ltd, "Quotes", quote["QuoteID"])["Status"] = held
    answer = call("POST", "Quotes", {"Quotes": [change(quote, Status=wanted)]})
    allowed = wanted in MOVES[held] or (wanted == held and held != "DELETED")
    assert (answer.status_code == 200) is allowed, answer.text


def test_a_quote_begins_as_a_draft(call: Caller, contact: str) -> None:
    sent = body(contact, Status="SENT")
    assert "Quote not of valid status for creation" in call.errors(
        "PUT", "Quotes", {"Quotes": [sent]}
    )


def test_a_closed_quote_keeps_its_amounts_and_takes_its_notes(
    world: World, call: Caller, contact: str
) -> None:
    quote = made(call, contact)
    for status in ("SENT", "ACCEPTED"):
        world.xero.move(world.xero.ltd, "Quotes", quote["QuoteID"], status)
    sent = change(quote, LineItems=[line("50.00")])
    assert call.errors("POST", "Quotes", {"Quotes": [sent]}) == [CLOSED]
    done = call.ok("POST", "Quotes", {"Quotes": [change(quote, Terms="Soon")]})["Quotes"][0]
    assert (done["Terms"], done["Status"]) == ("Soon", "ACCEPTED")


def test_numbers_are_found_by_a_part_of_them_and_are_unique(call: Caller, contact: str) -> None:
    for number in ("QU-10", "QU-100", "QX-1"):
        made(call, contact, QuoteNumber=number)
    found = call.ok("GET", "Quotes", QuoteNumber="qu-10")["Quotes"]
    assert {one["QuoteNumber"] for one in found} == {"QU-10", "QU-100"}
    sent = body(contact, QuoteNumber="QU-10")
    assert call.errors("PUT", "Quotes", {"Quotes": [sent]}) == [UNIQUE]


def test_lists_are_paged_with_their_lines_and_know_what_changed(
    world: World, call: Caller, contact: str
) -> None:
    sent = [body(contact, QuoteNumber=f"QU-{n:03}") for n in range(120)]
    call.ok("PUT", "Quotes", {"Quotes": sent})
    first = call.ok("GET", "Quotes", page="1")
    assert first["pagination"]["pageCount"] == 2
    assert len(first["Quotes"]) == 100
    assert all(one["LineItems"] for one in first["Quotes"])
    assert len(call.ok("GET", "Quotes")["Quotes"]) == 100
    at = (world.clock.now() + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    world.clock.advance(10)
    world.xero.move(world.xero.ltd, "Quotes", first["Quotes"][3]["QuoteID"], "SENT")
    answer = call("GET", "Quotes", headers={"If-Modified-Since": at})
    assert [one["Status"] for one in answer.json()["Quotes"]] == ["SENT"]
    assert call("GET", "Quotes", where='Status=="SENT"').status_code == 400


def test_a_batch_tells_of_each_quote(call: Caller, contact: str) -> None:
    mixed = [body(contact), body(contact, LineItems=[])]
    rows = call.ok("PUT", "Quotes", {"Quotes": mixed}, summarizeErrors="false")["Quotes"]
    assert [one["StatusAttributeString"] for one in rows] == ["OK", "ERROR"]
    assert rows[1]["ValidationErrors"]


def test_tracking_is_named_by_its_option_alone(world: World, call: Caller, contact: str) -> None:
    named = {"Name": "Region", "Options": [{"Name": "North"}]}
    world.xero.create(world.xero.ltd, "TrackingCategories", named)
    category = call.ok("GET", "TrackingCategories")["TrackingCategories"][0]
    option = category["Options"][0]["TrackingOptionID"]
    rows = [line(Tracking=[{"TrackingOptionID": option}])]
    quote = made(call, contact, LineItems=rows)
    assert quote["LineItems"][0]["Tracking"][0]["Option"] == "North"
    rows = [line(Tracking=[{"Name": "Region", "Option": "North"}])]
    assert call.errors("PUT", "Quotes", {"Quotes": [body(contact, LineItems=rows)]})
