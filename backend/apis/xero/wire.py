"""Xero's dialect without I/O: requests are built here and answers deciphered.

Sources: developer.xero.com/documentation/api/accounting/requests-and-responses and the OpenAPI file
XeroAPI/Xero-OpenAPI 16.1.0. Answers are taken as they come: unknown values, nulls and missing
fields pass through; only what is not JSON of the expected outline is refused as garbled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from backend.apis.budget import refusal
from backend.apis.calls import Expired
from backend.apis.http import Answer, Request
from backend.apis.jsontext import parse_object, to_json
from backend.apis.moments import utc_second
from backend.apis.xero.answers import echoes, messages
from backend.apis.xero.messages import element_error
from backend.core.errors import ConnectionLost, Gone, RateLimited, Refused, SyncError, Transient
from backend.core.spec import Resource, Side

API = "/api.xro/2.0"
MOST_ELEMENTS = 50
LARGEST_BODY = 3_500_000
"""Elements and bytes of one write; Xero advises about 50 nodes and 3.5 MB."""
IDS_PER_URL = 40

# Which query parameters each endpoint knows (OpenAPI 16.1.0); others are left out.
FOUR_DECIMALS = frozenset({"Invoices", "CreditNotes", "Items"})
FILTERS_IDS = frozenset({"Contacts", "Invoices"})
HAS_ARCHIVED = frozenset({"Contacts", "Invoices"})
SEARCHABLE = frozenset({"Contacts", "Invoices"})
FILTERS_WHERE = frozenset({"Contacts", "Invoices", "CreditNotes", "Payments", "Items"})
BY_NUMBER = {"Invoices": "InvoiceNumbers", "Quotes": "QuoteNumber"}
"""The parameter that finds numbers (quotes: a part of them); purchase orders: the path does."""
NO_PAGE_SIZE = frozenset({"Quotes"})
SMALL_PAGE = 100
NO_SINCE = frozenset({
    "TaxRates", "Currencies", "TrackingCategories", "BrandingThemes", "Organisation",
})  # fmt: skip
SINGLE_UPDATE = frozenset({"Payments", "Accounts"})
"""Endpoints whose POST takes one element in the URL of its id."""
OUTRIGHT = frozenset({"Items", "Accounts", "TrackingCategories"})

PAYMENTS = Resource(
    path="Payments", id="PaymentID", number=None, label="Reference", modified="UpdatedDateUTC"
)
"""Enough of the payments resource to create one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class XeroURLs:
    """Xero's three hosts, without a trailing slash."""

    login: str = "https://login.xero.com"
    identity: str = "https://identity.xero.com"
    api: str = "https://api.xero.com"


# --- building ---------------------------------------------------------------------------------


def list_request(
    urls: XeroURLs,
    resource: Resource,
    *,
    number: int = 1,
    size: int = 1000,
    since: datetime | None = None,
    ids: Sequence[str] = (),
    order: str | None = None,
    where: str | None = None,
    extra: Iterable[tuple[str, str]] = (),
) -> Request:
    """A list read: always paged where Xero pages, because unpaged lists come without lines.

    `where` is added to the resource's own filter; with an OR inside it brings its own brackets.
    """
    filters = [text for text in (resource.where, where) if text]
    params = [("where", " AND ".join(filters))] if filters else []
    if ids:
        params.append(("IDs", ",".join(ids)))
    if order:
        params.append(("order", order))
    if resource.paged:
        params.append(("page", str(number)))
        if resource.path not in NO_PAGE_SIZE:
            params.append(("pageSize", str(size)))
    if resource.path in HAS_ARCHIVED:
        params.append(("includeArchived", "true"))
    params += [*_decimals(resource), *extra]
    headers = {"Accept": "application/json"}
    if since is not None and resource.path not in NO_SINCE:
        headers["If-Modified-Since"] = utc_second(since)
    return Request(
        method="GET",
        url=f"{urls.api}{API}/{resource.path}",
        headers=headers,
        params=tuple(params),
    )


def one_request(urls: XeroURLs, resource: Resource, name: str) -> Request:
    """A read of one record by its id, or of a contact by its ContactNumber."""
    return Request(
        method="GET",
        url=f"{urls.api}{API}/{resource.path}/{segment(name)}",
        headers={"Accept": "application/json"},
        params=tuple(_decimals(resource)),
    )


def plain_request(urls: XeroURLs, method: str, path: str, body: bytes | None = None) -> Request:
    """Any other request below the accounting API; `path` begins with a slash."""
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return Request(method=method, url=f"{urls.api}{API}{path}", headers=headers, body=body)


def write_request(
    urls: XeroURLs,
    resource: Resource,
    elements: Sequence[Mapping[str, Any]],
    *,
    create: bool,
    key: str,
) -> Request:
    """PUT creates and never overwrites, POST updates; each element is judged by itself.

    ValueError when there are more than 50 elements or 3.5 MB, or an idempotency key over 128.
    """
    body = to_json({resource.plural or resource.path: list(elements)})
    if not 1 <= len(elements) <= MOST_ELEMENTS or len(body) > LARGEST_BODY:
        raise ValueError(f"{len(elements)} elements, {len(body)} bytes do not fit one request")
    path, params = f"/{resource.path}", [("summarizeErrors", "false"), *_decimals(resource)]
    if resource.path in SINGLE_UPDATE and not create:
        (element,) = elements
        path, params = f"{path}/{segment(str(element[resource.id]))}", []
        body = to_json(element)
    request = plain_request(urls, "PUT" if create else "POST", path, body)
    headers = {**request.headers, "Idempotency-Key": _idempotency(key)}
    return Request(
        method=request.method, url=request.url, headers=headers, params=tuple(params), body=body
    )


def delete_request(
    urls: XeroURLs, resource: Resource, record_id: str, *, key: str | None = None
) -> Request:
    """Items are deleted outright; documents and payments get the status DELETED."""
    path = f"/{resource.path}/{segment(record_id)}"
    if resource.path in OUTRIGHT:
        return plain_request(urls, "DELETE", path)
    body: dict[str, Any] = {"Status": "DELETED"}
    if resource.path not in SINGLE_UPDATE:
        body[resource.id] = record_id
    request = plain_request(urls, "POST", path, to_json(body))
    extra = {"Idempotency-Key": _idempotency(key)} if key else {}
    headers = {**request.headers, **extra}
    return Request(method="POST", url=request.url, headers=headers, body=request.body)


def connections_request(urls: XeroURLs) -> Request:
    """Which organisations a token reaches."""
    return Request(
        method="GET", url=f"{urls.api}/connections", headers={"Accept": "application/json"}
    )


def disconnect_request(urls: XeroURLs, connection_id: str) -> Request:
    """Part from one organisation. The id is the connection's, not the tenant's."""
    return Request(method="DELETE", url=f"{urls.api}/connections/{segment(connection_id)}")


def equals(field: str, value: str) -> str:
    """A `where` condition with the value safely quoted."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}=="{escaped}"'


def by_guid(field: str, ids: Sequence[str]) -> str:
    """A `where` condition for one of several ids, the only OR Xero is fast with."""
    either = " OR ".join(f'{field}==guid("{one}")' for one in ids)
    return f"({either})" if len(ids) > 1 else either


def _decimals(resource: Resource) -> list[tuple[str, str]]:
    return [("unitdp", "4")] if resource.path in FOUR_DECIMALS else []


def segment(text: str) -> str:
    """A text as one segment of a path."""
    # A segment of dots would be folded into another path.
    return quote(text, safe="") if text.strip(".") else quote(text, safe="").replace(".", "%2E")


def _idempotency(key: str) -> str:
    if not 1 <= len(key) <= 128 or not key.isascii() or not key.isprintable():
        raise ValueError("an Idempotency-Key has 1 to 128 printable characters")
    return key


# --- deciphering ------------------------------------------------------------------------------


def judge(request: Request, answer: Answer) -> Answer:
    """The answer itself when it is a success (2xx or 304), else the error it stands for.

    Writes that Xero refuses element by element (400 with Elements) count as success here.
    """
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return answer
    if status == 400 and request.method in {"PUT", "POST"} and echoes(answer):
        return answer
    if status >= 500 and status != 501:
        raise Transient("remote_unavailable", words=_words(answer))
    raise _REFUSALS.get(status, _refused)(answer)


def _refused(answer: Answer) -> SyncError:
    words = _words(answer)
    if 300 <= answer.status < 400 or (answer.status == 400 and _is_html(answer)):
        return Transient("remote_garbled", words=f"HTTP {answer.status}")
    return element_error([words]) if words else Refused("xero_refused", words=str(answer.status))


def _unauthorised(answer: Answer) -> SyncError:
    # 401 with `insufficient_scope`, in places spelt "insufficent_scope": a refresh is no help.
    told = answer.headers.get("www-authenticate", "") + answer.body[:4000].decode(
        "utf-8", "replace"
    )
    if re.search(r"insuffici?ent[_ ]?scope", told, re.IGNORECASE):
        return ConnectionLost("xero_scope_missing", words=_words(answer))
    raise Expired


def _forbidden(answer: Answer) -> SyncError:
    told = answer.headers.get("www-authenticate", "") + answer.body[:4000].decode(
        "utf-8", "replace"
    )
    if "scope" in told.lower():
        return ConnectionLost("xero_scope_missing", words=_words(answer))
    return ConnectionLost("xero_organisation_disconnected", words=_words(answer))


def _missing(answer: Answer) -> SyncError:
    return Gone("xero_gone", words=_words(answer))


def _limited(answer: Answer) -> SyncError:
    scope, wait = refusal_of(answer)
    return RateLimited(scope, wait, side="xero")


def refusal_of(answer: Answer) -> tuple[str, float]:
    """Scope and seconds of a 429 that no budget has judged."""
    scope, wait = refusal(Side.XERO, answer.headers, now=datetime.now(UTC).timestamp())
    return scope, wait or 1.0


_REFUSALS = {401: _unauthorised, 403: _forbidden, 404: _missing, 410: _missing, 429: _limited}


def lost(answer: Answer) -> SyncError:
    """The error for a token that stays refused after a refresh."""
    if "AuthenticationUnsuccessful" in answer.body[:4000].decode("utf-8", "replace"):
        return ConnectionLost("xero_organisation_disconnected", words=_words(answer))
    return ConnectionLost("xero_token_revoked", words=_words(answer))


def _words(answer: Answer) -> str:
    """What Xero says in an error answer, without the body around it."""
    if _is_html(answer):
        return f"HTTP {answer.status}"
    told = parse_object(answer.body)
    names = ("Detail", "Message", "detail", "message", "Title", "error")
    texts = [text for text in map(told.get, names) if isinstance(text, str) and text][:1]
    for row in echoes(answer):
        texts += messages(row, "ValidationErrors")
    if not told:
        texts = [answer.body[:200].decode("utf-8", "replace")]
    return " ".join(texts)[:2000] or f"HTTP {answer.status}"


def _is_html(answer: Answer) -> bool:
    return answer.body[:300].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml"))
