"""Going through a list of Xero's so that no record slips between two pages.

Xero sorts lists by the time of change and then by id. Whoever edits a record that was read already
moves it to the end, and the first record of the next page to the page that was just read. Asking
for what changed since the last record of a page, less a second, loses none
(developer.xero.com, paging; accuracy of If-Modified-Since: one second).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.apis.calls import Page
from backend.apis.moments import moment
from backend.core.errors import RateLimited
from backend.core.spec import ModuleSpec, Raw, Resource
from backend.sync.turn import Turn

SECOND = timedelta(seconds=1)
MINUTE = 60.0
"""The longest anybody waits for calls with a worker in hand."""
REPEATED_PER_CENT = 10
"""When more of a page would come again, as after an import, the next is asked for by number."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """What is asked for next: the page ``number`` of what changed ``since``."""

    since: datetime | None = None
    number: int = 1


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Records not read before, the server's time, and what to ask for next, None at the end."""

    rows: Sequence[Raw]
    as_of: datetime
    following: Spot | None = None


def sheets(
    turn: Turn, spec: ModuleSpec, spot: Spot, *, priority: int, patient: bool = False
) -> Iterator[Sheet]:
    """The list from ``spot`` on; raises what the client raises. Who is ``patient`` waits for the
    next minute's calls instead of going on another time."""
    before: set[tuple[str, str]] = set()
    following: Spot | None = spot
    while following is not None:
        spot = following
        page = _page(turn, spec, spot, priority=priority, patient=patient)
        more = page.pages > spot.number
        following = after(spec.xero, page.rows, spot) if more else None
        marks = {_mark(spec.xero, raw): raw for raw in page.rows}
        rows = [raw for mark, raw in marks.items() if mark not in before]
        before = set(marks)
        yield Sheet(rows=rows, as_of=page.as_of, following=following)


def _page(turn: Turn, spec: ModuleSpec, spot: Spot, *, priority: int, patient: bool) -> Page:
    while True:
        try:
            return turn.xero(priority).page(spec.xero, number=spot.number, since=spot.since)
        except RateLimited as limited:
            if not patient or limited.wait_seconds > MINUTE:
                raise
            turn.sync.sleep(limited.wait_seconds)


def after(resource: Resource, rows: Sequence[Raw], spot: Spot) -> Spot:
    """What to ask for after a page that held ``rows``."""
    times = [moment(raw.get(resource.modified)) for raw in rows]
    known = [each for each in times if each is not None]
    if not known:
        return Spot(since=spot.since, number=spot.number + 1)
    border = (max(known) - SECOND).replace(microsecond=0)
    again = sum(each is None or each >= border for each in times)
    if again * 100 > len(rows) * REPEATED_PER_CENT:
        return Spot(since=spot.since, number=spot.number + 1)
    return Spot(since=border)


def _mark(resource: Resource, raw: Raw) -> tuple[str, str]:
    return str(raw.get(resource.id)), str(raw.get(resource.modified))
