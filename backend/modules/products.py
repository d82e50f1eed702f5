"""Products: a CRM product is a Xero item, told apart by its code."""

from __future__ import annotations

from typing import Any

from backend.core.shown import CATALOGUE, Shown
from backend.core.spec import (
    Facts,
    Field,
    Flow,
    ModuleSpec,
    Raw,
    Resource,
    Side,
    Values,
    Withdrawal,
)
from backend.i18n import N_, ngettext
from backend.modules.xero_fields import ITEM

FIELDS = (
    Field(name="code", zoho="Product_Code", xero="Code", keys=1, key_codec="code",
          required=frozenset({Side.XERO}), zoho_length=40, xero_length=30),
    Field(name="name", zoho="Product_Name", xero="Name", keys=1, key_codec="name",
          required=frozenset({Side.ZOHO}), zoho_length=200, xero_length=50),
    Field(name="description", zoho="Description", xero="Description", codec="multiline",
          zoho_length=32000, xero_length=4000),
    Field(name="price", zoho="Unit_Price", xero="SalesDetails.UnitPrice", codec="price"),
    Field(name="active", zoho="Product_Active", xero="IsSold", codec="boolean"),
    Field(name="stock", zoho="Qty_in_Stock", xero="QuantityOnHand", codec="quantity",
          flow=Flow.TO_ZOHO),
    Field(name="xero_id", zoho="Xero_ID", xero="ItemID", flow=Flow.TO_ZOHO),
)  # fmt: skip


def _silent(side: Side, raw: Raw) -> frozenset[str]:
    """An item that is not sold has no sales details: its price is unknown, not cleared. Stock
    exists on tracked items alone (developer.xero.com: items)."""
    if side is Side.ZOHO:
        return frozenset() if raw.get("Product_Active") is not None else frozenset({"active"})
    quiet = set() if raw.get("IsTrackedAsInventory") is True else {"stock"}
    if raw.get("IsSold") is None:
        quiet.add("active")
    if raw.get("IsSold") is False or "SalesDetails" not in raw:
        quiet.add("price")
    return frozenset(quiet)


def _defaults(side: Side, _values: Values, raw: Raw) -> Values:
    """Xero needs a code: CRM's id serves, it is unique and short. CRM needs a name."""
    if side is Side.XERO:
        return {"code": str(raw.get("id"))}
    return {"name": str(raw.get("Name") or raw.get("Description") or raw.get("Code"))[:200]}


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, facts: Facts) -> dict[str, Any]:
    if side is Side.XERO and raw is None and facts.sales_account:
        body.setdefault("SalesDetails", {}).setdefault("AccountCode", facts.sales_account)
    if side is Side.XERO and body.get("IsSold") is False:
        body.pop("SalesDetails", None)
    if side is Side.XERO and raw is not None:
        body.setdefault("Code", raw.get("Code"))
    return body


def _reference(raw: Raw) -> str | None:
    code = str(raw.get("Code") or "")
    return code if code.isdigit() and 15 <= len(code) <= 20 else None


SHOWN = Shown(
    group=CATALOGUE,
    place=10,
    name=N_("Products"),
    xero=N_("Items"),
    partner=N_("Xero item"),
    absent=N_("This product is not in Xero yet."),
    sending=N_("Sending it links the item Xero already has, or creates one."),
    always=N_("Always decide these fields this way for Products"),
    chosen=ngettext("1 product chosen", "{n} products chosen"),
    words={
        "active": N_("Active"),
        "code": N_("Product code"),
        "description": N_("Description"),
        "price": N_("Sale price"),
        "stock": N_("Stock on hand"),
    },
)

SPEC = ModuleSpec(
    key="products",
    shown=SHOWN,
    zoho=Resource(path="Products", id="id", number="Product_Code", label="Product_Name",
                  modified="Modified_Time", back_reference="Xero_ID", event="Products",
                  scopes=("ZohoCRM.modules.products.ALL",),
                  deep_link="{crm_url}/tab/Products/{id}"),
    xero=Resource(path="Items", id="ItemID", number="Code", label="Name",
                  modified="UpdatedDateUTC", offers=ITEM,
                  paged=False, back_reference="Code",
                  lookup="path", scopes=("accounting.settings",),
                  unique={"code": "item_code_taken"}),
    fields=FIELDS,
    silent=_silent,
    defaults=_defaults,
    finish=_finish,
    reference_of=_reference,
    withdraw=lambda _raw: Withdrawal(operation="delete"),
)  # fmt: skip
