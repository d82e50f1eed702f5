"""From nothing to a first sync and back again, until the company leaves: each language anew."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.company import CRM, XERO, Company, Walk, strangers, wait_until, walking
from tests.e2e.reader import Reader, with_the_other_hand

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """A CRM and a Xero that know nothing of each other."""
    with strangers("real-first-sync", seed="empty") as found:
        yield found


@with_the_other_hand
def test_a_company_is_set_up_synced_undone_reset_and_leaves(
    company: Company, browser: Browser, reader: Reader
) -> None:
    name = f"Sorrel {reader.language}"
    account = company.books.crm_create("Accounts", {"Account_Name": name})
    with walking(company, browser, reader, "/settings") as walk:
        set_up(walk)
        preview(walk)
        assert standing(company, name) is None
        sync_and_undo(walk, name)
        reset_and_reconnect(walk)
        leave(walk)
    company.books.call("DELETE", f"/control/zoho/records/Accounts/{account}")


def step(walk: Walk) -> Locator:
    """The step of the guide that is next."""
    return walk.widget.locator(".step.next")


def set_up(walk: Walk) -> None:
    """Every step of the guide up to the preview, each by the button it offers."""
    for title in ("Sign in with Zoho", "Connect Zoho CRM", "Connect Xero"):
        walk.reads(step(walk), title)
        walk.looks_right()
        with walk.page.expect_popup():
            walk.reader.click(step(walk), title)
    walk.reads(step(walk), "Choose the Xero organisation")
    walk.reader.press(step(walk).get_by_role("button", name=XERO))
    for title, view in (
        ("Choose modules", "modules"),
        ("Match taxes", "maps"),
        ("Check mapping", "mapping"),
    ):
        walk.reader.click(step(walk), title)
        walk.arrived(view)
        walk.view("guide")


def preview(walk: Walk) -> None:
    """Everything is looked at; nothing has been written."""
    walk.reader.click(step(walk), "Start preview")
    expect(walk.reader.button(walk, "Start sync: 1 change")).to_be_visible()
    walk.reads(".main", "Nothing has been written yet.")
    walk.looks_right()


def standing(company: Company, name: str) -> str | None:
    """How a contact of Xero stands; None where there is none."""
    found = [one for one in company.books.xero("Contacts") if one["Name"] == name]
    return str(found[0]["ContactStatus"]) if found else None


def sync_and_undo(walk: Walk, name: str) -> None:
    """The account arrives in Xero, and is taken out of use again."""
    walk.reader.click(walk, "Start sync: 1 change")
    done = walk.widget.get_by_text(walk.reader.text("Done."), exact=True)
    expect(done).to_be_visible()
    assert standing(walk.company, name) == "ACTIVE"
    walk.looks_right()
    walk.reader.click(walk, "Undo this run")
    undone = walk.reader.text("Undo")
    expect(walk.widget.get_by_role("heading", name=undone, level=1, exact=True)).to_be_visible()
    expect(done).to_be_visible()
    wait_until(lambda: standing(walk.company, name) == "ARCHIVED", "it is still in use")
    walk.looks_right()


def confirm(walk: Walk, asks: str, name: str, does: str) -> None:
    """What cannot be taken back asks for a name."""
    walk.reader.click(walk, asks)
    field = walk.widget.get_by_label(walk.reader.text("Type {name} to confirm", name=name))
    walk.reader.write(field, name)
    walk.looks_right()
    walk.reader.click(walk.widget.get_by_role("dialog"), does)


def reset_and_reconnect(walk: Walk) -> None:
    """The access to Xero is given up and given again."""
    walk.view("connection")
    walk.looks_right()
    confirm(walk, "Reset connection…", XERO, "Reset connection")
    walk.reader.toast(walk, "The Xero connection is reset.")
    with walk.page.expect_popup():
        walk.reader.click(walk, "Connect Xero")
    walk.reader.press(walk.widget.get_by_role("button", name=XERO))
    sides = walk.widget.locator(".connection-side")
    walk.reads(sides.nth(1), "Connected")
    expect(sides.nth(1)).to_contain_text(XERO)
    walk.company.person.connect_zoho()
    assert walk.company.person.get("/api/connections")["xero"]["state"] == "connected"


def leave(walk: Walk) -> None:
    """Everything kept for the company is erased, and the page says so."""
    confirm(walk, "Leave and erase…", CRM, "Leave and erase")
    walk.reads(".alone", "Everything kept for {name} is erased", name=CRM)
    walk.looks_right()
