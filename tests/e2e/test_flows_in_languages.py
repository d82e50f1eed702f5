"""What people do most, in the other two languages: in French by mouse, in German by keyboard."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.test_list_button import CHOSEN, chosen
from tests.e2e.test_record_states import move_on
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WORDS = Path(__file__).parents[2] / "widget" / "app" / "translations"


@dataclass(frozen=True)
class Reader:
    """A person with a language and a way of pressing things."""

    language: str
    keyboard: bool

    def text(self, english: str, **values: str) -> str:
        """What the page says instead of this English text."""
        held = json.loads((WORDS / f"{self.language}.json").read_text())["messages"][english]
        form = "one" if str(values.get("n", "1")) == "1" else "other"
        return str(held if isinstance(held, str) else held[form]).format(**values)

    def press(self, control: Locator) -> None:
        """Press a button or tick a box."""
        if self.keyboard:
            control.focus()
            control.press("Space")
        else:
            control.click()

    def button(self, opened: Opened, english: str, **values: str) -> None:
        """Press the button that says so."""
        label = self.text(english, **values)
        self.press(opened.widget.get_by_role("button", name=label, exact=True).first)


each = pytest.mark.parametrize(
    "reader", [Reader("fr", False), Reader("de", True)], ids=["french-mouse", "german-keyboard"]
)


@each
def test_a_record_is_sent_settled_and_linked(stage: Stage, reader: Reader) -> None:
    opened = stage.open("not_linked", language=reader.language)
    title = opened.widget.locator("h2").first
    reader.button(opened, "Send to Xero")
    expect(title).to_have_text(reader.text("In sync"))
    assert any(call[1] == "/api/records/invoices/1011/sync" for call in stage.fake.calls)
    move_on(opened, "conflict")
    for radio in ("zoho", "xero"):
        reader.press(opened.widget.locator(f"input[value={radio}]").nth(int(radio == "xero")))
    reader.button(opened, "Apply 1 choice", n="2")
    expect(title).to_have_text(reader.text("In sync"))
    sent = {"choices": {"due_date": "zoho", "reference": "xero"}, "remember": False}
    assert ("POST", "/api/records/invoices/1005/resolve", sent) in stage.fake.calls
    move_on(opened, "ambiguous")
    reader.button(opened, "Link to this contact")
    expect(title).to_have_text(reader.text("In sync"))
    assert any(call[1].endswith("/1008/link") for call in stage.fake.calls)
    assert opened.complaints == []


@each
def test_chosen_records_and_all_records_are_synced(stage: Stage, reader: Reader) -> None:
    opened = chosen(stage, CHOSEN, language=reader.language)
    reader.button(opened, "Sync now")
    again = reader.text("Try 1 record again", n="1")
    expect(opened.widget.get_by_role("button", name=again)).to_be_visible(timeout=10_000)
    board = stage.open("1", page="dashboard.html", width=1200, language=reader.language)
    money = board.widget.get_by_role("region", name=reader.text("Money due"))
    if reader.keyboard:
        money.get_by_role("radio", name="NZD").press("ArrowRight")
    else:
        money.get_by_text("EUR", exact=True).click()
    expect(money.get_by_role("radio", name="EUR")).to_be_checked()
    reader.press(board.widget.get_by_role("button", name=reader.text("Show as table")).first)
    expect(board.widget.locator("table").first).to_be_visible()
    reader.button(board, "Sync now")
    done = reader.text("The sync is done.")
    expect(board.widget.locator(".toast")).to_contain_text(done, timeout=10_000)
    assert opened.complaints == board.complaints == []


@each
def test_switches_inboxes_log_and_reset(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "modules", language=reader.language)
    widget = opened.widget
    on = f"{reader.text('Invoices')}: {reader.text('On')}"
    reader.press(widget.get_by_role("switch", name=on, exact=True))
    reader.button(opened, "Save")
    expect(widget.locator(".toast")).to_contain_text(reader.text("The settings are saved."))
    assert stage.fake.settings["modules"]["invoices"]["enabled"] is False
    go(opened, "conflicts")
    card = widget.locator(".inbox-card")
    for side in ("zoho", "xero"):
        reader.press(card.locator(f"input[value={side}]").nth(int(side == "xero")))
    reader.button(opened, "Apply 1 choice", n="2")
    expect(card.get_by_role("heading", level=2)).to_contain_text("Pōhutukawa Hotels Ltd")
    go(opened, "attention")
    reader.button(opened, "Link to this contact")
    expect(card.get_by_role("heading", level=2)).not_to_contain_text("Whitby Marine Supplies")
    assert any(call[1] == "/api/attention/a1" for call in stage.fake.calls)
    go(opened, "log")
    reader.press(widget.get_by_role("button", name="INV-2063"))
    reader.button(opened, "Try again")
    go(opened, "connection")
    reader.button(opened, "Reset connection…")
    widget.locator("dialog input").fill("Harbour & Vine Ltd")
    reader.button(opened, "Reset connection")
    wait_for_call(opened, stage, "/api/connections/xero")
    assert opened.complaints == []


def wait_for_call(opened: Opened, stage: Stage, path: str) -> None:
    """Return once the page has asked to change something at this address."""
    for _ in range(100):
        if any(call[0] != "GET" and call[1] == path for call in stage.fake.calls):
            return
        opened.page.wait_for_timeout(50)
    raise AssertionError((path, [call for call in stage.fake.calls if call[0] != "GET"]))


def test_the_words_are_those_of_the_design() -> None:
    told = [Reader(one, False).text("Send to Xero") for one in ("fr", "de")]
    assert told == ["Envoyer vers Xero", "An Xero senden"]
