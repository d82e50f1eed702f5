"""Sweeps among the runs: what each found, as long as somebody may want to know.

Most sweeps find nothing. The last one is always kept, older ones only when something came of them.
"""

from __future__ import annotations

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from backend.core.errors import SyncError
from backend.store.tables import Organisation, Run
from backend.sync.app import Sync
from backend.sync.bulk import EVERYTHING
from backend.sync.charging import SWEEP

UNDER_WAY = "sweeping"
"""Not one of the states in which a run waits for a worker."""
CAME_OF_IT = ("created", "updated", "deleted", "linked", "held", "failed")


def begin(sync: Sync, session: Session, org: Organisation, *, module: str | None) -> str:
    """A sweep of a connected organisation begins; the id of its run."""
    now = sync.clock()
    run = Run(
        org_id=org.id,
        tenant_id=str(org.tenant_id),
        kind=SWEEP,
        module=module or EVERYTHING,
        state=UNDER_WAY,
        created_at=now,
        started_at=now,
    )
    session.add(run)
    session.flush()
    return run.id


def end(sync: Sync, run_id: str, *, error: SyncError | None = None) -> None:
    """A sweep is over; earlier ones of which nothing came, or that never ended, are forgotten."""
    with sync.database.begin() as session:
        run = session.get(Run, run_id)
        if run is None:
            return
        run.state, run.finished_at = "done" if error is None else "failed", sync.clock()
        if error is not None:
            run.message_key, run.message_params = error.message.key, dict(error.message.params)
        idle = and_(*(getattr(Run, name) == 0 for name in CAME_OF_IT))
        session.execute(
            delete(Run).where(
                Run.org_id == run.org_id,
                Run.kind == SWEEP,
                Run.id != run_id,
                or_(idle, Run.state == UNDER_WAY),
            )
        )


def forget(sync: Sync, run_id: str) -> None:
    """A sweep that did not take place after all."""
    with sync.database.begin() as session:
        session.execute(delete(Run).where(Run.id == run_id))
