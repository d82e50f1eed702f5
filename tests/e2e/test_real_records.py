"""Records on the running system: sent, fetched, settled, linked, in three languages and by both hands."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.company import Company, Walk, company_running, quarrel, tell_nobody, walking
from tests.e2e.reader import Reader, with_each_hand, with_the_other_hand

CREATES = "Sending it creates the invoice in Xero. Its account and products go first where Xero lacks them."
NOTHING_KNOWN = "No difference is known. A click reads both sides and writes only what differs."
UNKNOWN = (
    "It is not known whether this click arrived. Pressing again is safe: nothing is done twice."
)
NO_WRITING = {"side": "xero", "kind": "500", "match": "(POST|PUT) .*/Invoices", "times": None}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """A company with nothing in it yet, where nobody tells of changes."""
    with company_running("real-records", seed="empty") as found:
        tell_nobody(found)
        yield found


def title(walk: Walk) -> Locator:
    """What the widget says of the record."""
    return walk.widget.locator(".state h2")


@with_each_hand
def test_an_invoice_is_sent_fetched_and_tried_again(
    company: Company, browser: Browser, reader: Reader
) -> None:
    name = f"Alder {reader.language}"
    invoice = company.new_invoice(name, days_ago=50)
    with walking(company, browser, reader, f"/Invoices/{invoice}") as walk:
        walk.sign_in()
        expect(title(walk)).to_have_text(reader.text("Not in Xero"))
        walk.reads(".sentence", CREATES)
        walk.looks_right()
        reader.click(walk, "Send to Xero")
        expect(title(walk)).to_have_text(reader.text("In sync"))
        assert company.contact(f"{name} Supper Club")["ContactStatus"] == "ACTIVE"
        held = company.record("invoices", invoice)
        assert held["xero"]["total"] == "132.12"
        walk.reads(".will", NOTHING_KNOWN)
        walk.looks_right()
        fetch(walk, invoice, held["links"][0]["xero_id"], f"Closing night {name}")
        try_again(walk, invoice, held["links"][0]["xero_id"], f"Encore {name}")
        read_history(walk, f"Closing night {name}")


def fetch(walk: Walk, invoice: str, xero_id: str, subject: str) -> None:
    """What the accountant wrote comes to CRM by a click."""
    books = walk.company.books
    books.xero_edit("Invoices", xero_id, {"Reference": subject})
    walk.reader.click(walk, "Get from Xero")
    number = walk.company.record("invoices", invoice)["links"][0]["xero_number"]
    walk.reader.toast(walk, "{number} is now as in Xero.", number=number)
    assert books.crm_record("Invoices", invoice)["Subject"] == subject


def try_again(walk: Walk, invoice: str, xero_id: str, subject: str) -> None:
    """Xero stumbles over the invoice, and the page says so; once that is over the next try arrives."""
    books, reader = walk.company.books, walk.reader
    books.crm_edit("Invoices", invoice, {"Subject": subject})
    books.call("POST", "/control/faults", NO_WRITING)
    try:
        reader.click(walk, "Send to Xero")
        expect(title(walk)).to_have_text(reader.text("Needs attention"))
        walk.looks_right()
    finally:
        books.call("DELETE", "/control/faults")
    reader.click(walk, "Try again")
    expect(title(walk)).to_have_text(reader.text("In sync"))
    assert books.xero_record("Invoices", xero_id)["Reference"] == subject


def read_history(walk: Walk, before: str) -> None:
    """The newest row opens to what it changed."""
    history = walk.widget.get_by_role("region", name=walk.reader.text("History"))
    row = history.locator("details").filter(has_text=before).first
    walk.reader.press(row.locator("summary"), "Enter")
    expect(row.locator("del").filter(has_text=before)).to_be_visible()
    walk.looks_right()


@with_the_other_hand
def test_a_customer_shows_what_he_owes_and_a_conflict_is_settled_field_by_field(
    company: Company, browser: Browser, reader: Reader
) -> None:
    books, name = company.books, f"Bramble {reader.language} Supper Club"
    invoice = company.new_invoice(f"Bramble {reader.language}", days_ago=50)
    assert company.synced("invoices", invoice)["state"] == "in_sync"
    account = str(books.crm_record("Invoices", invoice)["Account_Name"]["id"])
    with walking(company, browser, reader, f"/Accounts/{account}") as walk:
        walk.sign_in()
        owed = walk.widget.get_by_role("region", name=reader.text("What the customer owes"))
        expect(owed.locator(".late")).to_contain_text(reader.said("£132.12", "132,12", "132,12"))
        expect(title(walk)).to_have_text(reader.text("In sync"))
        walk.looks_right()
        quarrel(company, account, name)
        walk.go(f"/Accounts/{account}")
        expect(title(walk)).to_have_text(reader.text("Conflict in 1 field", n="2"))
        walk.looks_right()
        for field, side in (("phone", "zoho"), ("fax", "xero")):
            choice = walk.widget.locator(f"fieldset[data-field={field}] input[value={side}]")
            reader.press(choice)
        reader.click(walk, "Apply 1 choice", n="2")
        expect(title(walk)).to_have_text(reader.text("In sync"))
        phones = {
            one["PhoneType"]: one.get("PhoneNumber") for one in company.contact(name)["Phones"]
        }
        assert phones["DEFAULT"] == "+44 20 7946 0001"
        assert books.crm_record("Accounts", account)["Fax"] == "+44 20 7946 0004"


@with_each_hand
def test_chosen_records_are_synced_and_the_doubtful_one_is_decided(
    company: Company, browser: Browser, reader: Reader
) -> None:
    names = [f"{one} {reader.language} Foods" for one in ("Cedar", "Dogwood", "Elder")]
    doubtful, *others = [
        company.books.crm_create("Accounts", {"Account_Name": one}) for one in names
    ]
    twins = (f"{names[0]} Ltd", f"{names[0]} Limited".upper())
    for twin in twins:
        company.books.call("POST", "/control/xero/ltd/records/Contacts", {"Name": twin})
    with walking(company, browser, reader, "/Accounts") as walk:
        choose(walk, names)
        walk.sign_in()
        expect(title(walk)).to_have_text(reader.text("1 account chosen", n="3"))
        expect(walk.widget.locator(".will")).to_be_visible()
        walk.looks_right()
        reader.click(walk, "Sync now")
        done = reader.text("{done} of {total} are the same on both sides.", done="2", total="3")
        expect(title(walk)).to_have_text(done)
        walk.reads(".state", "1 waits for you.")
        walk.looks_right()
        assert all(company.contact(name) for name in names[1:])
        reader.press(walk.widget.get_by_role("button", name=names[0]))
        decide(walk, doubtful, names[0], twins[1])
    assert [company.record("accounts", one)["state"] for one in others] == ["in_sync"] * 2


def choose(walk: Walk, names: list[str]) -> None:
    """Tick some rows of CRM's list and press the button above it."""
    for name in names:
        row = walk.page.locator("tr").filter(has=walk.page.get_by_role("link", name=name))
        walk.reader.press(row.get_by_role("checkbox"))
    walk.reader.press(walk.page.locator(".head button"))


def decide(walk: Walk, account: str, name: str, partner: str) -> None:
    """The record opens in CRM; of two contacts it could be one is chosen, and then whose spelling."""
    walk.page.wait_for_url(re.compile(f"#/Accounts/{account}$"))
    expect(title(walk)).to_have_text(walk.reader.text("Needs attention"))
    walk.reads(".panel", "Which contact is {name}?", name=name)
    walk.looks_right()
    card = walk.widget.locator("article").filter(has_text=partner)
    chosen = walk.company.contact(partner)["ContactID"]
    walk.reader.click(card, "Link to this contact")
    expect(title(walk)).to_have_text(walk.reader.text("Conflict in 1 field"))
    walk.reader.press(walk.widget.locator("fieldset[data-field=name] input[value=zoho]"))
    walk.reader.click(walk, "Apply 1 choice")
    expect(title(walk)).to_have_text(walk.reader.text("In sync"))
    assert walk.company.contact(name)["ContactID"] == chosen


@with_the_other_hand
def test_offline_slow_and_failing_a_page_says_so_and_goes_on(
    company: Company, browser: Browser, reader: Reader
) -> None:
    name = f"Fennel {reader.language}"
    account = company.books.crm_create("Accounts", {"Account_Name": name})
    with walking(company, browser, reader, f"/Accounts/{account}") as walk:
        walk.sign_in()
        expect(title(walk)).to_have_text(reader.text("Not in Xero"))
        walk.page.context.set_offline(True)
        walk.reads(".panel", "Buttons work again when the connection is back.")
        expect(reader.button(walk, "Send to Xero")).to_be_disabled()
        walk.looks_right()
        walk.page.context.set_offline(False)
        click_that_is_lost(walk)
        slow = {"side": "xero", "kind": "slow", "seconds": 2.0, "times": 1}
        company.books.call("POST", "/control/faults", slow)
        reader.click(walk, "Send to Xero")
        expect(title(walk)).to_have_text(reader.text("Sending to Xero…"))
        expect(title(walk)).to_have_text(reader.text("In sync"))
        assert company.contact(name)["ContactStatus"] == "ACTIVE"


def click_that_is_lost(walk: Walk) -> None:
    """A click that never arrives is told as such, and changes nothing."""
    walk.page.route("**/api/records/**/sync", lambda route: route.abort())
    walk.reader.click(walk, "Send to Xero")
    walk.reads(".panel", UNKNOWN)
    walk.looks_right()
    assert [one for one in walk.complaints if "ERR_FAILED" not in one] == []
    walk.complaints.clear()
    walk.page.unroute("**/api/records/**/sync")
