"""Taking in list pages: each record's copy and keys are kept, and what changed is noted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.core.codecs import CODECS, decode
from backend.core.errors import UNFORESEEN, SyncError
from backend.core.plan import values_of
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.places import SWEEP
from backend.store.tables import Link, ModuleState
from backend.sync import parts, seek
from backend.sync.face import money_of
from backend.sync.gather import parsed, text_of, with_lines, zoho_fields
from backend.sync.inbox import PRIORITY
from backend.sync.matching import remember
from backend.sync.progress import Progress, Taken
from backend.sync.seek import Sheet, Spot
from backend.sync.turn import Turn

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
"""How far a cursor reaches back: both vendors' times are coarse and may lag (reference §3)."""
AT_ONCE = 500
"""Rows per transaction: Xero lists items without pages, however many there are."""
BULK = PRIORITY["bulk"]
ELSEWHERE = frozenset({"belongs_elsewhere", "no_supplier"})
"""Why a Xero record is another module's business from the start, not left out of this one."""
Note: TypeAlias = Callable[[Session, Turn, Sequence[str]], None]


def pages(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    *,
    since: datetime | None,
    spot: Spot | None = None,
    patient: bool = False,
) -> Iterator[Sheet]:
    """Every page of one side, all of it or what changed ``since``; none of one that another module
    lists. ``spot`` goes on in Xero's list where an earlier read stopped; a ``patient`` read waits
    for calls up to a minute, for those who cannot go on another time."""
    if not spec.resource(side).listed:
        return
    if side is Side.XERO:
        spot = spot or Spot(since=since)
        yield from seek.sheets(turn, spec, spot, priority=BULK, patient=patient)
        return
    fields, token = zoho_fields(turn, spec), None
    while True:
        page = turn.zoho(BULK).page(spec.zoho.path, fields, page_token=token, since=since)
        yield Sheet(rows=page.rows, as_of=page.as_of)
        token = page.next_token
        if token is None:
            return


def take_side(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    *,
    since: datetime | None,
    note: Note | None,
    everything: bool = False,
    reader: str = SWEEP,
) -> Taken:
    """Read one side and keep what is new. ``note`` is called with the links that changed; with
    ``everything`` copies of unchanged records are kept too, for a bulk run to plan from.

    Raises what the clients raise; the caller moves the cursor only after all pages are in.
    """
    return take_together(
        turn, [spec], side, since=since, note=note, everything=everything, reader=reader
    )


def take_together(
    turn: Turn,
    specs: Sequence[ModuleSpec],
    side: Side,
    *,
    since: datetime | None,
    note: Note | None,
    everything: bool = False,
    listed: set[str] | None = None,
    reader: str = SWEEP,
) -> Taken:
    """One read that feeds several modules, for those that live in the same records of Xero.

    ``specs`` in the order of their dependencies; raises what the clients raise. What a ``reader``
    that was interrupted has read already is not read again. ``listed`` gets the id of every
    record that was read now.
    """
    progress = Progress.of(turn, specs[0], side, reader=reader, since=since)
    if progress.finished:
        return progress.taken
    for page in pages(turn, specs[0], side, since=since, spot=progress.spot):
        if listed is not None:
            listed.update(str(raw.get(specs[0].resource(side).id)) for raw in page.rows)
        for start in range(0, len(page.rows), AT_ONCE):
            some = page.rows[start : start + AT_ONCE]
            for spec in specs:
                progress.taken.noted += _take(
                    turn, spec, side, some, note=note, everything=everything
                )
        progress.past(page)
    progress.done()
    return progress.taken


def _take(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    raws: Sequence[Raw],
    *,
    note: Note | None,
    everything: bool,
) -> int:
    if side is Side.ZOHO:
        rows = _whole(turn, spec, side, raws) if everything else list(raws)
        return _take_rows(turn, spec, side, rows, note=note, everything=everything)
    records = parts.records_of(turn, spec, raws)
    _note_gone(turn, spec, raws, note)
    return _take_rows(turn, spec, side, records, note=note, everything=everything)


def _note_gone(turn: Turn, spec: ModuleSpec, raws: Sequence[Raw], note: Note | None) -> None:
    """What was inside a Xero record and is no more has no row to be seen in: look at it too, and
    at what found no room while there was none."""
    if spec.parts is None:
        return
    with turn.sync.database.begin() as session:
        moved = parts.move_out(session, turn, spec, raws)
        lost = parts.gone_from(session, turn, spec, raws)
        if lost:
            homes = {str(raw.get(spec.xero.id)) for raw in raws}
            parts.room_again(session, turn, spec, homes)
        if note is not None and (moved or lost):
            note(session, turn, [*moved, *lost])


def spread(turn: Turn, spec: ModuleSpec, raws: Sequence[Raw]) -> None:
    """A Xero record read for one module is news to the others that live in it, if their first
    sync was accepted: none of them has to read it again."""
    enabled = [key for key in spec.beside if turn.policies[key].enabled]
    for key in accepted(turn, enabled) if enabled and raws else ():
        _take(turn, turn.specs[key], Side.XERO, raws, note=note_changed, everything=False)


def is_accepted(turn: Turn, module: str) -> bool:
    """Whether a person accepted the module's first sync."""
    return bool(accepted(turn, [module]))


def accepted(turn: Turn, modules: Sequence[str]) -> list[str]:
    """Those of ``modules`` whose first sync a person accepted, in their order."""
    rows = select(ModuleState.module).where(
        ModuleState.org_id == turn.org_id,
        ModuleState.tenant_id == turn.tenant_id,
        ModuleState.module.in_(modules),
        ModuleState.accepted_at.is_not(None),
    )
    with turn.sync.database.begin() as session:
        found = set(session.scalars(rows))
    return [key for key in modules if key in found]


def note_changed(session: Session, turn: Turn, link_ids: Sequence[str]) -> None:
    """What a read found goes the way everything goes: a mark on its link."""
    links.mark(
        session,
        link_ids,
        priority=PRIORITY["schedule"],
        trigger="schedule",
        by=None,
        direction="both",
        now=turn.sync.clock(),
        unpark=True,
    )


def _whole(turn: Turn, spec: ModuleSpec, side: Side, rows: Sequence[Raw]) -> list[Raw]:
    """CRM documents with their lines; lists never have them."""
    if side is Side.XERO or spec.zoho.lines is None or not rows:
        return list(rows)
    found = _lines_kept(turn, spec, rows)
    missing = [raw for raw in rows if str(raw["id"]) not in found]
    if missing:
        found |= with_lines(turn, spec, missing, priority=BULK)
    return [found.get(str(raw["id"]), raw) for raw in rows]


def _lines_kept(turn: Turn, spec: ModuleSpec, rows: Sequence[Raw]) -> dict[str, Raw]:
    """Documents whose lines a preview has read at the very version that is listed now."""
    field, by_id = spec.zoho.lines or "", {str(raw["id"]): raw for raw in rows}
    with turn.sync.database.begin() as session:
        known = links.find(
            session, turn.org_id, turn.tenant_id, spec.key, str(Side.ZOHO), list(by_id)
        )
        held = {
            each.link_id: each
            for each in links.take_snapshots(session, [link.id for link in known.values()])
            if each.side == str(Side.ZOHO) and each.whole
        }
    found: dict[str, Raw] = {}
    for record_id, link in known.items():
        copy = held.get(link.id)
        if copy is not None:
            raw = parsed(copy.raw)
            if field in raw and _is_same_version(spec, by_id[record_id], raw, copy.read_at):
                found[record_id] = {**by_id[record_id], field: raw[field]}
    return found


def _is_same_version(spec: ModuleSpec, listed: Raw, kept: Raw, read_at: datetime) -> bool:
    """Whether a copy shows what is listed, and was not read within the second it was made in."""
    version = listed.get(spec.zoho.modified)
    made = moment(version)
    same = version == kept.get(spec.zoho.modified)
    return same and made is not None and read_at >= made + SECOND_OVER


SECOND_OVER = timedelta(seconds=2)
"""How long CRM's second may last, in which a person may have edited once more."""


def _take_rows(
    turn: Turn,
    spec: ModuleSpec,
    side: Side,
    rows: Sequence[Raw],
    *,
    note: Note | None,
    everything: bool,
) -> int:
    key = spec.resource(side).id
    by_id = {str(raw[key]): raw for raw in rows if raw.get(key)}
    _leave_out(turn, spec, side, by_id)
    if not by_id:
        return 0
    there = list(by_id.values())
    facts = turn.facts(spec, there if side is Side.ZOHO else (), there if side is Side.XERO else ())
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
        changed: list[str] = []
        kept: list[Mapping[str, object]] = []
        for record_id, link in found.items():
            raw = by_id[record_id]
            news = everything or is_news(spec, link, side, raw, facts)
            if news:
                changed.append(link.id)
            if news or link.pending:
                # The loop is about to look at it: with this copy it need not read it again.
                kept.append(_keep(turn, session, spec, link, side, raw, facts))
        links.keep_snapshots(session, kept)
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


def _leave_out(turn: Turn, spec: ModuleSpec, side: Side, by_id: dict[str, Raw]) -> None:
    """Drop what other modules live in and this one has never known: it has no row here."""
    strange = {key for key, raw in by_id.items() if spec.outside(side, raw) in ELSEWHERE}
    if not strange:
        return
    with turn.sync.database.begin() as session:
        ours = links.find(session, turn.org_id, turn.tenant_id, spec.key, str(side), strange)
    for key in strange - set(ours):
        del by_id[key]


def _keep(
    turn: Turn,
    session: Session,
    spec: ModuleSpec,
    link: Link,
    side: Side,
    raw: Raw,
    facts: Facts,
) -> Mapping[str, object]:
    """Learn what the directory needs; the copy to keep."""
    kept = {
        "link_id": link.id,
        "side": str(side),
        "raw": text_of(raw),
        "whole": side is Side.XERO or spec.zoho.lines is None or spec.zoho.lines in raw,
        "read_at": turn.sync.clock(),
    }
    try:
        remember(session, spec, link, side, raw, facts)
    except SyncError:
        # Unreadable values are told when the loop plans this record.
        return kept
    except UNFORESEEN:
        log.exception("record_stumbled", extra={"org": turn.org_id, "module_key": spec.key})
        return kept
    if side is Side.XERO and spec.money:
        link.face = {**link.face, "money": money_of(raw)}
    return kept


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
    except (SyncError, *UNFORESEEN):
        # The loop looks at it, and tells.
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
