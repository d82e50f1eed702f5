"""Parting from Xero: what one organisation gave is ended there, and nothing another one relies on.

Revoking a refresh token ends every connection of its Xero user to the app, whoever of ours made
it (developer.xero.com, OAuth 2.0: "remove all their connections to your app"). An accountant
connects many customers, so the token is revoked only by the last of them; the others part from
their own Xero organisation alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.apis.xero import oauth as xero_oauth
from backend.core.errors import SyncError
from backend.store.tables import Organisation, XeroConnection, XeroToken
from backend.sync.app import Sync
from backend.sync.crypt import SealBroken

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parting:
    """What one token set still has to do at Xero once nobody here holds it any more."""

    access: bytes
    refresh: bytes
    ends: datetime
    shared: bool
    """Whether another organisation of ours works with the same Xero user."""
    tenant_id: str | None
    """The Xero organisation to part from; None when another of ours syncs with it as this user."""


def partings(session: Session, org_id: str) -> list[Parting]:
    """What is to be ended at Xero for an organisation; read before its rows are changed."""
    org = session.get_one(Organisation, org_id)
    tokens = session.scalars(select(XeroToken).where(XeroToken.org_id == org_id)).all()
    return [
        Parting(
            access=token.access_token,
            refresh=token.refresh_token,
            ends=token.expires_at,
            shared=_shared(session, token),
            tenant_id=_own_tenant(session, org, token),
        )
        for token in tokens
    ]


def _shared(session: Session, token: XeroToken) -> bool:
    others = (XeroToken.xero_user_id == token.xero_user_id, XeroToken.org_id != token.org_id)
    return session.scalar(select(exists().where(*others))) or False


def _own_tenant(session: Session, org: Organisation, token: XeroToken) -> str | None:
    """The chosen Xero organisation, if this token set reached it and nobody else of ours needs
    the same user's connection to it."""
    mine = (XeroConnection.org_id == org.id, XeroConnection.tenant_id == org.tenant_id)
    if session.scalar(select(XeroConnection.token_id).where(*mine)) != token.id:
        return None
    used_by_others = (
        select(XeroToken.id)
        .join(Organisation, Organisation.id == XeroToken.org_id)
        .where(
            XeroToken.xero_user_id == token.xero_user_id,
            Organisation.id != org.id,
            Organisation.tenant_id == org.tenant_id,
        )
    )
    return None if session.scalars(used_by_others).first() is not None else org.tenant_id


def part(sync: Sync, found: Iterable[Parting]) -> None:
    """End at Xero what was read by ``partings``. A Xero that cannot be reached keeps nothing
    here: it is logged, and the person can disconnect in Xero's own pages."""
    for each in found:
        try:
            if each.shared:
                _disconnect(sync, each)
            else:
                _revoke(sync, each)
        except (SyncError, SealBroken) as error:
            log.warning("revocation_failed", extra={"error": type(error).__name__})


def _revoke(sync: Sync, each: Parting) -> None:
    settings = sync.settings
    xero_oauth.revoke(
        sync.transport,
        sync.xero_urls,
        client_id=settings.xero_client_id,
        secret=settings.xero_client_secret,
        refresh_token=sync.crypt.open(each.refresh),
    )


def _disconnect(sync: Sync, each: Parting) -> None:
    """The connection is looked up by its organisation: whether a connection made anew keeps its
    number is not documented."""
    if each.tenant_id is None:
        return
    access = _access(sync, each)
    for row in xero_oauth.connections(sync.transport, sync.xero_urls, access_token=access):
        if row.get("tenantId") == each.tenant_id:
            xero_oauth.disconnect(
                sync.transport, sync.xero_urls, access_token=access, connection_id=str(row["id"])
            )


def _access(sync: Sync, each: Parting) -> str:
    if each.ends > sync.clock():
        return sync.crypt.open(each.access)
    settings = sync.settings
    tokens = xero_oauth.refresh(
        sync.transport,
        sync.xero_urls,
        client_id=settings.xero_client_id,
        secret=settings.xero_client_secret,
        refresh_token=sync.crypt.open(each.refresh),
    )
    return tokens.access
