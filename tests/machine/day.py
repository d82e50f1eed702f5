"""What two people did to their records, as far as a test has to remember it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.sync.bridge import Bridge

Raw = Mapping[str, Any]
SIDES = ("zoho", "xero")
CRM = {"accounts": "Accounts", "products": "Products", "invoices": "Invoices"}
BOOKS = {"accounts": "Contacts", "products": "Items", "invoices": "Invoices"}
GONE = {"ARCHIVED", "VOIDED", "DELETED"}


@dataclass(kw_only=True)
class Record:
    """One thing in the world: a customer, a product, an invoice, on one side or on both."""

    kind: str
    name: str
    ids: dict[str, str] = field(default_factory=dict)
    edits: dict[str, dict[str, str]] = field(default_factory=dict)
    """Field to side to what a person last wrote there since everything last settled."""
    gone: set[str] = field(default_factory=set)
    """Sides on which a person took it away."""
    rows: list[Record] = field(default_factory=list)
    """What an invoice needs: its customer, then its products."""

    @property
    def whole(self) -> bool:
        """Nobody took it away on either side."""
        return not self.gone


def _phone(raw: Raw) -> str:
    rows = [row for row in raw.get("Phones", ()) if row.get("PhoneType") == "DEFAULT"]
    row = rows[0] if rows else {}
    keys = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
    return _digits(" ".join(str(row.get(key) or "") for key in keys))


def _digits(text: Any) -> str:
    return "".join(each for each in str(text or "") if each.isdigit())


def _city(raw: Raw) -> str:
    rows = [row for row in raw.get("Addresses", ()) if row.get("AddressType") == "POBOX"]
    return str((rows[0] if rows else {}).get("City") or "")


def _text(name: str) -> Callable[[Raw], str]:
    return lambda raw: str(raw.get(name) or "")


def _price(raw: Raw) -> str:
    return _figure((raw.get("SalesDetails") or {}).get("UnitPrice"))


def _figure(value: Any) -> str:
    return f"{Decimal(str(value or 0)):.2f}"


def _first_price(lines: str, price: str) -> Callable[[Raw], str]:
    return lambda raw: _figure((raw.get(lines) or [{}])[0].get(price))


def _date(name: str) -> Callable[[Raw], str]:
    return lambda raw: str(raw.get(f"{name}String") or raw.get(name) or "")[:10]


READ: dict[tuple[str, str], dict[str, Callable[[Raw], str]]] = {
    ("accounts", "zoho"): {
        "name": _text("Account_Name"),
        "phone": lambda raw: _digits(raw.get("Phone")),
        "city": _text("Billing_City"),
    },
    ("accounts", "xero"): {"name": _text("Name"), "phone": _phone, "city": _city},
    ("products", "zoho"): {
        "name": _text("Product_Name"),
        "price": lambda raw: _figure(raw.get("Unit_Price")),
        "text": _text("Description"),
    },
    ("products", "xero"): {"name": _text("Name"), "price": _price, "text": _text("Description")},
    ("invoices", "zoho"): {
        "subject": _text("Subject"),
        "due": _date("Due_Date"),
        "price": _first_price("Invoiced_Items", "List_Price"),
        "total": lambda raw: _figure(raw.get("Grand_Total")),
    },
    ("invoices", "xero"): {
        "subject": _text("Reference"),
        "due": _date("DueDate"),
        "price": _first_price("LineItems", "UnitAmount"),
        "total": lambda raw: _figure(raw.get("Total")),
    },
}
"""How each field reads on each side, in words of the test and not of the product."""


def zoho_edit(raw: Raw, kind: str, name: str, value: str) -> dict[str, Any]:
    """What a person types into CRM to make a field say ``value``; blank clears it."""
    if kind == "invoices" and name == "price":
        first = raw["Invoiced_Items"][0]
        return {"Invoiced_Items": [{"id": first["id"], "List_Price": Decimal(value)}]}
    column = {
        "accounts": {"name": "Account_Name", "phone": "Phone", "city": "Billing_City"},
        "products": {"name": "Product_Name", "price": "Unit_Price", "text": "Description"},
        "invoices": {"subject": "Subject", "due": "Due_Date"},
    }[kind][name]
    return {column: Decimal(value) if name == "price" else (value or None)}


def xero_edit(raw: Raw, kind: str, name: str, value: str) -> dict[str, Any]:
    """The same in Xero."""
    if name == "phone":
        return {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": value,
                            "PhoneAreaCode": "", "PhoneCountryCode": ""}]}  # fmt: skip
    if name == "city":
        return {"Addresses": [{"AddressType": "POBOX", "City": value}]}
    if name == "price" and kind == "products":
        return {"SalesDetails": {"UnitPrice": value}}
    if name == "price":
        keys = ("LineItemID", "Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode",
                "TaxType")  # fmt: skip
        rows = [{k: row[k] for k in keys if row.get(k) is not None} for row in raw["LineItems"]]
        rows[0]["UnitAmount"] = value
        return {"LineItems": rows}
    column = {"name": "Name", "text": "Description", "subject": "Reference", "due": "DueDate"}
    return {column[name]: value, **({"Code": raw["Code"]} if kind == "products" else {})}


class People:
    """Ana in CRM and Priya in Xero: what they can do, and what is there afterwards."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.records: list[Record] = []
        self.decided: set[str] = set()
        """CRM ids for which a person chose a side since everything last settled."""

    def of(self, *kinds: str) -> list[Record]:
        """The records of some kinds that nobody took away."""
        return [each for each in self.records if each.kind in kinds and each.whole]

    def raw(self, record: Record, side: str) -> Raw:
        """A record as its own system shows it."""
        if side == "zoho":
            return self.bridge.crm(CRM[record.kind], record.ids[side])
        return self.bridge.xero(BOOKS[record.kind], record.ids[side])

    def says(self, record: Record, side: str, name: str) -> str:
        """What a field says on a side."""
        return READ[record.kind, side][name](self.raw(record, side))

    def edit(self, record: Record, side: str, name: str, value: str) -> None:
        """One person changes one field of one record."""
        raw = self.raw(record, side)
        if side == "zoho":
            values = zoho_edit(raw, record.kind, name, value)
            self.bridge.world.zoho.edit(CRM[record.kind], record.ids[side], values)
        else:
            values = xero_edit(raw, record.kind, name, value)
            entity = BOOKS[record.kind]
            self.bridge.world.xero.edit(self.bridge.tenant, entity, record.ids[side], values)
        record.edits.setdefault(name, {})[side] = self.says(record, side, name)
