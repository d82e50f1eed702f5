"""Taking in list pages: each record's copy and keys are kept, and what changed is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.apis.calls import Page
from backend.apis.moments import moment
from backend.core.codecs import CODECS, decode
from backend.core.errors import SyncError
from backend.core.plan import values_of
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Link, ModuleState
from backend.sync.batch import facts_for_raws
from backend.sync.face import money_of
from backend.sync.gather import text_of, with_lines, zoho_fields
from backend.sync.inbox import PRIORITY
from backend.sync.matching import remember
from backend.sync.turn import Turn

OVERLAP = timedelta(minutes=5)
"""How far a cursor reaches back: both vendors' times are coarse and may lag (reference §3)."""
AT_ONCE = 500
"""Rows per transaction: Xero lists items without pages, however many there are."""
BULK = PRIORITY["bulk"]


@dataclass(kw_only=True)
class Taken:
    """What reading one side of one module came to."""

    rows: int = 0
    noted: int = 0
    as_of: datetime | None = None


def pages(turn: Turn, spec: ModuleSpec, side: Side, *, since: datetime | None) -> Iterator[Page]:
    """Every page of one side, all of it or what changed ``since``; none of one that another module
    lists."""
    if not spec.resource(side).listed:
        return
    if side is Side.XERO:
        yield from _xero_pages(turn, spec, since=since)
        return
    fields, token = zoho_fields(turn, spec), None
    while True:
        page = turn.zoho(BULK).page(spec.zoho.path, fields, page_token=token, since=since)
        yield page
        token = page.next_token
        if token is None:
            return


def _xero_pages(turn: Turn, spec: ModuleSpec, *, since: datetime | None) -> Iterator[Page]:
    """Page by page. Xero sorts by time of change, so a record edited meanwhile moves to a later
    page; one that slipped between pages is caught by the overlap of the next sweep."""
    number, last = 1, 1
    while number <= last:
        page = turn.xero(BULK).page(spec.xero, number=number, since=since)
        yield page
        number, last = number + 1, page.pages


def take_side(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    *,
    since: datetime | None,
    note: Callable[[Session, Turn, Sequence[str]], None] | None,
    everything: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Taken:
    """Read one side and keep what is new. ``note`` is called with the links that changed; with
    ``everything`` copies of unchanged records are kept too, for a bulk run to plan from.

    Raises what the clients raise; the caller moves the cursor only after all pages are in.
    """
    taken = Taken()
    for page in pages(turn, spec, side, since=since):
        taken.as_of = taken.as_of or page.as_of
        taken.rows += len(page.rows)
        for start in range(0, len(page.rows), AT_ONCE):
            some = page.rows[start : start + AT_ONCE]
            rows = _whole(turn, spec, side, some) if everything else list(some)
            taken.noted += _take_rows(turn, spec, side, rows, note=note, everything=everything)
        if progress is not None:
            progress(len(page.rows))
    return taken


def _whole(turn: Turn, spec: ModuleSpec, side: Side, rows: Sequence[Raw]) -> list[Raw]:
    """CRM documents with their lines; lists never have them."""
    if side is Side.XERO or spec.zoho.lines is None or not rows:
        return list(rows)
    found = with_lines(turn, spec, rows, priority=BULK)
    return [found.get(str(raw["id"]), raw) for raw in rows]


def _take_rows(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    rows: Sequence[Raw],
    *,
    note: Callable[[Session, Turn, Sequence[str]], None] | None,
    everything: bool,
) -> int:
    key = spec.resource(side).id
    by_id = {str(raw[key]): raw for raw in rows if raw.get(key)}
    facts = facts_for_raws(turn, spec, side, list(by_id.values()))
    with turn.sync.database.begin() as session:
        found = links.ensure(
            session,
            turn.org_id,
            turn.tenant_id,
            spec.key,
            str(side),
            list(by_id),
            depth=turn.depth(spec.key),
        )
        links.preload(session, [link.id for link in found.values()])
        changed = []
        for record_id, link in found.items():
            raw = by_id[record_id]
            news = everything or is_news(spec, link, side, raw, facts)
            if news:
                changed.append(link.id)
            if news or link.pending:
                # The loop is about to look at it: with this copy it need not read it again.
                _keep(turn, session, spec, link, side, raw, facts)
        if side is Side.XERO:
            changed += _overheard(turn, session, spec, by_id)
        if note is not None and changed:
            note(session, turn, changed)
    return len(changed)


def _overheard(
    turn: Turn, session: Session, spec: ModuleSpec, by_id: Mapping[str, Raw]
) -> list[str]:
    """Links of modules that share this endpoint without listing it, whose record has changed."""
    changed: list[str] = []
    for key, other in turn.specs.items():
        if other.xero.listed or other.xero.path != spec.xero.path:
            continue
        known = links.find(session, turn.org_id, turn.tenant_id, key, str(Side.XERO), list(by_id))
        changed += [
            link.id
            for record_id, link in known.items()
            if str(by_id[record_id].get(spec.xero.modified) or "") != link.xero_version
        ]
    return changed


def _keep(
    turn: Turn,
    session: Session,
    spec: ModuleSpec,
    link: Link,
    side: Side,
    raw: Raw,
    facts: Facts,
) -> None:
    whole = side is Side.XERO or spec.zoho.lines is None or spec.zoho.lines in raw
    links.keep_snapshot(
        session, link.id, str(side), text_of(raw), whole=whole, read_at=turn.sync.clock()
    )
    try:
        remember(session, spec, link, side, raw, facts)
    except SyncError:
        # Unreadable values are told when the loop plans this record.
        return
    if side is Side.XERO and spec.money:
        link.face = {**link.face, "money": money_of(raw)}


def is_news(spec: ModuleSpec, link: Link, side: Side, raw: Raw, facts: Facts) -> bool:
    """Whether a listed record says something we have not seen: values first, versions second.

    Our own write coming back has the values of the base and is no news.
    """
    version = str(raw.get(spec.resource(side).modified) or "")
    base = link.base_zoho if side is Side.ZOHO else link.base_xero
    known: str | None = getattr(link, f"{side}_version")
    if base is None or not (link.zoho_id and link.xero_id):
        return version != known or link.checked_at is None
    try:
        now = values_of(spec, side, raw, facts)
    except SyncError:
        return version != known
    for row in spec.fields:
        if row.name in now and row.base_key in base:
            if not CODECS[row.codec].same(decode(base[row.base_key]), now[row.name]):
                return True
        elif row.name in now and version != known:
            return True
    return _lines_unseen(spec, link, side, version)


def _lines_unseen(spec: ModuleSpec, link: Link, side: Side, version: str) -> bool:
    """CRM lists show no lines: only a version read well after it was made vouches for them. Its
    times have one second, in which a person may have edited too."""
    if side is Side.XERO or spec.zoho.lines is None:
        return False
    made = moment(version)
    if version != link.zoho_version or link.zoho_seen_at is None or made is None:
        return True
    return bool(link.zoho_seen_at < made + timedelta(seconds=2))


def state_of(session: Session, turn: Turn, module: str) -> ModuleState:
    """The module's cursors, made where there were none."""
    key = (turn.org_id, turn.tenant_id, module)
    state = session.get(ModuleState, key)
    if state is None:
        state = ModuleState(org_id=key[0], tenant_id=key[1], module=module)
        session.add(state)
        session.flush()
    return state


def move_cursor(turn: Turn, module: str, side: Side, taken: Taken) -> None:
    """All pages are in: the next read begins where this one began."""
    if taken.as_of is None:
        return
    with turn.sync.database.begin() as session:
        state = state_of(session, turn, module)
        setattr(state, f"{side}_cursor", taken.as_of)
