"""Log and inboxes of the settings page by mouse and keyboard, and every view in every dress."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, expect

from tests.e2e import settings_states as told
from tests.e2e.conftest import Opened, Stage
from tests.e2e.looks import axe, does_not_fit, english_left
from tests.e2e.reader import Reader, in_every_language
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
VIEWS = (
    "guide", "modules", "modules/invoices", "log/10", "conflicts", "attention", "health",
    "connection", "preview/preview", "preview", "mapping/invoices", "maps", "notices", "configuration",
)  # fmt: skip
DRESS = "theme => { document.documentElement.dataset.theme = theme; }"
FITS = """() => {
  const page = document.documentElement;
  const cut = [...document.querySelectorAll(".main .figure, .main .button, .main select")].filter(
    (node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".scroll"));
  return { over: page.scrollWidth - innerWidth, cut: cut.map((node) => node.textContent.slice(0, 60)) };
}"""


def test_the_log_is_filtered_searched_opened_and_tried_again_by_keyboard(stage: Stage) -> None:
    opened = settings(stage, "log")
    widget = opened.widget
    first = widget.get_by_role("button", name="INV-2041")
    first.focus()
    first.press("ArrowDown")
    expect(widget.get_by_role("button", name="PROD-311")).to_be_focused()
    widget.get_by_role("button", name="PROD-311").press("ArrowDown")
    opened.page.keyboard.press("Enter")
    detail = widget.locator(".log-detail")
    expect(detail.get_by_role("heading", level=2)).to_be_focused()
    expect(detail).to_contain_text("Xero rounds tax on each line, CRM on the whole.")
    expect(detail.get_by_role("row", name="Tax")).to_contain_text("NZ$11.44")
    expect(detail).to_contain_text("Ana Whitfield clicked")
    opened.page.keyboard.press("Escape")
    expect(widget.get_by_role("button", name="INV-2063")).to_be_focused()
    widget.get_by_role("button", name="Failed 3").click()
    expect(widget.locator(".log-row")).to_have_count(1)
    widget.locator(".log-row").click()
    widget.get_by_role("button", name="Retry all with this cause").click()
    expect(widget.locator(".toast")).to_contain_text("4 records are tried again.")
    assert ("POST", "/api/retry", {"message_key": "currency_not_enabled"}) in stage.fake.calls
    widget.get_by_role("button", name="All", exact=True).click()
    widget.get_by_label("Search the log").fill("whitby")
    expect(widget.locator(".log-row")).to_have_count(2)
    with opened.page.expect_download() as waiting:
        widget.get_by_role("button", name="Export CSV").click()
    assert waiting.value.suggested_filename == "log.csv"
    saved = Path(waiting.value.path()).read_bytes()
    assert saved.startswith("\ufeffat,module".encode()), "Excel would not read its umlauts"


def test_five_thousand_log_rows_stay_fluid(stage: Stage) -> None:
    stage.fake.log_rows = told.many_log_rows(5000)
    opened = settings(stage, "log?days=400")
    opened.widget.locator(".log-row").first.wait_for()
    measured = opened.frame().evaluate("""async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      while (document.querySelector(".log-end button")) {
        window.scrollTo(0, document.documentElement.scrollHeight);
        await new Promise((done) => setTimeout(done, 60));
      }
      const before = performance.now();
      window.scrollTo(0, 0);
      await frame();
      await frame();
      return { back: performance.now() - before, rows: document.querySelectorAll(".log-row").length,
               height: document.documentElement.scrollHeight };
    }""")
    assert measured["height"] > 5000 * 40, measured
    assert measured["rows"] < 400, measured
    assert measured["back"] < 500, measured


def test_conflicts_are_settled_with_the_keyboard_alone(stage: Stage) -> None:
    opened = settings(stage, "conflicts")
    widget, keys = opened.widget, opened.page.keyboard
    card = widget.locator(".inbox-card")
    expect(card.get_by_role("button", name="Choose a value first")).to_be_disabled()
    expect(card.locator("input:checked")).to_have_count(0)
    card.get_by_role("radio").first.focus()
    keys.press("j")
    expect(card.get_by_role("heading", level=2)).to_contain_text("Pōhutukawa Hotels Ltd")
    expect(card.get_by_role("heading", level=2)).to_be_focused()
    keys.press("k")
    expect(card.get_by_role("heading", level=2)).to_contain_text("INV-2038")
    keys.press("c")
    keys.press("x")
    expect(card.locator("input:checked")).to_have_count(2)
    expect(card.locator(".card-foot")).to_contain_text(
        "Writes Due date to Xero and Reference to CRM."
    )
    keys.press("Enter")
    expect(widget.locator(".toast")).to_contain_text("INV-2038 Kestrel & Wren Ltd is being settled")
    expect(card.get_by_role("heading", level=2)).to_contain_text("Pōhutukawa Hotels Ltd")
    sent = {"choices": {"due_date": "zoho", "reference": "xero"}, "remember": False}
    assert ("POST", "/api/records/invoices/71/resolve", sent) in stage.fake.calls


def test_a_partner_is_chosen_by_evidence_or_found_by_hand(stage: Stage) -> None:
    opened = settings(stage, "attention")
    widget = opened.widget
    card = widget.locator(".inbox-card")
    expect(card).to_contain_text("Which contact is Whitby Marine Supplies?")
    expect(card).to_contain_text("Same: VAT number")
    expect(card).to_contain_text("Other: E-mail, ap@whitbymarine.example")
    expect(card.locator(".button.primary")).to_have_count(1)
    card.get_by_role("button", name="Search in Xero").click()
    card.get_by_label("Search in Xero").fill("whitby")
    found = card.locator(".found").get_by_role("button", name="Link")
    expect(found).to_be_visible()
    card.get_by_role("button", name="Link to this contact").click()
    expect(widget.locator(".toast")).to_contain_text("Whitby Marine Supplies is being settled.")
    sent = {"action": "link", "xero_id": "x-1"}
    assert ("POST", "/api/attention/a1", sent) in stage.fake.calls
    go(opened, "attention/a4")
    expect(card).to_contain_text("Deleted in CRM, edited in Xero.")
    card.get_by_role("button", name="Delete on the other side too").click()
    expect(card.get_by_role("alert")).to_contain_text("The record on the other side is deleted")
    assert not [call for call in stage.fake.calls if call[1] == "/api/attention/a4"]
    card.get_by_role("button", name="Yes, do it").click()
    expect(widget.locator(".toast")).to_contain_text("INV-2011 Müller & Söhne GmbH")
    assert ("POST", "/api/attention/a4", {"action": "delete"}) in stage.fake.calls


@in_every_language
def test_a_record_somebody_else_has_settled_gets_no_second_answer(
    stage: Stage, reader: Reader
) -> None:
    opened = settings(stage, "attention/a1", language=reader.language)
    card = opened.widget.locator(".inbox-card")
    reader.button(card, "Never sync this record").wait_for()
    label = opened.widget.locator(".inbox-row[aria-current] strong").inner_text()
    stage.fake.decided.add("a1")
    for words in ("Never sync this record", "Yes, do it"):
        reader.click(card, words)
    told = "{label} was settled meanwhile by somebody else. Nothing was sent."
    reader.toast(opened, told, label=label)
    expect(opened.widget.locator(".inbox-row").filter(has_text=label)).to_have_count(0)
    sent = [call[1] for call in stage.fake.calls if call[0] == "POST" and "a1" in call[1]]
    assert sent == ["/api/attention/a1"]


def test_on_a_narrow_page_the_list_leads_to_the_card_and_back(stage: Stage) -> None:
    opened = settings(stage, "conflicts", width=320)
    widget = opened.widget
    expect(widget.get_by_label("Go to")).to_have_value("conflicts")
    widget.get_by_role("link", name="PROD-204").click()
    expect(widget.locator(".inbox-card")).to_contain_text("39.00")
    expect(widget.locator(".inbox-list")).to_have_count(0)
    widget.get_by_role("link", name="Back to the list").click()
    expect(widget.locator(".inbox-row")).to_have_count(4)
    widget.get_by_label("Go to").select_option("health")
    expect(widget.get_by_role("heading", name="Health")).to_be_focused()


def test_a_backend_that_lacks_an_address_leaves_a_page_that_says_so(stage: Stage) -> None:
    stage.fake.missing = {"/api/attention", "/api/modules", "/api/audit", "/api/preflight"}
    opened = settings(stage, "attention")
    says = "This version of the sync service does not offer this"
    expect(opened.widget.get_by_text(says)).to_be_visible()
    go(opened, "modules")
    expect(opened.widget.get_by_role("switch", name="Invoices: On")).to_be_visible()
    go(opened, "health")
    expect(opened.widget.get_by_role("heading", name="API budget")).to_be_visible()


@pytest.mark.parametrize(("proven", "calls"), [(True, "296"), (False, "896")])
def test_the_health_page_says_what_a_day_without_changes_costs_as_webhooks_stand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, proven: bool, calls: str
) -> None:
    document = told.health_more()
    document["webhooks"]["proven"] = proven
    monkeypatch.setattr(told, "health_more", lambda: document)
    opened = settings(stage, "health")
    says = f"About {calls} calls a day while nothing changes."
    expect(opened.widget.get_by_text(says)).to_be_visible()


def test_a_slow_backend_shows_the_shape_first_and_a_failing_one_says_so(stage: Stage) -> None:
    stage.fake.fail = {"/api/log": 503}
    opened = settings(stage, "log")
    expect(opened.widget.get_by_text("This did not load")).to_be_visible()
    expect(opened.widget.get_by_text("Code 503, request 7F3A-19C2.")).to_be_visible()
    stage.fake.fail = {}
    stage.fake.slow = 1.2
    opened.widget.get_by_role("button", name="Load again").click()
    expect(opened.widget.locator(".bones")).to_be_visible()
    expect(opened.widget.locator(".log-row").first).to_be_visible()


@pytest.mark.parametrize(
    ("language", "theme", "widths"),
    [("en", "light", (1280, 360)), ("en", "dark", (1280,)), ("fr", "light", (640,)), ("de", "dark", (320,))],
)  # fmt: skip
def test_axe_finds_nothing_in_any_view(
    stage: Stage, language: str, theme: str, widths: tuple[int, ...]
) -> None:
    stage.fake.accepted = True
    opened = settings(stage, "guide", language=language, theme=theme, bypass_csp=True)
    for width in widths:
        opened.page.set_viewport_size({"width": width, "height": 900})
        for view in VIEWS:
            show(opened, view)
            found = axe(opened)
            assert found == [], (view, width, json.dumps(found, indent=1))
    assert opened.complaints == []
    assert opened.foreign == []


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_view_fits_and_speaks_one_language(stage: Stage, language: str) -> None:
    opened = settings(stage, "guide", language=language, width=320)
    for width in (320, 1280):
        opened.page.set_viewport_size({"width": width, "height": 900})
        for view in VIEWS:
            show(opened, view)
            assert does_not_fit(opened) == {}, (view, width)
            assert english_left(opened, language) == [], view
    assert opened.complaints == []
    assert opened.foreign == []


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_long_names_fit_in_every_view_from_320_pixels_on(stage: Stage, language: str) -> None:
    name = "Société Générale d’Import-Export مؤسسة " * 9
    stage.fake.org_name = name[:300]
    stage.fake.log_rows = [
        told.log_row(10, "2026-11-23T12:00:00Z", name[:300], "to_xero", status="failed"),
        *told.many_log_rows(3),
    ]
    opened = settings(stage, "guide", language=language, width=320)
    for width in (320, 640, 960, 1280, 1920) if language == "en" else (320, 960, 1280):
        opened.page.set_viewport_size({"width": width, "height": 900})
        for view in VIEWS:
            show(opened, view)
            measured = opened.frame().evaluate(FITS)
            assert measured["over"] <= 0, (view, width, measured)
            assert measured["cut"] == [], (view, width, measured)
    assert opened.complaints == []


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_the_filters_of_the_log_end_at_both_edges(stage: Stage, language: str) -> None:
    opened = settings(stage, "log", language=language, width=1280)
    show(opened, "log")
    row = box_of(opened, ".filters")
    search, result, time = (
        box_of(opened, f".filters {one}")
        for one in (".search", ".chips", ".filters-rest > .select")
    )
    assert abs(search["x"] - row["x"]) < 1
    assert abs(time["x"] + time["width"] - row["x"] - row["width"]) < 1
    assert abs(middle(time) - middle(result)) < 1
    below = result["y"] > search["y"] + search["height"]
    assert not below or abs(result["x"] - row["x"]) < 1


def box_of(opened: Opened, selector: str) -> FloatRect:
    """Where something stands."""
    box = opened.widget.locator(selector).first.bounding_box()
    assert box
    return box


def middle(box: FloatRect) -> float:
    """The height its middle is at."""
    return box["y"] + box["height"] / 2


def show(opened: Opened, view: str) -> None:
    """Move to a view and wait until nothing of it is loading."""
    go(opened, view)
    opened.frame().wait_for_function(
        "view => location.hash === view && document.querySelector('.main h1')"
        " && !document.querySelector('.bones') && !document.querySelector('.main > .unseen')",
        arg=f"#/{view}",
    )
