"""A small pair of organisations and one module of every codec, for the tests of the core."""

from decimal import Decimal
from typing import Any

from backend.core.shown import CATALOGUE, Shown
from backend.core.spec import (
    Facts,
    Field,
    Flow,
    LedgerAccount,
    Line,
    ModuleSpec,
    Resource,
    Side,
    TaxRate,
    ZohoTax,
)

D = Decimal
Z, X = Side.ZOHO, Side.XERO

FACTS = Facts(
    links={
        ("accounts", Z, "1001"): "guid-1",
        ("accounts", X, "guid-1"): "1001",
    },
    item_codes={"3001": "WINE", "3002": "CORK"},
    products={"WINE": "3001", "CORK": "3002"},
    product_names={"3001": "House wine", "3002": "Cork", "3999": "Other"},
    item_accounts={"WINE": "210"},
    tax_rates={
        "OUTPUT2": TaxRate(code="OUTPUT2", name="20% (VAT on Income)", rate=D(20)),
        "OUTPUT15": TaxRate(code="OUTPUT15", name="15% (Old)", rate=D(15)),
        "RR": TaxRate(code="RR", name="Reduced", rate=D(5)),
        "RR2": TaxRate(code="RR2", name="Energy", rate=D(5)),
        "ZERO": TaxRate(code="ZERO", name="Zero rated", rate=D(0)),
        "GONE": TaxRate(code="GONE", name="Gone", rate=D(7), active=False),
        "INPUT": TaxRate(code="INPUT", name="Input", rate=D(9), for_sales=False),
    },
    zoho_taxes=(
        ZohoTax(name="VAT", rate=D(20)),
        ZohoTax(name="Old", rate=D(15)),
        ZohoTax(name="Reduced", rate=D(5)),
        ZohoTax(name="Energy", rate=D(5)),
    ),
    accounts={
        "200": LedgerAccount(code="200", id="a200", name="Sales", type="REVENUE"),
        "210": LedgerAccount(code="210", id="a210", name="Wine", type="SALES"),
        "299": LedgerAccount(code="299", id="a299", name="Old", type="SALES", active=False),
        "860": LedgerAccount(
            code="860", id="a860", name="Rounding", type="EXPENSE", system="ROUNDING"
        ),
    },
    sales_account="200",
    fallback_product="3999",
    base_currency="GBP",
    zoho_currency="GBP",
    currencies=frozenset({"GBP", "EUR"}),
    multi_currency=True,
    short_code="!h1vQ2",
    crm_url="https://crm.example",
)


def resource(deep_link: str | None = None) -> Resource:
    return Resource(
        path="Things", id="id", number=None, label="Name", modified="Time", deep_link=deep_link
    )


SHOWN = Shown(group=CATALOGUE, name="Things", xero="Things", partner="Thing")


def spec(*rows: Field) -> ModuleSpec:
    return ModuleSpec(
        key="things",
        shown=SHOWN,
        zoho=resource("{crm_url}/tab/Things/{id}"),
        xero=resource("https://go.xero.com/app/{short_code}/thing/{id}"),
        fields=rows,
    )


def row(codec: str = "text", *, zoho: str | None = "Name", xero: str | None = "Name", **more: Any) -> Field:  # fmt: skip
    return Field(name=more.pop("name", "field"), zoho=zoho, xero=xero, codec=codec, **more)


def line(**more: Any) -> Line:
    plain: dict[str, Any] = {
        "product": "3001", "description": "", "quantity": D(1), "unit_price": D(10), "tax": None,
    }  # fmt: skip
    return Line(**(plain | more))


ONE_WAY = {Flow.TO_XERO: Flow.TO_ZOHO, Flow.TO_ZOHO: Flow.TO_XERO}
