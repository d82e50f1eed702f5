"""Credit notes in Xero: each one means that the invoices it is used on have to be looked at.

CRM has no credit notes; what is credited and due are Xero's own figures on the invoice, and the
rows beneath them (allocations of credit notes, over- and prepayments, refunds) are shown as Xero
lists them there (developer.xero.com: creditnotes, allocations).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from backend.core.shown import DOCUMENTS, Shown
from backend.core.spec import Raw, Resource, Side
from backend.i18n import N_
from backend.modules.payments import SPEC as PAYMENTS
from backend.modules.xero_fields import CREDIT_NOTE


def _invoices_of(raw: Raw) -> tuple[str, ...]:
    """The sales invoices a credit note is used on, none for a supplier's credit."""
    rows = raw.get("Allocations")
    if raw.get("Type") == "ACCPAYCREDIT" or not isinstance(rows, list):
        return ()
    named = (row.get("Invoice") for row in rows if isinstance(row, Mapping))
    ids = (each.get("InvoiceID") for each in named if isinstance(each, Mapping))
    return tuple(dict.fromkeys(str(each) for each in ids if each))


SHOWN = Shown(
    group=DOCUMENTS,
    place=60,
    name=N_("Credit notes"),
    xero=N_("Credit notes"),
    partner=N_("On the invoice"),
    closed=N_("To CRM only"),
    along=N_("With invoices"),
)

SPEC = replace(
    PAYMENTS,
    key="credit_notes",
    shown=SHOWN,
    only_to=Side.ZOHO,
    by_choice=None,
    xero=Resource(path="CreditNotes", id="CreditNoteID", number="CreditNoteNumber",
                  label="CreditNoteNumber", modified="UpdatedDateUTC", offers=CREDIT_NOTE,
                  event="CREDITNOTE",
                  scopes=("accounting.invoices",)),
    fields=(),
    parents_of=_invoices_of,
)  # fmt: skip
