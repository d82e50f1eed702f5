"""How long a person waits in a browser for the page of a record, from the moment CRM opens it.

The whole stack runs on this machine as in production, with both systems simulated. CRM's page is
there already; what is measured is the widget's own frame, from the beginning of its navigation to
the record's state on the screen: files, words, session and the record's own request. Files come
from the browser's cache as they do for whoever opens a second record of the day.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench import Figure
from dev_tools.chromium import find_chromium
from dev_tools.console import Stop
from dev_tools.person import Person
from dev_tools.stage import Stage
from dev_tools.system import System, running_system

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

ROUNDS = 15
MILLISECONDS = 200.0
PLAIN = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SEEN = """
new MutationObserver((_, watching) => {
  if (!document.querySelector(".state h2")) return;
  watching.disconnect();
  const drawn = () => { window.seenAfter = performance.now(); };
  requestAnimationFrame(() => requestAnimationFrame(drawn));
}).observe(document, { childList: true, subtree: true });
"""
XERO_IS_DOWN = {"side": "xero", "kind": "reset_before", "times": None}


def measure() -> list[Figure]:
    """Median and slowest waits for an invoice and a customer, also with Xero down."""
    with running_system("bench-browser", any_free_ports=True, auto_consent=True) as system:
        books, records = Stage(system.control), _linked(system)
        with _signed_in(system, records["an invoice"]) as page:
            figures = [_first(page, records["an invoice"]), *_waits(page, records, "")]
            books.call("POST", "/control/faults", XERO_IS_DOWN)
            calls = books.mark()
            figures += _waits(page, records, " with Xero down")
            asked = books.calls_since(calls).all
    return [
        *figures,
        Figure(
            what="remote calls for opening them with Xero down", value=asked, unit="calls", limit=0
        ),
    ]


def _linked(system: System) -> dict[str, str]:
    """Where an invoice that is in both systems is shown, and its customer."""
    person, books = Person(system.web, system.web), Stage(system.control)
    person.connect_zoho()
    person.connect_xero("Harbour & Vine Ltd")
    account = books.crm_create("Accounts", {"Account_Name": "Quayside Larder"})
    product = books.crm_create(
        "Products", {"Product_Name": "Vermouth", "Product_Code": "VM-1", "Unit_Price": 18}
    )
    line = {"Product_Name": {"id": product}, "Quantity": 6, "List_Price": 18}
    invoice = books.crm_create(
        "Invoices",
        {"Subject": "Opening night", "Account_Name": {"id": account}, "Invoiced_Items": [line]},
    )
    asked = person.post(f"/api/records/invoices/{invoice}/sync", {"direction": "to_xero"})
    person.finished_request(asked["request_id"])
    return {"an invoice": f"Invoices/{invoice}", "a customer": f"Accounts/{account}"}


@contextmanager
def _signed_in(system: System, place: str) -> Iterator[Page]:
    """CRM's page in a browser whose person has signed in."""
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if program is None:
        raise Stop("no Chromium: ./dev test installs it or explains how")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=PLAIN)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.add_init_script(SEEN)
        page.goto(f"{system.zoho}/host/?user=ana#/{place}")
        with page.expect_popup():
            page.frame_locator("iframe").get_by_role("button", name="Sign in with Zoho").click()
        page.frame_locator("iframe").locator(".state h2").wait_for()
        yield page
        browser.close()


def _first(page: Page, place: str) -> Figure:
    """The wait of whoever opens a record for the first time after a new version."""
    here = page.url
    page.goto("about:blank")
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto(here.partition("#")[0] + "#/Tasks")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    what = "an invoice opened in a browser that has none of the files yet"
    return Figure(what=what, value=_opened(page, place), unit="ms")


def _waits(page: Page, records: dict[str, str], when: str) -> list[Figure]:
    figures = []
    for what, place in records.items():
        _opened(page, place)
        spent = sorted(_opened(page, place) for _ in range(ROUNDS))
        named = f"{what} opened in the browser{when}"
        figures += [
            Figure(what=f"{named}, median", value=statistics.median(spent), unit="ms",
                   limit=MILLISECONDS),
            Figure(what=f"{named}, slowest of {ROUNDS}", value=spent[-1], unit="ms"),
        ]  # fmt: skip
    return figures


def _opened(page: Page, place: str) -> float:
    """Go to a record from its list; the milliseconds until its state is on the screen."""
    module = place.partition("/")[0]
    page.evaluate("to => { location.hash = to; }", f"#/{module}")
    page.locator("iframe").wait_for(state="detached")
    page.evaluate("to => { location.hash = to; }", f"#/{place}")
    page.frame_locator("iframe").locator(".state h2").wait_for()
    frame: Frame = next(one for one in page.frames if "/widget/" in one.url)
    spent: Any = frame.wait_for_function("() => window.seenAfter").json_value()
    return float(spent)
