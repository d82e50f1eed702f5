"""Xero's official OpenAPI file against the simulator's answers, and the checker against itself.

Every answer in tests/simulator/xero is checked as well. Where the file is absent the models of
Xero's SDK stand in; the first test's name in the report says which of the two it was.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.world import World
from tests.contract.xero_openapi import FILE, Checker, OpenApiChecker, load
from tests.contract.xero_sdk_models import SdkChecker
from tests.simulator.xero.conftest import (
    Caller,
    connected,
    frozen_world,
    invoice_body,
    line,
    payment_body,
    session_of,
)

TENANT = {
    "xero-tenant-id": "c890e565-e7cb-5108-9ac0-448064d3caeb",
    "Accept": "application/json",
}


@pytest.fixture
def world() -> World:
    """A frozen world."""
    return frozen_world()


@pytest.fixture
def call(world: World, shared_dir: Path | None) -> Caller:
    """A connected caller whose answers are checked."""
    return connected(world, session_of(world), load(shared_dir))


def everything(caller: Caller, owner: World) -> list[str]:
    """A day in the books: every entity, every verb, every detail. Returns the paths read."""
    person = {"FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@kestrel.example"}
    contact = caller.contact(
        "Kestrel & Söhne 🍷",
        ContactNumber="ZOHO-1",
        EmailAddress="ida@kestrel.example",
        ContactPersons=[person],
        Addresses=[{"AddressType": "POBOX", "City": "Leith", "Country": "United Kingdom"}],
        Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555", "PhoneAreaCode": "0131"}],
        PaymentTerms={"Sales": {"Day": 14, "Type": "DAYSAFTERBILLDATE"}},
        DefaultCurrency="EUR",
    )
    details = {"UnitPrice": "12.3456", "AccountCode": "200", "TaxType": "OUTPUT2"}
    caller.ok("PUT", "Items", {"Items": [{"Code": "W1", "SalesDetails": details}]})
    tracking = {"Name": "Region", "Options": [{"Name": "North"}]}
    owner.xero.create(owner.xero.ltd, "TrackingCategories", tracking)
    tracked = line(Tracking=[{"Name": "Region", "Option": "North"}], DiscountRate=10)
    invoice = caller.invoice(
        contact,
        LineItems=[tracked, {"ItemCode": "W1", "Quantity": 3}, {"Description": "Words"}],
        Url="https://crm.example/1",
        Reference="Harvest",
    )
    caller.invoice(contact, Type="ACCPAY", LineItems=[line(AccountCode="400")])
    caller.pay(invoice, "5.00")
    owner.xero.credit(owner.xero.ltd, invoice["InvoiceID"], "7.00")
    for kind in ("overpayment", "prepayment"):
        owner.xero.paid_before(owner.xero.ltd, invoice["InvoiceID"], "1.00", kind=kind)
    mixed = [invoice_body(contact["ContactID"]), invoice_body(contact["ContactID"], LineItems=[])]
    caller.ok("POST", "Invoices", {"Invoices": mixed}, summarizeErrors="false")
    caller.errors("POST", "Invoices", {"Invoices": mixed})
    caller.errors("PUT", "Payments", {"Payments": [payment_body(invoice, "9999.00")]})
    quote, order = _quote_and_order(caller, contact)
    owner.xero.bill(owner.xero.ltd, order["PurchaseOrderID"])
    history = f"Invoices/{invoice['InvoiceID']}/History"
    caller.ok("PUT", history, {"HistoryRecords": [{"Details": "Sent from CRM"}]})
    lists = (
        "Contacts",
        "Items",
        "Invoices",
        "CreditNotes",
        "Payments",
        "Overpayments",
        "Prepayments",
    )
    paged = ("Quotes", "PurchaseOrders")
    settings = (
        "Accounts",
        "TaxRates",
        "Currencies",
        "TrackingCategories",
        "BrandingThemes",
        "Users",
    )
    return [
        *lists,
        *paged,
        *settings,
        "Organisation",
        history,
        f"Contacts/{contact['ContactID']}",
        "Contacts/ZOHO-1",
        f"Invoices/{invoice['InvoiceID']}",
        f"Quotes/{quote['QuoteID']}",
        f"PurchaseOrders/{order['PurchaseOrderID']}",
        f"PurchaseOrders/{order['PurchaseOrderNumber']}",
    ]


def _quote_and_order(caller: Caller, contact: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """A quote and an approved purchase order with all they can have."""
    link, rows = {"ContactID": contact["ContactID"]}, [line(DiscountRate=10), {"Description": "W"}]
    quote = {
        "Contact": link,
        "Date": "2026-11-20",
        "ExpiryDate": "2026-12-20",
        "LineAmountTypes": "INCLUSIVE",
        "LineItems": rows,
        "Title": "Autumn",
        "Summary": "Wine",
        "Terms": "30 days",
    }
    order = {
        "Contact": link,
        "Date": "2026-11-20",
        "DeliveryDate": "2026-12-20",
        "Status": "AUTHORISED",
        "DeliveryAddress": "1 Quay",
        "LineItems": [line(AccountCode="310", TaxType="INPUT2")],
    }
    caller.errors("PUT", "Quotes", {"Quotes": [{**quote, "LineItems": []}]})
    caller.errors("PUT", "PurchaseOrders", {"PurchaseOrders": [{**order, "LineItems": []}]})
    return (
        caller.ok("PUT", "Quotes", {"Quotes": [quote]})["Quotes"][0],
        caller.ok("PUT", "PurchaseOrders", {"PurchaseOrders": [order]})["PurchaseOrders"][0],
    )


def test_every_answer_of_a_full_day_fits(
    world: World,
    call: Caller,
    record_property: Any,
) -> None:
    record_property("checked against", call.checker.source)
    paths = everything(call, world)
    for path in paths:
        for query in ({}, {"page": "1"}, {"summaryOnly": "true"}, {"unitdp": "4"}):
            assert call("GET", path, **query).status_code == 200
    assert call.answers > 60


def test_the_other_checker_agrees(world: World, call: Caller) -> None:
    call.checker = SdkChecker()
    for path in everything(call, world):
        assert call("GET", path).status_code == 200


@pytest.fixture
def both(shared_dir: Path | None) -> list[Checker]:
    """Every checker there is here: both rules must hold for each."""
    official = load(shared_dir)
    return [official, SdkChecker()] if isinstance(official, OpenApiChecker) else [official]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/Contacts?summarizeErrors=false", {"Contacts": [{"Name": "A"}]}),
        ("POST", "/api.xro/2.0/Invoices?unitdp=4", {"Invoices": [{"Type": "ACCREC"}]}),
        ("POST", "/Payments/c890e565-e7cb-5108-9ac0-448064d3caeb", {"Status": "DELETED"}),
        ("GET", "https://api.xero.com/api.xro/2.0/Contacts?page=1&pageSize=1000", None),
        ("GET", "/Contacts/ZOHO-1", None),
    ],
)
def test_good_requests_pass(both: list[Checker], method: str, path: str, body: Any) -> None:
    for one in both:
        assert one.check_request(method, path, TENANT, body) == [], one.source


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/Contacts", {"Contacts": [{"Nmae": "A"}]}),
        ("PUT", "/Invoices", {"Invoices": [{"LineItems": [{"Colour": "red"}]}]}),
        ("PUT", "/Invoices", {"Invoices": [{"Contact": {"Name": "A", "Mood": "good"}}]}),
        ("PUT", "/Invoices", {"Invoices": [{"AmountDue": 5}]}),
        ("PUT", "/Contacts", {"Contacts": [{"Name": "A", "UpdatedDateUTC": "x"}]}),
        ("PUT", "/Spoons", {"Spoons": []}),
    ],
)
def test_unknown_and_read_only_fields_are_reported(
    both: list[Checker], method: str, path: str, body: Any
) -> None:
    for one in both:
        assert one.check_request(method, path, TENANT, body), one.source


def test_a_missing_tenant_is_reported(both: list[Checker]) -> None:
    for one in both:
        assert one.check_request("GET", "/Contacts", {"Accept": "application/json"}, None)


OFFICIAL_ONLY: list[tuple[str, str, Any]] = [
    ("PUT", "/Invoices", {"Invoices": [{"Type": "SALES"}]}),
    ("PUT", "/Invoices", {"Invoices": [{"Total": "12.00", "CurrencyRate": "1.2"}]}),
    ("PUT", "/Invoices", {"Invoices": [{"Date": "20/11/2026"}]}),
    ("PUT", "/Invoices", {"Invoices": None}),
    ("GET", "/Contacts?colour=red", None),
    ("GET", "/Contacts?page=first", None),
    ("GET", "/Contacts?includeArchived=True", None),
    ("PUT", "/Contacts", None),
]


def test_the_official_file_sees_types_parameters_and_dates(shared_dir: Path | None) -> None:
    official = load(shared_dir)
    if not isinstance(official, OpenApiChecker):
        # The file is absent: the stand-in must at least say that it is one.
        assert "absent" in official.source
        return
    for method, path, body in OFFICIAL_ONLY:
        assert official.check_request(method, path, TENANT, body), (method, path, body)
    late = {**TENANT, "If-Modified-Since": "20/11/2026"}
    assert official.check_request("GET", "/Contacts", late, None)
    key = {**TENANT, "Idempotency-Key": "k" * 129}
    assert official.check_request("PUT", "/Contacts", key, {"Contacts": [{"Name": "A"}]})


def test_wrong_answers_are_reported(both: list[Checker]) -> None:
    for one in both:
        strange = {"Invoices": [{"InvoiceID": "c890e565-e7cb-5108-9ac0-448064d3caeb", "Mood": 1}]}
        assert one.check_answer("GET", "/Invoices", 200, strange) == [
            "unknown property .Invoices[0].Mood"
            if isinstance(one, OpenApiChecker)
            else "unknown property .Invoices.Mood"
        ]


RECORDED = "recorded/test_get_{}_0.json"


def recorded(shared_dir: Path | None, name: str) -> Any:
    """A real answer of 2020, or None where the folder is absent."""
    if shared_dir is None:
        return None
    file = shared_dir / FILE.parent / RECORDED.format(name)
    return json.loads(json.loads(file.read_text())["body"])


# The names in the real answers, for where the recordings are absent.
CONNECTION = {"id", "tenantId", "tenantType", "createdDateUtc", "updatedDateUtc"}
ENVELOPE = {"Id", "Status", "ProviderName", "DateTimeUTC", "Organisations"}


def test_connections_have_every_field_of_a_recorded_answer(
    call: Caller,
    shared_dir: Path | None,
) -> None:
    real = recorded(shared_dir, "connections")
    wanted = set(real[0]) if real else CONNECTION
    headers = {"Authorization": f"Bearer {call.token}"}
    mine = call.session.get("https://api.xero.com/connections", headers=headers).json()
    assert wanted <= set(mine[0])


def test_the_organisation_has_the_fields_of_a_recorded_answer(
    call: Caller,
    shared_dir: Path | None,
) -> None:
    real = recorded(shared_dir, "organisations")
    mine = call.ok("GET", "Organisation")
    assert set(mine) == (set(real) if real else ENVELOPE)
    if real:
        missing = set(real["Organisations"][0]) - set(mine["Organisations"][0])
        assert missing == {"PeriodLockDate"}
        assert call.checker.check_answer("GET", "/Organisation", 200, real) == []
