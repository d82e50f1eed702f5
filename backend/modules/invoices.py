"""Sales invoices with their lines; what Xero says is paid and due shows in CRM."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from backend.core.errors import Refused
from backend.core.shown import DOCUMENTS, Shown
from backend.core.spec import (
    OF_ANOTHER,
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
from backend.modules.accounts import documents_under
from backend.modules.xero_fields import INVOICE

BOTH_SIDES = frozenset(Side)
APPROVING = frozenset({"SUBMITTED", "AUTHORISED"})
WORDS = {"AUTHORISED": "Awaiting payment", "SUBMITTED": "Awaiting approval"}
STATES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
"""Xero-OpenAPI: Invoice.Status; likewise QuoteStatusCodes and PurchaseOrder.Status."""
CRM_LINK = re.compile(r"/tab/Invoices/([0-9]{15,20})$")
ORDER_LINK = re.compile(r"/tab/SalesOrders/([0-9]{15,20})$")
"""An invoice in Xero that stands for a sales order, until CRM makes an invoice of that."""


def _from_xero(name: str, zoho: str, xero: str, codec: str = "text") -> Field:
    return Field(name=name, zoho=zoho, xero=xero, codec=codec, flow=Flow.TO_ZOHO,
                 owner=Owner.XERO)  # fmt: skip


def _money(name: str, zoho: str, xero: str, codec: str = "money") -> Field:
    """What has been paid belongs to the payments switches, though it shows on the invoice."""
    return Field(name=name, zoho=zoho, xero=xero, codec=codec, flow=Flow.TO_ZOHO,
                 owner=Owner.XERO, switch="payments")  # fmt: skip


FIELDS = (
    Field(name="number", zoho="Invoice_Number", xero="InvoiceNumber", keys=1,
          key_codec="number", on=On.CREATE, zoho_length=255, xero_length=255),
    Field(name="customer", zoho="Account_Name", xero="Contact.ContactID", codec="link",
          target="accounts", required=BOTH_SIDES),
    Field(name="subject", zoho="Subject", xero="Reference", zoho_length=255, xero_length=255),
    Field(name="date", zoho="Invoice_Date", xero="Date", codec="date"),
    Field(name="due_date", zoho="Due_Date", xero="DueDate", codec="date"),
    Field(name="currency", zoho="Currency", xero="CurrencyCode", codec="currency",
          on=On.CREATE, amounts=True),
    Field(name="lines", zoho="Invoiced_Items", xero="LineItems", codec="lines",
          target="products", required=BOTH_SIDES, amounts=True),
    Field(name="status", zoho="Status", xero="Status", codec="document_status",
          value_map={"VOIDED": "Cancelled", "DELETED": "Cancelled"}),
    Field(name="marked_paid", zoho="Status", xero="FullyPaidOnDate", codec="marked_paid",
          flow=Flow.TO_XERO, switch="payments"),
    Field(name="crm_url", zoho="id", xero="Url", codec="url", flow=Flow.TO_XERO),
    _from_xero("xero_id", "Xero_ID", "InvoiceID"),
    _from_xero("xero_number", "Xero_Number", "InvoiceNumber"),
    Field(name="xero_status", zoho="Xero_Status", xero="Status", codec="readable",
          flow=Flow.TO_ZOHO, owner=Owner.XERO, value_map=WORDS),
    _from_xero("xero_url", "Xero_URL", "InvoiceID", "url"),
    _money("amount_paid", "Xero_Amount_Paid", "AmountPaid"),
    _money("amount_due", "Xero_Amount_Due", "AmountDue"),
    _money("last_payment", "Xero_Last_Payment", "Payments", "latest_date"),
)  # fmt: skip

STILL_OPEN_WHEN_PAID = frozenset(
    {"subject", "due_date", "number", "customer", "crm_url", "marked_paid"}
)
"""What Xero lets change on a part or fully paid sales invoice (developer.xero.com: invoices)."""
LOCKED_WHEN_PAID = frozenset(row.name for row in FIELDS) - STILL_OPEN_WHEN_PAID


def _amount(raw: Raw, key: str) -> Decimal:
    return Decimal(str(raw.get(key) or 0))


def _state(raw: Raw) -> str:
    status = str(raw.get("Status") or "DRAFT")
    settled = _amount(raw, "AmountPaid") + _amount(raw, "AmountCredited")
    return "PART_PAID" if status == "AUTHORISED" and settled else status


def _defaults(side: Side, _values: Values, raw: Raw) -> Values:
    """CRM cannot do without a subject; Xero's reference is often empty."""
    if side is Side.XERO:
        return {}
    return {"subject": str(raw.get("InvoiceNumber") or raw.get("InvoiceID"))}


def _silent(side: Side, raw: Raw) -> frozenset[str]:
    """Drafts without figures and lean answers say nothing of amounts."""
    if side is Side.ZOHO:
        return frozenset()
    keys = {"amount_paid": "AmountPaid", "amount_due": "AmountDue"}
    return frozenset(name for name, key in keys.items() if raw.get(key) is None)


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, facts: Facts) -> dict[str, Any]:
    if side is Side.ZOHO:
        return body
    if raw is None:
        body["Type"] = "ACCREC"
        body["Status"] = facts.invoice_status
        body.setdefault("LineAmountTypes", "Exclusive")
        if facts.invoice_status in APPROVING and not body.get("DueDate"):
            raise Refused("due_date_missing", {"status": facts.invoice_status})
    elif _of_order(raw) and raw.get("Status") == "DRAFT" and facts.invoice_status in APPROVING:
        # A sales order's draft becomes an invoice now: it begins as every invoice does.
        body.setdefault("Status", facts.invoice_status)
    return body


def _of_order(raw: Raw) -> str | None:
    found = ORDER_LINK.search(str(raw.get("Url") or ""))
    return found.group(1) if found else None


def _reference(raw: Raw) -> str | None:
    found, order = CRM_LINK.search(str(raw.get("Url") or "")), _of_order(raw)
    if found is None:
        return f"{OF_ANOTHER}{order}" if order else None
    return found.group(1)


def _outside(side: Side, raw: Raw) -> str | None:
    return "belongs_to_sales_order" if side is Side.XERO and _of_order(raw) else None


def _withdraw(raw: Raw) -> Withdrawal:
    """A draft is deleted, an approved one voided, a paid one never (invoices, status codes)."""
    state = _state(raw)
    if state in {"DRAFT", "SUBMITTED"}:
        return Withdrawal(operation="delete", body={"Status": "DELETED"})
    if state == "AUTHORISED":
        return Withdrawal(operation="void", body={"Status": "VOIDED"})
    refused = "already_withdrawn" if state in {"VOIDED", "DELETED"} else "paid_cannot_be_voided"
    return Withdrawal(operation="none", refused=refused)


SHOWN = Shown(
    group=DOCUMENTS,
    place=30,
    name=N_("Invoices"),
    xero=N_("Invoices"),
    partner=N_("Xero sales invoice"),
    absent=N_("This invoice is not in Xero yet."),
    sending=N_(
        "Sending it creates the invoice in Xero. Its account and products go first where "
        "Xero lacks them."
    ),
    always=N_("Always decide these fields this way for Invoices"),
    chosen=ngettext("1 invoice chosen", "{n} invoices chosen"),
    words={
        "amount_due": N_("Amount due"),
        "amount_paid": N_("Amount paid"),
        "last_payment": N_("Last payment"),
        "marked_paid": N_("Marked as paid"),
    },
)

SPEC = ModuleSpec(
    key="invoices",
    shown=SHOWN,
    terms=True,
    depends_on=("accounts", "contacts", "products"),
    zoho=Resource(path="Invoices", id="id", number="Invoice_Number", label="Subject",
                  modified="Modified_Time", back_reference="Xero_ID", event="Invoices",
                  scopes=("ZohoCRM.modules.invoices.ALL",),
                  lines="Invoiced_Items", lines_module="Invoiced_Items",
                  deep_link="{crm_url}/tab/Invoices/{id}"),
    xero=Resource(path="Invoices", id="InvoiceID", number="InvoiceNumber", label="InvoiceNumber",
                  modified="UpdatedDateUTC", offers=INVOICE,
                  where='Type=="ACCREC"', event="INVOICE",
                  back_reference="Url", search="number", scopes=("accounting.invoices",),
                  states=STATES,
                  deep_link="https://go.xero.com/app/{short_code}/invoicing/view/{id}"),
    fields=FIELDS,
    state_of=_state,
    xero_owns=frozenset({"AUTHORISED", "PART_PAID", "PAID", "VOIDED", "DELETED"}),
    locked={
        "PART_PAID": LOCKED_WHEN_PAID,
        "PAID": LOCKED_WHEN_PAID,
        "VOIDED": frozenset({"*"}),
        "DELETED": frozenset({"*"}),
    },
    gone=frozenset({"VOIDED", "DELETED"}),
    money=True,
    silent=_silent,
    defaults=_defaults,
    finish=_finish,
    outside=_outside,
    made_from=("Sales_Order", "sales_orders"),
    reference_of=_reference,
    withdraw=_withdraw,
    under=documents_under,
)  # fmt: skip
