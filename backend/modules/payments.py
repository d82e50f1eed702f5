"""Payments in Xero: each one means that its invoice has to be looked at.

CRM has no payments of its own; what is paid and due are fields of the invoice (module invoices,
rows with ``switch="payments"``) and never a sum of ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.shown import DOCUMENTS, Shown
from backend.core.spec import ModuleSpec, Raw, Resource, Side
from backend.i18n import N_
from backend.modules.invoices import SPEC as INVOICES


def _invoice_of(raw: Raw) -> tuple[str, ...]:
    invoice = raw.get("Invoice")
    if not isinstance(invoice, Mapping) or invoice.get("Type") == "ACCPAY":
        return ()
    key = invoice.get("InvoiceID")
    return (str(key),) if key else ()


SHOWN = Shown(
    group=DOCUMENTS,
    place=50,
    name=N_("Payments"),
    xero=N_("Payments"),
    partner=N_("On the invoice"),
    along=N_("With invoices"),
)

SPEC = ModuleSpec(
    key="payments",
    shown=SHOWN,
    by_choice=Side.XERO,
    depends_on=("invoices",),
    zoho=INVOICES.zoho,
    xero=Resource(path="Payments", id="PaymentID", number="Reference", label="InvoiceNumber",
                  modified="UpdatedDateUTC", scopes=("accounting.payments",)),
    fields=tuple(row for row in INVOICES.fields if row.switch == "payments"),
    attached_to="invoices",
    parents_of=_invoice_of,
)  # fmt: skip
