"""Bulk work begins: previews that write nothing, and runs that do exactly what one showed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from backend.modules import all_specs
from backend.store.tables import Link, ModuleState, Organisation, Run
from backend.sync.app import Sync
from backend.sync.policy import module_settings

EVERYTHING = "all"
OPEN = ("queued", "reading", "running")


class PreviewRequired(Exception):
    """A module's first bulk sync needs a finished preview that a person has seen."""


class UnknownRun(Exception):
    """No such run in this organisation, or one that is over."""


class NotConnected(Exception):
    """Bulk work needs both connections."""


# --- starting ----------------------------------------------------------------------------------


def preview(sync: Sync, *, org_id: str, module: str, direction: str, by: str | None) -> str:
    """Begin a dry run of a module or ``all``; the run's id."""
    return _begin(sync, org_id, kind="preview", module=module, direction=direction, by=by)


def start(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    direction: str,
    preview_id: str | None,
    by: str | None,
) -> str:
    """Begin a bulk sync of a module or ``all``; the run's id.

    ``PreviewRequired`` when a module in it was never accepted and ``preview_id`` is not a finished
    preview of it.
    """
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        shown_to = _previewed(session, org, preview_id)
        for key in keys_of(org.settings, module):
            _accept(sync, session, org, key, seen=module_in(shown_to, key))
    return _begin(
        sync,
        org_id,
        kind="sync",
        module=module,
        direction=direction,
        by=by,
        preview_id=preview_id,
    )


def module_in(shown_to: str | None, key: str) -> bool:
    """Whether a preview of ``shown_to`` covered module ``key``."""
    return shown_to in (key, EVERYTHING)


def _previewed(session: Session, org: Organisation, preview_id: str | None) -> str | None:
    run = session.get(Run, preview_id) if preview_id else None
    mine = run is not None and run.org_id == org.id and run.tenant_id == org.tenant_id
    if run is None or not mine or run.kind != "preview" or run.state != "done":
        return None
    return run.module


def _accept(sync: Sync, session: Session, org: Organisation, key: str, *, seen: bool) -> None:
    state = session.get(ModuleState, (org.id, org.tenant_id, key))
    if state is not None and state.accepted_at is not None:
        return
    if not seen:
        raise PreviewRequired(key)
    if state is None:
        state = ModuleState(org_id=org.id, tenant_id=org.tenant_id, module=key)
        session.add(state)
    state.accepted_at = sync.clock()


def keys_of(settings: dict[str, Any], module: str) -> list[str]:
    """The modules a run covers, in order; payments come with their invoices."""
    specs = all_specs()
    if module != EVERYTHING:
        return [specs[module].attached_to or module]
    return [
        key
        for key, spec in specs.items()
        if spec.attached_to is None and module_settings(settings, key).get("enabled")
    ]


def _begin(
    sync: Sync,
    org_id: str,
    *,
    kind: str,
    module: str,
    direction: str,
    by: str | None,
    preview_id: str | None = None,
    ids: Sequence[str] | None = None,
) -> str:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        run = Run(
            org_id=org_id,
            tenant_id=org.tenant_id,
            kind=kind,
            module=module,
            direction=direction,
            by=by,
            preview_id=preview_id,
            ids=list(ids) if ids is not None else None,
            created_at=sync.clock(),
        )
        session.add(run)
        session.flush()
        run_id = run.id
    sync.nudge(org_id, "bulk")
    return run_id


def chosen(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    ids: Sequence[str],
    direction: str,
    by: str | None,
) -> str:
    """Begin a run over records a person picked in a list; the run's id."""
    return _begin(sync, org_id, kind="sync", module=module, direction=direction, by=by, ids=ids)


def cancel(sync: Sync, *, org_id: str, run_id: str) -> None:
    """Stop after the batch in flight; what is done stays done."""
    with sync.database.begin() as session:
        run = session.get(Run, run_id)
        if run is None or run.org_id != org_id or run.state not in OPEN:
            raise UnknownRun(run_id)
        run.state, run.finished_at = "cancelled", sync.clock()
        session.execute(
            update(Link)
            .where(Link.run_id == run_id)
            .values(run_id=None, pending=case((Link.pending > 0, Link.pending - 1), else_=0))
        )


def update_open(sync: Sync, run_id: str, **values: Any) -> None:
    """Change a run that is not over; one that was cancelled meanwhile stays as it is."""
    with sync.database.begin() as session:
        session.execute(update(Run).where(Run.id == run_id, Run.state.in_(OPEN)).values(**values))
