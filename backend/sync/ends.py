"""Records that end, and records that come back: deleted, parted because used, out of the bin."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.apis.zoho.client import Row
from backend.core.errors import Message
from backend.store import links
from backend.store.tables import Link
from backend.sync import undo
from backend.sync.pairs import half_of
from backend.sync.tell import Outcome, conclude, log_row
from backend.sync.turn import Turn
from backend.sync.work import Work


def conclude_end(turn: Turn, session: Session, link: Link, work: Work) -> None:
    """A deletion leaves nothing to look at again; the write itself has been told."""
    outcome = Outcome(
        status="success",
        operation=work.done[0],
        direction=work.way or "both",
        message=Message("gone_on_both"),
        quiet=True,
    )
    if work.undo is not None:
        undo.conclude(turn, session, link, work, outcome)
    else:
        conclude(turn, session, link, outcome, seen=work.seen)


def part_used(turn: Turn, session: Session, link: Link) -> None:
    """Xero keeps an item that documents use: the pair is parted, the item stays as it is."""
    params = {"label": link.label}
    outcome = Outcome(
        status="skipped", direction="to_xero", message=Message("item_used_kept", params)
    )
    half = half_of(
        link, "xero", barred="used", key="item_used_kept", now=turn.sync.clock(), by=None
    )
    half.message_params = params
    session.add(half)
    session.flush()
    links.learn_keys(session, half, "xero", links.keys_of(session, link, "xero"))
    conclude(turn, session, link, outcome, seen=link.pending)
    link.active = False


def back_from_bin(turn: Turn, session: Session, work: Work, row: Row) -> None:
    """A record taken back from the recycle bin is read again; one that is not in it any more is
    made anew, or for an undo, told."""
    link = session.get_one(Link, work.link.id)
    work.finished, work.link = True, link
    links.drop_snapshots(session, [link.id])
    if row.ok:
        work.done.append("restore")
        outcome = Outcome(
            status="success",
            operation="restore",
            direction="to_zoho",
            message=Message("restore_in_zoho"),
        )
        log_row(turn, session, link, outcome)
        link.choices = {**link.choices, "answer": "restored"}
    else:
        missing = {"bin_empty": True} if work.undo is not None else {"answer": "recreate"}
        link.choices = {**link.choices, **missing}
    link.pending += 1
