"""THE loop: take an organisation's lease, look at what is pending, most urgent first."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.core.errors import ConnectionLost, RateLimited, SyncError, Transient
from backend.store import leases, links
from backend.store.tables import Link, Organisation
from backend.sync import alarms, connections
from backend.sync import turn as turns
from backend.sync.app import Sync
from backend.sync.batch import process
from backend.sync.charging import shared
from backend.sync.guarding import admit
from backend.sync.heartbeat import LEASE_SECONDS, beating
from backend.sync.inbox import PRIORITY
from backend.sync.recover import recover
from backend.sync.resting import rest
from backend.sync.stumbles import STUMBLES, stumbled
from backend.sync.turn import CLICK, Turn
from backend.sync.usage import settle

log = logging.getLogger(__name__)

BATCH = 100
"""Records of one batch: two full writes to Xero, one to Zoho; a click waits for no longer."""
TURN_SECONDS = 45.0
"""After this long the rest goes behind the other organisations' nudges."""


@dataclass(kw_only=True)
class Drained:
    """What one turn came to. ``more``: something is left that may be looked at now."""

    batches: int = 0
    records: int = 0
    calls: int = 0
    more: bool = False
    only_clicks: bool = False
    """Bulk work rests at a limit; only what people wait for was looked at."""
    reason: str | None = None


def drain(sync: Sync, org_id: str, *, seconds: float = TURN_SECONDS) -> Drained:
    """Work through what is pending for one organisation; safe to call at any time, anywhere.

    Somebody else holding the lease, a pause or a missing connection end it at once; nothing is
    lost, because what is pending is a row in the database.
    """
    result = Drained()
    turn = _begin(sync, org_id, result)
    if turn is None:
        return result
    result.only_clicks = turn.urgency is not None
    try:
        with beating(turn.beat):
            _loop(turn, result, seconds=seconds)
    except SyncError as error:
        _stopped(sync, org_id, error, result)
    except leases.LeaseLost:
        result.reason = "lease_lost"
    finally:
        result.calls = turn.calls
        result.more = _end(turn) and result.reason is None
    if result.more and not result.only_clicks:
        sync.nudge(org_id, "bulk")
    elif result.reason is not None and _clicks_go(sync, org_id):
        sync.nudge(org_id, "click")
    return result


def _begin(sync: Sync, org_id: str, result: Drained) -> Turn | None:
    now = sync.clock()
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        if org is None or org.tenant_id is None:
            result.reason = "not_connected"
            return None
        urgency = None
        if org.paused_until is not None and org.paused_until > now:
            if not _clicks_may(org, now):
                result.reason = "paused"
                return None
            urgency = CLICK
        elif org.pause_key is not None:
            connections.resume(session, org)
        if not links.pending_count(session, org_id, org.tenant_id, now=now, urgency=urgency):
            result.reason = None if urgency is None else "paused"
            return None
        fence = leases.take_organisation(
            session, org_id, owner=sync.new_owner(), now=now, seconds=LEASE_SECONDS
        )
    if fence is None:
        result.reason = "busy"
        return None
    turn = _built(sync, org_id, fence, result)
    if turn is not None:
        turn.urgency = urgency
    return turn


def _clicks_may(org: Organisation, now: datetime) -> bool:
    """Whether people's clicks go on while bulk work rests at a limit: they keep a reserve."""
    if not (org.pause_key or "").startswith("rate_"):
        return False
    return org.clicks_paused_until is None or org.clicks_paused_until <= now


def _clicks_go(sync: Sync, org_id: str) -> bool:
    """Whether somebody's click waits that need not."""
    now = sync.clock()
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        if org is None or org.tenant_id is None or not _clicks_may(org, now):
            return False
        waiting = links.pending_count(session, org_id, org.tenant_id, now=now, urgency=CLICK)
        return waiting > 0


def _built(sync: Sync, org_id: str, fence: int, result: Drained) -> Turn | None:
    try:
        return turns.build(sync, org_id, fence=fence)
    except SyncError as error:
        _stopped(sync, org_id, error, result)
        with sync.database.begin() as session:
            leases.release_organisation(session, org_id, fence=fence)
        return None


def _loop(turn: Turn, result: Drained, *, seconds: float) -> None:
    ends = turn.sync.clock() + timedelta(seconds=seconds)
    recover(turn)
    while True:
        rows = _claim(turn)
        if not rows:
            return
        if turn.sync.clock() >= ends or (result.batches and _gives_way(turn, rows)):
            return
        if turn.unsure or any(row.id in turn.held_back for row in rows):
            recover(turn)
            continue
        if not admit(turn, rows):
            continue
        rows = rows[: turn.most]
        _process(turn, rows)
        result.batches += 1
        result.records += len(rows)


def _process(turn: Turn, rows: Sequence[Link]) -> None:
    """One batch; a surprise in it costs the record it comes from, and no other."""
    try:
        with shared(turn, rows):
            process(turn, rows)
        turn.most = min(BATCH, 2 * turn.most)
    except STUMBLES as error:
        stumbled(turn, rows, error)


def _gives_way(turn: Turn, rows: Sequence[Link]) -> bool:
    """Bulk work steps aside between two batches when a click waits for a worker, whoever's."""
    return rows[0].priority > PRIORITY["webhook"] and turn.sync.urgent()


def _claim(turn: Turn) -> list[Link]:
    with turn.sync.database.begin() as session:
        turn.hold(session)
        return links.claim(
            session,
            turn.org_id,
            turn.tenant_id,
            now=turn.sync.clock(),
            limit=BATCH,
            urgency=turn.urgency,
        )


def _end(turn: Turn) -> bool:
    """Give the lease back; whether something came in that nobody else was nudged for."""
    now = turn.sync.clock()
    settle(turn.sync)
    with turn.sync.database.begin() as session:
        leases.release_organisation(session, turn.org_id, fence=turn.fence)
        waiting = links.pending_count(
            session, turn.org_id, turn.tenant_id, now=now, urgency=turn.urgency
        )
        return waiting > 0


def _stopped(sync: Sync, org_id: str, error: SyncError, result: Drained) -> None:
    """Trouble of a connection: the organisation pauses, no record pays for it."""
    result.reason = error.message.key
    log.warning("turn_stopped", extra={"org": org_id, "cause": error.message.key})
    if isinstance(error, ConnectionLost):
        connections.lose(sync, org_id=org_id, error=error)
        return
    pause(sync, org_id, error, seconds=_wait(sync, error))


def _wait(sync: Sync, error: SyncError) -> float:
    if isinstance(error, RateLimited):
        return max(1.0, error.wait_seconds)
    if isinstance(error, Transient) and error.message.params.get("seconds"):
        return float(error.message.params["seconds"])
    return float(sync.settings.retry_seconds[0])


def pause(sync: Sync, org_id: str, error: SyncError, *, seconds: float) -> None:
    """Let an organisation rest; what is pending stays, and says why it waits. A rest until the
    day ends is not shortened by something that passes sooner."""
    until = sync.clock() + timedelta(seconds=seconds)
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        rest(org, until, error.message, clicks=getattr(error, "everybody", True))
        alarms.paused(sync, session, org_id, error)


__all__ = ["Drained", "drain", "pause"]
