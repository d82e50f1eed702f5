"""A frozen world with a connected application, and a caller whose answers are all checked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from simulator.jsontext import loads
from simulator.switches import Switches
from simulator.transport import WSGITransport
from simulator.world import World
from simulator.xero.app import create_app
from tests.contract import xero_openapi

NOON = datetime(2026, 11, 20, 12, 0, 5, 250_000, tzinfo=UTC)
SCOPES = (
    "openid profile email offline_access accounting.contacts accounting.invoices "
    "accounting.payments accounting.settings accounting.attachments"
)
CALLBACK = "http://localhost:8000/auth/xero/callback"
API = "https://api.xero.com/api.xro/2.0"
CLIENT = ("demo-xero", "demo-xero-secret")


def session_of(world: World) -> requests.Session:
    """A session that reaches the simulator under Xero's own names."""
    app = create_app(world)
    session = requests.Session()
    hosts = ("https://login.xero.com", "https://identity.xero.com", "https://api.xero.com")
    session.mount("https://", WSGITransport(dict.fromkeys(hosts, app)))
    return session


def authorise(session: requests.Session, *, scope: str = SCOPES, **more: str) -> requests.Response:
    """The answer of the sign-in page."""
    query = {
        "response_type": "code",
        "client_id": "demo-xero",
        "redirect_uri": CALLBACK,
        "scope": scope,
        "state": "s1",
        **more,
    }
    url = "https://login.xero.com/identity/connect/authorize"
    return session.get(url, params=query, allow_redirects=False)


def code_of(answer: requests.Response) -> str:
    """The code in a redirect."""
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def tokens(session: requests.Session, code: str, **more: str) -> requests.Response:
    """The token endpoint's answer to a code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        **more,
    }
    return session.post("https://identity.xero.com/connect/token", data=form, auth=CLIENT)


@dataclass
class Caller:
    """Calls one organisation; every answer has to fit the official description."""

    session: requests.Session
    checker: xero_openapi.Checker
    tenant: str
    token: str
    answers: int = field(default=0)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> requests.Response:
        """One call; `query` are parameters."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            "xero-tenant-id": self.tenant,
            "Accept": "application/json",
            **(headers or {}),
        }
        answer = self.session.request(
            method, f"{API}/{path}", json=body, headers=sent, params=query
        )
        self.answers += 1
        if "json" in answer.headers.get("Content-Type", ""):
            content = None if answer.status_code in {204, 304} else answer.text
            found = self.checker.check_answer(method, f"/{path}", answer.status_code, content)
            assert found == [], (method, path, answer.text[:500])
        return answer

    def ok(self, method: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """The content of an answer that has to be good."""
        answer = self(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        return loads(answer.text)

    def errors(self, method: str, path: str, body: Any = None, **query: str) -> list[str]:
        """The messages of an answer that has to be a validation error."""
        answer = self(method, path, body, **query)
        assert answer.status_code == 400, answer.text
        content = loads(answer.text)
        assert content["Type"] == "ValidationException"
        assert content["ErrorNumber"] == 10
        return [e["Message"] for one in content["Elements"] for e in one["ValidationErrors"]]

    def contact(self, name: str = "Kestrel Foods", **more: Any) -> dict[str, Any]:
        """A new contact."""
        return self.ok("PUT", "Contacts", {"Contacts": [{"Name": name, **more}]})["Contacts"][0]

    def invoice(self, contact: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A new approved invoice of 100.00 and 20.00 tax unless told otherwise."""
        body = {"Invoices": [invoice_body(contact["ContactID"], **more)]}
        return self.ok("PUT", "Invoices", body, unitdp="4")["Invoices"][0]

    def pay(self, invoice: dict[str, Any], amount: str, **more: Any) -> dict[str, Any]:
        """A new payment."""
        body = {"Payments": [payment_body(invoice, amount, **more)]}
        return self.ok("PUT", "Payments", body)["Payments"][0]

    def read(self, invoice: dict[str, Any]) -> dict[str, Any]:
        """An invoice as it is now."""
        return self.ok("GET", f"Invoices/{invoice['InvoiceID']}", unitdp="4")["Invoices"][0]


def line(amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """A line of a service."""
    start = {"Description": "Tasting", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200"}
    return {**start, **more}


def invoice_body(contact_id: str, **more: Any) -> dict[str, Any]:
    """An approved sales invoice."""
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact_id},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "LineItems": [line()],
        **more,
    }


def payment_body(invoice: dict[str, Any], amount: str, **more: Any) -> dict[str, Any]:
    """A payment into the bank account."""
    return {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-21",
        "Amount": amount,
        **more,
    }


def frozen_world() -> World:
    """A world whose clock stands still and whose sign-in agrees by itself."""
    made = World(switches=Switches(auto_consent=True))
    made.clock.freeze(NOON)
    return made


def connected(world: World, session: requests.Session, checker: xero_openapi.Checker) -> Caller:
    """A caller of the first organisation with all scopes and room below every limit."""
    world.switches.apply({"xero_minute_limit": 10_000, "xero_day_limit": 10_000})
    token = tokens(session, code_of(authorise(session))).json()["access_token"]
    return Caller(session=session, checker=checker, tenant=world.xero.ltd, token=token)


@pytest.fixture
def world() -> World:
    """A frozen world."""
    return frozen_world()


@pytest.fixture(scope="session")
def checker(shared_dir: Path | None) -> xero_openapi.Checker:
    """The official description, or what stands in for it."""
    return xero_openapi.load(shared_dir)


@pytest.fixture
def session(world: World) -> requests.Session:
    """A session into the world."""
    return session_of(world)


@pytest.fixture
def call(world: World, session: requests.Session, checker: xero_openapi.Checker) -> Caller:
    """A connected caller."""
    return connected(world, session, checker)
