"""An organisation leaves: its connections end, then everything kept of it is erased."""

from __future__ import annotations

import logging

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from backend.apis.zoho import oauth as zoho_oauth
from backend.core.errors import SyncError
from backend.store.live import WebhookNote
from backend.store.tables import Leader, Login, LogRow, Organisation, ZohoConnection
from backend.sync import channels, connections
from backend.sync.app import Sync
from backend.sync.crypt import SealBroken

log = logging.getLogger(__name__)

AT_ONCE = 5000


class UnknownOrganisation(Exception):
    """Nobody of that number is here."""


def find(sync: Sync, org_id: str) -> tuple[str, str]:
    """Our id and the name of an organisation, by our id or Zoho's."""
    with sync.database.begin() as session:
        wanted = or_(Organisation.id == org_id, Organisation.zoho_org_id == org_id)
        org = session.scalars(select(Organisation).where(wanted)).one_or_none()
        if org is None:
            raise UnknownOrganisation(org_id)
        return org.id, org.name


def leave(sync: Sync, org_id: str, *, by: str) -> None:
    """Remove the channels, revoke the tokens of both systems, erase every row.

    A system that cannot be reached keeps nothing here: its token is forgotten all the same, and
    its channels end by themselves. Records in CRM and Xero stay as they are. Safe to repeat.
    """
    ours, _name = find(sync, org_id)
    connections.reset(sync, org_id=ours, by=by)
    channels.drop(sync, ours)
    _end_zoho(sync, ours)
    _erase_log(sync, ours)
    with sync.database.begin() as session:
        _erase(session, ours)
    log.info("organisation_left", extra={"org": ours, "by": by})


def _end_zoho(sync: Sync, org_id: str) -> None:
    with sync.database.begin() as session:
        row = session.get(ZohoConnection, org_id)
        if row is None:
            return
        server, sealed = row.accounts_server, row.refresh_token
        session.delete(row)
    try:
        if sealed is not None:
            zoho_oauth.revoke(sync.transport, server, refresh_token=sync.crypt.open(sealed))
    except (SyncError, SealBroken) as error:
        log.warning("revocation_failed", extra={"org": org_id, "error": type(error).__name__})


def _erase_log(sync: Sync, org_id: str) -> None:
    """The longest table first, a piece at a time, so that nobody waits for it."""
    while True:
        with sync.database.begin() as session:
            some = session.scalars(
                select(LogRow.id).where(LogRow.org_id == org_id).limit(AT_ONCE)
            ).all()
            session.execute(delete(LogRow).where(LogRow.id.in_(some)))
        if not some:
            return


def _erase(session: Session, org_id: str) -> None:
    """What names the organisation without a key to it, then its row, whose children follow."""
    session.execute(delete(WebhookNote).where(WebhookNote.org_id == org_id))
    session.execute(delete(Login).where(Login.org_id == org_id))
    session.execute(delete(Leader).where(Leader.name.like(f"%:{org_id}")))
    session.execute(delete(Organisation).where(Organisation.id == org_id))
