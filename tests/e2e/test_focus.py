"""Whoever works by keyboard keeps a place on the page when what was pressed goes away."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


def press(opened: Opened, button: Locator) -> None:
    """Press a button by keyboard."""
    button.focus()
    opened.page.keyboard.press("Enter")


def test_sending_a_record_leads_to_its_state(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.fake.hold_requests = True
    press(opened, opened.widget.get_by_role("button", name="Send to Xero"))
    state = opened.widget.locator(".state h2")
    expect(state).to_have_text("Sending to Xero…")
    expect(state).to_be_focused()
    stage.fake.hold_requests = False
    expect(state).to_have_text("In sync")
    expect(state).to_be_focused()


def test_settling_a_conflict_leads_to_the_new_state(stage: Stage) -> None:
    opened = stage.open("conflict")
    for number in range(opened.widget.locator("fieldset").count()):
        choices = opened.widget.locator("fieldset").nth(number).locator("input:enabled")
        choices.first.check()
    press(opened, opened.widget.get_by_role("button", name=re.compile("^Apply")))
    expect(opened.widget.locator(".state h2")).to_have_text("In sync")
    expect(opened.widget.locator(".state h2")).to_be_focused()


def test_linking_a_candidate_leads_to_the_new_state(stage: Stage) -> None:
    opened = stage.open("ambiguous", entity="Accounts")
    press(opened, opened.widget.get_by_role("button", name=re.compile("^Link")).first)
    expect(opened.widget.locator(".state h2")).to_have_text("In sync")
    expect(opened.widget.locator(".state h2")).to_be_focused()


@pytest.mark.parametrize("number", ["4003", "4007"])
def test_a_row_that_moves_keeps_the_focus_that_is_in_it(stage: Stage, number: str) -> None:
    stage.fake.hold_requests = True
    opened = stage.open("4002,4003,4004,4005,4006,4007", list="1")
    press(opened, opened.widget.get_by_role("button", name="Sync now"))
    expect(opened.widget.get_by_role("progressbar")).to_be_visible()
    opened.widget.get_by_role("button", name=f"INV-{number}").focus()
    stage.fake.hold_requests = False
    expect(opened.widget.locator(".state h2")).to_have_text("5 of 6 are the same on both sides.")
    expect(opened.widget.locator(".chosen li").first).to_contain_text("INV-4007")
    expect(opened.widget.get_by_role("button", name=f"INV-{number}")).to_be_focused()


COUNT_CLOSINGS = """() => {
  const real = window.setTimeout;
  window.closings = 0;
  window.setTimeout = (act, ms) => { window.closings += ms === 3000 ? 1 : 0; return real(act, ms); };
}"""


def test_what_is_said_stays_while_it_is_pointed_at_or_focused(stage: Stage) -> None:
    opened = stage.open("in_sync")
    opened.frame().evaluate(COUNT_CLOSINGS)
    opened.widget.get_by_role("button", name="Send to Xero").click()
    toast = opened.widget.locator(".toast")
    toast.hover()
    toast.get_by_role("button", name="Close").focus()
    opened.frame().evaluate("() => document.activeElement.blur()")
    assert opened.frame().evaluate("() => window.closings") == 0
    opened.widget.locator(".state h2").hover()
    opened.frame().wait_for_function("() => window.closings === 1")
    expect(toast).to_have_count(0)


def test_saving_settings_leads_to_the_head_of_their_page(stage: Stage) -> None:
    opened = settings(stage, "modules")
    opened.widget.get_by_role("switch", name="Invoices: On").uncheck()
    press(opened, opened.widget.get_by_role("button", name=re.compile("^Save")))
    expect(opened.widget.locator(".savebar")).to_have_count(0)
    expect(opened.widget.locator(".main h1")).to_be_focused()


def test_resetting_the_connection_leads_to_the_head_of_its_page(stage: Stage) -> None:
    opened = settings(stage, "connection")
    press(opened, opened.widget.get_by_role("button", name="Reset connection…"))
    dialog = opened.widget.get_by_role("dialog")
    shown = dialog.element_handle()
    name = dialog.get_by_role("textbox")
    name.fill("Harbour & Vine Ltd")
    name.press("Enter")
    expect(opened.widget.get_by_role("button", name="Connect Xero").first).to_be_visible()
    expect(opened.widget.locator(".main h1")).to_be_focused()
    assert shown.evaluate("dialog => dialog.open") is False


def test_keeping_the_connection_leads_back_to_the_button(stage: Stage) -> None:
    opened = settings(stage, "connection")
    reset = opened.widget.get_by_role("button", name="Reset connection…")
    press(opened, reset)
    press(opened, opened.widget.get_by_role("button", name="Keep connection"))
    expect(reset).to_be_focused()


def test_nobody_who_moved_on_is_called_back(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.fake.hold_requests = True
    press(opened, opened.widget.get_by_role("button", name="Send to Xero"))
    elsewhere = opened.widget.locator(".panel a").first
    elsewhere.focus()
    stage.fake.hold_requests = False
    expect(opened.widget.locator(".state h2")).to_have_text("In sync")
    expect(elsewhere).to_be_focused()
    opened.widget.locator(".panel .foot").click()
    opened.frame().evaluate("() => document.querySelector('.panel a').remove()")
    opened.page.wait_for_timeout(200)
    expect(opened.widget.locator(".state h2")).not_to_be_focused()


def test_a_save_that_fails_gives_the_focus_back_to_its_button(stage: Stage) -> None:
    opened = settings(stage, "modules")
    opened.widget.get_by_role("switch", name="Invoices: On").uncheck()
    waiting: list[Route] = []
    opened.page.route(
        "**/api/settings",
        lambda route: waiting.append(route) if route.request.method == "PUT" else route.fallback(),
    )
    save = opened.widget.get_by_role("button", name=re.compile("^Save"))
    press(opened, save)
    expect(save).to_be_disabled()
    while not waiting:
        opened.page.wait_for_timeout(20)
    waiting[0].fulfill(status=503, json={"status": 503})
    expect(save).to_be_enabled()
    expect(save).to_be_focused()


def test_leaving_the_scope_of_a_module_leads_back_to_where_it_was_opened(stage: Stage) -> None:
    opened = settings(stage, "modules")
    way = opened.widget.get_by_role("link", name=re.compile("scope", re.IGNORECASE)).first
    press(opened, way)
    expect(opened.widget.get_by_role("dialog")).to_be_visible()
    opened.page.keyboard.press("Escape")
    expect(opened.widget.get_by_role("dialog")).to_have_count(0)
    expect(way).to_be_focused()


def test_moving_on_from_an_open_dialog_is_not_taken_back(stage: Stage) -> None:
    opened = settings(stage, "modules/invoices")
    expect(opened.widget.get_by_role("dialog")).to_be_visible()
    go(opened, "log")
    expect(opened.widget.locator(".main h1")).to_have_text("Log")
    opened.page.wait_for_timeout(300)
    expect(opened.widget.locator(".main h1")).to_have_text("Log")
