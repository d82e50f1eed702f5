"""The settings page: the guide from nothing to the first sync, switches, saving, reset."""

import pytest
from playwright.sync_api import expect

from tests.e2e import settings_states as told
from tests.e2e import states
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe
from tests.e2e.reader import Reader, in_every_language, in_other_languages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SETTINGS = "settings.html"


def settings(stage: Stage, view: str = "", **more: object) -> Opened:
    """The settings page at one of its views."""
    opened = stage.open("1", page=SETTINGS, **{"width": 1280, "wait": False, **more})  # type: ignore[arg-type]
    opened.widget.locator("h1").first.wait_for()
    if view:
        go(opened, view)
    return opened


def go(opened: Opened, view: str) -> None:
    """Move to a view by its address."""
    opened.frame().evaluate("to => { location.hash = to; }", f"#/{view}")


@in_every_language
def test_the_guide_leads_from_nothing_to_the_first_sync(stage: Stage, reader: Reader) -> None:
    stage.fake.connections = states.connected(zoho="disconnected", xero="disconnected")
    opened = settings(stage, signed_in=False, language=reader.language)
    widget, page, says = opened.widget, opened.page, reader.text
    step = widget.locator(".step.next")
    connect(opened, reader, "Sign in with Zoho")
    expect(step).to_contain_text(says("Connect Zoho CRM"))
    stage.fake.connections = states.connected(xero="disconnected")
    assert "purpose=connect" in connect(opened, reader, "Connect Zoho CRM")
    connect(opened, reader, "Connect Xero")
    expect(step).to_contain_text(says("Choose the Xero organisation"))
    reader.press(step.get_by_role("button", name="Harbour & Vine Ltd"))
    expect(step).to_contain_text(says("Choose modules and directions"))
    with page.expect_response("**/api/guide/modules"):
        reader.click(step, "Choose modules")
    expect(widget.get_by_role("heading", name=says("Modules"))).to_be_focused()
    stage.fake.missing = {"/api/preflight"}
    page.reload()  # left, and taken up again where it stood
    widget.locator("h1").first.wait_for()
    go(opened, "guide")
    for button in ("Match taxes", "Check mapping"):
        reader.click(step, button)
        go(opened, "guide")
    expect(step).to_contain_text(says("Nothing is written before you accept the preview."))
    stage.fake.hold_runs = True
    reader.click(step, "Start preview")
    expect(widget.get_by_role("progressbar")).to_be_visible()
    stage.fake.hold_runs = False
    expect(widget.get_by_text(says("Nothing has been written yet."))).to_be_visible()
    start = reader.button(opened, "Start sync: 1 change", n="191")
    expect(start).to_be_visible(timeout=20_000)
    reader.press(start)
    expect(widget.get_by_text(says("Done."), exact=True)).to_be_visible(timeout=20_000)
    assert ("POST", "/api/modules/all/sync", {"direction": "both", "preview": "preview"}) in (
        stage.fake.calls
    )
    go(opened, "guide")
    expect(widget.locator(".step.next")).to_have_count(0)


def connect(opened: Opened, reader: Reader, english: str) -> str:
    """Take the next step of the guide in the window it opens; answers with its address."""
    step = opened.widget.locator(".step.next")
    expect(step).to_contain_text(reader.text(english))
    with opened.page.expect_popup() as waiting:
        reader.press(step.get_by_role("button"))
    return waiting.value.url


@in_every_language
def test_switches_are_saved_together_and_what_piled_up_is_shown_first(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "modules", language=reader.language)
    widget, says = opened.widget, reader.text
    update = f"{reader.name('Quotes', 'To Xero')}, {bare(says('Update'))}"
    reader.press(widget.get_by_role("checkbox", name=update))
    bar = widget.get_by_role("region", name=says("Changes"))
    line = says("{module}: {change}", module=says("Quotes"), change=says("updates go to Xero."))
    expect(bar).to_contain_text(f"{says('1 change not saved.')} {line}")
    expect(bar).to_contain_text(told.piled_up(reader.language))
    reader.press(widget.get_by_role("switch", name=reader.name("Invoices", "Schedule")))
    reader.choose(widget.get_by_label(reader.name("Vendors", "Edited on both")), "zoho")
    expect(bar).to_contain_text(says("1 change not saved.", n="3"))
    reader.click(bar, "Save and preview")
    expect(widget.get_by_text(says("Nothing has been written yet."))).to_be_visible()
    stored = stage.fake.settings["modules"]
    assert stored["quotes"]["to_xero"]["update"] is True
    assert (stored["invoices"]["schedule"], stored["vendors"]["conflict"]) == (False, "zoho")
    assert stage.fake.settings["delete_limit"] == 10
    assert opened.complaints == []


def bare(text: str) -> str:
    """A text without the places where a narrow column may break it."""
    return text.replace("\u00ad", "")


def test_a_direction_that_cannot_be_says_why_and_offers_no_switch(stage: Stage) -> None:
    opened = settings(stage, "modules")
    row = opened.widget.get_by_role("row", name="Sales orders")
    expect(row).to_contain_text("Xero has no sales orders")
    expect(row.get_by_role("checkbox")).to_have_count(3)
    expect(opened.widget.get_by_role("row", name="Credit notes")).to_contain_text("To CRM only")
    expect(opened.widget.get_by_role("row", name="Credit notes")).to_contain_text("Xero wins")


@in_every_language
def test_what_is_in_scope_is_edited_beside_its_count(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "modules", width=320, language=reader.language)
    widget, says = opened.widget, reader.text
    counted = "1 of {total} records known so far is in scope."
    reader.press(widget.get_by_role("button", name=says("Accounts")))
    reader.press(widget.get_by_role("link", name=says("All records")), "Enter")
    dialog = widget.get_by_role("dialog")
    expect(dialog).to_contain_text(says(counted, n="471", total="471"))
    dialog.get_by_label(says("Not before")).fill("2026-03-01")
    reader.click(dialog, "Count again")
    expect(dialog).to_contain_text(says(counted, n="318", total="471"))
    reader.click(dialog, "Close")
    day = reader.said("1 Mar 2026", "1 mars 2026", "01.03.2026")
    expect(widget.get_by_role("link", name=says("From {date}", date=day))).to_be_visible()
    change = says("in scope from {date}.", date=day)
    line = says("{module}: {change}", module=says("Accounts"), change=change)
    expect(widget.get_by_text(line)).to_be_visible()
    assert opened.complaints == []


@in_other_languages
def test_a_filter_is_added_filled_and_taken_away(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "modules/quotes", language=reader.language)
    says, dialog = reader.text, opened.widget.get_by_role("dialog")
    empty = says("No condition: every record is in scope.")
    expect(dialog).to_contain_text(empty)
    reader.click(dialog, "Add a condition")
    row = dialog.get_by_role("group", name=says("Condition {number}", number="1"))
    reader.choose(row.get_by_label(says("Field")), "Status")
    reader.choose(row.get_by_label(says("Comparison")), "in")
    reader.press(row.get_by_role("checkbox", name="Approved"))
    reader.press(row.get_by_role("checkbox", name="Delivered"))
    with opened.page.expect_request("**/api/modules/quotes/scope") as asked:
        reader.click(dialog, "Count again")
    sent = {"field": "Status", "op": "in", "value": ["Approved", "Delivered"]}
    assert asked.value.post_data_json["filter"] == [sent]
    reader.click(dialog, "Remove condition {number}", number="1")
    expect(dialog).to_contain_text(empty)
    reader.click(dialog, "Close")
    expect(opened.widget.get_by_role("region", name=says("Changes"))).to_have_count(0)
    assert opened.complaints == []


def test_no_module_on_is_a_state_of_its_own(stage: Stage) -> None:
    for held in stage.fake.settings["modules"].values():
        held["enabled"] = False
    opened = settings(stage, "modules")
    expect(opened.widget.get_by_role("heading", name="No module is on")).to_be_visible()
    expect(opened.widget.get_by_role("button", name="Preview")).to_be_disabled()


@in_every_language
def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_is_lost(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "modules", language=reader.language)
    widget, says = opened.widget, reader.text
    on = widget.get_by_role("switch", name=reader.name("Invoices", "On"), exact=True)
    reader.press(on)
    reader.choose(widget.get_by_label(reader.name("Accounts", "Edited on both")), "xero")
    stage.fake.version = 7
    stage.fake.settings["modules"]["contacts"]["schedule"] = False
    stage.fake.settings["modules"]["accounts"]["conflict"] = "zoho"
    reader.click(opened, "Save")
    card = widget.locator(".meanwhile")
    expect(card).to_contain_text(says("Somebody else has saved these settings meanwhile."))
    expect(card).to_contain_text(f"{says('Contacts')} · {says('Schedule')}")
    expect(on).not_to_be_checked()
    expect(
        widget.get_by_role("switch", name=reader.name("Contacts", "Schedule"))
    ).not_to_be_checked()
    reader.press(card.get_by_role("radio", name=says("CRM wins")))
    reader.click(card, "Understood")
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    stored = stage.fake.settings["modules"]
    assert stored["accounts"]["conflict"] == "zoho"
    assert (stored["invoices"]["enabled"], stored["contacts"]["schedule"]) == (False, False)


def test_what_somebody_else_saved_is_shown_before_a_save_that_would_overwrite_it(
    stage: Stage,
) -> None:
    opened = settings(stage, "modules")
    conflict = opened.widget.get_by_label("Accounts: Edited on both")
    conflict.select_option("xero")
    stage.fake.version = 7
    stage.fake.settings["modules"]["accounts"]["conflict"] = "zoho"
    opened.page.context.set_offline(True)
    expect(opened.widget.get_by_text("You are offline.")).to_be_visible()
    opened.page.context.set_offline(False)
    card = opened.widget.locator(".meanwhile")
    expect(card).to_contain_text("You both changed the settings below. Choose, then save again.")
    save = opened.widget.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_disabled()
    expect(save).to_have_accessible_description(
        "You both changed a setting. Choose above, then save."
    )
    assert axe(opened) == []
    card.get_by_role("radio", name="CRM wins").check()
    expect(conflict).to_have_value("zoho")
    expect(opened.widget.locator("#save-why")).to_have_count(0)


def test_a_session_that_ends_in_a_form_loses_nothing(stage: Stage) -> None:
    opened = settings(stage, "modules")
    widget = opened.widget
    widget.get_by_role("switch", name="Invoices: On").uncheck()
    stage.fake.forget_sessions()
    widget.get_by_role("button", name="Save").click()
    expect(widget.get_by_text("Your session has ended.")).to_be_visible()
    expect(widget.get_by_role("switch", name="Invoices: On")).not_to_be_checked()
    with opened.page.expect_popup():
        widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(widget.locator(".toast")).to_contain_text("The settings are saved.")
    assert stage.fake.settings["modules"]["invoices"]["enabled"] is False


@in_every_language
def test_whoever_signs_in_as_somebody_else_saves_nothing_of_the_one_before(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "notices", language=reader.language)
    widget, says = opened.widget, reader.text
    language = widget.get_by_label(says("Language of messages and notices"))
    reader.choose(language, "fr")
    stage.fake.forget_sessions()
    reader.click(opened, "Save")
    expect(widget.get_by_text(says("Your session has ended."))).to_be_visible()
    stage.fake.org_id, stage.fake.org_name = "2", "Bay Traders"
    with opened.page.expect_popup():
        reader.click(opened, "Sign in with Zoho")
    now = says(
        "You are signed in as {name} of {organisation} now.",
        name="Ana Whitfield",
        organisation="Bay Traders",
    )
    expect(widget.get_by_text(now)).to_be_visible()
    expect(widget.locator(".strip")).to_contain_text("Bay Traders")
    expect(language).to_have_value("en")
    expect(widget.get_by_role("region", name=says("Changes"))).to_have_count(0)
    assert axe(opened) == []
    # The first attempt at the most: the page may have heard that the session is over before it.
    assert len([call for call in stage.fake.calls if call[0] == "PUT"]) <= 1
    assert stage.fake.settings["language"] == "en"
    reader.click(opened, "Understood")
    expect(widget.get_by_text(now)).to_have_count(0)


@in_every_language
def test_sync_now_comes_after_the_first_sync_and_the_way_there_is_offered(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "modules", language=reader.language, width=320)
    strip = opened.widget.locator(".strip")
    due = reader.text("1 module still needs its first sync.", n="7")
    expect(strip).to_contain_text(due)
    expect(reader.button(opened, "Sync now")).to_have_count(0)
    assert opened.frame().evaluate("() => document.documentElement.scrollWidth") <= 320
    onward = strip.get_by_role("link", name=reader.text("Continue set-up"))
    reader.press(onward, "Enter")
    expect(opened.widget.get_by_role("heading", name=reader.text("Set-up guide"))).to_be_focused()
    expect(onward).to_have_count(0)


def test_offline_keeps_what_was_known_and_writes_nothing(stage: Stage) -> None:
    stage.fake.accepted = True
    opened = settings(stage, "modules")
    opened.page.context.set_offline(offline=True)
    expect(opened.widget.get_by_text("You are offline.")).to_be_visible()
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_disabled()
    expect(opened.widget.get_by_role("button", name="Sync now")).to_be_disabled()
    opened.page.context.set_offline(offline=False)
    expect(opened.widget.get_by_text("You are offline.")).to_have_count(0)
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_enabled()


@in_every_language
def test_a_reset_asks_for_the_name_and_escape_keeps_the_connection(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "connection", language=reader.language)
    widget, name = opened.widget, "Harbour & Vine Ltd"
    reader.click(opened, "Reset connection…")
    field = widget.get_by_label(reader.text("Type {name} to confirm", name=name))
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)
    reader.click(opened, "Reset connection…")
    reader.write(field, "Harbour & Vi")
    expect(reader.button(opened, "Reset connection")).to_be_disabled()
    field.press("Enter")
    assert not [call for call in stage.fake.calls if call[0] == "DELETE"]
    reader.write(field, name)
    reader.click(opened, "Reset connection")
    reader.toast(opened, "The Xero connection is reset.")
    expect(reader.button(opened, "Connect Xero")).to_be_visible()
    assert opened.complaints == []


def test_who_is_no_administrator_can_look_but_not_change(stage: Stage) -> None:
    stage.fake.admin = False
    opened = settings(stage, "modules")
    expect(
        opened.widget.get_by_text("You can decide records, but not change settings.")
    ).to_be_visible()
    expect(opened.widget.get_by_role("switch").first).to_be_disabled()
    expect(opened.widget.get_by_role("button", name="Preview")).to_have_count(0)
    go(opened, "connection")
    expect(opened.widget.get_by_role("button", name="Reset connection…")).to_have_count(0)
    expect(opened.widget.get_by_role("button", name="Leave and erase…")).to_have_count(0)


@in_every_language
def test_more_deletions_than_the_limit_wait_for_a_yes(stage: Stage, reader: Reader) -> None:
    stage.fake.accepted = stage.fake.confirm = True
    opened = settings(stage, "preview/sync", language=reader.language)
    alert = opened.widget.get_by_role("alert")
    asks = "This run would delete {deletions} records, more than {limit} per cent. Nothing has been deleted yet."  # fmt: skip
    expect(alert).to_contain_text(reader.text(asks, deletions="64", limit="10"))
    reader.click(opened, "Delete 1 record", n="64")
    expect(reader.button(opened, "Undo this run")).to_be_visible()
    assert ("POST", "/api/runs/sync/confirm", {}) in stage.fake.calls
    reader.click(opened, "Undo this run")
    undo = opened.widget.get_by_role("heading", name=reader.text("Undo"), level=1)
    expect(undo).to_be_visible()


@in_every_language
def test_a_run_can_be_stopped_after_its_batch(stage: Stage, reader: Reader) -> None:
    stage.fake.hold_runs = True
    opened = settings(stage, "preview/sync", language=reader.language)
    bar = opened.widget.get_by_role("progressbar")
    done = reader.text("{done} of {total}", done="128", total="549")
    expect(bar).to_have_attribute("aria-valuetext", done)
    expect(opened.widget.locator(".progress")).to_contain_text(reader.text("About 1 minute left"))
    reader.click(opened, "Stop after this batch")
    expect(bar).to_have_count(0)
    assert ("POST", "/api/runs/sync/cancel", {}) in stage.fake.calls


def test_a_record_leads_an_administrator_to_the_first_connection(stage: Stage) -> None:
    stage.fake.connections = states.connected(zoho="disconnected", xero="disconnected")
    opened = stage.open("never_connected")
    with opened.page.expect_popup() as waiting:
        opened.widget.get_by_role("button", name="Connect Zoho CRM").click()
    assert "purpose=connect" in waiting.value.url
    stage.fake.connections = states.connected(xero="disconnected")
    opened.page.evaluate("() => window.pageLoad('1013')")
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Connect Xero").click()
    opened.widget.get_by_role("button", name="Harbour B.V.").click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_reconnecting_chooses_the_same_organisation_again(stage: Stage) -> None:
    stage.fake.connections = states.connected(xero="needs_reconnect")
    opened = stage.open("disconnected")
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Reconnect Xero").click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    assert ("PUT", "/api/connections/xero/organisation", {"id": states.HARBOUR["id"]}) in (
        stage.fake.calls
    )
