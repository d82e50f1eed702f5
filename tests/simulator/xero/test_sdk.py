"""Xero's own Python SDK drives the simulator over real sockets: a client nobody here wrote."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from simulator.server import serve
from simulator.world import World
from simulator.xero.app import create_app
from tests.simulator.xero.conftest import CLIENT, SCOPES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from xero_python.accounting import (
        Account,
        AccountingApi,
        Allocation,
        Allocations,
        Contact,
        Contacts,
        CreditNote,
        CreditNotes,
        HistoryRecord,
        HistoryRecords,
        Invoice,
        Invoices,
        Item,
        Items,
        LineAmountTypes,
        LineItem,
        Payment,
        PaymentDelete,
        Payments,
        Purchase,
        PurchaseOrder,
        PurchaseOrders,
        Quote,
        QuoteLineAmountTypes,
        Quotes,
        QuoteStatusCodes,
    )
    from xero_python.api_client import ApiClient
    from xero_python.api_client.configuration import Configuration
    from xero_python.api_client.oauth2 import OAuth2Token
    from xero_python.exceptions import AccountingBadRequestException, RateLimitException
    from xero_python.identity import IdentityApi

pytestmark = pytest.mark.filterwarnings("ignore")


@dataclass
class Sdk:
    """The SDK, signed in."""

    accounting: AccountingApi
    identity: IdentityApi
    tenant: str
    world: World


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    world = World()
    server = serve(create_app(world))
    oauth = world.xero.oauth
    user = oauth.user()
    code = oauth.authorise(
        user, list(user.tenants), scopes=set(SCOPES.split()), redirect_uri="http://localhost/"
    )
    held = {
        key: value
        for key, value in oauth.exchange(code, "http://localhost/", "").items()
        if key in {"access_token", "expires_in", "token_type", "refresh_token", "id_token", "scope"}
    }
    client = ApiClient(
        Configuration(oauth2_token=OAuth2Token(client_id=CLIENT[0], client_secret=CLIENT[1])),
        oauth2_token_getter=lambda: held,
        oauth2_token_saver=held.update,
    )
    yield Sdk(
        accounting=AccountingApi(client, base_url=f"{server.url}/api.xro/2.0"),
        identity=IdentityApi(client, base_url=server.url),
        tenant=world.xero.ltd,
        world=world,
    )
    client.rest_client.pool_manager.clear()
    client.pool.close()
    client.pool.join()
    server.stop()


def one_contact(sdk: Sdk, name: str = "Kestrel Foods") -> Contact:
    made = sdk.accounting.create_contacts(sdk.tenant, Contacts(contacts=[Contact(name=name)]))
    return made.contacts[0]


def one_invoice(sdk: Sdk, contact: Contact, *lines: LineItem) -> Invoice:
    invoice = Invoice(
        type="ACCREC",
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 11, 20),
        due_date=date(2026, 12, 20),
        status="AUTHORISED",
        line_amount_types=LineAmountTypes.EXCLUSIVE,
        line_items=list(lines)
        or [LineItem(description="x", quantity=1, unit_amount=100, account_code="200")],
    )
    made = sdk.accounting.create_invoices(sdk.tenant, Invoices(invoices=[invoice]), unitdp=4)
    return made.invoices[0]


def test_the_sdk_reads_connections_and_the_organisation(sdk: Sdk) -> None:
    connections = sdk.identity.get_connections()
    organisation = sdk.accounting.get_organisations(sdk.tenant).organisations[0]
    assert sdk.tenant in {c.tenant_id for c in connections}
    assert (organisation.name, organisation.short_code) == ("Harbour & Vine Ltd", "!h1vQ2")
    assert str(organisation.base_currency.value) == "GBP"


def test_the_sdk_reads_the_settings(sdk: Sdk) -> None:
    accounts = sdk.accounting.get_accounts(sdk.tenant).accounts
    rates = sdk.accounting.get_tax_rates(sdk.tenant).tax_rates
    currencies = sdk.accounting.get_currencies(sdk.tenant).currencies
    users = sdk.accounting.get_users(sdk.tenant).users
    assert {a.code for a in accounts} >= {"090", "200", "860"}
    assert {r.tax_type for r in rates} >= {"OUTPUT2", "NONE"}
    assert len(currencies) == 3
    assert users[0].email_address == "priya.raman@harbourandvine.example"
    assert sdk.accounting.get_tracking_categories(sdk.tenant).tracking_categories == []


def test_the_sdk_writes_and_pages_contacts(sdk: Sdk) -> None:
    names = [Contact(name=f"Cellar {n}") for n in range(30)]
    made = sdk.accounting.create_contacts(sdk.tenant, Contacts(contacts=names)).contacts
    first = sdk.accounting.get_contacts(sdk.tenant, page=1, page_size=20)
    second = sdk.accounting.get_contacts(sdk.tenant, page=2, page_size=20)
    read = {c.contact_id for c in first.contacts + second.contacts}
    assert read == {c.contact_id for c in made}
    assert (first.pagination.page_count, first.pagination.item_count) == (2, 30)


def test_the_sdk_sees_a_taken_name_as_a_bad_request(sdk: Sdk) -> None:
    one_contact(sdk)
    with pytest.raises(AccountingBadRequestException) as caught:
        one_contact(sdk)
    assert "must be unique across all active contacts" in str(caught.value.error_data)


def test_the_sdk_reads_each_element_of_an_unsummarised_batch(sdk: Sdk) -> None:
    one_contact(sdk)
    sent = Contacts(contacts=[Contact(name="Kestrel Foods"), Contact(name="New")])
    made = sdk.accounting.create_contacts(sdk.tenant, sent, summarize_errors=False).contacts
    assert [c.status_attribute_string for c in made] == ["ERROR", "OK"]
    assert "already assigned" in made[0].validation_errors[0].message


def test_the_sdk_writes_items_invoices_and_payments(sdk: Sdk) -> None:
    details = Purchase(unit_price=Decimal("12.3456"), account_code="200")
    item = Item(code="W1", name="Wine", sales_details=details)
    sdk.accounting.create_items(sdk.tenant, Items(items=[item]), unitdp=4)
    line = LineItem(item_code="W1", quantity=3, description="Red")
    invoice = one_invoice(sdk, one_contact(sdk), line)
    assert invoice.line_items[0].unit_amount == Decimal("12.3456")
    assert (invoice.sub_total, invoice.total_tax, invoice.total) == (
        Decimal("37.04"),
        Decimal("7.41"),
        Decimal("44.45"),
    )
    payment = Payment(
        invoice=Invoice(invoice_id=invoice.invoice_id),
        account=Account(code="090"),
        amount=Decimal("44.45"),
        date=date(2026, 11, 21),
    )
    made = sdk.accounting.create_payments(sdk.tenant, Payments(payments=[payment])).payments[0]
    paid = sdk.accounting.get_invoice(sdk.tenant, invoice.invoice_id).invoices[0]
    assert (paid.status, paid.amount_due) == ("PAID", Decimal("0.00"))
    sdk.accounting.delete_payment(sdk.tenant, made.payment_id, PaymentDelete(status="DELETED"))
    opened = sdk.accounting.get_invoice(sdk.tenant, invoice.invoice_id).invoices[0]
    assert (opened.status, opened.amount_due) == ("AUTHORISED", Decimal("44.45"))


def test_the_sdk_updates_and_finds_invoices(sdk: Sdk) -> None:
    contact = one_contact(sdk)
    invoice, _other = one_invoice(sdk, contact), one_invoice(sdk, contact)
    change = Invoices(invoices=[Invoice(invoice_id=invoice.invoice_id, reference="Harvest")])
    sdk.accounting.update_or_create_invoices(sdk.tenant, change)
    for query in (
        {"search_term": "harv"},
        {"where": 'Reference=="Harvest"'},
        {"i_ds": [invoice.invoice_id]},
        {"invoice_numbers": [invoice.invoice_number]},
    ):
        found = sdk.accounting.get_invoices(sdk.tenant, page=1, **query).invoices
        assert [i.invoice_id for i in found] == [invoice.invoice_id]


def test_the_sdk_credits_an_invoice_and_writes_history(sdk: Sdk) -> None:
    contact = one_contact(sdk)
    invoice = one_invoice(sdk, contact)
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(contact_id=contact.contact_id),
        status="AUTHORISED",
        line_items=[LineItem(description="x", quantity=1, unit_amount=10, account_code="200")],
    )
    made = sdk.accounting.create_credit_notes(sdk.tenant, CreditNotes(credit_notes=[note]))
    note_id = made.credit_notes[0].credit_note_id
    entry = Allocation(
        invoice=Invoice(invoice_id=invoice.invoice_id), amount=12, date=date(2026, 11, 21)
    )
    sdk.accounting.create_credit_note_allocation(
        sdk.tenant, note_id, Allocations(allocations=[entry])
    )
    credited = sdk.accounting.get_invoice(sdk.tenant, invoice.invoice_id).invoices[0]
    assert (credited.amount_credited, credited.amount_due) == (Decimal("12.00"), Decimal("108.00"))
    records = HistoryRecords(history_records=[HistoryRecord(details="Sent from CRM")])
    sdk.accounting.create_invoice_history(sdk.tenant, invoice.invoice_id, records)
    history = sdk.accounting.get_invoice_history(sdk.tenant, invoice.invoice_id).history_records
    assert "Sent from CRM" in {h.details for h in history}


def test_the_sdk_meets_the_limit(sdk: Sdk) -> None:
    sdk.world.switches.xero_app_minute_limit = 0
    with pytest.raises(RateLimitException):
        sdk.accounting.get_contacts(sdk.tenant)


def test_the_sdk_writes_moves_and_pages_quotes(sdk: Sdk) -> None:
    contact = one_contact(sdk)
    line = LineItem(description="Red", quantity=3, unit_amount=Decimal("12.3456"), tax_type="NONE")
    quote = Quote(
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 11, 20),
        line_amount_types=QuoteLineAmountTypes.EXCLUSIVE,
        line_items=[line],
    )
    made = sdk.accounting.create_quotes(sdk.tenant, Quotes(quotes=[quote])).quotes[0]
    assert (made.status, made.total) == (QuoteStatusCodes.DRAFT, Decimal("37.04"))
    sent = Quote(
        quote_id=made.quote_id,
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 11, 20),
        line_items=[LineItem(line_item_id=made.line_items[0].line_item_id, description="Red")],
        status=QuoteStatusCodes.SENT,
    )
    sdk.accounting.update_or_create_quotes(sdk.tenant, Quotes(quotes=[sent]))
    found = sdk.accounting.get_quotes(sdk.tenant, page=1, quote_number="QU-").quotes
    assert [(one.quote_id, one.status) for one in found] == [(made.quote_id, QuoteStatusCodes.SENT)]


def test_the_sdk_orders_from_a_supplier(sdk: Sdk) -> None:
    contact = one_contact(sdk, "Cork & Co")
    line = LineItem(description="Cork", quantity=10, unit_amount=2, account_code="310")
    order = PurchaseOrder(
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 11, 20),
        delivery_date=date(2026, 12, 1),
        status="AUTHORISED",
        line_items=[line],
    )
    sent = PurchaseOrders(purchase_orders=[order])
    made = sdk.accounting.create_purchase_orders(sdk.tenant, sent).purchase_orders[0]
    sdk.world.xero.bill(sdk.tenant, made.purchase_order_id)
    by_number = sdk.accounting.get_purchase_order_by_number(
        sdk.tenant, made.purchase_order_number
    ).purchase_orders[0]
    assert (by_number.status, by_number.total) == ("BILLED", Decimal("24.00"))
    listed = sdk.accounting.get_purchase_orders(sdk.tenant, page=1, page_size=10)
    assert [one.purchase_order_id for one in listed.purchase_orders] == [made.purchase_order_id]
