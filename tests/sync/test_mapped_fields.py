"""Fields an administrator maps, through the whole loop: they cross, they are held with a word where
they do not fit, and switches that are turned on again never flood."""

from decimal import Decimal
from typing import Any

from backend.core.spec import Side
from backend.store.tables import Mapping, ModuleState, Organisation
from backend.sync import backlog, bulk
from backend.sync.facts import refresh
from backend.sync.mapped import offers_of
from backend.sync.turn import build
from simulator.zoho.metadata import create_field
from tests.sync.bridge import Bridge


def field(bridge: Bridge, label: str, data_type: str, module: str = "Accounts", **more: Any) -> str:
    """A custom field somebody adds in CRM, known to the product at once; its API name."""
    zoho = bridge.world.zoho
    given = {"field_label": label, "data_type": data_type, **more}
    made = create_field(zoho, zoho.modules[module], given, path="$.fields[0]")
    turn = build(bridge.sync, bridge.org_id, fence=-1)
    refresh(bridge.sync, bridge.org_id, turn.clients(0), force=True)
    return made.api_name


def choices(*words: str) -> list[dict[str, str]]:
    """Words of a list as CRM's settings API takes them."""
    return [{"display_value": word, "actual_value": word} for word in words]


def mapped(bridge: Bridge, module: str, *rows: dict[str, Any]) -> None:
    """Save rows as the newest version."""
    with bridge.sync.database.begin() as session:
        version = session.query(Mapping).filter_by(module=module).count() + 1
        held = [
            {"flow": "both", "on": "always", "owner": "none", "name": f"x{n}", **row}
            for n, row in enumerate(rows)
        ]
        session.add(Mapping(org_id=bridge.org_id, module=module, version=version, rows=held))


def test_custom_fields_of_every_kind_cross_both_ways(bridge: Bridge) -> None:
    vat = field(bridge, "VAT number", "text")
    level = field(bridge, "Level", "picklist", pick_list_values=choices("Gold", "Silver"))
    terms = field(bridge, "Payment terms", "picklist", pick_list_values=choices("Net 30", "Net 7"))
    mapped(
        bridge, "accounts",
        {"zoho": vat, "xero": "TaxNumber", "transform": [{"op": "prefix", "text": "GB"}]},
        {"zoho": level, "xero": "CompanyNumber", "value_map": {"Gold": "G", "Silver": "S"}},
        {"zoho": terms, "xero": "PaymentTerms.Sales",
         "value_map": {"Net 30": "30 DAYSAFTERBILLDATE", "Net 7": "7 DAYSAFTERBILLDATE"}},
        {"zoho": None, "xero": "BankAccountDetails", "flow": "to_xero", "fixed": "from CRM",
         "on": "create"},
    )  # fmt: skip
    crm_id = bridge.customer(**{vat: "123", level: "Gold", terms: "Net 30"})
    link = bridge.click("accounts", crm_id)
    contact = bridge.xero("Contacts", link.xero_id)
    assert (contact["TaxNumber"], contact["CompanyNumber"]) == ("GB123", "G")
    assert contact["PaymentTerms"]["Sales"] == {"Day": 30, "Type": "DAYSAFTERBILLDATE"}
    assert contact["BankAccountDetails"] == "from CRM"
    bridge.later(60)
    bridge.world.xero.edit(
        bridge.tenant, "Contacts", link.xero_id or "",
        {"TaxNumber": "GB999", "CompanyNumber": "S",
         "PaymentTerms": {"Sales": {"Day": 7, "Type": "DAYSAFTERBILLDATE"}}},
    )  # fmt: skip
    bridge.click("accounts", crm_id)
    held = bridge.crm("Accounts", crm_id)
    assert (held[vat], held[level], held[terms]) == ("999", "Silver", "Net 7")
    since = len(bridge.writes())
    bridge.click("accounts", crm_id)
    assert len(bridge.writes()) == since


def test_an_unknown_word_is_held_with_its_remedy_and_goes_once_the_list_knows_it(
    bridge: Bridge,
) -> None:
    level = field(bridge, "Level", "picklist", pick_list_values=choices("Gold", "Silver"))
    mapped(bridge, "accounts", {"zoho": level, "xero": "CompanyNumber"})
    crm_id = bridge.customer(**{level: "Gold"})
    link = bridge.click("accounts", crm_id)
    bridge.later(60)
    bridge.world.xero.edit(
        bridge.tenant, "Contacts", link.xero_id or "", {"CompanyNumber": "Platinum"}
    )
    link = bridge.click("accounts", crm_id)
    assert (link.state, link.message_key) == ("needs_attention", "choice_unknown")
    assert link.message_params["value"] == "Platinum"
    assert bridge.crm("Accounts", crm_id)[level] == "Gold"


def test_what_is_too_long_for_xero_is_refused_by_name_and_never_cut(bridge: Bridge) -> None:
    long_text = bridge.product(code="A" * 30, Description="x" * 4001)
    link = bridge.click("products", long_text)
    assert (link.message_key, link.message_params["field"]) == ("text_too_long", "description")
    long_code = bridge.product(name="Other", code="B" * 31)
    link = bridge.click("products", long_code)
    assert (link.message_key, link.message_params["field"]) == ("text_too_long", "code")
    assert bridge.xero_all("Items") == []


def test_a_step_makes_a_long_code_fit(bridge: Bridge) -> None:
    mapped(
        bridge, "products",
        {"name": "code", "zoho": "Product_Code", "xero": "Code", "flow": "to_xero",
         "transform": [{"op": "trim", "length": 30}]},
    )  # fmt: skip
    crm_id = bridge.product(code="B" * 31)
    link = bridge.click("products", crm_id)
    assert bridge.xero("Items", link.xero_id)["Code"] == "B" * 30


def test_a_purchase_price_and_an_account_come_from_custom_fields(bridge: Bridge) -> None:
    cost = field(bridge, "Cost", "currency", "Products")
    account = field(bridge, "Revenue", "picklist", "Products",
                    pick_list_values=choices("Wine", "Cork"))  # fmt: skip
    mapped(
        bridge, "products",
        {"zoho": cost, "xero": "PurchaseDetails.UnitPrice"},
        {"zoho": account, "xero": "SalesDetails.AccountCode", "flow": "to_xero",
         "value_map": {"Wine": "200", "Cork": "260"}},
    )  # fmt: skip
    crm_id = bridge.product(**{cost: Decimal("80.50"), account: "Cork"})
    item = bridge.xero("Items", bridge.click("products", crm_id).xero_id)
    assert Decimal(str(item["PurchaseDetails"]["UnitPrice"])) == Decimal("80.5")
    assert item["SalesDetails"]["AccountCode"] == "260"
    assert Decimal(str(item["SalesDetails"]["UnitPrice"])) == Decimal(120)


def test_binding_a_row_elsewhere_clears_nothing_on_either_side(bridge: Bridge) -> None:
    other = field(bridge, "Second fax", "phone")
    crm_id = bridge.customer(Fax="0113 1", **{other: None})
    link = bridge.click("accounts", crm_id)
    mapped(bridge, "accounts", {"name": "fax", "zoho": other, "xero": "Phones.FAX.PhoneNumber"})
    bridge.later(60)
    bridge.click("accounts", crm_id)
    held, contact = bridge.crm("Accounts", crm_id), bridge.xero("Contacts", link.xero_id)
    fax = next(one for one in contact["Phones"] if one["PhoneType"] == "FAX")
    assert (held["Fax"], held[other], fax["PhoneNumber"]) == ("0113 1", "0113 1", "0113 1")


# --- case 28 -----------------------------------------------------------------------------------


def switch(bridge: Bridge, **to_xero: bool) -> list[backlog.Piled]:
    """An administrator saves the switches of accounts towards Xero; what that lets go."""
    with bridge.sync.database.begin() as session:
        org = session.get_one(Organisation, bridge.org_id)
        before = org.settings
        held = before["modules"]["accounts"]
        changed = {**held, "to_xero": {**held["to_xero"], **to_xero}}
        after = {**before, "modules": {**before["modules"], "accounts": changed}}
        who = {"org_id": bridge.org_id, "tenant_id": bridge.tenant}
        found = backlog.piled(session, before=before, after=after, **who)
        backlog.hold_back(session, before=before, after=after, **who)
        org.settings = after
    return found


def accepted(bridge: Bridge) -> bool:
    """Whether the schedule may go on with accounts."""
    with bridge.sync.database.begin() as session:
        state = session.get_one(ModuleState, (bridge.org_id, bridge.tenant, "accounts"))
        return state.accepted_at is not None


def test_updates_turned_on_again_show_a_preview_of_what_piled_up(bridge: Bridge) -> None:
    """Case 28: create on, update off, two weeks later update on."""
    names = [bridge.customer(f"Customer {n}") for n in range(3)]
    bridge.run_all("accounts")
    assert switch(bridge, update=False) == []
    for crm_id in names[:2]:
        bridge.world.zoho.edit("Accounts", crm_id, {"Phone": "0113 999"})
    fresh = bridge.customer("New one")
    bridge.later(14 * 86_400)
    bridge.sweep()
    assert {row.zoho_id for row in bridge.log(message_key="update_is_off")} == set(names[:2])
    assert bridge.link("accounts", fresh).xero_id is not None
    told = switch(bridge, update=True)
    assert [(one.module, one.key, one.count) for one in told] == [("accounts", "piled_updates", 2)]
    assert not accepted(bridge)
    since = len(bridge.writes())
    bridge.later(600)
    bridge.sweep()
    assert len(bridge.writes()) == since
    preview = bridge.run_preview("accounts")
    assert (preview.updated, preview.created) == (2, 0)
    assert len(bridge.writes()) == since
    run_id = bulk.start(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both",
        preview_id=bridge.previewed, by="Ana",
    )  # fmt: skip
    run = bridge.finish(run_id)
    assert (run.updated, run.created, run.failed) == (2, 0, 0)
    assert accepted(bridge)
    for crm_id in names[:2]:
        contact = bridge.xero("Contacts", bridge.link("accounts", crm_id).xero_id)
        phones = {one["PhoneType"]: one["PhoneNumber"] for one in contact["Phones"]}
        assert phones["DEFAULT"] == "0113 999"


def test_a_switch_that_lets_nothing_go_leaves_the_schedule_alone(bridge: Bridge) -> None:
    bridge.customer()
    bridge.run_all("accounts")
    assert switch(bridge, update=False) == []
    assert switch(bridge, update=True) == []
    assert accepted(bridge)
    assert switch(bridge, create=False) == []
    bridge.customer("Left out")
    bridge.later(600)
    bridge.sweep()
    told = switch(bridge, create=True)
    assert [(one.key, one.count) for one in told] == [("piled_creations", 1)]
    assert not accepted(bridge)


# --- tracking ----------------------------------------------------------------------------------


def test_a_tracking_category_stands_on_every_line_and_touches_nothing_else(
    bridge: Bridge,
) -> None:
    options = [{"Name": "North"}, {"Name": "South"}]
    bridge.world.xero.create(
        bridge.tenant, "TrackingCategories", {"Name": "Region", "Options": options}
    )
    bridge.later(90_000)
    region = field(bridge, "Region", "picklist", "Invoices",
                   pick_list_values=choices("N", "S", "X"))  # fmt: skip
    turn = build(bridge.sync, bridge.org_id, fence=-1)
    category = next(each for each in turn.base.tracking.values() if each.name == "Region")
    path = f"LineItems.Tracking.{category.id.replace('-', '').lower()}"
    north = category.options["North"]
    mapped(bridge, "invoices",
           {"zoho": region, "xero": path, "value_map": {"N": north, "S": "South"}})  # fmt: skip
    customer, product = bridge.customer(), bridge.product()
    crm_id = bridge.invoice(customer, (product, "2", "10.00"), (product, "1", "7.50"),
                            **{region: "N"})  # fmt: skip
    link = bridge.click("invoices", crm_id)
    first = bridge.xero("Invoices", link.xero_id)
    assert [_tracked(line) for line in first["LineItems"]] == [["North"], ["North"]]
    bridge.later(60)
    bridge.world.zoho.edit("Invoices", crm_id, {region: "S"})
    bridge.click("invoices", crm_id)
    second = bridge.xero("Invoices", link.xero_id)
    assert [_tracked(line) for line in second["LineItems"]] == [["South"], ["South"]]
    bare = [
        [{k: v for k, v in line.items() if k != "Tracking"} for line in shown["LineItems"]]
        for shown in (first, second)
    ]
    assert bare[0] == bare[1]
    assert first["Total"] == second["Total"]
    bridge.later(60)
    bridge.world.zoho.edit("Invoices", crm_id, {region: "X"})
    assert bridge.click("invoices", crm_id).message_key == "choice_unknown"
    bridge.world.zoho.edit("Invoices", crm_id, {region: "S"})
    bridge.later(60)
    lines = [dict(line) for line in second["LineItems"]]
    lines[0]["Tracking"] = [{"Name": "Region", "Option": "North"}]
    bridge.world.xero.edit(bridge.tenant, "Invoices", link.xero_id or "", {"LineItems": lines})
    since = len(bridge.writes())
    bridge.click("invoices", crm_id)
    assert len(bridge.writes()) == since
    assert bridge.crm("Invoices", crm_id)[region] == "S"


def _tracked(line: dict[str, Any]) -> list[str]:
    return [entry["Option"] for entry in line["Tracking"]]


def test_a_branding_theme_is_offered_by_name_and_chosen_per_invoice(bridge: Bridge) -> None:
    theme = next(iter(bridge.world.xero.books(bridge.tenant).branding.values()))
    paper = field(bridge, "Paper", "picklist", "Invoices", pick_list_values=choices("Plain", "X"))
    row = {"zoho": paper, "xero": "BrandingThemeID", "flow": "to_xero",
           "value_map": {"Plain": theme["BrandingThemeID"]}}  # fmt: skip
    mapped(bridge, "invoices", row)
    turn = build(bridge.sync, bridge.org_id, fence=-1)
    offers = offers_of(turn.specs["invoices"], turn.zoho_facts, turn.xero_facts)
    offered = dict(offers[Side.XERO]["BrandingThemeID"].choices)
    assert offered[theme["BrandingThemeID"]] == "Standard"
    invoice = bridge.invoice(
        bridge.customer(), (bridge.product(), "1", "10.00"), **{paper: "Plain"}
    )
    link = bridge.click("invoices", invoice)
    assert bridge.xero("Invoices", link.xero_id)["BrandingThemeID"] == theme["BrandingThemeID"]
