"""Calls to the accounting API of one Xero organisation, in the loop's words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.apis.budget import Budget, BudgetKey
from backend.apis.calls import Calls, Counted, Page, TokenSource, utc_now
from backend.apis.http import Answer, Request, Transport
from backend.apis.jsontext import to_json
from backend.apis.xero import answers, wire
from backend.apis.xero.answers import Element
from backend.apis.xero.messages import element_error
from backend.apis.xero.wire import XeroURLs
from backend.core.errors import Gone
from backend.core.spec import Raw, Resource, Side

__all__ = ["Element", "Page", "XeroClient", "XeroURLs", "element_error"]

USER_AGENT = "zoho-xero-sync"
FEW_ITEMS = 3
LONGEST_NOTE = 2500


class XeroClient(Counted):
    """One organisation's books. Every method raises errors of `backend.core.errors` only."""

    def __init__(
        self,
        *,
        transport: Transport,
        urls: XeroURLs,
        tenant_id: str,
        token: TokenSource,
        budget: Budget,
        priority: str = "bulk",
        user_agent: str = USER_AGENT,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.urls = urls
        self._now = now
        self._headers = {"xero-tenant-id": tenant_id, "User-Agent": user_agent}
        self._calls = Calls(
            transport=transport,
            token=token,
            budget=budget,
            key=BudgetKey(side=Side.XERO, tenant=tenant_id),
            priority=priority,
            scheme="Bearer",
            judge=wire.judge,
            lost=wire.lost,
            sleep=sleep,
        )

    # --- reading ------------------------------------------------------------------------------

    def page(
        self,
        resource: Resource,
        *,
        number: int = 1,
        size: int = 1000,
        since: datetime | None = None,
        ids: Sequence[str] = (),
        order: str | None = None,
    ) -> Page:
        """One page of a list. Unpaged resources answer everything as page 1 of 1."""
        request = wire.list_request(
            self.urls, resource, number=number, size=size, since=since, ids=ids, order=order
        )
        return self._page(resource, request, number=number, size=size)

    def read(self, resource: Resource, ids: Iterable[str]) -> list[Raw]:
        """The records with these ids, in no promised order; what is gone is simply not there."""
        wanted = list(dict.fromkeys(one for one in ids if one))
        if not wanted:
            return []
        if resource.path in wire.FILTERS_IDS:
            found = self._read_by_ids(resource, wanted)
        elif resource.paged and resource.path in wire.FILTERS_WHERE:
            found = self._read_by_where(resource, wanted)
        elif resource.paged:
            found = self._read_newest_first(resource, wanted)
        elif len(wanted) <= FEW_ITEMS:
            found = [row for one in wanted for row in self._one(resource, one)]
        else:
            found = list(self.page(resource).rows)
        keys = {one.lower() for one in wanted}
        return [row for row in found if str(row.get(resource.id, "")).lower() in keys]

    def by_reference(self, resource: Resource, reference: str) -> list[Raw]:
        """The records that carry our mark; [] when there are none or Xero keeps none of ours."""
        field = resource.back_reference
        if not reference or field is None or resource.lookup is None:
            return []
        if resource.lookup == "path":
            found = self._one(resource, reference)
        else:
            found = self._filtered(resource, where=wire.equals(field, reference))
        return [row for row in found if row.get(field) == reference]

    def search(self, resource: Resource, term: str) -> list[Raw]:
        """What Xero finds for a natural key, for the caller to compare; everything where it cannot
        search."""
        if not term.strip():
            return []
        if resource.search == "searchTerm":
            return self._filtered(resource, extra=[("searchTerm", term)])
        if resource.search == "number":
            parameter = wire.BY_NUMBER.get(resource.path)
            if parameter is None:
                return self._one(resource, term)
            return self._filtered(resource, extra=[(parameter, term)])
        if resource.search == "where":
            return self._filtered(resource, where=wire.equals(resource.label, term))
        return list(self.page(resource).rows)

    def organisation(self) -> list[Raw]:
        """The organisation itself, one row. Xero does not count this call."""
        return self._list("/Organisation", "Organisations")

    def probe(self) -> None:
        """Learn what is left of the day by a call Xero does not count (xero.com pricing FAQ)."""
        request = wire.plain_request(self.urls, "GET", "/Organisation")
        headers = {**request.headers, **self._headers}
        self._calls.send(Request(method="GET", url=request.url, headers=headers), free=True)

    def accounts(self) -> list[Raw]:
        """The chart of accounts, archived ones too."""
        return self._list("/Accounts", "Accounts")

    def tax_rates(self) -> list[Raw]:
        """All tax rates."""
        return self._list("/TaxRates", "TaxRates")

    def currencies(self) -> list[Raw]:
        """The currencies this organisation has enabled."""
        return self._list("/Currencies", "Currencies")

    def tracking(self) -> list[Raw]:
        """Tracking categories with their options."""
        return self._list("/TrackingCategories", "TrackingCategories")

    def branding_themes(self) -> list[Raw]:
        """The themes documents are printed with."""
        return self._list("/BrandingThemes", "BrandingThemes")

    def connections(self) -> list[Raw]:
        """Which organisations this token reaches; needs no tenant and is not counted."""
        return answers.connections(self._calls.send(wire.connections_request(self.urls), free=True))

    # --- writing ------------------------------------------------------------------------------

    def write(
        self,
        resource: Resource,
        elements: Sequence[Mapping[str, Any]],
        *,
        create: bool,
        key: str,
    ) -> list[Element]:
        """Create or update up to fifty records; one `Element` per element, in the same order.

        ValueError for a batch that does not fit one request. `Refused("idempotency_mismatch")`
        when `key` went out with other contents within six minutes.
        """
        request = wire.write_request(self.urls, resource, elements, create=create, key=key)
        return answers.elements(resource, self._send(request), elements)

    def payment(self, element: Mapping[str, Any], *, key: str) -> Element:
        """Create one payment."""
        request = wire.write_request(self.urls, wire.PAYMENTS, [element], create=True, key=key)
        return answers.elements(wire.PAYMENTS, self._send(request), [element])[0]

    def delete(self, resource: Resource, record_id: str, *, key: str | None = None) -> None:
        """Delete one record; documents and payments by their status, as Xero wants it.

        A record that is gone already counts as deleted. `Refused` when Xero keeps it.
        """
        try:
            answer = self._send(wire.delete_request(self.urls, resource, record_id, key=key))
        except Gone:
            return
        if answer.status == 400:
            raise element_error(answers.told_errors(answer))

    def history(self, resource: Resource, record_id: str, details: str) -> None:
        """Add a note to a record's history."""
        path = f"/{resource.path}/{wire.segment(record_id)}/History"
        body = to_json({"HistoryRecords": [{"Details": details[:LONGEST_NOTE]}]})
        answer = self._send(wire.plain_request(self.urls, "PUT", path, body))
        if answer.status == 400:
            raise element_error(answers.told_errors(answer))

    def disconnect(self, connection_id: str) -> None:
        """Part from one organisation; one that is parted already counts as done."""
        try:
            self._calls.send(wire.disconnect_request(self.urls, connection_id), free=True)
        except Gone:
            return

    # --- inside -------------------------------------------------------------------------------

    def _send(self, request: Request) -> Answer:
        headers = {**request.headers, **self._headers}
        return self._calls.send(
            Request(
                method=request.method,
                url=request.url,
                headers=headers,
                params=request.params,
                body=request.body,
            )
        )

    def _page(self, resource: Resource, request: Request, *, number: int, size: int) -> Page:
        answer = self._send(request)
        rows = answers.rows(resource, answer)
        last, total = number, None
        if resource.paged:
            last, total = answers.pages(answer, number=number, size=size, count=len(rows))
        as_of = answers.told_time(answer) or self._now()
        return Page(rows=rows, number=number, pages=last, total=total, as_of=as_of)

    def _filtered(
        self,
        resource: Resource,
        *,
        where: str | None = None,
        ids: Sequence[str] = (),
        extra: Iterable[tuple[str, str]] = (),
    ) -> list[Raw]:
        extra, rows, number, last = list(extra), list[Raw](), 1, 1
        while number <= last:
            request = wire.list_request(
                self.urls, resource, number=number, ids=ids, where=where, extra=extra
            )
            page = self._page(resource, request, number=number, size=1000)
            rows += page.rows
            last, number = page.pages, number + 1
        return rows

    def _read_by_ids(self, resource: Resource, ids: Sequence[str]) -> list[Raw]:
        return [
            row
            for chunk in _chunks(ids, wire.IDS_PER_URL)
            for row in self._filtered(resource, ids=chunk)
        ]

    def _read_by_where(self, resource: Resource, ids: Sequence[str]) -> list[Raw]:
        if len(ids) <= FEW_ITEMS:
            return [row for one in ids for row in self._one(resource, one)]
        return [
            row
            for chunk in _chunks(ids, wire.IDS_PER_URL)
            for row in self._filtered(resource, where=wire.by_guid(resource.id, chunk))
        ]

    def _read_newest_first(self, resource: Resource, ids: Sequence[str]) -> list[Raw]:
        """Where nothing filters (quotes, purchase orders): pages of what changed last, as long as
        that is cheaper than asking for each; what no page showed is asked for, never taken as
        gone."""
        missing, found, number, last = {one.lower() for one in ids}, list[Raw](), 1, 1
        while number <= last and len(missing) > max(FEW_ITEMS, last - number + 1):
            page = self.page(resource, number=number, order=f"{resource.modified} DESC")
            rows = [row for row in page.rows if str(row.get(resource.id)).lower() in missing]
            found += rows
            missing -= {str(row[resource.id]).lower() for row in rows}
            number, last = number + 1, page.pages
        return found + [row for one in sorted(missing) for row in self._one(resource, one)]

    def _one(self, resource: Resource, name: str) -> list[Raw]:
        try:
            return answers.rows(resource, self._send(wire.one_request(self.urls, resource, name)))
        except Gone:
            return []

    def _list(self, path: str, plural: str) -> list[Raw]:
        answer = self._send(wire.plain_request(self.urls, "GET", path))
        return answers.named_rows(plural, answer)


def _chunks(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
