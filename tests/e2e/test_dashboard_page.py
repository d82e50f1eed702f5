"""The dashboard: figures, charts with their tables, who is needed, runs; and when something fails."""

import json
from collections.abc import Iterable
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.e2e.board import board, empty, run
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe, broken_words, does_not_fit, english_left
from tests.e2e.states import connected
from tests.e2e.test_record_states import CUT_OFF

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
PAGE = "dashboard.html"


def opened_at(stage: Stage, **query: object) -> Opened:
    """The dashboard of the wine merchants, who have had their first sync."""
    stage.fake.accepted = True
    return stage.open("1", **{"page": PAGE, "width": 1200, **query})


def test_the_first_screen_says_how_things_stand(stage: Stage) -> None:
    opened = opened_at(stage)
    states = opened.widget.get_by_role("region", name="Records by state")
    for text in ("2,468", "of 2,515 records in scope", "23", "6", "18", "30"):
        expect(states).to_contain_text(text)
    drawn = states.get_by_role("img")
    name = "In sync: 2,468. Waiting: 23. Conflicts: 6. Needs attention: 18."
    expect(drawn).to_have_attribute("aria-label", name)
    money = opened.widget.get_by_role("region", name="Money due")
    expect(money).to_contain_text("NZ$213,758.50")
    expect(money).to_contain_text("NZ$49,735.40")
    row = money.get_by_role("row", name="Pōhutukawa Hotels Ltd")
    expect(row.get_by_role("cell")).to_contain_text(["Pōhutukawa", "104,220.00", "31,400.00"])
    expect(money).to_contain_text("Customers pay after 23.4 days on average")
    assert opened.complaints == []
    assert opened.foreign == []


def test_one_currency_is_shown_at_a_time(stage: Stage) -> None:
    opened = opened_at(stage)
    money = opened.widget.get_by_role("region", name="Money due")
    money.get_by_role("radio", name="NZD").press("ArrowRight")
    expect(money.get_by_role("radio", name="EUR")).to_be_checked()
    expect(money).to_contain_text("€310.00")
    expect(money).not_to_contain_text("213,758.50")


TABLES = {
    "Records by module": ["630", "6", "2", "3", "12"],
    "Last 14 days": ["82", "4", "0"],
    "API budget": ["688", "1,000"],
    "Records over time": ["2,213", "27", "38"],
}


def test_every_chart_is_a_table_too(stage: Stage) -> None:
    opened = opened_at(stage)
    for region, cells in TABLES.items():
        part = opened.widget.get_by_role("region", name=region).first
        part.get_by_role("button", name="Show as table").press("Enter")
        expect(part.locator("tbody tr").first.locator("td")).to_have_text(cells)
        assert axe(opened) == []
        part.get_by_role("button", name="Show as chart").press("Space")
        expect(part.locator("table")).to_have_count(0)


def test_the_days_can_be_those_of_one_module(stage: Stage) -> None:
    opened = opened_at(stage)
    part = opened.widget.get_by_role("region", name="Last 14 days").first
    name = "Last 14 days. Done: {}. Held: 30. Failed: 21."
    expect(part.get_by_role("img")).to_have_attribute("aria-label", name.format("1,022"))
    part.get_by_label("Module").select_option("invoices")
    expect(part.get_by_role("img")).to_have_attribute("aria-label", name.format("513"))


def test_whether_it_gets_better_is_drawn_for_all_and_for_one_module(stage: Stage) -> None:
    opened = opened_at(stage)
    part = opened.widget.get_by_role("region", name="Records over time").first
    drawn = part.get_by_role("img")
    expect(drawn.nth(0)).to_have_attribute(
        "aria-label", "In sync: 2,213 on 25 Oct, 2,468 on 23 Nov."
    )
    waits = "Waiting: 27 on 25 Oct, 23 on 23 Nov. Needs you: 38 on 25 Oct, 24 on 23 Nov."
    expect(drawn.nth(1)).to_have_attribute("aria-label", waits)
    expect(part).to_contain_text("A gap is a day on which nothing was counted.")
    assert part.locator("line.trend").count() == 26
    part.get_by_label("Module").select_option("products")
    expect(drawn.nth(1)).to_have_attribute(
        "aria-label", "Waiting: 0 on 25 Oct, 0 on 23 Nov. Needs you: 3 on 25 Oct, 3 on 23 Nov."
    )


def test_what_needs_a_person_is_hatched_not_only_coloured(stage: Stage) -> None:
    opened = opened_at(stage)
    part = opened.widget.get_by_role("region", name="Last 14 days").first
    fills = part.locator("svg[role=img] rect[fill]").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('fill'))"
    )
    assert len([fill for fill in fills if fill.startswith("url(#")]) == 5
    expect(part.locator(".legend pattern")).to_have_count(1)


def test_a_cause_opens_its_records_in_crm(stage: Stage) -> None:
    opened = opened_at(stage)
    needs = opened.widget.get_by_role("region", name="Needs you")
    expect(needs).to_contain_text("16 records, 4 causes")
    several = needs.get_by_role("button", name="Open: Several partners in Xero fit.")
    several.press("Enter")
    expect(needs.get_by_text("Add it in Xero.")).to_be_visible()
    needs.get_by_role("button", name="INV-202").click()
    opened.widget.get_by_role("button", name="Te Aro Roasters").click()
    for asked in (["Invoices", "602"], ["Accounts", "5002"]):
        opened.page.wait_for_function(
            "([entity, id]) => window.asked.some(({ data }) => data?.action?.record === 'OPEN'"
            " && data.data.Entity === entity && data.data.RecordID === id)",
            arg=asked,
        )


def test_sync_now_shows_its_progress_and_says_when_it_is_done(stage: Stage) -> None:
    stage.fake.hold_runs = True
    opened = opened_at(stage)
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.get_by_role("progressbar")).to_be_visible()
    stage.fake.hold_runs = False
    expect(opened.widget.locator(".toast")).to_contain_text("The sync is done.")
    expect(opened.widget.get_by_role("progressbar")).to_have_count(0)
    assert ("POST", "/api/modules/all/sync", {"direction": "both"}) in stage.fake.calls


def test_before_the_first_sync_the_way_there_takes_the_place_of_the_button(stage: Stage) -> None:
    opened = stage.open("1", page=PAGE, width=320)
    top = opened.widget.locator(".board-top")
    expect(top).to_contain_text("7 modules still need their first sync. An administrator starts it")
    expect(opened.widget.get_by_role("button", name="Sync now")).to_have_count(0)
    assert opened.frame().evaluate(CUT_OFF) == []


def test_only_an_administrator_is_offered_to_sync_everything(stage: Stage) -> None:
    stage.fake.admin = False
    opened = opened_at(stage)
    expect(opened.widget.get_by_role("button", name="Sync now")).to_have_count(0)


AWAY = {"key": "remote_unavailable", "params": {}, "text": "Xero does not answer.", "fix": ""}


def test_runs_say_who_and_how_they_ended(stage: Stage) -> None:
    stage.fake.board = board()
    stage.fake.board["runs"] = [
        run(1, state="failed"), run(2, state="cancelled", module="invoices", by="Ana"),
        run(3, failed=2), run(4, kind="preview", finished_at="2026-11-23T15:31:04Z"),
        run(5, kind="sweep", held=1), run(6, kind="sweep", state="failed", message=AWAY),
    ]  # fmt: skip
    opened = opened_at(stage)
    rows = opened.widget.get_by_role("table", name="Last runs").get_by_role("row")
    expect(rows).to_contain_text(
        ["Result", "Failed", "Stopped", "2 failed", "Done", "1 held", "Failed"]
    )
    expect(rows.nth(2)).to_contain_text("Bulk sync · Invoices · Ana")
    expect(rows.nth(4)).to_contain_text("1:01:04")
    expect(rows.nth(5)).to_contain_text("Schedule · All modules")
    expect(rows.nth(6)).to_contain_text("Xero does not answer.")
    assert opened.frame().evaluate(CUT_OFF) == []


def test_the_log_is_one_click_away_and_the_way_back_too(stage: Stage) -> None:
    opened = opened_at(stage)
    opened.widget.get_by_role("link", name="Open log").press("Enter")
    expect(opened.widget.get_by_role("heading", name="Log", exact=True)).to_be_visible()
    expect(opened.widget.get_by_text("This page belongs inside Zoho CRM")).to_have_count(0)
    opened.page.evaluate("() => history.back()")
    expect(opened.widget.get_by_role("link", name="Open log")).to_be_visible()
    assert opened.complaints == []


def test_the_audit_is_shown_when_there_was_one(stage: Stage) -> None:
    stage.fake.board = board()
    modules = [
        {"module": "accounts", "zoho": {"count": 641}, "xero": {"count": 641}, "differences": []},
        {"module": "invoices", "zoho": {"count": 468}, "xero": {"count": 467}, "differences": [1]},
    ]
    last = {"at": "2026-11-23T03:00:00Z", "state": "done", "modules": modules}
    stage.fake.board["audit"] = {"last": last}
    opened = opened_at(stage)
    audit = opened.widget.get_by_role("region", name="Drift audit").first
    expect(audit).to_contain_text("1 difference")
    expect(audit.locator("tbody tr").nth(1).locator("td")).to_have_text(["468", "467", "1"])


def test_a_new_organisation_has_nothing_and_says_so(stage: Stage) -> None:
    stage.fake.board = empty()
    opened = opened_at(stage)
    for text in (
        "No module is switched on.", "No invoice is open.", "Nothing waits for a person.",
        "No run yet.", "of 0 records in scope",
        "Counting begins today.",
    ):  # fmt: skip
        expect(opened.widget.get_by_text(text)).to_be_visible()
    assert opened.complaints == []


def test_offline_keeps_the_figures_and_stops_the_button(stage: Stage) -> None:
    opened = opened_at(stage)
    opened.page.context.set_offline(offline=True)
    expect(opened.widget.get_by_text("You are offline.")).to_be_visible()
    expect(opened.widget.get_by_text("2,468", exact=True)).to_be_visible()
    expect(opened.widget.get_by_role("button", name="Sync now")).to_be_disabled()
    opened.page.context.set_offline(offline=False)
    expect(opened.widget.get_by_role("button", name="Sync now")).to_be_enabled()


def test_a_session_that_ended_is_taken_up_where_it_was(stage: Stage) -> None:
    opened = opened_at(stage, signed_in=False)
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.get_by_text("2,468", exact=True)).to_be_visible()
    stage.fake.forget_sessions()
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.get_by_text("Your session has ended.")).to_be_visible()
    expect(opened.widget.get_by_text("2,468", exact=True)).to_be_visible()
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.get_by_text("Your session has ended.")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "theme"), [("en", "light"), ("en", "dark"), ("fr", "light"), ("de", "dark")]
)
def test_it_fits_every_width_and_axe_finds_nothing(stage: Stage, language: str, theme: str) -> None:
    opened = opened_at(stage, language=language, width=320, theme=theme, bypass_csp=True)
    for currency in ("NZD", "EUR"):
        opened.widget.get_by_role("radio", name=currency).check(force=True)
        for width in (320, 640, 1000, 1280):
            opened.page.set_viewport_size({"width": width, "height": 900})
            measured = opened.frame().evaluate(
                "() => [document.documentElement.scrollWidth, innerWidth]"
            )
            assert measured[0] <= measured[1], (language, width)
            assert opened.frame().evaluate(CUT_OFF) == [], (language, width)
            assert does_not_fit(opened) == {}, (language, width)
    assert english_left(opened, language) == []
    found = axe(opened)
    assert found == [], json.dumps(found, indent=1)
    assert opened.complaints == []


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_no_word_over_the_last_runs_is_broken(stage: Stage, language: str) -> None:
    opened = opened_at(stage, language=language, width=980)
    for width in (980, 1000, 1100, 1280):
        opened.page.set_viewport_size({"width": width, "height": 900})
        assert broken_words(opened, ".runs .heads > *") == [], width
        assert does_not_fit(opened) == {}, width


def test_the_money_of_the_board_adds_up() -> None:
    for currency, owed in board()["money"].items():
        rows = [*owed["customers"], owed["others"]]
        assert total(row["due"] for row in rows) == Decimal(owed["due"]), currency
        assert total(row["overdue"] for row in rows) == Decimal(owed["overdue"]), currency
        late = [age["amount"] for age in owed["ageing"] if age["to"] != 0]
        assert total(late) == Decimal(owed["overdue"]), currency
        assert total(age["amount"] for age in owed["ageing"]) == Decimal(owed["due"]), currency
    assert connected()["xero"]["organisation"]["base_currency"] == next(iter(board()["money"]))


def total(amounts: Iterable[str]) -> Decimal:
    """The sum, to the cent."""
    return sum(map(Decimal, amounts), Decimal())
