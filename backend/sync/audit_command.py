"""``python -m backend verify``: audits now, reports to standard output, and says how it went."""

from __future__ import annotations

import sys

from sqlalchemy import select

from backend.core.errors import SyncError
from backend.store.tables import Organisation
from backend.sync.app import Sync
from backend.sync.audit_report import FORMATS
from backend.sync.audits import Busy, perform
from backend.sync.scratch import Scratch
from backend.texts import sentence

AGREED, DIFFERENT, FAILED = 0, 1, 2


def verify(sync: Sync, *, org_id: str | None, form: str, heal: bool) -> int:
    """Audit one or every connected organisation; 0 in agreement, 1 with differences, 2 when one
    could not be audited, with the cause on standard error."""
    writer, worst = FORMATS[form](sys.stdout), AGREED
    chosen = _chosen(sync, org_id)
    if not chosen:
        sys.stderr.write("no connected organisation to verify\n")
        worst = FAILED
    for each in chosen:
        try:
            with Scratch() as scratch:
                report = perform(sync, each, scratch, heal=heal, by=None)
                writer.add(report)
                worst = max(worst, DIFFERENT if report.differences else AGREED)
        except SyncError as error:
            sys.stderr.write(f"{each}: {sentence(error.message, 'en')} {error.words}\n")
            worst = FAILED
        except Busy:
            sys.stderr.write(f"{each}: another process verifies it at the moment\n")
            worst = FAILED
    writer.end()
    return worst


def _chosen(sync: Sync, org_id: str | None) -> list[str]:
    query = select(Organisation.id).where(Organisation.tenant_id.is_not(None))
    if org_id is not None:
        query = query.where((Organisation.id == org_id) | (Organisation.zoho_org_id == org_id))
    with sync.database.begin() as session:
        return list(session.scalars(query.order_by(Organisation.id)))
