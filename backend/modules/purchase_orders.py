"""Purchase orders with their lines; that one was billed in Xero shows in CRM."""

from __future__ import annotations

from typing import Any

from backend.core.line_dialects import Dialect
from backend.core.shown import DOCUMENTS, Shown
from backend.core.spec import (
    Facts,
    Field,
    Flow,
    ModuleSpec,
    On,
    Owner,
    Raw,
    Resource,
    Side,
    Values,
    Withdrawal,
)
from backend.i18n import N_, ngettext
from backend.modules.xero_fields import PURCHASE_ORDER

BOTH_SIDES = frozenset(Side)
STATES = {
    "DRAFT": "Created", "SUBMITTED": "Created", "AUTHORISED": "Approved", "BILLED": "Approved",
    "DELETED": "Cancelled",
}  # fmt: skip
"""Xero's status to CRM's. An order has no effect on the books, so CRM's approval counts in Xero;
that goods were delivered says nothing there (docs/decisions/0025)."""
OPEN = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
MOVES = {"": OPEN} | {
    "DRAFT": OPEN | {"DELETED"}, "SUBMITTED": OPEN | {"DELETED"}, "AUTHORISED": OPEN | {"DELETED"},
}  # fmt: skip
"""No page says which status may follow which; *Billed* is never set by us but by a bill."""

FIELDS = (
    Field(name="number", zoho="PO_Number", xero="PurchaseOrderNumber", keys=1,
          key_codec="number", on=On.CREATE, zoho_length=255, xero_length=255),
    Field(name="supplier", zoho="Vendor_Name", xero="Contact.ContactID", codec="link",
          target="vendors", required=BOTH_SIDES),
    Field(name="subject", zoho="Subject", xero="Reference", zoho_length=255, xero_length=255),
    Field(name="date", zoho="PO_Date", xero="Date", codec="date"),
    Field(name="delivery_date", zoho="Due_Date", xero="DeliveryDate", codec="date"),
    Field(name="currency", zoho="Currency", xero="CurrencyCode", codec="currency",
          on=On.CREATE, amounts=True),
    Field(name="lines", zoho="Purchase_Items", xero="LineItems", codec="lines",
          target="products", required=BOTH_SIDES, amounts=True,
          dialect=Dialect(bought=True, posted=False)),
    Field(name="status", zoho="Status", xero="Status", codec="document_status",
          value_map=STATES),
    Field(name="xero_id", zoho="Xero_ID", xero="PurchaseOrderID", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
    Field(name="xero_number", zoho="Xero_Number", xero="PurchaseOrderNumber", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
    Field(name="xero_status", zoho="Xero_Status", xero="Status", codec="readable",
          flow=Flow.TO_ZOHO, owner=Owner.XERO, value_map={
              "AUTHORISED": "Approved", "SUBMITTED": "Awaiting approval"}),
    Field(name="xero_url", zoho="Xero_URL", xero="PurchaseOrderID", codec="url",
          flow=Flow.TO_ZOHO, owner=Owner.XERO),
)  # fmt: skip


def _defaults(side: Side, _values: Values, raw: Raw) -> Values:
    """CRM cannot do without a subject; Xero's reference is often empty."""
    if side is Side.XERO:
        return {}
    return {"subject": str(raw.get("PurchaseOrderNumber") or raw.get("PurchaseOrderID"))}


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, _facts: Facts) -> dict[str, Any]:
    if side is Side.XERO and raw is None:
        body.setdefault("Status", "DRAFT")
        body.setdefault("LineAmountTypes", "Exclusive")
    return body


def _withdraw(raw: Raw) -> Withdrawal:
    """An order is deleted while no bill came of it (developer.xero.com: purchase orders)."""
    status = str(raw.get("Status") or "DRAFT")
    if status in OPEN:
        return Withdrawal(operation="delete", body={"Status": "DELETED"})
    refused = "already_withdrawn" if status == "DELETED" else "billed_cannot_be_deleted"
    return Withdrawal(operation="none", refused=refused)


SHOWN = Shown(
    group=DOCUMENTS,
    place=40,
    name=N_("Purchase orders"),
    xero=N_("Purchase orders"),
    partner=N_("Xero purchase order"),
    absent=N_("This purchase order is not in Xero yet."),
    sending=N_(
        "Sending it creates the purchase order in Xero. Its vendor and products go first "
        "where Xero lacks them."
    ),
    always=N_("Always decide these fields this way for Purchase Orders"),
    chosen=ngettext("1 purchase order chosen", "{n} purchase orders chosen"),
    words={
        "delivery_date": N_("Delivery date"),
        "supplier": N_("Supplier"),
    },
)

SPEC = ModuleSpec(
    key="purchase_orders",
    shown=SHOWN,
    depends_on=("vendors", "products"),
    zoho=Resource(path="Purchase_Orders", id="id", number="PO_Number", label="Subject",
                  modified="Modified_Time", back_reference="Xero_ID", event="Purchase_Orders",
                  scopes=("ZohoCRM.modules.purchaseorders.ALL",),
                  lines="Purchase_Items", lines_module="Purchase_Items",
                  deep_link="{crm_url}/tab/PurchaseOrders/{id}"),
    xero=Resource(path="PurchaseOrders", id="PurchaseOrderID", number="PurchaseOrderNumber",
                  label="PurchaseOrderNumber", modified="UpdatedDateUTC", offers=PURCHASE_ORDER,
                  search="number",
                  scopes=("accounting.invoices",),
                  states=("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED", "DELETED"),
                  deep_link="https://go.xero.com/organisationlogin/default.aspx"
                            "?shortcode={short_code}&redirecturl="
                            "/Accounts/Payable/PurchaseOrders/View/{id}"),
    fields=FIELDS,
    state_of=lambda raw: str(raw.get("Status") or "DRAFT"),
    xero_owns=frozenset({"AUTHORISED", "BILLED", "DELETED"}),
    moves=MOVES,
    posted=False,
    locked={"BILLED": frozenset({"*"}), "DELETED": frozenset({"*"})},
    gone=frozenset({"DELETED"}),
    money=True,
    defaults=_defaults,
    finish=_finish,
    withdraw=_withdraw,
)  # fmt: skip
