"""Signing in, tokens, connections."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from simulator.world import World
from tests.simulator.xero.conftest import (
    API,
    CALLBACK,
    CLIENT,
    authorise,
    code_of,
    tokens,
)

TOKEN = "https://identity.xero.com/connect/token"
CONNECTIONS = "https://api.xero.com/connections"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


def refresh(session: requests.Session, token: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return session.post(TOKEN, data=form, auth=CLIENT)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_code_becomes_tokens_that_name_user_and_event(
    world: World, session: requests.Session
) -> None:
    answer = tokens(session, code_of(authorise(session, nonce="n1"))).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    identity = jwt.decode(answer["id_token"], options={"verify_signature": False})
    connections = session.get(CONNECTIONS, headers=bearer(answer["access_token"])).json()
    assert answer["expires_in"] == 1800
    assert claims["xero_userid"] == identity["xero_userid"]
    assert {c["authEventId"] for c in connections} == {claims["authentication_event_id"]}
    assert identity["nonce"] == "n1"


def test_tokens_are_signed_with_the_published_key(world: World, session: requests.Session) -> None:
    answer = tokens(session, code_of(authorise(session))).json()
    url = "https://identity.xero.com/.well-known/openid-configuration"
    published = session.get(session.get(url).json()["jwks_uri"]).json()["keys"][0]
    claims = jwt.decode(
        answer["access_token"],
        jwt.PyJWK(published).key,
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_nbf": False, "verify_aud": False},
    )
    assert claims["client_id"] == "demo-xero"


def test_a_code_works_once(session: requests.Session) -> None:
    code = code_of(authorise(session))
    assert tokens(session, code).status_code == 200
    again = tokens(session, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_a_code_dies_after_five_minutes(world: World, session: requests.Session) -> None:
    code = code_of(authorise(session))
    world.clock.advance(301)
    assert tokens(session, code).json() == {"error": "invalid_grant"}


def test_a_code_is_bound_to_its_redirect_uri(session: requests.Session) -> None:
    code = code_of(authorise(session))
    assert tokens(session, code, redirect_uri=CALLBACK + "/").json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("verifier", ["", "w" * 43])
def test_a_challenge_needs_its_verifier(session: requests.Session, verifier: str) -> None:
    code = code_of(authorise(session, code_challenge=CHALLENGE, code_challenge_method="S256"))
    answer = tokens(session, code, code_verifier=verifier)
    assert answer.json() == {"error": "invalid_grant"}


def test_the_right_verifier_is_accepted(session: requests.Session) -> None:
    code = code_of(authorise(session, code_challenge=CHALLENGE, code_challenge_method="S256"))
    assert tokens(session, code, code_verifier=VERIFIER).status_code == 200


def test_a_plain_challenge_is_refused(session: requests.Session) -> None:
    answer = authorise(session, code_challenge=VERIFIER, code_challenge_method="plain")
    assert answer.status_code == 400
    assert "invalid_request" in answer.text


def test_a_foreign_redirect_uri_is_never_redirected_to(session: requests.Session) -> None:
    answer = authorise(session, redirect_uri="https://evil.example/cb")
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize("scope", ["accounting.transactions", "accounting.everything", ""])
def test_old_and_unknown_scopes_are_refused(session: requests.Session, scope: str) -> None:
    answer = authorise(session, scope=scope)
    assert answer.status_code == 400
    assert "invalid_scope" in answer.text


def test_body_credentials_are_accepted_and_wrong_ones_are_not(session: requests.Session) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": code_of(authorise(session)),
        "redirect_uri": CALLBACK,
        "client_id": "demo-xero",
    }
    wrong = session.post(TOKEN, data={**form, "client_secret": "no"})
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_client"})
    assert session.post(TOKEN, data={**form, "client_secret": CLIENT[1]}).status_code == 200


def test_a_refresh_token_rotates_with_thirty_minutes_of_grace(
    world: World, session: requests.Session
) -> None:
    first = tokens(session, code_of(authorise(session))).json()["refresh_token"]
    second = refresh(session, first).json()["refresh_token"]
    assert second != first
    world.clock.advance(29 * 60)
    assert refresh(session, first).status_code == 200
    world.clock.advance(2 * 60)
    assert refresh(session, first).json() == {"error": "invalid_grant"}
    assert refresh(session, second).status_code == 200


def test_an_unused_refresh_token_dies_after_sixty_days(
    world: World, session: requests.Session
) -> None:
    token = tokens(session, code_of(authorise(session))).json()["refresh_token"]
    world.clock.advance(60 * 86_400 + 1)
    assert refresh(session, token).json() == {"error": "invalid_grant"}


def test_an_access_token_expires_after_thirty_minutes(
    world: World, session: requests.Session
) -> None:
    token = tokens(session, code_of(authorise(session))).json()["access_token"]
    headers = {**bearer(token), "xero-tenant-id": world.xero.ltd, "Accept": "application/json"}
    assert session.get(f"{API}/Organisation", headers=headers).status_code == 200
    world.clock.advance(1801)
    answer = session.get(f"{API}/Organisation", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["Detail"].startswith("TokenExpired")


def test_connections_have_xeros_shape(
    world: World, session: requests.Session, shared_dir: object
) -> None:
    token = tokens(session, code_of(authorise(session))).json()["access_token"]
    found = session.get(CONNECTIONS, headers=bearer(token)).json()
    assert {c["tenantName"] for c in found} == {
        "Harbour & Vine Ltd",
        "Harbour & Vine Trading B.V.",
    }
    for connection in found:
        assert connection["id"] != connection["tenantId"]
        assert connection["tenantType"] == "ORGANISATION"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}", connection["createdDateUtc"])


def test_connections_can_be_read_by_authorisation_event(
    world: World, session: requests.Session
) -> None:
    token = tokens(session, code_of(authorise(session))).json()["access_token"]
    known = session.get(CONNECTIONS, headers=bearer(token)).json()[0]["authEventId"]
    for event, count in ((known, 2), ("00000000-0000-0000-0000-000000000000", 0)):
        answer = session.get(CONNECTIONS, headers=bearer(token), params={"authEventId": event})
        assert len(answer.json()) == count


def test_removing_one_connection_leaves_the_token_and_closes_the_books(
    world: World, session: requests.Session
) -> None:
    token = tokens(session, code_of(authorise(session))).json()["access_token"]
    mine = {c["tenantId"]: c["id"] for c in session.get(CONNECTIONS, headers=bearer(token)).json()}
    url = f"{CONNECTIONS}/{mine[world.xero.ltd]}"
    assert session.delete(url, headers=bearer(token)).status_code == 204
    assert session.delete(url, headers=bearer(token)).status_code == 404
    headers = {**bearer(token), "Accept": "application/json"}
    closed = session.get(
        f"{API}/Organisation", headers={**headers, "xero-tenant-id": world.xero.ltd}
    )
    open_still = session.get(
        f"{API}/Organisation", headers={**headers, "xero-tenant-id": world.xero.trading}
    )
    assert (closed.status_code, closed.json()["Detail"]) == (403, "AuthenticationUnsuccessful")
    assert open_still.status_code == 200


def test_revocation_ends_tokens_and_all_connections(
    world: World, session: requests.Session
) -> None:
    answer = tokens(session, code_of(authorise(session))).json()
    url = "https://identity.xero.com/connect/revocation"
    revoked = session.post(url, data={"token": answer["refresh_token"]}, auth=CLIENT)
    assert (revoked.status_code, revoked.content) == (200, b"")
    assert refresh(session, answer["refresh_token"]).json() == {"error": "invalid_grant"}
    assert session.get(CONNECTIONS, headers=bearer(answer["access_token"])).status_code == 401
    assert world.xero.oauth.connections == {}


def test_consent_is_a_page_that_refuses_frames_and_a_person_ticks_organisations(
    world: World, session: requests.Session
) -> None:
    world.switches.auto_consent = False
    page = authorise(session)
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    form = {**fields, "user": "priya.raman@harbourandvine.example", "decision": "allow"}
    back = session.post(
        page.url, data={**form, "tenant": world.xero.trading}, allow_redirects=False
    )
    token = tokens(session, code_of(back)).json()["access_token"]
    found = session.get(CONNECTIONS, headers=bearer(token)).json()
    assert [c["tenantId"] for c in found] == [world.xero.trading]


def test_a_cancelled_consent_comes_back_with_access_denied(
    world: World, session: requests.Session
) -> None:
    world.switches.auto_consent = False
    page = authorise(session)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    back = session.post(page.url, data={**fields, "decision": "cancel"}, allow_redirects=False)
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert query == {"error": ["access_denied"], "state": ["s1"]}


def test_a_missing_scope_at_a_call_is_a_401_that_says_so(
    world: World, session: requests.Session
) -> None:
    code = code_of(authorise(session, scope="openid offline_access accounting.contacts.read"))
    token = tokens(session, code).json()["access_token"]
    headers = {
        **bearer(token),
        "xero-tenant-id": world.xero.ltd,
        "Accept": "application/json",
    }
    assert session.get(f"{API}/Contacts", headers=headers).status_code == 200
    for method, path in (("PUT", "Contacts"), ("GET", "Invoices"), ("GET", "Accounts")):
        answer = session.request(method, f"{API}/{path}", headers=headers, json={})
        assert answer.status_code == 401
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_a_user_reaches_only_their_own_organisations(
    world: World, session: requests.Session
) -> None:
    answer = authorise(session, login_hint="joost.verbeek@harbourandvine.example")
    token = tokens(session, code_of(answer)).json()["access_token"]
    found = session.get(CONNECTIONS, headers=bearer(token)).json()
    assert [c["tenantId"] for c in found] == [world.xero.trading]
