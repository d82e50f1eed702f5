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

FIELDS: dict[str, str] = {}
