"""Reading both sides of a batch, in few large calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, cast

from sqlalchemy.orm import Session

from backend.apis.jsontext import parse_json, to_json
from backend.apis.zoho.client import LinesRefused
from backend.core.errors import SyncError
from backend.core.money import totals_of, zoho_totals
from backend.core.plan import values_of
from backend.core.spec import Facts, Field, Flow, ModuleSpec, Raw, Side
from backend.core.taxes import rate_of
from backend.core.transforms import sources
from backend.store import links
from backend.store.tables import Link, Snapshot
from backend.sync import facts as facts_of
from backend.sync import parts
from backend.sync.turn import Turn

FRESH_PAIR = timedelta(seconds=120)
"""How old a page's copy of a linked record may be; older ones are read again before a write."""
FRESH_SINGLE = timedelta(minutes=15)
"""The same for a record without a partner: a create cannot overwrite anything."""
ZOHO_IDS = 100
QUERY_PARENTS = 50
"""Parents per line query (reference: COQL ``in`` takes 50)."""
LINE_COLUMNS = ("Product_Name", "Quantity", "List_Price", "Discount", "Description", "Line_Tax")
PARENT = "Parent_Id"
TOTALS = ("Sub_Total", "Tax", "Grand_Total", "Discount", "Adjustment")
ALWAYS = ("id", "Modified_Time", "Modified_By", "Created_Time")
MOST_FIELDS = 50


Heard: TypeAlias = Callable[[Sequence[Raw]], None]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Both sides of one link as just read; ``*_gone`` when a known record was not there."""

    zoho: Raw | None = None
    xero: Raw | None = None
    zoho_gone: bool = False
    xero_gone: bool = False
    read_at: datetime | None = None


def gather(turn: Turn, spec: ModuleSpec, rows: Sequence[Link], heard: Heard) -> dict[str, Seen]:
    """What both sides say of every link; ``heard`` gets every Xero record as it was read, because
    other modules may live in it too. Raises what the clients raise."""
    started = turn.sync.clock()
    kept = _kept(turn, rows)
    zoho = _read_zoho(turn, spec, rows, kept)
    xero = _read_xero(turn, spec, rows, kept, heard)
    return {
        row.id: Seen(
            zoho=zoho.get(row.zoho_id or ""),
            xero=xero.get(row.xero_id or ""),
            zoho_gone=row.zoho_id is not None and row.zoho_id not in zoho,
            xero_gone=row.xero_id is not None and row.xero_id not in xero,
            read_at=started,
        )
        for row in rows
    }


def fetch(turn: Turn, spec: ModuleSpec, rows: Sequence[Link], side: Side) -> dict[str, Raw]:
    """What one side says of these links, by record id."""
    kept = _kept(turn, rows)
    if side is Side.XERO:
        return _read_xero(turn, spec, rows, kept, lambda _raws: None)
    return _read_zoho(turn, spec, rows, kept)


def _kept(turn: Turn, rows: Sequence[Link]) -> dict[tuple[str, str], Snapshot]:
    """Copies from list pages that are still fresh enough."""
    now, by_id = turn.sync.clock(), {row.id: row for row in rows}
    with turn.sync.database.begin() as session:
        held = links.take_snapshots(session, list(by_id))
    return {
        (each.link_id, each.side): each
        for each in held
        if now - each.read_at <= _fresh(by_id[each.link_id])
    }


def _fresh(row: Link) -> timedelta:
    return FRESH_PAIR if row.zoho_id and row.xero_id else FRESH_SINGLE


def keep_read(session: Session, spec: ModuleSpec, row: Link, seen: Seen) -> None:
    """Keep what was just read of a link for its next look. A copy that was used is still there
    and keeps its age."""
    if seen.read_at is None:
        return
    for side, raw in (("zoho", seen.zoho), ("xero", seen.xero)):
        held = session.get(Snapshot, (row.id, side))
        used = held is not None and seen.read_at - held.read_at <= _fresh(row)
        if raw is not None and not used:
            whole = side == "xero" or spec.zoho.lines is None or spec.zoho.lines in raw
            links.keep_snapshot(
                session, row.id, side, text_of(raw), whole=whole, read_at=seen.read_at
            )


def parsed(text: str) -> Raw:
    """A kept record as values."""
    return cast("Raw", parse_json(text.encode()))


def text_of(raw: Raw) -> str:
    """A record as text to keep; numbers stay exact."""
    return to_json(raw).decode()


# --- Xero --------------------------------------------------------------------------------------


def _read_xero(
    turn: Turn,
    spec: ModuleSpec,
    rows: Sequence[Link],
    kept: Mapping[tuple[str, str], Snapshot],
    heard: Heard,
) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    wanted: list[str] = []
    for row in rows:
        if row.xero_id is None:
            continue
        copy = kept.get((row.id, "xero"))
        if copy is not None:
            found[row.xero_id] = parsed(copy.raw)
        else:
            wanted.append(row.xero_id)
    if wanted:
        raws = parts.read(turn, spec, wanted, priority=rows[0].priority)
        records = {str(raw[spec.xero.id]): raw for raw in parts.records_of(turn, spec, raws)}
        found |= {each: records[each] for each in wanted if each in records}
        heard(raws)
    return found


# --- CRM ---------------------------------------------------------------------------------------


def zoho_fields(turn: Turn, spec: ModuleSpec) -> list[str]:
    """The fields a list read asks for: what is mapped, filtered or proves totals; at most fifty."""
    known = turn.zoho_facts.get("fields", {}).get(spec.zoho.path)
    conditions = [each.field for each in turn.policies[spec.key].conditions]
    kept = asked_for(spec, spec.fields, conditions)
    usable = [each for each in kept if not known or each in known or each in ALWAYS]
    return usable[:MOST_FIELDS]


def asked_for(spec: ModuleSpec, rows: Iterable[Field], conditions: Iterable[str]) -> list[str]:
    """The CRM fields a list read of these rows and conditions needs, each once. A row that is
    off needs none, so that it does not use up the fifty."""
    live = [row for row in rows if row.flow is not Flow.OFF]
    wanted = [
        *ALWAYS,
        spec.zoho.label,
        *([spec.zoho.number] if spec.zoho.number else []),
        *(TOTALS if spec.money else ()),
        *(spec.made_from[:1] if spec.made_from else ()),
        *(name.partition(".")[0] for name in conditions),
        *((row.zoho or "").partition(".")[0] for row in live),
        *(name for row in live for name in sources(row, Side.ZOHO)),
    ]
    return [each for each in dict.fromkeys(wanted) if each and each != spec.zoho.lines]


def _read_zoho(
    turn: Turn, spec: ModuleSpec, rows: Sequence[Link], kept: Mapping[tuple[str, str], Snapshot]
) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    bare: list[str] = []
    wanted: list[str] = []
    for row in rows:
        if row.zoho_id is None:
            continue
        copy = kept.get((row.id, "zoho"))
        if copy is None:
            wanted.append(row.zoho_id)
            continue
        found[row.zoho_id] = parsed(copy.raw)
        if not copy.whole:
            bare.append(row.zoho_id)
    priority = rows[0].priority
    if len(wanted) == 1:
        _read_one(turn, spec, wanted[0], found, priority=priority)
    else:
        bare += _read_many(turn, spec, wanted, found, priority=priority)
    if bare and spec.zoho.lines:
        found |= with_lines(turn, spec, [found[each] for each in bare], priority=priority)
    return found


def _read_one(
    turn: Turn, spec: ModuleSpec, record_id: str, found: dict[str, Raw], *, priority: int
) -> None:
    raw = turn.zoho(priority).read(spec.zoho.path, record_id)
    if raw is not None:
        found[record_id] = raw


def _read_many(
    turn: Turn, spec: ModuleSpec, wanted: Sequence[str], found: dict[str, Raw], *, priority: int
) -> list[str]:
    """Reads by list pages; the ids that are there, still without their lines."""
    there: list[str] = []
    fields = zoho_fields(turn, spec)
    for start in range(0, len(wanted), ZOHO_IDS):
        ids = wanted[start : start + ZOHO_IDS]
        for raw in turn.zoho(priority).page(spec.zoho.path, fields, ids=ids).rows:
            key = str(raw.get("id"))
            if key in ids:
                found[key] = raw
                there.append(key)
    return there


def with_lines(
    turn: Turn, spec: ModuleSpec, raws: Sequence[Raw], *, priority: int
) -> dict[str, Raw]:
    """Documents with their lines: by query, fifty parents a call; one by one where this CRM
    refuses the query, which is then remembered, or where the lines do not add up."""
    by_id = {str(raw["id"]): raw for raw in raws}
    if turn.read_lines == "query":
        try:
            return _by_query(turn, spec, by_id, priority=priority)
        except LinesRefused:
            turn.read_lines = "single"
            facts_of.remember_lines(turn.sync, turn.org_id, "single")
    return _one_by_one(turn, spec, by_id, priority=priority)


def _one_by_one(
    turn: Turn, spec: ModuleSpec, ids: Iterable[str], *, priority: int
) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for record_id in ids:
        _read_one(turn, spec, record_id, found, priority=priority)
    return found


def _by_query(
    turn: Turn, spec: ModuleSpec, by_id: Mapping[str, Raw], *, priority: int
) -> dict[str, Raw]:
    client, field = turn.zoho(priority), spec.zoho.lines or ""
    whole: dict[str, Raw] = {}
    doubtful: list[str] = []
    ids = list(by_id)
    for start in range(0, len(ids), QUERY_PARENTS):
        some = ids[start : start + QUERY_PARENTS]
        for key, lines in client.lines(
            spec.zoho.lines_module or field, PARENT, some, ["id", *LINE_COLUMNS]
        ).items():
            raw = {**by_id[key], field: [_line(each) for each in lines]}
            if adds_up(spec, raw):
                whole[key] = raw
            else:
                doubtful.append(key)
    return whole | _one_by_one(turn, spec, doubtful, priority=priority)


def _line(row: Raw) -> dict[str, Any]:
    line = {key: value for key, value in row.items() if key != PARENT}
    if isinstance(line.get("Product_Name.id"), str):
        line["Product_Name"] = {"id": line.pop("Product_Name.id")}
    return line


def adds_up(spec: ModuleSpec, raw: Raw) -> bool:
    """Whether queried lines explain the document's totals; a tax on the whole document, or lines
    the query did not show, do not."""
    totals = totals_of(raw)
    if totals is None:
        return True
    try:
        lines = values_of(spec, Side.ZOHO, raw, _NO_FACTS).get("lines")
    except SyncError:
        return False
    if not isinstance(lines, tuple):
        return False
    rates = {line.tax: rate_of(line.tax, _NO_FACTS) for line in lines if line.tax is not None}
    most = Decimal("0.01") * max(1, len(lines))
    return any(
        abs(zoho_totals(lines, rates, whole=whole).total - totals.total) <= most
        for whole in (False, True)
    )


_NO_FACTS = Facts()
