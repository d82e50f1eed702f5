"""Records people merged in one of the two systems: links follow to the one that stays.

Xero archives the loser and names the winner in ``MergedToContactID`` (reference: contacts). CRM
deletes the loser; the winner takes over its Xero ID where it had none (Find & Merge).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.match import Ambiguous
from backend.core.spec import ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link
from backend.sync.face import MARK
from backend.sync.gather import fetch
from backend.sync.pairs import history_of
from backend.sync.tell import Outcome, conclude, log_row
from backend.sync.turn import Turn
from backend.sync.work import Work


def follow(turn: Turn, spec: ModuleSpec, works: Sequence[Work]) -> None:
    """Move every link of a merged record to the one that stays, before anything is planned."""
    for work in works:
        if work.finished or work.undo is not None or work.link.zoho_id is None:
            continue
        winner = (work.pair.xero or {}).get("MergedToContactID")
        if winner:
            absorbed = _follow_in_xero(turn, spec, work, str(winner))
        elif work.pair.zoho_deleted and work.pair.xero is not None:
            absorbed = _follow_in_crm(turn, spec, work)
        else:
            continue
        for other in works:
            # The winner's own row has gone into this one.
            other.finished = other.finished or other.link.id == absorbed


# --- merged in Xero ----------------------------------------------------------------------------


def _follow_in_xero(turn: Turn, spec: ModuleSpec, work: Work, winner: str) -> str | None:
    """Move the link to ``winner``, or ask; the id of the row that was absorbed."""
    absorbed: str | None = None
    with turn.sync.database.begin() as session:
        turn.hold(session)
        link = session.get_one(Link, work.link.id)
        known = links.find(session, link.org_id, link.tenant_id, link.module, "xero", [winner])
        other = known.get(winner)
        name = _name(other) or winner
        if other is not None and other.zoho_id is not None and other.id != link.id:
            told = Outcome(status="held", message=Message("merged_both_linked", {"name": name}))
            quiet = link.message_key == "merged_both_linked" and link.run_id is None
            conclude(turn, session, link, replace(told, quiet=quiet), seen=work.seen)
            work.finished = True
        else:
            absorbed = other.id if other is not None and other.id != link.id else None
            _move(session, link, "xero", winner, other)
            told = Outcome(
                status="success",
                operation="link",
                message=Message("merged_in_xero", {"name": name}),
            )
            log_row(turn, session, link, told)
        work.link = link
    if not work.finished:
        raw = fetch(turn, spec, [work.link], Side.XERO).get(winner)
        work.pair = replace(
            work.pair, xero=raw, xero_deleted=raw is None, base_zoho=None, base_xero=None
        )
    return absorbed


def _name(link: Link | None) -> str | None:
    return None if link is None else (link.face.get("xero") or {}).get("label") or link.label


def _move(session: Session, link: Link, side: str, winner: str, other: Link | None) -> None:
    """The pair as it was stays as history; what both agreed on says nothing of the winner."""
    session.add(history_of(link))
    link.generation += 1
    link.base_zoho, link.base_xero = None, None
    links.drop_snapshots(session, [link.id])
    if other is not None and other.id != link.id:
        links.absorb(session, link, other, side)
    setattr(link, f"{side}_id", winner)


# --- merged in CRM -----------------------------------------------------------------------------


def _follow_in_crm(turn: Turn, spec: ModuleSpec, work: Work) -> str | None:
    """The CRM record is gone: another one that now carries its Xero ID is the winner. The id of
    the row that was absorbed."""
    with turn.sync.database.begin() as session:
        rows = links.by_keys(session, work.link, "zoho", {MARK: work.link.xero_id or ""})
        winners = [row for row in rows if row.zoho_id and row.xero_id is None]
        if len(winners) != 1:
            return None
        absorbed = winners[0].id
        turn.hold(session)
        link = session.get_one(Link, work.link.id)
        _take_over(turn, session, link, winners[0])
        work.link = link
    _read_again(turn, spec, work)
    return absorbed


def _take_over(turn: Turn, session: Session, link: Link, winner: Link) -> None:
    zoho_id = winner.zoho_id or ""
    _move(session, link, "zoho", zoho_id, winner)
    told = Outcome(status="success", operation="link", message=Message("merged_in_crm"))
    log_row(turn, session, link, told)


def _read_again(turn: Turn, spec: ModuleSpec, work: Work) -> None:
    raw = fetch(turn, spec, [work.link], Side.ZOHO).get(work.link.zoho_id or "")
    work.pair = replace(
        work.pair, zoho=raw, zoho_deleted=raw is None, base_zoho=None, base_xero=None
    )


def take_over(turn: Turn, spec: ModuleSpec, work: Work, found: Ambiguous) -> bool:
    """The partner belongs to a CRM record that is gone: this one has taken its place. One read
    makes sure."""
    if found.reason != "already_linked" or len(found.candidates) != 1:
        return False
    chosen = found.candidates[0].candidate
    zoho_id = work.link.zoho_id
    if chosen.back_reference is None or chosen.back_reference != zoho_id:
        return False
    with turn.sync.database.begin() as session:
        known = links.find(session, turn.org_id, turn.tenant_id, spec.key, "xero", [chosen.id]).get(
            chosen.id
        )
    if known is None or known.zoho_id is None:
        return False
    if fetch(turn, spec, [known], Side.ZOHO):
        return False
    with turn.sync.database.begin() as session:
        turn.hold(session)
        loser, winner = session.get_one(Link, known.id), session.get_one(Link, work.link.id)
        _take_over(turn, session, loser, winner)
        loser.pending += 1
        loser.priority, loser.trigger = work.link.priority, work.link.trigger
        loser.noted_at, loser.run_id = turn.sync.clock(), work.link.run_id
        loser.request_id, loser.by = work.link.request_id, work.link.by
    work.finished = True
    return True
