"""Writing down what was called: calls and bytes, by organisation, system and day.

Everything is counted on its way to the wire (`tally`); it is written at the end of each piece of
work: a turn, a job, a request, a tick of the schedule.
"""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.store import usage
from backend.store.tables import Organisation
from backend.sync.app import Sync
from backend.sync.tally import Counts

log = logging.getLogger(__name__)


def settle(sync: Sync) -> None:
    """Write down what this process has called since the last time; nothing when that is nothing.

    Safe for any number of workers at once. What a database that is away does not take is kept for
    the next time.
    """
    counts = sync.tally.take()
    if not counts:
        return
    try:
        _write(sync, counts)
    except SQLAlchemyError as error:
        sync.tally.add(counts)
        log.warning("usage_not_written", extra={"error": type(error).__name__})


def _write(sync: Sync, counts: Counts) -> None:
    day, named = sync.clock().date(), {org_id for org_id, _ in counts}
    with sync.database.begin() as session:
        # An organisation that has left takes its figures along.
        here = set(session.scalars(select(Organisation.id).where(Organisation.id.in_(named))))
        # In one order, so that two at once wait for each other instead of both for ever.
        for (org_id, side), (calls, received) in sorted(counts.items()):
            if org_id in here:
                usage.add(session, org_id, side, day, calls=calls, received=received)
