"""Zoho's sign-in and tokens (zoho.com/accounts/protocol/oauth/multi-dc.html).

Errors of the token endpoint come with HTTP 200 and an `error`; asking too often comes as a 400
that says so. A refresh answer has no refresh token: the first one lasts until it is revoked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from backend.apis.calls import Expired
from backend.apis.http import Answer, Request, Transport
from backend.apis.oauth import Tokens, form_request, lifetime, object_of, text
from backend.apis.zoho import wire
from backend.apis.zoho.errors import text_of
from backend.core.errors import ConnectionLost, NotConfigured, SyncError, Transient
from backend.core.spec import Raw, Side

SIGN_IN_SCOPES = ("ZohoCRM.users.READ", "ZohoCRM.org.READ")
NOTIFICATIONS = "ZohoCRM.notifications.ALL"
CONNECT_SCOPES = (
    "ZohoCRM.modules.tasks.ALL",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.fields.CREATE",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.settings.currencies.READ",
    "ZohoCRM.settings.recycle_bin.UPDATE",
    "ZohoCRM.org.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.coql.READ",
    NOTIFICATIONS,
    "ZohoSearch.securesearch.READ",
)
"""What is needed whatever is synced; what a module needs is said where that is declared."""
USUAL_LIFE = 3600
THROTTLED_SECONDS = 60
"""What Zoho wants after "too many requests continuously"; a shorter wait prolongs the lock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who signed in, and the organisation the token is bound to."""

    user_id: str
    name: str
    email: str
    locale: str
    admin: bool
    org_id: str
    org_name: str
    org: Raw
    user: Raw


def authorize_url(
    accounts_url: str,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    challenge: str,
    scopes: Sequence[str],
    offline: bool,
) -> str:
    """Where the person's browser goes to agree.

    `offline` asks for a refresh token; without `prompt=consent` a second time gives none.
    """
    query = {
        "response_type": "code",
        "client_id": client_id,
        "scope": ",".join(scopes),
        "redirect_uri": redirect_uri,
        "access_type": "offline" if offline else "online",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({"prompt": "consent"} if offline else {}),
    }
    return f"{accounts_url}/oauth/v2/auth?{urlencode(query)}"


def exchange(
    transport: Transport,
    accounts_url: str,
    *,
    client_id: str,
    secret: str,
    code: str,
    verifier: str,
    redirect_uri: str,
) -> Tokens:
    """Tokens for a callback's code, from an accounts server that has been checked against the list.

    `ConnectionLost("zoho_token_revoked")` when the code is used, old or not ours. Whoever calls
    checks `api_domain` against the list too.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": secret,
        "redirect_uri": redirect_uri,
        "code": code,
        "code_verifier": verifier,
    }
    return _tokens(transport.send(form_request(Side.ZOHO, _token_url(accounts_url), form)))


def refresh(
    transport: Transport, accounts_url: str, *, client_id: str, secret: str, refresh_token: str
) -> Tokens:
    """A new access token. `ConnectionLost("zoho_token_revoked")` when the connection has ended,
    `Transient("zoho_token_throttled", {"seconds"})` when Zoho wants us to wait that long."""
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "client_secret": secret,
        "refresh_token": refresh_token,
    }
    return _tokens(transport.send(form_request(Side.ZOHO, _token_url(accounts_url), form)))


def revoke(transport: Transport, accounts_url: str, *, refresh_token: str) -> None:
    """End a refresh token; one that is dead already counts as done."""
    request = form_request(
        Side.ZOHO, f"{accounts_url}/oauth/v2/token/revoke", {"token": refresh_token}
    )
    answer = transport.send(request)
    if answer.status >= 500 or answer.status == 429:
        raise Transient("remote_unavailable", words=f"HTTP {answer.status}")


def identity(transport: Transport, api_domain: str, *, access_token: str) -> Identity:
    """Who the token belongs to, asked from the CRM itself; nothing a browser says is used."""
    user = _first(transport, api_domain, access_token, "/users", "users", {"type": "CurrentUser"})
    org = _first(transport, api_domain, access_token, "/org", "org", {})
    user_id = text_of(user, "id")
    org_id = text_of(org, "zgid") or text_of(org, "id")
    if not user_id or not org_id:
        raise Transient("remote_garbled", words="a user or an organisation without an id")
    return Identity(
        user_id=user_id,
        name=text_of(user, "full_name") or text_of(user, "last_name") or text_of(user, "email"),
        email=text_of(user, "email"),
        locale=text_of(user, "locale") or text_of(user, "language"),
        admin=_is_administrator(user),
        org_id=org_id,
        org_name=text_of(org, "company_name") or text_of(org, "name"),
        org=org,
        user=user,
    )


def _first(
    transport: Transport,
    api_domain: str,
    access_token: str,
    path: str,
    name: str,
    params: Mapping[str, str],
) -> Raw:
    request = wire.get(api_domain, path, params.items())
    headers = {**request.headers, "Authorization": f"Zoho-oauthtoken {access_token}"}
    answer = transport.send(
        Request(
            method="GET", url=request.url, headers=headers, params=request.params, side=Side.ZOHO
        )
    )
    try:
        found = wire.rows(wire.judge(request, answer), name)
    except Expired:
        raise wire.lost(answer) from None
    if not found:
        raise Transient("remote_garbled", words=f"no {name} in the answer")
    return found[0]


def _is_administrator(user: Raw) -> bool:
    # The name of the one profile that Zoho gives every right; copies of it carry other names.
    profile = user.get("profile")
    name = text_of(profile, "name") if isinstance(profile, dict) else text_of(user, "profile")
    return name == "Administrator"


def _token_url(accounts_url: str) -> str:
    return f"{accounts_url}/oauth/v2/token"


def _tokens(answer: Answer) -> Tokens:
    told = object_of(answer)
    access = text(told, "access_token")
    if access is None:
        raise _token_error(told, answer.status)
    return Tokens(
        access=access,
        refresh=text(told, "refresh_token"),
        expires_in=lifetime(told, USUAL_LIFE),
        api_domain=(text(told, "api_domain") or "").rstrip("/") or None,
        scope=text(told, "scope") or "",
    )


def _token_error(told: Mapping[str, Any], status: int) -> SyncError:
    error = text(told, "error") or f"HTTP {status}"
    words = f"{error} {text(told, 'error_description') or ''}".strip()[:500]
    if "too many requests" in words.lower() or error == "Access Denied":
        wait = {"seconds": str(THROTTLED_SECONDS)}
        return Transient("zoho_token_throttled", wait, words=words, sent=False)
    if error in {"invalid_code", "invalid_grant", "invalid_token"}:
        return ConnectionLost("zoho_token_revoked", words=words)
    if error in {"invalid_client", "invalid_client_secret", "invalid_redirect_uri"}:
        return NotConfigured("zoho_client_invalid", words=words)
    return Transient("remote_garbled", words=words)
