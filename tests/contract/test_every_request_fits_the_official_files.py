"""Every kind of request the clients send, and the bodies the modules write, fit the vendors' files.

Where the files are absent, the models of Xero's SDK and the written rules of Zoho's documents stand
in; the name of the first test in the report says which it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.core.codecs import read_all, write_body
from backend.core.errors import Gone
from backend.core.spec import Facts, LedgerAccount, ModuleSpec, Raw, Side, TaxRate, ZohoTax
from simulator.world import World
from tests.apis.support import ACCOUNTS, CREDIT_NOTES, INVOICES, PAYMENTS, PRODUCTS, Bridge
from tests.contract import xero_openapi, zoho_openapi
from tests.contract.sent import checked, violations

GUID = "11111111-1111-4111-8111-111111111111"
FIELDS = [
    ("Accounts", "Xero ID", "text"),
    ("Accounts", "Xero Status", "text"),
    ("Accounts", "Xero URL", "website"),
    ("Products", "Xero ID", "text"),
    ("Invoices", "Xero ID", "text"),
    ("Invoices", "Xero Number", "text"),
    ("Invoices", "Xero Status", "text"),
    ("Invoices", "Xero Amount Due", "currency"),
]


@pytest.fixture
def bridge() -> Bridge:
    """An empty world and what is needed to reach it."""
    return Bridge(World())


def test_which_rules_are_checked(
    shared_dir: Path | None, record_property: Callable[[str, object], None]
) -> None:
    xero, zoho = xero_openapi.load(shared_dir), zoho_openapi.load(shared_dir)
    record_property("xero", xero.source)
    record_property("zoho", zoho.source)
    assert ("official" in xero.source) == (shared_dir is not None)
    assert ("no files" in zoho.source) == (shared_dir is None)


def sales_invoice(contact: str, number: str) -> dict[str, Any]:
    """An approved invoice."""
    line = {"Description": "Wine", "Quantity": Decimal(2), "UnitAmount": Decimal("10.1234"), "AccountCode": "200", "TaxType": "OUTPUT2"}  # fmt: skip
    return {"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"ContactID": contact}, "Date": "2026-11-02", "DueDate": "2026-12-02", "LineAmountTypes": "Exclusive", "Status": "AUTHORISED", "LineItems": [line], "Url": "https://crm.zoho.eu/crm/tab/Invoices/487687600000500001"}  # fmt: skip


def test_every_call_of_the_xero_client_fits(bridge: Bridge, shared_dir: Path | None) -> None:
    xero = bridge.xero()
    made = xero.write(
        ACCOUNTS.xero,
        [{"Name": f"C{n}", "ContactNumber": str(n)} for n in range(5)],
        create=True,
        key="1",
    )
    ids = [str(one.row["ContactID"]) for one in made if one.row]
    items = xero.write(
        PRODUCTS.xero, [{"Code": f"P{n}", "Name": "P"} for n in range(5)], create=True, key="2"
    )
    invoices = xero.write(
        SALES, [sales_invoice(ids[0], f"INV-{n}") for n in range(5)], create=True, key="3"
    )
    sold = [str(one.row["InvoiceID"]) for one in invoices if one.row]
    paid = xero.payment(
        {
            "Invoice": {"InvoiceID": sold[0]},
            "Account": {"Code": "090"},
            "Amount": Decimal("5.00"),
            "Date": "2026-11-03",
        },
        key="4",
    )
    assert all(one.ok for one in [*made, *items, *invoices, paid])
    xero.write(
        ACCOUNTS.xero, [{"ContactID": ids[0], "ContactStatus": "ARCHIVED"}], create=False, key="5"
    )
    xero.write(SALES, [{"InvoiceID": sold[1], "Reference": "R"}], create=False, key="6")
    since = bridge.world.clock.now() - timedelta(hours=1)
    for resource in (ACCOUNTS.xero, PRODUCTS.xero, SALES, PAYMENTS.xero, CREDIT_NOTES):
        xero.page(resource, since=since, order="UpdatedDateUTC ASC")
        xero.read(resource, [GUID])
        xero.read(resource, [GUID, *(f"{n}{GUID[1:]}" for n in range(2, 7))])
        xero.search(resource, "O'Neil & Co")
        xero.by_reference(resource, "487687600000500001")
    assert paid.row is not None
    xero.delete(PAYMENTS.xero, str(paid.row["PaymentID"]), key="7")
    assert items[0].row is not None
    xero.delete(PRODUCTS.xero, str(items[0].row["ItemID"]))
    xero.history(ACCOUNTS.xero, ids[1], "Linked")
    for act in (xero.organisation, xero.accounts, xero.tax_rates, xero.currencies, xero.tracking):
        act()
    assert len(checked(bridge.world)) > 30
    assert violations(bridge.world, shared_dir) == []


SALES = INVOICES.xero


def test_every_call_of_the_zoho_client_fits(bridge: Bridge, shared_dir: Path | None) -> None:
    zoho = bridge.zoho()
    add_fields(bridge)
    made = zoho.write(
        "Accounts",
        [{"Account_Name": f"C{n}", "Xero_ID": str(n)} for n in range(3)],
        create=True,
        trigger=[],
    )
    ids = [row.id or "" for row in made]
    now = bridge.world.clock.now()
    zoho.write(
        "Accounts",
        [{"id": ids[0], "Phone": "1"}],
        create=False,
        unmodified_since=now,
        trigger=["workflow"],
    )
    zoho.page("Accounts", ["Account_Name", "Modified_Time"])
    zoho.page("Accounts", ["Account_Name"], since=now - timedelta(hours=1), ids=ids)
    zoho.read("Accounts", ids[0])
    zoho.find("Accounts", "Xero_ID", ["1", "O'x"], ["Account_Name"])
    zoho.lines("Invoiced_Items", "Parent_Id", ids, ["Quantity"])
    zoho.deleted("Accounts", since=now)
    for act in (zoho.modules, zoho.org, zoho.taxes, zoho.currencies, zoho.users):
        act()
    zoho.fields("Accounts")
    zoho.layouts("Accounts")
    wanted = {"Subject": "Look at INV-1", "$se_module": "Accounts", "What_Id": {"id": ids[0]}}
    (task,) = zoho.write("Tasks", [wanted], create=True, duplicate_check=())
    zoho.write("Tasks", [{"id": task.id, "Status": "Completed"}], create=False)
    expiry = (now + timedelta(days=1)).isoformat(timespec="seconds")
    channel = {
        "channel_id": "1000000068001",
        "events": ["Accounts.all"],
        "notify_url": "https://app.example/hook",
        "token": "t",
        "channel_expiry": expiry,
        "notify_on_related_action": False,
    }
    zoho.watch([channel])
    zoho.renew([channel])
    zoho.unwatch(["1000000068001"])
    zoho.delete("Accounts", ids[:2])
    assert len(checked(bridge.world)) > 20
    assert violations(bridge.world, shared_dir) == []


def test_searches_fit_where_queries_are_refused(bridge: Bridge, shared_dir: Path | None) -> None:
    scopes = ("ZohoCRM.modules.accounts.ALL", "ZohoSearch.securesearch.READ")
    zoho = bridge.zoho(bridge.zoho_tokens(scopes))
    zoho.find("Accounts", "Account_Name", ["a (b), c\\"], [])
    assert [entry.path for entry in checked(bridge.world)][-1] == "/crm/v8/Accounts/search"
    assert violations(bridge.world, shared_dir) == []


# --- the bodies the modules write -------------------------------------------------------------


def add_fields(bridge: Bridge) -> None:
    """The fields that connecting adds."""
    zoho = bridge.zoho()
    for module, label, kind in FIELDS:
        extra = {"length": 50, "unique": {"case_sensitive": False}} if label == "Xero ID" else {}
        (row,) = zoho.create_fields(module, [{"field_label": label, "data_type": kind, **extra}])
        assert row.ok, (module, label, row.error)


def facts_of(bridge: Bridge, links: dict[tuple[str, Side, str], str], **more: Any) -> Facts:
    """What is true of the empty world."""
    fields = {
        f.api_name
        for m in ("Accounts", "Products", "Invoices")
        for f in bridge.world.zoho.modules[m].fields.values()
    }
    return Facts(
        links=links,
        tax_map=((ZohoTax(name="VAT", rate=Decimal(20)), "OUTPUT2"),),
        zoho_taxes=(ZohoTax(name="VAT", rate=Decimal(20)),),
        tax_rates={"OUTPUT2": TaxRate(code="OUTPUT2", name="20% (VAT on Income)", rate=Decimal(20))},
        accounts={"200": LedgerAccount(code="200", id="a", name="Sales", type="REVENUE")},
        currencies=frozenset({"GBP", "EUR", "USD"}),
        base_currency="GBP",
        zoho_currency="GBP",
        multi_currency=True,
        sales_account="200",
        short_code="!h1vQ2",
        crm_url="https://crm.zoho.eu/crm/org1",
        zoho_fields=frozenset(fields | {"id"}),
        **more,
    )  # fmt: skip


def carry(
    bridge: Bridge, spec: ModuleSpec, record: Raw, facts: Facts, *, current: Raw | None = None
) -> Raw:
    """What a CRM record becomes in Xero, created or updated; Xero's answer."""
    values = read_all(spec, Side.ZOHO, record, facts)
    reached = {
        n: v
        for n, v in values.items()
        if spec.field(n).flow.reaches(Side.XERO) and spec.field(n).switch is None
    }
    body = write_body(spec, Side.XERO, reached, facts, current)
    if spec.finish is not None:
        body = spec.finish(Side.XERO, body, current, facts)
    if current is not None:
        body[spec.xero.id] = current[spec.xero.id]
    (one,) = bridge.xero().write(
        spec.xero, [body], create=current is None, key=f"{spec.key}{current is None}"
    )
    assert one.ok, one.errors
    assert one.row is not None
    return one.row


def test_what_modules_write_to_xero_fits(bridge: Bridge, shared_dir: Path | None) -> None:
    add_fields(bridge)
    zoho, state = bridge.zoho(), bridge.world.zoho
    customer = state.create(
        "Accounts",
        {
            "Account_Name": "O'Neil & Co <b> 🍷",
            "Phone": "+44 20 7946 0000",
            "Billing_Street": "1 Quay\nFloor 2",
            "Billing_City": "Leith",
            "Billing_Country": "United Kingdom",
        },
    )
    product = state.create(
        "Products",
        {
            "Product_Name": "Wine",
            "Product_Code": "W1",
            "Unit_Price": Decimal("10.50"),
            "Description": "Red",
        },
    )
    line = {
        "Product_Name": {"id": product},
        "Quantity": Decimal(3),
        "List_Price": Decimal("10.50"),
        "Discount": Decimal("1.50"),
        "Description": "Red",
        "Line_Tax": [{"name": "VAT", "percentage": Decimal(20)}],
    }
    invoice = state.create(
        "Invoices",
        {
            "Subject": "Order",
            "Account_Name": {"id": customer},
            "Invoice_Date": "2026-11-02",
            "Due_Date": "2026-12-02",
            "Invoiced_Items": [line],
        },
    )
    links: dict[tuple[str, Side, str], str] = {}
    for spec, record_id in ((ACCOUNTS, customer), (PRODUCTS, product), (INVOICES, invoice)):
        facts = facts_of(
            bridge,
            links,
            products={"W1": product},
            item_codes={product: "W1"},
            product_names={product: "Wine"},
        )
        record = zoho.read(spec.zoho.path, record_id)
        assert record is not None
        there = carry(bridge, spec, record, facts)
        carry(bridge, spec, record, facts, current=there)
        links |= {
            (spec.key, Side.ZOHO, record_id): str(there[spec.xero.id]),
            (spec.key, Side.XERO, str(there[spec.xero.id])): record_id,
        }
    assert violations(bridge.world, shared_dir) == []


# --- the checks themselves --------------------------------------------------------------------


def test_a_request_outside_the_files_is_noticed(bridge: Bridge, shared_dir: Path | None) -> None:
    xero, zoho = bridge.xero(), bridge.zoho()
    xero.write(ACCOUNTS.xero, [{"Name": "Ana", "Nickname": "A"}], create=True, key="k")
    zoho.write(
        "Accounts", [{"Account_Name": "Ana", "Nickname": "A"}], create=True, duplicate_check=()
    )
    found = violations(bridge.world, shared_dir)
    assert [("Nickname" in one, one.split()[0]) for one in found] == [
        (True, "xero"),
        (True, "zoho"),
    ]


def test_requests_are_logged_as_they_were_sent(bridge: Bridge) -> None:
    xero = bridge.xero()
    with pytest.raises(Gone):
        xero.history(ACCOUNTS.xero, GUID, "Łódź")
    entry = checked(bridge.world)[-1]
    assert json.loads(entry.request_body) == {"HistoryRecords": [{"Details": "Łódź"}]}
