"""Zoho CRM's dialect without I/O: requests are built here and answers deciphered.

Sources: zoho.com/crm/developer/docs/api/v8 (get-records, insert-records, upsert-records, coql,
get-deleted-records, notifications). HTTP status is no reliable summary: whatever carries `data[]`
is judged row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from backend.apis.budget import refusal
from backend.apis.calls import Expired
from backend.apis.http import Answer, Request
from backend.apis.jsontext import Garbled, parse_json, parse_object, to_json
from backend.apis.moments import offset_second
from backend.apis.zoho.errors import TOKEN_CODES, details_of, duplicate_of, error_of, text_of
from backend.core.errors import ConnectionLost, Gone, RateLimited, Refused, SyncError, Transient
from backend.core.spec import Raw, Side

API = "/crm/v8"
PER_PAGE = 200
MOST_ROWS = 100
MOST_FIELDS = 50
MOST_VALUES = 50
"""Values of one `in` in COQL."""
QUERY_ROWS = 200
"""Rows asked of one COQL call: some pages say 200, some 2,000; this many costs one credit."""
FIELDS_PER_CALL = 5
_PAGE_MARK = "page:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What became of one row of a write. `modified` is Zoho's new Modified_Time, as it wrote it."""

    ok: bool
    id: str | None = None
    modified: str | None = None
    action: str | None = None
    error: SyncError | None = None
    duplicate_id: str | None = None


# --- building ---------------------------------------------------------------------------------


def get(
    api_domain: str,
    path: str,
    params: Iterable[tuple[str, str]] = (),
    *,
    since: datetime | None = None,
) -> Request:
    """A read below the CRM API; `since` becomes If-Modified-Since."""
    headers = {"Accept": "application/json"}
    if since is not None:
        headers["If-Modified-Since"] = offset_second(since)
    return Request(
        method="GET", url=f"{api_domain}{API}{path}", headers=headers, params=tuple(params)
    )


def send(
    api_domain: str,
    method: str,
    path: str,
    *,
    body: object = None,
    params: Iterable[tuple[str, str]] = (),
    unmodified_since: datetime | None = None,
) -> Request:
    """Any request that changes something; `unmodified_since` is Zoho's optimistic lock."""
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if unmodified_since is not None:
        headers["If-Unmodified-Since"] = offset_second(unmodified_since)
    return Request(
        method=method,
        url=f"{api_domain}{API}{path}",
        headers=headers,
        params=tuple(params),
        body=None if body is None else to_json(body),
    )


def list_params(
    fields: Sequence[str],
    *,
    page_token: str | None = None,
    sorted_by_change: bool = False,
    ids: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """The query of a list read; ValueError for more than the 50 fields Zoho lists at once."""
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise ValueError(f"{len(fields)} fields do not fit one list read")
    params = [("fields", ",".join(fields)), ("per_page", str(PER_PAGE))]
    if sorted_by_change:
        params += [("sort_by", "Modified_Time"), ("sort_order", "asc")]
    if ids:
        params.append(("ids", ",".join(ids)))
    if page_token and page_token.startswith(_PAGE_MARK):
        params.append(("page", page_token.removeprefix(_PAGE_MARK)))
    elif page_token:
        params.append(("page_token", page_token))
    return params


def write_body(
    rows: Sequence[Mapping[str, Any]],
    *,
    duplicate_check: Sequence[str] = (),
    trigger: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The envelope of a write; `trigger` None leaves the customer's automations on."""
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValueError(f"{len(rows)} rows do not fit one request")
    body: dict[str, Any] = {"data": list(rows)}
    if duplicate_check:
        body["duplicate_check_fields"] = list(duplicate_check)
    if trigger is not None:
        body["trigger"] = list(trigger)
    return body


def query(
    columns: Sequence[str], module: str, field: str, values: Sequence[str], *, offset: int = 0
) -> str:
    """A COQL select for records whose `field` is one of up to fifty values."""
    if not 1 <= len(values) <= MOST_VALUES:
        raise ValueError(f"{len(values)} values do not fit one query")
    parts = {
        "select": ", ".join(dict.fromkeys(["id", *columns])),
        "from": module,
        "where": f"{field} in ({', '.join(_quoted(value) for value in values)})",
        "order by": "id asc",
        "limit": f"{offset}, {QUERY_ROWS}",
    }
    return " ".join(f"{word} {part}" for word, part in parts.items())


def criteria(field: str, value: str) -> str:
    """A search criterion with brackets, commas and backslashes escaped, as Zoho asks."""
    escaped = "".join(f"\\{letter}" if letter in "\\(),:" else letter for letter in value)
    return f"({field}:equals:{escaped})"


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="") if text.strip(".") else quote(text, safe="").replace(".", "%2E")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# --- deciphering ------------------------------------------------------------------------------


def judge(request: Request, answer: Answer) -> Answer:
    """The answer itself when it is a success, 304 or carries rows; else the error it stands for."""
    del request
    status, told = answer.status, parse_object(answer.body)
    code = text_of(told, "code").upper()
    if status == 401 or code in TOKEN_CODES:
        raise _unauthorised(told)
    if status == 429 or code == "TOO_MANY_REQUESTS":
        raise limited(answer)
    if 200 <= status < 300 or status == 304 or _has_rows(told):
        return answer
    if status >= 500:
        raise Transient("remote_unavailable", words=f"HTTP {status} {code}".strip())
    raise _refused(answer, told, code)


def _unauthorised(told: Raw) -> SyncError:
    if text_of(told, "code").upper() == "OAUTH_SCOPE_MISMATCH":
        return ConnectionLost("zoho_scope_missing", words=text_of(told, "message"))
    raise Expired


def limited(answer: Answer) -> RateLimited:
    """The error for a 429 that no budget has judged; Zoho sends no Retry-After."""
    _, wait = refusal(Side.ZOHO, answer.headers, now=datetime.now(UTC).timestamp())
    return RateLimited("concurrent", 5.0 if wait is None else wait, side="zoho")


def _refused(answer: Answer, told: Raw, code: str) -> SyncError:
    if code:
        return error_of(told)
    if answer.status == 412:
        return error_of({"code": "ALREADY_MODIFIED"})
    if answer.status in {404, 410}:
        return Gone("zoho_gone", words=f"HTTP {answer.status}")
    if answer.status == 403:
        return error_of({"code": "NO_PERMISSION"})
    if 300 <= answer.status < 400 or not told:
        return Transient("remote_garbled", words=f"HTTP {answer.status}")
    return Refused("zoho_refused", {"words": f"HTTP {answer.status}"}, words=str(answer.status))


def lost(answer: Answer) -> SyncError:
    """The error for a token that stays refused after a refresh."""
    return ConnectionLost("zoho_token_revoked", words=text_of(parse_object(answer.body), "code"))


def is_empty(answer: Answer) -> bool:
    """Zoho says "nothing" with 204 or 304 and no body."""
    return answer.status in {204, 304} or not answer.body.strip()


def rows(answer: Answer, name: str = "data") -> list[Raw]:
    """The records of an answer, [] for none; `Transient` (garbled) when it is not Zoho's."""
    if is_empty(answer):
        return []
    found = parsed(answer)
    listed = found.get(name) if isinstance(found, dict) else found
    if listed is None and isinstance(found, dict) and name in found:
        return []
    if isinstance(listed, dict):
        listed = [listed]
    if not isinstance(listed, list):
        raise Transient("remote_garbled", words=f"no {name} in the answer")
    return [row for row in listed if isinstance(row, dict)]


def parsed(answer: Answer) -> Any:
    """The JSON of an answer; `Transient("remote_garbled")` for anything else."""
    try:
        return parse_json(answer.body)
    except Garbled as error:
        raise Transient("remote_garbled", words=str(error)) from error


def next_token(answer: Answer, *, page_token: str | None, count: int) -> str | None:
    """How to ask for the next page: Zoho's token, or a page number where it gives none."""
    info = parse_object(answer.body).get("info")
    info = info if isinstance(info, dict) else {}
    more = info.get("more_records")
    if more is None:
        more = count >= PER_PAGE
    if more is not True:
        return None
    token = text_of(info, "next_page_token")
    return token or f"{_PAGE_MARK}{_page_number(page_token) + 1}"


def has_more(answer: Answer, *, count: int, asked: int) -> bool:
    """Whether a numbered list goes on; judged by its length where Zoho does not say."""
    info = parse_object(answer.body).get("info")
    more = info.get("more_records") if isinstance(info, dict) else None
    return count > 0 and (more is True if isinstance(more, bool) else count >= asked)


def verdicts(answer: Answer, sent: int, *, name: str = "data") -> list[Row]:
    """One verdict per row, in the order they were sent, whatever the status.

    `Transient` (sent) when the answer does not tell which row became what.
    """
    if is_empty(answer) and answer.status != 304:
        raise Transient("remote_garbled", words="a write without an answer")
    told = rows(answer, name)
    if len(told) != sent:
        raise Transient("remote_garbled", words="answers and rows differ in number")
    return [_verdict(row) for row in told]


def refused_row(error: SyncError) -> Row:
    """The verdict on a single row whose whole request was refused for that row's sake."""
    return Row(ok=False, error=error)


def _verdict(told: Raw) -> Row:
    details = details_of(told)
    own_id = text_of(details, "id") or None
    if text_of(told, "code").upper() == "SUCCESS" or text_of(told, "status").lower() == "success":
        return Row(
            ok=True,
            id=own_id,
            modified=text_of(details, "Modified_Time") or None,
            action=text_of(told, "action") or None,
        )
    duplicate = text_of(told, "code").upper() == "DUPLICATE_DATA"
    return Row(
        ok=False,
        id=None if duplicate else own_id,
        modified=text_of(details, "Modified_Time") or None,
        error=error_of(told),
        duplicate_id=duplicate_of(told) if duplicate else None,
    )


def _has_rows(told: Mapping[str, Any]) -> bool:
    named = ("data", "fields", "watch", "recycle_bin")
    return any(isinstance(told.get(name), list) for name in named)


def _page_number(page_token: str | None) -> int:
    text = (page_token or "").removeprefix(_PAGE_MARK)
    return int(text) if text.isdecimal() and len(text) < 7 else 1
