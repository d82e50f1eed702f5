"""What counts as a good sync besides a sweep: a run that looked at whole modules and ended well."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.modules import all_specs
from backend.store.tables import ModuleState, Organisation, Run
from backend.sync import alarms
from backend.sync.app import Sync
from backend.sync.bulk import EVERYTHING, keys_of
from backend.sync.policy import module_settings


def of_run(sync: Sync, session: Session, run: Run) -> None:
    """Remember a run that ended as a good sync of its modules, and of the organisation when it
    covered every module that is on.

    Chosen records, one direction alone, previews and undone runs are none: they leave out what a
    sweep would have looked at.
    """
    org = session.get_one(Organisation, run.org_id)
    whole = run.kind == "sync" and run.ids is None and run.direction == "both"
    if not whole or org.tenant_id != run.tenant_id:
        return
    covered = set(keys_of(org.settings, run.module))
    for key in _with_attached(org, covered):
        named = {"org_id": org.id, "tenant_id": run.tenant_id, "module": key}
        session.merge(ModuleState(**named, last_good_sync_at=sync.clock()))
    if covered >= set(keys_of(org.settings, EVERYTHING)):
        org.last_good_sync_at = sync.clock()
        alarms.good_sync(sync, session, org.id)


def _with_attached(org: Organisation, covered: set[str]) -> list[str]:
    """These modules and those that come with their records."""
    return [
        key
        for key, spec in all_specs().items()
        if key in covered
        or (spec.attached_to in covered and module_settings(org.settings, key).get("enabled"))
    ]
