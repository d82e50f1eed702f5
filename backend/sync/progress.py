"""How a read of one list goes on where it was interrupted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backend.core.spec import ModuleSpec, Side
from backend.store import places
from backend.store.places import SWEEP
from backend.sync.seek import Sheet, Spot
from backend.sync.turn import Turn


@dataclass(kw_only=True)
class Taken:
    """What reading one side of one module came to. ``resumed``: part of it was read earlier."""

    rows: int = 0
    noted: int = 0
    as_of: datetime | None = None
    resumed: bool = False


@dataclass(kw_only=True)
class Progress:
    """Where one read stands. A list of one page leaves no trace of it, except for a run, which
    reads several lists and must not begin with the first again."""

    turn: Turn
    key: places.Key
    since: datetime | None
    taken: Taken = field(default_factory=Taken)
    spot: Spot | None = None
    finished: bool = False
    _kept: bool = False

    @classmethod
    def of(
        cls, turn: Turn, spec: ModuleSpec, side: Side, *, reader: str, since: datetime | None
    ) -> Progress:
        """The read of ``spec`` that ``reader`` began, or a new one."""
        key = (turn.org_id, turn.tenant_id, reader, spec.key, str(side))
        found = cls(turn=turn, key=key, since=since)
        with turn.sync.database.begin() as session:
            place = places.find(session, key, since=since, now=turn.sync.clock())
            if place is not None:
                found.taken = Taken(rows=place.rows, as_of=place.as_of, resumed=True)
                found.spot = Spot(since=place.next_since, number=place.next_number)
                found.finished, found._kept = place.finished, True
        return found

    def past(self, sheet: Sheet) -> None:
        """One more page is in."""
        self.taken.as_of = self.taken.as_of or sheet.as_of
        self.taken.rows += len(sheet.rows)
        if sheet.following is not None:
            self._keep(sheet.following, self.taken.as_of, finished=False)

    def done(self) -> None:
        """All pages are in. A run remembers that until it is over, a sweep has no use for it."""
        _, _, reader, module, _ = self.key
        if reader != SWEEP and self.taken.as_of is not None:
            self._keep(Spot(since=self.since), self.taken.as_of, finished=True)
        elif self._kept:
            with self.turn.sync.database.begin() as session:
                places.forget(session, org_id=self.turn.org_id, reader=reader, module=module)

    def _keep(self, following: Spot, as_of: datetime, *, finished: bool) -> None:
        self._kept = True
        with self.turn.sync.database.begin() as session:
            places.keep(
                session, self.key, since=self.since,
                following=(following.since, following.number), as_of=as_of,
                rows=self.taken.rows, now=self.turn.sync.clock(), finished=finished,
            )  # fmt: skip
