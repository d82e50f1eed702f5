"""The product in this process, both systems simulated beside it, and people who sign in."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend import create_app
from backend.settings import Settings
from backend.sync.app import Sync
from simulator.transport import WSGITransport
from simulator.world import World
from simulator.xero.app import create_app as xero_app
from simulator.zoho.app import create_app as zoho_app

FERNET = "b2xkIGtleXMgYXJlIG5vdCBnb29kIGtleXMsIGJ1dCE="
PUBLIC = "http://localhost:8000"


def environment(world: World, database_url: str) -> dict[str, str]:
    """The variables of a product that talks to the simulators."""
    return {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEY": "only-for-tests-" * 3,
        "TOKEN_KEYS": FERNET,
        "XERO_CLIENT_ID": world.xero_client.client_id,
        "XERO_CLIENT_SECRET": world.xero_client.secret,
        "XERO_WEBHOOK_KEY": "webhook-key",
        "ZOHO_CLIENT_ID": world.zoho_client.client_id,
        "ZOHO_CLIENT_SECRET": world.zoho_client.secret,
        "ZOHO_ACCOUNTS_URL": world.urls.zoho_accounts,
    }


class Browser(FlaskClient):
    """A client that reads every answer to its end, as a browser does."""

    def open(self, *args: Any, **named: Any) -> TestResponse:
        """One request."""
        return super().open(*args, buffered=True, **named)


@dataclass
class Clock:
    """A clock the product reads and tests move."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Stage:
    """Everything a test of the web needs."""

    world: World
    sync: Sync
    app: Flask
    clock: Clock
    browser: FlaskClient

    def go(self, url: str) -> TestResponse:
        """Open an address of either simulator or of the product, as a browser does."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if origin == PUBLIC:
            return self.browser.get(path)
        urls = self.world.urls
        zoho = origin in {urls.zoho_accounts, urls.zoho_api}
        app = zoho_app(self.world) if zoho else xero_app(self.world)
        return app.test_client().get(path, base_url=origin)

    def zoho_callback(self, purpose: str, who: str) -> str:
        """Walk to Zoho and back; the address of the callback, not opened yet."""
        query = urlencode({"purpose": purpose, "origin": PUBLIC})
        away = self.browser.get(f"/auth/zoho/start?{query}")
        assert away.status_code == 302, away.text
        back = self.go(away.headers["Location"] + "&" + urlencode({"login_hint": who}))
        assert back.status_code == 302, back.text
        return back.headers["Location"]

    def handoff(self, purpose: str, who: str) -> dict[str, str]:
        """What the popup hands to the page that opened it."""
        page = self.go(self.zoho_callback(purpose, who))
        assert page.status_code == 200, page.text
        return block(page, "handoff")

    def sign_in(self, who: str = "ana@harbourvine.example", purpose: str = "sign_in") -> "Person":
        """A signed-in person."""
        code = self.handoff(purpose, who)["code"]
        answer = self.browser.post("/auth/token", json={"code": code})
        assert answer.status_code == 200, answer.text
        return Person(stage=self, tokens=answer.get_json())

    def sign_in_again(self, person: "Person") -> "Person":
        """The same session with a bearer anew, for the organisation it is of by now."""
        body = {"refresh_token": person.tokens["refresh_token"]}
        answer = self.browser.post("/auth/token", json=body)
        assert answer.status_code == 200, answer.text
        return Person(stage=self, tokens=answer.get_json())


@dataclass
class Person:
    """A person with a bearer, calling the API."""

    stage: Stage
    tokens: dict[str, Any]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """One call; `body` travels as JSON."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.stage.browser.open(
            path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.tokens['access_token']}", **names},
        )

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that works."""
        answer = self("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def connect_xero(self, choose: str | None = None) -> dict[str, Any]:
        """Walk to Xero and back, choose an organisation by name; both connections after it."""
        url = self("POST", "/api/connections/xero").get_json()["url"]
        back = self.stage.go(url)
        assert back.status_code == 302, back.text
        page = self.stage.go(back.headers["Location"])
        assert page.status_code == 200, page.text
        found: dict[str, Any] = self.get("/api/connections")
        if choose is None:
            return found
        chosen = next(one for one in found["xero"]["choices"] if one["name"] == choose)
        answer = self("PUT", "/api/connections/xero/organisation", {"id": chosen["id"]})
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())


def block(page: TestResponse, name: str) -> dict[str, str]:
    """The JSON block of a page, as its script reads it."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page.text)
    assert found, page.text
    return dict(json.loads(found[1]))


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address, one value each."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@contextmanager
def staged(database_url: str) -> Iterator[Stage]:
    """The product over two simulated systems whose consent pages agree at once."""
    world = World(seed="empty")
    world.switches.auto_consent = True
    settings = Settings.from_env(environment(world, database_url))
    urls = world.urls
    wire = WSGITransport(
        {
            urls.xero_login: xero_app(world),
            urls.xero_identity: xero_app(world),
            urls.xero_api: xero_app(world),
            urls.zoho_accounts: zoho_app(world),
            urls.zoho_api: zoho_app(world),
        }
    )
    clock = Clock(at=datetime.now(UTC))
    shell = Sync.from_settings(settings, adapters={"https://": wire, "http://": wire})
    shell = replace(shell, clock=clock)
    app = create_app(settings, shell)
    app.test_client_class = Browser
    yield Stage(world=world, sync=shell, app=app, clock=clock, browser=app.test_client())
    shell.database.dispose()


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    """The product over both systems, on SQLite."""
    with staged(sqlite_url) as made:
        yield made


@pytest.fixture
def admin(stage: Stage) -> Person:
    """The administrator, with CRM and one Xero organisation connected."""
    person = stage.sign_in(purpose="connect")
    person.connect_xero("Harbour & Vine Ltd")
    return person


@pytest.fixture
def colleague(stage: Stage, admin: Person) -> Person:
    """Somebody of the same organisation who is no administrator."""
    return stage.sign_in("luc@harbourvine.example")
