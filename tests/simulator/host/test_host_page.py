"""The page that plays CRM speaks the recorded messages and lets a person work with records."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from simulator.server import Running, serve
from simulator.switches import Switches
from simulator.world import Urls, World
from simulator.zoho.app import create_app

pytestmark = pytest.mark.browser

WIDGET = """<!doctype html><title>w</title><h1>Widget</h1>
<button id="close">Close me</button><button id="open">Open record</button>
<pre id="said"></pre><script src="{sdk}"></script><script>
const said = {{}}; const show = () => {{ document.getElementById("said").textContent = JSON.stringify(said); }};
const {{ embeddedApp, CRM }} = window.ZOHO;
embeddedApp.on("PageLoad", async (data) => {{
  said.page = data;
  said.user = (await CRM.CONFIG.getCurrentUser()).users[0].locale;
  said.org = (await CRM.CONFIG.getOrgInfo()).org[0].zgid;
  said.theme = CRM.CONFIG.getUserPreference ? (await CRM.CONFIG.getUserPreference()).theme : null;
  const id = Array.isArray(data.EntityId) ? data.EntityId[0] : data.EntityId;
  if (id) said.record = (await CRM.API.getRecord({{ Entity: data.Entity, RecordID: id }})).data[0].Subject;
  await CRM.UI.Resize({{ width: "500", height: "333" }});
  document.getElementById("close").onclick = () => CRM.UI.Popup.closeReload();
  document.getElementById("open").onclick = () => CRM.UI.Record.open({{ Entity: "Accounts", RecordID: said.account }});
  show();
}});
embeddedApp.init().then((value) => {{ said.ready = value; show(); }});
</script>"""
RECORDER = """window.heard = [];
window.addEventListener("message", (event) => window.heard.push(event.data), true);"""


class Stage:
    """Both servers, their world, and a page of the browser."""

    def __init__(self, world: World, zoho: Running, page: Page, sdk: dict[str, str]) -> None:
        self.world = world
        self.zoho = zoho
        self.page = page
        self.sdk = sdk

    def go(self, place: str, query: str = "") -> None:
        """Open a place of the page that plays CRM."""
        self.page.goto(f"{self.zoho.url}/host/{query}#/{place}")

    def widget(self, where: str) -> dict[str, Any]:
        """What the widget in this part of the page has learnt."""
        frame = self.page.frame_locator(f"{where} iframe")
        told = frame.locator("#said")
        expect(told).to_contain_text('"theme"', timeout=10_000)
        return dict(json.loads(told.inner_text()))


def widget_app(zoho_url: str, sdk: dict[str, str]) -> Any:
    """A WSGI application that serves a widget."""
    address = f"{zoho_url}/host/sdk/ZohoEmbededAppSDK.js"

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [WIDGET.format(sdk=address + sdk["query"]).encode()]

    return app


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """A small company, the page, and a widget from another origin."""
    holder: dict[str, Any] = {}

    def late(environ: Any, start_response: Any) -> Any:
        return holder["app"](environ, start_response)

    zoho, sdk = serve(late), {"query": ""}
    widget = serve(widget_app(zoho.url, sdk))
    world = World(switches=Switches(), urls=Urls(widget=widget.url, zoho_host=zoho.url))
    holder["app"] = create_app(world)
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.add_init_script(RECORDER)
    yield Stage(world, zoho, page, sdk)
    page.close()
    widget.stop()
    zoho.stop()
    assert troubles == []


@pytest.fixture
def invoice(stage: Stage) -> str:
    """One invoice of one account with one product."""
    zoho = stage.world.zoho
    account = zoho.create("Accounts", {"Account_Name": "O'Neil & Co <b>"})
    product = zoho.create("Products", {"Product_Name": "Riesling", "Unit_Price": 12})
    line = {
        "Product_Name": {"id": product},
        "Quantity": 2,
        "Line_Tax": [{"name": "VAT", "percentage": 20}],
    }
    values = {"Subject": "Order 1", "Account_Name": {"id": account}, "Invoiced_Items": [line]}
    return zoho.create("Invoices", values)


def test_the_widget_learns_record_person_and_organisation(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}", "?user=luc&theme=dark")
    told = stage.widget("#related")
    assert told == {
        "page": {"Entity": "Invoices", "EntityId": [invoice], "ButtonPosition": "RelatedList"},
        "ready": True,
        "user": "fr_FR",
        "org": stage.world.zoho.org.zgid,
        "theme": None,
        "record": "Order 1",
    }
    expect(stage.page.locator("#related iframe")).to_have_attribute("height", "333")


def test_from_sdk_1_4_on_the_widget_learns_the_theme(stage: Stage, invoice: str) -> None:
    stage.sdk["query"] = "?version=1.4"
    stage.go(f"Invoices/{invoice}", "?user=luc&theme=dark")
    assert stage.widget("#related")["theme"] == "night"


def test_the_button_opens_a_popup_that_closes_and_reloads(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}")
    stage.page.click("#xero-button")
    told = stage.widget("#popup")
    assert told["page"] == {
        "Entity": "Invoices",
        "EntityId": invoice,
        "ButtonPosition": "DetailView",
    }
    stage.world.zoho.edit("Invoices", invoice, {"Subject": "Order 2"})
    stage.page.frame_locator("#popup iframe").locator("#close").click()
    expect(stage.page.locator("#popup")).to_be_hidden()
    expect(stage.page.locator("h1")).to_have_text("Order 2")


def test_chosen_records_of_a_list_are_given_as_an_array(stage: Stage, invoice: str) -> None:
    stage.go("Invoices")
    stage.page.locator("tbody input[type=checkbox]").first.check()
    stage.page.click("text=Sync 1 with Xero")
    assert stage.widget("#popup")["page"]["EntityId"] == [invoice]


def test_settings_and_dashboard_are_tabs(stage: Stage) -> None:
    for place in ("settings", "dashboard"):
        stage.go(place)
        frame = stage.page.locator(".tab iframe")
        expect(frame).to_have_attribute(
            "src",
            f"{stage.world.urls.widget}/widget/{place}.html"
            f"?serviceOrigin={stage.zoho.url.replace(':', '%3A').replace('/', '%2F')}",
        )


def test_the_page_speaks_the_language_of_whoever_is_signed_in(stage: Stage, invoice: str) -> None:
    page = stage.page
    users = {one.locale[:2]: one.id for one in stage.world.zoho.org.users}
    stage.go(f"Invoices/{invoice}", f"?user={users['fr']}")
    modules = page.get_by_role("navigation", name="Modules")
    expect(modules.get_by_role("link")).to_contain_text(["Comptes", "Contacts", "Articles"])
    expect(page.get_by_role("heading", name="Informations")).to_be_visible()
    expect(page.locator(".totals")).to_contain_text("Sous-total")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.locator("#user").select_option(users["de"])
    expect(page.get_by_role("button", name="Bearbeiten")).to_be_visible()
    expect(page.locator("#theme")).to_have_text("Dunkel")
    stage.go("Invoices")
    expect(page.get_by_role("link", name="Neue Rechnung")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Fällig am")).to_be_visible()
    page.locator("#user").select_option(users["en"])
    expect(page.get_by_role("link", name="New invoice")).to_be_visible()


def test_the_messages_are_the_recorded_ones(
    stage: Stage, invoice: str, shared_dir: Path | None
) -> None:
    stage.go(f"Invoices/{invoice}")
    stage.widget("#related")
    heard = [one for one in stage.page.evaluate("window.heard") if one.get("type") == "SDK.EVENT"]
    names = [one["eventName"] for one in heard]
    assert names[:2] == ["REGISTER", "ZDK_EVENT"]
    assert heard[1]["data"] == {"action": "get_zdk_url"}
    calls = [one["data"] for one in heard if one["eventName"] == "CRM_EVENT"]
    recorded = recorded_calls(shared_dir)
    recorded["API.getRecord"]["APIData"]["RecordID"] = invoice
    recorded["UI.Resize"]["data"] = {"width": "500", "height": "333"}
    for name in ("CONFIG.getCurrentUser", "CONFIG.getOrgInfo", "API.getRecord", "UI.Resize"):
        assert recorded[name] in calls
    assert set(heard[-1]) >= {"type", "eventName", "uniqueID", "time", "promiseid", "data"}


def recorded_calls(shared_dir: Path | None) -> dict[str, Any]:
    """The recorded calls; where the recording is absent, the four this test looks at."""
    file = shared_dir / "contracts/zoho/facts/sdk-messages.json" if shared_dir else None
    if file is not None and file.is_file():
        return dict(json.loads(file.read_text(encoding="utf-8"))["calls"])
    return {
        "CONFIG.getCurrentUser": {"category": "CONFIG", "type": "CURRENT_USER", "sdkVersion": "1"},
        "CONFIG.getOrgInfo": {"category": "CONFIG", "type": "ORG", "sdkVersion": "1"},
        "API.getRecord": {"category": "READ", "APIData": {"Entity": "Invoices"}, "sdkVersion": "1"},
        "UI.Resize": {"action": "RESIZE", "category": "UI", "sdkVersion": "1"},
    }


def test_a_person_edits_a_record_in_place(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}")
    expect(stage.page.locator("dl.totals .grand.num")).to_have_text("£28.80")
    stage.page.click("text=Edit")
    stage.page.fill("#field-Subject", "Ordre été")
    stage.page.fill("#field-Adjustment", "-0.30")
    stage.page.select_option("#field-Status", "Approved")
    stage.page.click("button:has-text('Save')")
    expect(stage.page.locator("h1")).to_have_text("Ordre été")
    expect(stage.page.locator("dl.totals .grand.num")).to_have_text("£28.50")
    shown = stage.world.zoho.read("Invoices", invoice)
    assert (shown["Status"], shown["Subject"]) == ("Approved", "Ordre été")


def test_what_crm_refuses_is_said_in_the_form(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}")
    stage.page.click("text=Edit")
    stage.page.fill("#field-Subject", "")
    stage.page.click("button:has-text('Save')")
    expect(stage.page.locator(".wrong")).to_have_text("required field not found (Subject)")


def test_a_new_invoice_of_a_new_account_is_written(stage: Stage, invoice: str) -> None:
    del invoice
    stage.go("Invoices/new")
    stage.page.fill("#field-account", "Brand New Bistro")
    stage.page.fill("#field-Subject", "First order")
    stage.page.fill("input[aria-label=Product]", "Riesling")
    stage.page.fill("input[aria-label=Quantity]", "3")
    expect(stage.page.locator("input[aria-label=Price]")).to_have_value("12")
    stage.page.click("button:has-text('Save')")
    expect(stage.page.locator("h1")).to_have_text("First order")
    expect(stage.page.locator("dl.totals .grand.num")).to_have_text("£43.20")
    assert stage.world.zoho.find("Accounts", Account_Name="Brand New Bistro")


def test_names_are_shown_as_text_never_as_markup(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}")
    expect(stage.page.locator("[data-field=Account_Name]")).to_have_text("O'Neil & Co <b>")


def test_a_message_from_elsewhere_is_not_answered(stage: Stage, invoice: str) -> None:
    stage.go(f"Invoices/{invoice}")
    stage.widget("#related")
    stage.page.evaluate(
        """() => window.postMessage({type: "SDK.EVENT", eventName: "CRM_EVENT", promiseid: "x",
        data: {category: "UI", action: {record: "OPEN"}, data: {Entity: "Tasks", RecordID: "1"}}})"""
    )
    stage.page.wait_for_timeout(200)
    expect(stage.page.locator("h1")).to_have_text("Order 1")


def test_everything_on_a_page_of_a_list_is_chosen_at_once(stage: Stage) -> None:
    made = [stage.world.zoho.create("Accounts", {"Account_Name": f"Bar {n}"}) for n in range(3)]
    stage.go("Accounts")
    every = stage.page.get_by_label("Choose all")
    every.check()
    stage.page.get_by_label("Choose Bar 1").uncheck()
    expect(stage.page.locator("button:has-text('Sync 2 with Xero')")).to_be_enabled()
    every.check()
    stage.page.click("text=Sync 3 with Xero")
    assert sorted(stage.widget("#popup")["page"]["EntityId"]) == sorted(made)


def test_a_record_lists_what_belongs_to_it(stage: Stage, invoice: str) -> None:
    account = stage.world.zoho.read("Invoices", invoice)["Account_Name"]["id"]
    stage.go(f"Accounts/{account}")
    listed = stage.page.locator("section:has(h2:has-text('Invoices'))")
    expect(listed.get_by_role("link", name="Order 1")).to_be_visible()
    expect(stage.page.locator("h2:has-text('Quotes')")).to_have_count(0)


@pytest.mark.parametrize(
    ("module", "partner", "field"),
    [("Quotes", "account", "Account_Name"), ("Purchase_Orders", "vendor", "Vendor_Name")],
)
def test_quotes_and_orders_are_written_too(
    stage: Stage, invoice: str, module: str, partner: str, field: str
) -> None:
    del invoice
    stage.go(f"{module}/new")
    stage.page.fill(f"#field-{partner}", "Quayside Larder")
    stage.page.fill("#field-Subject", "Spring list")
    stage.page.fill("input[aria-label=Product]", "Riesling")
    stage.page.fill("input[aria-label=Quantity]", "2")
    stage.page.click("button:has-text('Save')")
    expect(stage.page.locator("h1")).to_have_text("Spring list")
    [made] = stage.world.zoho.find(module, Subject="Spring list")
    assert stage.world.zoho.read(module, made)[field]["name"] == "Quayside Larder"


def test_lists_and_records_fit_a_telephone(stage: Stage, invoice: str) -> None:
    stage.page.set_viewport_size({"width": 390, "height": 800})
    for place in ("Invoices", f"Invoices/{invoice}", "Accounts", "Invoices/new", "dashboard"):
        stage.go(place)
        expect(stage.page.locator("h1")).to_be_visible()
        wide = stage.page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 390, place
