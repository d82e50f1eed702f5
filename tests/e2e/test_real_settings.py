"""The settings on the running system: changed, saved, found again, in three languages and by both hands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.company import (
    Company,
    Walk,
    company_running,
    first_sync,
    quarrel,
    settle_down,
    wait_until,
    walking,
)
from tests.e2e.reader import Reader, with_each_hand, with_the_other_hand

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """A company in daily use: its first sync is done, nobody tells of changes."""
    with company_running("real-settings", seed="empty") as found:
        settle_down(found)
        yield found


@pytest.fixture
def kept(company: Company) -> Iterator[Company]:
    """The company, whose settings are as before when the test is over."""
    before = company.person.get("/api/settings")
    yield company
    company.person.change_settings(lambda document: document.update(before))
    # What piled up while something was off or out of scope is a preview first.
    modules = company.person.get("/api/health")["modules"].values()
    if any(one["enabled"] and not one["accepted"] for one in modules):
        first_sync(company)


def stored(company: Company) -> dict[str, Any]:
    """The settings as the product keeps them."""
    return dict(company.person.get("/api/settings"))


@with_each_hand
def test_switches_and_scope_are_changed_and_saved(
    kept: Company, browser: Browser, reader: Reader
) -> None:
    names = [f"{tree} {reader.language}" for tree in ("Fir", "Larch")]
    fir, larch = (kept.books.crm_create("Accounts", {"Account_Name": name}) for name in names)
    assert kept.synced("accounts", fir)["state"] == "in_sync"
    with walking(kept, browser, reader, "/settings") as walk:
        walk.sign_in()
        walk.view("modules")
        walk.looks_right()
        switch = walk.widget.get_by_role("switch", name=reader.name("Quotes", "On"), exact=True)
        reader.press(switch)
        narrow_scope(walk, names[0])
        reader.click(walk, "Save")
        wait_until(lambda: not stored(kept)["modules"]["quotes"]["enabled"], "nothing was saved")
        found = stored(kept)["modules"]["accounts"]["filter"]
        assert found == [{"field": "Account_Name", "op": "eq", "value": names[0]}]
        assert kept.synced("accounts", larch)["state"] == "excluded"
        expect(walk.widget.get_by_role("region", name=reader.text("Changes"))).to_have_count(0)


def narrow_scope(walk: Walk, name: str) -> None:
    """Only the account of this name is in scope; the page counts how many that is."""
    reader = walk.reader
    reader.press(walk.widget.locator('a[href="#/modules/accounts"]'), "Enter")
    dialog = walk.widget.get_by_role("dialog")
    walk.reads(dialog, "No condition: every record is in scope.")
    reader.click(dialog, "Add a condition")
    row = dialog.get_by_role("group", name=reader.text("Condition {number}", number="1"))
    reader.choose(row.get_by_label(reader.text("Field")), "Account_Name")
    reader.choose(row.get_by_label(reader.text("Comparison")), "eq")
    value = row.get_by_role("textbox")
    reader.write(value, name)
    value.blur()
    with walk.page.expect_response("**/api/modules/accounts/scope"):
        reader.click(dialog, "Count again")
    expect(dialog.locator(".scope-count")).to_contain_text("1")
    walk.looks_right()
    reader.click(dialog, "Close")
    expect(dialog).to_have_count(0)


@with_the_other_hand
def test_taxes_accounts_statuses_notices_and_language_are_saved(
    kept: Company, browser: Browser, reader: Reader
) -> None:
    with walking(kept, browser, reader, "/settings") as walk:
        walk.sign_in()
        main = walk.view("maps")
        walk.looks_right()
        reader.choose(main.get_by_label("VAT, 20", exact=False).first, "RROUTPUT")
        reader.choose(main.get_by_label(reader.text("Sales account")), "260")
        voided = f"{reader.text('Invoices')}, {reader.text('Voided')}"
        reader.choose(main.get_by_label(voided), "Created")
        reader.click(walk, "Save")
        wait_until(lambda: stored(kept)["sales_account"] == "260", "the account was not saved")
        taxes = {one["zoho"]["name"]: one["xero"] for one in stored(kept)["tax_map"]}
        assert taxes["VAT"] == "RROUTPUT"
        assert stored(kept)["status_map"]["invoices"] == {"VOIDED": "Created"}
        write_notices(walk)
        wait_until(lambda: stored(kept)["language"] == "de", "the language was not saved")
        assert stored(kept)["attempts"] == 5
        assert stored(kept)["notify"]["emails"] == ["books@harbour.example"]


def write_notices(walk: Walk) -> None:
    """More patience, one more to be told, and in another language."""
    main, reader = walk.view("notices"), walk.reader
    walk.looks_right()
    reader.write(main.get_by_label(reader.text("Attempts before a record is parked")), "5")
    address = main.get_by_label(reader.text("Add an e-mail address"))
    reader.write(address, "books@harbour.example")
    address.press("Enter")
    reader.choose(main.get_by_label(reader.text("Language of messages and notices")), "de")
    reader.click(walk, "Save")


@with_each_hand
def test_another_field_is_mapped_sent_and_the_earlier_version_restored(
    kept: Company, browser: Browser, reader: Reader
) -> None:
    name = f"Gorse {reader.language} Ltd"
    values = {"Account_Name": name, "Account_Site": "GB 12345678"}
    account = kept.books.crm_create("Accounts", values)
    with walking(kept, browser, reader, "/settings") as walk:
        walk.sign_in()
        walk.view("mapping")
        reader.choose(
            walk.widget.locator(".main").get_by_label(reader.text("Module")).first, "accounts"
        )
        map_another(walk, {"CRM field": "Account_Site", "Xero field": "CompanyNumber"})
        wait_until(lambda: maps(kept, "Account_Site"), "the mapping was not saved")
        assert kept.synced("accounts", account)["state"] == "in_sync"
        assert kept.contact(name)["CompanyNumber"] == "GB 12345678"
        reader.click(walk, "Earlier versions")
        versions = walk.widget.locator(".versions li")
        expect(versions.first).to_contain_text(reader.text("in force"))
        walk.looks_right()
        reader.click(versions.nth(1), "Restore")
        wait_until(lambda: not maps(kept, "Account_Site"), "the earlier version is not in force")


def maps(company: Company, field: str) -> bool:
    """Whether a field of accounts has a partner."""
    rows = company.person.get("/api/mapping/accounts")["rows"]
    return any(row["zoho"] == field and row["flow"] != "off" for row in rows)


def map_another(walk: Walk, pair: dict[str, str]) -> None:
    """Choose a field on each side and save."""
    reader = walk.reader
    reader.click(walk, "Map another field")
    for label, path in pair.items():
        picker = walk.widget.get_by_role("combobox", name=reader.text(label), exact=True)
        reader.write(picker, path)
        expect(walk.widget.locator(".picker-list li")).to_have_count(1)
        picker.press("Enter")
    reader.click(walk, "Add")
    walk.looks_right()
    reader.click(walk, "Save mapping")


@with_the_other_hand
def test_a_configuration_is_exported_and_imported_with_its_differences(
    kept: Company, browser: Browser, reader: Reader, tmp_path: Path
) -> None:
    with walking(kept, browser, reader, "/settings") as walk:
        walk.sign_in()
        walk.view("configuration")
        with walk.page.expect_download() as waiting:
            reader.click(walk, "Export the configuration")
        file = tmp_path / "configuration.json"
        waiting.value.save_as(file)
        assert json.loads(file.read_text(encoding="utf-8"))["settings"]["attempts"] == 3
        kept.person.change_settings(lambda document: document.update(attempts=7))
        with walk.page.expect_file_chooser() as asked:
            reader.click(walk, "Choose a file")
        asked.value.set_files(file)
        expect(walk.widget.locator(".meanwhile-list li")).to_have_count(1)
        expect(walk.widget.locator(".meanwhile-list del")).to_have_text("7")
        walk.looks_right()
        reader.click(walk, "Import: 1 change")
        wait_until(lambda: stored(kept)["attempts"] == 3, "the file was not taken in")


@with_each_hand
def test_a_parked_record_is_found_in_the_log_and_tried_again(
    company: Company, browser: Browser, reader: Reader
) -> None:
    name, code = f"Hazel {reader.language}", f"HZ-{reader.language}"
    values = {"Product_Name": name, "Product_Code": code.ljust(40, "X"), "Unit_Price": 9}
    product = company.books.crm_create("Products", values)
    assert company.synced("products", product)["state"] == "needs_attention"
    with walking(company, browser, reader, "/settings") as walk:
        walk.sign_in()
        walk.view("log")
        filters, rows = walk.widget.locator(".filters"), walk.widget.locator(".log-row")
        reader.choose(filters.get_by_label(reader.text("Module")), "products")
        reader.press(filters.locator(".chip").filter(has_text=reader.text("Failed")))
        reader.write(filters.get_by_role("searchbox"), name)
        walk.frame().wait_for_function("() => location.hash.includes('q=')")
        expect(rows).to_have_count(1)
        reader.press(rows)
        walk.reads(".log-detail", "How it came to this")
        walk.looks_right()
        company.books.crm_edit("Products", product, {"Product_Code": code})
        reader.click(walk, "Try again")
        wait_until(lambda: code in codes(company), "the product did not arrive")
        with walk.page.expect_download() as waiting:
            reader.click(walk, "Export CSV")
        assert name in waiting.value.path().read_text(encoding="utf-8")


def codes(company: Company) -> set[str]:
    """The products of Xero."""
    return {one["Code"] for one in company.books.xero("Items")}


@with_the_other_hand
def test_what_waits_for_a_person_is_linked_given_up_and_settled(
    company: Company, browser: Browser, reader: Reader
) -> None:
    names = [f"{tree} {reader.language} Foods" for tree in ("Juniper", "Laurel")]
    one, other = doubtful(company, names)
    quince = company.books.crm_create("Accounts", {"Account_Name": f"Quince {reader.language}"})
    assert company.synced("accounts", quince)["state"] == "in_sync"
    quarrel(company, quince, f"Quince {reader.language}")
    with walking(company, browser, reader, "/settings") as walk:
        walk.sign_in()
        walk.view("attention")
        card = choose(walk, names[0])
        walk.looks_right()
        chosen = company.contact(f"{names[0]} Ltd")["ContactID"]
        reader.click(
            card.locator("article").filter(has_text=f"{names[0]} Ltd"), "Link to this contact"
        )
        wait_until(lambda: linked(company, one) == chosen, "the record is not linked")
        choose(walk, names[1])
        for words in ("Never sync this record", "Yes, do it"):
            reader.click(walk.widget.locator(".inbox-card"), words)
        wait_until(
            lambda: company.record("accounts", other)["state"] == "excluded", "not left alone"
        )
        walk.view("conflicts")
        choose(walk, f"Quince {reader.language}")
        walk.looks_right()
        for field, side in (("phone", "zoho"), ("fax", "xero")):
            reader.press(walk.widget.locator(f"fieldset[data-field={field}] input[value={side}]"))
        reader.click(walk, "Apply 1 choice", n="2")
        wait_until(lambda: company.record("accounts", quince)["state"] == "in_sync", "not settled")
        assert company.books.crm_record("Accounts", quince)["Fax"] == "+44 20 7946 0004"


def doubtful(company: Company, names: list[str]) -> list[str]:
    """Accounts each of which two contacts could be, found by a sync of all accounts."""
    for name in names:
        for twin in (f"{name} Ltd", f"{name} Limited".upper()):
            company.books.call("POST", "/control/xero/ltd/records/Contacts", {"Name": twin})
    made = [company.books.crm_create("Accounts", {"Account_Name": name}) for name in names]
    run = company.person.post("/api/modules/accounts/sync", {"direction": "both"})["run_id"]
    company.person.finished_run(run, seconds=60)
    assert [company.record("accounts", one)["state"] for one in made] == ["needs_attention"] * 2
    return made


def choose(walk: Walk, name: str) -> Locator:
    """Open a row of an inbox; answers with its card."""
    row = walk.widget.locator(".inbox-row").filter(has=walk.page.get_by_text(name, exact=True))
    walk.reader.press(row, "Enter")
    card = walk.widget.locator(".inbox-card")
    expect(card.get_by_role("heading", level=2)).to_contain_text(name)
    return card


def linked(company: Company, account: str) -> str | None:
    """The contact an account is linked to."""
    links = company.record("accounts", account)["links"]
    return str(links[0]["xero_id"]) if links else None


@with_each_hand
def test_the_dashboard_shows_figures_as_tables_and_syncs_everything(
    company: Company, browser: Browser, reader: Reader
) -> None:
    name = f"Medlar {reader.language}"
    account = company.books.crm_create("Accounts", {"Account_Name": name})
    assert company.synced("accounts", account)["state"] == "in_sync"
    phones = [{"PhoneType": "FAX", "PhoneNumber": "+44 20 7946 0011"}]
    company.books.xero_edit("Contacts", company.contact(name)["ContactID"], {"Phones": phones})
    with walking(company, browser, reader, "/dashboard") as walk:
        walk.sign_in()
        board = walk.widget.locator(".dashboard")
        walk.reads(board, "Records by module")
        walk.looks_right()
        tables = board.get_by_role("button", name=re.compile(f"^{reader.text('Show as table')}"))
        for _ in range(tables.count()):
            reader.press(tables.first)
        walk.reads(board, "Show as chart")
        expect(board.locator("table.figures").first).to_be_visible()
        walk.looks_right()
        reader.click(walk, "Sync now")
        reader.toast(walk, "The sync is done.")
        assert company.books.crm_record("Accounts", account)["Fax"] == "+44 20 7946 0011"
