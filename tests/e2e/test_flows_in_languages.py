"""What people do most, in the other two languages: in French by mouse, in German by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import english_left
from tests.e2e.reader import Reader, in_other_languages
from tests.e2e.test_list_button import CHOSEN, chosen
from tests.e2e.test_record_states import move_on
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@in_other_languages
def test_a_record_is_sent_settled_and_linked(stage: Stage, reader: Reader) -> None:
    opened = stage.open("not_linked", language=reader.language)
    title = opened.widget.locator("h2").first
    reader.click(opened, "Send to Xero")
    expect(title).to_have_text(reader.text("In sync"))
    assert any(call[1] == "/api/records/invoices/1011/sync" for call in stage.fake.calls)
    move_on(opened, "conflict")
    for radio in ("zoho", "xero"):
        reader.press(opened.widget.locator(f"input[value={radio}]").nth(int(radio == "xero")))
    reader.click(opened, "Apply 1 choice", n="2")
    expect(title).to_have_text(reader.text("In sync"))
    sent = {"choices": {"due_date": "zoho", "reference": "xero"}, "remember": False}
    assert ("POST", "/api/records/invoices/1005/resolve", sent) in stage.fake.calls
    move_on(opened, "ambiguous")
    reader.click(opened, "Link to this contact")
    expect(title).to_have_text(reader.text("In sync"))
    assert any(call[1].endswith("/1008/link") for call in stage.fake.calls)
    assert opened.complaints == []


@in_other_languages
def test_chosen_records_and_all_records_are_synced(stage: Stage, reader: Reader) -> None:
    opened = chosen(stage, CHOSEN, language=reader.language)
    reader.click(opened, "Sync now")
    again = reader.text("Try 1 record again", n="1")
    expect(opened.widget.get_by_role("button", name=again)).to_be_visible(timeout=20_000)
    stage.fake.accepted = True
    board = stage.open("1", page="dashboard.html", width=1200, language=reader.language)
    money = board.widget.get_by_role("region", name=reader.text("Money due"))
    if reader.keyboard:
        money.get_by_role("radio", name="NZD").press("ArrowRight")
    else:
        money.get_by_text("EUR", exact=True).click()
    expect(money.get_by_role("radio", name="EUR")).to_be_checked()
    reader.press(board.widget.get_by_role("button", name=reader.text("Show as table")).first)
    expect(board.widget.locator("table").first).to_be_visible()
    reader.click(board, "Sync now")
    reader.toast(board, "The sync is done.")
    assert opened.complaints == board.complaints == []


@in_other_languages
def test_switches_inboxes_and_log(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "modules", language=reader.language)
    widget = opened.widget
    on = reader.name("Invoices", "On")
    reader.press(widget.get_by_role("switch", name=on, exact=True))
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    assert stage.fake.settings["modules"]["invoices"]["enabled"] is False
    go(opened, "conflicts")
    card = widget.locator(".inbox-card")
    for side in ("zoho", "xero"):
        reader.press(card.locator(f"input[value={side}]").nth(int(side == "xero")))
    reader.click(opened, "Apply 1 choice", n="2")
    expect(card.get_by_role("heading", level=2)).to_contain_text("Pōhutukawa Hotels Ltd")
    go(opened, "attention")
    reader.click(opened, "Link to this contact")
    expect(card.get_by_role("heading", level=2)).not_to_contain_text("Whitby Marine Supplies")
    assert any(call[1] == "/api/attention/a1" for call in stage.fake.calls)
    go(opened, "log")
    reader.press(widget.get_by_role("button", name="INV-2063"))
    reader.click(opened, "Try again")
    wait_for_call(opened, stage, "/api/log/10/retry")
    reader.choose(widget.locator(".filters").get_by_label(reader.text("Module")), "accounts")
    expect(widget.locator(".log-row")).to_have_count(2)
    with opened.page.expect_download() as waiting:
        reader.click(opened, "Export CSV")
    assert waiting.value.suggested_filename.endswith(".csv")
    assert opened.complaints == []


def wait_for_call(opened: Opened, stage: Stage, path: str) -> None:
    """Return once the page has asked to change something at this address."""
    for _ in range(100):
        if any(call[0] != "GET" and call[1] == path for call in stage.fake.calls):
            return
        opened.page.wait_for_timeout(50)
    raise AssertionError((path, [call for call in stage.fake.calls if call[0] != "GET"]))


def test_the_words_are_those_of_the_design() -> None:
    told = [Reader(one, keyboard=False).text("Send to Xero") for one in ("fr", "de")]
    assert told == ["Envoyer vers Xero", "An Xero senden"]


def test_an_english_text_on_a_german_page_is_noticed(stage: Stage) -> None:
    opened = settings(stage, "guide", language="de")
    put = "(text) => { document.querySelector('h1').textContent = text; }"
    for text in ("Set-up guide", "64 of 120 are left today."):
        opened.frame().evaluate(put, text)
        assert english_left(opened, "de") == [text]
    opened.frame().evaluate(put, "Heute sind noch 64 von 120 übrig.")
    assert english_left(opened, "de") == []
