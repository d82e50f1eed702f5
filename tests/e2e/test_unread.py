"""What could not be read says so in its place and can be asked for again: it is never an empty list
and never a good verdict."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import settings_states as told
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe
from tests.e2e.reader import Reader, in_every_language
from tests.e2e.test_settings_page import settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def unread(opened: Opened, reader: Reader, what: str) -> Locator:
    """The line that says so, with its reason and the number of the request."""
    line = opened.widget.locator(".unread").filter(has_text=reader.text(what))
    expect(line).to_be_visible()
    expect(line).to_contain_text("7F3A-19C2")
    return line


@in_every_language
def test_a_search_in_xero_that_failed_is_no_answer(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "attention/a1", language=reader.language)
    stage.fake.fail["/api/xero/search/accounts"] = 503
    reader.click(opened, "Search in Xero")
    field = opened.widget.get_by_placeholder(reader.text("Name or number in Xero"))
    reader.write(field, "Whitby")
    line = unread(opened, reader, "Xero could not be searched.")
    expect(opened.widget.get_by_text(reader.text("Xero has nothing by this name."))).to_have_count(
        0
    )
    assert axe(opened) == []
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(opened.widget.get_by_text("Whitby Marine Holdings")).to_be_visible()
    expect(line).to_have_count(0)


@in_every_language
def test_nothing_starts_from_a_preview_whose_rows_were_not_read(
    stage: Stage, reader: Reader
) -> None:
    stage.fake.runs = [told.run("preview", "invoices", done=549, state="done", preview=None)]
    stage.fake.fail["/api/runs/preview/items"] = 503
    opened = settings(stage, "preview/preview", language=reader.language)
    line = unread(opened, reader, "The rows could not be read.")
    start = opened.widget.locator(".savebar .button.primary")
    expect(start).to_be_disabled()
    expect(opened.widget.get_by_text(reader.text("No rows of this kind"))).to_have_count(0)
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(opened.widget.locator(".rows-list > li").first).to_be_visible()
    expect(start).to_be_enabled()


@in_every_language
def test_an_edited_pair_fits_only_once_that_was_looked_at(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    row = opened.widget.locator(".map-row").filter(has_text="Subject").first
    expect(row).to_contain_text(reader.text("Fits"))
    stage.fake.fail["/api/mapping/invoices/check"] = 503
    stage.fake.fail["/api/mapping/invoices/versions"] = 503
    reader.choose(opened.widget.get_by_label(reader.name("Subject", "Direction")), "to_xero")
    line = unread(opened, reader, "What you changed could not be checked.")
    expect(row).to_contain_text(reader.text("Not checked"))
    reader.click(opened, "Earlier versions")
    versions = unread(opened, reader, "The earlier versions could not be read.")
    never = reader.text("The defaults have never been changed.")
    expect(opened.widget.get_by_text(never)).to_have_count(0)
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(row).to_contain_text(reader.text("Fits"))
    reader.click(versions, "Try again")
    expect(opened.widget.locator(".versions li").first).to_be_visible()


@in_every_language
def test_conditions_can_be_added_once_the_fields_were_read(stage: Stage, reader: Reader) -> None:
    stage.fake.fail["/api/mapping/invoices"] = 503
    stage.fake.fail["/api/modules/invoices/scope"] = 503
    opened = settings(stage, "modules/invoices", language=reader.language)
    line = unread(opened, reader, "The fields of CRM could not be read.")
    count = unread(opened, reader, "How many records that is could not be counted.")
    expect(reader.button(opened, "Add a condition")).to_be_disabled()
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(reader.button(opened, "Add a condition")).to_be_enabled()
    expect(count).to_have_count(0)


@in_every_language
def test_earlier_attempts_that_did_not_come_are_asked_for_again(
    stage: Stage, reader: Reader
) -> None:
    stage.fake.log_rows = told.many_log_rows(250)
    opened = settings(stage, "log", language=reader.language)
    expect(reader.button(opened, "Show earlier")).to_be_visible()
    stage.fake.fail["/api/log"] = 503
    # Whoever comes near the end is read further without a click.
    opened.frame().evaluate("() => document.querySelector('.log-end').scrollIntoView()")
    line = unread(opened, reader, "Earlier attempts could not be read.")
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(opened.widget.get_by_text(reader.text("That is all in this time."))).to_be_visible()


@in_every_language
def test_a_comparison_is_followed_to_its_verdict(stage: Stage, reader: Reader) -> None:
    stage.fake.fail["/api/audit"] = 503
    opened = settings(stage, "health", language=reader.language)
    line = unread(opened, reader, "What the last audit found could not be read.")
    stage.fake.fail.clear()
    reader.click(line, "Try again")
    expect(line).to_have_count(0)
    stage.fake.hold_runs = True
    compare = reader.button(opened, "Compare now")
    with opened.page.expect_response("**/api/runs/audit"):
        reader.press(compare)
    with opened.page.expect_response("**/api/runs/audit"):
        expect(compare).to_have_attribute("aria-busy", "true")
    expect(compare).to_be_disabled()
    verdicts = stage.fake.calls.count(("GET", "/api/audit", None))
    stage.fake.hold_runs = False
    expect(compare).to_be_enabled()
    assert stage.fake.calls.count(("GET", "/api/audit", None)) == verdicts + 1
