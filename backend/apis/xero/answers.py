"""What Xero's successful answers hold: records, pages, and one verdict per element of a write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.apis.http import Answer
from backend.apis.jsontext import Garbled, parse_json, parse_object
from backend.apis.moments import date_header, moment
from backend.core.errors import SyncError, Transient
from backend.core.spec import Raw, Resource

DEFAULT_PAGE = 100
NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """What became of one element of a write. `row` is Xero's echo, also of a refused element;
    `cause` what kept it from being sent at all."""

    ok: bool
    row: Raw | None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cause: SyncError | None = None


def rows(resource: Resource, answer: Answer) -> list[Raw]:
    """The records of an answer; `Transient("remote_garbled")` when it is none of Xero's.

    The envelope may be missing (a bare list) or hold one bare record.
    """
    if answer.status in {204, 304} or not answer.body.strip():
        return []
    envelope = _parsed(answer)
    return _records(resource.plural or resource.path, envelope)


def named_rows(plural: str, answer: Answer) -> list[Raw]:
    """The records under one name, for endpoints that are no module (Accounts, TaxRates, …)."""
    if answer.status in {204, 304} or not answer.body.strip():
        return []
    return _records(plural, _parsed(answer))


def _records(plural: str, envelope: Any) -> list[Raw]:
    found = envelope
    if isinstance(envelope, dict):
        found = next((v for k, v in envelope.items() if k.lower() == plural.lower()), None)
        if found is None and plural in envelope:
            found = []
        if found is None:
            found = _only_list(envelope)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise Transient("remote_garbled", words=f"no {plural} in the answer")
    return [row for row in found if isinstance(row, dict)]


def _only_list(envelope: Mapping[str, Any]) -> list[Any] | None:
    lists = [v for k, v in envelope.items() if isinstance(v, list) and k.lower() != "warnings"]
    return lists[0] if len(lists) == 1 else None


def connections(answer: Answer) -> list[Raw]:
    """The organisations of a /connections answer, a bare list."""
    found = _parsed(answer)
    if not isinstance(found, list):
        raise Transient("remote_garbled", words="no list of connections")
    return [row for row in found if isinstance(row, dict) and isinstance(row.get("tenantId"), str)]


def told_errors(answer: Answer) -> list[str]:
    """Every validation message of a refused write."""
    return [text for row in echoes(answer) for text in messages(row, "ValidationErrors")]


def pages(answer: Answer, *, number: int, size: int, count: int) -> tuple[int, int | None]:
    """How many pages there are and how many records, as far as one can tell.

    Without a `pagination` object a page of at least the default hundred may have a successor.
    """
    told = parse_object(answer.body).get("pagination")
    if isinstance(told, dict):
        total, per_page = _count(told.get("itemCount")), _count(told.get("pageSize")) or size
        told_pages = _count(told.get("pageCount"))
        if told_pages is None and total is not None:
            told_pages = -(-total // per_page)
        if told_pages is not None:
            return max(told_pages, 1), total
    more = count >= min(size, DEFAULT_PAGE)
    return (number + 1 if more else number), None


def elements(
    resource: Resource, answer: Answer, sent: Sequence[Mapping[str, Any]]
) -> list[Element]:
    """One verdict per element, in the order they were sent.

    `Transient` (sent) when the answer does not tell which element became what: then each has to
    be looked for.
    """
    found = echoes(answer) if answer.status == 400 else rows(resource, answer)
    if len(found) != len(sent):
        found = _matched(resource, found, sent)
    return [_element(resource, row) for row in found]


def _matched(
    resource: Resource, found: Sequence[Raw], sent: Sequence[Mapping[str, Any]]
) -> list[Raw]:
    names = [resource.id, resource.back_reference, resource.number, resource.label]
    keys = [name for name in names if name and "." not in name]
    left = list(found)
    matched: list[Raw] = []
    for element in sent:
        row = next((r for r in left if _same(keys, r, element)), None)
        if row is None:
            raise Transient("remote_garbled", words="answers and elements differ in number")
        left.remove(row)
        matched.append(row)
    return matched


def _same(keys: Sequence[str], row: Raw, element: Mapping[str, Any]) -> bool:
    return any(element.get(key) and row.get(key) == element[key] for key in keys)


def _element(resource: Resource, row: Raw) -> Element:
    errors = tuple(messages(row, "ValidationErrors"))
    failed = row.get("StatusAttributeString") == "ERROR" or _true(row, "HasErrors")
    failed = failed or _true(row, "HasValidationErrors")
    if errors or failed:
        return Element(
            ok=False, row=row, errors=errors or ("",), warnings=tuple(messages(row, "Warnings"))
        )
    own_id = row.get(resource.id)
    if not own_id or own_id == NO_ID:
        raise Transient("remote_garbled", words=f"a stored element without {resource.id}")
    return Element(ok=True, row=row, warnings=tuple(messages(row, "Warnings")))


def messages(row: Raw, name: str) -> Iterable[str]:
    """The texts of an element's ValidationErrors or Warnings, those of its lines too."""
    own = row.get(name)
    for entry in own if isinstance(own, list) else ():
        text = entry.get("Message") if isinstance(entry, dict) else entry
        if isinstance(text, str) and text:
            yield text
    for lines in ("LineItems", "ContactPersons", "Addresses", "Phones"):
        parts = row.get(lines)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict):
                yield from messages(part, name)


def _true(row: Raw, name: str) -> bool:
    return row.get(name) is True or row.get(name) == "true"


def echoes(answer: Answer) -> list[Raw]:
    """The refused elements of a 400, as Xero echoes them."""
    found = parse_object(answer.body).get("Elements")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _parsed(answer: Answer) -> Any:
    try:
        return parse_json(answer.body)
    except Garbled as error:
        raise Transient("remote_garbled", words=str(error)) from error


def _count(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def told_time(answer: Answer) -> datetime | None:
    """The server's clock: the `Date` header, else the envelope's DateTimeUTC, else None."""
    at = date_header(answer.headers)
    return at or moment(parse_object(answer.body).get("DateTimeUTC"))
