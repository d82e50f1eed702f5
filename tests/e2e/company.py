"""The real running system in a browser: web, workers, cron, both simulated sides, and who walks it."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, expect

from dev_tools.headless import map_books
from dev_tools.person import Person
from dev_tools.stage import Stage as Books
from dev_tools.system import System, running_system
from tests.e2e.conftest import LOCALES, USUAL, Opened
from tests.e2e.looks import axe, english_left
from tests.e2e.reader import Reader

XERO, CRM = "Harbour & Vine Ltd", "Harbour & Vine"
# Who clicks all day long in a minute would wait for the next one's calls.
MANY = {"XERO_CALLS_PER_MINUTE": "2000", "XERO_CALLS_PER_DAY": "20000"}
GENEROUS = {"xero_minute_limit": 2000, "xero_day_limit": 20_000}
# How long real work may take on a machine that is busy.
PATIENCE = 40_000


@dataclass(frozen=True, kw_only=True)
class Company:
    """A connected system, the people in front of both sides, and one who asks the product."""

    system: System
    books: Books
    person: Person

    def new_invoice(self, name: str, *, days_ago: int = 0) -> str:
        """An approved CRM invoice of a customer and a product Xero has never heard of."""
        day = datetime.now(UTC).date() - timedelta(days=days_ago)
        account = self.books.crm_create("Accounts", {"Account_Name": f"{name} Supper Club"})
        product = self.books.crm_create(
            "Products",
            {"Product_Name": f"Vermouth {name}", "Product_Code": f"VM-{name}", "Unit_Price": 18},
        )
        line = {
            "Product_Name": {"id": product},
            "Quantity": 6,
            "List_Price": 18.35,
            "Line_Tax": [{"name": "VAT", "percentage": 20}],
        }
        return self.books.crm_create(
            "Invoices",
            {
                "Subject": f"Opening night {name}",
                "Account_Name": {"id": account},
                "Status": "Approved",
                "Currency": "GBP",
                "Invoice_Date": day.isoformat(),
                "Due_Date": (day + timedelta(days=30)).isoformat(),
                "Invoiced_Items": [line],
            },
        )

    def record(self, module: str, record_id: str) -> dict[str, Any]:
        """What the product says of a record."""
        return dict(self.person.get(f"/api/records/{module}/{record_id}"))

    def synced(self, module: str, record_id: str) -> dict[str, Any]:
        """A record after somebody pressed *Sync* on it, whatever became of it."""
        address = f"/api/records/{module}/{record_id}/sync"
        sent = self.person.post(address, {"direction": "both"})
        self.person.finished_request(sent["request_id"])
        return self.record(module, record_id)

    def contact(self, name: str) -> dict[str, Any]:
        """The one contact of Xero with this name."""
        (found,) = [one for one in self.books.xero("Contacts") if one["Name"] == name]
        return found


@contextmanager
def strangers(name: str, *, seed: str) -> Iterator[Company]:
    """The system as a customer finds it: CRM, Xero and the product, and nothing connected."""
    ports: dict[str, Any] = {"any_free_ports": True, "auto_consent": True}
    with patience(), running_system(f"{name}-{worker()}", seed=seed, more=MANY, **ports) as system:
        books = Books(system.control)
        books.call("POST", "/control/switches", GENEROUS)
        yield Company(system=system, books=books, person=Person(system.web, system.web))


@contextmanager
def company_running(name: str, *, seed: str = "company") -> Iterator[Company]:
    """The system as the demo runs it, connected, with invoices approved on their way."""
    with strangers(name, seed=seed) as company:
        company.person.connect_zoho()
        company.person.connect_xero(XERO)
        company.person.change_settings(map_books)
        yield company


def worker() -> str:
    """Which of the processes that test beside each other this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@contextmanager
def patience() -> Iterator[None]:
    """Whatever is expected of a page is waited for as long as real work may take."""
    expect.set_options(timeout=PATIENCE)
    try:
        yield
    finally:
        expect.set_options(timeout=USUAL)


def tell_nobody(company: Company) -> None:
    """Messages are lost from now on: what a test finds was done by its own clicks."""
    company.books.call("POST", "/control/webhooks", {"lose_every": 1})


def settle_down(company: Company) -> None:
    """The first sync is behind us, nobody is told of anything, and the schedule rests."""
    tell_nobody(company)
    company.person.change_settings(rest)
    first_sync(company)


def first_sync(company: Company) -> None:
    """Everything is looked at in a preview, and what it shows is done."""
    run = company.person.post("/api/modules/all/preview", {"direction": "both"})["run_id"]
    company.person.finished_run(run, seconds=60)
    wanted = {"direction": "both", "preview": run}
    run = company.person.post("/api/modules/all/sync", wanted)["run_id"]
    assert company.person.finished_run(run, seconds=60)["state"] == "done"


def quarrel(company: Company, account: str, name: str) -> None:
    """Two fields of one customer become something else on each side; a sync finds it."""
    numbers = {"Phone": "+44 20 7946 0001", "Fax": "+44 20 7946 0002"}
    company.books.crm_edit("Accounts", account, numbers)
    phones = [
        {"PhoneType": "DEFAULT", "PhoneNumber": "+44 20 7946 0003"},
        {"PhoneType": "FAX", "PhoneNumber": "+44 20 7946 0004"},
    ]
    company.books.xero_edit("Contacts", company.contact(name)["ContactID"], {"Phones": phones})
    assert company.synced("accounts", account)["state"] == "conflict"


def rest(document: dict[str, Any]) -> None:
    """No module is looked at by itself."""
    for module in document["modules"].values():
        module["schedule"] = False


@dataclass(kw_only=True)
class Walk(Opened):
    """A page of CRM with the widget in it, and a person with a language and a hand before it."""

    company: Company
    reader: Reader
    steps: int = 0

    def go(self, place: str) -> None:
        """Open a page of CRM anew, as from a bookmark; who is signed in stays so."""
        self.steps += 1
        zoho = self.company.system.zoho
        self.page.goto(f"{zoho}/host/?user=ana&step={self.steps}#{place}")

    def sign_in(self) -> None:
        """In the small window, which closes by itself."""
        with self.page.expect_popup():
            self.reader.click(self, "Sign in with Zoho")

    def view(self, name: str) -> Locator:
        """Another view of the settings, by the list at the left, once nothing of it is loading."""
        link = self.widget.locator(f'.rail a[href="#/{name}"]')
        here = link.get_attribute("aria-current") == "page"
        self.reader.press(link, "Enter")
        if not here:
            self.arrived(name)
        expect(self.widget.locator(".bones, .main > .unseen")).to_have_count(0)
        return self.widget.locator(".main")

    def arrived(self, name: str) -> None:
        """Wait until a view of the settings is there: its title has the focus."""
        self.frame().wait_for_function("name => location.hash.startsWith(`#/${name}`)", arg=name)
        expect(self.widget.locator(".main h1")).to_be_focused()

    def reads(self, place: str | Locator, english: str, **values: str) -> None:
        """Wait until a place says this text in the language of its reader."""
        room = self.widget.locator(place) if isinstance(place, str) else place
        expect(room).to_contain_text(self.reader.text(english, **values))

    def looks_right(self) -> None:
        """Once the page rests: nothing in another language, and nothing axe finds."""
        expect(self.widget.locator("[aria-busy=true], .bones, .ghost")).to_have_count(0)
        left, found = english_left(self, self.reader.language), axe(self)
        assert left == [], left
        assert found == [], json.dumps(found, indent=1)


@contextmanager
def walking(company: Company, browser: Browser, reader: Reader, place: str) -> Iterator[Walk]:
    """Ana opens a page of CRM in this language; at the end the browser had nothing to say."""
    speaks = {"user": "ana", "locale": LOCALES[reader.language]}
    company.books.call("POST", "/control/zoho/speak", speaks)
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    page = context.new_page()
    walk = Walk(
        page=page, widget=page.frame_locator("iframe").first, company=company, reader=reader
    )
    listen(context, walk)
    try:
        walk.go(place)
        yield walk
        assert walk.complaints == walk.foreign == [], (walk.complaints, walk.foreign)
    finally:
        context.close()


def listen(context: BrowserContext, opened: Opened) -> None:
    """Write down what the browser complains about and whom it asks elsewhere, popups included."""
    context.on("weberror", lambda error: opened.complaints.append(str(error.error)))
    context.on(
        "console",
        lambda line: opened.complaints.append(line.text) if line.type == "error" else None,
    )
    context.on(
        "request",
        lambda asked: opened.foreign.append(asked.url) if "localhost" not in asked.url else None,
    )


def come_back(opened: Opened) -> None:
    """What the browser tells the page when a person returns to its tab."""
    opened.widget.locator("body").evaluate(
        "() => document.dispatchEvent(new Event('visibilitychange'))"
    )


def wait_until(truth: Callable[[], bool], otherwise: str, *, seconds: float = 40) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.3)
