"""What a batch refers to, and what the directory keeps of what it has just read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Link
from backend.sync.face import money_of
from backend.sync.gather import Seen
from backend.sync.matching import remember
from backend.sync.turn import Turn
from backend.sync.work import Work


def facts_for(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> Facts:
    """What these records refer to, as values."""
    zoho = [work.pair.zoho for work in works if work.pair.zoho is not None]
    xero = [work.pair.xero for work in works if work.pair.xero is not None]
    return turn.facts(spec, zoho, xero)


def learn(
    turn: Turn, spec: ModuleSpec, works: Sequence[Work], seen: dict[str, Seen], facts: Facts
) -> None:
    """Keep what the directory and the pages need of what was just read."""
    with turn.sync.database.begin() as session:
        turn.hold(session)
        links.preload(session, [work.link.id for work in works])
        for work in works:
            link = session.get_one(Link, work.link.id)
            for side in Side:
                raw = work.pair.raw(side)
                if raw is not None:
                    learn_side(session, spec, link, side, raw, facts)
            if work.pair.zoho is not None and _has_lines(spec, work.pair.zoho):
                link.zoho_seen_at = seen[work.link.id].read_at
            work.link = link


def learn_side(
    session: Session, spec: ModuleSpec, link: Link, side: Side, raw: Raw, facts: Facts
) -> None:
    """Keep one side's record, as just read, in the directory."""
    remember(session, spec, link, side, raw, facts)
    if spec.money and side is Side.XERO:
        link.face = {**link.face, "money": money_of(raw)}


def _has_lines(spec: ModuleSpec, raw: Raw) -> bool:
    return spec.zoho.lines is None or spec.zoho.lines in raw
