"""Xero's validation messages, turned into errors with a remedy.

Xero has no codes for them: the text is the interface (developer.xero.com, Requests and responses;
texts from the OpenAPI examples and integrators' recordings). What no row knows is `xero_refused`
with Xero's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from backend.core.errors import Gone, NotConfigured, Refused, SyncError, Taken

_Make = Callable[[str, dict[str, str], str], SyncError]


def _data(key: str, params: dict[str, str], words: str) -> SyncError:
    return Refused(key, params, words=words)


def _setting(key: str, params: dict[str, str], words: str) -> SyncError:
    return NotConfigured(key, params, words=words)


def _taken(key: str, params: dict[str, str], words: str) -> SyncError:
    return Taken(key, params, words=words)


def _gone(key: str, params: dict[str, str], words: str) -> SyncError:
    return Gone(key, params, words=words)


def _row(pattern: str, key: str, make: _Make = _data) -> tuple[re.Pattern[str], str, _Make]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL), key, make


_QUOTE = r"['\"‘’“”]?"
# The first row that matches wins; named groups become parameters of the text.
_TABLE: tuple[tuple[re.Pattern[str], str, _Make], ...] = (
    _row(r"Idempotency Key: .{0,300}is used with a different request", "idempotency_mismatch"),
    _row(
        r"contact name (?P<name>.+?) is already assigned to another contact",
        "contact_name_taken",
        _taken,
    ),
    _row(
        r"(account ?number|contact ?number).{0,200}(already|unique)", "contact_number_taken", _taken
    ),
    _row(r"Invoice ?(#|number).{0,200}(must be unique|already)", "invoice_number_taken", _taken),
    _row(
        r"(credit note|quote|order) ?(#|number).{0,200}(must be unique|already)",
        "number_taken",
        _taken,
    ),
    _row(
        rf"Item with Code {_QUOTE}(?P<code>.+?){_QUOTE} already exists", "item_code_taken", _taken
    ),
    _row(r"item code.{0,200}(already|unique)", "item_code_taken", _taken),
    _row(
        r"not subscribed to currency (?P<code>[A-Z]{3})|"
        r"currency.{0,60}(not (enabled|subscribed|been added|available))",
        "currency_not_enabled",
        _setting,
    ),
    _row(r"Tax ?Type.{0,200}(does not exist|cannot be used|not valid)", "tax_invalid", _setting),
    _row(r"account.{0,100}archived", "account_archived", _setting),
    _row(
        r"account (code|with).{0,200}(not (a )?valid|not exist|not recogni[sz]ed|be specified|"
        r"could not be found)",
        "account_invalid",
        _setting,
    ),
    _row(r"contact.{0,200}archived", "contact_archived"),
    _row(r"maximum of \w+ contact ?persons", "contact_persons_full", _taken),
    _row(r"lock date|period.{0,60}locked|locked.{0,60}period", "period_locked", _setting),
    _row(r"payment amount exceeds|exceeds the amount (outstanding|due)", "payment_exceeds_due"),
    _row(r"reconciled", "payment_reconciled"),
    _row(r"only be made against Authorised", "document_not_approved"),
    _row(r"cannot be deleted as it is used", "item_used"),
    _row(
        r"not of valid status for modification|has (a )?payments?|payments? (or|and) .{0,40}allocat"
        r"|cannot be (edited|modified|voided|deleted)|paid invoice",
        "paid_locked",
    ),
    _row(r"Email address must be valid|e-?mail.{0,60}(invalid|not valid)", "email_invalid"),
    _row(
        r"could not be found|was not found for this endpoint|does not exist in this organisation",
        "xero_gone",
        _gone,
    ),
)


def element_error(words: Sequence[str]) -> SyncError:
    """The error for one element's messages; the most telling message decides."""
    said = " ".join(text.strip() for text in words if text.strip())[:2000]
    for pattern, key, make in _TABLE:
        for text in words:
            found = pattern.search(text[:2000])
            if found:
                params = {n: v.strip()[:200] for n, v in found.groupdict().items() if v}
                return make(key, params, said)
    return Refused("xero_refused", {"words": said}, words=said)
