"""Calls to the CRM of one Zoho organisation, in the loop's words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.apis.budget import Budget, BudgetKey
from backend.apis.calls import Calls, Counted, Page, TokenSource, utc_now
from backend.apis.http import Answer, Request, Transport
from backend.apis.moments import date_header
from backend.apis.zoho import wire
from backend.apis.zoho.errors import text_of
from backend.apis.zoho.wire import Row
from backend.core.errors import (
    ConnectionLost,
    Gone,
    NotConfigured,
    Refused,
    Stale,
    SyncError,
    Transient,
)
from backend.core.spec import Raw, Side

__all__ = ["LinesRefused", "Page", "Row", "ZohoClient"]

HEAVY_ROWS = 10
"""Writes of more rows than this go through the narrow lane."""


class LinesRefused(Exception):
    """This organisation does not let lines be read by query: read the documents one by one."""

    def __init__(self, error: SyncError) -> None:
        super().__init__(str(error))
        self.error = error


class ZohoClient(Counted):
    """One organisation's CRM. Raises errors of `backend.core.errors`, and `LinesRefused`."""

    def __init__(
        self,
        *,
        transport: Transport,
        api_domain: str,
        token: TokenSource,
        budget: Budget,
        org_id: str = "",
        priority: str = "bulk",
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.api_domain = api_domain.rstrip("/")
        self._now = now
        self._no_query: set[str] = set()
        self._calls = Calls(
            transport=transport,
            token=token,
            budget=budget,
            key=BudgetKey(side=Side.ZOHO, tenant=org_id or self.api_domain),
            priority=priority,
            scheme="Zoho-oauthtoken",
            judge=wire.judge,
            lost=wire.lost,
            sleep=sleep,
        )

    # --- reading ------------------------------------------------------------------------------

    def page(
        self,
        module: str,
        fields: Sequence[str],
        *,
        page_token: str | None = None,
        since: datetime | None = None,
        ids: Sequence[str] = (),
    ) -> Page:
        """Up to 200 records without their lines; with `since` the oldest change comes first."""
        params = wire.list_params(
            fields, page_token=page_token, sorted_by_change=since is not None, ids=ids
        )
        request = wire.get(self.api_domain, f"/{module}", params, since=since)
        answer = self._calls.send(request, heavy=since is not None)
        found = wire.rows(answer)
        token = wire.next_token(answer, page_token=page_token, count=len(found))
        as_of = date_header(answer.headers) or self._now()
        return Page(rows=found, next_token=token, as_of=as_of)

    def read(self, module: str, record_id: str) -> Raw | None:
        """One record with its lines, None when it is gone."""
        request = wire.get(self.api_domain, f"/{module}/{wire.segment(record_id)}")
        try:
            found = wire.rows(self._calls.send(request))
        except Gone:
            return None
        return found[0] if found else None

    def lines(
        self,
        lines_module: str,
        parent_field: str,
        parent_ids: Sequence[str],
        columns: Sequence[str],
    ) -> Mapping[str, list[Raw]]:
        """The lines of up to fifty documents by query, in the order they were made.

        Every parent is in the answer, with [] when the query finds no line of it. `LinesRefused`
        when this organisation cannot be asked so.
        """
        by_parent: dict[str, list[Raw]] = {one: [] for one in parent_ids}
        if not by_parent:
            return by_parent
        asked = list(dict.fromkeys([parent_field, *columns]))
        try:
            found = self._query(asked, lines_module, parent_field, list(by_parent))
        except _Unanswered as refused:
            raise LinesRefused(refused.error) from refused
        for row in found:
            parent = _lookup_id(row, parent_field)
            if parent in by_parent:
                by_parent[parent].append(row)
        return by_parent

    def find(
        self, module: str, field: str, values: Sequence[str], columns: Sequence[str]
    ) -> list[Raw]:
        """The records whose `field` equals one of up to fifty values, in whatever case.

        Asked by query, where that is refused by search, whose index may lag behind.
        """
        wanted = list(dict.fromkeys(value for value in values if value))
        if not wanted:
            return []
        asked = list(dict.fromkeys([field, *columns]))
        if module not in self._no_query:
            try:
                return self._exact(self._query(asked, module, field, wanted), field, wanted)
            except _Unanswered:
                self._no_query.add(module)
        found = [row for value in wanted for row in self._searched(module, field, value)]
        return self._exact(found, field, wanted)

    def search(self, module: str, text: str, columns: Sequence[str]) -> list[Raw]:
        """The first page of records that hold these words in any field; the index lags a little,
        and Zoho looks for nothing shorter than two letters."""
        params = [("word", text), ("fields", ",".join(columns)), ("per_page", str(wire.PER_PAGE))]
        request = wire.get(self.api_domain, f"/{module}/search", params)
        return wire.rows(self._calls.send(request, heavy=True))

    def deleted(self, module: str, *, since: datetime | None) -> Page:
        """All records deleted since then, recycle bin and for good, each once, as of when the first
        of them were asked for."""
        found: dict[str, Raw] = {}
        as_of: datetime | None = None
        number, more = 1, True
        while more:
            params = [("type", "all"), ("page", str(number)), ("per_page", str(wire.PER_PAGE))]
            request = wire.get(self.api_domain, f"/{module}/deleted", params, since=since)
            answer = self._calls.send(request, cost=2)
            as_of = as_of or date_header(answer.headers) or self._now()
            page = wire.rows(answer)
            found |= {row["id"]: row for row in page if isinstance(row.get("id"), str)}
            more = wire.has_more(answer, count=len(page), asked=wire.PER_PAGE)
            number += 1
        return Page(rows=list(found.values()), as_of=as_of or self._now())

    # --- writing ------------------------------------------------------------------------------

    def write(
        self,
        module: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        create: bool,
        unmodified_since: datetime | None = None,
        duplicate_check: Sequence[str] = ("Xero_ID",),
        trigger: Sequence[str] | None = None,
    ) -> list[Row]:
        """Create or update up to a hundred records; one `Row` per row, in the same order.

        A create is an upsert on `duplicate_check`, so repeating it makes no second record; with
        nothing to check it is a plain insert. Updates carry ids and, when given, the lock.
        ValueError for a batch that does not fit one request.
        """
        upsert = create and bool(duplicate_check)
        request = wire.send(
            self.api_domain,
            "POST" if create else "PUT",
            f"/{module}/upsert" if upsert else f"/{module}",
            body=wire.write_body(
                rows, duplicate_check=duplicate_check if upsert else (), trigger=trigger
            ),
            unmodified_since=None if create else unmodified_since,
        )
        told = self._written(request, len(rows))
        if create and any(row.ok and row.id is None for row in told):
            raise Transient("remote_garbled", words="a stored row without an id")
        return told

    def delete(self, module: str, ids: Sequence[str]) -> list[Row]:
        """Move up to a hundred records to the recycle bin; one that is gone counts as done."""
        if not ids:
            return []
        params = [("ids", ",".join(ids))]
        request = wire.send(self.api_domain, "DELETE", f"/{module}", params=params)
        told = self._written(request, len(ids))
        return [
            Row(ok=True, id=record_id) if isinstance(row.error, Gone) else row
            for record_id, row in zip(ids, told, strict=True)
        ]

    def restore(self, ids: Sequence[str]) -> list[Row]:
        """Take up to two hundred records back from the recycle bin, each judged on its own (v8
        Restore Recycle Bin Records)."""
        if not ids:
            return []
        request = wire.send(
            self.api_domain,
            "POST",
            "/settings/recycle_bin/actions/restore",
            body={"ids": list(ids)},
        )
        try:
            return self._written(request, len(ids), name="recycle_bin")
        except ConnectionLost as error:
            # A connection of earlier days lacks this one scope; all else still works.
            if error.message.key != "zoho_scope_missing":
                raise
            return [wire.refused_row(Refused("restore_not_allowed")) for _ in ids]

    # --- what the organisation looks like -----------------------------------------------------

    def modules(self) -> list[Raw]:
        """All modules the connected user sees."""
        return self._listed("/settings/modules", "modules")

    def fields(self, module: str) -> list[Raw]:
        """The fields of a module."""
        return self._listed("/settings/fields", "fields", [("module", module)])

    def create_fields(self, module: str, fields: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Add custom fields, five per call; one that is there already is a `zoho_duplicate` row."""
        made: list[Row] = []
        for start in range(0, len(fields), wire.FIELDS_PER_CALL):
            some = list(fields[start : start + wire.FIELDS_PER_CALL])
            request = wire.send(
                self.api_domain,
                "POST",
                "/settings/fields",
                body={"fields": some},
                params=[("module", module)],
            )
            made += self._written(request, len(some), name="fields")
        return made

    def layouts(self, module: str) -> list[Raw]:
        """The layouts of a module, [] where this user may not see them."""
        try:
            return self._listed("/settings/layouts", "layouts", [("module", module)])
        except (Gone, NotConfigured, Refused):
            return []

    def taxes(self) -> list[Raw]:
        """The taxes of the organisation, [] when it has none."""
        answer = self._optional("/org/taxes")
        if answer is None or wire.is_empty(answer):
            return []
        told = wire.parsed(answer)
        inner = told.get("org_taxes", told) if isinstance(told, dict) else told
        listed = inner.get("taxes") if isinstance(inner, dict) else inner
        return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []

    def currencies(self) -> list[Raw]:
        """The currencies of the organisation, [] where only one is used."""
        answer = self._optional("/org/currencies")
        return [] if answer is None else wire.rows(answer, "currencies")

    def org(self) -> Raw:
        """The organisation itself."""
        found = self._listed("/org", "org")
        if not found:
            raise Transient("remote_garbled", words="no org in the answer")
        return found[0]

    def users(self, kind: str = "ActiveUsers") -> list[Raw]:
        """The users of one kind, e.g. CurrentUser, AdminUsers, ActiveUsers."""
        found: list[Raw] = []
        number, more = 1, True
        while more:
            params = [("type", kind), ("page", str(number)), ("per_page", str(wire.PER_PAGE))]
            answer = self._calls.send(wire.get(self.api_domain, "/users", params))
            page = wire.rows(answer, "users")
            found += page
            more = wire.has_more(answer, count=len(page), asked=wire.PER_PAGE)
            number += 1
        return found

    # --- notifications ------------------------------------------------------------------------

    def watch(self, channels: Sequence[Mapping[str, Any]]) -> list[Raw]:
        """Subscribe channels; the answer's `channel_expiry` is what counts, not the one asked."""
        return self._watched("POST", channels)

    def renew(self, channels: Sequence[Mapping[str, Any]]) -> list[Raw]:
        """Extend whole channels; `Refused` with NOT_SUBSCRIBED in its words when they lapsed."""
        return self._watched("PATCH", channels)

    def unwatch(self, channel_ids: Sequence[str]) -> None:
        """End channels; ended ones count as done."""
        params = [("channel_ids", ",".join(channel_ids))]
        request = wire.send(self.api_domain, "DELETE", "/actions/watch", params=params)
        try:
            self._calls.send(request)
        except (Gone, Refused):
            return

    # --- inside -------------------------------------------------------------------------------

    def _query(
        self, columns: Sequence[str], module: str, field: str, values: Sequence[str]
    ) -> list[Raw]:
        found: list[Raw] = []
        more = True
        while more:
            text = wire.query(columns, module, field, values, offset=len(found))
            body = {"select_query": text}
            request = wire.send(self.api_domain, "POST", "/coql", body=body)
            try:
                answer = self._calls.send(request, heavy=True)
            except (NotConfigured, Refused, Gone) as error:
                raise _Unanswered(error) from error
            except ConnectionLost as error:
                if error.message.key == "zoho_scope_missing":
                    raise _Unanswered(error) from error
                raise
            page = wire.rows(answer)
            found += page
            more = wire.has_more(answer, count=len(page), asked=wire.QUERY_ROWS)
        return found

    def _searched(self, module: str, field: str, value: str) -> list[Raw]:
        params = [("criteria", wire.criteria(field, value)), ("per_page", str(wire.PER_PAGE))]
        request = wire.get(self.api_domain, f"/{module}/search", params)
        return wire.rows(self._calls.send(request, heavy=True))

    def _exact(self, found: Iterable[Raw], field: str, wanted: Sequence[str]) -> list[Raw]:
        # Search treats `equals` as `contains`.
        keys = {value.casefold() for value in wanted}
        rows = {
            text_of(row, "id"): row for row in found if _plain(row.get(field)).casefold() in keys
        }
        return list(rows.values())

    def _written(self, request: Request, count: int, *, name: str = "data") -> list[Row]:
        heavy, cost = count > HEAVY_ROWS, -(-count // HEAVY_ROWS)
        try:
            answer = self._calls.send(request, heavy=heavy, cost=cost)
        except (Stale, Gone, Refused) as error:
            if count == 1:
                return [wire.refused_row(error)]
            raise
        return wire.verdicts(answer, count, name=name)

    def _listed(self, path: str, name: str, params: Iterable[tuple[str, str]] = ()) -> list[Raw]:
        return wire.rows(self._calls.send(wire.get(self.api_domain, path, params)), name)

    def _optional(self, path: str) -> Answer | None:
        try:
            return self._calls.send(wire.get(self.api_domain, path))
        except (Gone, NotConfigured, Refused):
            return None

    def _watched(self, method: str, channels: Sequence[Mapping[str, Any]]) -> list[Raw]:
        request = wire.send(
            self.api_domain, method, "/actions/watch", body={"watch": list(channels)}
        )
        answer = self._calls.send(request)
        for row in wire.verdicts(answer, len(channels), name="watch"):
            if row.error is not None:
                raise row.error
        return [event for row in wire.rows(answer, "watch") for event in _events(row)]


class _Unanswered(Exception):
    def __init__(self, error: SyncError) -> None:
        super().__init__(str(error))
        self.error = error


def _events(row: Raw) -> list[Raw]:
    details = row.get("details")
    events = details.get("events") if isinstance(details, dict) else None
    return (
        [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    )


def _lookup_id(row: Raw, field: str) -> str:
    value = row.get(field, row.get(f"{field}.id"))
    return text_of(value, "id") if isinstance(value, dict) else _plain(value)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
