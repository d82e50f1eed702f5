"""A connected product in one process: our shell on one end, both simulators on the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.fernet import Fernet
from sqlalchemy import select

from backend.apis.xero import oauth as xero_oauth
from backend.apis.zoho import oauth as zoho_oauth
from backend.core.spec import Side
from backend.settings import Settings
from backend.store.tables import Link, LogRow, ModuleState, Organisation, Run
from backend.sync import bulk, connections, hints, runs, sweep
from backend.sync import requests as clicks
from backend.sync.app import Sync
from backend.sync.consent import xero_scopes, zoho_scopes
from backend.sync.drain import Drained, drain
from simulator.transport import WSGITransport
from simulator.world import World
from simulator.xero.app import create_app as xero_app
from simulator.xero.state import LTD, TRADING
from simulator.zoho.app import create_app as zoho_app

__all__ = ["LTD", "TRADING", "Bridge", "connected"]

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
BACK = "http://localhost:8000/auth/{side}/callback"


@dataclass(kw_only=True)
class Bridge:
    """The product with one organisation connected, and the world it lives in."""

    sync: Sync
    world: World
    org_id: str
    browser: requests.Session
    tenant: str = LTD
    nudges: list[tuple[str, str]] = field(default_factory=list)

    # --- what people and time do ---------------------------------------------------------------

    def later(self, seconds: float) -> None:
        """Let time pass on both sides."""
        self.world.clock.advance(seconds)

    def click(self, module: str, zoho_id: str, direction: str = "both", by: str = "Ana") -> Link:
        """Press a button and let the worker work; the record afterwards."""
        clicks.click(
            self.sync, org_id=self.org_id, module=module, zoho_id=zoho_id, direction=direction,
            by=by,
        )  # fmt: skip
        self.drain()
        return self.link(module, zoho_id)

    def choose(self, tenant: str) -> None:
        """Sync with this Xero organisation from now on."""
        connections.choose(self.sync, org_id=self.org_id, tenant_id=tenant, by="Ana")
        self.tenant = tenant

    def reconnect(self) -> None:
        """Agree at Xero once more and take the same organisation."""
        connect_xero(self.sync, self.browser, self.org_id)
        self.choose(self.tenant)

    def drain(self) -> Drained:
        """Let the worker work until it finds nothing more."""
        for _ in range(20):
            result = drain(self.sync, self.org_id)
            runs.advance(self.sync, self.org_id)
            if not result.more:
                break
        return result

    def sweep(self, module: str | None = None) -> Drained:
        """One sweep and the work it found."""
        sweep.sweep(self.sync, self.org_id, module=module)
        return self.drain()

    def hint(self, module: str, record_id: str, side: Side = Side.ZOHO) -> Drained:
        """A notification about one record, and the work that follows."""
        hints.hint(
            self.sync, org_id=self.org_id, module=module, side=side, changed={record_id: None}
        )
        return self.drain()

    def accept(self, *modules: str) -> None:
        """As if the first syncs had been previewed and accepted."""
        with self.sync.database.begin() as session:
            for module in modules or ("accounts", "products", "invoices"):
                session.merge(
                    ModuleState(
                        org_id=self.org_id, tenant_id=self.tenant, module=module,
                        accepted_at=self.sync.clock(),
                    )
                )  # fmt: skip

    def run_all(self, module: str = "all") -> Run:
        """Preview and sync a module or everything, to the end."""
        self.run_preview(module)
        run_id = bulk.start(
            self.sync, org_id=self.org_id, module=module, direction="both",
            preview_id=self.previewed, by="Ana",
        )  # fmt: skip
        return self.finish(run_id)

    def run_preview(self, module: str = "all") -> Run:
        """Preview a module or everything."""
        self.previewed = bulk.preview(
            self.sync, org_id=self.org_id, module=module, direction="both", by="Ana"
        )
        return self.finish(self.previewed)

    def finish(self, run_id: str) -> Run:
        """Let the workers work until a run is over."""
        for _ in range(50):
            runs.advance(self.sync, self.org_id)
            drain(self.sync, self.org_id)
            with self.sync.database.begin() as session:
                run = session.get_one(Run, run_id)
                if run.state not in bulk.OPEN:
                    return run
        raise AssertionError(f"run {run_id} does not end: {run.state} {run.message_key}")

    def settings(self, **changes: Any) -> None:
        """Change the settings document; a module's by its key."""
        with self.sync.database.begin() as session:
            org = session.get_one(Organisation, self.org_id)
            document = {**org.settings, "modules": {**org.settings["modules"]}}
            for key, value in changes.items():
                if key in document["modules"]:
                    document["modules"][key] = {**document["modules"][key], **value}
                else:
                    document[key] = value
            org.settings = document

    # --- what there is -------------------------------------------------------------------------

    def link(self, module: str, zoho_id: str) -> Link:
        """The active link of a CRM record."""
        with self.sync.database.begin() as session:
            return session.scalars(
                select(Link).where(
                    Link.module == module,
                    Link.zoho_id == zoho_id,
                    Link.active,
                    Link.tenant_id == self.tenant,
                )
            ).one()

    def link_of_xero(self, module: str, xero_id: str) -> Link:
        """The active link of a Xero record."""
        with self.sync.database.begin() as session:
            return session.scalars(
                select(Link).where(
                    Link.module == module,
                    Link.xero_id == xero_id,
                    Link.active,
                    Link.tenant_id == self.tenant,
                )
            ).one()

    def log(self, **wanted: Any) -> list[LogRow]:
        """Log rows, newest first, that have these values."""
        with self.sync.database.begin() as session:
            rows = session.scalars(select(LogRow).order_by(LogRow.id.desc())).all()
        return [row for row in rows if all(getattr(row, k) == v for k, v in wanted.items())]

    def xero(self, entity: str, record_id: str | None) -> dict[str, Any]:
        """A Xero record as its API shows it."""
        assert record_id is not None
        return self.world.xero.shown(self.tenant, entity, record_id)

    def xero_all(self, entity: str) -> list[dict[str, Any]]:
        """Every Xero record of a kind."""
        return self.world.xero.all(self.tenant, entity)

    def crm(self, module: str, record_id: str) -> dict[str, Any]:
        """A CRM record as a single read shows it."""
        return self.world.zoho.read(module, record_id)

    def crm_all(self, module: str) -> list[dict[str, Any]]:
        """Every CRM record of a module."""
        return self.world.zoho.records(module)

    def writes(self, since: int = 0) -> list[str]:
        """The writing requests of the product so far, as METHOD path."""
        return [
            f"{entry.method} {entry.path}"
            for entry in self.world.log.entries(since=since)
            if entry.method in {"POST", "PUT", "DELETE"} and "/coql" not in entry.path
            and "/actions/watch" not in entry.path
            and "/oauth" not in entry.path and "/connect/" not in entry.path
        ]  # fmt: skip

    # --- records -------------------------------------------------------------------------------

    def customer(self, name: str = "Kestrel Foods", **more: Any) -> str:
        """A CRM account made by a person."""
        return self.world.zoho.create("Accounts", {"Account_Name": name, **more})

    def product(self, name: str = "Oak table", code: str = "OAK-1", **more: Any) -> str:
        """A CRM product made by a person."""
        values = {"Product_Name": name, "Product_Code": code, "Unit_Price": Decimal("120.00")}
        return self.world.zoho.create("Products", {**values, **more})

    def invoice(
        self, customer: str, *lines: tuple[str, str, str], tax: bool = True, **more: Any
    ) -> str:
        """A CRM invoice of (product, quantity, price) lines."""
        taxes = [{"name": "VAT", "percentage": Decimal(20)}] if tax else []
        rows = [
            {
                "Product_Name": {"id": product},
                "Quantity": Decimal(quantity),
                "List_Price": Decimal(price),
                "Line_Tax": taxes,
            }
            for product, quantity, price in lines
        ]
        values = {
            "Subject": "Autumn order",
            "Account_Name": {"id": customer},
            "Invoice_Date": "2026-11-02",
            "Due_Date": "2026-12-02",
            "Status": "Created",
            "Invoiced_Items": rows,
        }
        return self.world.zoho.create("Invoices", {**values, **more})


def connected(world: World, database_url: str) -> Bridge:
    """Sign in and connect both sides through their real login pages."""
    world.switches.auto_consent = True
    world.switches.xero_minute_limit = 100_000
    world.switches.xero_day_limit = 1_000_000
    urls = world.urls
    xero = WSGITransport(dict.fromkeys(
        (urls.xero_login, urls.xero_identity, urls.xero_api), xero_app(world)
    ))  # fmt: skip
    zoho = WSGITransport(dict.fromkeys((urls.zoho_accounts, urls.zoho_api), zoho_app(world)))
    adapters = {
        urls.xero_login: xero, urls.xero_identity: xero, urls.xero_api: xero,
        urls.zoho_accounts: zoho, urls.zoho_api: zoho,
    }  # fmt: skip
    sync = Sync.from_settings(settings_for(world, database_url), adapters=adapters)
    sync.clock = world.clock.now
    nudges: list[tuple[str, str]] = []
    sync.enqueue = lambda org, lane: nudges.append((org, lane))
    browser = requests.Session()
    for prefix, adapter in adapters.items():
        browser.mount(prefix, adapter)
    org_id = connect_zoho(sync, world, browser)
    _connect_xero(sync, browser, org_id)
    return Bridge(sync=sync, world=world, org_id=org_id, browser=browser, nudges=nudges)


def settings_for(world: World, database_url: str, **more: str) -> Settings:
    """Settings that point at the simulated world."""
    urls = world.urls
    return Settings.from_env({
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a-secret-for-tests-only-0123456789",
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "XERO_CLIENT_ID": world.xero_client.client_id,
        "XERO_CLIENT_SECRET": world.xero_client.secret,
        "XERO_WEBHOOK_KEY": "webhook-key",
        "XERO_CALLS_PER_MINUTE": "100000",
        "XERO_CALLS_PER_DAY": "1000000",
        "XERO_LOGIN_URL": urls.xero_login,
        "XERO_IDENTITY_URL": urls.xero_identity,
        "XERO_API_URL": urls.xero_api,
        "ZOHO_CLIENT_ID": world.zoho_client.client_id,
        "ZOHO_CLIENT_SECRET": world.zoho_client.secret,
        "ZOHO_ACCOUNTS_URL": urls.zoho_accounts,
        "ZOHO_API_URL": urls.zoho_api,
        **more,
    })  # fmt: skip


def _code(browser: requests.Session, url: str) -> str:
    answer = browser.get(url, allow_redirects=False)
    assert answer.status_code in {302, 303}, answer.text[:400]
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return query["code"][0]


def connect_zoho(sync: Sync, world: World, browser: requests.Session) -> str:
    """Agree in CRM, for the first time or once more; the organisation's id."""
    settings, back = sync.settings, BACK.format(side="zoho")
    url = zoho_oauth.authorize_url(
        settings.zoho_accounts_url, client_id=settings.zoho_client_id, redirect_uri=back,
        state="s", challenge=CHALLENGE, scopes=zoho_scopes(), offline=True,
    )  # fmt: skip
    tokens = zoho_oauth.exchange(
        sync.transport, settings.zoho_accounts_url, client_id=settings.zoho_client_id,
        secret=settings.zoho_client_secret, code=_code(browser, url), verifier=VERIFIER,
        redirect_uri=back,
    )  # fmt: skip
    who = zoho_oauth.identity(
        sync.transport, tokens.api_domain or world.urls.zoho_api, access_token=tokens.access
    )
    return connections.connect_zoho(
        sync, tokens=tokens, accounts_server=settings.zoho_accounts_url,
        user={"id": who.user_id, "name": who.name, "locale": who.locale},
        org={"id": who.org_id, "name": who.org_name},
    )  # fmt: skip


def connect_xero(sync: Sync, browser: requests.Session, org_id: str) -> None:
    """One more consent at Xero; its organisations are on offer afterwards."""
    settings, back = sync.settings, BACK.format(side="xero")
    url = xero_oauth.authorize_url(
        sync.xero_urls, client_id=settings.xero_client_id, redirect_uri=back, state="s",
        challenge=CHALLENGE, scopes=xero_scopes(),
    )  # fmt: skip
    tokens = xero_oauth.exchange(
        sync.transport, sync.xero_urls, client_id=settings.xero_client_id,
        secret=settings.xero_client_secret, code=_code(browser, url), verifier=VERIFIER,
        redirect_uri=back,
    )  # fmt: skip
    connections.offer_xero(sync, org_id=org_id, tokens=tokens, by="Ana")


def _connect_xero(sync: Sync, browser: requests.Session, org_id: str) -> None:
    connect_xero(sync, browser, org_id)
    connections.choose(sync, org_id=org_id, tenant_id=LTD, by="Ana")


def timed(action: Any) -> float:
    """How many seconds ``action`` takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def at(text: str) -> datetime:
    """An ISO time."""
    return datetime.fromisoformat(text)


MINUTE = timedelta(minutes=1)
