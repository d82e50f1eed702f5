"""An administrator's first day in a real browser: set-up, preview, first sync, and back again."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from dev_tools.stage import Stage as Books
from dev_tools.system import System, running_system
from tests.e2e.pictured import keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PICTURE = "first-sync.png"
AT_REST = """SELECT 1 FROM organisation WHERE next_sweep_at > datetime('now', '+30 seconds')
  AND julianday(next_sweep_at) - julianday(last_good_sync_at) < 10 / 1440.0"""
NAMES = ("Quayside Larder", "Harbour Lights", "Tideway Rooms")


@pytest.fixture(scope="module")
def fresh() -> Iterator[tuple[System, Books]]:
    """The system as a customer finds it: nothing connected, three customers in CRM."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"first-day-{worker}"
    with running_system(name, any_free_ports=True, auto_consent=True, seed="empty") as system:
        books = Books(system.control)
        for one in NAMES:
            books.crm_create("Accounts", {"Account_Name": one})
        yield system, books


@pytest.mark.pictures
def test_from_the_guide_to_a_first_sync_and_back(
    fresh: tuple[System, Books], browser: Browser, tmp_path: Path
) -> None:
    system, books = fresh
    context = browser.new_context(viewport={"width": 1280, "height": 940}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{system.zoho}/host/?user=ana#/settings")
    widget = page.frame_locator("iframe").first
    set_up(page, widget)
    step(widget).get_by_role("button", name="Start preview").click()
    start = widget.get_by_role("button", name="Start sync: 3 changes")
    expect(start).to_be_visible(timeout=30_000)
    assert names_in_xero(books) == set()
    strip = widget.locator(".strip")
    expect(strip).to_contain_text("Not synced yet")
    expect(strip).to_contain_text("still need their first sync.")
    until_at_rest(system)
    # Slow enough that its progress is seen, whichever of page and worker is quicker.
    slow = {"side": "xero", "kind": "slow", "seconds": 3.0, "times": 2}
    books.call("POST", "/control/faults", slow)
    start.click()
    expect(widget.get_by_role("progressbar")).to_be_visible()
    expect(widget.get_by_text("Done.", exact=True)).to_be_visible(timeout=40_000)
    expect(strip).to_contain_text("Last good sync")
    expect(strip.get_by_role("button", name="Sync now")).to_be_enabled()
    expect(widget.locator(".tallies")).to_have_text("3 created")
    assert names_in_xero(books) == set(NAMES)
    keep_picture(page, PICTURE, tmp_path, running=True)
    widget.get_by_role("button", name="Undo this run").click()
    expect(widget.get_by_role("heading", name="Undo", level=1)).to_be_visible()
    expect(widget.get_by_text("Done.", exact=True)).to_be_visible(timeout=40_000)
    assert names_in_xero(books) == set()
    assert complaints == []
    context.close()


def set_up(page: Page, widget: FrameLocator) -> None:
    """Every step of the guide up to the preview, each by the button it offers."""
    for title, button in (
        ("Sign in with Zoho", "Sign in with Zoho"),
        ("Connect Zoho CRM", "Connect Zoho CRM"),
        ("Connect Xero", "Connect Xero"),
    ):
        expect(step(widget)).to_contain_text(title, timeout=20_000)
        with page.expect_popup():
            step(widget).get_by_role("button", name=button).click()
    step(widget).get_by_role("button", name="Harbour & Vine Ltd").click(timeout=20_000)
    for button in ("Choose modules", "Match taxes", "Check mapping"):
        step(widget).get_by_role("button", name=button).click(timeout=20_000)
        widget.get_by_role("link", name="Set-up guide").click()


def until_at_rest(system: System) -> None:
    """Wait until the clock's check is over and the next, which the strip names, is not near: it
    would find the new customers too."""
    until = time.monotonic() + 90
    with closing(sqlite3.connect(system.folder / "sync.db")) as database:
        while not database.execute(AT_REST).fetchone():
            assert time.monotonic() < until, "the clock did not come to rest"
            time.sleep(0.2)


def step(widget: FrameLocator) -> FrameLocator:
    """The step of the guide that is next."""
    return widget.locator(".step.next")  # type: ignore[return-value]


def names_in_xero(books: Books) -> set[str]:
    """The customers of CRM that are in use in Xero."""
    return {
        one["Name"] for one in books.xero("Contacts") if one["ContactStatus"] == "ACTIVE"
    } & set(NAMES)
