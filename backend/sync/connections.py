"""Connecting, choosing, losing and resetting the two systems of one organisation."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis.oauth import Tokens
from backend.apis.xero import oauth as xero_oauth
from backend.core.errors import ConnectionLost, Gone, Message, NotConfigured, SyncError
from backend.core.spec import Raw
from backend.i18n import LANGUAGES
from backend.modules.defaults import default_settings
from backend.store import synced
from backend.store.tables import Organisation, XeroConnection, XeroToken, ZohoConnection
from backend.sync import alarms, channels, facts
from backend.sync.app import Sync
from backend.sync.clients import clients_of, xero_client, zoho_client
from backend.sync.parting import part, partings
from backend.sync.resting import rest

log = logging.getLogger(__name__)

NOT_YET = "offered"
USABLE = "connected"
REFUSED_REST = timedelta(minutes=10)
"""How long nothing is asked when Xero refuses an organisation that it lists as connected."""


# --- CRM ---------------------------------------------------------------------------------------


def ensure_organisation(sync: Sync, *, zoho_org_id: str, name: str, locale: str) -> str:
    """Our row for a CRM organisation, made at its first sign-in; its id."""
    with sync.database.begin() as session:
        return _organisation(sync, session, zoho_org_id, name=name, locale=locale).id


def _organisation(
    sync: Sync, session: Session, zoho_org_id: str, *, name: str, locale: str
) -> Organisation:
    org = session.scalars(
        select(Organisation).where(Organisation.zoho_org_id == zoho_org_id)
    ).one_or_none()
    language = locale[:2].lower() if locale[:2].lower() in LANGUAGES else "en"
    document = default_settings(attempts=sync.settings.sync_attempts, language=language)
    if org is None:
        org = Organisation(zoho_org_id=zoho_org_id, name=name, settings=document)
        session.add(org)
        session.flush()
    if not org.settings:
        org.settings = document
    org.name = name or org.name
    return org


def connect_zoho(
    sync: Sync,
    *,
    tokens: Tokens,
    accounts_server: str,
    user: Mapping[str, Any],
    org: Mapping[str, Any],
) -> str:
    """Keep the offline connection of a CRM organisation; the organisation's id.

    ``NotConfigured`` (``zoho_no_refresh_token``) when Zoho gave nothing that lasts. What the CRM
    looks like is read, and our fields are added, at once; trouble there is left to the loop.
    """
    if tokens.refresh is None:
        raise NotConfigured("zoho_no_refresh_token")
    with sync.database.begin() as session:
        ours = _organisation(
            sync,
            session,
            str(org["id"]),
            name=str(org.get("name") or ""),
            locale=str(user.get("locale") or ""),
        )
        row = session.get(ZohoConnection, ours.id)
        if row is None:
            row = ZohoConnection(org_id=ours.id, accounts_server="", api_domain="")
            session.add(row)
        row.accounts_server = accounts_server
        row.api_domain = tokens.api_domain or sync.settings.zoho_api_url or ""
        row.refresh_token = sync.crypt.seal(tokens.refresh)
        row.access_token = sync.crypt.seal(tokens.access)
        row.expires_at = sync.clock() + timedelta(seconds=tokens.expires_in)
        row.scopes, row.state, row.reason_key = tokens.scope, USABLE, None
        row.user_id, row.user_name = str(user.get("id") or ""), str(user.get("name") or "")
        row.connected_at, row.lost_at, row.not_before = sync.clock(), None, None
        row.facts_at = None
        org_id = ours.id
        resume(session, ours)
        alarms.connected(sync, session, org_id, side="zoho")
    _look_at_crm(sync, org_id)
    channels.tend(sync, org_id, anew=True)
    return org_id


def _look_at_crm(sync: Sync, org_id: str) -> None:
    try:
        facts.store_zoho(sync, org_id, facts.read_zoho(zoho_client(sync, org_id, priority="click")))
    except SyncError as error:
        log.warning("crm_not_read", extra={"org": org_id, "cause": error.message.key})


# --- Xero --------------------------------------------------------------------------------------


def offer_xero(sync: Sync, *, org_id: str, tokens: Tokens, by: str) -> None:
    """Keep a Xero user's tokens and put the organisations they reach on offer.

    One organisation alone, or the one chosen before, is chosen at once; otherwise a person does.
    """
    if tokens.refresh is None:
        raise NotConfigured("xero_no_refresh_token")
    found = xero_oauth.connections(sync.transport, sync.xero_urls, access_token=tokens.access)
    offered = [row for row in found if row.get("tenantType") in (None, "ORGANISATION")]
    if not offered:
        raise NotConfigured("xero_no_organisation")
    with sync.database.begin() as session:
        token = _keep_token(sync, session, org_id, tokens)
        _retire_offers(session, org_id, token.id)
        for row in offered:
            _offer(session, org_id, token.id, row, by=by)
        org = session.get_one(Organisation, org_id)
        chosen = _chosen(org, offered)
    if chosen is not None:
        choose(sync, org_id=org_id, tenant_id=chosen, by=by)


def _chosen(org: Organisation, offered: list[Raw]) -> str | None:
    tenants = [str(row["tenantId"]) for row in offered]
    if org.tenant_id in tenants:
        return org.tenant_id
    return tenants[0] if len(tenants) == 1 else None


def _keep_token(sync: Sync, session: Session, org_id: str, tokens: Tokens) -> XeroToken:
    user_id = tokens.user_id or "unknown"
    token = session.scalars(
        select(XeroToken).where(XeroToken.org_id == org_id, XeroToken.xero_user_id == user_id)
    ).one_or_none()
    sealed = sync.crypt.seal(tokens.refresh or "")
    if token is None:
        token = XeroToken(org_id=org_id, xero_user_id=user_id, refresh_token=sealed)
        session.add(token)
    token.refresh_token, token.access_token = sealed, sync.crypt.seal(tokens.access)
    token.previous_refresh_token = None
    token.expires_at = sync.clock() + timedelta(seconds=tokens.expires_in)
    token.refreshed_at, token.scopes = sync.clock(), tokens.scope
    session.flush()
    return token


def _retire_offers(session: Session, org_id: str, token_id: str) -> None:
    """Only what the person just agreed to is on offer."""
    for row in session.query(XeroConnection).filter_by(org_id=org_id):
        if row.state == NOT_YET or row.token_id == token_id:
            row.state = "disconnected" if row.state == NOT_YET else row.state


def _offer(session: Session, org_id: str, token_id: str, found: Raw, *, by: str) -> None:
    tenant_id = str(found["tenantId"])
    row = session.query(XeroConnection).filter_by(org_id=org_id, tenant_id=tenant_id).one_or_none()
    if row is None:
        row = XeroConnection(org_id=org_id, tenant_id=tenant_id)
        session.add(row)
    row.connection_id = str(found.get("id") or "")
    row.name = str(found.get("tenantName") or row.name or tenant_id)
    row.token_id, row.connected_by = token_id, by
    row.state = NOT_YET


def choose(sync: Sync, *, org_id: str, tenant_id: str, by: str) -> None:
    """Make one offered Xero organisation the one that is synced.

    ``Gone`` (``xero_organisation_not_offered``) when it is not on offer. Its links, if it was
    connected before, are found again; no link of another organisation is used.
    """
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        rows = session.query(XeroConnection).filter_by(org_id=org_id).all()
        wanted = [
            row for row in rows if row.tenant_id == tenant_id and row.state in (NOT_YET, USABLE)
        ]
        if not wanted:
            raise Gone("xero_organisation_not_offered")
        for row in rows:
            if row.state == USABLE and row.tenant_id != tenant_id:
                row.state = NOT_YET
        wanted[0].state, wanted[0].reason_key, wanted[0].lost_at = USABLE, None, None
        wanted[0].connected_by, wanted[0].connected_at = by, sync.clock()
        wanted[0].facts_at = None
        org.tenant_id = tenant_id
        resume(session, org)
        alarms.connected(sync, session, org_id, side="xero")
    _look_at_xero(sync, org_id)
    channels.tend(sync, org_id)


def _look_at_xero(sync: Sync, org_id: str) -> None:
    try:
        facts.refresh(sync, org_id, clients_of(sync, org_id, priority="click"))
    except SyncError as error:
        log.warning("xero_not_read", extra={"org": org_id, "cause": error.message.key})


def resume(session: Session, org: Organisation) -> None:
    """End a pause: what waited goes on at the next look."""
    session.flush()
    org.paused_until, org.pause_key, org.pause_params = None, None, {}
    org.clicks_paused_until = None


# --- losing ------------------------------------------------------------------------------------


def lose(sync: Sync, *, org_id: str, error: ConnectionLost) -> bool:
    """Mark the side whose connection needs a person; whether that is news."""
    if error.message.key == "xero_organisation_disconnected" and _still_there(sync, org_id):
        _rest(sync, org_id, error)
        return False
    side = "zoho" if error.message.key.startswith("zoho_") else "xero"
    with sync.database.begin() as session:
        row: ZohoConnection | XeroConnection | None
        if side == "zoho":
            row = session.get(ZohoConnection, org_id)
        else:
            org = session.get_one(Organisation, org_id)
            row = (
                session.query(XeroConnection)
                .filter_by(org_id=org_id, tenant_id=org.tenant_id)
                .one_or_none()
            )
        if row is None or row.state != USABLE:
            return False
        row.state, row.reason_key, row.lost_at = (
            "needs_reconnect",
            error.message.key,
            sync.clock(),
        )
        alarms.lost(sync, session, org_id, error, side=side)
        return True


def _still_there(sync: Sync, org_id: str) -> bool:
    """Whether Xero still lists the organisation it just refused: then only that one call was wrong.
    A person who disconnects it in Xero's own pages leaves the tokens good and the list shorter."""
    try:
        client, tenant_id = xero_client(sync, org_id, priority="click")
        listed = {str(row.get("tenantId")) for row in client.connections()}
    except SyncError as error:
        log.warning("connections_not_read", extra={"org": org_id, "cause": error.message.key})
        return False
    with sync.database.begin() as session:
        for row in session.query(XeroConnection).filter_by(org_id=org_id, state=NOT_YET):
            if row.tenant_id not in listed:
                row.state = "disconnected"
    return tenant_id in listed


def _rest(sync: Sync, org_id: str, error: SyncError) -> None:
    """Something was refused that should not have been: wait, then look again."""
    log.warning("refused_though_connected", extra={"org": org_id, "words": error.words[:200]})
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        why = Message("remote_unavailable", {"side": "xero"})
        rest(org, sync.clock() + REFUSED_REST, why)


# --- reset -------------------------------------------------------------------------------------


def reset(sync: Sync, *, org_id: str, by: str) -> None:
    """Part from Xero and forget its tokens; links and log stay with their organisation.

    Other organisations of ours that the same Xero user connected go on. A Xero that cannot be
    reached does not keep the tokens here.
    """
    with sync.database.begin() as session:
        ours = partings(session, org_id)
        for row in session.query(XeroConnection).filter_by(org_id=org_id):
            row.state, row.reason_key, row.token_id = "disconnected", None, None
            row.lost_at = sync.clock()
        for token in session.query(XeroToken).filter_by(org_id=org_id):
            session.delete(token)
        org = session.get_one(Organisation, org_id)
        org.tenant_id = None
        resume(session, org)
        alarms.connected(sync, session, org_id, side="xero")
    log.info("xero_reset", extra={"org": org_id, "by": by})
    channels.drop(sync, org_id)
    part(sync, ours)


# --- overview ----------------------------------------------------------------------------------


def overview(sync: Sync, *, org_id: str) -> dict[str, Any]:
    """Both connections as ``GET /api/connections`` tells them."""
    with sync.database.begin() as session:
        org = session.get_one(Organisation, org_id)
        zoho = session.get(ZohoConnection, org_id)
        rows = session.query(XeroConnection).filter_by(org_id=org_id).all()
        return {
            "zoho": _zoho_overview(org, zoho),
            "xero": _xero_overview(org, rows)
            | {"last_good_sync_at": _iso(synced.last_good(session, org))},
        }


def _zoho_overview(org: Organisation, row: ZohoConnection | None) -> dict[str, Any]:
    return {
        "state": row.state if row is not None else "disconnected",
        "org": {"id": org.zoho_org_id, "name": org.name},
        "reason_key": row.reason_key if row is not None else None,
        "connected_by": row.user_name if row is not None else None,
        "connected_at": _iso(row.connected_at) if row is not None else None,
    }


def _xero_overview(org: Organisation, rows: list[XeroConnection]) -> dict[str, Any]:
    chosen = next((row for row in rows if org.tenant_id and row.tenant_id == org.tenant_id), None)
    offered = [row for row in rows if row.state == NOT_YET]
    known = [row for row in rows if row.state in (NOT_YET, USABLE)]
    state = "disconnected"
    if chosen is not None:
        state = chosen.state
    elif offered:
        state = "choose_organisation"
    return {
        "state": state,
        "organisation": _organisation_view(chosen) if chosen is not None else None,
        "choices": [{"id": row.tenant_id, "name": row.name} for row in known],
        "reason_key": chosen.reason_key if chosen is not None else None,
        "connected_by": chosen.connected_by if chosen is not None else None,
        "connected_at": _iso(chosen.connected_at) if chosen is not None else None,
    }


def _organisation_view(row: XeroConnection) -> dict[str, Any]:
    known = row.facts.get("organisation", {})
    return {
        "id": row.tenant_id,
        "name": row.name,
        "base_currency": known.get("BaseCurrency"),
        "short_code": known.get("ShortCode"),
    }


def _iso(at: Any) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
