"""Suppliers: a CRM vendor is a Xero contact, which may be a customer as well.

The same company is one Xero contact with two links: Xero keeps names unique among its contacts.
``ContactNumber`` names the CRM record that made the contact; the mark of the other pair is the
*Xero ID* on its CRM record alone (docs/decisions/0020).
"""

from __future__ import annotations

from dataclasses import replace

from backend.core.shown import PEOPLE, Shown
from backend.core.spec import Field, Flow, On, Raw, Resource, Side, as_declared
from backend.i18n import N_, ngettext
from backend.modules.accounts import BOTH_SIDES, silent_in
from backend.modules.accounts import SPEC as ACCOUNTS

FIELDS = (
    Field(name="account_number", zoho="Account_Number", xero="AccountNumber", keys=1,
          key_codec="number", flow=Flow.TO_XERO, xero_length=50),
    Field(name="name", zoho="Vendor_Name", xero="Name", keys=1, key_codec="name",
          required=BOTH_SIDES, zoho_length=120, xero_length=255),
    Field(name="phone", zoho="Phone", xero="Phones.DEFAULT.PhoneNumber", codec="phone",
          zoho_length=30),
    Field(name="fax", zoho="Fax", xero="Phones.FAX.PhoneNumber", codec="phone", zoho_length=30),
    Field(name="email", zoho="Email", xero="EmailAddress", codec="email",
          zoho_length=100, xero_length=255),
    Field(name="street", zoho="Street", xero="Addresses.POBOX.AddressLine1", codec="street",
          zoho_length=250),
    Field(name="city", zoho="City", xero="Addresses.POBOX.City",
          zoho_length=255, xero_length=255),
    Field(name="region", zoho="State", xero="Addresses.POBOX.Region",
          zoho_length=255, xero_length=255),
    Field(name="postcode", zoho="Zip_Code", xero="Addresses.POBOX.PostalCode",
          zoho_length=255, xero_length=50),
    Field(name="country", zoho="Country", xero="Addresses.POBOX.Country", codec="country",
          zoho_length=255, xero_length=50),
    Field(name="currency", zoho="Currency", xero="DefaultCurrency", codec="currency",
          on=On.CREATE),
    *(row for row in ACCOUNTS.fields if row.name.startswith(("crm_", "xero_"))),
)  # fmt: skip


def _outside(side: Side, raw: Raw) -> str | None:
    """Xero calls a contact a supplier once it has a bill (developer.xero.com: contacts)."""
    return "no_supplier" if side is Side.XERO and raw.get("IsSupplier") is not True else None


SHOWN = Shown(
    group=PEOPLE,
    place=30,
    name=N_("Vendors"),
    xero=N_("Contacts (suppliers)"),
    partner=N_("Xero contact, supplier"),
    absent=N_("This vendor is not in Xero yet."),
    sending=N_("Sending it links the supplier Xero already has, or creates one."),
    always=N_("Always decide these fields this way for Vendors"),
    chosen=ngettext("1 vendor chosen", "{n} vendors chosen"),
    words={
        "city": N_("City"),
        "country": N_("Country"),
        "postcode": N_("Postcode"),
        "region": N_("Region"),
        "street": N_("Street"),
    },
)

SPEC = replace(
    ACCOUNTS,
    key="vendors",
    shown=SHOWN,
    zoho=Resource(path="Vendors", id="id", number=None, label="Vendor_Name",
                  modified="Modified_Time", back_reference="Xero_ID", event="Vendors",
                  scopes=("ZohoCRM.modules.vendors.ALL",),
                  deep_link="{crm_url}/tab/Vendors/{id}"),
    fields=FIELDS,
    silent=silent_in(FIELDS),
    outside=_outside,
    after=("accounts", "contacts"),
    beside=("accounts", "contacts"),
    yields_to=(),
    claims=lambda raw: raw.get("IsSupplier") is True,
    under=as_declared,
)  # fmt: skip
