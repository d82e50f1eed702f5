"""The window in which one signs in or agrees: blocked and reached by its link, left open, given up."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import states
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe
from tests.e2e.reader import Reader, in_every_language
from tests.e2e.test_settings_page import settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def blocking(opened: Opened) -> Opened:
    """A browser that opens no window for a script."""
    opened.frame().evaluate("() => { window.open = () => null; }")
    return opened


def by_link(opened: Opened, reader: Reader, name: str) -> None:
    """Follow the link that stands where the window was blocked."""
    blocked = opened.widget.locator(".banner").filter(
        has_text=reader.text("The browser blocked the window.")
    )
    link = blocked.get_by_role("link", name=reader.text(name))
    expect(link).to_be_visible()
    with opened.page.expect_popup():
        reader.press(link, "Enter")


def left_open(stage: Stage, opened: Opened) -> None:
    """A consent page that nobody has answered yet."""
    opened.page.context.route(
        "**/auth/zoho/start**",
        lambda route: route.fulfill(body="<h1>Consent</h1>", content_type="text/html"),
    )


@in_every_language
def test_whoever_follows_the_link_of_a_blocked_window_is_signed_in(
    stage: Stage, reader: Reader
) -> None:
    opened = blocking(stage.open("in_sync", signed_in=False, language=reader.language))
    reader.click(opened, "Sign in with Zoho")
    by_link(opened, reader, "Sign in with Zoho")
    expect(opened.widget.locator("h2").first).to_have_text(reader.text("In sync"))
    expect(opened.widget.locator(".banner")).to_have_count(0)
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("page", "shown"), [("dashboard.html", ".board-top"), ("settings.html", ".strip")]
)
def test_every_page_is_reached_by_the_link(stage: Stage, page: str, shown: str) -> None:
    opened = stage.open("1", page=page, signed_in=False, wait=False, width=1280)
    reader = Reader("en", keyboard=False)
    expect(reader.button(opened, "Sign in with Zoho")).to_be_visible()
    reader.click(blocking(opened), "Sign in with Zoho")
    by_link(opened, reader, "Sign in with Zoho")
    expect(opened.widget.locator(shown).first).to_be_visible()
    expect(reader.button(opened, "Sign in with Zoho")).to_have_count(0)


@in_every_language
def test_a_blocked_consent_of_xero_is_reached_by_its_own_link(stage: Stage, reader: Reader) -> None:
    stage.fake.connections = states.connected(xero="disconnected")
    opened = settings(stage, "connection", language=reader.language)
    reader.click(blocking(opened), "Connect Xero")
    expect(opened.widget.get_by_text(reader.text("Not signed in."))).to_have_count(0)
    by_link(opened, reader, "Connect Xero")
    expect(opened.widget.get_by_role("button", name="Harbour & Vine Ltd")).to_be_visible()
    expect(opened.widget.locator(".banner")).to_have_count(0)
    assert opened.complaints == []


@in_every_language
def test_a_window_left_open_holds_up_nothing_and_can_be_given_up(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "connection", language=reader.language)
    left_open(stage, opened)
    with opened.page.expect_popup() as window:
        reader.click(opened, "Connect again")
    expect(opened.widget.get_by_text(reader.text("Waiting for the window…"))).to_be_visible()
    expect(reader.button(opened, "Reset connection…")).to_be_enabled()
    assert axe(opened) == []
    reader.click(opened, "Show the window")
    with window.value.expect_event("close"):
        reader.click(opened, "Cancel")
    expect(opened.widget.get_by_text(reader.text("Waiting for the window…"))).to_have_count(0)
    expect(opened.widget.locator(".banner")).to_have_count(0)
    assert opened.complaints == []


def test_who_stops_waiting_may_sign_in_again(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    reader = Reader("en", keyboard=False)
    left_open(stage, opened)
    with opened.page.expect_popup():
        reader.click(opened, "Sign in with Zoho")
    reader.click(opened, "Cancel")
    opened.page.context.unroute_all()
    with opened.page.expect_popup():
        reader.click(opened, "Sign in with Zoho")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_who_allows_windows_after_one_was_blocked_asks_for_it_once_more(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    reader = Reader("en", keyboard=False)
    opened.frame().evaluate("() => { window.kept = window.open; window.open = () => null; }")
    reader.click(opened, "Sign in with Zoho")
    expect(opened.widget.get_by_text("The browser blocked the window.")).to_be_visible()
    opened.frame().evaluate("() => { window.open = window.kept; }")
    with opened.page.expect_popup():
        reader.click(opened, "Sign in with Zoho")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_a_window_closed_too_early_says_what_it_was_for(stage: Stage) -> None:
    opened = settings(stage, "connection")
    left_open(stage, opened)
    with opened.page.expect_popup() as window:
        opened.widget.get_by_role("button", name="Connect again").first.click()
    window.value.close()
    banner: Any = opened.widget.locator(".banner")
    expect(banner).to_contain_text("Nothing was connected.")
    expect(banner).to_contain_text("The window was closed before it was done. Try again.")


def test_a_record_says_when_the_missing_connection_could_not_be_read(stage: Stage) -> None:
    stage.fake.fail["/api/connections"] = 503
    opened = stage.open("disconnected")
    expect(
        opened.widget.get_by_text("Which connection is missing could not be read.")
    ).to_be_visible()
    stage.fake.fail.clear()
    opened.widget.get_by_role("button", name="Try again").click()
    expect(opened.widget.get_by_role("button", name="Reconnect Xero")).to_be_visible()
