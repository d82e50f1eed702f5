"""People: persons of an account's Xero contact, or customers of their own.

Where customers are companies, a CRM contact of an account is a person inside that account's Xero
contact (``backend.core.persons``), and one without account a Xero contact of its own. Where
customers are people, every CRM contact is a Xero contact of its own and documents refer to it.
What a pair once is it stays: a customer with invoices does not become a person of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.core import persons
from backend.core.names import normal_name
from backend.core.parts import Joined, KnownPart, Parts, Wish, holder, is_part
from backend.core.shown import PEOPLE, Shown
from backend.core.spec import (
    Facts,
    Field,
    Flow,
    ModuleSpec,
    On,
    Raw,
    Resource,
    Side,
    Values,
    Withdrawal,
)
from backend.i18n import N_, ngettext
from backend.modules.accounts import SPEC as ACCOUNTS
from backend.modules.accounts import is_supplier_only, reference, silent_in

ADDRESS = "Addresses.POBOX"
FIELDS = (
    Field(name="account", zoho="Account_Name", xero="Parent.ContactID", codec="link",
          target="accounts", keys=3),
    Field(name="name", zoho="Full_Name", xero="Name", codec="full_name", keys=1, key_codec="name",
          flow=Flow.TO_XERO, xero_length=255),
    Field(name="email", zoho="Email", xero="EmailAddress", codec="email", keys=2,
          key_codec="email", zoho_length=100, xero_length=255),
    Field(name="first_name", zoho="First_Name", xero="FirstName",
          zoho_length=40, xero_length=255),
    Field(name="last_name", zoho="Last_Name", xero="LastName",
          required=frozenset({Side.ZOHO}), zoho_length=80, xero_length=255),
    Field(name="phone", zoho="Phone", xero="Phones.DEFAULT.PhoneNumber", codec="phone",
          zoho_length=30),
    Field(name="mobile", zoho="Mobile", xero="Phones.MOBILE.PhoneNumber", codec="phone",
          zoho_length=30),
    Field(name="mailing_street", zoho="Mailing_Street", xero=f"{ADDRESS}.AddressLine1",
          codec="street", zoho_length=250),
    Field(name="mailing_city", zoho="Mailing_City", xero=f"{ADDRESS}.City",
          zoho_length=100, xero_length=255),
    Field(name="mailing_region", zoho="Mailing_State", xero=f"{ADDRESS}.Region",
          zoho_length=100, xero_length=255),
    Field(name="mailing_postcode", zoho="Mailing_Zip", xero=f"{ADDRESS}.PostalCode",
          zoho_length=30, xero_length=50),
    Field(name="mailing_country", zoho="Mailing_Country", xero=f"{ADDRESS}.Country",
          codec="country", zoho_length=100, xero_length=50),
    Field(name="currency", zoho="Currency", xero="DefaultCurrency", codec="currency",
          on=On.CREATE),
    *(row for row in ACCOUNTS.fields if row.name.startswith(("crm_", "xero_"))),
)  # fmt: skip
OF_A_PERSON = frozenset({
    "account", "name", "email", "first_name", "last_name", "xero_id", "xero_status", "xero_url",
})  # fmt: skip
"""What Xero keeps of a person inside a contact; the rest lives in CRM alone."""
BEYOND_A_PERSON = frozenset(row.name for row in FIELDS) - OF_A_PERSON


def _account_of(raw: Raw) -> str | None:
    held = raw.get("Account_Name")
    key = held.get("id") if isinstance(held, Mapping) else held
    return str(key) if key else None


def _is_person(side: Side, raw: Raw) -> bool:
    """Whether a record is (or will be) a person inside an account's contact. The mark on a CRM
    contact tells that it already is a Xero contact of its own."""
    if side is Side.XERO:
        return is_part(str(raw.get("ContactID") or ""))
    mark = str(raw.get("Xero_ID") or "")
    return _account_of(raw) is not None and (not mark or is_part(mark))


_lean = silent_in(FIELDS)


def _silent(side: Side, raw: Raw) -> frozenset[str]:
    if _is_person(side, raw):
        return BEYOND_A_PERSON
    if side is Side.ZOHO:
        return frozenset()
    return _lean(side, raw) | _business_name(raw) | {"account"}


def _business_name(raw: Raw) -> frozenset[str]:
    """A contact called otherwise than its primary person bears a name of its own, which no
    person's name replaces."""
    own = persons.full_name(raw)
    other = bool(own) and normal_name(own) != normal_name(str(raw.get("Name") or ""))
    return frozenset({"name"}) if other else frozenset()


def _silent_customer(side: Side, raw: Raw) -> frozenset[str]:
    if side is Side.ZOHO:
        return frozenset({"account"})
    return _lean(side, raw) | _business_name(raw) | {"account"}


def _defaults(side: Side, values: Values, raw: Raw) -> Values:
    """CRM cannot do without a last name."""
    if side is Side.XERO:
        return {}
    whole = str(raw.get("Name") or raw.get("EmailAddress") or "?").strip()
    first = str(values.get("first_name") or "")
    return {"last_name": (whole.removeprefix(first).strip() or whole)[:80]}


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, _facts: Facts) -> dict[str, Any]:
    """A person whose account changed leaves the contact of the old one; the next look finds or
    makes them in the new one's."""
    if side is Side.ZOHO or raw is None or not _is_person(side, raw):
        return body
    if "Parent" in body and body["Parent"] != {"ContactID": raw["Parent"]["ContactID"]}:
        return {persons.REMOVE: True}
    return body


def _outside(side: Side, raw: Raw) -> str | None:
    if side is Side.ZOHO:
        return None
    if is_supplier_only(raw):
        return "supplier_only"
    return None if _is_person(side, raw) else "belongs_elsewhere"


def _outside_customer(side: Side, raw: Raw) -> str | None:
    return "supplier_only" if side is Side.XERO and is_supplier_only(raw) else None


def _withdraw(raw: Raw) -> Withdrawal:
    """A person leaves the contact; a contact of its own is archived."""
    if _is_person(Side.XERO, raw):
        return Withdrawal(operation="delete", body={persons.REMOVE: True})
    return ACCOUNTS.withdraw(raw)


# --- inside an account's contact ---------------------------------------------------------------


def _split(contact: Raw, known: Sequence[KnownPart]) -> tuple[Raw, ...] | None:
    """A contact of ours is one record; any other is as many as it has people. One that was merged
    away has none left: whose people they are is told by its successor."""
    own = str(contact.get("ContactID"))
    if any(each.id == own for each in known):
        return (contact,)
    if contact.get("MergedToContactID"):
        return ()
    return persons.split(contact, known)


def _join(contact: Raw, known: Sequence[KnownPart], wishes: Sequence[Wish], facts: Facts) -> Joined:
    return persons.join(contact, known, wishes, address_is_free=not facts.account_addresses)


def _home(body: Mapping[str, Any]) -> str | None:
    """Into which contact a planned body belongs: it names the account, or a person in it."""
    own = str(body.get("ContactID") or "")
    parent = body.get("Parent")
    named = parent.get("ContactID") if isinstance(parent, Mapping) else None
    return holder(own) if is_part(own) else named or None


def _under(spec: ModuleSpec, settings: Mapping[str, Any]) -> ModuleSpec:
    """Where customers are people, every contact is a customer."""
    if settings.get("customers") != "contacts":
        return spec
    return replace(spec, parts=None, silent=_silent_customer, outside=_outside_customer)


SHOWN = Shown(
    group=PEOPLE,
    place=20,
    name=N_("Contacts"),
    xero=N_("Contact persons"),
    partner=N_("Xero contact person"),
    absent=N_("This contact is not in Xero yet."),
    sending=N_("Sending it links the person Xero already has, or adds one to the customer there."),
    always=N_("Always decide these fields this way for Contacts"),
    chosen=ngettext("1 contact chosen", "{n} contacts chosen"),
    words={
        "account": N_("Account"),
        "first_name": N_("First name"),
        "last_name": N_("Last name"),
        "mailing_city": N_("Mailing city"),
        "mailing_country": N_("Mailing country"),
        "mailing_postcode": N_("Mailing postcode"),
        "mailing_region": N_("Mailing region"),
        "mailing_street": N_("Mailing street"),
        "mobile": N_("Mobile"),
    },
)

SPEC = replace(
    ACCOUNTS,
    key="contacts",
    shown=SHOWN,
    terms=False,
    depends_on=("accounts",),
    zoho=Resource(path="Contacts", id="id", number=None, label="Full_Name",
                  modified="Modified_Time", back_reference="Xero_ID", event="Contacts",
                  scopes=("ZohoCRM.modules.contacts.ALL",),
                  deep_link="{crm_url}/tab/Contacts/{id}"),
    fields=FIELDS,
    silent=_silent,
    defaults=_defaults,
    finish=_finish,
    outside=_outside,
    reference_of=lambda raw: None if is_part(str(raw.get("ContactID") or "")) else reference(raw),
    withdraw=_withdraw,
    beside=("accounts", "vendors"),
    yields_to=("accounts",),
    parts=Parts(split=_split, join=_join, home_of=_home),
    under=_under,
)  # fmt: skip
