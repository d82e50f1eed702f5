"""What people call our fields and modules, in CRM's own words."""

from __future__ import annotations

from backend.i18n import N_

MODULES = {
    "accounts": N_("Accounts"),
    "contacts": N_("Contacts"),
    "credit_notes": N_("Credit notes"),
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
    "products": N_("Products"),
    "purchase_orders": N_("Purchase orders"),
    "quotes": N_("Quotes"),
    "sales_orders": N_("Sales orders"),
    "vendors": N_("Vendors"),
}

FIELDS: dict[str, str] = {
    "account_number": N_("Account number"),
    "active": N_("Active"),
    "amount_due": N_("Amount due"),
    "amount_paid": N_("Amount paid"),
    "billing_city": N_("Billing city"),
    "billing_country": N_("Billing country"),
    "billing_postcode": N_("Billing postcode"),
    "billing_region": N_("Billing region"),
    "billing_street": N_("Billing street"),
    "code": N_("Product code"),
    "crm_id": N_("CRM record number"),
    "crm_url": N_("Link to CRM"),
    "currency": N_("Currency"),
    "customer": N_("Customer"),
    "date": N_("Date"),
    "description": N_("Description"),
    "due_date": N_("Due date"),
    "email": N_("E-mail"),
    "fax": N_("Fax"),
    "last_payment": N_("Last payment"),
    "lines": N_("Lines"),
    "name": N_("Name"),
    "number": N_("Number"),
    "phone": N_("Phone"),
    "price": N_("Sale price"),
    "shipping_city": N_("Shipping city"),
    "shipping_country": N_("Shipping country"),
    "shipping_postcode": N_("Shipping postcode"),
    "shipping_region": N_("Shipping region"),
    "shipping_street": N_("Shipping street"),
    "status": N_("Status"),
    "stock": N_("Stock on hand"),
    "subject": N_("Subject"),
    "xero_id": N_("Xero ID"),
    "xero_number": N_("Xero number"),
    "xero_status": N_("Xero status"),
    "xero_url": N_("Link to Xero"),
}
