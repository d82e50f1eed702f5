"""The settings page: the guide from nothing to the first sync, switches, saving, reset."""

import pytest
from playwright.sync_api import expect

from tests.e2e import states
from tests.e2e.conftest import Opened, Stage

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


def test_the_guide_leads_from_nothing_to_the_first_sync(stage: Stage) -> None:
    stage.fake.connections = states.connected(zoho="disconnected", xero="disconnected")
    opened = settings(stage, signed_in=False)
    widget, page = opened.widget, opened.page
    step = widget.locator(".step.next")
    expect(step).to_contain_text("Sign in with Zoho")
    with page.expect_popup():
        step.get_by_role("button").click()
    expect(step).to_contain_text("Connect Zoho CRM")
    stage.fake.connections = states.connected(xero="disconnected")
    with page.expect_popup() as waiting:
        step.get_by_role("button").click()
    assert "purpose=connect" in waiting.value.url
    expect(step).to_contain_text("Connect Xero")
    with page.expect_popup():
        step.get_by_role("button").click()
    expect(step).to_contain_text("Choose the Xero organisation")
    step.get_by_role("button", name="Harbour & Vine Ltd").click()
    expect(step).to_contain_text("Choose modules and directions")
    step.get_by_role("button", name="Choose modules").click()
    expect(widget.get_by_role("heading", name="Modules")).to_be_focused()
    stage.fake.missing = {"/api/preflight"}
    page.reload()  # left, and taken up again where it stood
    widget.locator("h1").first.wait_for()
    go(opened, "guide")
    for button in ("Match taxes", "Check mapping"):
        step.get_by_role("button", name=button).click()
        go(opened, "guide")
    expect(step).to_contain_text("Nothing is written before you accept the preview.")
    step.get_by_role("button", name="Start preview").click()
    expect(widget.get_by_role("progressbar")).to_be_visible()
    expect(widget.get_by_text("Nothing has been written yet.")).to_be_visible()
    widget.get_by_role("button", name="Start sync: 191 changes").click(timeout=10_000)
    expect(widget.get_by_text("Done.", exact=True)).to_be_visible(timeout=10_000)
    assert ("POST", "/api/modules/all/sync", {"direction": "both", "preview": "preview"}) in (
        stage.fake.calls
    )
    go(opened, "guide")
    expect(widget.locator(".step.next")).to_have_count(0)


def test_switches_are_saved_together_and_what_piled_up_is_shown_first(stage: Stage) -> None:
    opened = settings(stage, "modules")
    widget = opened.widget
    quotes = widget.get_by_role("checkbox", name="Quotes: To Xero, Update")
    quotes.focus()
    quotes.press("Space")
    bar = widget.get_by_role("region", name="Changes")
    expect(bar).to_contain_text("1 change not saved. Quotes: updates go to Xero.")
    expect(bar).to_contain_text("14 quotes were edited while this was off.")
    widget.get_by_role("switch", name="Invoices: Schedule").uncheck()
    widget.get_by_label("Vendors: Edited on both").select_option("zoho")
    expect(bar).to_contain_text("3 changes not saved.")
    bar.get_by_role("button", name="Save and preview").click()
    expect(widget.get_by_text("Nothing has been written yet.")).to_be_visible()
    stored = stage.fake.settings["modules"]
    assert stored["quotes"]["to_xero"]["update"] is True
    assert (stored["invoices"]["schedule"], stored["vendors"]["conflict"]) == (False, "zoho")
    assert stage.fake.settings["delete_limit"] == 10


def test_a_direction_that_cannot_be_says_why_and_offers_no_switch(stage: Stage) -> None:
    opened = settings(stage, "modules")
    row = opened.widget.get_by_role("row", name="Sales orders")
    expect(row).to_contain_text("Xero has no sales orders")
    expect(row.get_by_role("checkbox")).to_have_count(3)
    expect(opened.widget.get_by_role("row", name="Credit notes")).to_contain_text("To CRM only")
    expect(opened.widget.get_by_role("row", name="Credit notes")).to_contain_text("Xero wins")


def test_what_is_in_scope_is_edited_beside_its_count(stage: Stage) -> None:
    opened = settings(stage, "modules", width=320)
    widget = opened.widget
    widget.get_by_role("button", name="Accounts").click()
    widget.get_by_role("link", name="All records").click()
    dialog = widget.get_by_role("dialog")
    expect(dialog).to_contain_text("471 of 471 records known so far are in scope.")
    dialog.get_by_label("Not before").fill("2026-03-01")
    dialog.get_by_role("button", name="Count again").click()
    expect(dialog).to_contain_text("318 of 471 records known so far are in scope.")
    dialog.get_by_role("button", name="Done").click()
    expect(widget.get_by_role("link", name="From 1 Mar 2026")).to_be_visible()
    expect(widget.get_by_text("Accounts: in scope from 1 Mar 2026.")).to_be_visible()


def test_no_module_on_is_a_state_of_its_own(stage: Stage) -> None:
    for held in stage.fake.settings["modules"].values():
        held["enabled"] = False
    opened = settings(stage, "modules")
    expect(opened.widget.get_by_role("heading", name="No module is on")).to_be_visible()
    expect(opened.widget.get_by_role("button", name="Preview")).to_be_disabled()


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_is_lost(stage: Stage) -> None:
    opened = settings(stage, "modules")
    widget = opened.widget
    widget.get_by_role("switch", name="Invoices: On").uncheck()
    widget.get_by_label("Accounts: Edited on both").select_option("xero")
    stage.fake.version = 7
    stage.fake.settings["modules"]["contacts"]["schedule"] = False
    stage.fake.settings["modules"]["accounts"]["conflict"] = "zoho"
    widget.get_by_role("button", name="Save").click()
    told = widget.locator(".meanwhile")
    expect(told).to_contain_text("Somebody else has saved these settings meanwhile.")
    expect(told).to_contain_text("Contacts · Schedule")
    expect(widget.get_by_role("switch", name="Invoices: On")).not_to_be_checked()
    expect(widget.get_by_role("switch", name="Contacts: Schedule")).not_to_be_checked()
    told.get_by_role("radio", name="CRM wins").check()
    told.get_by_role("button", name="Understood").click()
    widget.get_by_role("button", name="Save").click()
    expect(widget.locator(".toast")).to_contain_text("The settings are saved.")
    stored = stage.fake.settings["modules"]
    assert stored["accounts"]["conflict"] == "zoho"
    assert (stored["invoices"]["enabled"], stored["contacts"]["schedule"]) == (False, False)


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


def test_offline_keeps_what_was_known_and_writes_nothing(stage: Stage) -> None:
    opened = settings(stage, "modules")
    opened.page.context.set_offline(offline=True)
    expect(opened.widget.get_by_text("You are offline.")).to_be_visible()
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_disabled()
    expect(opened.widget.get_by_role("button", name="Sync now")).to_be_disabled()
    opened.page.context.set_offline(offline=False)
    expect(opened.widget.get_by_text("You are offline.")).to_have_count(0)
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_enabled()


def test_a_reset_asks_for_the_name_and_escape_keeps_the_connection(stage: Stage) -> None:
    opened = settings(stage, "connection")
    widget = opened.widget
    widget.get_by_role("button", name="Reset connection…").click()
    field = widget.get_by_label("Type Harbour & Vine Ltd to confirm")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)
    widget.get_by_role("button", name="Reset connection…").click()
    button = widget.get_by_role("button", name="Reset connection", exact=True)
    field.fill("Harbour & Vi")
    expect(button).to_be_disabled()
    field.press("Enter")
    assert not [call for call in stage.fake.calls if call[0] == "DELETE"]
    field.fill("Harbour & Vine Ltd")
    button.click()
    expect(widget.locator(".toast")).to_contain_text("The Xero connection is reset.")
    expect(widget.get_by_role("button", name="Connect Xero")).to_be_visible()


def test_who_is_no_administrator_can_look_but_not_change(stage: Stage) -> None:
    stage.fake.admin = False
    opened = settings(stage, "modules")
    expect(opened.widget.get_by_text("You can look, but not change.")).to_be_visible()
    expect(opened.widget.get_by_role("switch").first).to_be_disabled()
    expect(opened.widget.get_by_role("button", name="Preview")).to_have_count(0)
    go(opened, "connection")
    expect(opened.widget.get_by_role("button", name="Reset connection…")).to_have_count(0)


def test_more_deletions_than_the_limit_wait_for_a_yes(stage: Stage) -> None:
    stage.fake.accepted = stage.fake.confirm = True
    opened = settings(stage, "preview/sync")
    alert = opened.widget.get_by_role("alert")
    expect(alert).to_contain_text("This run would delete 64 records, more than 10 per cent.")
    opened.widget.get_by_role("button", name="Delete 64 records").click()
    expect(opened.widget.get_by_role("button", name="Undo this run")).to_be_visible()
    assert ("POST", "/api/runs/sync/confirm", {}) in stage.fake.calls
    opened.widget.get_by_role("button", name="Undo this run").click()
    expect(opened.widget.get_by_role("heading", name="Undo", level=1)).to_be_visible()


def test_a_run_can_be_stopped_after_its_batch(stage: Stage) -> None:
    stage.fake.hold_runs = True
    opened = settings(stage, "preview/sync")
    bar = opened.widget.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuetext", "128 of 549")
    expect(opened.widget.locator(".progress")).to_contain_text("About 1 minute left")
    opened.widget.get_by_role("button", name="Stop after this batch").click()
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
