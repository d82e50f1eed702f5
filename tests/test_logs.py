"""Logs are lines of JSON that join up and keep every secret to themselves."""

from __future__ import annotations

import json
import logging
from contextvars import Context
from typing import Any

import pytest
from cryptography.fernet import Fernet

from backend import logs
from backend.apis.http import Answer, Request
from backend.apis.oauth import Tokens
from backend.settings import Settings
from backend.sync import exchanges
from backend.sync.app import Sync
from tests.sync.bridge import Bridge
from tests.sync.cases.told import told
from tests.sync.conftest import bridge

__all__ = ["bridge"]

KEY = Fernet.generate_key().decode()


@pytest.fixture
def settings() -> Settings:
    """Settings whose every secret can be recognised."""
    return Settings.from_env({
        "DATABASE_URL": "postgresql://bridge:dbpa%24%24word@db.example/x",
        "REDIS_URL": "redis://:redispassword@redis.example:6379/0",
        "SMTP_URL": "smtp://me:mailpassword@mail.example:25",
        "SECRET_KEY": "secretkeysecretkey",
        "TOKEN_KEYS": KEY,
        "XERO_CLIENT_ID": "xero-id", "XERO_CLIENT_SECRET": "xeroclientsecret",
        "XERO_WEBHOOK_KEY": "xerowebhookkey",
        "ZOHO_CLIENT_ID": "zoho-id", "ZOHO_CLIENT_SECRET": "zohoclientsecret",
    })  # fmt: skip


HIDDEN = (
    "dbpa%24%24word", "dbpa$$word", "redispassword", "mailpassword", "secretkeysecretkey", KEY,
    "xeroclientsecret", "xerowebhookkey", "zohoclientsecret",
    "eyJhbGciOi.eyJzdWIiOjE.c2lnbmF0dXJl", "1000." + "ab" * 16 + "." + "cd" * 16,
    "gAAAAA" + "b" * 60,
)  # fmt: skip


def line(settings: Settings, message: str, **extra: Any) -> dict[str, Any]:
    """What one record becomes."""
    record = logging.makeLogRecord({"msg": message, "name": "x", "levelno": 30, **extra})
    found: dict[str, Any] = json.loads(logs.Lines("web", logs.secrets_of(settings)).format(record))
    return found


@pytest.mark.parametrize("secret", HIDDEN, ids=range(len(HIDDEN)))
def test_no_secret_leaves_in_a_message_an_extra_or_a_traceback(
    settings: Settings, secret: str
) -> None:
    error = ValueError(f"it was {secret} here")
    told = line(settings, f"a {secret} b", where={"deep": secret}, exc_info=(None, error, None))
    assert secret not in json.dumps(told, ensure_ascii=False)
    assert "a *** b" in told["message"]


def test_headers_and_forms_are_hidden_by_their_shape(settings: Settings) -> None:
    told = line(settings, "Authorization: Bearer abcdef123456 grant_type=x&refresh_token=q1w2e3r4")
    assert "abcdef123456" not in told["message"]
    assert "q1w2e3r4" not in told["message"]


def test_secrets_are_in_no_representation(settings: Settings) -> None:
    shown = [
        repr(settings),
        repr(Request(method="GET", url="https://x.example", headers={"Authorization": "t0ps3cret"},
                     body=b"t0ps3cret")),
        repr(Answer(status=200, headers={}, body=b"t0ps3cret")),
        repr(Tokens(access="t0ps3cret", refresh="t0ps3cret")),
    ]  # fmt: skip
    for each in shown:
        assert not any(secret in each for secret in (*HIDDEN, "t0ps3cret")), each


def test_what_a_task_is_about_stands_in_each_of_its_lines(settings: Settings) -> None:
    """In a context of its own: what this process was about before is no part of it."""
    Context().run(_tell_what_it_is_about, settings)


def _tell_what_it_is_about(settings: Settings) -> None:
    with logs.about(org="o1", job="look"):
        with logs.about(request_id="r1"):
            told = line(settings, "inner")
        assert (told["org"], told["job"], told["request_id"]) == ("o1", "look", "r1")
        assert "request_id" not in line(settings, "outer")
    assert "org" not in line(settings, "after")


def test_a_calls_number_reaches_the_log_row_of_its_record(bridge: Bridge) -> None:
    sync: Sync = bridge.sync
    account = bridge.customer()
    before = exchanges.calls()
    bridge.click("accounts", account)
    row = told(bridge, account, operation="create")
    assert row.remote_request
    assert len(row.remote_request) == 36
    assert sum(exchanges.calls().values()) > sum(before.values())
    assert sync.settings.xero_client_secret not in repr(sync)
