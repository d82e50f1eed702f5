"""Writing records that live inside records of Xero, such as the people of a contact.

Xero replaces them as a set, so every write reads the whole record first, changes what was asked
for and sends the rest back as it came, all under the organisation's one-writer lease.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.apis.xero.client import Element
from backend.core.errors import Gone, Taken, Transient
from backend.core.parts import Joined, Wish
from backend.core.plan import Step
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store import links
from backend.store.tables import Link
from backend.sync.news import news_of
from backend.sync.parts import holders_of, known_in, read, room_again
from backend.sync.tell import Outcome, log_row, shown_changes
from backend.sync.turn import Turn
from backend.sync.work import Work

FRESH = timedelta(seconds=10)
"""How old a record may be that others are written into; older ones are read again first."""


def write(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    facts: Facts,
    *,
    key: str,
) -> list[Element]:
    """Bring every planned record into the one that holds it; one verdict per work."""
    homes = {work.link.id: _home(spec, work) for work in batch}
    raws = _fresh(turn, spec, set(homes.values()), priority=batch[0].link.priority)
    joined = _joined(turn, spec, batch, facts, homes=homes, raws=raws)
    told = _sent(turn, spec, joined, key=key, priority=batch[0].link.priority)
    return [
        _verdict(spec, work.link.id, homes[work.link.id], raws=raws, joined=joined, told=told)
        for work in batch
    ]


def _home(spec: ModuleSpec, work: Work) -> str:
    step = work.plan.step(Side.XERO)
    home = spec.parts.home_of(step.body) if spec.parts is not None and step is not None else None
    if home is None:
        raise LookupError("no record to write into")
    return home


def _fresh(turn: Turn, spec: ModuleSpec, homes: set[str], *, priority: int) -> dict[str, Raw]:
    now = turn.sync.clock()
    held = {
        home: turn.homes[home][0]
        for home in homes
        if home in turn.homes and now - turn.homes[home][1] <= FRESH
    }
    wanted = sorted(homes - set(held))
    if wanted:
        held |= {str(raw[spec.xero.id]): raw for raw in read(turn, spec, wanted, priority=priority)}
    return held


def _joined(
    turn: Turn,
    spec: ModuleSpec,
    batch: Sequence[Work],
    facts: Facts,
    *,
    homes: Mapping[str, str],
    raws: Mapping[str, Raw],
) -> dict[str, Joined]:
    """By Xero record: what to post so that all of its records become what was planned."""
    if spec.parts is None:
        return {}
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for work in batch:
        step = work.plan.step(Side.XERO)
        if step is not None:
            wish = Wish(key=work.link.id, id=work.link.xero_id, body=step.body)
            wishes[homes[work.link.id]].append(wish)
    with turn.sync.database.begin() as session:
        known = known_in(session, turn, spec, list(raws.values()))
    return {
        home: spec.parts.join(raws[home], known[home], wishes[home], facts)
        for home in wishes
        if home in raws
    }


def _sent(
    turn: Turn, spec: ModuleSpec, joined: Mapping[str, Joined], *, key: str, priority: int
) -> dict[str, Element]:
    """What Xero says of each record; one whose body changes nothing is not sent."""
    bodies = {home: each.body for home, each in joined.items() if len(each.body) > 1}
    if not bodies:
        return {}
    told = turn.xero(priority).write(spec.xero, list(bodies.values()), create=False, key=key)
    found = dict(zip(bodies, told, strict=True))
    now = turn.sync.clock()
    for home, element in found.items():
        turn.homes.pop(home, None)
        if element.ok and element.row is not None and "ContactPersons" in element.row:
            turn.homes[home] = (element.row, now)
    return found


def _verdict(
    spec: ModuleSpec,
    key: str,
    home: str,
    *,
    raws: Mapping[str, Raw],
    joined: Mapping[str, Joined],
    told: Mapping[str, Element],
) -> Element:
    if home not in raws:
        return Element(ok=False, row=None, cause=Gone("xero_gone"))
    done, element = joined[home], told.get(home)
    if key in done.refused:
        message = done.refused[key]
        return Element(ok=False, row=None, cause=Taken(message.key, message.params))
    if element is not None and not element.ok:
        return element
    record_id = done.ids.get(key)
    if record_id is None:
        return Element(ok=True, row=None)
    answer = element.row if element is not None else None
    return _found(spec, {**raws[home], **done.body, **(answer or {})}, done, record_id)


def _found(spec: ModuleSpec, whole: Raw, done: Joined, record_id: str) -> Element:
    """The record as Xero's answer shows it."""
    split = spec.parts.split(whole, done.known) if spec.parts is not None else None
    for record in split or ():
        if record.get(spec.xero.id) == record_id:
            return Element(ok=True, row=record)
    lost = Transient("remote_garbled", words="what was written is not in the answer")
    return Element(ok=False, row=None, cause=lost)


def rooms(
    turn: Turn,
    session: Session,
    spec: ModuleSpec,
    batch: Sequence[Work],
    told: Sequence[Element],
) -> None:
    """What found no room waits for the record it belongs into; what left one makes room."""
    for work, element in zip(batch, told, strict=True):
        home = spec.parts.home_of(_body(work)) if spec.parts else None
        if home is None:
            continue
        if element.ok and element.row is None:
            room_again(session, turn, spec, [home])
        elif element.cause is not None and isinstance(element.cause, Taken):
            holders = holders_of(session, turn, spec, [home])
            session.get_one(Link, work.link.id).waiting_for = next(iter(holders), None)


def _body(work: Work) -> Mapping[str, Any]:
    step = work.plan.step(Side.XERO)
    return step.body if step is not None else {}


def leave(turn: Turn, session: Session, link: Link, work: Work, step: Step) -> None:
    """The record has left the one that held it; the pair is parted and looked at again, to find
    or make its partner where it belongs now."""
    told = Outcome(
        status="success",
        operation=step.operation,
        direction="to_xero",
        message=news_of(turn.specs[link.module], step, work.plan.zoho, ""),
        changes=shown_changes(step.changes),
    )
    log_row(turn, session, link, told)
    links.unpair(session, link)
    link.pending += 1
    work.finished, work.link = True, link
