"""A simulated world with both clients connected to it through the real sign-in, in one process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests

from backend.apis import pkce
from backend.apis.budget import Budget
from backend.apis.http import Answer, Exchange, Request, RequestsTransport, headers_of
from backend.apis.oauth import Tokens
from backend.apis.xero import oauth as xero_oauth
from backend.apis.xero.client import XeroClient, XeroURLs
from backend.apis.zoho import oauth as zoho_oauth
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import Transient
from backend.core.spec import Resource
from backend.modules import all_specs
from backend.sync.consent import xero_scopes, zoho_scopes
from simulator.transport import WSGITransport
from simulator.world import World
from simulator.xero.app import create_app as xero_app
from simulator.zoho.app import create_app as zoho_app

CALLBACK = "http://localhost:8000/callback"
XERO = {"client_id": "demo-xero", "secret": "demo-xero-secret"}
ZOHO = {"client_id": "demo-zoho", "secret": "demo-zoho-secret"}
ACCOUNTS = all_specs()["accounts"]
PRODUCTS = all_specs()["products"]
INVOICES = all_specs()["invoices"]
PAYMENTS = all_specs()["payments"]
CREDIT_NOTES = Resource(
    path="CreditNotes", id="CreditNoteID", number="CreditNoteNumber", label="CreditNoteNumber",
    modified="UpdatedDateUTC",
)  # fmt: skip


@dataclass
class Held:
    """A token source with one connection's tokens in memory."""

    tokens: Tokens
    renew: Callable[[str], Tokens]
    refreshed: int = 0

    def get(self) -> str:
        """The token as it is."""
        return self.tokens.access

    def refresh(self, stale: str) -> str:
        """A new token, unless somebody has refreshed the stale one already."""
        if self.tokens.access == stale:
            fresh = self.renew(self.tokens.refresh or "")
            self.refreshed += 1
            self.tokens = Tokens(access=fresh.access, refresh=fresh.refresh or self.tokens.refresh)
        return self.tokens.access


class Scripted:
    """A transport that answers what a test wrote down, and remembers what was asked."""

    def __init__(self, *answers: Answer | Transient) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answer:
        """The next answer."""
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Transient):
            raise answer
        return answer


class Fixed:
    """A token source without a server behind it."""

    def __init__(self) -> None:
        self.token, self.refreshed = "token-1", 0

    def get(self) -> str:
        """The present token."""
        return self.token

    def refresh(self, stale: str) -> str:
        """The next token."""
        assert stale == self.token
        self.refreshed += 1
        self.token = f"token-{self.refreshed + 1}"
        return self.token


def answer(status: int, body: bytes | str = b"", **headers: str) -> Answer:
    """An answer; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    return Answer(status=status, headers=headers_of(named), body=raw)


@dataclass
class Bridge:
    """Both simulated systems, and this side's clients of them."""

    world: World
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Mount both applications where the vendors' own hosts are."""
        self.world.switches.auto_consent = True
        urls, xero, zoho = self.world.urls, xero_app(self.world), zoho_app(self.world)
        self.adapter = WSGITransport(
            {
                urls.xero_login: xero,
                urls.xero_identity: xero,
                urls.xero_api: xero,
                urls.zoho_accounts: zoho,
                urls.zoho_api: zoho,
            }
        )
        self.transport = RequestsTransport(
            {"https://": self.adapter, "http://": self.adapter}, on_exchange=self.exchanges.append
        )
        self.urls = XeroURLs()
        self.budget = Budget(clock=lambda: self.world.clock.now().timestamp(), alone=True)

    def callback(self, url: str) -> dict[str, str]:
        """What the browser brings back after the person has agreed."""
        with requests.Session() as browser:
            browser.mount("https://", self.adapter)
            response = browser.get(url, allow_redirects=False)
        assert response.status_code == 302, response.text
        return {k: v[0] for k, v in parse_qs(urlsplit(response.headers["Location"]).query).items()}

    def xero_tokens(self, scopes: tuple[str, ...] = xero_scopes()) -> Tokens:
        """Sign in at Xero."""
        verifier = pkce.new_verifier()
        url = xero_oauth.authorize_url(
            self.urls,
            client_id=XERO["client_id"],
            redirect_uri=CALLBACK,
            state="s",
            challenge=pkce.challenge(verifier),
            scopes=scopes,
        )
        return xero_oauth.exchange(
            self.transport,
            self.urls,
            code=self.callback(url)["code"],
            verifier=verifier,
            redirect_uri=CALLBACK,
            **XERO,
        )

    def zoho_tokens(self, scopes: tuple[str, ...] = zoho_scopes()) -> Tokens:
        """Sign in at Zoho, offline."""
        verifier = pkce.new_verifier()
        url = zoho_oauth.authorize_url(
            self.world.urls.zoho_accounts,
            client_id=ZOHO["client_id"],
            redirect_uri=CALLBACK,
            state="s",
            challenge=pkce.challenge(verifier),
            scopes=scopes,
            offline=True,
        )
        return zoho_oauth.exchange(
            self.transport,
            self.world.urls.zoho_accounts,
            code=self.callback(url)["code"],
            verifier=verifier,
            redirect_uri=CALLBACK,
            **ZOHO,
        )

    def xero(self, tokens: Tokens | None = None, *, priority: str = "click") -> XeroClient:
        """A client of the first organisation."""
        self.xero_held = Held(
            tokens or self.xero_tokens(),
            lambda old: xero_oauth.refresh(self.transport, self.urls, refresh_token=old, **XERO),
        )
        return XeroClient(
            transport=self.transport,
            urls=self.urls,
            tenant_id=self.tenant,
            token=self.xero_held,
            budget=self.budget,
            priority=priority,
            sleep=self.world.clock.advance,
        )

    def zoho(self, tokens: Tokens | None = None, *, priority: str = "click") -> ZohoClient:
        """A client of the organisation's CRM."""
        tokens = tokens or self.zoho_tokens()
        self.zoho_held = Held(
            tokens,
            lambda old: zoho_oauth.refresh(
                self.transport, self.world.urls.zoho_accounts, refresh_token=old, **ZOHO
            ),
        )
        return ZohoClient(
            transport=self.transport,
            api_domain=tokens.api_domain or "",
            token=self.zoho_held,
            budget=self.budget,
            org_id="org",
            priority=priority,
            sleep=self.world.clock.advance,
        )

    @property
    def tenant(self) -> str:
        """The first Xero organisation."""
        return next(iter(self.world.xero.organisations))
