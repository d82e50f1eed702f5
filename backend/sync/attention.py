"""What a person answers in the attention inbox, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.core.attention import answers
from backend.core.errors import Message
from backend.core.names import normal_name
from backend.store import links
from backend.store.tables import ClickRequest, Link, Organisation, Run
from backend.sync import bulk, confirming
from backend.sync.app import Sync
from backend.sync.decided import decision_row
from backend.sync.guarding import KEY
from backend.sync.inbox import PRIORITY
from backend.sync.pairs import join_by_hand, restoring
from backend.sync.requests import UnknownRecord, open_request

FOR_GOOD = {"never": "excluded_for_good", "keep": "kept_by_person", "give_up": "given_up"}
"""Answers that settle a record without another look, and what is said of it then."""
MOST_SUFFIXES = 100
BARRED = {"never": "never", "keep": "kept"}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "create": {"create": True},
    "unarchive": {"unarchive": True},
    "restore": {"answer": "restore"},
    "delete": {"answer": "delete"},
    "retry": {},
}
"""What each answer tells the loop."""


class NotOffered(Exception):
    """This answer does not fit the question the record asks."""


def act(
    sync: Sync,
    *,
    org_id: str,
    link_id: str,
    action: str,
    zoho_id: str | None = None,
    xero_id: str | None = None,
    by: str | None = None,
) -> str:
    """Do what a person answered; the request to poll.

    ``UnknownRecord`` when nothing of this id waits for a person, ``NotOffered`` when the answer
    does not fit, ``AlreadyLinked`` when the chosen record belongs to another pair.
    """
    if _asks_for_a_run(sync, org_id, link_id):
        return _about_a_run(sync, org_id, link_id, action, by=by)
    with sync.database.begin() as session:
        link = _waiting(session, org_id, link_id)
        if action not in answers(link.message_key, candidates=bool(link.candidates)):
            raise NotOffered(action)
        choices = dict(CHOICES.get(action, {}))
        if action == "link":
            given = {"zoho": zoho_id, "xero": xero_id}
            choices = _link(sync, session, link, given, by=by)
        if action in FOR_GOOD:
            return _for_good(sync, session, link, action, by=by)
        if action == "suffix":
            choices = {"suffix": _free_suffix(session, link)}
        if action == "unarchive" and link.message_params.get("of_id"):
            _unarchive_partner(sync, session, link, by=by)
        request_id = ask_again(sync, session, link, choices, by=by)
    sync.nudge(org_id, "click")
    return request_id


def _waiting(session: Session, org_id: str, link_id: str) -> Link:
    org = session.get_one(Organisation, org_id)
    if org.tenant_id is None:
        raise bulk.NotConnected(org_id)
    link = session.get(Link, link_id)
    mine = link is not None and (link.org_id, link.tenant_id) == (org_id, org.tenant_id)
    if link is None or not mine or not link.active or link.state != "needs_attention":
        raise UnknownRecord(link_id)
    return link


# --- deletions over the limit ------------------------------------------------------------------


def _asks_for_a_run(sync: Sync, org_id: str, run_id: str) -> bool:
    with sync.database.begin() as session:
        run = session.get(Run, run_id)
        return run is not None and run.org_id == org_id and bool(run.confirm)


def _about_a_run(sync: Sync, org_id: str, run_id: str, action: str, *, by: str | None) -> str:
    """One answer for all of them; the run is what there is to poll."""
    if action not in answers(KEY, candidates=False):
        raise NotOffered(action)
    if action == "keep":
        confirming.keep(
            sync,
            org_id=org_id,
            run_id=run_id,
            leave=lambda session, link: _settle(sync, session, link, action, by=by),
        )
    else:
        confirming.decide(sync, org_id=org_id, run_id=run_id, action=action, by=by)
    return run_id


# --- one record --------------------------------------------------------------------------------


def _link(
    sync: Sync, session: Session, link: Link, given: Mapping[str, str | None], *, by: str | None
) -> dict[str, bool]:
    """The chosen record of the other side becomes the partner; what the loop must know of it.
    ``NotOffered`` without one."""
    side = "zoho" if link.zoho_id is None else "xero"
    chosen = given[side]
    if chosen is None:
        raise NotOffered("link")
    known = restoring(link, chosen) if side == "xero" else {}
    join_by_hand(session, link, side, chosen, now=sync.clock(), by=by)
    return known


def _free_suffix(session: Session, link: Link) -> str:
    """The first number that no Xero record of that name has yet."""
    name = str((link.face.get("zoho") or {}).get("label") or link.label)
    for number in range(2, MOST_SUFFIXES):
        suffix = f" ({number})"
        if not links.by_keys(session, link, "xero", {"name": normal_name(name + suffix)}):
            return suffix
    return f" ({link.zoho_id})"


def _unarchive_partner(sync: Sync, session: Session, link: Link, *, by: str | None) -> None:
    """A document waits for its contact: that one is restored, ahead of the document."""
    module, record_id = (str(link.message_params[name]) for name in ("of_module", "of_id"))
    found = links.find(session, link.org_id, link.tenant_id, module, "zoho", [record_id])
    if record_id in found:
        ask_again(sync, session, found[record_id], {"unarchive": True}, by=by)


def ask_again(
    sync: Sync, session: Session, link: Link, choices: Mapping[str, Any], *, by: str | None
) -> str:
    """Have the loop look at ``link`` at once, knowing what the person chose."""
    links.mark(
        session,
        [link.id],
        priority=PRIORITY["click"],
        trigger="retry",
        by=by,
        direction="both",
        now=sync.clock(),
        unpark=True,
    )
    session.refresh(link)
    link.choices, link.barred = {**link.choices, **choices}, None
    return open_request(sync, session, link.org_id, link.id)


def _for_good(sync: Sync, session: Session, link: Link, action: str, *, by: str | None) -> str:
    """The record is left alone from now on: nothing is written on either side."""
    message, now = _settle(sync, session, link, action, by=by), sync.clock()
    request = ClickRequest(
        org_id=link.org_id,
        link_id=link.id,
        direction="both",
        state="done",
        outcome={
            "status": "skipped",
            "operation": "none",
            "message": {"key": message.key, "params": dict(message.params)},
            "zoho_id": link.zoho_id,
            "xero_id": link.xero_id,
        },
        created_at=now,
        finished_at=now,
    )
    session.add(request)
    session.flush()
    return request.id


def _settle(sync: Sync, session: Session, link: Link, action: str, *, by: str | None) -> Message:
    message = Message(FOR_GOOD[action], {"by": by or ""})
    link.state, link.checked_at = "excluded", sync.clock()
    link.message_key, link.message_params = message.key, dict(message.params)
    link.words, link.candidates, link.conflict = "", None, None
    link.pending, link.parked, link.waiting_for, link.staged = 0, False, None, None
    link.barred = BARRED.get(action)
    session.add(decision_row(sync, link, message, by=by))
    return message
