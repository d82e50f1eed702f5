"""Leaving for good: what is erased is read, the name is typed, and nothing is shown afterwards."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.reader import Reader, in_every_language
from tests.e2e.test_record_states import axe
from tests.e2e.test_settings_page import settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
CONSEQUENCE = (
    "Records in CRM and in Xero stay as they are. This cannot be undone: whoever comes back "
    "starts with a new set-up, and the records are matched anew."
)


def asked(opened: Opened, reader: Reader) -> Locator:
    """The question that comes before everything is erased."""
    reader.click(opened, "Leave and erase…")
    title = reader.text("Leave and erase everything?")
    return opened.widget.get_by_role("dialog", name=title)


@in_every_language
def test_who_would_leave_reads_what_is_erased_and_types_the_name(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "connection", language=reader.language)
    dialog = asked(opened, reader)
    expect(dialog).to_contain_text(reader.text(CONSEQUENCE))
    field = dialog.get_by_label(
        reader.text("Type {name} to confirm", name=stage.fake.org_name), exact=True
    )
    expect(field).to_be_focused()
    reader.write(field, "Harbour & Vine Ltd")
    expect(reader.button(dialog, "Leave and erase")).to_be_disabled()
    field.press("Enter")
    reader.click(dialog, "Keep everything")
    expect(dialog).to_have_count(0)
    assert not [call for call in stage.fake.calls if "leave" in call[1]]


@in_every_language
def test_a_refusal_is_told_in_the_dialog_and_who_has_left_is_signed_out(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "connection", language=reader.language)
    dialog = asked(opened, reader)
    name = stage.fake.org_name
    stage.fake.org_name = "Renamed meanwhile"
    reader.write(dialog.get_by_role("textbox"), name)
    reader.click(dialog, "Leave and erase")
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert axe(opened) == []
    stage.fake.org_name = name
    reader.click(dialog, "Leave and erase")
    title = reader.text("Everything kept for {name} is erased", name=name)
    expect(opened.widget.get_by_role("heading", name=title)).to_be_visible()
    assert opened.frame().evaluate("() => sessionStorage.getItem('zoho-xero-refresh')") is None
    assert axe(opened) == []
    reader.click(opened, "Sign in with Zoho")
    expect(opened.widget.get_by_role("heading", level=1)).to_be_visible()


@in_every_language
def test_whoever_is_signed_out_over_the_question_signs_in_there_and_is_asked_again(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "connection", language=reader.language)
    dialog = asked(opened, reader)
    name = stage.fake.org_name
    reader.write(dialog.get_by_role("textbox"), name)
    stage.fake.forget_sessions()
    reader.click(dialog, "Leave and erase")
    told = reader.text("Nothing has been done. Sign in, then confirm once more.")
    expect(dialog.get_by_text(told)).to_be_visible()
    sign_in = reader.button(dialog, "Sign in with Zoho")
    expect(sign_in).to_be_focused()
    assert axe(opened) == []
    with opened.page.expect_popup():
        reader.press(sign_in)
    expect(reader.button(dialog, "Leave and erase")).to_be_enabled()
    expect(dialog.get_by_role("textbox")).to_be_focused()
    expect(dialog.get_by_role("textbox")).to_have_value(name)
    assert len([call for call in stage.fake.calls if "leave" in call[1]]) == 1
    reader.click(dialog, "Leave and erase")
    title = reader.text("Everything kept for {name} is erased", name=name)
    expect(opened.widget.get_by_role("heading", name=title)).to_be_visible()


def test_who_keeps_everything_loses_nothing_by_signing_in_afterwards(stage: Stage) -> None:
    opened = settings(stage, "connection")
    opened.widget.get_by_role("button", name="Leave and erase…").click()
    dialog = opened.widget.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(stage.fake.org_name)
    stage.fake.forget_sessions()
    dialog.get_by_role("button", name="Leave and erase").click()
    expect(dialog.get_by_text("Your session has ended.")).to_be_visible()
    dialog.get_by_role("button", name="Keep everything").click()
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.get_by_text("Your session has ended.")).to_have_count(0)
    opened.page.wait_for_timeout(300)
    assert len([call for call in stage.fake.calls if "leave" in call[1]]) == 1


def test_why_the_question_cannot_be_answered_now_is_said_over_it(stage: Stage) -> None:
    opened = settings(stage, "connection")
    opened.widget.get_by_role("button", name="Leave and erase…").click()
    dialog = opened.widget.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(stage.fake.org_name)
    opened.page.context.set_offline(True)
    expect(dialog.get_by_text("You are offline.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Leave and erase")).to_be_disabled()
    stage.fake.forget_sessions()
    opened.page.context.set_offline(False)
    sign_in = dialog.get_by_role("button", name="Sign in with Zoho")
    expect(sign_in).to_be_visible()
    opened.frame().evaluate("() => { window.open = () => null; }")
    sign_in.click()
    expect(dialog.get_by_role("link", name="Sign in with Zoho")).to_be_visible()
    assert axe(opened) == []
