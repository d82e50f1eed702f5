"""Names and codes that Xero lets one record have: a preview foresees who will be refused one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.core.guard import WITHDRAWING
from backend.core.names import normal_key
from backend.core.parts import is_part
from backend.core.spec import ModuleSpec, Side
from backend.store import links
from backend.store.tables import Link
from backend.sync.matching import place_of
from backend.sync.turn import Turn
from backend.sync.work import Work

Holding = tuple[str, str, str]
"""(Xero endpoint, field, what distinguishes the holder: its id, or the name itself)."""


@dataclass
class Names:
    """Who will hold which name when the records planned so far are written, in their order."""

    held: dict[Holding, str] = field(default_factory=dict)
    """(endpoint, field, name) to the link that gets it."""
    left: set[Holding] = field(default_factory=set)
    """(endpoint, field, Xero id) of records that give up the name the directory knows."""

    def refused(self, turn: Turn, spec: ModuleSpec, work: Work) -> Message | None:
        """What Xero will answer a planned write with, when another record has what it is to be
        called; else None, and the name counts as given."""
        step = work.plan.step(Side.XERO)
        if step is None or _inside_another(spec, work):
            return None
        if step.operation in WITHDRAWING:
            self._leave(spec, work.link.xero_id)
            return None
        restored = spec.state_of(work.pair.xero or {}) in spec.gone
        for name, key in spec.xero.unique.items():
            value = step.values.get(name) or (restored and work.plan.xero.get(name))
            if isinstance(value, str) and value:
                if self._taken(turn, spec, work, name, value):
                    return Message(key, {name: value})
                self._give(spec, work, name, value)
        return None

    def _leave(self, spec: ModuleSpec, xero_id: str | None) -> None:
        self.left |= {(spec.xero.path, name, xero_id or "") for name in spec.xero.unique}

    def _give(self, spec: ModuleSpec, work: Work, name: str, value: str) -> None:
        self.left.add((spec.xero.path, name, work.link.xero_id or ""))
        self.held[spec.xero.path, name, folded(value)] = work.link.id

    def _taken(self, turn: Turn, spec: ModuleSpec, work: Work, name: str, value: str) -> bool:
        path = spec.xero.path
        if self.held.get((path, name, folded(value)), work.link.id) != work.link.id:
            return True
        with turn.sync.database.begin() as session:
            return any(
                folded(str(_called(row, name))) == folded(value)
                and (path, name, row.xero_id) not in self.left
                for row in _others(session, turn, spec, work, name, value)
            )


def _inside_another(spec: ModuleSpec, work: Work) -> bool:
    """Whether a record lives in another one, where names may come twice: people of an account."""
    home = spec.parts is not None and work.plan.zoho.get(place_of(spec))
    return bool(home) or is_part(work.link.xero_id or "")


def folded(name: str) -> str:
    """A name as Xero compares it with others: without case and outer spaces."""
    return name.strip().casefold()


def _others(
    session: Session, turn: Turn, spec: ModuleSpec, work: Work, name: str, value: str
) -> Iterator[Link]:
    """Living Xero records of the same endpoint that the directory knows by this name."""
    key = {name: normal_key(spec.field(name).key_codec, value)}
    same = [each.key for each in turn.specs.values() if each.xero.path == spec.xero.path]
    for module in same:
        for row in links.by_keys(session, work.link_of(module), "xero", key):
            face = row.face.get("xero") or {}
            mine = row.xero_id in (None, work.link.xero_id) or is_part(row.xero_id)
            if not mine and face.get("status") not in turn.specs[module].gone:
                yield row


def _called(row: Link, name: str) -> str:
    return (row.face.get("keys", {}).get("xero") or {}).get(name) or ""
