"""Quotes with their lines, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
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
from backend.modules.accounts import documents_under
from backend.modules.xero_fields import QUOTE

BOTH_SIDES = frozenset(Side)
STAGES = {
    "DRAFT": "Draft", "SENT": "Delivered", "ACCEPTED": "Closed Won", "INVOICED": "Closed Won",
    "DECLINED": "Closed Lost", "DELETED": "Closed Lost",
}  # fmt: skip
"""Xero's status to CRM's stage. *Closed Won* asks Xero for ACCEPTED, never for INVOICED: that word
is the accountant's. Negotiation, On Hold, Confirmed say nothing in Xero (docs/decisions/0025)."""
MOVES = {
    "": frozenset({"DRAFT"}),
    "DRAFT": frozenset({"SENT", "DELETED"}),
    "SENT": frozenset({"ACCEPTED", "DECLINED", "DELETED"}),
    "DECLINED": frozenset({"SENT", "DELETED"}),
    "ACCEPTED": frozenset({"INVOICED", "SENT", "DELETED"}),
    "INVOICED": frozenset({"SENT", "DELETED"}),
}
"""developer.xero.com: quotes, status codes. No page lets a quote begin beyond a draft."""

DIALECT = Dialect(
    exclusive="EXCLUSIVE", untaxed="NOTAX", tracking=("TrackingOptionID",), posted=False
)

FIELDS = (
    Field(name="number", zoho="Quote_Number", xero="QuoteNumber", keys=1, key_codec="number",
          on=On.CREATE, zoho_length=255, xero_length=255),
    Field(name="customer", zoho="Account_Name", xero="Contact.ContactID", codec="link",
          target="accounts", required=BOTH_SIDES),
    Field(name="subject", zoho="Subject", xero="Reference", zoho_length=255, xero_length=4000),
    Field(name="date", zoho="Created_Time", xero="Date", codec="date", on=On.CREATE,
          flow=Flow.TO_XERO, required=frozenset({Side.XERO})),
    Field(name="expiry_date", zoho="Valid_Till", xero="ExpiryDate", codec="date"),
    Field(name="currency", zoho="Currency", xero="CurrencyCode", codec="currency",
          on=On.CREATE, amounts=True),
    Field(name="lines", zoho="Quoted_Items", xero="LineItems", codec="lines", target="products",
          required=BOTH_SIDES, amounts=True, dialect=DIALECT),
    Field(name="status", zoho="Quote_Stage", xero="Status", codec="document_status",
          value_map=STAGES),
    Field(name="terms", zoho="Terms_and_Conditions", xero="Terms", codec="multiline",
          zoho_length=32000, xero_length=4000),
    Field(name="summary", zoho="Description", xero="Summary", codec="multiline", flow=Flow.OFF,
          zoho_length=32000, xero_length=3000),
    Field(name="xero_id", zoho="Xero_ID", xero="QuoteID", flow=Flow.TO_ZOHO, owner=Owner.XERO),
    Field(name="xero_number", zoho="Xero_Number", xero="QuoteNumber", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
    Field(name="xero_status", zoho="Xero_Status", xero="Status", codec="readable",
          flow=Flow.TO_ZOHO, owner=Owner.XERO),
    Field(name="xero_url", zoho="Xero_URL", xero="QuoteID", codec="url", flow=Flow.TO_ZOHO,
          owner=Owner.XERO),
)  # fmt: skip
"""What CRM keeps for itself by nature stays there: its description is off, an administrator may let
it become Xero's summary, which customers read."""

CLOSED = frozenset(row.name for row in FIELDS) - {"status", "terms"}
"""Once answered only contact and notes of a quote may change (developer.xero.com: quotes)."""
LINE = (
    "LineItemID", "Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode", "TaxType",
    "DiscountRate", "DiscountAmount",
)  # fmt: skip


def _defaults(side: Side, _values: Values, raw: Raw) -> Values:
    """CRM cannot do without a subject; Xero's reference is often empty."""
    if side is Side.XERO:
        return {}
    return {"subject": str(raw.get("Title") or raw.get("QuoteNumber") or raw.get("QuoteID"))[:255]}


def _finish(side: Side, body: dict[str, Any], raw: Raw | None, facts: Facts) -> dict[str, Any]:
    """An update names contact, date and lines whatever it changes; a create is a draft."""
    if side is Side.ZOHO:
        return body
    if raw is None:
        body.setdefault("Status", "DRAFT")
        if not body.get("Date") and facts.now is not None:
            body["Date"] = facts.now.date().isoformat()
        return body
    contact = raw.get("Contact") or {}
    body.setdefault("Contact", {"ContactID": contact.get("ContactID")})
    body.setdefault("Date", str(raw.get("DateString") or raw.get("Date"))[:10])
    if "LineItems" not in body:
        body["LineItems"] = [_kept(line) for line in raw.get("LineItems") or ()]
        body["LineAmountTypes"] = raw.get("LineAmountTypes") or "EXCLUSIVE"
    return body


def _kept(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as an update repeats it: without what Xero computes."""
    kept = {name: line[name] for name in LINE if line.get(name) is not None}
    options = [one.get("TrackingOptionID") for one in line.get("Tracking") or ()]
    tracking = [{"TrackingOptionID": option} for option in options if option]
    return kept | ({"Tracking": tracking} if tracking else {})


def _withdraw(raw: Raw) -> Withdrawal:
    """Every standing quote may be deleted; the update names what every update names."""
    if raw.get("Status") == "DELETED":
        return Withdrawal(operation="none", refused="already_withdrawn")
    body = _finish(Side.XERO, {"Status": "DELETED"}, raw, Facts())
    return Withdrawal(operation="delete", body=body)


SHOWN = Shown(
    group=DOCUMENTS,
    place=10,
    name=N_("Quotes"),
    xero=N_("Quotes"),
    partner=N_("Xero quote"),
    absent=N_("This quote is not in Xero yet."),
    sending=N_(
        "Sending it creates the quote in Xero. Its account and products go first where "
        "Xero lacks them."
    ),
    always=N_("Always decide these fields this way for Quotes"),
    chosen=ngettext("1 quote chosen", "{n} quotes chosen"),
    words={
        "expiry_date": N_("Valid until"),
        "summary": N_("Summary"),
        "terms": N_("Terms and conditions"),
    },
)

SPEC = ModuleSpec(
    key="quotes",
    shown=SHOWN,
    depends_on=("accounts", "contacts", "products"),
    zoho=Resource(path="Quotes", id="id", number="Quote_Number", label="Subject",
                  modified="Modified_Time", back_reference="Xero_ID", event="Quotes",
                  scopes=("ZohoCRM.modules.quotes.ALL",),
                  lines="Quoted_Items", lines_module="Quoted_Items",
                  deep_link="{crm_url}/tab/Quotes/{id}"),
    xero=Resource(path="Quotes", id="QuoteID", number="QuoteNumber", label="QuoteNumber",
                  modified="UpdatedDateUTC", offers=QUOTE,
                  search="number", scopes=("accounting.invoices",),
                  states=("DRAFT", "SENT", "ACCEPTED", "DECLINED", "INVOICED", "DELETED"),
                  deep_link="https://go.xero.com/app/{short_code}/quotes/view/{id}"),
    fields=FIELDS,
    state_of=lambda raw: str(raw.get("Status") or "DRAFT"),
    xero_owns=frozenset({"ACCEPTED", "DECLINED", "INVOICED", "DELETED"}),
    moves=MOVES,
    posted=False,
    locked={
        "ACCEPTED": CLOSED,
        "DECLINED": CLOSED,
        "INVOICED": CLOSED,
        "DELETED": frozenset({"*"}),
    },
    gone=frozenset({"DELETED"}),
    money=True,
    defaults=_defaults,
    finish=_finish,
    withdraw=_withdraw,
    under=documents_under,
)  # fmt: skip
