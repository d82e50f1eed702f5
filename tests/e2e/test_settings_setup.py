"""Mapping, tax and account maps, notices and the configuration file, in the settings page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import mapping_states as mapped
from tests.e2e.conftest import Stage
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_a_value_without_a_partner_is_seen_chosen_and_saved(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    widget = opened.widget
    row = widget.get_by_role("listitem").filter(has_text="Territory")
    expect(row).to_contain_text("1 value open")
    widget.get_by_role("button", name="Still open 1").click()
    expect(widget.locator(".map-row")).to_have_count(1)
    row.get_by_label("Nordics: Region").select_option("Europe")
    expect(row).to_contain_text("Fits")
    bar = widget.get_by_role("region", name="Changes")
    expect(bar).to_contain_text("1 change not saved.")
    bar.get_by_role("button", name="Save mapping").click()
    expect(widget.locator(".toast")).to_contain_text("The mapping is saved.")
    held = next(one for one in stage.fake.mappings["invoices"]["rows"] if one["name"] == "region")
    assert held["value_map"]["Nordics"] == "Europe"


def test_fields_are_chosen_by_keyboard_and_checked_at_once(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    widget, keys = opened.widget, opened.page.keyboard
    widget.get_by_role("button", name="Subject: more").click()
    field = widget.get_by_role("combobox", name="Subject: CRM field")
    field.click()
    keys.type("invoice d")
    expect(widget.locator(".picker-list li")).to_have_count(1)
    expect(widget.locator(".picker-list li")).to_contain_text("date · 10 Nov 2026")
    keys.press("Enter")
    row = widget.locator(".map-row").filter(has=widget.get_by_role("combobox")).first
    expect(row).to_contain_text("A date does not fit into a text.")
    expect(row).to_contain_text("Does not fit")
    effects = widget.get_by_role("region", name="What 1 record would get")
    expect(effects).to_contain_text("PO 8812 REV. 2")
    widget.get_by_role("button", name="Discard").click()
    expect(widget.get_by_text("A date does not fit into a text.")).to_have_count(0)


def test_a_pair_is_added_turned_off_and_transformed(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    widget = opened.widget
    widget.get_by_role("button", name="Map another field").click()
    picker = widget.get_by_role("combobox", name="CRM field", exact=True)
    picker.fill("Status")
    picker.press("Enter")
    expect(widget.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    widget.get_by_role("button", name="Cancel").click()
    flow = widget.get_by_label("Due Date: Direction")
    flow.select_option("off")
    expect(widget.get_by_role("listitem").filter(has_text="Due Date")).to_contain_text("Off")
    widget.get_by_role("button", name="Subject: more").click()
    widget.get_by_role("button", name="Change it on its way").click()
    widget.get_by_label("Subject: On its way").select_option("prefix")
    widget.get_by_label("Text in front").fill("CRM ")
    widget.get_by_label("Text in front").blur()
    widget.get_by_role("button", name="Save mapping").click()
    expect(widget.locator(".toast")).to_contain_text("The mapping is saved.")
    sent = next(
        call[2] for call in stage.fake.calls if call[:2] == ("PUT", "/api/mapping/invoices")
    )
    rows = {row["name"]: row for row in sent["rows"]}
    assert rows["due_date"]["flow"] == "off"
    assert rows["reference"]["transform"] == [{"op": "prefix", "text": "CRM "}]
    assert "locked" not in rows["customer"]


def test_two_people_who_map_at_once_lose_nothing(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    widget = opened.widget
    widget.get_by_label("Due Date: Edited on both").select_option("zoho")
    held = stage.fake.mappings["invoices"]
    held["version"] += 1
    next(row for row in held["rows"] if row["name"] == "reference")["flow"] = "to_xero"
    widget.get_by_role("button", name="Save mapping").click()
    expect(widget.get_by_text("Somebody else has saved this mapping meanwhile.")).to_be_visible()
    expect(widget.get_by_label("Due Date: Edited on both")).to_have_value("zoho")
    expect(widget.get_by_label("Subject: Direction")).to_have_value("to_xero")
    widget.get_by_role("button", name="Save mapping").click()
    expect(widget.locator(".toast")).to_contain_text("The mapping is saved.")


def test_an_earlier_version_comes_back(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    opened.widget.get_by_role("button", name="Earlier versions").click()
    versions = opened.widget.locator(".versions li")
    expect(versions.first).to_contain_text("in force")
    versions.nth(1).get_by_role("button", name="Restore").click()
    expect(opened.widget.locator(".toast")).to_contain_text(
        "The earlier version is in force again."
    )


def test_five_hundred_fields_stay_fluid(stage: Stage) -> None:
    stage.fake.mappings["invoices"] = mapped.large_mapping(500)
    opened = settings(stage, "mapping/invoices")
    widget = opened.widget
    expect(widget.get_by_role("button", name="All 500")).to_be_visible()
    assert widget.locator(".map-row").count() < 200
    widget.get_by_role("button", name="Field 0: more").click()
    field = widget.get_by_role("combobox", name="Field 0: CRM field")
    field.click()
    field.press("Control+a")
    took = opened.frame().evaluate("""async () => {
      const input = document.activeElement;
      const before = performance.now();
      for (const text of ["4", "49", "499"]) {
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }
      return performance.now() - before;
    }""")
    assert took < 1500, took
    expect(widget.locator(".picker-list li").first).to_contain_text("Field 499")


def test_proposals_are_taken_over_and_gaps_named(stage: Stage) -> None:
    opened = settings(stage, "maps")
    widget = opened.widget
    expect(
        widget.get_by_text("CRM invoices use USD, which is not enabled in Xero.")
    ).to_be_visible()
    expect(widget.get_by_text("2 CRM taxes have no Xero tax rate yet.")).to_be_visible()
    widget.get_by_role("button", name="Take over 1 proposal").click()
    widget.get_by_label("VAT, 20%").select_option("OUTPUT2")
    widget.get_by_label("Purchases account").select_option("310")
    widget.get_by_label("Invoices, Voided").select_option("Cancelled")
    widget.get_by_role("button", name="Save").click()
    expect(widget.locator(".toast")).to_contain_text("The settings are saved.")
    stored = stage.fake.settings
    assert {row["zoho"]["name"]: row["xero"] for row in stored["tax_map"]} == {
        "GST": "OUTPUT2", "Zero": "ZERORATED", "VAT": "OUTPUT2",
    }  # fmt: skip
    assert stored["purchases_account"] == "310"
    assert stored["status_map"] == {"invoices": {"VOIDED": "Cancelled"}}


def test_an_organisation_without_currencies_or_accounts_has_maps_too(stage: Stage) -> None:
    stage.fake.bare = True
    opened = settings(stage, "maps")
    expect(opened.widget.get_by_text("CRM uses one currency only")).to_be_visible()
    expect(
        opened.widget.get_by_text("The accounts of Xero have not been read yet.")
    ).to_be_visible()
    stage.fake.bare = False
    stage.fake.missing = {"/api/maps", "/api/xero/choices"}
    opened.page.reload()
    opened.widget.locator("h1").first.wait_for()
    go(opened, "maps")
    expect(opened.widget.get_by_label("Sales account")).to_have_value("200")


def test_what_is_typed_wrong_is_said_and_not_saved(stage: Stage) -> None:
    opened = settings(stage, "notices")
    widget = opened.widget
    widget.get_by_label("Attempts before a record is parked").fill("99")
    expect(widget.get_by_text("A whole number from 1 to 20.")).to_be_visible()
    expect(widget.get_by_role("button", name="Save")).to_have_count(0)
    widget.get_by_label("Add an e-mail address").fill("nonsense")
    widget.get_by_label("Add an e-mail address").press("Enter")
    expect(widget.get_by_text("nonsense is no e-mail address.")).to_be_visible()
    widget.get_by_label("Add an e-mail address").fill("ana@harbour.example")
    widget.get_by_label("Add an e-mail address").press("Enter")
    widget.get_by_label("Language of messages and notices").select_option("fr")
    widget.get_by_role("button", name="Save").click()
    expect(widget.locator(".toast")).to_contain_text("The settings are saved.")
    assert stage.fake.settings["notify"]["emails"][-1] == "ana@harbour.example"
    assert (stage.fake.settings["language"], stage.fake.settings["attempts"]) == ("fr", 3)


def test_an_import_shows_its_differences_before_it_is_taken(stage: Stage, tmp_path: Path) -> None:
    opened = settings(stage, "configuration")
    widget = opened.widget
    with opened.page.expect_download() as waiting:
        widget.get_by_role("button", name="Export the configuration").click()
    saved = waiting.value.path()
    assert json.loads(Path(saved).read_text(encoding="utf-8"))["format"] == "zoho-xero-sync"
    wrong = tmp_path / "wrong.json"
    wrong.write_text("<html>", encoding="utf-8")
    widget.get_by_label("Configuration file").set_input_files(wrong)
    expect(widget.get_by_text("The file is no configuration.")).to_be_visible()
    assert not [call for call in stage.fake.calls if call[1] == "/api/configuration" and call[2]]
    good = tmp_path / "good.json"
    good.write_text(json.dumps({"format": "zoho-xero-sync"}), encoding="utf-8")
    widget.get_by_label("Configuration file").set_input_files(good)
    expect(widget.get_by_text("Quotes · To Xero · Update")).to_be_visible()
    assert stage.fake.imported is False
    widget.get_by_role("button", name="Import: 2 changes").click()
    expect(widget.locator(".toast")).to_contain_text("The configuration is imported.")
    assert stage.fake.imported is True
