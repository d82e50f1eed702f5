"""What one entity of the Accounting API declares, and the generic GET over it.

A new entity is one file that builds a `Resource` and one line in `simulator.xero.entities`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from simulator.xero.books import Books, Record, folded
from simulator.xero.shapes import Kind
from simulator.xero.where import Field, parse_order, parse_where, refuse, sort_key

PAGE_SIZE = 100
LARGEST_PAGE = 1000


class Detail(StrEnum):
    """How much of a record an answer shows."""

    ONE = "one"
    PAGE = "page"
    LEAN = "lean"
    SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request (or one act of a person) on one organisation's books."""

    books: Books
    user: str
    args: Mapping[str, str] = field(default_factory=dict)
    modified_since: datetime | None = None
    unitdp: int = 2
    create_only: bool = False
    by_person: bool = False
    lag_seconds: float = 0.0
    payload: Any = None

    def truth(self, name: str) -> bool:
        """A boolean query parameter."""
        return self.args.get(name, "").lower() == "true"

    def listed(self, name: str) -> list[str]:
        """A comma list query parameter."""
        return [part.strip() for part in self.args.get(name, "").split(",") if part.strip()]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A stored element and what Xero has to say about it."""

    record: Record
    warnings: tuple[str, ...] = ()


Save = Callable[[Call, Record], Saved]
Render = Callable[[Call, list[Record], Detail], list[Record]]
SubResource = Callable[[Call, str, Record | None, str], Any]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One entity: its names, rights, fields that may be asked for, and its verbs."""

    name: str
    singular: str
    id_field: str
    scopes: tuple[str, ...]
    rows: Callable[[Call], list[Record]]
    render: Render
    shape: Mapping[str, Kind] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    find: Callable[[Books, str], Record | None] | None = None
    paged: bool = False
    always_paged: bool = False
    """Lists are paged without being asked (quotes, purchase orders)."""
    queried: bool = True
    """Whether `where` is known here."""
    modified: bool = False
    searched: tuple[str, ...] = ()
    explicit: Mapping[str, str] = field(default_factory=dict)
    verbs: Mapping[str, Save] = field(default_factory=dict)
    delete: Callable[[Call, Record], None] | None = None
    history: bool = False
    error_flag: str = "HasValidationErrors"


def listing(resource: Resource, call: Call) -> tuple[list[Record], dict[str, int] | None, Detail]:
    """The records of a GET on the collection, the pagination object, and the detail to show."""
    found = _filtered(resource, call)
    found = _ordered(resource, call, found)
    summary = call.truth("summaryOnly")
    forced = summary or "Statuses" in call.args
    if not resource.paged:
        return found, None, Detail.PAGE
    forced = forced or resource.always_paged
    if "page" not in call.args and "pageSize" not in call.args and not forced:
        return found, None, Detail.LEAN
    page, size = _page(call)
    pagination = {
        "page": page,
        "pageSize": size,
        "pageCount": -(-len(found) // size),
        "itemCount": len(found),
    }
    part = found[(page - 1) * size : page * size]
    return part, pagination, Detail.SUMMARY if summary else Detail.PAGE


def _page(call: Call) -> tuple[int, int]:
    """Page and size; values out of range are clamped, not refused."""
    try:
        page, size = int(call.args.get("page", "1")), int(call.args.get("pageSize", PAGE_SIZE))
    except ValueError as error:
        raise refuse("page and pageSize are whole numbers") from error
    return max(1, page), min(max(1, size), LARGEST_PAGE)


def _filtered(resource: Resource, call: Call) -> list[Record]:
    found = resource.rows(call)
    since = call.modified_since if resource.modified else None
    if since is not None:
        found = [r for r in found if _changed_since(call, r, since)]
    for parameter, name in resource.explicit.items():
        wanted = {folded(value) for value in call.listed(parameter)}
        if wanted:
            read = resource.fields[name]
            found = [r for r in found if folded(str(read(r) or "")) in wanted]
    if call.args.get("where"):
        if not resource.queried:
            raise refuse(f"The where parameter is not supported by {resource.name}")
        test = parse_where(call.args["where"], resource.fields, resource.singular)
        found = [r for r in _visible(call, found) if test(r)]
    term = folded(call.args.get("searchTerm", ""))
    if term and resource.searched:
        reads = [resource.fields[name] for name in resource.searched]
        found = [
            r for r in _visible(call, found) if any(term in folded(str(g(r) or "")) for g in reads)
        ]
    return found


def _changed_since(call: Call, record: Record, since: datetime) -> bool:
    """If-Modified-Since has an accuracy of one second."""
    changed: datetime = record["UpdatedDateUTC"].replace(microsecond=0)
    return changed >= since if call.books.world.switches.ims_inclusive else changed > since


def _visible(call: Call, records: list[Record]) -> list[Record]:
    """What a search sees: the search index may trail the books."""
    lag = max(call.lag_seconds, call.books.world.switches.xero_search_lag_seconds)
    if not lag:
        return records
    edge = call.books.now() - timedelta(seconds=lag)
    return [r for r in records if r["_created"] <= edge]


def _by(read: Field) -> Callable[[Record], tuple[int, Any]]:
    return lambda record: sort_key(read(record))


def _ordered(resource: Resource, call: Call, records: list[Record]) -> list[Record]:
    """UpdatedDateUTC then id, unless `order` says otherwise; always stable."""
    records = sorted(records, key=lambda r: str(r.get(resource.id_field, "")))
    if call.args.get("order"):
        for read, descending in reversed(
            parse_order(call.args["order"], resource.fields, resource.singular)
        ):
            records.sort(key=_by(read), reverse=descending)
    elif resource.modified:
        records.sort(key=lambda r: r["UpdatedDateUTC"])
    return records
