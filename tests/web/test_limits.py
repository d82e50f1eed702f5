"""Whoever asks too often is told so and when to come again; others do not notice."""

from datetime import timedelta

import pytest
import redis

from backend.web import limits
from tests.web.conftest import Person, Stage


def test_a_session_that_asks_too_often_waits_and_others_do_not(
    stage: Stage, admin: Person, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.clock.at += timedelta(seconds=120)
    monkeypatch.setitem(limits.LIMITS, "api", 3)
    told = [admin("GET", "/api/connections", Accept_Language="fr") for _ in range(4)]
    assert [each.status_code for each in told] == [200, 200, 200, 429]
    assert told[-1].content_type == "application/problem+json"
    assert told[-1].get_json()["code"] == "too_many_requests"
    assert "Réessayez" in told[-1].get_json()["detail"]
    assert 1 <= int(told[-1].headers["Retry-After"]) <= 60
    assert colleague("GET", "/api/connections").status_code == 200
    assert admin("GET", "/healthz").status_code == 200
    stage.clock.at += timedelta(seconds=60)
    assert admin("GET", "/api/connections").status_code == 200


def test_signing_in_is_limited_by_address(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "sign_in", 2)
    codes = [
        stage.browser.post("/auth/token", json={"code": "x"}, headers={"X-Forwarded-For": where})
        for where in ("9.9.9.9", "9.9.9.9", "9.9.9.9", "spoofed, 8.8.8.8")
    ]
    assert [each.status_code for each in codes] == [401, 401, 429, 401]


def test_only_a_proxy_nearby_speaks_for_others() -> None:
    told = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}
    assert limits.address("10.0.0.7", told) == "2.2.2.2"
    assert limits.address("127.0.0.1", told) == "2.2.2.2"
    assert limits.address("203.0.114.9", told) == "203.0.114.9"
    assert limits.address(None, {}) == "unknown"


def test_webhooks_answer_empty_whatever_happens(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "webhook", 1)
    answers = [stage.browser.post("/webhooks/xero", data=b"{}") for _ in range(2)]
    assert [each.status_code for each in answers] == [401, 429]
    assert [each.data for each in answers] == [b"", b""]


def test_all_processes_count_together_and_alone_without_redis(
    stage: Stage, admin: Person, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "api", 2)
    stage.clock.at += timedelta(seconds=120)
    shared = redis.Redis.from_url(redis_url)
    monkeypatch.setattr(stage.sync, "redis", shared)
    assert admin("GET", "/api/connections").status_code == 200
    (key,) = shared.keys("limit:api:*")
    shared.incr(key)  # another process heard from the same session
    assert admin("GET", "/api/connections").status_code == 429
    monkeypatch.setattr(stage.sync, "redis", redis.Redis(port=1))
    assert [admin("GET", "/api/connections").status_code for _ in range(3)] == [200, 200, 429]
    shared.close()


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/healthz", None),
        ("GET", "/widget/record.html", None),
        ("OPTIONS", "/api/log", None),
        ("POST", "/webhooks/zoho/x", "webhook"),
        ("POST", "/auth/token", "sign_in"),
        ("GET", "/api/log", "api"),
        ("GET", "/api/log.csv", "costly"),
        ("POST", "/api/modules/all/preview", "costly"),
        ("POST", "/api/records/accounts/1/sync", "api"),
    ],
)
def test_every_address_has_its_limit(method: str, path: str, kind: str | None) -> None:
    assert limits.kind_of(method, path) == kind
