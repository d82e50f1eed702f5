"""Proposals for what stands for what: taxes by rate and name, states by meaning, terms by days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from backend.core.mapped import TERM_TYPES
from backend.core.names import plain
from backend.core.spec import TaxRate, ZohoTax

CLOSE = 60
"""How alike two names must be to count as one; of a hundred."""

_NOISE = re.compile(r"[^a-z0-9]+|\b\d+(?:\.\d+)?\b")

MEANINGS: Mapping[str, tuple[str, ...]] = {
    "DRAFT": ("draft", "created", "new", "negotiation", "entwurf", "brouillon"),
    "SUBMITTED": ("submitted", "awaiting approval", "in review", "pending approval"),
    "AUTHORISED": ("approved", "authorised", "authorized", "confirmed", "freigegeben", "approuve"),
    "SENT": ("sent", "delivered", "on hold", "versendet", "envoye"),
    "ACCEPTED": ("accepted", "confirmed", "closed won", "angenommen", "accepte"),
    "DECLINED": ("declined", "rejected", "closed lost", "abgelehnt", "refuse"),
    "INVOICED": ("invoiced", "closed won", "fakturiert", "facture"),
    "PAID": ("paid", "closed", "bezahlt", "paye"),
    "BILLED": ("billed", "received", "closed", "abgerechnet"),
    "VOIDED": ("cancelled", "canceled", "voided", "storniert", "annule"),
    "DELETED": ("cancelled", "canceled", "deleted", "storniert", "annule"),
}
"""Words CRM organisations use for Xero's document states, the closest first."""


def tax_proposal(
    tax: ZohoTax, rates: Iterable[TaxRate], *, bought: bool = False
) -> tuple[str | None, str]:
    """The Xero tax type that most likely is ``tax``, and why: ``rate_and_name``, ``rate``,
    ``several_rates`` or ``no_rate``. Only active rates of exactly its percentage count, and of
    them those for sales, or with ``bought`` those for purchases.
    """
    usable = (each for each in rates if (each.for_purchases if bought else each.for_sales))
    fitting = [rate for rate in usable if rate.active and rate.rate == tax.rate]
    if not fitting:
        return None, "no_rate"
    ranked = sorted(fitting, key=lambda rate: (-likeness(rate.name, tax.name), rate.code))
    best = ranked[0]
    if likeness(best.name, tax.name) >= CLOSE:
        return best.code, "rate_and_name"
    return (best.code, "rate") if len(fitting) == 1 else (None, "several_rates")


def likeness(one: str, other: str) -> int:
    """How alike two names are, without case, accents, numbers and signs; 100 for the same."""
    left, right = (" ".join(_NOISE.sub(" ", plain(each)).split()) for each in (one, other))
    if not left or not right:
        return 0
    words = set(left.split()) & set(right.split())
    if words and (words == set(left.split()) or words == set(right.split())):
        return 90
    return int(100 * SequenceMatcher(None, left, right).ratio())


def status_proposal(state: str, choices: Sequence[str]) -> str | None:
    """The word of a CRM list that most likely says Xero's ``state``, None when none does."""
    by_plain = {plain(word).strip(): word for word in reversed(choices)}
    for meaning in MEANINGS.get(state, ()):
        if meaning in by_plain:
            return by_plain[meaning]
    return None


_DAYS = re.compile(r"\b(\d{1,3})\b")
_NEXT_MONTH = re.compile(r"follow|next|eom|folgemonat|suivant")
_THIS_MONTH = re.compile(r"current|this month|laufend|courant")
_AT_ONCE = re.compile(r"on receipt|immediate|prepaid|cash|sofort|reception|comptant")


def term_proposal(words: str) -> str | None:
    """Payment terms as Xero says them for words such as *Net 30*, None when they say no days."""
    text = plain(words)
    found = _DAYS.search(text)
    if found is None:
        return f"0 {TERM_TYPES[0]}" if _AT_ONCE.search(text) else None
    days = int(found[1])
    if _NEXT_MONTH.search(text) and days <= 31:
        return f"{days} OFFOLLOWINGMONTH"
    if _THIS_MONTH.search(text) and days <= 31:
        return f"{days} OFCURRENTMONTH"
    return f"{days} {TERM_TYPES[0]}"
