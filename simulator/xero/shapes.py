"""What callers may send: one table of field kinds per entity, without read-only fields.

A kind is a callable that turns a JSON value into what the books hold, or raises ValueError. Xero
ignores fields it does not know and reads null as "not sent"; a value of the wrong kind spoils the
whole request (PostDataInvalidException).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.xero.errors import api_exception
from simulator.xero.wire import parse_day

Kind = Callable[[Any], Any]


class Misfit(ValueError):
    """A value of the wrong kind."""


def text(value: Any) -> str:
    """Text; Xero reads numbers as text too and trims nothing here."""
    if isinstance(value, bool | dict | list):
        raise Misfit("expected text")
    return str(value)


def number(value: Any) -> Decimal:
    """A finite number, also when it is sent as text."""
    if isinstance(value, bool | dict | list):
        raise Misfit("expected a number")
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise Misfit("expected a number") from error
    if not found.is_finite():
        raise Misfit("expected a number")
    return found


def flag(value: Any) -> bool:
    """True or false, also as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise Misfit("expected a boolean")


def day(value: Any) -> date:
    """A calendar date."""
    if not isinstance(value, str):
        raise Misfit("expected a date")
    return parse_day(value)


def guid(value: Any) -> str:
    """An id in lower case with dashes."""
    return str(uuid.UUID(str(value)))


def choice(*allowed: str) -> Kind:
    """One of Xero's words."""

    def read(value: Any) -> str:
        if value not in allowed:
            raise Misfit(f"expected one of {', '.join(allowed)}")
        return str(value)

    return read


def whole(value: Any) -> int:
    """A whole number."""
    found = number(value)
    if found != found.to_integral_value():
        raise Misfit("expected a whole number")
    return int(found)


def part(shape: Mapping[str, Kind]) -> Kind:
    """A nested object."""
    return lambda value: clean(value, shape)


def rows(shape: Mapping[str, Kind]) -> Kind:
    """A list of nested objects."""

    def read(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise Misfit("expected a list")
        return [clean(item, shape) for item in value]

    return read


def clean(value: Any, shape: Mapping[str, Kind]) -> dict[str, Any]:
    """The known fields of an object in the books' own types; ValueError names the bad one."""
    if not isinstance(value, dict):
        raise Misfit("expected an object")
    found: dict[str, Any] = {}
    for name, kind in shape.items():
        if value.get(name) is None:
            continue
        try:
            found[name] = kind(value[name])
        except ValueError as error:
            raise Misfit(f"{name}: {error}") from error
    return found


def element(value: Any, shape: Mapping[str, Kind]) -> dict[str, Any]:
    """Like `clean`, for a whole element of a request: 400 when something is of a wrong kind."""
    try:
        return clean(value, shape)
    except ValueError as error:
        message = f"JSON for post data was invalid, {error}"
        raise api_exception("PostDataInvalidException", message) from error


LINK = {"ContactID": guid, "ContactNumber": text, "Name": text}
ADDRESS: dict[str, Kind] = {
    "AddressType": choice("POBOX", "STREET"),
    **dict.fromkeys(
        (
            "AddressLine1",
            "AddressLine2",
            "AddressLine3",
            "AddressLine4",
            "City",
            "Region",
            "PostalCode",
            "Country",
            "AttentionTo",
        ),
        text,
    ),
}
PHONE: dict[str, Kind] = {
    "PhoneType": choice("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE"),
    "PhoneNumber": text,
    "PhoneAreaCode": text,
    "PhoneCountryCode": text,
}
PERSON: dict[str, Kind] = {
    "FirstName": text,
    "LastName": text,
    "EmailAddress": text,
    "IncludeInEmails": flag,
}
TERM: dict[str, Kind] = {
    "Day": whole,
    "Type": choice("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"),
}
TERMS: dict[str, Kind] = {"Bills": part(TERM), "Sales": part(TERM)}
CONTACT: dict[str, Kind] = {
    "ContactID": guid,
    "ContactNumber": text,
    "AccountNumber": text,
    "ContactStatus": choice("ACTIVE", "ARCHIVED", "GDPRREQUEST"),
    "Name": text,
    "FirstName": text,
    "LastName": text,
    "CompanyNumber": text,
    "EmailAddress": text,
    "ContactPersons": rows(PERSON),
    "BankAccountDetails": text,
    "TaxNumber": text,
    "TaxNumberType": choice("SSN", "EIN", "ITIN", "ATIN"),
    "AccountsReceivableTaxType": text,
    "AccountsPayableTaxType": text,
    "Addresses": rows(ADDRESS),
    "Phones": rows(PHONE),
    "DefaultCurrency": text,
    "SalesDefaultAccountCode": text,
    "PurchasesDefaultAccountCode": text,
    "PaymentTerms": part(TERMS),
}
DETAILS: dict[str, Kind] = {
    "UnitPrice": number,
    "AccountCode": text,
    "COGSAccountCode": text,
    "TaxType": text,
}
ITEM: dict[str, Kind] = {
    "ItemID": guid,
    "Code": text,
    "Name": text,
    "Description": text,
    "PurchaseDescription": text,
    "IsSold": flag,
    "IsPurchased": flag,
    "InventoryAssetAccountCode": text,
    "SalesDetails": part(DETAILS),
    "PurchaseDetails": part(DETAILS),
}
TRACKING: dict[str, Kind] = {
    "TrackingCategoryID": guid,
    "TrackingOptionID": guid,
    "Name": text,
    "Option": text,
}
LINE: dict[str, Kind] = {
    "LineItemID": guid,
    "Description": text,
    "Quantity": number,
    "UnitAmount": number,
    "ItemCode": text,
    "AccountCode": text,
    "AccountID": guid,
    "TaxType": text,
    "TaxAmount": number,
    "LineAmount": number,
    "Tracking": rows(TRACKING),
    "DiscountRate": number,
    "DiscountAmount": number,
}
DOCUMENT: dict[str, Kind] = {
    "Contact": part(LINK),
    "Date": day,
    "LineAmountTypes": choice("Exclusive", "Inclusive", "NoTax"),
    "LineItems": rows(LINE),
    "Reference": text,
    "BrandingThemeID": guid,
    "CurrencyCode": text,
    "CurrencyRate": number,
    "Status": text,
}
INVOICE: dict[str, Kind] = {
    "InvoiceID": guid,
    "Type": choice("ACCREC", "ACCPAY"),
    **DOCUMENT,
    "DueDate": day,
    "InvoiceNumber": text,
    "Url": text,
    "SentToContact": flag,
    "ExpectedPaymentDate": day,
    "PlannedPaymentDate": day,
    "RoundingAmount": number,
}
CREDIT_NOTE: dict[str, Kind] = {
    "CreditNoteID": guid,
    "Type": choice("ACCRECCREDIT", "ACCPAYCREDIT"),
    **DOCUMENT,
    "DueDate": day,
    "CreditNoteNumber": text,
}
QUOTE: dict[str, Kind] = {
    "QuoteID": guid,
    **DOCUMENT,
    "LineAmountTypes": choice("EXCLUSIVE", "INCLUSIVE", "NOTAX"),
    "QuoteNumber": text,
    "ExpiryDate": day,
    "Title": text,
    "Summary": text,
    "Terms": text,
    "Status": choice("DRAFT", "SENT", "DECLINED", "ACCEPTED", "INVOICED", "DELETED"),
}
PURCHASE_ORDER: dict[str, Kind] = {
    "PurchaseOrderID": guid,
    **DOCUMENT,
    "PurchaseOrderNumber": text,
    "DeliveryDate": day,
    "ExpectedArrivalDate": day,
    "DeliveryAddress": text,
    "AttentionTo": text,
    "Telephone": text,
    "DeliveryInstructions": text,
    "SentToContact": flag,
    "Status": choice("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED", "DELETED"),
}
PAYMENT: dict[str, Kind] = {
    "PaymentID": guid,
    "Invoice": part({"InvoiceID": guid, "InvoiceNumber": text}),
    "CreditNote": part({"CreditNoteID": guid, "CreditNoteNumber": text}),
    "InvoiceNumber": text,
    "CreditNoteNumber": text,
    "Account": part({"AccountID": guid, "Code": text}),
    "Code": text,
    "Date": day,
    "CurrencyRate": number,
    "Amount": number,
    "BankAmount": number,
    "Reference": text,
    "IsReconciled": flag,
    "Status": choice("AUTHORISED", "DELETED"),
}
ALLOCATION: dict[str, Kind] = {
    "Invoice": part({"InvoiceID": guid, "InvoiceNumber": text}),
    "Amount": number,
    "Date": day,
}
