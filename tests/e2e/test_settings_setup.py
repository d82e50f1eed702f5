"""Mapping, tax and account maps, notices and the configuration file, in the settings page."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import mapping_states as mapped
from tests.e2e.conftest import Stage
from tests.e2e.looks import axe
from tests.e2e.reader import Reader, in_every_language, in_other_languages
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@in_every_language
def test_a_value_without_a_partner_is_seen_chosen_and_saved(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says = opened.widget, reader.text
    row = widget.get_by_role("listitem").filter(has_text="Territory")
    expect(row).to_contain_text(says("1 value open"))
    reader.press(widget.get_by_role("button", name=f"{says('Still open')} 1"))
    expect(widget.locator(".map-row")).to_have_count(1)
    reader.choose(row.get_by_label("Nordics: Region"), "Europe")
    expect(row).to_contain_text(says("Fits"))
    bar = widget.get_by_role("region", name=says("Changes"))
    expect(bar).to_contain_text(says("1 change not saved."))
    reader.click(bar, "Save mapping")
    reader.toast(opened, "The mapping is saved.")
    assert opened.complaints == []
    held = next(one for one in stage.fake.mappings["invoices"]["rows"] if one["name"] == "region")
    assert held["value_map"]["Nordics"] == "Europe"


@in_every_language
def test_fields_are_chosen_and_checked_at_once(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says, offered = opened.widget, reader.text, opened.widget.locator(".picker-list li")
    reader.press(widget.get_by_role("button", name=reader.name("Subject", "more")))
    field = widget.get_by_role("combobox", name=reader.name("Subject", "CRM field"))
    reader.write(field, "invoice d")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text(
        reader.said("date · 10 Nov", "date · 10 nov.", "Datum · 10.11.")
    )
    if reader.keyboard:
        field.press("Enter")
    else:
        offered.click()
    row = widget.locator(".map-row").filter(has=widget.get_by_role("combobox")).first
    wrong = mapped.no_text(reader.language)
    expect(row).to_contain_text(wrong)
    expect(row).to_contain_text(says("Does not fit"))
    effects = widget.get_by_role("region", name=says("What 1 record would get"))
    expect(effects).to_contain_text("PO 8812 REV. 2")
    reader.click(opened, "Discard")
    expect(widget.get_by_text(wrong)).to_have_count(0)
    assert opened.complaints == []


@in_every_language
def test_a_pair_is_added_turned_off_and_transformed(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says = opened.widget, reader.text
    reader.click(opened, "Map another field")
    picker = widget.get_by_role("combobox", name=says("CRM field"), exact=True)
    reader.write(picker, "Status")
    picker.press("Enter")
    expect(reader.button(opened, "Add")).to_be_disabled()
    reader.click(opened, "Cancel")
    reader.choose(widget.get_by_label(reader.name("Due Date", "Direction")), "off")
    expect(widget.get_by_role("listitem").filter(has_text="Due Date")).to_contain_text(says("Off"))
    reader.press(widget.get_by_role("button", name=reader.name("Subject", "more")))
    reader.click(opened, "Change it on its way")
    reader.choose(widget.get_by_label(reader.name("Subject", "On its way")), "prefix")
    reader.write(widget.get_by_label(says("Text in front")), "CRM ")
    widget.get_by_label(says("Text in front")).blur()
    reader.click(opened, "Save mapping")
    reader.toast(opened, "The mapping is saved.")
    assert opened.complaints == []
    sent = next(
        call[2] for call in stage.fake.calls if call[:2] == ("PUT", "/api/mapping/invoices")
    )
    rows = {row["name"]: row for row in sent["rows"]}
    assert rows["due_date"]["flow"] == "off"
    assert rows["reference"]["transform"] == [{"op": "prefix", "text": "CRM "}]
    assert "locked" not in rows["customer"]


def test_what_is_being_typed_stays_when_the_check_answers(stage: Stage) -> None:
    opened = settings(stage, "mapping/invoices")
    widget = opened.widget
    widget.get_by_role("button", name="Subject: more").click()
    widget.get_by_role("button", name="Change it on its way").click()
    widget.get_by_label("Subject: On its way").select_option("prefix")
    field = widget.get_by_label("Text in front")
    field.press_sequentially("CRM ")
    effects = widget.get_by_role("region", name="What 1 record would get")
    expect(effects).to_be_visible()
    expect(widget.get_by_text("1 change not saved.")).to_be_visible()
    widget.get_by_role("button", name="Save mapping").dispatch_event("click")
    expect(widget.locator(".toast")).to_contain_text("The mapping is saved.")
    saved = ("PUT", "/api/mapping/invoices")
    sent = next(call[2] for call in stage.fake.calls if call[:2] == saved)
    rows = {row["name"]: row for row in sent["rows"]}
    assert rows["reference"]["transform"] == [{"op": "prefix", "text": "CRM "}]


@in_other_languages
def test_a_pair_that_was_added_is_taken_away_again(stage: Stage, reader: Reader) -> None:
    stage.fake.mappings["invoices"] = mapped.with_a_free_field(reader.language)
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says = opened.widget, reader.text
    expect(widget.locator(".map-row")).to_have_count(8)
    reader.click(opened, "Map another field")
    for field, typed in (("CRM field", "Status"), ("Xero field", "Branding")):
        picker = widget.get_by_role("combobox", name=says(field), exact=True)
        reader.write(picker, typed)
        picker.press("Enter")
    reader.click(opened, "Add")
    expect(widget.locator(".map-row")).to_have_count(9)
    bar = widget.get_by_role("region", name=says("Changes"))
    expect(bar).to_contain_text(says("1 change not saved."))
    reader.press(widget.get_by_role("button", name=says("Take this pair away")))
    expect(widget.locator(".map-row")).to_have_count(8)
    expect(bar).to_have_count(0)
    assert opened.complaints == []


@in_other_languages
def test_the_values_shown_are_those_of_the_chosen_sample(stage: Stage, reader: Reader) -> None:
    stage.fake.mappings["invoices"] = mapped.with_samples(reader.language)
    opened = settings(stage, "mapping/invoices", language=reader.language)
    row = opened.widget.locator(".map-row").filter(has_text="Subject")
    expect(row).to_contain_text("Spring delivery, Lyon")
    reader.click(opened, "Next record")
    expect(row).to_contain_text("Autumn cellar")
    reader.choose(opened.widget.get_by_label(reader.text("Sample record")).nth(1), "0")
    expect(row).to_contain_text("Spring delivery, Lyon")
    assert opened.complaints == []


@in_every_language
def test_two_people_who_map_at_once_lose_nothing(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says = opened.widget, reader.text
    mine = widget.get_by_label(reader.name("Due Date", "Edited on both"))
    reader.choose(mine, "zoho")
    held = stage.fake.mappings["invoices"]
    held["version"] += 1
    rows = {row["name"]: row for row in held["rows"]}
    rows["reference"]["flow"] = "to_xero"
    rows["due_date"].update(owner="none", on="create")
    reader.click(opened, "Save mapping")
    card = widget.locator(".meanwhile")
    expect(card).to_contain_text(says("Somebody else has saved this mapping meanwhile."))
    expect(card).to_contain_text(" · ".join(("Subject", says("Direction"))))
    expect(widget.get_by_label(reader.name("Subject", "Direction"))).to_have_value("to_xero")
    expect(widget.get_by_label(reader.name("Due Date", "When"))).to_have_value("create")
    expect(mine).to_have_value("zoho")
    save = reader.button(opened, "Save mapping")
    expect(save).to_be_disabled()
    expect(save).to_have_accessible_description(
        says("You both changed a field. Choose above, then save.")
    )
    assert axe(opened) == []
    reader.press(card.get_by_role("radio", name=says("CRM wins")))
    reader.click(opened, "Save mapping")
    reader.toast(opened, "The mapping is saved.")
    stored = {row["name"]: row for row in stage.fake.mappings["invoices"]["rows"]}
    assert stored["reference"]["flow"] == "to_xero"
    assert (stored["due_date"]["owner"], stored["due_date"]["on"]) == ("zoho", "create")


@in_every_language
def test_rows_not_saved_wait_for_whoever_looks_at_another_module(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    widget, says = opened.widget, reader.text
    mine = widget.get_by_label(reader.name("Due Date", "Edited on both"))
    reader.choose(mine, "zoho")
    reader.choose(widget.locator(".filters select").first, "quotes")
    bar = widget.get_by_role("region", name=says("Changes"))
    expect(bar).to_contain_text(says("Not saved yet:"))
    expect(bar.get_by_role("button")).to_have_count(0)
    rail = widget.get_by_role("navigation").get_by_role("link", name=says("Field mapping"))
    expect(rail).to_contain_text(says("not saved"))
    assert axe(opened) == []
    reader.press(bar.get_by_role("link", name=says("Invoices")), "Enter")
    expect(mine).to_have_value("zoho")
    expect(bar).to_contain_text(says("1 change not saved."))
    opened.frame().evaluate("() => history.back()")
    expect(bar).to_contain_text(says("Not saved yet:"))
    opened.frame().evaluate("() => history.forward()")
    expect(mine).to_have_value("zoho")
    reader.click(opened, "Save mapping")
    reader.toast(opened, "The mapping is saved.")
    assert opened.complaints == []


@in_every_language
def test_an_earlier_version_comes_back(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "mapping/invoices", language=reader.language)
    reader.click(opened, "Earlier versions")
    versions = opened.widget.locator(".versions li")
    expect(versions.first).to_contain_text(reader.text("in force"))
    restore = reader.button(versions.nth(1), "Restore")
    reader.choose(opened.widget.get_by_label(reader.name("Due Date", "Edited on both")), "zoho")
    why = "Save or discard your changes first; then an earlier version can be restored."
    expect(restore).to_be_disabled()
    expect(restore).to_have_accessible_description(reader.text(why))
    assert axe(opened) == []
    reader.click(opened, "Discard")
    reader.click(versions.nth(1), "Restore")
    reader.toast(opened, "The earlier version is in force again.")
    assert opened.complaints == []


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


@in_every_language
def test_proposals_are_taken_over_and_gaps_named(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "maps", language=reader.language)
    widget, says = opened.widget, reader.text
    expect(widget.get_by_text(mapped.no_dollars(reader.language))).to_be_visible()
    expect(widget.get_by_text(says("1 CRM tax has no Xero tax rate yet.", n="2"))).to_be_visible()
    reader.click(opened, "Take over 1 proposal")
    bought = widget.get_by_label(re.compile("^VAT, 20.*, "))
    expect(bought).to_have_value("")
    expect(widget.get_by_text(says("Orders to suppliers with this tax wait."))).to_be_visible()
    reader.choose(widget.get_by_label(re.compile("^VAT, 20[^,]*$")), "OUTPUT2")
    reader.choose(bought, "INPUT2")
    anyway = says("By its percentage: {name}", name="INPUT2").removesuffix("INPUT2")
    expect(widget.get_by_label(re.compile("^GST, 15.*, "))).to_contain_text(anyway)
    reader.choose(widget.get_by_label(says("Purchases account")), "310")
    voided = f"{says('Invoices')}, {says('Voided')}"
    reader.choose(widget.get_by_label(voided), "Cancelled")
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    assert opened.complaints == []
    stored = stage.fake.settings
    assert [(one["zoho"]["name"], one["xero"], one.get("use")) for one in stored["tax_map"]] == [
        ("GST", "OUTPUT2", None), ("Zero", "ZERORATED", None), ("VAT", "OUTPUT2", None),
        ("VAT", "INPUT2", "purchases"),
    ]  # fmt: skip
    assert stored["purchases_account"] == "310"
    assert stored["status_map"] == {"invoices": {"VOIDED": "Cancelled"}}


@in_every_language
def test_a_product_for_lines_without_an_item_is_looked_for_and_chosen(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "maps", language=reader.language)
    widget, says, offered = opened.widget, reader.text, opened.widget.locator(".picker-list li")
    field = widget.get_by_role("combobox", name=says("Product for lines without an item"))
    expect(field).to_have_attribute("placeholder", says("None chosen"))
    reader.write(field, "v")
    expect(offered).to_have_text(says("Type two letters or more of its name or code."))
    reader.write(field, "nothing of the kind")
    expect(offered).to_have_text(says("CRM has no product by this name or code."))
    reader.write(field, "vari")
    expect(offered).to_have_count(2)
    if reader.keyboard:
        field.press("ArrowDown")
        expect(field).to_have_attribute("aria-activedescendant", re.compile("-1$"))
        field.press("Enter")
    else:
        offered.nth(1).click()
    expect(field).to_have_value("Various services")
    expect(offered).to_have_count(0)
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    assert stage.fake.settings["fallback_product"] == "554023000000527002"
    opened.page.reload()
    widget.locator("h1").first.wait_for()
    go(opened, "maps")
    expect(field).to_have_value("Various services")
    reader.click(opened, "Choose none")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    assert opened.complaints == []


def test_a_search_that_fails_is_no_empty_list(stage: Stage) -> None:
    opened = settings(stage, "maps")
    widget = opened.widget
    field = widget.get_by_role("combobox", name="Product for lines without an item")
    stage.fake.missing = {"/api/crm/search/products"}
    field.fill("vari")
    again = widget.locator(".picker").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(widget.get_by_text("CRM has no product by this name or code.")).to_have_count(0)
    stage.fake.missing = set()
    again.click()
    expect(widget.locator(".picker-list li")).to_have_count(2)


def test_a_chosen_product_that_is_gone_is_said(stage: Stage) -> None:
    stage.fake.settings["fallback_product"] = "554023000000999999"
    opened = settings(stage, "maps")
    widget = opened.widget
    expect(widget.get_by_text("CRM no longer has this product.")).to_be_visible()
    field = widget.get_by_role("combobox", name="Product for lines without an item")
    expect(field).to_have_value("554023000000999999")


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


@in_every_language
def test_what_is_typed_wrong_is_said_and_not_saved(stage: Stage, reader: Reader) -> None:
    opened = settings(stage, "notices", language=reader.language)
    widget, says = opened.widget, reader.text
    attempts = widget.get_by_label(says("Attempts before a record is parked"))
    reader.write(attempts, "99")
    limits = says("A whole number from {least} to {most}.", least="1", most="20")
    expect(widget.get_by_text(limits)).to_be_visible()
    expect(widget.get_by_role("button", name=says("Save"), exact=True)).to_have_count(0)
    address = widget.get_by_label(says("Add an e-mail address"))
    for typed in ("nonsense", "ana@harbour.example"):
        reader.write(address, typed)
        address.press("Enter")
        wrong = widget.get_by_text(says("{address} is no e-mail address.", address=typed))
        expect(wrong).to_have_count(1 if typed == "nonsense" else 0)
    reader.choose(widget.get_by_label(says("Language of messages and notices")), "fr")
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    assert stage.fake.settings["notify"]["emails"][-1] == "ana@harbour.example"
    assert (stage.fake.settings["language"], stage.fake.settings["attempts"]) == ("fr", 3)
    assert opened.complaints == []


@in_every_language
def test_an_address_that_is_only_typed_is_saved_or_said_to_be_not(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "notices", language=reader.language)
    widget, says = opened.widget, reader.text
    address = widget.get_by_label(says("Add an e-mail address"))
    reader.write(address, "nonsense")
    address.blur()
    expect(widget.get_by_text(says("It is not added."))).to_be_visible()
    assert axe(opened) == []
    go(opened, "health")
    expect(widget.get_by_role("heading", level=1, name=says("Health"))).to_be_visible()
    rail = widget.get_by_role("navigation").get_by_role("link", name=says("Notices"))
    expect(rail).to_contain_text(says("not saved"))
    go(opened, "notices")
    expect(address).to_have_value("nonsense")
    reader.write(address, "ben@harbour.example")
    expect(widget.get_by_text(says("It is added when you save."))).to_be_visible()
    expect(widget.get_by_role("region", name=says("Changes"))).to_contain_text(
        says("1 change not saved.", n="1")
    )
    reader.click(opened, "Save")
    reader.toast(opened, "The settings are saved.")
    expect(address).to_have_value("")
    assert stage.fake.settings["notify"]["emails"][-1] == "ben@harbour.example"


@in_every_language
def test_two_people_who_map_taxes_at_once_see_which_tax_and_both_rates(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "maps", language=reader.language)
    widget, says = opened.widget, reader.text
    reader.choose(widget.get_by_label(re.compile("^VAT, 20")).first, "OUTPUT2")
    theirs = {"zoho": {"name": "VAT", "percentage": "20"}, "xero": "ZERORATED"}
    stage.fake.version += 1
    kept = [row for row in stage.fake.settings["tax_map"] if row["zoho"]["name"] != "VAT"]
    stage.fake.settings["tax_map"] = [*kept, theirs]
    reader.click(opened, "Save")
    card = widget.locator(".meanwhile")
    expect(card.get_by_role("group")).to_have_count(1)
    expect(card.get_by_role("group")).to_contain_text(re.compile("VAT, 20"))
    offered = mapped.choices()["tax_rates"]
    for code in ("OUTPUT2", "ZERORATED"):
        name = next(rate["name"] for rate in offered if rate["code"] == code)
        expect(card.get_by_role("radio", name=re.compile(re.escape(name)))).to_have_count(1)
    assert axe(opened) == []
    reader.press(card.get_by_role("radio").last)
    reader.click(card, "Understood")
    expect(widget.get_by_role("region", name=says("Changes"))).to_have_count(0)


@in_every_language
def test_an_import_shows_its_differences_before_it_is_taken(
    stage: Stage, tmp_path: Path, reader: Reader
) -> None:
    opened = settings(stage, "configuration", language=reader.language)
    widget, says = opened.widget, reader.text
    with opened.page.expect_download() as waiting:
        reader.click(opened, "Export the configuration")
    saved = waiting.value.path()
    assert json.loads(Path(saved).read_text(encoding="utf-8"))["format"] == "zoho-xero-sync"

    def give(name: str, text: str) -> None:
        """Choose a file as a person does: by the button that opens the window of the system."""
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        with opened.page.expect_file_chooser() as asked:
            reader.click(opened, "Choose a file")
        asked.value.set_files(file)

    give("wrong.json", "<html>")
    wrong = "The file is no configuration. Choose the file that was exported here."
    expect(widget.get_by_text(says(wrong))).to_be_visible()
    assert not [call for call in stage.fake.calls if call[1] == "/api/configuration" and call[2]]
    give("good.json", json.dumps({"format": "zoho-xero-sync"}))
    change = " · ".join(map(says, ("Quotes", "To Xero", "Update")))
    expect(widget.get_by_text(change)).to_be_visible()
    assert stage.fake.imported is False
    stage.fake.version += 1
    stage.fake.settings["language"] = "de"
    reader.click(opened, "Import: 1 change", n="2")
    expect(widget.get_by_text(says("Somebody else has saved meanwhile."))).to_be_visible()
    german = reader.said("German", "allemand", "Deutsch")
    expect(widget.locator(".meanwhile-list del").last).to_have_text(german)
    assert (stage.fake.imported, axe(opened)) == (False, [])
    reader.click(opened, "Import: 1 change", n="2")
    reader.toast(opened, "The configuration is imported.")
    assert stage.fake.imported is True
    refused = [one for one in opened.complaints if "412 (PRECONDITION FAILED)" in one]
    assert len(opened.complaints) == len(refused) == 1
