"""The record page when host, session, network or service are not what they should be."""

import pytest
from playwright.sync_api import expect

from backend.web.headers import page_policy
from dev_tools.console import ROOT
from dev_tools.package import with_policy
from tests.e2e import states
from tests.e2e.conftest import Opened, Stage
from tests.e2e.fake_api import HTML_PAGE, SERVER_ERROR

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_outside_crm_the_page_says_where_it_belongs(stage: Stage) -> None:
    opened = stage.open("in_sync")
    opened.page.goto(f"{stage.backend}/widget/record.html")
    expect(opened.page.locator("h2")).to_have_text("This page belongs inside Zoho CRM")
    opened.page.goto(f"{stage.backend}/widget/record.html?serviceOrigin=https://crm.zoho.com")
    expect(opened.page.locator("h2")).to_have_text("This page belongs inside Zoho CRM")


def test_a_host_that_is_not_the_one_it_claims_to_be_is_not_spoken_to(stage: Stage) -> None:
    opened = stage.open("in_sync", claim="https://crm.zoho.com")
    expect(opened.widget.locator("h2")).to_have_text("This page belongs inside Zoho CRM")
    assert stage.fake.calls == []


def test_a_host_that_never_answers_is_said_to_be_silent(stage: Stage) -> None:
    opened = stage.open("in_sync", silent="1", wait=False)
    heading = opened.widget.locator("h2")
    expect(heading).to_have_text("Zoho CRM does not answer this page")
    expect(opened.widget.get_by_role("button", name="Load again")).to_be_visible()


@pytest.mark.parametrize(
    ("record", "entity", "says"),
    [
        ("12a", "Invoices", "CRM did not say which record this is."),
        ("../../me", "Invoices", "CRM did not say which record this is."),
        ("1001", "Leads", "Records of this kind are not synced with Xero."),
    ],
)
def test_a_malformed_page_load_changes_nothing(
    stage: Stage, record: str, entity: str, says: str
) -> None:
    opened = stage.open(record, entity=entity)
    expect(opened.widget.get_by_text(says)).to_be_visible()
    assert stage.fake.calls == []


def test_a_record_id_in_an_array_is_read(stage: Stage) -> None:
    opened = stage.open("in_sync", list="1")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


SPOOF = """(target) => {
  const frame = document.createElement("iframe");
  frame.srcdoc = "<p></p>";
  document.body.append(frame);
  const lie = { type: "FRAMEWORK.EVENT", eventName: "PageLoad",
                data: { Entity: "Invoices", EntityId: "1006" } };
  window.postMessage(lie, "*");
  frame.contentWindow.setTimeout(() => 0, 0);
  frame.contentWindow.parent.postMessage(lie, "*");
  return new Promise((done) => setTimeout(done, 400));
}"""


def lied_to(stage: Stage, opened: Opened) -> None:
    """Its own window, a frame in it, and a popup of an evil page say what only CRM may say."""
    opened.frame().evaluate(SPOOF)
    # A window of another origin that got hold of the widget: the popup of an evil page.
    with opened.page.expect_popup() as waiting:
        opened.frame().evaluate(
            "url => { window.evil = window.open(url); }", stage.host + "/evil.html"
        )
    evil = waiting.value
    evil.wait_for_load_state()
    evil.wait_for_timeout(500)


def test_a_message_from_another_window_changes_nothing(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.at_rest(opened)
    before = len(stage.fake.calls)
    lied_to(stage, opened)
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    assert {call[1].rpartition("/records/")[2] for call in stage.fake.calls[before:]} <= {
        "invoices/1001", "invoices/1001/plan",
    }  # fmt: skip


@pytest.mark.parametrize("page", ["settings.html", "dashboard.html"])
def test_nor_does_it_on_the_pages_of_no_record(stage: Stage, page: str) -> None:
    stage.fake.accepted = True
    opened = stage.open("1", page=page, width=1200, wait=False)
    stage.at_rest(opened)
    before, shown = len(stage.fake.calls), opened.widget.locator("body").inner_text()
    lied_to(stage, opened)
    assert opened.widget.locator("body").inner_text() == shown
    # The page may have looked at its own things again meanwhile; it asked for nothing else.
    asked = [call[:2] for call in stage.fake.calls]
    assert set(asked[before:]) <= set(asked[:before])


def test_a_stolen_hand_off_is_not_redeemed(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    before = len(stage.fake.calls)
    lied_to(stage, opened)
    expect(opened.widget.locator("h2").first).to_have_text("Sign in to see this record")
    assert len(stage.fake.calls) == before


def test_the_same_message_from_the_host_is_obeyed(stage: Stage) -> None:
    opened = stage.open("in_sync")
    opened.page.evaluate("() => window.pageLoad('1006')")
    expect(opened.widget.locator("h2").first).to_have_text("Needs attention")


def test_signing_in_opens_the_popup_and_shows_the_record(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    expect(opened.widget.locator("h2")).to_have_text("Sign in to see this record")
    with opened.page.expect_popup() as waiting:
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    assert f"purpose=sign_in&origin={stage.backend}".replace(":", "%3A").replace(
        "/", "%2F"
    ) in waiting.value.url.split("?")[-1].replace(":", "%3A").replace("/", "%2F")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_a_second_record_in_the_same_tab_needs_no_second_sign_in(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    opened.page.reload()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_a_blocked_popup_leaves_a_link(stage: Stage) -> None:
    opened = stage.open("in_sync", signed_in=False)
    opened.frame().evaluate("() => { window.open = () => null; }")
    opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.get_by_text("The browser blocked the window.")).to_be_visible()
    expect(opened.widget.get_by_role("link", name="Sign in with Zoho")).to_be_visible()


def test_an_expired_bearer_is_renewed_without_a_word(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.fake.forget_sessions(refreshes=False)
    opened.widget.get_by_role("button", name="Send to Xero").click()
    expect(opened.widget.locator(".toast")).to_contain_text("INV-2041 is now in Xero.")


def test_choices_survive_the_end_of_the_session_and_are_applied_after_signing_in(
    stage: Stage,
) -> None:
    opened = stage.open("conflict")
    opened.widget.get_by_role("radio", name="15 Dec 2026").check()
    stage.fake.forget_sessions()
    opened.widget.get_by_role("button", name="Apply 1 choice").click()
    expect(opened.widget.get_by_text("Your session has ended.")).to_be_visible()
    expect(opened.widget.locator("input:checked")).to_have_count(1)
    with opened.page.expect_popup():
        opened.widget.get_by_role("button", name="Sign in with Zoho").click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    sent = {"choices": {"due_date": "zoho"}, "remember": False}
    assert ("POST", "/api/records/invoices/1005/resolve", sent) in stage.fake.calls


def test_offline_keeps_the_last_figures_and_disables_writing(stage: Stage) -> None:
    opened = stage.open("in_sync")
    opened.page.context.set_offline(offline=True)
    expect(opened.widget.get_by_text("You are offline. As of 14:33.")).to_be_visible()
    expect(opened.widget.get_by_label("Amounts")).to_contain_text("€8,480.00")
    expect(opened.widget.get_by_role("button", name="Send to Xero")).to_be_disabled()
    opened.page.context.set_offline(offline=False)
    expect(opened.widget.get_by_text("You are offline.")).to_have_count(0)
    expect(opened.widget.get_by_role("button", name="Send to Xero")).to_be_enabled()


def test_a_failing_service_is_named_with_its_number_and_can_be_asked_again(stage: Stage) -> None:
    opened = stage.open(SERVER_ERROR)
    expect(opened.widget.locator("h2")).to_have_text("The record did not load")
    expect(opened.widget.get_by_text("Code 503, request 7F3A-19C2.")).to_be_visible()
    opened.page.evaluate("() => window.pageLoad('1001')")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_a_page_of_a_gateway_is_not_taken_for_a_record(stage: Stage) -> None:
    opened = stage.open(HTML_PAGE)
    expect(opened.widget.locator("h2")).to_have_text("The record did not load")


def test_a_portal_that_answers_for_the_sign_in_costs_nothing_but_the_moment(stage: Stage) -> None:
    opened = stage.open("in_sync")
    portal = "<html>Sign in to the network</html>"
    opened.page.route("**/auth/token", lambda route: route.fulfill(status=200, body=portal))
    opened.page.reload()
    expect(opened.widget.locator("h2").first).to_have_text("The record did not load")
    opened.page.unroute("**/auth/token")
    opened.widget.get_by_role("button", name="Load again").click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


@pytest.mark.parametrize("locale", ["en-unknownland", "fr_France", "de_Deutschland", "xx-YY"])
def test_a_locale_nobody_knows_costs_nothing_but_its_habits(stage: Stage, locale: str) -> None:
    opened = stage.open("in_sync", locale=locale)
    expect(opened.widget.locator(".sum.due")).to_be_visible()
    assert opened.complaints == []


NO_RECORD = ["{}", "[]", "5", '{"state": "conflict", "connection": "connected", "conflict": {}}']


@pytest.mark.parametrize("body", NO_RECORD)
def test_what_is_no_record_is_not_taken_for_one_without_a_partner(stage: Stage, body: str) -> None:
    opened = stage.open("in_sync")
    opened.page.route("**/api/records/invoices/999?*", lambda route: route.fulfill(body=body))
    opened.page.evaluate("() => window.pageLoad('999')")
    expect(opened.widget.locator("h2")).to_have_text("The record did not load")
    expect(opened.widget.get_by_text("answered something this page cannot read")).to_be_visible()
    assert opened.complaints == []


def test_a_record_that_cannot_be_drawn_says_so_and_the_next_is_drawn(stage: Stage) -> None:
    stage.fake.records["999"] = {**states.answer("1001", "en"), "history": [None]}
    opened = stage.open("999")
    expect(opened.widget.locator("h2")).to_have_text("The page did not load")
    expect(opened.widget.get_by_role("button", name="Load again")).to_be_enabled()
    opened.page.evaluate("() => window.pageLoad('1001')")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")


def test_a_choice_is_dropped_when_the_value_it_chose_has_changed(stage: Stage) -> None:
    opened = stage.open("conflict")
    first = opened.widget.locator("fieldset").first
    first.locator("input[value=xero]").check()
    document = states.answer(states.IDS["conflict"], "en")
    document["conflict"]["fields"][0]["xero"] = "2027-01-31"
    stage.fake.records[states.IDS["conflict"]] = document
    opened.page.evaluate("(id) => window.pageLoad(id)", states.IDS["conflict"])
    expect(first.get_by_text("A value changed after you had chosen.")).to_be_visible()
    expect(first.locator("input:checked")).to_have_count(0)
    expect(opened.widget.get_by_role("button", name="Choose a value first")).to_be_disabled()
    first.locator("input[value=xero]").check()
    expect(first.get_by_text("A value changed after you had chosen.")).to_have_count(0)
    expect(opened.widget.get_by_role("button", name="Apply 1 choice")).to_be_enabled()


@pytest.mark.parametrize("deaf", [True, False])
def test_a_record_that_crm_does_not_open_is_said(stage: Stage, deaf: bool) -> None:
    opened = stage.open("4001,4002", list="1", **({"deaf": "1"} if deaf else {}))
    opened.widget.get_by_role("button", name="INV-4002").click()
    toast = opened.widget.get_by_text("Zoho CRM did not answer.")
    if deaf:
        expect(toast).to_be_visible()
        opened.widget.get_by_role("button", name="Close").click()
    opened.page.wait_for_function(
        "() => window.asked.some((one) => one.data?.data?.RecordID === '4002')"
    )
    expect(toast).to_have_count(0)


def test_the_page_works_under_the_policy_it_carries_where_zoho_hosts_it(stage: Stage) -> None:
    opened = stage.open("in_sync")
    stage.fake.refreshes.add("seed")
    text = (ROOT / "widget" / "app" / "record.html").read_text(encoding="utf-8")
    policy = page_policy(f"{stage.host}/sdk.js", stage.backend)
    stage.fake.pages["record.html"] = with_policy(text, policy)
    opened.page.reload()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    assert opened.complaints == []
    called = "url => fetch(url, { mode: 'no-cors' }).then(() => 'went', () => 'stopped')"
    assert opened.frame().evaluate(called, stage.host + "/origin.json") == "stopped"


def test_a_locale_nobody_knows_reads_english(stage: Stage) -> None:
    opened = stage.open("in_sync", language="tlh_QX")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    expect(opened.widget.get_by_label("Amounts")).to_contain_text("€8,480.00")
    assert opened.complaints == []


MOVING = """() => [...document.querySelectorAll("*:not(.undrawn)")].filter((node) => {
  const style = getComputedStyle(node);
  return style.animationName !== "none" || !/^0s(, 0s)*$/.test(style.transitionDuration);
}).map((node) => node.outerHTML.slice(0, 80))"""


def test_who_wants_less_motion_sees_none(stage: Stage) -> None:
    stage.fake.hold_requests = True
    opened = stage.open("not_linked")
    opened.widget.get_by_role("button", name="Send to Xero").click()
    expect(opened.widget.locator(".turning").first).to_be_visible()
    assert opened.frame().evaluate(MOVING) == []
    opened.page.emulate_media(reduced_motion="no-preference")
    assert any("turning" in one for one in opened.frame().evaluate(MOVING))
