"""Xero's sign-in and tokens (developer.xero.com/documentation/guides/oauth2/auth-flow).

A refresh token dies with its use and gives the next; the used one works for thirty more minutes,
so a refresh whose answer was lost may be repeated. Access lasts 30 minutes, refresh 60 days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from backend.apis.http import Answer, Request, Transport
from backend.apis.oauth import Tokens, basic, claims, form_request, lifetime, object_of, text
from backend.apis.xero import answers, wire
from backend.apis.xero.wire import XeroURLs
from backend.core.errors import ConnectionLost, NotConfigured, SyncError, Transient
from backend.core.spec import Raw, Side

CONNECT_SCOPES = ("openid", "profile", "email", "offline_access", "accounting.settings")
"""What is needed whatever is synced. Granular scopes: apps registered since 2 March 2026 are
refused the broad ones."""
USUAL_LIFE = 1800


def authorize_url(
    urls: XeroURLs,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    challenge: str,
    scopes: Sequence[str],
) -> str:
    """Where the person's browser goes to agree."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{urls.login}/identity/connect/authorize?{urlencode(query)}"


def exchange(
    transport: Transport,
    urls: XeroURLs,
    *,
    client_id: str,
    secret: str,
    code: str,
    verifier: str,
    redirect_uri: str,
) -> Tokens:
    """Tokens for a callback's code; `ConnectionLost` when the code is used, old or not ours."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return _tokens(transport.send(_token_request(urls, form, client_id, secret)))


def refresh(
    transport: Transport, urls: XeroURLs, *, client_id: str, secret: str, refresh_token: str
) -> Tokens:
    """The next pair of tokens. `ConnectionLost("xero_token_revoked")` when there is none any more;
    after `Transient` the same refresh token may be tried again."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(transport.send(_token_request(urls, form, client_id, secret)))


def revoke(
    transport: Transport, urls: XeroURLs, *, client_id: str, secret: str, refresh_token: str
) -> None:
    """End a refresh token and with it all connections of its user to this app.

    One that is dead already counts as done; `Transient` when Xero cannot be reached.
    """
    request = form_request(
        Side.XERO,
        f"{urls.identity}/connect/revocation",
        {"token": refresh_token},
        headers=basic(client_id, secret),
    )
    answer = transport.send(request)
    if answer.status >= 500 or answer.status == 429:
        raise Transient("remote_unavailable", words=f"HTTP {answer.status}")


def connections(transport: Transport, urls: XeroURLs, *, access_token: str) -> list[Raw]:
    """Which organisations a fresh token reaches: `id`, `tenantId`, `tenantName`, …"""
    request = wire.connections_request(urls)
    return answers.connections(_sent(transport, request, access_token))


def disconnect(
    transport: Transport, urls: XeroURLs, *, access_token: str, connection_id: str
) -> None:
    """Part from one organisation; `Gone` when it is parted already."""
    _sent(transport, wire.disconnect_request(urls, connection_id), access_token)


def _sent(transport: Transport, request: Request, access_token: str) -> Answer:
    headers = {**request.headers, "Authorization": f"Bearer {access_token}"}
    answer = transport.send(
        Request(method=request.method, url=request.url, headers=headers, side=Side.XERO)
    )
    if answer.status == 401:
        raise wire.lost(answer)
    return wire.judge(request, answer)


def _token_request(urls: XeroURLs, form: Mapping[str, str], client_id: str, secret: str) -> Request:
    return form_request(
        Side.XERO, f"{urls.identity}/connect/token", form, headers=basic(client_id, secret)
    )


def _tokens(answer: Answer) -> Tokens:
    told = object_of(answer)
    access = text(told, "access_token")
    if access is None or not 200 <= answer.status < 300:
        raise _token_error(told, answer.status)
    known = {**claims(text(told, "id_token")), **claims(access)}
    return Tokens(
        access=access,
        refresh=text(told, "refresh_token"),
        expires_in=lifetime(told, USUAL_LIFE),
        scope=text(told, "scope") or "",
        user_id=text(known, "xero_userid") or text(known, "sub"),
        event_id=text(known, "authentication_event_id"),
    )


def _token_error(told: Mapping[str, Any], status: int) -> SyncError:
    error = text(told, "error") or f"HTTP {status}"
    if error == "invalid_grant":
        return ConnectionLost("xero_token_revoked", words=error)
    if error in {"invalid_client", "unauthorized_client"}:
        return NotConfigured("xero_client_invalid", words=error)
    if error == "invalid_scope":
        return ConnectionLost("xero_scope_missing", words=error)
    return Transient("remote_garbled", words=error)
