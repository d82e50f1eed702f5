"""Records that show on another module's: payments and credit notes mean that an invoice has to be
looked at, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.core.spec import ModuleSpec, Raw, Side
from backend.store import links
from backend.store.places import SWEEP
from backend.store.tables import Link, NaturalKey
from backend.sync.face import CREDIT_KINDS
from backend.sync.inbox import PRIORITY, note_in
from backend.sync.intake import pages
from backend.sync.progress import Progress, Taken
from backend.sync.turn import Turn


def take(turn: Turn, spec: ModuleSpec, *, since: datetime | None) -> Taken:
    """Read what changed since, and note the records it belongs to."""
    progress = Progress.of(turn, spec, Side.XERO, reader=SWEEP, since=since)
    for page in pages(turn, spec, Side.XERO, since=since, spot=progress.spot):
        note_parents(turn, spec, page.rows, trigger="schedule")
        progress.past(page)
    progress.done()
    return progress.taken


def process(turn: Turn, spec: ModuleSpec, rows: Sequence[Link]) -> None:
    """Look at records somebody told of; they are read for what they belong to, and forgotten."""
    ids = [row.xero_id for row in rows if row.xero_id]
    raws = turn.xero(rows[0].priority).read(spec.xero, ids)
    note_parents(turn, spec, raws, trigger=rows[0].trigger or "webhook")
    with turn.sync.database.begin() as session:
        turn.hold(session)
        for row in rows:
            done = (Link.id == row.id) & (Link.pending == row.pending)
            session.execute(delete(Link).where(done))


def note_parents(turn: Turn, spec: ModuleSpec, rows: Sequence[Raw], *, trigger: str) -> None:
    """Note every record these belong to, or belonged to when it was last read, unless it has been
    read since they changed."""
    module = spec.attached_to or spec.key
    with turn.sync.database.begin() as session:
        parents = _parents(session, turn, spec, module, rows)
        of = (turn.org_id, turn.tenant_id, module)
        known = links.find(session, *of, str(Side.XERO), list(parents))
        news = [key for key, raw in parents.items() if _is_newer(raw, spec, known.get(key))]
        note_in(
            turn.sync,
            session,
            org_id=turn.org_id,
            module=module,
            side=Side.XERO,
            ids=news,
            trigger=trigger,
            priority=PRIORITY[trigger],
            tenant_id=turn.tenant_id,
        )


def _parents(
    session: Session, turn: Turn, spec: ModuleSpec, module: str, rows: Sequence[Raw]
) -> dict[str, Raw]:
    parents: dict[str, Raw] = {}
    by_id = {str(raw.get(spec.xero.id)): raw for raw in rows}
    for key, raw in by_id.items():
        parents |= dict.fromkeys(spec.parents_of(raw), raw)
        for record_id in _once(session, turn, module, key):
            parents.setdefault(record_id, raw)
    return parents


def _once(session: Session, turn: Turn, module: str, key: str) -> list[str]:
    """The records that showed this one when they were last read: a credit that was taken back
    names its invoice no longer."""
    ids = select(NaturalKey.link_id).where(
        NaturalKey.org_id == turn.org_id,
        NaturalKey.tenant_id == turn.tenant_id,
        NaturalKey.module == module,
        NaturalKey.side == str(Side.XERO),
        NaturalKey.kind.in_(CREDIT_KINDS),
        NaturalKey.value == key,
    )
    found = session.scalars(select(Link.xero_id).where(Link.id.in_(ids), Link.active))
    return [each for each in found if each is not None]


def _is_newer(raw: Raw, spec: ModuleSpec, link: Link | None) -> bool:
    """A payment moves its invoice's time of change: a parent read at that version has it."""
    changed = moment(raw.get("UpdatedDateUTCString") or raw.get(spec.xero.modified))
    seen = moment(link.xero_version) if link is not None else None
    return link is not None and (changed is None or seen is None or changed > seen)
