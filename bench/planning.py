"""How long it takes to see that ten thousand pairs have not changed."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backend.core.plan import Pair, plan, values_of
from backend.core.policy import Policy
from backend.core.spec import Facts, LedgerAccount, ModuleSpec, Raw, Side, TaxRate, ZohoTax
from backend.modules import all_specs
from bench import Figure
from simulator.world import World

PAIRS = 10_000
TAXES = (("VAT", 20, "OUTPUT2"), ("Reduced VAT", 5, "RROUTPUT"), ("Exempt", 0, "EXEMPTOUTPUT"))


def measure() -> list[Figure]:
    """Plan unchanged pairs, a third of each module, then each module alone; no I/O."""
    world = World(seed="company")
    pairs = {
        "accounts": simple_pair(world, "Accounts", "Contacts", "ContactID"),
        "products": product_pair(world),
        "invoices": invoice_pair(world),
    }
    alone = {key: seconds(all_specs()[key], *pair) for key, pair in pairs.items()}
    mixed = sum(alone.values(), 0.0) / len(alone)
    figures = [
        Figure(what=f"{PAIRS} unchanged pairs, a third each", value=mixed, unit="s", limit=1.0)
    ]
    return figures + [
        Figure(what=f"{PAIRS} unchanged {key}", value=value, unit="s")
        for key, value in alone.items()
    ]


def simple_pair(world: World, crm_module: str, entity: str, id_field: str) -> tuple[Raw, Raw]:
    """The first record of either side, as if they belonged together."""
    return world.zoho.records(crm_module)[0], shown(world, entity, id_field)


def product_pair(world: World) -> tuple[Raw, Raw]:
    """A product both sides have."""
    items = {one["Code"]: one["ItemID"] for one in world.xero.all(world.xero.ltd, "Items")}
    crm = next(one for one in world.zoho.records("Products") if one["Product_Code"] in items)
    return crm, world.xero.shown(world.xero.ltd, "Items", items[crm["Product_Code"]])


def invoice_pair(world: World) -> tuple[Raw, Raw]:
    """An approved invoice of three lines that both sides have under one number."""
    crm_by_number = {one["Invoice_Number"]: one for one in world.zoho.records("Invoices")}
    for invoice in world.xero.all(world.xero.ltd, "Invoices"):
        crm = crm_by_number.get(invoice["InvoiceNumber"])
        if crm and len(crm["Invoiced_Items"]) == 3 and invoice["Status"] == "AUTHORISED":
            return crm, world.xero.shown(world.xero.ltd, "Invoices", invoice["InvoiceID"])
    raise LookupError("the company has no approved invoice of three lines on both sides")


def shown(world: World, entity: str, id_field: str) -> dict[str, Any]:
    """The first record of a Xero entity as the API shows it."""
    first = world.xero.all(world.xero.ltd, entity)[0]
    return world.xero.shown(world.xero.ltd, entity, first[id_field])


def seconds(spec: ModuleSpec, crm: Raw, xero: Raw) -> float:
    """Processor seconds for planning one pair again and again; its bases are what is there."""
    facts = facts_of(crm, xero)
    pair = Pair(
        zoho=crm,
        xero=xero,
        base_zoho=values_of(spec, Side.ZOHO, crm, facts),
        base_xero=values_of(spec, Side.XERO, xero, facts),
    )
    policy = Policy()
    found = plan(spec, pair, policy, facts)
    if found.steps or found.conflicts or found.message:
        raise AssertionError(f"{spec.key}: an unchanged pair planned {found}")
    began = time.process_time()
    for _ in range(PAIRS):
        plan(spec, pair, policy, facts)
    return time.process_time() - began


def facts_of(crm: Raw, xero: Raw) -> Facts:
    """What the loop would know about the pair's surroundings."""
    links: dict[tuple[str, Side, str], str] = {}
    codes: dict[str, str] = {}
    if "Account_Name" in crm and isinstance(crm["Account_Name"], Mapping):
        account, contact = crm["Account_Name"]["id"], xero["Contact"]["ContactID"]
        links = {
            ("accounts", Side.ZOHO, account): contact,
            ("accounts", Side.XERO, contact): account,
        }
        ids = [line["Product_Name"]["id"] for line in crm["Invoiced_Items"]]
        codes = dict(zip(ids, (line["ItemCode"] for line in xero["LineItems"]), strict=True))
    return Facts(
        links=links,
        item_codes=codes,
        products={code: product for product, code in codes.items()},
        tax_map=tuple((ZohoTax(name=name, rate=rate), code) for name, rate, code in taxes()),
        zoho_taxes=tuple(ZohoTax(name=name, rate=rate) for name, rate, _ in taxes()),
        tax_rates={code: TaxRate(code=code, name=name, rate=rate) for name, rate, code in taxes()},
        accounts={"200": LedgerAccount(code="200", id="sales", name="Sales", type="REVENUE")},
        currencies=frozenset({"GBP", "EUR", "USD"}),
        base_currency="GBP",
        zoho_currency="GBP",
        multi_currency=True,
        sales_account="200",
        invoice_status="AUTHORISED",
    )


def taxes() -> list[tuple[str, Any, str]]:
    """The company's taxes with their rates as Decimal."""
    return [(name, Decimal(rate), code) for name, rate, code in TAXES]
