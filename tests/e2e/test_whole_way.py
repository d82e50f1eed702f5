"""The whole way in a real browser: CRM's page, the widget, the product, both simulated sides.

A person opens an invoice of a new customer, signs in, presses *Send to Xero*, sees it arrive,
the accountant marks it paid in Xero, and the person sees that it is paid.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.company import Company, come_back, company_running, listen, wait_until
from tests.e2e.conftest import Opened
from tests.e2e.looks import english_left
from tests.e2e.reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LANGUAGES = {"ana": "en", "luc": "fr", "tomasz": "de"}
WORDS = {
    "ana": ("Sign in with Zoho", "Not in Xero", "Send to Xero", "In sync", "Due£0.00"),
    "luc": (
        "Se connecter avec Zoho",
        "Absent de Xero",
        "Envoyer vers Xero",
        "À jour",
        "Reste dû0,00£GB",
    ),
    "tomasz": ("Mit Zoho anmelden", "Nicht in Xero", "An Xero senden", "Synchron", "Offen0,00£"),
}


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """The seeded company, connected."""
    with company_running("e2e") as found:
        yield found


@pytest.mark.parametrize("who", ["ana", "luc", "tomasz"])
def test_an_invoice_is_sent_and_seen_paid(company: Company, browser: Browser, who: str) -> None:
    sign_in, absent, send, in_sync, nothing_due = WORDS[who]
    invoice = company.new_invoice(who)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    opened = Opened(page, page.frame_locator("iframe").first)
    listen(context, opened)
    page.goto(f"{company.system.zoho}/host/?user={who}#/Invoices/{invoice}")
    widget = opened.widget

    with page.expect_popup():
        widget.get_by_role("button", name=sign_in).click()
    title = widget.locator(".state h2")
    expect(title).to_have_text(absent)
    expect(widget.locator(".panel")).to_contain_text("132")

    widget.get_by_role("button", name=send).click()
    expect(title).to_have_text(in_sync, timeout=30_000)
    record = company.person.get(f"/api/records/invoices/{invoice}")
    assert record["xero"]["total"] == "132.12"
    number = record["links"][0]["xero_number"]
    expect(widget.get_by_role("link", name=number)).to_be_visible()

    company.books.xero_act("pay", invoice_id=record["links"][0]["xero_id"])
    wait_until(lambda: due_of(company, invoice) == "0.00", "the payment did not reach the product")
    come_back(opened)
    expect(widget.locator(".sum.due")).to_have_text(
        re.compile(r"\s*".join(map(re.escape, nothing_due))), timeout=20_000
    )
    in_crm = company.books.crm_record("Invoices", invoice)
    assert in_crm["Xero_Amount_Due"] == 0
    assert english_left(opened, LANGUAGES[who]) == []
    assert opened.complaints == opened.foreign == []
    context.close()


def test_a_click_on_a_customer_waits_for_its_answer_before_it_says_so(
    company: Company, browser: Browser
) -> None:
    account = company.books.crm_create("Accounts", {"Account_Name": "Quayside Larder"})
    context = browser.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto(f"{company.system.zoho}/host/?user=ana#/Accounts/{account}")
    widget = page.frame_locator("iframe").first
    with page.expect_popup():
        widget.get_by_role("button", name="Sign in with Zoho").click()
    company.books.call(
        "POST", "/control/faults", {"side": "xero", "kind": "slow", "seconds": 2.0, "times": 1}
    )
    widget.get_by_role("button", name="Send to Xero").click()
    expect(widget.locator(".state h2")).to_have_text("Sending to Xero…")
    expect(widget.locator(".toast")).to_have_count(0)
    expect(widget.locator(".state h2")).to_have_text("In sync", timeout=30_000)
    assert any(one["Name"] == "Quayside Larder" for one in company.books.xero("Contacts"))
    context.close()


def test_with_xero_down_a_record_opens_and_a_click_says_why_it_waits(
    company: Company, browser: Browser
) -> None:
    account = company.books.crm_create("Accounts", {"Account_Name": "Breakwater Deli"})
    context = browser.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto(f"{company.system.zoho}/host/?user=ana#/Accounts/{account}")
    widget = page.frame_locator("iframe").first
    with page.expect_popup():
        widget.get_by_role("button", name="Sign in with Zoho").click()
    widget.get_by_role("button", name="Send to Xero").click()
    expect(widget.locator(".state h2")).to_have_text("In sync", timeout=30_000)
    fault = {"side": "xero", "kind": "reset_before", "times": None}
    company.books.call("POST", "/control/faults", fault)
    try:
        page.reload()
        # What CRM tells of our own write may be noted already, and waits like everything else.
        expect(widget.locator(".state h2")).to_have_text(re.compile("In sync|Waiting"))
        expect(widget.get_by_text("Breakwater Deli").first).to_be_visible()
        company.books.crm_edit("Accounts", account, {"Phone": "+44 20 7946 0018"})
        widget.get_by_role("button", name=re.compile("^(Send to Xero|Sync now)$")).click()
        panel = widget.locator(".panel")
        expect(panel).to_contain_text("The other system did not answer.", timeout=30_000)
        expect(panel).to_contain_text("It is tried again by itself; nothing is lost.")
        expect(widget.locator(".state h2")).to_have_text("Waiting")
    finally:
        company.books.call("DELETE", "/control/faults")
    wait_until(
        lambda: phone_in_xero(company, "Breakwater Deli"), "the edit did not go over", seconds=90
    )
    expect(widget.locator(".state h2")).to_have_text("In sync", timeout=30_000)
    context.close()


def phone_in_xero(company: Company, name: str) -> bool:
    """Whether the telephone number of CRM is there as well."""
    found = next(one for one in company.books.xero("Contacts") if one["Name"] == name)
    return any(one.get("PhoneNumber") for one in found.get("Phones", []))


VIEWS = {
    "guide": "Set-up guide",
    "modules": "Xero has no sales orders",
    "mapping/invoices": "Map another field",
    "maps": "Accounts in Xero",
    "log": "Every attempt, with its reason.",
    "conflicts": "Conflicts",
    "attention": "Attention",
    "health": "Xero, today",
    "notices": "Language and patience",
    "configuration": "Export the configuration",
    "connection": "Connection",
}


@pytest.mark.parametrize("who", LANGUAGES)
def test_the_settings_tab_shows_the_real_company(
    company: Company, browser: Browser, who: str
) -> None:
    language = LANGUAGES[who]
    reader = Reader(language, keyboard=False)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    opened = Opened(page, page.frame_locator("iframe").first)
    listen(context, opened)
    page.goto(f"{company.system.zoho}/host/?user={who}#/settings")
    with page.expect_popup():
        reader.click(opened, "Sign in with Zoho")
    opened.widget.locator(".shell").wait_for(timeout=20_000)
    for view, shows in VIEWS.items():
        opened.frame().evaluate("to => { location.hash = to; }", f"#/{view}")
        main = opened.widget.locator(".main")
        expect(main).to_contain_text(reader.text(shows))
        expect(main.locator(".bones")).to_have_count(0)
        assert english_left(opened, language) == [], view
    assert opened.complaints == opened.foreign == []
    context.close()


def due_of(company: Company, invoice: str) -> Any:
    """What the product says is due on an invoice."""
    return (company.person.get(f"/api/records/invoices/{invoice}")["money"] or {}).get("due")
