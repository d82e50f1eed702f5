"""Signing in to both systems, and everything a token endpoint may answer instead of tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.apis import pkce
from backend.apis.http import Answer
from backend.apis.oauth import Tokens
from backend.apis.xero import oauth as xero_oauth
from backend.apis.xero.client import XeroURLs
from backend.apis.zoho import datacentres
from backend.apis.zoho import oauth as zoho_oauth
from backend.core.errors import ConnectionLost, NotConfigured, SyncError, Transient
from backend.sync.consent import xero_scopes
from tests.apis.support import CALLBACK, XERO, ZOHO, Bridge, Scripted, answer

URLS = XeroURLs()
ACCOUNTS_URL = "https://accounts.zoho.eu"


def xero_refresh(*answers: Answer) -> Tokens:
    """A refresh against scripted answers."""
    return xero_oauth.refresh(Scripted(*answers), URLS, refresh_token="r", **XERO)


def zoho_refresh(*answers: Answer) -> Tokens:
    """A refresh against scripted answers."""
    return zoho_oauth.refresh(Scripted(*answers), ACCOUNTS_URL, refresh_token="r", **ZOHO)


def jwt(**claims: Any) -> str:
    """A token that nobody signed."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.sig"


def test_pkce_is_the_published_example() -> None:
    # RFC 7636, appendix B.
    assert (
        pkce.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
    assert 43 <= len(pkce.new_verifier()) <= 128
    assert pkce.new_verifier() != pkce.new_verifier()
    assert len(pkce.new_state()) >= 40


def test_xeros_page_is_asked_for_granular_scopes_with_state_and_challenge() -> None:
    url = xero_oauth.authorize_url(
        URLS, client_id="c", redirect_uri=CALLBACK, state="s&t", challenge="ch",
        scopes=xero_scopes(),
    )  # fmt: skip
    query = parse_qs(urlsplit(url).query)
    assert url.startswith("https://login.xero.com/identity/connect/authorize?")
    assert query["state"] == ["s&t"]
    assert query["code_challenge_method"] == ["S256"]
    assert "accounting.transactions" not in query["scope"][0]
    assert {"offline_access", "accounting.invoices"} <= set(query["scope"][0].split())


def test_zohos_page_is_asked_for_consent_only_to_connect() -> None:
    def query(*, offline: bool) -> dict[str, list[str]]:
        url = zoho_oauth.authorize_url(
            ACCOUNTS_URL,
            client_id="c",
            redirect_uri=CALLBACK,
            state="s",
            challenge="ch",
            scopes=("a", "b"),
            offline=offline,
        )
        return parse_qs(urlsplit(url).query)

    assert (query(offline=True)["access_type"], query(offline=True)["prompt"]) == (
        ["offline"],
        ["consent"],
    )
    assert (query(offline=False)["access_type"], "prompt" in query(offline=False)) == (
        ["online"],
        False,
    )
    assert query(offline=True)["scope"] == ["a,b"]


def test_signing_in_at_xero_gives_tokens_that_name_their_user(bridge: Bridge) -> None:
    tokens = bridge.xero_tokens()
    assert tokens.refresh
    assert tokens.expires_in == 1800
    assert tokens.user_id
    assert tokens.event_id
    reached = xero_oauth.connections(bridge.transport, URLS, access_token=tokens.access)
    assert {row["authEventId"] for row in reached} == {tokens.event_id}
    xero_oauth.disconnect(
        bridge.transport, URLS, access_token=tokens.access, connection_id=str(reached[0]["id"])
    )
    assert len(xero_oauth.connections(bridge.transport, URLS, access_token=tokens.access)) == 1


def test_xero_refresh_tokens_rotate_and_a_lost_answer_may_be_asked_for_again(
    bridge: Bridge,
) -> None:
    first = bridge.xero_tokens()
    second = xero_oauth.refresh(bridge.transport, URLS, refresh_token=first.refresh or "", **XERO)
    assert second.refresh != first.refresh
    again = xero_oauth.refresh(bridge.transport, URLS, refresh_token=first.refresh or "", **XERO)
    assert again.access
    bridge.world.clock.advance(1801)
    with pytest.raises(ConnectionLost):
        xero_oauth.refresh(bridge.transport, URLS, refresh_token=first.refresh or "", **XERO)


def test_a_revoked_xero_token_cannot_be_refreshed(bridge: Bridge) -> None:
    tokens = bridge.xero_tokens()
    for _ in range(2):
        xero_oauth.revoke(bridge.transport, URLS, refresh_token=tokens.refresh or "", **XERO)
    with pytest.raises(ConnectionLost) as caught:
        xero_oauth.refresh(bridge.transport, URLS, refresh_token=tokens.refresh or "", **XERO)
    assert caught.value.message.key == "xero_token_revoked"
    with pytest.raises(ConnectionLost):
        xero_oauth.connections(bridge.transport, URLS, access_token=tokens.access)


def test_signing_in_at_zoho_gives_tokens_and_an_identity(bridge: Bridge) -> None:
    tokens = bridge.zoho_tokens()
    assert tokens.refresh
    assert tokens.api_domain == bridge.world.urls.zoho_api
    who = zoho_oauth.identity(bridge.transport, tokens.api_domain or "", access_token=tokens.access)
    assert (who.name, who.admin, who.org_name) == ("Ana Whitfield", True, "Harbour & Vine")
    assert who.locale.startswith("en")
    assert who.org_id == bridge.world.zoho.org.zgid


def test_a_zoho_refresh_keeps_the_refresh_token_until_it_is_revoked(bridge: Bridge) -> None:
    tokens = bridge.zoho_tokens()
    url = bridge.world.urls.zoho_accounts
    fresh = zoho_oauth.refresh(bridge.transport, url, refresh_token=tokens.refresh or "", **ZOHO)
    assert (fresh.refresh, fresh.access != tokens.access) == (None, True)
    for _ in range(2):
        zoho_oauth.revoke(bridge.transport, url, refresh_token=tokens.refresh or "")
    with pytest.raises(ConnectionLost) as caught:
        zoho_oauth.refresh(bridge.transport, url, refresh_token=tokens.refresh or "", **ZOHO)
    assert caught.value.message.key == "zoho_token_revoked"


def test_zohos_throttle_is_a_pause_and_no_lost_connection(bridge: Bridge) -> None:
    held = bridge.zoho_tokens().refresh or ""
    url = bridge.world.urls.zoho_accounts
    for _ in range(9):
        zoho_oauth.refresh(bridge.transport, url, refresh_token=held, **ZOHO)
    with pytest.raises(Transient) as caught:
        zoho_oauth.refresh(bridge.transport, url, refresh_token=held, **ZOHO)
    assert caught.value.message.key == "zoho_token_throttled"
    assert int(caught.value.message.params["seconds"]) >= 60
    assert not caught.value.sent


def test_a_code_works_once_and_only_with_its_verifier(bridge: Bridge) -> None:
    verifier = pkce.new_verifier()
    page = xero_oauth.authorize_url(
        URLS,
        client_id=XERO["client_id"],
        redirect_uri=CALLBACK,
        state="s",
        challenge=pkce.challenge(verifier),
        scopes=xero_scopes(),
    )
    code = bridge.callback(page)["code"]
    with pytest.raises(ConnectionLost):
        xero_oauth.exchange(
            bridge.transport,
            URLS,
            code=code,
            verifier=pkce.new_verifier(),
            redirect_uri=CALLBACK,
            **XERO,
        )


# --- answers that are no tokens ---------------------------------------------------------------

GARBLED = [
    answer(200, "<html>maintenance</html>"),
    answer(200, b'{"access_token": "x'),
    answer(200, "[]"),
    answer(200, "{}"),
    answer(302, "", Location="https://evil.example"),
    answer(200, '{"access_token": 5}'),
    answer(200, '{"access_token": ""}'),
    answer(400, '{"error": "temporarily_unavailable"}'),
    answer(500, '{"error": "invalid_grant"}'),
    answer(503, "offline"),
    answer(429, ""),
]


@pytest.mark.parametrize("refresh", [xero_refresh, zoho_refresh])
@pytest.mark.parametrize("told", GARBLED)
def test_nothing_but_a_clear_word_ends_a_connection(
    refresh: Callable[..., Tokens], told: Answer
) -> None:
    with pytest.raises(Transient):
        refresh(told)


@pytest.mark.parametrize(
    ("refresh", "told", "key", "kind"),
    [
        (xero_refresh, answer(400, '{"error":"invalid_grant"}'), "xero_token_revoked", ConnectionLost),
        (xero_refresh, answer(401, '{"error":"invalid_client"}'), "xero_client_invalid", NotConfigured),
        (xero_refresh, answer(400, '{"error":"unauthorized_client"}'), "xero_client_invalid", NotConfigured),
        (xero_refresh, answer(400, '{"error":"invalid_scope"}'), "xero_scope_missing", ConnectionLost),
        (zoho_refresh, answer(200, '{"error":"invalid_code"}'), "zoho_token_revoked", ConnectionLost),
        (zoho_refresh, answer(400, '{"error":"invalid_code"}'), "zoho_token_revoked", ConnectionLost),
        (zoho_refresh, answer(200, '{"error":"invalid_client"}'), "zoho_client_invalid", NotConfigured),
        (zoho_refresh, answer(200, '{"error":"invalid_client_secret"}'), "zoho_client_invalid", NotConfigured),
        (zoho_refresh, answer(400, '{"error":"Access Denied","error_description":"You have made too many requests continuously. Please try again after some time.","status":"failure"}'), "zoho_token_throttled", Transient),
    ],
)  # fmt: skip
def test_every_refusal_of_a_token_is_told_apart(
    refresh: Callable[..., Tokens], told: Answer, key: str, kind: type[SyncError]
) -> None:
    with pytest.raises(kind) as caught:
        refresh(told)
    assert caught.value.message.key == key


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("1799", 1799),
        ("null", 1800),
        ('"x"', 1800),
        ("-5", 1800),
        ("0", 1),
        ("999999", 86400),
        ("99999999999", 1800),
    ],
)
def test_a_token_lives_for_a_sensible_time(told: str, seconds: int) -> None:
    assert (
        xero_refresh(answer(200, f'{{"access_token":"a","expires_in":{told}}}')).expires_in
        == seconds
    )


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "e30.%%%.x", "e30.W10.x", "é.é.é", "..", jwt(xero_userid=5)]
)
def test_a_token_that_names_nobody_is_still_a_token(token: str) -> None:
    tokens = xero_refresh(answer(200, json.dumps({"access_token": token, "refresh_token": "r2"})))
    assert (tokens.user_id, tokens.event_id, tokens.refresh) == (None, None, "r2")


def test_the_id_token_names_the_user_of_an_opaque_access_token() -> None:
    told = {"access_token": "opaque", "id_token": jwt(xero_userid="u1", sub="s")}
    assert xero_refresh(answer(200, json.dumps(told))).user_id == "u1"


def test_tokens_and_secrets_are_not_shown_and_not_in_urls() -> None:
    script = Scripted(answer(200, '{"access_token":"hidden-a","refresh_token":"hidden-r"}'))
    tokens = xero_oauth.refresh(script, URLS, refresh_token="hidden-old", **XERO)
    assert "hidden" not in repr(tokens)
    assert "hidden" not in script.requests[0].url
    assert script.requests[0].params == ()
    assert b"hidden-old" in (script.requests[0].body or b"")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_revocation_that_does_not_arrive_is_told(status: int) -> None:
    with pytest.raises(Transient):
        xero_oauth.revoke(Scripted(answer(status)), URLS, refresh_token="r", **XERO)
    with pytest.raises(Transient):
        zoho_oauth.revoke(Scripted(answer(status)), ACCOUNTS_URL, refresh_token="r")


USER = '{"users":[{"id":"1","full_name":"Ana","email":"a@x","locale":"fr_FR","profile":{"name":"%s"}}]}'
ORG = '{"org":[{"zgid":"77","company_name":"Co"}]}'


@pytest.mark.parametrize(
    ("profile", "admin"),
    [
        ("Administrator", True),
        ("Standard", False),
        ("administrator", False),
        ("Administrator ", False),
        ("", False),
    ],
)
def test_only_the_administrator_profile_is_admin(profile: str, admin: bool) -> None:
    script = Scripted(answer(200, USER % profile), answer(200, ORG))
    who = zoho_oauth.identity(script, "https://www.zohoapis.eu", access_token="t")
    assert who.admin is admin
    assert dict(script.requests[0].headers)["Authorization"] == "Zoho-oauthtoken t"


def test_an_identity_survives_lean_answers() -> None:
    script = Scripted(
        answer(200, '{"users":[{"id":1,"last_name":"W"}]}'), answer(200, '{"org":{"id":"5"}}')
    )
    who = zoho_oauth.identity(script, "https://www.zohoapis.eu", access_token="t")
    assert (who.user_id, who.name, who.org_id, who.admin, who.email) == ("1", "W", "5", False, "")


@pytest.mark.parametrize(
    ("user", "org", "kind"),
    [
        (answer(401, '{"code":"INVALID_TOKEN"}'), None, ConnectionLost),
        (answer(401, '{"code":"OAUTH_SCOPE_MISMATCH"}'), None, ConnectionLost),
        (answer(204), None, Transient),
        (answer(200, '{"users":[]}'), None, Transient),
        (answer(200, '{"users":[{}]}'), answer(200, ORG), Transient),
        (answer(200, USER % "x"), answer(200, '{"org":[{"company_name":"x"}]}'), Transient),
        (answer(200, "<html>"), None, Transient),
    ],
)
def test_without_a_clear_identity_nobody_is_signed_in(
    user: Answer, org: Answer | None, kind: type[SyncError]
) -> None:
    script = Scripted(*(one for one in (user, org) if one))
    with pytest.raises(kind):
        zoho_oauth.identity(script, "https://www.zohoapis.eu", access_token="t")


# --- data centres -----------------------------------------------------------------------------

HOSTILE = [
    "",
    "https://accounts.zoho.com/",
    "https://accounts.zoho.com.",
    "https://accounts.zoho.com:443",
    "https://accounts.zoho.com:8443",
    "http://accounts.zoho.com",
    "HTTPS://accounts.zoho.com",
    "https://ACCOUNTS.zoho.com",
    "https://accounts.zoho.com@evil.example",
    "https://accounts.zoho.com:x@evil.example",
    "https://evil.example/https://accounts.zoho.com",
    "https://evil.example#https://accounts.zoho.com",
    "https://accounts.zoho.com.evil.example",
    "https://accounts-zoho.com",
    "https://accounts.zohο.com",
    "https://accounts。zoho.com",
    "https://accounts.zoho.com%2eevil.example",
    "https://accounts.zoho.com\\@evil.example",
    "https://accounts.zoho.com\n",
    " https://accounts.zoho.com",
    "https://accounts.zoho.com?x",
    "https://accounts.zoho.com/../x",
    "//accounts.zoho.com",
    "accounts.zoho.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://169.254.169.254",
    "https://localhost",
    "https://[::1]",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_no_stranger_gets_our_secrets(url: str) -> None:
    assert not datacentres.accounts_server_allowed(url)
    assert not datacentres.api_domain_allowed(url)
    assert not datacentres.accounts_server_allowed(url, "http://127.0.0.1:9202")
    assert not datacentres.api_domain_allowed(url, "http://127.0.0.1:9202")


def test_every_data_centre_is_allowed_and_an_override_replaces_them_all() -> None:
    for centre in datacentres.DATA_CENTRES:
        assert datacentres.accounts_server_allowed(centre.accounts)
        assert datacentres.api_domain_allowed(centre.api)
        assert not datacentres.accounts_server_allowed(centre.accounts, "http://127.0.0.1:9202/")
        assert not datacentres.api_domain_allowed(centre.accounts)
        assert datacentres.crm_of(centre.api) == centre.crm
    assert datacentres.accounts_server_allowed("http://127.0.0.1:9202", "http://127.0.0.1:9202/")
    assert datacentres.api_domain_allowed("http://127.0.0.1:9202", "http://127.0.0.1:9202")
    assert datacentres.crm_of("http://127.0.0.1:9202") is None


@pytest.mark.parametrize(
    ("told", "domain"),
    [
        ('"https://www.zohoapis.eu/"', "https://www.zohoapis.eu"),
        ("null", None),
        ('""', None),
        ("5", None),
    ],
)
def test_the_api_domain_is_kept_as_it_is_compared(told: str, domain: str | None) -> None:
    assert (
        zoho_refresh(answer(200, f'{{"access_token":"a","api_domain":{told}}}')).api_domain
        == domain
    )
