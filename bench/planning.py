"""How long it takes to see that ten thousand pairs have not changed."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backend.core.plan import Pair, plan, values_of
from backend.core.policy import Policy
from backend.core.spec import Facts, LedgerAccount, ModuleSpec, Side, TaxRate, ZohoTax
from backend.modules import all_specs
from bench import Figure
from simulator.world import World

PAIRS = 10_000
TAXES = (("VAT", 20, "OUTPUT2"), ("Reduced VAT", 5, "RROUTPUT"), ("Exempt", 0, "EXEMPTOUTPUT"))


def measure() -> list[Figure]:
    """Plan unchanged customers and unchanged three-line invoices, one core, no I/O."""
    world = World(seed="company")
    return [timed(world, "accounts", "Accounts", "Contacts"), timed_invoices(world)]


def timed(world: World, key: str, crm_module: str, entity: str) -> Figure:
    """Ten thousand pairs of one simple module."""
    crm = world.zoho.records(crm_module)[0]
    xero = shown(world, entity, "ContactID")
    return figure(all_specs()[key], crm, xero, facts_of(crm, xero))


def timed_invoices(world: World) -> Figure:
    """Ten thousand pairs of invoices that both sides have under one number."""
    crm_by_number = {one["Invoice_Number"]: one for one in world.zoho.records("Invoices")}
    for invoice in world.xero.all(world.xero.ltd, "Invoices"):
        crm = crm_by_number.get(invoice["InvoiceNumber"])
        if crm and len(crm["Invoiced_Items"]) == 3 and invoice["Status"] == "AUTHORISED":
            xero = world.xero.shown(world.xero.ltd, "Invoices", invoice["InvoiceID"])
            return figure(all_specs()["invoices"], crm, xero, facts_of(crm, xero))
    raise LookupError("the company has no approved invoice of three lines on both sides")


def shown(world: World, entity: str, id_field: str) -> dict[str, Any]:
    """The first record of a Xero entity as the API shows it."""
    first = world.xero.all(world.xero.ltd, entity)[0]
    return world.xero.shown(world.xero.ltd, entity, first[id_field])


def figure(
    spec: ModuleSpec, crm: Mapping[str, Any], xero: Mapping[str, Any], facts: Facts
) -> Figure:
    """Processor seconds for planning the pair again and again, its bases being what both sides say."""
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
    seconds = time.process_time() - began
    return Figure(what=f"{PAIRS} unchanged {spec.key}", value=seconds, unit="s", limit=1.0)


def facts_of(crm: Mapping[str, Any], xero: Mapping[str, Any]) -> Facts:
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
