"""Settings: the guide from nothing to the first sync, switches, reset."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e import states
from tests.e2e.conftest import Stage
from tests.e2e.test_record_states import axe

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SETTINGS = "settings.html"


def test_the_guide_leads_from_nothing_to_the_first_sync(stage: Stage) -> None:
    stage.fake.connections = states.connected(zoho="disconnected", xero="disconnected")
    opened = stage.open("1", page=SETTINGS, signed_in=False)
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
    expect(step).to_contain_text("Preview")
    step.get_by_role("button", name="Start preview").click()
    expect(widget.get_by_role("progressbar")).to_be_visible()
    start = widget.get_by_role("button", name="Start sync: 571 changes")
    start.click(timeout=10_000)
    expect(widget.locator(".step.next")).to_have_count(0, timeout=10_000)
    assert ("POST", "/api/modules/all/sync", {"direction": "both", "preview": "preview"}) in (
        stage.fake.calls
    )


def test_switches_are_saved_together_and_nothing_else_is_lost(stage: Stage) -> None:
    opened = stage.open("1", page=SETTINGS)
    opened.widget.get_by_role("switch", name="Invoices: On").uncheck()
    opened.widget.get_by_role("switch", name="Products: Schedule").uncheck()
    opened.widget.get_by_label("Language of messages and notices").select_option("fr")
    expect(opened.widget.get_by_text("3 changes not saved.")).to_be_visible()
    opened.widget.get_by_role("button", name="Save").click()
    expect(opened.widget.locator(".toast")).to_contain_text("The settings are saved.")
    stored = stage.fake.settings
    assert stored["modules"]["invoices"] == {"enabled": False, "schedule": True, "conflict": "ask"}
    assert stored["modules"]["products"]["schedule"] is False
    assert (stored["language"], stored["delete_limit"]) == ("fr", 10)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(stage: Stage) -> None:
    opened = stage.open("1", page=SETTINGS)
    stage.fake.version = 7
    stage.fake.settings["modules"]["accounts"]["schedule"] = False
    opened.widget.get_by_role("switch", name="Invoices: On").uncheck()
    opened.widget.get_by_role("button", name="Save").click()
    expect(opened.widget.get_by_text("Somebody else has saved this.")).to_be_visible()
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).not_to_be_checked()
    opened.widget.get_by_role("button", name="Show what is stored now").click()
    expect(opened.widget.get_by_role("switch", name="Accounts: Schedule")).not_to_be_checked()
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_checked()


def test_a_reset_asks_for_the_name_and_escape_keeps_the_connection(stage: Stage) -> None:
    opened = stage.open("1", page=SETTINGS)
    widget = opened.widget
    widget.get_by_role("button", name="Reset connection…").click()
    field = widget.get_by_label("Type “Harbour & Vine Ltd” to confirm")
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
    expect(widget.locator(".step.next")).to_contain_text("Connect Xero")


def test_who_is_no_administrator_can_look_but_not_change(stage: Stage) -> None:
    stage.fake.admin = False
    opened = stage.open("1", page=SETTINGS)
    expect(opened.widget.get_by_text("You can look, but not change.")).to_be_visible()
    expect(opened.widget.get_by_role("switch").first).to_be_disabled()
    expect(opened.widget.get_by_role("button", name="Start preview")).to_have_count(0)
    expect(opened.widget.get_by_role("button", name="Reset connection…")).to_have_count(0)


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


@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("page", [SETTINGS])
def test_the_page_fits_every_width_and_axe_finds_nothing(
    stage: Stage, language: str, page: str
) -> None:
    for theme in ("light", "dark"):
        opened = stage.open(
            "1", page=page, language=language, width=320, theme=theme, bypass_csp=True
        )
        for width in (320, 640, 1280):
            opened.page.set_viewport_size({"width": width, "height": 900})
            measured = opened.frame().evaluate(
                "() => [document.documentElement.scrollWidth, innerWidth]"
            )
            assert measured[0] <= measured[1], (page, language, width)
        found = axe(opened)
        assert found == [], json.dumps(found, indent=1)
        assert opened.complaints == []
        opened.page.context.close()
