"""Quotes and orders as people write them in CRM and in Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.sync.bridge import Bridge

VAT = [{"name": "VAT", "percentage": Decimal(20)}]
ROWS = {
    "Quotes": "Quoted_Items",
    "Sales_Orders": "Ordered_Items",
    "Purchase_Orders": "Purchase_Items",
    "Invoices": "Invoiced_Items",
}


def crm_row(product: str, quantity: str, price: str, **more: Any) -> dict[str, Any]:
    """A line in CRM's words."""
    return {
        "Product_Name": {"id": product},
        "Quantity": Decimal(quantity),
        "List_Price": Decimal(price),
        "Line_Tax": VAT,
        **more,
    }


def in_crm(bridge: Bridge, module: str, *rows: dict[str, Any], **more: Any) -> str:
    """A document in CRM with these rows."""
    return bridge.world.zoho.create(
        module, {"Subject": "Harvest", ROWS[module]: list(rows), **more}
    )


def quote(bridge: Bridge, customer: str, *rows: dict[str, Any], **more: Any) -> str:
    """A quote of a draft in CRM."""
    values = {"Account_Name": {"id": customer}, "Quote_Stage": "Draft", "Valid_Till": "2026-12-20"}
    return in_crm(bridge, "Quotes", *rows, **(values | more))


def xero_line(amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """A line in Xero's words."""
    start = {"Description": "Tasting", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200"}
    return {**start, "TaxType": "OUTPUT2", **more}


def in_xero(bridge: Bridge, entity: str, contact: str, *lines: Any, **more: Any) -> str:
    """A document in Xero of this contact."""
    values = {"Contact": {"ContactID": contact}, "Date": "2026-11-20", "LineItems": list(lines)}
    return bridge.world.xero.create(bridge.tenant, entity, {**values, **more})
