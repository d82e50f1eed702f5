"""The entities of the Accounting API by their path; a new one is a file and a line here."""

from __future__ import annotations

from simulator.xero import (
    advances,
    catalogue,
    contacts,
    credit_notes,
    invoices,
    items,
    payments,
    purchase_orders,
    quotes,
)
from simulator.xero.resource import Resource

ENTITIES: dict[str, Resource] = {
    "Contacts": contacts.RESOURCE,
    "Items": items.RESOURCE,
    "Invoices": invoices.RESOURCE,
    "CreditNotes": credit_notes.RESOURCE,
    "Payments": payments.RESOURCE,
    "Overpayments": advances.OVERPAYMENTS,
    "Prepayments": advances.PREPAYMENTS,
    "Quotes": quotes.RESOURCE,
    "PurchaseOrders": purchase_orders.RESOURCE,
    "Accounts": catalogue.ACCOUNTS,
    "TaxRates": catalogue.TAX_RATES,
    "Currencies": catalogue.CURRENCIES,
    "TrackingCategories": catalogue.TRACKING,
    "BrandingThemes": catalogue.BRANDING,
    "Users": catalogue.USERS,
    "Organisation": catalogue.ORGANISATION,
}
