"""How long the core takes for pairs of records that did not change, on one core."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from backend.core.codecs import decode, encode, read_all
from backend.core.merge import merge
from backend.core.shown import PEOPLE, Shown
from backend.core.spec import Facts, Field, ModuleSpec, Resource, Side
from bench import Figure

PAIRS = 10_000
MOST_SECONDS = 1.0

_RESOURCE = Resource(path="Contacts", id="id", number=None, label="Name", modified="Time")
_TEXTS = {
    "name": ("Account_Name", "Name"),
    "number": ("Account_Number", "AccountNumber"),
    "billing_city": ("Billing_City", "Addresses.POBOX.City"),
    "billing_state": ("Billing_State", "Addresses.POBOX.Region"),
    "billing_code": ("Billing_Code", "Addresses.POBOX.PostalCode"),
    "shipping_city": ("Shipping_City", "Addresses.STREET.City"),
    "shipping_state": ("Shipping_State", "Addresses.STREET.Region"),
    "shipping_code": ("Shipping_Code", "Addresses.STREET.PostalCode"),
}
_OTHERS = {
    "phone": ("Phone", "Phones.DEFAULT.PhoneNumber", "phone"),
    "fax": ("Fax", "Phones.FAX.PhoneNumber", "phone"),
    "billing_street": ("Billing_Street", "Addresses.POBOX.AddressLine1", "street"),
    "shipping_street": ("Shipping_Street", "Addresses.STREET.AddressLine1", "street"),
    "billing_country": ("Billing_Country", "Addresses.POBOX.Country", "country"),
    "currency": ("Currency", "DefaultCurrency", "currency"),
    "limit": ("Credit_Limit", "CreditLimit", "money"),
}
SPEC = ModuleSpec(
    key="accounts",
    shown=Shown(group=PEOPLE, name="Accounts", xero="Contacts", partner="Contact"),
    zoho=_RESOURCE,
    xero=_RESOURCE,
    fields=(
        *(Field(name=name, zoho=zoho, xero=xero) for name, (zoho, xero) in _TEXTS.items()),
        *(
            Field(name=name, zoho=zoho, xero=xero, codec=codec)
            for name, (zoho, xero, codec) in _OTHERS.items()
        ),
    ),
)
FACTS = Facts(
    multi_currency=True,
    zoho_currency="GBP",
    base_currency="GBP",
    zoho_fields=frozenset(row.zoho for row in SPEC.fields if row.zoho),
)


def _zoho(number: int) -> dict[str, Any]:
    return {
        "Account_Name": f"Café du Port {number}", "Account_Number": f"A{number}",
        "Phone": "+44 20 7946 0000", "Fax": None, "Credit_Limit": Decimal("100.50"),
        "Billing_Street": "1 Harbour Way\nSuite 2", "Billing_City": "Bristol",
        "Billing_State": "Avon", "Billing_Code": "BS1", "Billing_Country": "United Kingdom",
        "Shipping_Street": "1 Harbour Way\nSuite 2", "Shipping_City": "Bristol",
        "Shipping_State": None, "Shipping_Code": "BS1", "Currency": "GBP",
    }  # fmt: skip


def _xero(number: int) -> dict[str, Any]:
    address = {
        "AddressLine1": "1 Harbour Way", "AddressLine2": "Suite 2", "City": "Bristol",
        "Region": "", "PostalCode": "BS1", "Country": "United Kingdom",
    }  # fmt: skip
    phone = {"PhoneNumber": "7946 0000", "PhoneAreaCode": "20", "PhoneCountryCode": "44"}
    return {
        "Name": f"Café du Port {number}", "AccountNumber": f"A{number}", "DefaultCurrency": "GBP",
        "CreditLimit": Decimal("100.5"),
        "Addresses": [
            {"AddressType": "STREET", **address},
            {"AddressType": "POBOX", **address, "Region": "Avon"},
        ],
        "Phones": [
            {"PhoneType": "DDI"}, {"PhoneType": "DEFAULT", **phone}, {"PhoneType": "FAX"},
        ],
    }  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    """Processor seconds, the best of three: what other programs take is not ours."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def measure() -> list[Figure]:
    """Reading, merging and the bases' way through JSON, for ten thousand unchanged pairs."""
    raws = [(_zoho(number), _xero(number)) for number in range(PAIRS)]

    def read() -> list[tuple[Any, Any]]:
        return [
            (read_all(SPEC, Side.ZOHO, zoho, FACTS), read_all(SPEC, Side.XERO, xero, FACTS))
            for zoho, xero in raws
        ]

    pairs = read()
    stored = [
        tuple({name: encode(value) for name, value in side.items()} for side in pair)
        for pair in pairs
    ]

    def merge_all() -> None:
        for zoho, xero in pairs:
            found = merge(SPEC.fields, zoho, xero, zoho, xero)
            assert found.nothing

    def decode_all() -> None:
        for pair in stored:
            for side in pair:
                assert {name: decode(value) for name, value in side.items()}

    reading, merging, decoding = _seconds(read), _seconds(merge_all), _seconds(decode_all)
    whole = reading + merging + decoding
    rows = f"{PAIRS} pairs of {len(SPEC.fields)} fields"
    return [
        Figure(what=f"read both sides, {rows}", value=reading, unit="s"),
        Figure(what=f"merge, unchanged, {rows}", value=merging, unit="s"),
        Figure(what=f"decode both bases, {rows}", value=decoding, unit="s"),
        Figure(what="the core's share of planning them", value=whole, unit="s", limit=MOST_SECONDS),
    ]
