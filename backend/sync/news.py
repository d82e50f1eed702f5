"""What a write means to the person who reads the history, in a word of its own."""

from __future__ import annotations

from decimal import Decimal

from backend.core.errors import Message
from backend.core.paying import is_payment
from backend.core.plan import Step
from backend.core.spec import Flow, ModuleSpec, Side, Values

ENDS = frozenset({"archive", "delete", "void"})


def news_of(spec: ModuleSpec, step: Step, before: Values, currency: str) -> Message:
    """The sentence for one accepted write. ``before`` holds what CRM said until then."""
    if is_payment(step.body):
        due = next(each.before for each in step.changes)
        return Message("paid_in_xero", {"amount": str(due), "currency": currency})
    if step.operation == "create" or step.operation in ENDS:
        return Message(f"{step.operation}_in_{step.side}")
    money = _payment(step, before, currency)
    if money is not None:
        return money
    marks = all(spec.field(name).flow is not Flow.BOTH for name in step.values)
    return Message(f"{'marks' if marks else 'update'}_in_{step.side}")


def _payment(step: Step, before: Values, currency: str) -> Message | None:
    """A payment that came or went shows as such, not as a changed number."""
    paid = step.values.get("amount_paid")
    if step.side is not Side.ZOHO or not isinstance(paid, Decimal):
        return None
    known = before.get("amount_paid")
    apart = paid - (known if isinstance(known, Decimal) else Decimal(0))
    if not apart:
        return None
    key = "payment_received" if apart > 0 else "payment_withdrawn"
    if apart > 0 and step.values.get("amount_due") == 0:
        key = "payment_in_full"
    return Message(key, {"amount": str(abs(apart)), "currency": currency})
