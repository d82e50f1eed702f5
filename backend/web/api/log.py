"""The log: filtered, searched, exported, and trying again from it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from sqlalchemy.orm import Session

from backend.store import views
from backend.store.tables import LogRow
from backend.store.views import LogFilter
from backend.sync import requests as clicks
from backend.web.bearer import administrators_only
from backend.web.body import checked, cursor, module_key, page_size
from backend.web.context import bridge, caller
from backend.web.present import Reader, iso, linked_ids, log_row
from backend.web.problems import Problem
from backend.web.reading import view
from backend.web.schemas import RETRY_REQUEST

log = Blueprint("log", __name__)

STATUSES = ("success", "failed", "held", "skipped")
COLUMNS = (
    "at",
    "module",
    "label",
    "zoho_id",
    "xero_id",
    "direction",
    "trigger",
    "operation",
    "status",
    "message",
    "remedy",
    "words",
    "changes",
    "attempt",
    "next_attempt_at",
    "by",
)
PAGE = 500
_FORMULA = re.compile(r"^[=+\-@\t\r\n|]")
_NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")


@log.get("/log")
def read() -> Response:
    """Log rows, newest first; the first page counts the outcomes too."""
    wanted, limit, before = _wanted(), page_size(), cursor()
    with view() as (session, standing, reader):
        rows = views.log_page(
            session,
            caller().org_id,
            tenant_id=standing.tenant_id,
            wanted=wanted,
            before=before,
            limit=limit,
        )
        names = _names(session, standing.tenant_id, rows)
        page: dict[str, Any] = {
            "rows": [log_row(row, reader, names) for row in rows],
            "cursor": str(rows[-1].id) if len(rows) == limit else None,
        }
        if before is None:
            page["counts"] = views.log_counts(
                session, caller().org_id, tenant_id=standing.tenant_id, wanted=wanted
            )
        return jsonify(page)


@log.get("/log.csv")
def export() -> Response:
    """The same as CSV, streamed; no cell is taken for a formula by a spreadsheet."""
    response = Response(
        stream_with_context(_lines(_wanted())), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


@log.post("/log/<int:log_id>/retry")
def retry(log_id: int) -> tuple[Response, int]:
    """Try one record again."""
    if log_id >= 2**63:
        raise Problem(404, "not_found")
    with view() as (session, _, _reader):
        if views.log_entry(session, caller().org_id, log_id) is None:
            raise Problem(404, "not_found")
    request_id = clicks.retry(
        bridge().sync, org_id=caller().org_id, log_id=log_id, by=caller().name
    )
    return jsonify(request_id=request_id), 202


@log.post("/retry")
@administrators_only
def retry_all() -> tuple[Response, int]:
    """Try every record again that failed for one cause."""
    count = clicks.retry_all(
        bridge().sync,
        org_id=caller().org_id,
        message_key=checked(RETRY_REQUEST)["message_key"],
        by=caller().name,
    )
    return jsonify(count=count), 202


def _names(session: Session, tenant_id: str, rows: Sequence[LogRow]) -> dict[str, str]:
    """What the records are called that the rows' changes link to."""
    found: dict[str, str] = {}
    for module, ids in linked_ids(rows).items():
        found |= views.labels(
            session, caller().org_id, tenant_id=tenant_id, module=module, zoho_ids=ids
        )
    return found


def _wanted() -> LogFilter:
    """The filter in the address; Problem when a part of it makes no sense."""
    args = request.args
    module, status = args.get("module") or None, args.get("status") or None
    if module is not None:
        module_key(module)
    if status is not None and status not in STATUSES:
        raise Problem(400, "bad_request")
    return LogFilter(
        module=module,
        status=status,
        record=(args.get("record") or None),
        text=(args.get("q") or "")[:200] or None,
        since=_moment(args.get("from")),
        until=_moment(args.get("to"), whole_day=True),
        message_key=args.get("message_key") or None,
    )


def _moment(given: str | None, *, whole_day: bool = False) -> datetime | None:
    """A date or time in the address; a bare date as end means the whole of that day."""
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at + timedelta(days=1) if whole_day and len(given) == 10 else at
    except (ValueError, OverflowError):
        raise Problem(400, "bad_request") from None


def _lines(wanted: LogFilter) -> Iterator[str]:
    """CSV in pieces; no transaction stays open while the caller reads."""
    yield _csv(COLUMNS)
    before: int | None = None
    while True:
        with view() as (session, standing, reader):
            rows = views.log_page(
                session,
                caller().org_id,
                tenant_id=standing.tenant_id,
                wanted=wanted,
                before=before,
                limit=PAGE,
            )
            text = "".join(_csv(_cells(row, reader)) for row in rows)
        yield text
        if len(rows) < PAGE:
            return
        before = rows[-1].id


def _cells(row: LogRow, reader: Reader) -> tuple[Any, ...]:
    shown = log_row(row, reader)
    message = shown["message"] or {}
    texts = {
        **shown,
        "message": message.get("text"),
        "remedy": message.get("fix"),
        "changes": "; ".join(
            f"{one['label']}: {one['before']} → {one['after']}" for one in shown["changes"]
        ),
        "at": iso(row.at),
    }
    return tuple(texts[name] for name in COLUMNS)


def _csv(cells: tuple[Any, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(map(_safe, cells))
    return buffer.getvalue()


def _safe(cell: object) -> str:
    """A cell no spreadsheet runs (owasp.org/www-community/attacks/CSV_Injection)."""
    text = "" if cell is None else str(cell)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
