"""THE door: whatever happens, all it does is note which record to look at."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from backend.core.spec import Side
from backend.modules import all_specs, depth
from backend.store import links, pulses
from backend.store.tables import Organisation
from backend.sync.app import Sync

PRIORITY = {"click": 0, "webhook": 1, "retry": 2, "schedule": 5, "bulk": 8}
"""How urgent each trigger is; a click is looked at first."""


def lane_of(priority: int) -> str:
    """The queue a nudge of this urgency goes to."""
    return "click" if priority <= PRIORITY["webhook"] else "bulk"


def note(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    side: Side | str,
    ids: Collection[str],
    trigger: str,
    by: str | None = None,
    priority: int | None = None,
    direction: str = "both",
    run_id: str | None = None,
    request_id: str | None = None,
    tenant_id: str | None = None,
) -> list[str]:
    """Note records of one side; the links' ids, none when no Xero organisation is chosen.

    Fifty notes of one record are one row. ``KeyError`` for an unknown module.
    """
    with sync.database.begin() as session:
        found = note_in(
            sync,
            session,
            org_id=org_id,
            module=module,
            side=side,
            ids=ids,
            trigger=trigger,
            by=by,
            priority=priority,
            direction=direction,
            run_id=run_id,
            request_id=request_id,
            tenant_id=tenant_id,
        )
    if found:
        sync.nudge(org_id, lane_of(PRIORITY[trigger] if priority is None else priority))
    return found


def note_in(
    sync: Sync,
    session: Session,
    *,
    org_id: str,
    module: str,
    side: Side | str,
    ids: Collection[str],
    trigger: str,
    by: str | None = None,
    priority: int | None = None,
    direction: str = "both",
    run_id: str | None = None,
    request_id: str | None = None,
    tenant_id: str | None = None,
) -> list[str]:
    """``note`` inside the caller's transaction, without the nudge."""
    specs = all_specs()
    spec = specs[module]
    if tenant_id is None:
        org = session.get(Organisation, org_id)
        tenant_id = org.tenant_id if org is not None else None
    if tenant_id is None or not ids:
        return []
    found = links.ensure(
        session, org_id, tenant_id, spec.key, str(Side(side)), ids, depth=depth(specs, module)
    )
    chosen = [link.id for link in found.values()]
    pulses.stirred(session, org_id, tenant_id, at=sync.clock())
    links.mark(
        session,
        chosen,
        priority=PRIORITY[trigger] if priority is None else priority,
        trigger=trigger,
        by=by,
        direction=direction,
        now=sync.clock(),
        run_id=run_id,
        request_id=request_id,
        unpark=True,
    )
    return chosen
