"""A world with a CRM in it, and a client that has gone through its sign-in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from simulator.server import Running, serve
from simulator.switches import Switches
from simulator.transport import WSGITransport
from simulator.world import Urls, World
from simulator.zoho.app import create_app
from tests.contract.zoho_openapi import ZohoChecker, load

ACCOUNTS = "https://accounts.zoho.eu"
API = "https://www.zohoapis.eu"
REDIRECT = "http://localhost:8000/auth/zoho/callback"
SCOPES = (
    "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ,"
    "ZohoCRM.coql.READ,ZohoCRM.notifications.ALL,ZohoSearch.securesearch.READ"
)
START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass(kw_only=True)
class Crm:
    """A client of the simulated CRM over the in-process transport."""

    world: World
    session: requests.Session
    token: str = ""
    refresh_token: str = ""
    checker: ZohoChecker

    def authorize(self, **more: str) -> dict[str, str]:
        """The query Zoho sends the browser back with."""
        query = {
            "response_type": "code",
            "client_id": "demo-zoho",
            "scope": SCOPES,
            "redirect_uri": REDIRECT,
            "access_type": "offline",
            "prompt": "consent",
            "state": "s1",
            **more,
        }
        answer = self.session.get(f"{ACCOUNTS}/oauth/v2/auth", params=query, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        found = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in found.items()}

    def post_token(self, **form: str) -> requests.Response:
        """A call of the token endpoint with the right client."""
        form = {"client_id": "demo-zoho", "client_secret": "demo-zoho-secret", **form}
        return self.session.post(f"{ACCOUNTS}/oauth/v2/token", data=form)

    def sign_in(self, **more: str) -> dict[str, Any]:
        """Go through the consent and redeem the code; returns the token answer."""
        code = self.authorize(**more)["code"]
        answer = self.post_token(
            grant_type="authorization_code", code=code, redirect_uri=REDIRECT
        ).json()
        self.token = answer["access_token"]
        self.refresh_token = answer.get("refresh_token", "")
        return dict(answer)

    def call(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        """A request to the API with the token."""
        headers = {"Authorization": f"Zoho-oauthtoken {self.token}", **more.pop("headers", {})}
        answer = self.session.request(
            method, f"{API}/crm/v8{path}", json=body, headers=headers, **more
        )
        problems = self.checker.check_answer(method, path, answer.status_code, answer.content)
        assert problems == []
        return answer

    def insert(self, module: str, *rows: dict[str, Any]) -> list[str]:
        """Insert rows that are all good; returns their ids."""
        answer = self.call("POST", f"/{module}", {"data": list(rows), "trigger": []})
        assert answer.status_code == 201, answer.text
        return [row["details"]["id"] for row in answer.json()["data"]]

    def read(self, module: str, record_id: str) -> dict[str, Any]:
        """A single record with exact decimals."""
        answer = self.call("GET", f"/{module}/{record_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json(parse_float=Decimal)["data"][0])

    def query(self, text: str) -> list[dict[str, Any]]:
        """The rows of a COQL query, an empty list for 204."""
        answer = self.call("POST", "/coql", {"select_query": text})
        assert answer.status_code in {200, 204}, answer.text
        return list(answer.json(parse_float=Decimal)["data"]) if answer.content else []

    def refused(self, answer: requests.Response) -> tuple[int, str, dict[str, Any]]:
        """Status, code and details of a refusal, of the first row where rows were judged."""
        body = answer.json()
        body = body["data"][0] if "data" in body else body
        return answer.status_code, body["code"], body["details"]


@pytest.fixture
def world() -> World:
    """An empty world whose clock stands still."""
    made = World(switches=Switches(auto_consent=True))
    made.clock.freeze(START)
    return made


@pytest.fixture
def crm(world: World, shared_dir: Path | None) -> Crm:
    """A client that is signed in as Ana; every answer it gets is checked."""
    app = create_app(world)
    transport = WSGITransport({ACCOUNTS: app, API: app})
    session = requests.Session()
    session.mount("https://", transport)
    checker = load(shared_dir, modules=world.zoho.modules)
    client = Crm(world=world, session=session, checker=checker)
    client.sign_in()
    return client


@pytest.fixture
def invoice(crm: Crm) -> Callable[..., str]:
    """Makes an invoice of the given prices with its account and product; returns its id."""

    def make(*prices: str, tax: int | None = None, **more: Any) -> str:
        (account,) = crm.insert("Accounts", {"Account_Name": "Harbour Café"})
        (product,) = crm.insert("Products", {"Product_Name": "Wine", "Product_Code": "W1"})
        taxes = [{"name": "GST", "percentage": tax}] if tax is not None else []
        lines = [
            {
                "Product_Name": {"id": product},
                "Quantity": 1,
                "List_Price": float(price),
                "Line_Tax": taxes,
            }
            for price in prices
        ]
        values = {
            "Subject": "Order",
            "Account_Name": {"id": account},
            "Invoiced_Items": lines,
            **more,
        }
        return crm.insert("Invoices", values)[0]

    return make


@pytest.fixture
def server() -> Iterator[Running]:
    """The Zoho side on a real port, with the address it is reached at in its answers."""
    holder: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> Any:
        return holder["app"](environ, start_response)

    running = serve(app)
    urls = Urls(zoho_accounts=running.url, zoho_api=running.url, zoho_host=running.url)
    world = World(switches=Switches(auto_consent=True), urls=urls)
    holder["app"] = create_app(world)
    yield running
    running.stop()
