"""An invoice marked paid in CRM becomes a payment in Xero: what is due, once, on one account.

Xero creates and deletes payments and never changes them; one is made for at most what is due, on
an approved document (developer.xero.com: payments). What counts is that CRM's status became the
word for *paid*: a payment somebody deletes in Xero afterwards is not made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.errors import Message
from backend.core.planning import Change, Pair, Step
from backend.core.scalars import to_decimal, to_text
from backend.core.spec import Facts, LedgerAccount, ModuleSpec, Raw, Side

MARKED = "marked_paid"
"""The row that says whether a document counts as paid."""
PAYMENT = "Payment"
"""In a planned body: the payment to create."""
OPEN = frozenset({"AUTHORISED", "PART_PAID"})


def reference_of(zoho_id: str) -> str:
    """Our mark on a payment, which also tells the accountant where it comes from."""
    return f"CRM invoice {zoho_id}"


def payment(spec: ModuleSpec, pair: Pair, facts: Facts) -> Step | Message | None:
    """The payment that settles what is due, why it has to wait, or None: nothing is due."""
    raw, zoho_id = pair.xero or {}, str((pair.zoho or {}).get("id"))
    due = to_decimal(raw.get("AmountDue"), "AmountDue")
    if spec.state_of(raw) not in OPEN:
        return Message("payment_needs_approval")
    if due is None or due <= 0 or (_is_there(raw, zoho_id) and not pair.click):
        return None
    refusal = _refusal(raw, facts)
    if refusal is not None or facts.payment_account is None or facts.now is None:
        return refusal
    day = facts.now.date()
    if facts.lock_date is not None and day <= facts.lock_date:
        params = {"date": day.isoformat(), "lock": facts.lock_date.isoformat()}
        return Message("period_locked", params)
    body = {
        "Invoice": {"InvoiceID": raw.get(spec.xero.id)},
        "Account": {"AccountID": facts.payment_account.id},
        "Date": day.isoformat(),
        "Amount": due,
        "Reference": reference_of(zoho_id),
    }
    return Step(
        side=Side.XERO,
        operation="update",
        values={MARKED: True},
        body={spec.xero.id: raw.get(spec.xero.id), PAYMENT: body},
        changes=(Change(field="amount_due", before=due, after=due - due),),
    )


def _is_there(raw: Raw, zoho_id: str) -> bool:
    """Whether our payment already stands on the document."""
    rows = raw.get("Payments")
    held = rows if isinstance(rows, list) else []
    wanted = reference_of(zoho_id)
    return any(isinstance(row, Mapping) and row.get("Reference") == wanted for row in held)


def _refusal(raw: Raw, facts: Facts) -> Message | None:
    account = facts.payment_account
    if account is None:
        return Message("payment_account_missing")
    if not account.active or not (account.type == "BANK" or account.takes_payments):
        return Message("payment_account_invalid", {"account": account.name})
    return _currencies(raw, account, facts)


def _currencies(raw: Raw, account: LedgerAccount, facts: Facts) -> Message | None:
    """Between two currencies only the bank knows what arrived: no rate is made up."""
    document = to_text(raw.get("CurrencyCode")) or facts.base_currency
    held = account.currency or facts.base_currency
    if document == held:
        return None
    params = {"account": account.name, "currency": held, "code": document}
    return Message("payment_account_currency", params)


def is_payment(body: Mapping[str, Any]) -> bool:
    """Whether a planned body is a payment."""
    return PAYMENT in body
