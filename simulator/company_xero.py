"""The seeded company as an accountant entered it in Xero."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from simulator.company_plan import (
    Company,
    Customer,
    Invoice,
    Line,
    Product,
    State,
    Tax,
    rounded,
)

if TYPE_CHECKING:
    from simulator.world import World
    from simulator.xero.state import XeroState

TAX_TYPES: Final = {
    Tax.STANDARD: "OUTPUT2",
    Tax.REDUCED: "RROUTPUT",
    Tax.EXEMPT: "EXEMPTOUTPUT",
}
SALES: Final = "200"
COSTS: Final = "310"
STATUS: Final = {State.DRAFT: "DRAFT", State.SUBMITTED: "SUBMITTED"}


def fill_xero(world: World, company: Company) -> None:
    """Contacts, items and invoices with their payments, in the organisation that keeps pounds."""
    xero, tenant = world.xero, world.xero.ltd
    contacts = {
        customer.number: xero.create(tenant, "Contacts", contact(customer))
        for customer in company.customers
        if customer.xero_name is not None
    }
    for product in company.products:
        if product.in_xero:
            xero.create(tenant, "Items", item(product))
    today = world.clock.now().date()
    for one in company.invoices:
        if one.in_xero:
            sent = invoice(one, today, contacts[one.customer.number])
            settle(xero, one, xero.create(tenant, "Invoices", sent), today)
    for customer in company.customers:
        if customer.archived:
            xero.archive(tenant, contacts[customer.number])


def contact(customer: Customer) -> dict[str, Any]:
    """The customer as a Xero contact."""
    first, last = customer.person
    return {
        "Name": customer.xero_name,
        "FirstName": first,
        "LastName": last,
        "EmailAddress": customer.email,
        "DefaultCurrency": customer.currency,
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": customer.phone}],
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": customer.street,
                "City": customer.town,
                "Region": customer.region,
                "PostalCode": customer.code,
                "Country": customer.country,
            }
        ],
    }


def item(product: Product) -> dict[str, Any]:
    """The product as an untracked Xero item."""
    return {
        "Code": product.code,
        "Name": product.name,
        "Description": product.description,
        "IsSold": True,
        "IsPurchased": True,
        "SalesDetails": {
            "UnitPrice": product.price,
            "AccountCode": SALES,
            "TaxType": TAX_TYPES[product.tax],
        },
        "PurchaseDetails": {"UnitPrice": product.cost, "AccountCode": COSTS},
    }


def invoice(one: Invoice, today: date, contact_id: str) -> dict[str, Any]:
    """The invoice as entered, before anything was paid."""
    issued, due = one.dated(today)
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact_id},
        "InvoiceNumber": one.number,
        "Reference": one.subject(today),
        "Date": issued.isoformat(),
        "DueDate": due.isoformat(),
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": one.customer.currency,
        "Status": STATUS.get(one.state, "AUTHORISED"),
        "LineItems": [line(each) for each in one.lines],
    }


def line(one: Line) -> dict[str, Any]:
    """One line in Xero's words."""
    entered: dict[str, Any] = {
        "Description": one.product.description,
        "Quantity": one.quantity,
        "UnitAmount": one.price,
        "ItemCode": one.product.code,
        "AccountCode": SALES,
        "TaxType": TAX_TYPES[one.product.tax],
    }
    return entered | ({"DiscountAmount": one.discount} if one.discount else {})


def settle(xero: XeroState, one: Invoice, invoice_id: str, today: date) -> None:
    """Bring an approved invoice to where it stands today."""
    day = min(one.dated(today)[1], today - timedelta(days=1))
    if one.state is State.PAID:
        xero.pay(xero.ltd, invoice_id, day=day, reference="BACS")
    elif one.state is State.PART_PAID:
        first = rounded(one.total / 3)
        xero.pay(xero.ltd, invoice_id, first, day=day, reference="On account")
        if one.age % 2:
            xero.pay(xero.ltd, invoice_id, rounded(one.total / 4), day=day)
    elif one.state is State.VOIDED:
        xero.void(xero.ltd, invoice_id)
    elif one.state is State.CREDITED:
        amount = one.total if one.age % 2 else rounded(one.total / 5)
        xero.credit(xero.ltd, invoice_id, amount, description="Corked, returned")
