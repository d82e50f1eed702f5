"""When an organisation was last synced, as a person means it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.store.tables import ModuleState, Organisation


def last_good(session: Session, org: Organisation) -> datetime | None:
    """When this organisation's last good sync was; None until a module was synced with its Xero
    organisation.

    The clock's sweep goes well from the first hour, though there is nothing to read before a
    person accepts a first sync: the alarms count it, a page does not call it a sync.
    """
    synced = exists().where(
        ModuleState.org_id == org.id,
        ModuleState.tenant_id == org.tenant_id,
        ModuleState.last_good_sync_at.is_not(None),
    )
    return org.last_good_sync_at if session.scalar(select(synced)) else None
