"""No failure of the network leaves an empty page: something says what happened and offers a way."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.e2e.conftest import KEEP, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def fresh(stage: Stage, *, locale: str = "en-GB", language: str = "en") -> tuple[Page, str]:
    """A signed-in page of its own and the address of a record in sync, not yet opened."""
    address = stage.open("in_sync", language=language).page.url
    context = stage.browser.new_context(locale=locale, reduced_motion="reduce")
    stage.contexts.append(context)
    page = context.new_page()
    stage.fake.refreshes.add("seed")
    page.add_init_script(KEEP)
    return page, address


def shown(page: Page, address: str) -> FrameLocator:
    page.goto(address, wait_until="commit")
    return page.frame_locator("#widget")


def gateway(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html>gateway</html>")


def gone(route: Route) -> None:
    route.abort()


def test_a_configuration_nobody_can_read_is_said_to_be_one(stage: Stage) -> None:
    page, address = fresh(stage)
    page.route("**/config.json", gateway)
    widget = shown(page, address)
    expect(widget.get_by_role("heading", name="The page did not load")).to_be_visible()
    said = "The sync service answered something this page cannot read."
    expect(widget.get_by_text(said)).to_be_visible()
    page.unroute("**/config.json")
    widget.get_by_role("button", name="Load again").click()
    expect(widget.get_by_role("heading", name="In sync")).to_be_visible()


def test_a_configuration_that_does_not_come_is_said_to_be_missing(stage: Stage) -> None:
    page, address = fresh(stage)
    page.route("**/config.json", gone)
    widget = shown(page, address)
    expect(widget.get_by_text("The sync service cannot be reached.")).to_be_visible()


def test_a_language_that_does_not_come_leaves_the_record_in_english(stage: Stage) -> None:
    page, address = fresh(stage, language="fr")
    page.route("**/translations/fr.json", gone)
    widget = shown(page, address)
    expect(widget.get_by_role("heading", name="In sync")).to_be_visible()


def test_a_script_that_does_not_come_is_told_at_once_in_the_readers_language(stage: Stage) -> None:
    page, address = fresh(stage, locale="fr-FR")
    page.route("**/js/words.js", gone)
    widget = shown(page, address)
    heading = widget.get_by_role("heading", name="La page ne s’est pas chargée")
    expect(heading).to_be_visible(timeout=8000)
    page.unroute("**/js/words.js")
    widget.get_by_role("link", name="Recharger").click()
    expect(widget.locator("h2").first).to_be_visible()
    expect(heading).to_have_count(0)


def test_part_of_a_page_that_does_not_come_is_told(stage: Stage) -> None:
    page, address = fresh(stage)
    page.route("**/js/views/settings/page.js", gone)
    page.goto(address.replace("host.html?", "host.html?page=settings.html&"), wait_until="commit")
    widget = page.frame_locator("#widget")
    expect(widget.get_by_role("heading", name="The page did not load")).to_be_visible()


def test_ten_seconds_of_nothing_are_told_without_any_script(stage: Stage) -> None:
    page, address = fresh(stage)
    page.route(re.compile(r"/js/(?!theme)"), lambda route: None)
    widget = shown(page, address)
    told = widget.get_by_role("heading", name="The page did not load")
    expect(told).to_be_visible(timeout=20_000)
    expect(widget.get_by_role("link", name="Load again")).to_be_visible()
