"""CRM moves on while the page still waits for something: what comes late reaches nobody else."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Opened, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NOT_SYNCED = "Records of this kind are not synced with Xero."


def withheld(opened: Opened, address: str) -> list[Route]:
    """The page's questions to an address, answered when the test says so."""
    late: list[Route] = []

    def keep(route: Route) -> None:
        late.append(route)

    opened.page.route(address, keep)
    return late


def first_of(opened: Opened, late: list[Route]) -> Route:
    """The first withheld question, once it was asked."""
    while not late:
        opened.page.wait_for_timeout(20)
    return late[0]


def posts(stage: Stage) -> list[Any]:
    """What was written, and where."""
    return [call[1:] for call in stage.fake.calls if call[0] == "POST"]


def asked_and_answered(opened: Opened) -> None:
    """Return when whatever the page would ask for by now has reached the backend before this."""
    opened.frame().evaluate("() => fetch('config.json').then((answer) => answer.text())")


def test_the_buttons_of_a_list_write_the_list_that_is_shown(stage: Stage) -> None:
    opened = stage.open("4001,4002", list="1")
    late = withheld(opened, "**/api/records/invoices?ids=4021*")
    opened.page.evaluate("() => window.pageLoad(['4021', '4022'])")
    first = first_of(opened, late)
    opened.page.evaluate("() => window.pageLoad(['4031', '4032', '4033'])")
    expect(opened.widget.locator(".chosen li")).to_have_count(3)
    with opened.page.expect_request_finished(lambda request: "ids=4021" in request.url):
        first.continue_()
    asked_and_answered(opened)
    expect(opened.widget.locator(".chosen li").first).to_contain_text("INV-4031")
    opened.widget.get_by_role("button", name="Sync now").click()
    while not posts(stage):
        opened.page.wait_for_timeout(20)
    sent = {"ids": ["4031", "4032", "4033"], "direction": "both"}
    assert posts(stage) == [("/api/records/invoices/sync", sent)]


def test_a_click_on_one_record_says_nothing_on_the_next(stage: Stage) -> None:
    opened = stage.open("in_sync")
    late = withheld(opened, "**/api/records/invoices/1001/sync")
    opened.widget.get_by_role("button", name="Send to Xero").click()
    expect(opened.widget.locator(".state h2")).to_have_text("Sending to Xero…")
    opened.page.evaluate("() => window.pageLoad('1006')")
    expect(opened.widget.locator(".state h2")).to_have_text("Needs attention")
    with opened.page.expect_request_finished(lambda request: "1001/sync" in request.url):
        first_of(opened, late).fulfill(status=503, json={"detail": "The queue is full."})
    asked_and_answered(opened)
    expect(opened.widget.locator(".banner")).to_have_count(0)
    expect(opened.widget.locator(".toast")).to_have_count(0)


def test_nothing_to_show_stays_when_the_window_is_looked_at_again(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.at_rest(opened)
    opened.page.evaluate("() => window.pageLoad('1', 'Leads')")
    expect(opened.widget.get_by_text(NOT_SYNCED)).to_be_visible()
    before = len(stage.fake.calls)
    opened.frame().evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    asked_and_answered(opened)
    assert len(stage.fake.calls) == before
    expect(opened.widget.get_by_text(NOT_SYNCED)).to_be_visible()


def test_a_record_that_waits_for_the_reader_opens_over_nothing_newer(stage: Stage) -> None:
    opened = stage.open("in_sync", slow_reader="1", language="fr", wait=False)
    opened.page.wait_for_function(
        "() => window.asked.some((one) => one.data?.type === 'CURRENT_USER')"
    )
    opened.page.evaluate("() => window.pageLoad('1', 'Leads')")
    expect(opened.widget.locator("h2")).to_have_count(1)
    opened.page.evaluate("() => window.tellReader()")
    expect(opened.widget.locator("html")).to_have_attribute("lang", re.compile("^fr"))
    expect(opened.widget.locator("h2")).to_have_text("Rien à afficher")
    asked_and_answered(opened)
    assert stage.fake.calls == []
