"""The steps of signing in and connecting, without pages: who comes back, and may he.

The state parameter ties a callback to its start: random, kept as a hash, good once and for ten
minutes, with a PKCE verifier beside it that never leaves us unsealed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from backend.apis.oauth import Tokens
from backend.apis.pkce import challenge, new_state, new_verifier
from backend.apis.xero import oauth as xero_oauth
from backend.apis.zoho import oauth as zoho_oauth
from backend.apis.zoho.datacentres import accounts_server_allowed, api_domain_allowed
from backend.core.errors import SyncError
from backend.core.spec import Side
from backend.store.sessions import begin_login, offer_handoff, take_login
from backend.store.tables import Login
from backend.sync import connections, consent
from backend.sync.tally import Counted, Tally
from backend.web.context import Bridge, Caller
from backend.web.problems import Problem
from backend.web.tokens import fingerprint, new_secret

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a browser was sent away for."""

    SIGN_IN = "zoho_sign_in"
    CONNECT = "zoho_connect"
    XERO = "xero_connect"


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """What the popup hands to the page that opened it, and to nobody else."""

    code: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """The signed-in person as the widget knows him."""

    id: str
    name: str
    email: str
    locale: str
    admin: bool


def zoho_redirect(bridge: Bridge) -> str:
    """The callback address registered with Zoho."""
    return f"{bridge.settings.public_url}/auth/zoho/callback"


def xero_redirect(bridge: Bridge) -> str:
    """The callback address registered with Xero."""
    return f"{bridge.settings.public_url}/auth/xero/callback"


def zoho_address(bridge: Bridge, kind: Kind, origin: str) -> str:
    """Where to send a browser to sign in at Zoho; for CONNECT with the offline scopes as well."""
    offline = kind is Kind.CONNECT
    state, shown = _begin(bridge, kind, origin)
    return zoho_oauth.authorize_url(
        bridge.settings.zoho_accounts_url,
        client_id=bridge.settings.zoho_client_id,
        redirect_uri=zoho_redirect(bridge),
        state=state,
        challenge=shown,
        scopes=consent.zoho_scopes() if offline else zoho_oauth.SIGN_IN_SCOPES,
        offline=offline,
    )


def xero_address(bridge: Bridge, person: Caller, origin: str) -> str:
    """Where to send an administrator's browser to connect Xero to his organisation."""
    state, shown = _begin(bridge, Kind.XERO, origin, person)
    return xero_oauth.authorize_url(
        bridge.sync.xero_urls,
        client_id=bridge.settings.xero_client_id,
        redirect_uri=xero_redirect(bridge),
        state=state,
        challenge=shown,
        scopes=consent.xero_scopes(),
    )


def _begin(
    bridge: Bridge, kind: Kind, origin: str, person: Caller | None = None
) -> tuple[str, str]:
    state, verifier = new_state(), new_verifier()
    with bridge.database.begin() as session:
        begin_login(
            session,
            state_hash=fingerprint(state),
            kind=kind.value,
            verifier=bridge.sync.crypt.seal(verifier),
            origin=origin,
            now=bridge.now(),
            org_id=person.org_id if person else None,
            user=person.user if person else None,
        )
    return state, challenge(verifier)


def returned(bridge: Bridge, given: Mapping[str, str], *kinds: Kind) -> Login:
    """The sign-in that a callback's state belongs to, used up by this.

    Problem 400 for a state that is forged, old, used, or of another kind.
    """
    with bridge.database.begin() as session:
        login = take_login(session, fingerprint(given.get("state", "")), now=bridge.now())
    if login is None or login.kind not in kinds:
        raise Problem(400, "sign_in_state")
    if given.get("error") or not given.get("code"):
        raise Problem(403, "sign_in_refused")
    return login


def finish_zoho(bridge: Bridge, given: Mapping[str, str]) -> Handoff:
    """Who came back from Zoho; the code goes only to an accounts server of the list.

    Problems: 400 for state or server, 403 when refused or, connecting, no administrator.
    SyncError when Zoho fails.
    """
    login = returned(bridge, given, Kind.SIGN_IN, Kind.CONNECT)
    server = given.get("accounts-server") or bridge.settings.zoho_accounts_url
    if not accounts_server_allowed(server, _override(bridge, bridge.settings.zoho_accounts_url)):
        raise Problem(400, "sign_in_server")
    tokens = zoho_oauth.exchange(
        bridge.sync.transport,
        server,
        client_id=bridge.settings.zoho_client_id,
        secret=bridge.settings.zoho_client_secret,
        code=given["code"],
        verifier=bridge.sync.crypt.open(login.verifier),
        redirect_uri=zoho_redirect(bridge),
    )
    domain = tokens.api_domain or bridge.settings.zoho_api_url or ""
    if not api_domain_allowed(domain, _override(bridge, bridge.settings.zoho_api_url)):
        raise Problem(400, "sign_in_server")
    # Whose calls these are is what they tell.
    asked = Tally()
    wire = Counted(transport=bridge.sync.transport, tally=asked, org_id="", side=Side.ZOHO)
    found = zoho_oauth.identity(wire, domain, access_token=tokens.access)
    if login.kind == Kind.CONNECT:
        org_id = _connected(bridge, server, tokens=tokens, found=found)
    else:
        org_id = connections.ensure_organisation(
            bridge.sync, zoho_org_id=found.org_id, name=found.org_name, locale=found.locale
        )
    bridge.sync.tally.add(asked.take_for(org_id))
    return _hand_off(bridge, login, org_id, found=found)


def _override(bridge: Bridge, value: str | None) -> str | None:
    """The data-centre table holds unless ``ZOHO_API_URL`` replaces it."""
    return value if bridge.settings.zoho_api_url else None


def _connected(bridge: Bridge, server: str, *, tokens: Tokens, found: zoho_oauth.Identity) -> str:
    if not found.admin:
        _give_back(bridge, server, tokens)
        raise Problem(403, "administrators_only")
    return connections.connect_zoho(
        bridge.sync,
        tokens=tokens,
        accounts_server=server,
        user=_person(found),
        org={"id": found.org_id, "name": found.org_name},
    )


def _give_back(bridge: Bridge, server: str, tokens: Tokens) -> None:
    """An offline token nobody will use is revoked; that it fails is said in the log only."""
    if tokens.refresh is None:
        return
    try:
        zoho_oauth.revoke(bridge.sync.transport, server, refresh_token=tokens.refresh)
    except SyncError as error:
        log.warning("an unused Zoho token could not be revoked: %s", error.message.key)


def _person(found: zoho_oauth.Identity) -> dict[str, Any]:
    return asdict(
        Person(
            id=found.user_id,
            name=found.name,
            email=found.email,
            locale=found.locale,
            admin=found.admin,
        )
    )


def _hand_off(bridge: Bridge, login: Login, org_id: str, *, found: zoho_oauth.Identity) -> Handoff:
    code = new_secret()
    with bridge.database.begin() as session:
        offer_handoff(
            session,
            login.id,
            handoff_hash=fingerprint(code),
            org_id=org_id,
            user=_person(found),
            now=bridge.now(),
        )
    return Handoff(code=code, origin=login.origin)


def finish_xero(bridge: Bridge, given: Mapping[str, str]) -> Login:
    """Xero's organisations are on offer to the organisation that started this.

    Problems: 400 for the state, 403 when refused. SyncError when Xero fails.
    """
    login = returned(bridge, given, Kind.XERO)
    tokens = xero_oauth.exchange(
        bridge.sync.transport,
        bridge.sync.xero_urls,
        client_id=bridge.settings.xero_client_id,
        secret=bridge.settings.xero_client_secret,
        code=given["code"],
        verifier=bridge.sync.crypt.open(login.verifier),
        redirect_uri=xero_redirect(bridge),
    )
    by = str(login.user.get("name") or login.user.get("email") or "")
    connections.offer_xero(bridge.sync, org_id=str(login.org_id), tokens=tokens, by=by)
    return login
