"""Sales orders, which Xero does not have: each is a draft sales invoice there, to Xero alone.

Once CRM makes an invoice of the order, that invoice takes the draft over (docs/decisions/0026).
"""

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
    Withdrawal,
)
from backend.i18n import N_, ngettext
from backend.modules.accounts import documents_under
from backend.modules.invoices import CRM_LINK, ORDER_LINK, STATES, WORDS
from backend.modules.xero_fields import INVOICE

BOTH_SIDES = frozenset(Side)
OPEN = frozenset({"DRAFT", "SUBMITTED"})
TAKEN_OVER = "TAKEN_OVER"
"""The state of an invoice in Xero that is a CRM invoice's by now."""

FIELDS = (
    Field(name="customer", zoho="Account_Name", xero="Contact.ContactID", codec="link",
          target="accounts", required=BOTH_SIDES, flow=Flow.TO_XERO),
    Field(name="subject", zoho="Subject", xero="Reference", flow=Flow.TO_XERO,
          zoho_length=255, xero_length=255),
    Field(name="date", zoho="Created_Time", xero="Date", codec="date", on=On.CREATE,
          flow=Flow.TO_XERO),
    Field(name="due_date", zoho="Due_Date", xero="DueDate", codec="date", flow=Flow.TO_XERO),
    Field(name="currency", zoho="Currency", xero="CurrencyCode", codec="currency",
          on=On.CREATE, amounts=True, flow=Flow.TO_XERO),
    Field(name="lines", zoho="Ordered_Items", xero="LineItems", codec="lines",
          target="products", required=BOTH_SIDES, amounts=True, flow=Flow.TO_XERO,
          dialect=Dialect(posted=False)),
    Field(name="status", zoho="Status", xero="Status", codec="document_status",
          flow=Flow.TO_XERO, value_map={"VOIDED": "Cancelled", "DELETED": "Cancelled"}),
    Field(name="crm_url", zoho="id", xero="Url", codec="url", flow=Flow.TO_XERO),
    Field(name="xero_id", zoho="Xero_ID", xero="InvoiceID", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
    Field(name="xero_number", zoho="Xero_Number", xero="InvoiceNumber", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
    Field(name="xero_status", zoho="Xero_Status", xero="Status", codec="readable",
          flow=Flow.TO_ZOHO, owner=Owner.XERO, value_map=WORDS),
    Field(name="xero_url", zoho="Xero_URL", xero="InvoiceID", codec="url", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
)  # fmt: skip
"""No number travels: Xero gives the draft one of its own, as the invoice it will be."""


def _taken_over(raw: Raw) -> bool:
    return CRM_LINK.search(str(raw.get("Url") or "")) is not None


def _state(raw: Raw) -> str:
    return TAKEN_OVER if _taken_over(raw) else str(raw.get("Status") or "DRAFT")


def _silent(side: Side, raw: Raw) -> frozenset[str]:
    """Of an invoice that has taken the draft over, the order neither knows nor decides more."""
    if side is Side.ZOHO or not _taken_over(raw):
        return frozenset()
    return frozenset(row.name for row in FIELDS if row.flow is not Flow.TO_ZOHO)


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, facts: Facts) -> dict[str, Any]:
    if side is Side.XERO and raw is None:
        body["Type"], body["Status"] = "ACCREC", "DRAFT"
        body.setdefault("LineAmountTypes", "Exclusive")
        if not body.get("Date") and facts.now is not None:
            body["Date"] = facts.now.date().isoformat()
    return body


def _reference(raw: Raw) -> str | None:
    found = ORDER_LINK.search(str(raw.get("Url") or ""))
    return found.group(1) if found else None


def _withdraw(raw: Raw) -> Withdrawal:
    """A draft goes with its order; what an accountant approved does not."""
    if _state(raw) in OPEN:
        return Withdrawal(operation="delete", body={"Status": "DELETED"})
    return Withdrawal(operation="none", refused="order_already_approved")


SHOWN = Shown(
    group=DOCUMENTS,
    place=20,
    name=N_("Sales orders"),
    xero=N_("Draft invoices"),
    partner=N_("Draft sales invoice"),
    absent=N_("This sales order is not in Xero yet."),
    sending=N_(
        "Sending it creates a draft invoice in Xero. Its account and products go first "
        "where Xero lacks them."
    ),
    chosen=ngettext("1 sales order chosen", "{n} sales orders chosen"),
    closed=N_("Xero has no sales orders"),
)

ALL = frozenset({"*"})
SPEC = ModuleSpec(
    key="sales_orders",
    shown=SHOWN,
    only_to=Side.XERO,
    on_at_first=False,
    depends_on=("accounts", "contacts", "products"),
    zoho=Resource(path="Sales_Orders", id="id", number="SO_Number", label="Subject",
                  modified="Modified_Time", back_reference="Xero_ID", event="Sales_Orders",
                  scopes=("ZohoCRM.modules.salesorders.ALL",),
                  lines="Ordered_Items", lines_module="Ordered_Items",
                  deep_link="{crm_url}/tab/SalesOrders/{id}"),
    xero=Resource(path="Invoices", id="InvoiceID", number="InvoiceNumber", label="InvoiceNumber",
                  modified="UpdatedDateUTC", offers=INVOICE,
                  where='Type=="ACCREC"', event="INVOICE",
                  back_reference="Url", listed=False, scopes=("accounting.invoices",),
                  states=STATES,
                  deep_link="https://go.xero.com/app/{short_code}/invoicing/view/{id}"),
    fields=FIELDS,
    state_of=_state,
    locked=dict.fromkeys(("AUTHORISED", "PAID", "VOIDED", "DELETED", TAKEN_OVER), ALL),
    gone=frozenset({"VOIDED", "DELETED"}),
    money=True,
    silent=_silent,
    finish=_finish,
    reference_of=_reference,
    withdraw=_withdraw,
    under=documents_under,
)  # fmt: skip
