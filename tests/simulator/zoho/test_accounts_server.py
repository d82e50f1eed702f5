"""Sign-in, grant codes and tokens as Zoho's accounts server hands them out."""

import base64
import hashlib
import re

from simulator.zoho.accounts import THROTTLED
from tests.simulator.zoho.conftest import ACCOUNTS, REDIRECT, SCOPES, Crm


def test_the_callback_names_data_centre_and_accounts_server(crm: Crm) -> None:
    back = crm.authorize(state="abc")
    assert back["location"] == "eu"
    assert back["accounts-server"] == ACCOUNTS
    assert back["state"] == "abc"


def test_the_token_answer_names_its_own_api_domain(crm: Crm) -> None:
    answer = crm.sign_in()
    assert answer["api_domain"] == "https://www.zohoapis.eu"
    assert answer["expires_in"] == 3600
    assert answer["token_type"] == "Bearer"
    assert answer["refresh_token"]


def test_without_consent_a_second_sign_in_brings_no_refresh_token(crm: Crm) -> None:
    assert "refresh_token" not in crm.sign_in(prompt="login")


def test_without_offline_access_there_is_no_refresh_token(crm: Crm) -> None:
    assert "refresh_token" not in crm.sign_in(access_type="online")


def test_a_person_chooses_who_signs_in_on_the_consent_page(crm: Crm) -> None:
    crm.world.switches.auto_consent = False
    query = {
        "response_type": "code",
        "client_id": "demo-zoho",
        "scope": SCOPES,
        "redirect_uri": REDIRECT,
        "access_type": "offline",
        "prompt": "consent",
        "state": "<x>",
    }
    page = crm.session.get(f"{ACCOUNTS}/oauth/v2/auth", params=query)
    assert page.status_code == 200
    assert "<x>" not in page.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    luc = crm.world.zoho.org.user("luc").id
    form = {**fields, "state": "s", "user": luc, "decision": "allow"}
    back = crm.session.post(f"{ACCOUNTS}/oauth/v2/auth", data=form, allow_redirects=False)
    code = back.headers["Location"].split("code=")[1].split("&")[0]
    answer = crm.post_token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    crm.token = answer.json()["access_token"]
    users = crm.call("GET", "/users?type=CurrentUser").json()["users"]
    assert users[0]["full_name"] == "Luc Moreau"
    assert users[0]["locale"] == "fr_FR"


def test_a_person_who_rejects_sends_access_denied_back(crm: Crm) -> None:
    form = {
        "response_type": "code",
        "client_id": "demo-zoho",
        "scope": SCOPES,
        "redirect_uri": REDIRECT,
        "state": "s",
        "decision": "deny",
    }
    back = crm.session.post(f"{ACCOUNTS}/oauth/v2/auth", data=form, allow_redirects=False)
    assert "error=access_denied" in back.headers["Location"]


def test_an_unregistered_redirect_uri_is_never_redirected_to(crm: Crm) -> None:
    query = {
        "response_type": "code",
        "client_id": "demo-zoho",
        "scope": SCOPES,
        "redirect_uri": "https://evil.example/cb",
    }
    answer = crm.session.get(f"{ACCOUNTS}/oauth/v2/auth", params=query, allow_redirects=False)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_token_errors_come_with_status_200(crm: Crm) -> None:
    wrong_code = crm.post_token(grant_type="authorization_code", code="x", redirect_uri=REDIRECT)
    wrong_client = crm.post_token(grant_type="refresh_token", client_id="nobody")
    wrong_secret = crm.post_token(grant_type="refresh_token", client_secret="no")
    assert [a.status_code for a in (wrong_code, wrong_client, wrong_secret)] == [200, 200, 200]
    assert wrong_code.json() == {"error": "invalid_code"}
    assert wrong_client.json() == {"error": "invalid_client"}
    assert wrong_secret.json() == {"error": "invalid_client_secret"}


def test_a_grant_code_works_once_and_for_two_minutes(crm: Crm) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    code = crm.authorize()["code"]
    assert "access_token" in crm.post_token(code=code, **form).json()
    assert crm.post_token(code=code, **form).json() == {"error": "invalid_code"}
    late = crm.authorize()["code"]
    crm.world.clock.advance(121)
    assert crm.post_token(code=late, **form).json() == {"error": "invalid_code"}


def test_pkce_refuses_a_wrong_verifier(crm: Crm) -> None:
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    more = {"code_challenge": challenge, "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    wrong = crm.post_token(code=crm.authorize(**more)["code"], code_verifier="no", **form)
    right = crm.post_token(code=crm.authorize(**more)["code"], code_verifier=verifier, **form)
    assert wrong.json() == {"error": "invalid_code"}
    assert "access_token" in right.json()


def test_the_eleventh_token_in_ten_minutes_is_throttled_with_status_400(crm: Crm) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": crm.refresh_token}
    answers = [crm.post_token(**form) for _ in range(10)]
    assert [a.status_code for a in answers] == [200] * 9 + [400]
    assert answers[-1].json() == THROTTLED
    crm.world.clock.advance(601)
    assert crm.post_token(**form).status_code == 200


def test_a_refresh_answer_has_no_refresh_token(crm: Crm) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": crm.refresh_token}
    assert "refresh_token" not in crm.post_token(**form).json()


def test_the_twenty_first_refresh_token_silently_ends_the_first(crm: Crm) -> None:
    first = crm.refresh_token
    for _ in range(20):
        crm.sign_in()
    answer = crm.post_token(grant_type="refresh_token", refresh_token=first)
    assert answer.json() == {"error": "invalid_code"}


def test_an_access_token_ends_after_an_hour(crm: Crm) -> None:
    crm.world.clock.advance(3600)
    assert crm.refused(crm.call("GET", "/org"))[:2] == (401, "INVALID_TOKEN")


def test_revoking_ends_the_refresh_token_and_its_access_tokens(crm: Crm) -> None:
    answer = crm.session.post(
        f"{ACCOUNTS}/oauth/v2/token/revoke", data={"token": crm.refresh_token}
    )
    assert answer.json() == {"status": "success"}
    assert crm.refused(crm.call("GET", "/org"))[:2] == (401, "INVALID_TOKEN")
    again = crm.post_token(grant_type="refresh_token", refresh_token=crm.refresh_token)
    assert again.json() == {"error": "invalid_code"}


def test_a_bearer_token_is_not_accepted_by_the_api(crm: Crm) -> None:
    answer = crm.session.get(
        "https://www.zohoapis.eu/crm/v8/org", headers={"Authorization": f"Bearer {crm.token}"}
    )
    assert crm.refused(answer)[:2] == (401, "INVALID_TOKEN")


def test_a_missing_scope_is_named_as_such(crm: Crm) -> None:
    crm.sign_in(scope="ZohoCRM.modules.accounts.READ,ZohoCRM.coql.READ")
    assert crm.call("GET", "/Accounts?fields=Account_Name").status_code == 204
    refusals = [
        crm.call("GET", "/org"),
        crm.call("POST", "/Accounts", {"data": [{"Account_Name": "A"}]}),
        crm.call("GET", "/Invoices?fields=Subject"),
        crm.call("POST", "/coql", {"select_query": "select id from Invoices where id is not null"}),
    ]
    assert [crm.refused(one)[:2] for one in refusals] == [(401, "OAUTH_SCOPE_MISMATCH")] * 4


def test_userinfo_tells_who_signed_in(crm: Crm) -> None:
    answer = crm.session.get(
        f"{ACCOUNTS}/oauth/v2/userinfo", headers={"Authorization": f"Bearer {crm.token}"}
    )
    assert answer.json()["email"] == "ana@harbourvine.example"
