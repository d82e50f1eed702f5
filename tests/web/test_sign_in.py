"""Signing in: one way in, no second use, nothing for strangers."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from backend.store.tables import Login, Organisation, UserSession
from backend.web.tokens import derived_key
from tests.web.conftest import PUBLIC, Stage, block, query_of


def test_signing_in_hands_a_code_to_the_exact_origin_and_trades_it_for_a_bearer(
    stage: Stage,
) -> None:
    handoff = stage.handoff("sign_in", "ana@harbourvine.example")
    assert handoff["origin"] == PUBLIC
    answer = stage.browser.post("/auth/token", json={"code": handoff["code"]})
    told = answer.get_json()
    assert told["expires_in"] <= 15 * 60
    assert told["user"]["name"] == "Ana Whitfield"
    assert told["user"]["admin"] is True
    assert set(told["user"]) == {"id", "name", "email", "locale", "admin"}
    assert told["org"]["name"] == stage.world.zoho.org.name
    me = stage.browser.get(
        "/api/me", headers={"Authorization": f"Bearer {told['access_token']}"}
    ).get_json()
    assert me["user"] == told["user"]
    assert me["org"] == told["org"]


def test_profile_administrator_alone_makes_an_administrator(stage: Stage) -> None:
    assert stage.sign_in("luc@harbourvine.example").tokens["user"]["admin"] is False


def test_the_popup_page_carries_the_code_in_a_data_block_and_no_inline_script(
    stage: Stage,
) -> None:
    page = stage.go(stage.zoho_callback("sign_in", "ana@harbourvine.example"))
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    code = block(page, "handoff")["code"]
    assert page.text.count(code) == 1
    script = stage.browser.get("/auth/popup.js")
    assert script.status_code == 200
    assert script.content_type.startswith("text/javascript")
    assert "postMessage" in script.text
    assert stage.browser.get("/auth/popup.css").status_code == 200


def test_nothing_anywhere_sets_a_cookie(stage: Stage) -> None:
    pages = [
        stage.browser.get(f"/auth/zoho/start?purpose=sign_in&origin={PUBLIC}"),
        stage.go(stage.zoho_callback("sign_in", "ana@harbourvine.example")),
        stage.browser.post("/auth/token", json={"code": "none"}),
        stage.browser.get("/healthz"),
        stage.browser.get("/widget/record.html"),
        stage.browser.post("/webhooks/xero", data=b"{}"),
    ]
    assert [page.headers.get("Set-Cookie") for page in pages] == [None] * len(pages)


def test_a_code_works_once(stage: Stage) -> None:
    code = stage.handoff("sign_in", "ana@harbourvine.example")["code"]
    assert stage.browser.post("/auth/token", json={"code": code}).status_code == 200
    again = stage.browser.post("/auth/token", json={"code": code})
    assert again.status_code == 401
    assert again.get_json()["code"] == "sign_in_code_invalid"


def test_a_code_dies_after_a_minute(stage: Stage) -> None:
    code = stage.handoff("sign_in", "ana@harbourvine.example")["code"]
    stage.clock.at += timedelta(seconds=61)
    assert stage.browser.post("/auth/token", json={"code": code}).status_code == 401


def test_a_code_shown_by_a_page_of_another_origin_is_refused_and_used_up(stage: Stage) -> None:
    code = stage.handoff("sign_in", "ana@harbourvine.example")["code"]
    foreign = {"Origin": "https://evil.example"}
    refused = stage.browser.post("/auth/token", json={"code": code}, headers=foreign)
    assert refused.status_code == 401
    assert stage.browser.post("/auth/token", json={"code": code}).status_code == 401


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "https://evil.example",
        PUBLIC + ".evil.example",
        PUBLIC + "/",
        "null",
        "http://localhost",
    ],
)
def test_only_origins_of_widget_pages_may_ask_for_a_sign_in(stage: Stage, origin: str) -> None:
    query = urlencode({"purpose": "sign_in", "origin": origin})
    answer = stage.browser.get(f"/auth/zoho/start?{query}")
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_an_unknown_purpose_goes_nowhere(stage: Stage) -> None:
    answer = stage.browser.get(f"/auth/zoho/start?purpose=all&origin={PUBLIC}")
    assert answer.status_code == 400


def test_the_way_to_zoho_carries_state_challenge_and_the_smallest_scopes(stage: Stage) -> None:
    away = stage.browser.get(f"/auth/zoho/start?purpose=sign_in&origin={PUBLIC}")
    sent = query_of(away.headers["Location"])
    assert sent["code_challenge_method"] == "S256"
    assert sent["access_type"] == "online"
    assert sorted(sent["scope"].split(",")) == ["ZohoCRM.org.READ", "ZohoCRM.users.READ"]
    with stage.sync.database.begin() as session:
        kept = session.query(Login).one()
        assert kept.id != sent["state"]
        assert sent["state"].encode() not in kept.verifier


def test_a_forged_state_opens_nothing(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    forged = callback.replace(query_of(callback)["state"], "forged")
    page = stage.go(forged)
    assert page.status_code == 400
    assert 'id="handoff"' not in page.text


def test_a_state_works_once(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    assert stage.go(callback).status_code == 200
    calls = stage.world.log.count()
    assert stage.go(callback).status_code == 400
    assert stage.world.log.count() == calls


def test_a_state_dies_after_ten_minutes(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    stage.clock.at += timedelta(minutes=10, seconds=1)
    assert stage.go(callback).status_code == 400


def test_a_state_of_a_sign_in_connects_no_xero(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    state = query_of(callback)["state"]
    page = stage.browser.get(f"/auth/xero/callback?code=x&state={state}")
    assert page.status_code == 400


def test_a_foreign_accounts_server_never_sees_our_secret(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    calls = stage.world.log.count()
    for server in ("https://evil.example", "https://accounts.zoho.eu.evil.example"):
        bent = callback.replace(
            urlencode({"accounts-server": stage.world.urls.zoho_accounts}),
            urlencode({"accounts-server": server}),
        )
        assert bent != callback
        page = stage.go(bent)
        assert page.status_code == 400
    assert stage.world.log.count() == calls


def test_who_says_no_at_zoho_is_told_so(stage: Stage) -> None:
    callback = stage.zoho_callback("sign_in", "ana@harbourvine.example")
    state = query_of(callback)["state"]
    page = stage.browser.get(f"/auth/zoho/callback?error=access_denied&state={state}")
    assert page.status_code == 403
    assert 'id="handoff"' not in page.text


def test_connecting_is_for_administrators_and_gives_an_unused_token_back(stage: Stage) -> None:
    page = stage.go(stage.zoho_callback("connect", "luc@harbourvine.example"))
    assert page.status_code == 403
    with stage.sync.database.begin() as session:
        assert session.query(Organisation).count() == 0
    revoked = [entry for entry in stage.world.log.entries("zoho") if "revoke" in entry.path]
    assert len(revoked) == 1


def test_a_rotated_refresh_token_gives_the_next_one(stage: Stage) -> None:
    person = stage.sign_in()
    answer = stage.browser.post(
        "/auth/token", json={"refresh_token": person.tokens["refresh_token"]}
    ).get_json()
    assert answer["refresh_token"] != person.tokens["refresh_token"]
    assert answer["user"] == person.tokens["user"]
    person.tokens = answer
    assert person.get("/api/me")["user"]["name"] == "Ana Whitfield"


def rotated(stage: Stage, refresh: str) -> dict[str, Any]:
    """The tokens a refresh token is traded for."""
    answer = stage.browser.post("/auth/token", json={"refresh_token": refresh})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_a_copied_tab_that_shows_a_token_just_rotated_is_refused_and_ends_nothing(
    stage: Stage,
) -> None:
    person = stage.sign_in()
    old = person.tokens["refresh_token"]
    person.tokens = rotated(stage, old)
    stage.clock.at += timedelta(seconds=59)
    for _ in range(2):
        assert stage.browser.post("/auth/token", json={"refresh_token": old}).status_code == 401
    assert person.get("/api/me")["user"]["name"] == "Ana Whitfield"
    assert rotated(stage, person.tokens["refresh_token"])


def test_only_the_token_right_before_the_newest_is_merely_refused(stage: Stage) -> None:
    old = stage.sign_in().tokens["refresh_token"]
    newest = rotated(stage, rotated(stage, old)["refresh_token"])["refresh_token"]
    assert stage.browser.post("/auth/token", json={"refresh_token": old}).status_code == 401
    assert stage.browser.post("/auth/token", json={"refresh_token": newest}).status_code == 401


def test_reusing_a_rotated_refresh_token_ends_the_session(stage: Stage) -> None:
    person = stage.sign_in()
    old = person.tokens["refresh_token"]
    new = stage.browser.post("/auth/token", json={"refresh_token": old}).get_json()
    stage.clock.at += timedelta(seconds=60)
    assert stage.browser.post("/auth/token", json={"refresh_token": old}).status_code == 401
    answer = stage.browser.post("/auth/token", json={"refresh_token": new["refresh_token"]})
    assert answer.status_code == 401
    person.tokens = new
    assert person("GET", "/api/me").status_code == 401


def test_signing_out_ends_the_session_at_once(stage: Stage) -> None:
    person = stage.sign_in()
    assert person("POST", "/auth/sign-out").status_code == 204
    assert person("GET", "/api/me").status_code == 401
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert stage.browser.post("/auth/token", json=refresh).status_code == 401


def test_a_bearer_dies_after_a_quarter_of_an_hour(stage: Stage) -> None:
    person = stage.sign_in()
    stage.clock.at += timedelta(minutes=14)
    assert person("GET", "/api/me").status_code == 200
    stage.clock.at += timedelta(minutes=1)
    assert person("GET", "/api/me").status_code == 401


def test_a_session_dies_when_nobody_used_it_for_half_a_day(stage: Stage) -> None:
    person = stage.sign_in()
    stage.clock.at += timedelta(hours=12, seconds=1)
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert stage.browser.post("/auth/token", json=refresh).status_code == 401


def forged_bearers(stage: Stage) -> list[str]:
    """Bearers that look right and are not."""
    person = stage.sign_in()
    token = person.tokens["access_token"]
    head, body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    key = derived_key("another-secret-key", "bearer")
    return [
        "",
        "nonsense",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        jwt.encode(claims, key, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
    ]


def test_forged_bearers_are_refused(stage: Stage) -> None:
    for token in forged_bearers(stage):
        answer = stage.browser.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_bearer_in_the_address_is_none(stage: Stage) -> None:
    token = stage.sign_in().tokens["access_token"]
    assert stage.browser.get(f"/api/me?access_token={token}").status_code == 401


def test_the_database_holds_no_token_in_the_clear(stage: Stage) -> None:
    person = stage.sign_in()
    secret = person.tokens["refresh_token"].partition(".")[2]
    with stage.sync.database.begin() as session:
        kept = session.query(UserSession).one()
        assert secret not in (kept.refresh_hash, kept.previous_hash)


@pytest.mark.parametrize("body", [{}, {"code": "a", "refresh_token": "b"}, {"code": 1}, {"x": "y"}])
def test_a_token_request_is_one_of_two_things(stage: Stage, body: dict[str, object]) -> None:
    answer = stage.browser.post("/auth/token", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["fields"]


def test_pages_of_the_popup_speak_the_readers_language(stage: Stage) -> None:
    page = stage.browser.get(
        "/auth/zoho/callback?state=x&code=y", headers={"Accept-Language": "de-AT,de;q=0.9"}
    )
    assert 'lang="de"' in page.text
    assert page.headers["Content-Language"] == "de"
