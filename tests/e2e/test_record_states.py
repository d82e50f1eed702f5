"""Every state of the record page, as a person in CRM sees it."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e import states
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe, broken_words, does_not_fit, english_left

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

CUT_OFF = """() => {
  const edge = document.querySelector(".panel").getBoundingClientRect().right;
  return [...document.querySelectorAll(".panel .figure")].map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [node.textContent, range.getBoundingClientRect().right];
  }).filter(([, right]) => right > edge);
}"""
TITLES = {
    "in_sync": ("In sync", "À jour", "Synchron"),
    "pending": ("Waiting", "En attente", "Wartet"),
    "syncing": ("Synchronising…", "Synchronisation…", "Wird synchronisiert…"),
    "conflict": ("Conflict in 2 fields", "Conflit sur 2 champs", "Konflikt in 2 Feldern"),
    "needs_attention": ("Needs attention", "Intervention requise", "Handlung nötig"),
    "totals_differ": ("Needs attention", "Intervention requise", "Handlung nötig"),
    "ambiguous": ("Needs attention", "Intervention requise", "Handlung nötig"),
    "account": ("In sync", "À jour", "Synchron"),
    "customer": ("In sync", "À jour", "Synchron"),
    "excluded": (
        "Out of scope: dated before 1 Jan 2026",
        "Hors périmètre\u00a0: datée d’avant le 1 janv. 2026",
        "Ausgenommen: vor dem 01.01.2026 datiert",
    ),
    "not_linked": ("Not in Xero", "Absent de Xero", "Nicht in Xero"),
    "disconnected": ("Xero is disconnected", "Xero est déconnecté", "Xero ist getrennt"),
    "never_connected": (
        "Xero is not connected yet",
        "Xero n’est pas encore connecté",
        "Xero ist noch nicht verbunden",
    ),
    "hostile": ("In sync", "À jour", "Synchron"),
    "with_payments": ("In sync", "À jour", "Synchron"),
}


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_state_says_its_name_in_every_language_and_width(stage: Stage, language: str) -> None:
    opened = stage.open("in_sync", language=language, width=320)
    expect(opened.widget.locator("html")).to_have_attribute("lang", language)
    for state, titles in TITLES.items():
        move_on(opened, state)
        expected = titles[("en", "fr", "de").index(language)]
        expect(opened.widget.locator("h2").first).to_have_text(expected)
        for width in (320, 360, 640, 1000):
            opened.page.set_viewport_size({"width": width, "height": 900})
            measured = opened.frame().evaluate(
                "() => [document.documentElement.scrollWidth, innerWidth,"
                " Math.round(document.querySelector('.panel').getBoundingClientRect().width)]"
            )
            assert measured[0] <= measured[1], (state, language, width, measured)
            assert measured[2] <= 720
            assert opened.frame().evaluate(CUT_OFF) == [], (state, language, width)
    assert opened.complaints == []
    assert opened.foreign == []


def move_on(opened: Opened, state: str) -> None:
    """CRM shows another record in the page that is open."""
    wanted = states.IDS[state]
    with opened.page.expect_response(lambda answer: f"/{wanted}" in answer.url):
        opened.page.evaluate("what => window.pageLoad(...what)", [wanted, entity(state)])
    opened.frame().wait_for_function("() => document.querySelector('.panel h2, h2')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(stage: Stage, theme: str) -> None:
    opened = stage.open("in_sync", theme=theme, width=360, bypass_csp=True)
    for state, (title, *_) in TITLES.items():
        move_on(opened, state)
        expect(opened.widget.locator("h2").first).to_have_text(title)
        found = axe(opened)
        assert found == [], (state, theme, json.dumps(found, indent=1))
    for query in ({"signed_in": False}, {"record": "2001"}):
        opened = stage.open(**{"record": "in_sync", "theme": theme, "bypass_csp": True, **query})
        assert axe(opened) == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_no_state_speaks_english_or_cuts_a_text_in_another_language(
    stage: Stage, language: str
) -> None:
    opened = stage.open("in_sync", language=language, width=320)
    at = ("en", "fr", "de").index(language)
    for state, titles in TITLES.items():
        move_on(opened, state)
        expect(opened.widget.locator("h2").first).to_have_text(titles[at])
        assert english_left(opened, language) == [], state
        assert does_not_fit(opened) == {}, state
    assert opened.complaints == []
    assert opened.foreign == []


def entity(state: str) -> str:
    """The CRM module a state plays in."""
    return "Accounts" if state in {"ambiguous", "account", "customer"} else "Invoices"


def test_money_shows_total_paid_due_and_the_payments_beneath(stage: Stage) -> None:
    opened = stage.open("with_payments")
    amounts = opened.widget.get_by_label("Amounts")
    expect(amounts).to_contain_text("€12,480.00")
    expect(amounts).to_contain_text("€4,000.00")
    expect(amounts).to_contain_text("€8,480.00")
    expect(amounts).to_contain_text("Overdue since 2 Nov 2026")
    rows = opened.widget.get_by_label("Payments and credits").locator("li")
    expect(rows).to_have_text(
        ["12 Nov 2026 · Payment · BACS 118 €3,500.00", "15 Nov 2026 · Credit note €500.00"]
    )


def test_a_customer_shows_what_is_owed_by_currency_and_which_invoices_are_open(
    stage: Stage,
) -> None:
    opened = stage.open("customer", entity="Accounts")
    owed = opened.widget.get_by_label("What the customer owes")
    for text in ("£18,306.12", "£9,640.00", "€310.00", "Last payment: £4,000.00 on 12 Nov 2026"):
        expect(owed).to_contain_text(text)
    rows = opened.widget.get_by_label("Open invoices").locator("li")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Overdue since 2 Nov 2026")
    expect(owed).to_contain_text("and 4 more")
    rows.first.get_by_role("button", name="INV-2011").press("Enter")
    opened.page.wait_for_function(
        "() => window.asked.some((one) => one.data?.data?.RecordID === '7011')"
    )


PLAN = {
    "linked": True,
    "unread": [],
    "first": [],
    "directions": {
        "to_xero": {"xero": ["Due date", "Reference"], "zoho": [], "decide": []},
        "to_zoho": {"xero": [], "zoho": ["Due date"], "decide": []},
        "both": {"xero": ["Reference"], "zoho": ["Due date"], "decide": ["Terms"]},
    },
}


def test_what_a_click_will_write_is_said_before_it_is_pressed(stage: Stage) -> None:
    stage.fake.plan = PLAN
    opened = stage.open("in_sync")
    will = opened.widget.locator(".will")
    expect(will).to_have_text(
        "Send to Xero writes Due date and Reference to Xero. Get from Xero writes Due date to CRM."
    )
    opened.page.evaluate("() => window.pageLoad('1003')")
    expect(will).to_have_text(
        "Sync now writes Reference to Xero and Due date to CRM."
        " You decide Terms, changed on both sides."
    )
    stage.fake.plan = {**PLAN, "unread": ["xero", "zoho"]}
    opened.page.evaluate("() => window.pageLoad('1001')")
    expect(will).to_contain_text("A change was reported")


def test_what_must_go_first_is_named(stage: Stage) -> None:
    first = [{"module": "accounts", "zoho_id": "1", "label": "O’Neil & Co"}]
    stage.fake.plan = {"linked": False, "unread": [], "directions": {}, "first": first}
    opened = stage.open("not_linked")
    expect(opened.widget.locator(".will")).to_have_text("First go O’Neil & Co, then this record.")


def test_totals_that_differ_stand_side_by_side_with_what_is_between_them(stage: Stage) -> None:
    opened = stage.open("totals_differ")
    amounts = opened.widget.get_by_label("Amounts")
    for text in ("Total in CRM", "£87.75", "Total in Xero", "£87.74", "Apart", "£0.01"):
        expect(amounts).to_contain_text(text)


def test_an_unknown_total_is_a_dash_and_never_zero(stage: Stage) -> None:
    opened = stage.open("needs_attention")
    amounts = opened.widget.get_by_label("Amounts")
    expect(amounts).to_contain_text("US$9,204.00")
    expect(amounts).to_contain_text("–")
    expect(amounts).not_to_contain_text("0.00\n")


def test_cause_remedy_and_the_way_into_xero_are_there(stage: Stage) -> None:
    opened = stage.open("needs_attention")
    remedy = opened.widget.get_by_label("Cause and remedy")
    expect(remedy).to_contain_text("The currency USD is not enabled")
    expect(remedy).to_contain_text("Settings › Currencies")
    link = remedy.get_by_role("link", name="Open currencies in Xero")
    expect(link).to_have_attribute("href", "https://go.xero.com/Settings/Currencies")
    expect(opened.widget.locator(".primary")).to_have_count(1)


def test_the_xero_number_links_out_but_never_to_a_script(stage: Stage) -> None:
    good = stage.open("in_sync")
    link = good.widget.get_by_role("link", name="INV-2041")
    expect(link).to_have_attribute("href", states.XERO + "g-1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    evil = stage.open("hostile")
    expect(evil.widget.get_by_role("link")).to_have_count(0)
    expect(evil.widget.locator("img")).to_have_count(0)


def test_sending_shows_progress_and_then_the_result_in_words(stage: Stage) -> None:
    stage.fake.hold_requests = True
    opened = stage.open("not_linked")
    button = opened.widget.get_by_role("button", name="Send to Xero")
    expect(button).to_have_class("button primary")
    button.click()
    expect(opened.widget.locator("h2").first).to_have_text("Sending to Xero…")
    expect(opened.widget.get_by_role("button", name="Send to Xero")).to_be_disabled()
    stage.fake.hold_requests = False
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    expect(opened.widget.locator(".toast")).to_contain_text("INV-2060 is now in Xero.")
    posted = [call for call in stage.fake.calls if call[0] == "POST"]
    assert posted == [("POST", "/api/records/invoices/1011/sync", {"direction": "to_xero"})]


def test_getting_asks_for_the_other_direction(stage: Stage) -> None:
    opened = stage.open("in_sync")
    opened.widget.get_by_role("button", name="Get from Xero").click()
    expect(opened.widget.locator(".toast")).to_contain_text("INV-2041 is now as in Xero.")
    assert ("POST", "/api/records/invoices/1001/sync", {"direction": "to_zoho"}) in stage.fake.calls


def test_a_failing_click_stays_on_the_page_with_its_request_number(stage: Stage) -> None:
    stage.fake.fail_next.append(503)
    opened = stage.open("in_sync")
    opened.widget.get_by_role("button", name="Send to Xero").click()
    alert = opened.widget.get_by_role("alert")
    expect(alert).to_contain_text("The queue is full.")
    expect(alert).to_contain_text("Code 503, request 7F3A-19C2.")
    expect(opened.widget.get_by_label("Amounts")).to_contain_text("€8,480.00")


def test_a_conflict_is_settled_with_the_mouse(stage: Stage) -> None:
    opened = stage.open("conflict")
    widget = opened.widget
    expect(widget.locator("input:checked")).to_have_count(0)
    apply = widget.locator("button[type=submit]")
    expect(apply).to_be_disabled()
    expect(widget.get_by_text("Nothing has been written yet.")).to_be_visible()
    widget.get_by_role("radio", name="15 Dec 2026").check()
    expect(apply).to_have_text("Apply 1 choice")
    widget.get_by_role("radio", name="PO 7731-2").check()
    expect(apply).to_have_text("Apply 2 choices")
    expect(widget.get_by_text("Writes Due date to Xero and Reference to CRM.")).to_be_visible()
    widget.get_by_label("Always decide these fields this way for Invoices").check()
    apply.click()
    expect(widget.locator("h2").first).to_have_text("In sync")
    sent = {"choices": {"due_date": "zoho", "reference": "xero"}, "remember": True}
    assert ("POST", "/api/records/invoices/1005/resolve", sent) in stage.fake.calls


def test_a_conflict_is_settled_with_the_keyboard_alone(stage: Stage) -> None:
    opened = stage.open("conflict")
    keys = opened.page.keyboard
    opened.widget.locator("input[type=radio]").first.focus()
    for key in ("c", "j", "x", "k", "x", "j"):
        keys.press(key)
    expect(opened.widget.locator("input:checked")).to_have_count(2)
    keys.press("Enter")
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    sent = {"choices": {"due_date": "xero", "reference": "xero"}, "remember": False}
    assert ("POST", "/api/records/invoices/1005/resolve", sent) in stage.fake.calls


def test_the_keys_do_nothing_outside_the_conflict(stage: Stage) -> None:
    opened = stage.open("conflict")
    for key in ("c", "x", "Enter"):
        opened.page.keyboard.press(key)
    expect(opened.widget.locator("input:checked")).to_have_count(0)
    assert not [call for call in stage.fake.calls if call[0] == "POST"]


def test_changed_characters_are_underlined_not_only_coloured(stage: Stage) -> None:
    opened = stage.open("conflict")
    expect(opened.widget.locator("ins")).to_have_text(["rev. B", "-2"])
    line = opened.widget.locator("ins").first.evaluate(
        "node => getComputedStyle(node).textDecorationLine"
    )
    assert line == "underline"


def test_an_ambiguous_account_is_linked_by_a_person(stage: Stage) -> None:
    opened = stage.open("ambiguous", entity="Accounts")
    expect(opened.widget.get_by_text("Which contact is Whitby Marine Supplies?")).to_be_visible()
    opened.widget.get_by_role("button", name="Link to this contact").first.click()
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    assert ("POST", "/api/records/accounts/1008/link", {"xero_id": "c-1"}) in stage.fake.calls


def test_history_opens_to_the_field_changes(stage: Stage) -> None:
    opened = stage.open("with_payments")
    history = opened.widget.get_by_role("region", name="History")
    expect(history.locator("li")).to_have_count(3)
    history.get_by_role("button", name="Show 2 more").click()
    expect(history.locator("li")).to_have_count(5)
    history.locator("summary").first.press("Enter")
    expect(history.locator("del").first).to_have_text("PO 7731")
    expect(history.locator("ins").first).to_have_text("PO 7731-2")
    expect(history.locator("del").nth(1)).to_have_text("(empty)")
    expect(history.locator("li").first).to_contain_text("Xero to CRM:")


def test_only_an_administrator_is_offered_to_reconnect(stage: Stage) -> None:
    boss = stage.open("disconnected")
    expect(boss.widget.get_by_role("button", name="Reconnect Xero")).to_be_visible()
    expect(
        boss.widget.get_by_text("Nothing is lost: 3 changes to this record wait.")
    ).to_be_visible()
    expect(boss.widget.get_by_text("Sync paused")).to_be_visible()
    boss.page.route("**/api/connections", lambda route: route.fulfill(status=502))
    boss.page.reload()
    expect(boss.widget.get_by_role("heading", name="Xero is disconnected")).to_be_visible()
    expect(boss.widget.get_by_role("button", name="Reconnect Xero")).to_have_count(0)
    stage.fake.admin = False
    clerk = stage.open("disconnected")
    expect(clerk.widget.get_by_text("Ask an administrator of your CRM")).to_be_visible()
    expect(clerk.widget.get_by_role("button", name="Reconnect Xero")).to_have_count(0)


def test_a_skeleton_stands_for_a_slow_record(stage: Stage) -> None:
    opened = stage.open("2002", wait=False)
    expect(opened.widget.locator(".ghost")).to_be_visible(timeout=8000)
    expect(opened.widget.locator("h2").first).to_have_text("In sync")
    expect(opened.widget.locator(".ghost")).to_have_count(0)


@pytest.mark.parametrize(
    ("sdk", "theme", "shown"),
    [
        ("1.4", "dark", "dark"),
        ("1.4", "light", "light"),
        ("1.2", "dark", "light"),
        ("1.2", "light", "light"),
    ],
)
def test_dark_and_light_follow_the_host_as_far_as_its_sdk_can_say(
    stage: Stage, sdk: str, theme: str, shown: str
) -> None:
    colour = {"dark": "rgb(25, 31, 39)", "light": "rgb(255, 255, 255)"}[shown]
    for system in ("dark", "light"):
        opened = stage.open("in_sync", theme=theme, sdk=sdk, system=system)  # type: ignore[arg-type]
        found = opened.widget.locator(".panel").evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        assert found == colour


def test_a_quote_in_conflict_tells_its_total_for_nothing_is_due(stage: Stage) -> None:
    document = states.conflict("en")
    document["money"] |= {"due": None, "paid": None, "total": "3915.60"}
    stage.fake.records["1002"] = document
    line = stage.open("1002").widget.locator(".agreeline")
    expect(line).to_contain_text("Amounts agree")
    expect(line.locator(".figure")).to_have_text("£3,915.60")


def test_the_same_figure_in_two_currencies_is_not_the_same_sum(stage: Stage) -> None:
    document = states.in_sync("en")
    document["zoho"] |= {"currency": "USD", "total": "12480.00"}
    stage.fake.records["1001"] = document
    sums = stage.open("1001").widget.locator(".triple")
    expect(sums).to_contain_text("US$12,480.00")
    expect(sums).to_contain_text("€12,480.00")


def test_a_task_without_a_known_owner_is_told_all_the_same(stage: Stage) -> None:
    document = states.needs_attention("en") | {"task": {"id": "9001", "owner": None}}
    stage.fake.records["1006"] = document
    expect(stage.open("1006").widget.get_by_text("A CRM task is open.")).to_be_visible()


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("de", "de_CH")])
def test_an_amount_of_any_length_stands_on_one_line(
    stage: Stage, language: str, locale: str
) -> None:
    owed = {"currency": "CHF", "balance": "98765432109876543.21", "overdue": "98765432109876543.21"}
    customer = states.customer(language)
    customer["account"]["currencies"] = [owed | {"documents": 1}]
    differing = states.hostile(language) | {"zoho_id": "3002"}
    differing["zoho"]["total"] = "98765432109876543.22"
    stage.fake.records |= {"3001": customer | {"zoho_id": "3001"}, "3002": differing}
    for record in ("hostile", "3001", "3002"):
        opened = stage.open(record, language=locale, width=320)
        for width in (320, 480, 640, 720):
            opened.page.set_viewport_size({"width": width, "height": 900})
            assert broken_words(opened, ".sum dd") == [], (record, width)
            assert does_not_fit(opened) == {}, (record, width)


def test_the_whole_history_can_be_read_where_it_stands(stage: Stage) -> None:
    document = states.answer("1001", "en")
    usual = document["history"][0]
    document["history"] = [{**usual, "id": str(40 - n)} for n in range(10)]
    stage.fake.records["1001"] = document
    stage.fake.log_rows = [{**usual, "id": str(30 - n), "module": "invoices"} for n in range(3)]
    opened = stage.open("1001")
    opened.page.route(
        "**/api/log?*",
        lambda route: route.fulfill(json={"rows": stage.fake.log_rows, "cursor": None}),
    )
    opened.widget.get_by_role("button", name="Show 7 more").click()
    opened.widget.get_by_role("button", name="Show earlier").click()
    expect(opened.widget.locator(".history > li")).to_have_count(13)
    expect(opened.widget.get_by_role("button", name="Show earlier")).to_have_count(0)
