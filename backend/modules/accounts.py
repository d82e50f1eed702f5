"""Customers: a CRM account is a Xero contact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from backend.core.shown import PEOPLE, Shown
from backend.core.spec import (
    Field,
    Flow,
    ModuleSpec,
    On,
    Raw,
    Resource,
    Side,
    Withdrawal,
)
from backend.i18n import N_, ngettext
from backend.modules.xero_fields import CONTACT

BOTH_SIDES = frozenset(Side)
CRM_ID_DIGITS = range(15, 21)
"""How long a CRM record id is; a ContactNumber of another shape is not our mark."""


def _address(kind: str, zoho: str) -> tuple[Field, ...]:
    name, at = zoho.lower(), f"Addresses.{kind}"
    return (
        Field(name=f"{name}_street", zoho=f"{zoho}_Street", xero=f"{at}.AddressLine1",
              codec="street", zoho_length=250),
        Field(name=f"{name}_city", zoho=f"{zoho}_City", xero=f"{at}.City",
              zoho_length=100, xero_length=255),
        Field(name=f"{name}_region", zoho=f"{zoho}_State", xero=f"{at}.Region",
              zoho_length=100, xero_length=255),
        Field(name=f"{name}_postcode", zoho=f"{zoho}_Code", xero=f"{at}.PostalCode",
              zoho_length=30, xero_length=50),
        Field(name=f"{name}_country", zoho=f"{zoho}_Country", xero=f"{at}.Country",
              codec="country", zoho_length=100, xero_length=50),
    )  # fmt: skip


FIELDS = (
    Field(name="account_number", zoho="Account_Number", xero="AccountNumber", keys=1,
          key_codec="number", flow=Flow.TO_XERO, zoho_length=40, xero_length=50),
    Field(name="name", zoho="Account_Name", xero="Name", keys=1, key_codec="name",
          required=BOTH_SIDES, zoho_length=200, xero_length=255),
    Field(name="phone", zoho="Phone", xero="Phones.DEFAULT.PhoneNumber", codec="phone",
          zoho_length=30),
    Field(name="fax", zoho="Fax", xero="Phones.FAX.PhoneNumber", codec="phone", zoho_length=30),
    Field(name="email", zoho="Email", xero="EmailAddress", codec="email",
          zoho_length=100, xero_length=255),
    *_address("POBOX", "Billing"),
    *_address("STREET", "Shipping"),
    Field(name="currency", zoho="Currency", xero="DefaultCurrency", codec="currency",
          on=On.CREATE),
    Field(name="crm_id", zoho="id", xero="ContactNumber", flow=Flow.TO_XERO, on=On.EMPTY,
          xero_length=50),
    Field(name="xero_id", zoho="Xero_ID", xero="ContactID", flow=Flow.TO_ZOHO),
    Field(name="xero_status", zoho="Xero_Status", xero="ContactStatus", codec="readable",
          flow=Flow.TO_ZOHO),
    Field(name="xero_url", zoho="Xero_URL", xero="ContactID", codec="url", flow=Flow.TO_ZOHO),
)  # fmt: skip


def silent_in(fields: Iterable[Field]) -> Callable[[Side, Raw], frozenset[str]]:
    """A lean contact answer omits whole lists; that clears none of ``fields``."""
    rows = tuple(fields)

    def silent(side: Side, raw: Raw) -> frozenset[str]:
        if side is Side.ZOHO:
            return frozenset()
        missing = {head for head in ("Addresses", "Phones") if head not in raw}
        return frozenset(
            row.name for row in rows if row.xero and row.xero.partition(".")[0] in missing
        )

    return silent


def is_supplier_only(raw: Raw) -> bool:
    """Whether Xero knows a contact from bills alone."""
    return raw.get("IsSupplier") is True and raw.get("IsCustomer") is not True


def _outside(side: Side, raw: Raw) -> str | None:
    return "supplier_only" if side is Side.XERO and is_supplier_only(raw) else None


def _customers_are_contacts(side: Side, raw: Raw) -> str | None:
    return _outside(side, raw) or "customers_are_contacts"


def _under(spec: ModuleSpec, settings: Mapping[str, Any]) -> ModuleSpec:
    """Where customers are people, no new pair of an account and a contact is made."""
    if settings.get("customers") != "contacts":
        return spec
    return replace(spec, outside=_customers_are_contacts)


def documents_under(spec: ModuleSpec, settings: Mapping[str, Any]) -> ModuleSpec:
    """Where customers are people, a document refers to the contact instead of the account."""
    if settings.get("customers") != "contacts":
        return spec
    rows = (
        replace(row, zoho="Contact_Name", target="contacts") if row.name == "customer" else row
        for row in spec.fields
    )
    return replace(spec, fields=tuple(rows))


def reference(raw: Raw) -> str | None:
    """The CRM id a contact's number holds, None when it is somebody else's number."""
    number = str(raw.get("ContactNumber") or "")
    return number if number.isdigit() and len(number) in CRM_ID_DIGITS else None


def _withdraw(_raw: Raw) -> Withdrawal:
    """Xero has no deletion of contacts, they are archived (developer.xero.com: contacts)."""
    return Withdrawal(operation="archive", body={"ContactStatus": "ARCHIVED"})


SHOWN = Shown(
    group=PEOPLE,
    place=10,
    name=N_("Accounts"),
    xero=N_("Contacts (customers)"),
    partner=N_("Xero contact, customer"),
    absent=N_("This account is not in Xero yet."),
    sending=N_("Sending it links the customer Xero already has, or creates one."),
    always=N_("Always decide these fields this way for Accounts"),
    chosen=ngettext("1 account chosen", "{n} accounts chosen"),
    words={
        "billing_city": N_("Billing city"),
        "billing_country": N_("Billing country"),
        "billing_postcode": N_("Billing postcode"),
        "billing_region": N_("Billing region"),
        "billing_street": N_("Billing street"),
        "shipping_city": N_("Shipping city"),
        "shipping_country": N_("Shipping country"),
        "shipping_postcode": N_("Shipping postcode"),
        "shipping_region": N_("Shipping region"),
        "shipping_street": N_("Shipping street"),
    },
)

SPEC = ModuleSpec(
    key="accounts",
    shown=SHOWN,
    terms=True,
    zoho=Resource(path="Accounts", id="id", number="Account_Number", label="Account_Name",
                  modified="Modified_Time", back_reference="Xero_ID", event="Accounts",
                  scopes=("ZohoCRM.modules.accounts.ALL",),
                  deep_link="{crm_url}/tab/Accounts/{id}"),
    xero=Resource(path="Contacts", id="ContactID", number="AccountNumber", label="Name",
                  modified="UpdatedDateUTC", offers=CONTACT,
                  event="CONTACT", back_reference="ContactNumber",
                  lookup="path", search="searchTerm", scopes=("accounting.contacts",),
                  unique={"name": "contact_name_taken"},
                  deep_link="https://go.xero.com/app/{short_code}/contacts/contact/{id}"),
    fields=FIELDS,
    state_of=lambda raw: str(raw.get("ContactStatus") or "ACTIVE"),
    locked={"GDPRREQUEST": frozenset({"*"})},
    gone=frozenset({"ARCHIVED", "GDPRREQUEST"}),
    silent=silent_in(FIELDS),
    outside=_outside,
    reference_of=reference,
    withdraw=_withdraw,
    beside=("contacts", "vendors"),
    yields_to=("contacts",),
    claims=lambda raw: raw.get("IsCustomer") is True,
    under=_under,
)  # fmt: skip
