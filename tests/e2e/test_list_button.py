"""The list button: the chosen records, one run, the result of each, and those that go again."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe, does_not_fit, english_left
from tests.e2e.test_record_states import CUT_OFF

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
CHOSEN = ["4001", "4002", "4003", "4007", "4010"]


def chosen(stage: Stage, ids: list[str], **query: object) -> Opened:
    """The page as CRM opens it for these records."""
    return stage.open(",".join(ids), list="1", **query)


def test_what_will_happen_is_said_before_anything_is_pressed(stage: Stage) -> None:
    opened = chosen(stage, CHOSEN)
    expect(opened.widget.locator(".state h2")).to_have_text("5 invoices chosen")
    expect(opened.widget.locator(".state")).to_contain_text("In sync: 4 and Not in Xero: 1")
    expect(opened.widget.get_by_text("writes only what differs")).to_be_visible()
    expect(opened.widget.locator(".primary")).to_have_count(1)
    assert not [call for call in stage.fake.calls if call[0] == "POST"]
    assert opened.complaints == []


def test_all_are_synced_with_progress_and_the_failed_ones_again(stage: Stage) -> None:
    stage.fake.hold_requests = True
    opened = chosen(stage, CHOSEN)
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.get_by_role("progressbar")).to_be_visible()
    expect(opened.widget.locator(".state h2")).to_have_text("Synchronising…")
    expect(opened.widget.get_by_role("status").filter(has_text="Progress: 100%")).to_be_attached()
    stage.fake.hold_requests = False
    expect(opened.widget.locator(".state h2")).to_have_text(
        "4 of 5 are the same on both sides.", timeout=20_000
    )
    expect(opened.widget.locator(".state")).to_contain_text("1 failed.")
    first = opened.widget.locator(".chosen li").first
    expect(first).to_contain_text("INV-4007")
    expect(first).to_contain_text("Currency USD is not enabled in Xero. Add it there.")
    opened.widget.get_by_role("button", name="Try 1 record again").press("Enter")
    expect(opened.widget.locator(".state h2")).to_have_text(
        "All 5 records are the same on both sides.", timeout=20_000
    )
    sent = [call[2] for call in stage.fake.calls if call[0] == "POST"]
    assert sent == [
        {"ids": CHOSEN, "direction": "both"},
        {"ids": ["4007"], "direction": "both"},
    ]


def test_a_record_of_the_list_opens_in_crm(stage: Stage) -> None:
    opened = chosen(stage, CHOSEN)
    opened.widget.get_by_role("button", name="INV-4002").click()
    opened.page.wait_for_function(
        "() => window.asked.some((one) => one.data?.data?.RecordID === '4002')"
    )


def test_more_than_a_hundred_are_refused_in_words(stage: Stage) -> None:
    opened = chosen(stage, [str(5000 + n) for n in range(120)])
    expect(opened.widget.get_by_text("120 records were chosen. At most 100")).to_be_visible()
    assert stage.fake.calls == []


def test_a_hundred_are_taken_and_shown_twenty_first(stage: Stage) -> None:
    opened = chosen(stage, [str(5000 + n) for n in range(100)])
    expect(opened.widget.locator(".chosen li")).to_have_count(20)
    opened.widget.get_by_role("button", name="Show all").click()
    expect(opened.widget.locator(".chosen li")).to_have_count(100)


@pytest.mark.parametrize("odd", ["1,x", "1,,2", "1,../../me"])
def test_a_list_with_something_that_is_no_record_changes_nothing(stage: Stage, odd: str) -> None:
    opened = stage.open(odd, list="1")
    expect(opened.widget.get_by_text("CRM did not say which record this is.")).to_be_visible()
    assert stage.fake.calls == []


def test_a_failing_click_keeps_the_list_and_names_its_number(stage: Stage) -> None:
    stage.fake.fail_next.append(503)
    opened = chosen(stage, CHOSEN)
    opened.widget.get_by_role("button", name="Send to Xero").click()
    expect(opened.widget.get_by_role("alert")).to_contain_text("Code 503, request 7F3A-19C2.")
    expect(opened.widget.locator(".chosen li")).to_have_count(5)


REFUSED = {"key": "x", "params": {}, "text": "Xero refused everything.", "fix": "Look at Xero."}


@pytest.mark.parametrize(
    ("ends", "title", "says", "tone"),
    [
        (
            {"state": "failed", "message": REFUSED},
            "0 of 3 are the same on both sides.",
            "Xero refused everything. Look at Xero. 3 were not reached.",
            "tone-blocked",
        ),
        (
            {"state": "cancelled"},
            "Stopped. What is done stays done.",
            "3 were not reached.",
            "tone-quiet",
        ),
        (
            {"state": "done"},
            "0 of 3 are the same on both sides.",
            "3 were not reached.",
            "tone-decide",
        ),
    ],
)
def test_a_run_that_came_to_no_good_end_says_so_and_leaves_a_way_on(
    stage: Stage, ends: dict[str, object], title: str, says: str, tone: str
) -> None:
    stage.fake.chosen_run = ends
    opened = chosen(stage, CHOSEN[:3])
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.locator(".state h2")).to_have_text(title)
    expect(opened.widget.locator(".state .sentence")).to_have_text(says)
    expect(opened.widget.locator(f".state svg.{tone}")).to_have_count(1)
    stage.fake.chosen_run = {}
    opened.widget.get_by_role("button", name="Try 3 records again").click()
    expect(opened.widget.locator(".state h2")).to_have_text(
        "All 3 records are the same on both sides."
    )


def test_a_run_that_waits_says_why_and_that_it_was_told_to_stop(stage: Stage) -> None:
    waits = {"key": "x", "params": {}, "text": "Xero does not answer.", "fix": ""}
    stage.fake.chosen_run = {"state": "running", "message": waits, "eta_seconds": 3600}
    opened = chosen(stage, CHOSEN[:3])
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.locator(".state h2")).to_have_text("Waiting")
    expect(opened.widget.locator(".state .sentence")).to_have_text("Xero does not answer.")
    opened.page.route("**/api/runs/chosen/cancel", lambda route: route.fulfill(json={}))
    opened.widget.get_by_role("button", name="Stop after this batch").click()
    expect(opened.widget.get_by_role("button", name="Stopping…")).to_be_disabled()
    expect(opened.widget.locator(".state h2")).to_have_text("Stopping…")
    stage.fake.chosen_run = {"state": "cancelled"}
    expect(opened.widget.locator(".state h2")).to_have_text("Stopped. What is done stays done.")


def test_a_list_opened_offline_says_so_and_comes_with_the_connection(stage: Stage) -> None:
    opened = chosen(stage, CHOSEN[:2])
    opened.page.context.set_offline(offline=True)
    opened.page.evaluate("() => window.pageLoad(['4010', '4011', '4013'])")
    expect(opened.widget.locator("h2")).to_have_text("You are offline")
    opened.page.context.set_offline(offline=False)
    expect(opened.widget.locator(".state h2")).to_have_text("3 invoices chosen")


def test_an_ended_session_is_taken_up_with_the_press_it_interrupted(stage: Stage) -> None:
    opened = chosen(stage, CHOSEN[:2])
    stage.fake.forget_sessions()
    opened.widget.get_by_role("button", name="Sync now").click()
    expect(opened.widget.get_by_text("Your session has ended.")).to_be_visible()
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.locator(".state h2")).to_have_text(
        "All 2 records are the same on both sides.", timeout=20_000
    )


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("fr", "light"), ("de", "light")])
def test_it_fits_every_width_and_axe_finds_nothing(stage: Stage, language: str, theme: str) -> None:
    opened = chosen(stage, CHOSEN, language=language, width=320, theme=theme, bypass_csp=True)
    for width in (320, 480, 720):
        opened.page.set_viewport_size({"width": width, "height": 800})
        measured = opened.frame().evaluate(
            "() => [document.documentElement.scrollWidth, innerWidth]"
        )
        assert measured[0] <= measured[1], (language, width)
        assert opened.frame().evaluate(CUT_OFF) == [], (language, width)
        assert does_not_fit(opened) == {}, (language, width)
    assert english_left(opened, language) == []
    found = axe(opened)
    assert found == [], json.dumps(found, indent=1)
