"""The control API: a person's acts over HTTP, faults, clock, log, figures."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.control.app import create_app
from simulator.world import World
from tests.simulator.xero.conftest import Caller, line


@pytest.fixture
def control(world: World) -> FlaskClient:
    return create_app(world).test_client()


def post(control: FlaskClient, path: str, **body: Any) -> dict[str, Any]:
    answer = control.post(path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return json.loads(answer.text)


def test_an_invoice_lives_a_whole_life_through_the_control_api(
    world: World, control: FlaskClient
) -> None:
    root = "/control/xero/ltd"
    contact = post(control, f"{root}/records/Contacts", Name="Kestrel")["id"]
    invoice = post(
        control,
        f"{root}/records/Invoices",
        Type="ACCREC",
        Contact={"ContactID": contact},
        DueDate="2026-12-20",
        LineItems=[line()],
    )["id"]
    post(control, f"{root}/approve", invoice_id=invoice)
    payment = post(control, f"{root}/pay", invoice_id=invoice, amount="20.00")["payment_id"]
    credit = post(control, f"{root}/credit", invoice_id=invoice, amount=10)["credit_note_id"]
    post(control, f"{root}/delete_payment", payment_id=payment)
    shown = json.loads(control.get(f"{root}/records/Invoices/{invoice}").text)
    assert (shown["AmountPaid"], shown["AmountCredited"], shown["AmountDue"]) == (0.0, 10.0, 110.0)
    assert world.xero.record(world.xero.ltd, "CreditNotes", credit)["Status"] == "PAID"
    listed = json.loads(control.get(f"{root}/records/Invoices").text)["data"]
    assert [i["InvoiceID"] for i in listed] == [invoice]


def test_contacts_are_archived_restored_merged_and_edited(
    world: World, control: FlaskClient
) -> None:
    root = "/control/xero/ltd"
    one, two = (post(control, f"{root}/records/Contacts", Name=n)["id"] for n in ("A", "B"))
    post(control, f"{root}/archive", contact_id=one)
    post(control, f"{root}/unarchive", contact_id=one)
    edited = control.put(f"{root}/records/Contacts/{one}", json={"FirstName": "Ida"})
    assert json.loads(edited.text)["FirstName"] == "Ida"
    post(control, f"{root}/merge", kept=one, gone=two)
    merged = world.xero.record(world.xero.ltd, "Contacts", two)
    assert (merged["ContactStatus"], merged["MergedToContactID"]) == ("ARCHIVED", one)


def test_settings_of_the_organisation_can_be_changed(world: World, control: FlaskClient) -> None:
    root = "/control/xero/ltd"
    post(control, f"{root}/enable_currency", code="NZD")
    post(control, f"{root}/lock_period", date="2026-10-31")
    post(control, f"{root}/archive_account", code="210")
    post(control, f"{root}/tax_rate", tax_type="RROUTPUT", status="DELETED")
    books = world.xero.books(world.xero.ltd)
    assert "NZD" in books.currencies
    assert books.organisation["PeriodLockDate"].isoformat() == "2026-10-31"
    assert books.account("210") is None
    assert books.tax_rates["RROUTPUT"]["Status"] == "DELETED"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/xero/ltd/approve", {"invoice_id": "nothing"}, 404),
        ("/control/xero/ltd/approve", {}, 400),
        ("/control/xero/ltd/dance", {}, 404),
        ("/control/xero/mars/approve", {"invoice_id": "x"}, 404),
        ("/control/xero/ltd/records/Contacts", {"FirstName": "x"}, 400),
        ("/control/xero/ltd/records/Spoons", {"Name": "x"}, 404),
        ("/control/faults", {"side": "mars", "kind": "500"}, 400),
        ("/control/faults", {"side": "xero", "kind": "nonsense"}, 400),
        ("/control/faults", {"side": "xero", "kind": "500", "colour": 1}, 400),
        ("/control/faults", {"side": "xero"}, 400),
        ("/control/switches", {"unknown": True}, 400),
        ("/control/switches", {"ims_inclusive": "yes"}, 400),
        ("/control/clock", {"advance": -1}, 400),
        ("/control/webhooks", {"lose_every": "x"}, 400),
    ],
)
def test_nonsense_is_refused_with_a_reason(
    control: FlaskClient, path: str, body: dict[str, Any], status: int
) -> None:
    answer = control.post(path, json=body)
    assert answer.status_code == status
    assert json.loads(answer.text)["error"]


def test_revoking_ends_tokens_and_disconnecting_leaves_them(
    world: World, call: Caller, control: FlaskClient
) -> None:
    post(control, "/control/xero/ltd/disconnect")
    assert call("GET", "Contacts").status_code == 403
    call.tenant = world.xero.trading
    assert call("GET", "Contacts").status_code == 200
    post(control, "/control/xero/revoke")
    assert call("GET", "Contacts").status_code == 401


def test_faults_are_armed_shown_and_cleared(
    world: World, call: Caller, control: FlaskClient
) -> None:
    post(control, "/control/faults", side="xero", kind="503", times=None, every=2)
    statuses = [call("GET", "Items").status_code for _ in range(4)]
    assert statuses == [200, 503, 200, 503]
    assert len(json.loads(control.get("/control/faults").text)["faults"]) == 1
    control.delete("/control/faults")
    assert call("GET", "Items").status_code == 200
    assert world.faults.armed() == {}


def test_clock_log_and_figures_are_readable(
    world: World, call: Caller, control: FlaskClient
) -> None:
    post(control, "/control/clock", advance=60)
    assert world.clock.now().minute == 1
    since = world.log.last_number()
    call.invoice(call.contact())
    log = json.loads(control.get(f"/control/requests?side=xero&since={since}").text)
    assert [r["method"] for r in log["requests"]] == ["PUT", "PUT"]
    figures = json.loads(control.get("/control/figures").text)
    assert figures["xero"][world.xero.ltd]["invoice_totals"] == {"GBP": 120.0}
    assert figures["calls"]["xero"] == world.log.count("xero")


def test_the_page_offers_the_acts(world: World, call: Caller, control: FlaskClient) -> None:
    invoice = call.invoice(call.contact("<b>Bold</b>"))
    page = control.get("/").text
    assert invoice["InvoiceNumber"] in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert 'data-act="pay"' in page


def test_quotes_and_orders_are_moved_and_billed_through_the_control_api(
    world: World, control: FlaskClient
) -> None:
    root = "/control/xero/ltd"
    contact = post(control, f"{root}/records/Contacts", Name="Cork & Co")["id"]
    start = {"Contact": {"ContactID": contact}, "Date": "2026-11-20", "LineItems": [line()]}
    quote = post(control, f"{root}/records/Quotes", **start)["id"]
    for act in ("send_quote", "accept_quote", "mark_quote_invoiced", "delete_quote"):
        post(control, f"{root}/{act}", quote_id=quote)
    assert world.xero.record(world.xero.ltd, "Quotes", quote)["Status"] == "DELETED"
    order = post(control, f"{root}/records/PurchaseOrders", **start)["id"]
    post(control, f"{root}/approve_order", purchase_order_id=order)
    bill = post(control, f"{root}/bill_order", purchase_order_id=order)["invoice_id"]
    assert world.xero.record(world.xero.ltd, "PurchaseOrders", order)["Status"] == "BILLED"
    assert world.xero.record(world.xero.ltd, "Invoices", bill)["Type"] == "ACCPAY"
    refused = control.post(f"{root}/delete_order", json={"purchase_order_id": order})
    assert refused.status_code == 400
