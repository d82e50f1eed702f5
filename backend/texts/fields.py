"""What people call the fields modules have in common, in CRM's own words; what is one module's alone
is called so where that is declared."""

from __future__ import annotations

from backend.i18n import N_

FIELDS: dict[str, str] = {
    "account_number": N_("Account number"),
    "crm_id": N_("CRM record number"),
    "crm_url": N_("Link to CRM"),
    "currency": N_("Currency"),
    "customer": N_("Customer"),
    "date": N_("Date"),
    "due_date": N_("Due date"),
    "email": N_("E-mail"),
    "fax": N_("Fax"),
    "lines": N_("Lines"),
    "name": N_("Name"),
    "number": N_("Number"),
    "phone": N_("Phone"),
    "status": N_("Status"),
    "subject": N_("Subject"),
    "xero_id": N_("Xero ID"),
    "xero_number": N_("Xero number"),
    "xero_status": N_("Xero status"),
    "xero_url": N_("Link to Xero"),
}
