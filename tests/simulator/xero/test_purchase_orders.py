"""Purchase orders: who supplies, what they may not have, how they are billed, lists."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator.world import World
from simulator.xero.purchase_orders import (
    MOVES,
    NO_NEW_CONTACT,
    NOT_FOR_CHANGE,
    NOT_FOR_CREATION,
    UNIQUE,
)
from tests.simulator.xero.conftest import Caller, line


def bought(amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """A line of something that is bought."""
    return line(amount, AccountCode="310", TaxType="INPUT2", **more)


def body(contact: str, **more: Any) -> dict[str, Any]:
    """An order of one line."""
    return {
        "Contact": {"ContactID": contact},
        "Date": "2026-11-20",
        "DeliveryDate": "2026-12-01",
        "LineAmountTypes": "Exclusive",
        "LineItems": [bought()],
        **more,
    }


def made(call: Caller, contact: str, **more: Any) -> dict[str, Any]:
    """A new order."""
    sent = {"PurchaseOrders": [body(contact, **more)]}
    found: dict[str, Any] = call.ok("PUT", "PurchaseOrders", sent)
    return dict(found["PurchaseOrders"][0])


@pytest.fixture
def contact(call: Caller) -> str:
    return str(call.contact("Cork & Co", ContactNumber="V-1")["ContactID"])


def test_a_new_order_is_a_numbered_draft(call: Caller, contact: str) -> None:
    order = made(call, contact)
    assert (order["Status"], order["PurchaseOrderNumber"]) == ("DRAFT", "PO-0001")
    assert (order["Total"], order["DeliveryDateString"]) == (
        Decimal("120.00"), "2026-12-01T00:00:00",
    )  # fmt: skip
    assert made(call, contact, Status="AUTHORISED")["Status"] == "AUTHORISED"


def test_orders_make_no_contacts(call: Caller, contact: str) -> None:
    for link in ({"Name": "Nobody"}, {"ContactNumber": "V-2"}):
        sent = {"PurchaseOrders": [body(contact, Contact=link)]}
        assert NO_NEW_CONTACT in call.errors("PUT", "PurchaseOrders", sent)
    by_number = made(call, contact, Contact={"ContactNumber": "V-1"})
    assert by_number["Contact"]["ContactID"] == contact


def test_sales_taxes_and_amounts_off_are_refused(call: Caller, contact: str) -> None:
    for row in (bought(DiscountAmount="1.00"), line(AccountCode="310", TaxType="OUTPUT2")):
        sent = {"PurchaseOrders": [body(contact, LineItems=[row])]}
        assert call.errors("PUT", "PurchaseOrders", sent)


def test_a_rate_off_is_a_question_of_the_organisation(
    world: World, call: Caller, contact: str
) -> None:
    rated = [bought(DiscountRate=10)]
    assert made(call, contact, LineItems=rated)["Total"] == Decimal("108.00")
    world.switches.xero_purchase_order_discount_rates = False
    assert call.errors(
        "PUT", "PurchaseOrders", {"PurchaseOrders": [body(contact, LineItems=rated)]}
    )


def test_prices_have_four_decimals_unasked(call: Caller, contact: str) -> None:
    order = made(call, contact, LineItems=[bought("10.12345", Quantity=3)])
    assert order["LineItems"][0]["UnitAmount"] == Decimal("10.1235")
    shown = call.ok("GET", f"PurchaseOrders/{order['PurchaseOrderNumber']}")["PurchaseOrders"][0]
    assert shown["LineItems"][0]["UnitAmount"] == Decimal("10.1235")


@pytest.mark.parametrize("held", sorted(MOVES))
@pytest.mark.parametrize("wanted", sorted(MOVES))
def test_statuses_move_within_the_open_ones(
    world: World, call: Caller, contact: str, held: str, wanted: str
) -> None:
    order = made(call, contact)
    world.xero.record(world.xero.ltd, "PurchaseOrders", order["PurchaseOrderID"])["Status"] = held
    sent = {"PurchaseOrderID": order["PurchaseOrderID"], "Status": wanted}
    answer = call("POST", "PurchaseOrders", {"PurchaseOrders": [sent]})
    assert (answer.status_code == 200) is (wanted in MOVES[held]), answer.text


def test_an_order_does_not_begin_billed(call: Caller, contact: str) -> None:
    sent = {"PurchaseOrders": [body(contact, Status="BILLED")]}
    assert call.errors("PUT", "PurchaseOrders", sent) == [NOT_FOR_CREATION]


def test_a_bill_bills_the_order_which_then_keeps_its_amounts(
    world: World, call: Caller, contact: str
) -> None:
    order = made(call, contact, Status="AUTHORISED")
    world.xero.bill(world.xero.ltd, order["PurchaseOrderID"])
    shown = call.ok("GET", f"PurchaseOrders/{order['PurchaseOrderID']}")["PurchaseOrders"][0]
    assert shown["Status"] == "BILLED"
    bills = [one for one in call.ok("GET", "Invoices")["Invoices"] if one["Type"] == "ACCPAY"]
    assert [one["Total"] for one in bills] == [Decimal("120.00")]
    sent = {"PurchaseOrderID": order["PurchaseOrderID"], "LineItems": [bought("5.00")]}
    assert call.errors("POST", "PurchaseOrders", {"PurchaseOrders": [sent]}) == [NOT_FOR_CHANGE]


def test_numbers_are_unique_and_free_again_after_deletion(call: Caller, contact: str) -> None:
    order = made(call, contact, PurchaseOrderNumber="PO-7")
    sent = {"PurchaseOrders": [body(contact, PurchaseOrderNumber="PO-7")]}
    assert call.errors("PUT", "PurchaseOrders", sent) == [UNIQUE]
    gone = {"PurchaseOrderID": order["PurchaseOrderID"], "Status": "DELETED"}
    call.ok("POST", "PurchaseOrders", {"PurchaseOrders": [gone]})
    assert made(call, contact, PurchaseOrderNumber="PO-7")["Status"] == "DRAFT"


def test_lists_are_always_paged_with_their_lines(world: World, call: Caller, contact: str) -> None:
    call.ok("PUT", "PurchaseOrders", {"PurchaseOrders": [body(contact) for _ in range(120)]})
    assert len(call.ok("GET", "PurchaseOrders")["PurchaseOrders"]) == 100
    page = call.ok("GET", "PurchaseOrders", page="1", pageSize="1000")
    assert len(page["PurchaseOrders"]) == 120
    assert all(one["LineItems"] for one in page["PurchaseOrders"])
    at = (world.clock.now() + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    world.clock.advance(10)
    first = page["PurchaseOrders"][0]["PurchaseOrderID"]
    world.xero.move(world.xero.ltd, "PurchaseOrders", first, "AUTHORISED")
    answer = call("GET", "PurchaseOrders", headers={"If-Modified-Since": at})
    assert [one["PurchaseOrderID"] for one in answer.json()["PurchaseOrders"]] == [first]
    assert len(call.ok("GET", "PurchaseOrders", Status="AUTHORISED")["PurchaseOrders"]) == 1
    assert call("GET", "PurchaseOrders", where='Status=="DRAFT"').status_code == 400


def test_a_batch_tells_of_each_order(call: Caller, contact: str) -> None:
    mixed = [body(contact), body(contact, LineItems=[])]
    rows = call.ok("PUT", "PurchaseOrders", {"PurchaseOrders": mixed}, summarizeErrors="false")[
        "PurchaseOrders"
    ]
    assert [one["StatusAttributeString"] for one in rows] == ["OK", "ERROR"]
