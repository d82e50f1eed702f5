"""Lists of records: paging, sorting, conditional reads, and the search that lags and guesses.

Zoho CRM API v8 "Get Records", "Search Records", "Get Deleted Records".
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import ZohoError, invalid_parameter, missing_parameter
from simulator.zoho.render import render_listed
from simulator.zoho.table import Row
from simulator.zoho.wire import parse_time

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

MAX_FIELDS = 50
MAX_PAGE = 200
MAX_IDS = 100
REACH = 2000
TOKEN_REACH = 100_000
TOKEN_LIFE = timedelta(hours=24)
SORTABLE = {"id", "Created_Time", "Modified_Time"}
Arguments = Mapping[str, str]


def number(args: Arguments, name: str, default: int, most: int) -> int:
    """A positive whole number from the query; ZohoError when it is none or too large."""
    text = args.get(name, str(default))
    if not text.isdigit() or not int(text) >= 1:
        raise invalid_parameter(name)
    if int(text) > most:
        raise ZohoError(
            400, "LIMIT_EXCEEDED", f"{name} exceeds the limit", param_name=name, limit=most
        )
    return int(text)


def field_names(module: ModuleSpec, args: Arguments) -> list[str]:
    """The fields asked for; unknown ones and subforms are left out without a word."""
    text = args.get("fields", "")
    if not text:
        raise missing_parameter("fields")
    names = [one.strip() for one in text.split(",") if one.strip()]
    if len(names) > MAX_FIELDS:
        raise ZohoError(
            400,
            "LIMIT_EXCEEDED",
            "the maximum number of fields allowed is 50",
            param_name="fields",
            limit=MAX_FIELDS,
        )
    known = module.fields
    return [one for one in names if one in known and known[one].data_type != "subform"]


def sort_of(args: Arguments) -> tuple[str, bool]:
    """What to sort by and whether ascending; id descending by default."""
    by, order = args.get("sort_by", "id"), args.get("sort_order", "desc")
    if by not in SORTABLE:
        raise invalid_parameter("sort_by")
    if order not in {"asc", "desc"}:
        raise invalid_parameter("sort_order")
    return by, order == "asc"


def ordered(rows: list[Row], by: str, *, ascending: bool) -> list[Row]:
    """Rows in the order asked for; ids break ties."""
    if by == "Modified_Time":
        rows.sort(key=lambda row: (row.modified, row.id))
    elif by == "Created_Time":
        rows.sort(key=lambda row: (row.created, row.id))
    else:
        rows.sort(key=lambda row: row.id)
    if not ascending:
        rows.reverse()
    return rows


class PageToken:
    """`page_token`: where the next page starts, good for 24 hours and the same parameters."""

    def __init__(self, state: ZohoState, bound: str) -> None:
        self.state = state
        self.bound = bound

    def make(self, start: int) -> str:
        """A token for the page that starts at this row."""
        until = self.expiry().isoformat()
        text = json.dumps([self.bound, start, until])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def expiry(self) -> datetime:
        """When a token made now ends."""
        return self.state.second() + TOKEN_LIFE

    def read(self, token: str) -> int:
        """The row it starts at; ZohoError when foreign, expired or for other parameters."""
        try:
            padded = token + "=" * (-len(token) % 4)
            bound, start, until = json.loads(base64.urlsafe_b64decode(padded))
            expired = datetime.fromisoformat(until) <= self.state.clock.now()
        except (ValueError, TypeError):
            raise invalid_parameter("page_token") from None
        if expired:
            raise ZohoError(400, "EXPIRED_VALUE", "page token has expired", param="page_token")
        if bound != self.bound:
            raise ZohoError(
                400,
                "TOKEN_BOUND_DATA_MISMATCH",
                "page token does not belong to these parameters",
                param="page_token",
            )
        return int(start)


def _bound(module: ModuleSpec, args: Arguments, since: str | None, user: str) -> str:
    parts = [module.api_name, user, since or ""]
    parts += [f"{k}={v}" for k, v in sorted(args.items()) if k not in {"page", "page_token"}]
    return hashlib.sha256("&".join(parts).encode()).hexdigest()[:16]


def list_records(
    state: ZohoState, module: ModuleSpec, args: Arguments, *, since: str | None, user: str
) -> dict[str, Any] | None:
    """One page; None when nothing is found. ZohoError with status 304 when nothing changed."""
    names = field_names(module, args)
    by, ascending = sort_of(args)
    per_page = number(args, "per_page", MAX_PAGE, MAX_PAGE)
    token = PageToken(state, _bound(module, args, since, user))
    start = _start(args, token, per_page)
    rows = _chosen(state, module, args, since)
    rows = ordered(rows, by, ascending=ascending)
    window = rows[start : start + per_page]
    if not window:
        return None
    data = [render_listed(state, module, row, names) for row in window]
    end = start + per_page
    more = len(rows) > end
    info = {
        "call": False,
        "per_page": per_page,
        "next_page_token": token.make(end) if more else None,
        "count": len(data),
        "sort_by": by,
        "page": start // per_page + 1,
        "previous_page_token": token.make(max(start - per_page, 0)) if start else None,
        "page_token_expiry": state.shown(token.expiry()) if more else None,
        "sort_order": "asc" if ascending else "desc",
        "email": False,
        "more_records": more,
    }
    return {"data": data, "info": info}


def _start(args: Arguments, token: PageToken, per_page: int) -> int:
    if "page_token" in args:
        if "page" in args:
            raise ZohoError(
                400,
                "AMBIGUITY_DURING_PROCESSING",
                "page and page_token cannot be given together",
                ambiguity_due_to=[{"param_name": "page"}, {"param_name": "page_token"}],
            )
        start = token.read(args["page_token"])
        if start + per_page > TOKEN_REACH:
            raise ZohoError(
                400, "PAGINATION_LIMIT_EXCEEDED", "only the first 100000 records can be reached"
            )
        return start
    start = (number(args, "page", 1, TOKEN_REACH) - 1) * per_page
    if start + per_page > REACH:
        raise ZohoError(
            400,
            "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
            "page can only reach the first 2000 records, use page_token",
            param_name="page",
            limit=REACH,
        )
    return start


def _chosen(state: ZohoState, module: ModuleSpec, args: Arguments, since: str | None) -> list[Row]:
    table = state.tables[module.api_name]
    rows = list(table)
    if "ids" in args:
        wanted = [one.strip() for one in args["ids"].split(",") if one.strip()]
        if len(wanted) > MAX_IDS or not all(one.isdigit() for one in wanted):
            raise invalid_parameter("ids")
        rows = [table.rows[one] for one in dict.fromkeys(wanted) if one in table.rows]
    return changed_since(rows, since)


def changed_since(rows: list[Row], since: str | None) -> list[Row]:
    """Rows modified after If-Modified-Since; ZohoError with status 304 when there are none."""
    if since is None:
        return rows
    moment = parse_time(since)
    if moment is None:
        raise ZohoError(400, "INVALID_DATA", "invalid data", param_name="If-Modified-Since")
    changed = [row for row in rows if row.modified > moment]
    if not changed:
        raise ZohoError(304, "NOT_MODIFIED", "")
    return changed


CRITERION = re.compile(r"\(([A-Za-z_]\w*):([a-z_]+):((?:[^()\\]|\\.)*)\)")


def search(
    state: ZohoState, module: ModuleSpec, args: Arguments, *, lag_seconds: float
) -> dict[str, Any] | None:
    """Search by criteria, email, phone or word. `equals` matches like contains; the index lags."""
    edge = state.clock.now() - timedelta(seconds=lag_seconds)
    rows = [row for row in state.tables[module.api_name] if lag_seconds == 0 or row.modified < edge]
    found = [row for row in rows if _searched(row, args)]
    per_page = number(args, "per_page", MAX_PAGE, MAX_PAGE)
    page = number(args, "page", 1, TOKEN_REACH)
    if page * per_page > REACH:
        raise ZohoError(400, "LIMIT_REACHED", "search reaches 2000 records", limit=REACH)
    window = found[(page - 1) * per_page : page * per_page]
    if not window:
        return None
    names = field_names(module, args) if args.get("fields") else _listed(module)
    data = [render_listed(state, module, row, names) for row in window]
    info = {
        "per_page": per_page,
        "count": len(data),
        "page": page,
        "more_records": len(found) > page * per_page,
    }
    return {"data": data, "info": info}


def _listed(module: ModuleSpec) -> list[str]:
    return [name for name, spec in module.fields.items() if spec.data_type != "subform"]


def _searched(row: Row, args: Arguments) -> bool:
    for name, fields in (("email", ("Email", "Secondary_Email")), ("phone", ("Phone", "Mobile"))):
        if name in args:
            return any(_holds(row.values.get(one), args[name]) for one in fields)
    if "word" in args:
        return any(_holds(one, args["word"]) for one in row.values.values())
    criteria = CRITERION.findall(args.get("criteria", ""))
    if not criteria:
        raise missing_parameter("criteria")
    results = [_criterion(row, *one) for one in criteria]
    return any(results) if ")or(" in args["criteria"].lower() else all(results)


def _criterion(row: Row, name: str, operator: str, value: str) -> bool:
    plain = re.sub(r"\\(.)", r"\1", value)
    held = row.id if name == "id" else row.values.get(name)
    if operator == "starts_with":
        return str(held or "").casefold().startswith(plain.casefold())
    if operator == "in":
        return any(_holds(held, one) for one in plain.split(","))
    if operator == "equals":
        return _holds(held, plain)
    raise invalid_parameter("criteria", "invalid operator")


def _holds(value: Any, wanted: str) -> bool:
    held = value.get("id") if isinstance(value, dict) else value
    return held is not None and wanted.strip().casefold() in str(held).casefold()


def list_deleted(
    state: ZohoState, module: ModuleSpec, args: Arguments, *, since: str | None
) -> dict[str, Any] | None:
    """What was deleted, newest first; None when nothing was."""
    kind = args.get("type", "all")
    if kind not in {"all", "recycle", "permanent"}:
        raise invalid_parameter("type")
    traces = sorted(
        state.tables[module.api_name].bin.values(), key=lambda one: (one.at, one.id), reverse=True
    )
    if kind != "all":
        traces = [one for one in traces if (one.row is None) == (kind == "permanent")]
    moment = parse_time(since) if since else None
    if moment is not None:
        traces = [one for one in traces if one.at > moment]
    per_page, page = number(args, "per_page", MAX_PAGE, MAX_PAGE), number(args, "page", 1, 10**6)
    window = traces[(page - 1) * per_page : page * per_page]
    if not window:
        return None
    data = [
        {
            "deleted_by": one.by.reference() if one.by else None,
            "id": one.id,
            "display_name": one.name,
            "type": "recycle" if one.row else "permanent",
            "created_by": one.row.created_by.reference() if one.row else None,
            "deleted_time": state.shown(one.at),
        }
        for one in window
    ]
    info = {
        "per_page": per_page,
        "count": len(data),
        "page": page,
        "more_records": len(traces) > page * per_page,
    }
    return {"data": data, "info": info}
