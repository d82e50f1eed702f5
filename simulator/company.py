"""Fills both sides of a world with the seeded company, through what a person can do there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from simulator.company_papers import fill_papers
from simulator.company_plan import PERCENT, Company, Customer, Invoice, Line, Product, Tax, plan
from simulator.company_xero import fill_xero
from simulator.zoho.organisation import Tax as ZohoTax

if TYPE_CHECKING:
    from simulator.world import World

SEED: Final = 20
EXEMPT_ID: Final = "487687600000401009"


def fill(world: World, *, seed: int = SEED) -> None:
    """Put the company of this seed into CRM and Xero, dated back from the world's today."""
    company = plan(seed)
    with world.lock:
        fill_zoho(world, company)
        fill_xero(world, company)
        fill_papers(world, company)


def fill_zoho(world: World, company: Company) -> None:
    """Accounts with a person each, products, and the invoices CRM has."""
    zoho = world.zoho
    if not zoho.org.has_tax(Tax.EXEMPT, Decimal(0)):
        zoho.org.taxes.append(ZohoTax(id=EXEMPT_ID, name=Tax.EXEMPT, percentage=Decimal(0)))
    accounts = {
        customer.number: zoho.create("Accounts", zoho_account(customer))
        for customer in company.customers
        if customer.crm_name is not None
    }
    for customer in company.customers[::3]:
        if customer.number in accounts:
            zoho.create("Contacts", zoho_person(customer, accounts[customer.number]))
    products = {
        product.code: zoho.create("Products", zoho_product(product))
        for product in company.products
        if product.in_crm
    }
    today = world.clock.now().date()
    for invoice in company.invoices:
        if invoice.in_crm:
            account = accounts[invoice.customer.number]
            zoho.create("Invoices", zoho_invoice(invoice, today, account, products))


def zoho_account(customer: Customer) -> dict[str, Any]:
    """The customer as CRM's Accounts hold one."""
    return {
        "Account_Name": customer.crm_name,
        "Phone": customer.phone,
        "Account_Type": "Customer",
        "Industry": "Hospitality",
        "Billing_Street": customer.street,
        "Billing_City": customer.town,
        "Billing_State": customer.region,
        "Billing_Code": customer.code,
        "Billing_Country": customer.country,
        "Currency": customer.currency,
    }


def zoho_person(customer: Customer, account: str) -> dict[str, Any]:
    """The person one talks to at this customer."""
    first, last = customer.person
    return {
        "First_Name": first,
        "Last_Name": last,
        "Email": customer.email,
        "Phone": customer.phone,
        "Account_Name": {"id": account},
    }


def zoho_product(product: Product) -> dict[str, Any]:
    """The product as CRM's Products hold one."""
    return {
        "Product_Name": product.name,
        "Product_Code": product.code,
        "Description": product.description,
        "Unit_Price": product.price,
        "Product_Active": True,
        "Taxable": product.tax is not Tax.EXEMPT,
        "Tax": [product.tax.value],
    }


def zoho_invoice(
    invoice: Invoice, today: date, account: str, products: dict[str, str]
) -> dict[str, Any]:
    """The invoice as a seller wrote it in CRM."""
    issued, due = invoice.dated(today)
    customer = invoice.customer
    return {
        "Subject": invoice.subject(today),
        "Invoice_Number": invoice.number,
        "Account_Name": {"id": account},
        "Status": invoice.crm_status,
        "Invoice_Date": issued.isoformat(),
        "Due_Date": due.isoformat(),
        "Currency": customer.currency,
        "Billing_Street": customer.street,
        "Billing_City": customer.town,
        "Billing_Country": customer.country,
        "Invoiced_Items": [zoho_line(line, products) for line in invoice.lines],
    }


def zoho_line(line: Line, products: dict[str, str]) -> dict[str, Any]:
    """One line in CRM's words."""
    tax = line.product.tax
    return {
        "Product_Name": {"id": products[line.product.code]},
        "Description": line.product.description,
        "Quantity": line.quantity,
        "List_Price": line.price,
        "Discount": line.discount,
        "Line_Tax": [{"name": tax.value, "percentage": PERCENT[tax]}],
    }
