"""Audits asked for and audits due: each is a run of its own, kept like the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.core.errors import RateLimited, SyncError, Transient
from backend.store import leases
from backend.store.tables import Organisation, Run, XeroConnection
from backend.sync.app import Sync
from backend.sync.auditing import Finding, Tally
from backend.sync.bulk import NotConnected
from backend.sync.heartbeat import LEASE_SECONDS, beating
from backend.sync.scratch import Scratch
from backend.sync.verify import audit

log = logging.getLogger(__name__)

DAILY = timedelta(hours=24)
AT_ONCE = 20
"""Organisations whose daily audit begins at the same time."""
KEPT_FINDINGS = 500
"""Findings a run keeps; the counts are of all, the command shows all."""


class Busy(Exception):
    """Another process audits this organisation."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one audit came to. ``scratch`` holds every finding until it is closed."""

    org_id: str
    name: str
    at: datetime
    modules: Sequence[Tally]
    scratch: Scratch

    @property
    def differences(self) -> int:
        """What nothing explains; none means that both sides agree."""
        return sum(each.differences for each in self.modules)

    def findings(self, *, limit: int = -1) -> Iterator[Finding]:
        """Every finding, those nothing explains first."""
        return self.scratch.findings(limit=limit)


def ask(sync: Sync, *, org_id: str, by: str | None) -> str:
    """Ask for an audit; the run to poll. One that waits already is shared."""
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        waiting = _open(session, org_id, heals=True)
        if waiting is not None:
            return waiting.id
        return _begin(sync, session, org, heals=True, by=by).id


def _open(session: Session, org_id: str, *, heals: bool) -> Run | None:
    return session.scalars(
        select(Run)
        .where(Run.org_id == org_id, Run.kind == "audit", Run.state.in_(("queued", "running")))
        .where(Run.heals == heals)
        .order_by(Run.created_at)
        .limit(1)
    ).first()


def _begin(sync: Sync, session: Session, org: Organisation, *, heals: bool, by: str | None) -> Run:
    run = Run(
        org_id=org.id, tenant_id=org.tenant_id, kind="audit", module="all", state="queued", by=by,
        heals=heals, created_at=sync.clock(),
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


# --- doing it ----------------------------------------------------------------------------------


def work(sync: Sync, org_id: str) -> None:
    """The queued audit of an organisation, or its daily one; what differs is noted to be healed.

    Trouble that passes leaves it queued for a later time.
    """
    try:
        with Scratch() as scratch:
            perform(sync, org_id, scratch, heal=True, by=None)
    except (Busy, NotConnected):
        return
    except SyncError as error:
        log.warning("audit_stopped", extra={"org": org_id, "cause": error.message.key})


def perform(sync: Sync, org_id: str, scratch: Scratch, *, heal: bool, by: str | None) -> Report:
    """Audit one organisation now and keep what was found.

    ``Busy`` when another process is at it; raises what the clients raise, and the run says so.
    """
    name, owner = f"audit:{org_id}", sync.new_owner()

    def take() -> bool:
        with sync.database.begin() as session:
            now = sync.clock()
            return leases.take(session, name, owner=owner, now=now, seconds=LEASE_SECONDS)

    if not take():
        raise Busy(org_id)
    try:
        with beating(take):
            return _performed(sync, org_id, scratch, heal=heal, by=by)
    finally:
        with sync.database.begin() as session:
            leases.release(session, name, owner=owner)


def _performed(sync: Sync, org_id: str, scratch: Scratch, *, heal: bool, by: str | None) -> Report:
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        if org.tenant_id is None:
            raise NotConnected(org_id)
        run = _open(session, org_id, heals=heal)
        run = run or _begin(sync, session, org, heals=heal, by=by)
        run.state, run.started_at = "running", sync.clock()
        run_id, title = run.id, org.name
    try:
        modules = audit(sync, org_id, scratch, run_id=run_id, heal=heal)
    except SyncError as error:
        _stop(sync, run_id, error)
        raise
    report = Report(org_id=org_id, name=title, at=sync.clock(), modules=modules, scratch=scratch)
    _keep(sync, run_id, report)
    return report


def _stop(sync: Sync, run_id: str, error: SyncError) -> None:
    with sync.database.begin() as session:
        run = session.get_one(Run, run_id)
        # Whoever asked for one that only reads sees that it failed, and asks again.
        later = run.heals and isinstance(error, RateLimited | Transient)
        run.state = "queued" if later else "failed"
        run.finished_at = None if later else sync.clock()
        run.message_key, run.message_params = error.message.key, dict(error.message.params)


def _keep(sync: Sync, run_id: str, report: Report) -> None:
    with sync.database.begin() as session:
        run = session.get_one(Run, run_id)
        run.state, run.finished_at, run.message_key = "done", sync.clock(), None
        run.total = sum(max(each.linked.values(), default=0) for each in report.modules)
        run.done, run.held = run.total, report.differences
        run.figures = {
            "modules": [each.shown() for each in report.modules],
            "differences": report.differences,
            "found": report.scratch.count(),
            "findings": [asdict(each) for each in report.findings(limit=KEPT_FINDINGS)],
        }


def latest(session: Session, org_id: str, tenant_id: str | None) -> Run | None:
    """The newest finished audit of the chosen Xero organisation."""
    return session.scalars(
        select(Run)
        .where(
            Run.org_id == org_id,
            Run.tenant_id == tenant_id,
            Run.kind == "audit",
            Run.state == "done",
        )
        .order_by(Run.finished_at.desc())
        .limit(1)
    ).first()


# --- by the clock ------------------------------------------------------------------------------


def due(session: Session, *, now: datetime) -> list[str]:
    """Organisations whose audit waits, and some of those in which what differs was not settled
    for a day: an audit that only read does not count."""
    queued = session.scalars(
        select(Run.org_id).where(
            Run.kind == "audit",
            Run.heals,
            or_(Run.state == "queued", (Run.state == "running") & (Run.started_at < now - _LOST)),
        )
    ).all()
    last = (
        select(func.max(Run.created_at))
        .where(Run.org_id == Organisation.id, Run.kind == "audit", Run.heals)
        .scalar_subquery()
    )
    chosen = (XeroConnection.org_id == Organisation.id) & (
        XeroConnection.tenant_id == Organisation.tenant_id
    )
    old = session.scalars(
        select(Organisation.id)
        .join(XeroConnection, chosen)
        .where(
            XeroConnection.state == "connected",
            XeroConnection.connected_at < now - DAILY,
            or_(last.is_(None), last < now - DAILY),
        )
        .order_by(last)
        .limit(AT_ONCE)
    ).all()
    return list(dict.fromkeys([*queued, *old]))


_LOST = timedelta(minutes=30)
"""A run that says *running* for so long has lost its worker."""
