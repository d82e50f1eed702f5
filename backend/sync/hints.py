"""What the two systems tell us by themselves: noted when it is worth a look, else left alone.

A hint is never the guarantee, the sweep is. It is left alone when it tells of a change we have
already read or made ourselves, and when it names a record without a partner in a module whose
first sync nobody has accepted yet: creating those is what the preview asks about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.apis.moments import moment
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store import links
from backend.store.tables import Link, ModuleState, Organisation
from backend.sync.app import Sync
from backend.sync.inbox import note
from backend.sync.parts import inside
from backend.sync.policy import module_settings


def hint(
    sync: Sync,
    *,
    org_id: str,
    module: str,
    side: Side,
    changed: Mapping[str, datetime | None],
    tenant_id: str | None = None,
) -> list[str]:
    """Note what ``changed`` (record id to the time its sender gives, if any); the links' ids."""
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        tenant = tenant_id or (org.tenant_id if org is not None else None)
        if tenant is None:
            return []
        worth = _worth_a_look(session, org_id, tenant, module, side, changed)
    return note(
        sync,
        org_id=org_id,
        module=module,
        side=side,
        ids=worth,
        trigger="webhook",
        tenant_id=tenant,
    )


def hint_xero(
    sync: Sync,
    *,
    org_id: str,
    tenant_id: str,
    modules: Sequence[str],
    changed: Mapping[str, datetime | None],
) -> None:
    """Note Xero records that several modules may live in, ``modules`` in order: the first one in
    use looks at all of them and what it reads is news to the others; those others are noted for
    their own pairs only."""
    first = _first_in_use(sync, org_id, tenant_id, modules)
    for module in modules:
        told = changed
        if module != first:
            told = _paired(sync, org_id, tenant_id, module, changed)
        if told:
            hint(
                sync,
                org_id=org_id,
                module=module,
                side=Side.XERO,
                changed=told,
                tenant_id=tenant_id,
            )


def _first_in_use(sync: Sync, org_id: str, tenant_id: str, modules: Sequence[str]) -> str | None:
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        settings = dict(org.settings) if org is not None else {}
        for module in modules:
            held = all_specs()[module].attached_to or module
            state = session.get(ModuleState, (org_id, tenant_id, held))
            accepted = state is not None and state.accepted_at is not None
            if accepted and module_settings(settings, module).get("enabled"):
                return module
    return next(iter(modules), None)


def _paired(
    sync: Sync,
    org_id: str,
    tenant_id: str,
    module: str,
    changed: Mapping[str, datetime | None],
) -> dict[str, datetime | None]:
    """What of these is a pair of ``module``, or holds pairs of it."""
    with sync.database.begin() as session:
        found = links.find(session, org_id, tenant_id, module, str(Side.XERO), changed)
        told = {key: changed[key] for key, link in found.items() if link.zoho_id is not None}
        for home, at in changed.items():
            for link in inside(session, org_id, tenant_id, module, home):
                if link.zoho_id is not None and link.xero_id is not None:
                    told[link.xero_id] = at
    return told


def _worth_a_look(
    session: Session,
    org_id: str,
    tenant_id: str,
    module: str,
    side: Side,
    changed: Mapping[str, datetime | None],
) -> list[str]:
    home = all_specs()[module].attached_to or module
    state = session.get(ModuleState, (org_id, tenant_id, home))
    # Of an endpoint another module lists only the records we have a pair with are ours.
    listed = side is Side.ZOHO or all_specs()[module].xero.listed
    accepted = listed and state is not None and state.accepted_at is not None
    known = links.find(session, org_id, tenant_id, module, str(side), changed)
    return [
        record_id
        for record_id, at in changed.items()
        if _is_ours(known.get(record_id), accepted=accepted)
        and not _is_known(known.get(record_id), side, at)
    ]


def _is_ours(link: Link | None, *, accepted: bool) -> bool:
    paired = link is not None and link.zoho_id is not None and link.xero_id is not None
    return accepted or paired


def _is_known(link: Link | None, side: Side, at: datetime | None) -> bool:
    """Whether the version we hold is at least as new as what the sender speaks of."""
    if link is None or at is None:
        return False
    held = moment(getattr(link, f"{side}_version"))
    return held is not None and at <= held
