"""Random documents over both simulators: whatever is sent adds up to the same, or is held before.

Each side's total is computed by that side's simulator, which shares no code with the product. Half
of the documents begin in CRM, half in Xero; those of Xero go back to Xero once more afterwards.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from backend.apis.jsontext import parse_json, to_json
from backend.core.plan import Pair, Plan, Step, Verdict, plan, settled
from backend.core.policy import Policy
from backend.core.spec import Facts, LedgerAccount, ModuleSpec, Raw, Side, TaxRate, ZohoTax
from backend.modules import all_specs
from simulator.jsontext import dumps
from simulator.world import World
from simulator.xero.errors import Invalid
from simulator.xero.person import PersonActs
from simulator.xero.state import LTD
from simulator.zoho.organisation import Tax

KEYS = ("invoices", "quotes", "sales_orders", "purchase_orders")
CURRENCIES = ("GBP", "EUR", "USD")
RATES = {"VAT": 20, "Reduced VAT": 5, "Odd": 7}
SOLD = {"VAT": "OUTPUT2", "Reduced VAT": "RROUTPUT", "Odd": "TAX007"}
BOUGHT = {"VAT": "INPUT2", "Reduced VAT": "RRINPUT", "Odd": "TAX008"}
MODES = ("Exclusive", "Inclusive", "NoTax")
ROUNDING = ("shown", "line", "document")
CENT = Decimal("0.01")


@dataclass(kw_only=True)
class Tally:
    """How many documents ended equal and held, and what contradicts the promise."""

    equal: int = 0
    adjusted: int = 0
    """Of those equal: cents CRM rounded otherwise than any answer told before, mended by its
    adjustment in the next look."""
    held: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    figures_missing: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Every plan that was judged."""
        return self.equal + sum(self.held.values()) + len(self.broken)


def run(count: int, *, seed: int = 20) -> Tally:
    """``count`` random documents, each judged on its way across."""
    stage, tally = _Stage(seed), Tally()
    for _ in range(count):
        key = stage.dice.choice(KEYS)
        if stage.dice.random() < 0.5:
            stage.from_crm(key, tally)
        else:
            stage.from_xero(key, tally)
    return tally


class _Stage:
    """A world with one customer and three products, known to both sides."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.world = World()
        self.xero: PersonActs = self.world.xero
        self._taxes()
        zoho = self.world.zoho
        self.account = zoho.create("Accounts", {"Account_Name": "Kestrel"})
        self.vendor = zoho.create("Vendors", {"Vendor_Name": "Kestrel"})
        self.contact = self.xero.create(LTD, "Contacts", {"Name": "Kestrel"})
        names = [f"Product {n}" for n in range(4)]
        self.products = [zoho.create("Products", {"Product_Name": name}) for name in names]
        codes = [f"P{n}" for n in range(3)]
        for code in codes:
            self.xero.create(LTD, "Items", {"Code": code})
        self.facts = self._facts(dict(zip(self.products, codes, strict=False)), names)

    def _taxes(self) -> None:
        from simulator.xero.chart import COSTS, SALES, tax_rate

        org, books = self.world.zoho.org, self.xero.books(LTD)
        for number, (name, rate) in enumerate(RATES.items()):
            if not org.has_tax(name, Decimal(rate)):
                tax = Tax(id=f"48768760000040200{number}", name=name, percentage=Decimal(rate))
                org.taxes.append(tax)
        for code, applies in (("TAX007", SALES), ("TAX008", COSTS)):
            books.tax_rates[code] = tax_rate(code, f"Odd {code}", "7", applies)

    def _facts(self, codes: Mapping[str, str], names: list[str]) -> Facts:
        rates = {
            row["TaxType"]: TaxRate(
                code=row["TaxType"], name=row["Name"], rate=row["EffectiveRate"],
                for_sales=row["CanApplyToRevenue"], for_purchases=row["CanApplyToExpenses"],
            )
            for row in self.xero.books(LTD).tax_rates.values()
        }  # fmt: skip
        taxes = {name: ZohoTax(name=name, rate=Decimal(rate)) for name, rate in RATES.items()}
        links = {
            (key, side, one): other
            for key, zoho in (("accounts", self.account), ("vendors", self.vendor))
            for side, one, other in (
                (Side.ZOHO, zoho, self.contact),
                (Side.XERO, self.contact, zoho),
            )
        }
        return Facts(
            links=links,
            item_codes=codes,
            products={code: product for product, code in codes.items()},
            product_names=dict(zip(self.products, names, strict=True)),
            tax_map=tuple(
                (taxes[name], code) for table in (SOLD, BOUGHT) for name, code in table.items()
            ),
            zoho_taxes=tuple(taxes.values()),
            tax_rates=rates,
            accounts={
                "200": LedgerAccount(code="200", id="a", name="Sales", type="REVENUE"),
                "310": LedgerAccount(code="310", id="b", name="Costs", type="DIRECTCOSTS"),
            },
            currencies=frozenset(CURRENCIES),
            base_currency="GBP",
            zoho_currency="GBP",
            multi_currency=True,
            sales_account="200",
            purchases_account="310",
            fallback_product=self.products[3],
            crm_url="https://crm.example/crm/org1",
            now=self.world.clock.now(),
        )

    # --- numbers -------------------------------------------------------------------------------

    def number(self, most: int, places: int) -> Decimal:
        """A random number below ``most`` with up to ``places`` decimals."""
        shown = self.dice.randint(0, places)
        return Decimal(self.dice.randint(1, most * 10**shown)).scaleb(-shown)

    def crm_row(self) -> dict[str, Any]:
        """A line as a seller could write it."""
        dice = self.dice
        quantity, price = self.number(dice.choice((9, 9, 90, 2000)), 4), self.number(300, 4)
        row: dict[str, Any] = {
            "Product_Name": {"id": dice.choice(self.products)},
            "Quantity": quantity,
            "List_Price": price,
            "Line_Tax": self.tax() if dice.random() < 0.8 else [],
        }
        kind = dice.random()
        if kind < 0.2:
            row["Discount"] = min(self.number(5, 2), (quantity * price).quantize(CENT))
        elif kind < 0.35:
            row["Discount"] = f"{dice.choice((5, 10, 12.5, 33.33))}%"
        return row

    def tax(self) -> list[dict[str, Any]]:
        """One tax of CRM."""
        name = self.dice.choice(sorted(RATES))
        return [{"name": name, "percentage": Decimal(RATES[name])}]

    def crm_document(self, spec: ModuleSpec) -> dict[str, Any]:
        """A document as a seller could write it."""
        dice, lines = self.dice, spec.zoho.lines or ""
        rows = [self.crm_row() for _ in range(dice.randint(1, 5))]
        made: dict[str, Any] = {
            "Subject": "Random", lines: rows, "Currency": dice.choice(CURRENCIES),
            **self.party(spec),
        }  # fmt: skip
        if dice.random() < 0.2:
            made["Adjustment"] = self.number(2, 2) - 1
        if dice.random() < 0.2:
            made["Discount"] = self.number(3, 2)
        if dice.random() < 0.15:
            for row in rows:
                row["Line_Tax"] = []
            made["$line_tax"] = self.tax()
        return made

    def party(self, spec: ModuleSpec) -> dict[str, Any]:
        """Who buys, or who supplies, in CRM's words."""
        if spec.key == "purchase_orders":
            return {"Vendor_Name": {"id": self.vendor}}
        return {"Account_Name": {"id": self.account}}

    def xero_document(self, spec: ModuleSpec) -> dict[str, Any]:
        """A document as an accountant could enter it."""
        dice, mode = self.dice, self.dice.choice(MODES)
        bought = spec.key == "purchase_orders"
        taxes = sorted((BOUGHT if bought else SOLD).values())
        rows = [self.xero_row(taxes, bought=bought) for _ in range(dice.randint(1, 5))]
        made: dict[str, Any] = {
            "Contact": {"ContactID": self.contact}, "Date": "2026-11-20", "LineItems": rows,
            "LineAmountTypes": mode.upper() if spec.key == "quotes" else mode,
            "CurrencyCode": dice.choice(CURRENCIES),
        }  # fmt: skip
        return made | ({"Type": "ACCREC"} if spec.xero.path == "Invoices" else {})

    def xero_row(self, taxes: list[str], *, bought: bool) -> dict[str, Any]:
        """A line as an accountant could enter it; some are words alone."""
        dice = self.dice
        if dice.random() < 0.08:
            return {"Description": "Words alone"}
        quantity, price = self.number(dice.choice((9, 9, 90, 2000)), 4), self.number(300, 4)
        row: dict[str, Any] = {
            "Description": "Something", "Quantity": quantity, "UnitAmount": price,
            "AccountCode": "310" if bought else "200",
            "TaxType": dice.choice([*taxes, "NONE"]),
        }  # fmt: skip
        if dice.random() < 0.6:
            row["ItemCode"] = f"P{dice.randrange(3)}"
        if not bought and dice.random() < 0.3:
            if dice.random() < 0.5:
                row["DiscountRate"] = dice.choice(("5", "10", "12.5", "33.33"))
            else:
                row["DiscountAmount"] = min(self.number(5, 2), (quantity * price).quantize(CENT))
        return row

    # --- across --------------------------------------------------------------------------------

    def from_crm(self, key: str, tally: Tally) -> None:
        """A document of CRM, sent to Xero."""
        spec = all_specs()[key]
        self.world.switches.zoho_tax_rounding = self.dice.choice(ROUNDING)
        record = self.world.zoho.create(spec.zoho.path, self.crm_document(spec))
        self.send(spec, record, tally)
        self.world.zoho.delete(spec.zoho.path, record)

    def send(self, spec: ModuleSpec, record: str, tally: Tally) -> None:
        """Send a record of CRM to Xero as a new one, and compare."""
        raw = _as_read(self.world.zoho.read(spec.zoho.path, record))
        raw.pop(spec.zoho.number or "", None)
        facts = replace(self.facts, rounding=self.dice.choice(("hold", "adjust")))
        planned = plan(spec, Pair(zoho=raw), Policy(), facts)
        if self.is_held(spec, planned, raw, tally):
            return
        try:
            made = self.xero.create(LTD, spec.xero.path, _sent(planned))
        except Invalid as refusal:
            tally.broken.append(f"{spec.key}: Xero refused {refusal}: {planned.steps[0].body}")
            return
        there = self.xero.record(LTD, spec.xero.path, made)
        self.compare(spec, raw["Grand_Total"], there["Total"], tally, raw)

    def from_xero(self, key: str, tally: Tally) -> None:
        """A document of Xero, taken to CRM, and sent back as a new one."""
        spec = all_specs()["invoices" if key == "sales_orders" else key]
        # CRM as a whole may round once more than we can know: it is asked for its total afterwards.
        self.world.switches.zoho_tax_rounding = self.dice.choice(ROUNDING)
        made = self.xero.create(LTD, spec.xero.path, self.xero_document(spec))
        raw = _as_read(self.xero.shown(LTD, spec.xero.path, made))
        planned = plan(spec, Pair(xero=raw), Policy(), self.facts)
        if not self.is_held(spec, planned, raw, tally):
            record = self.world.zoho.create(spec.zoho.path, _sent(planned))
            self.arrived(spec, record, raw, made=planned, tally=tally)
            self.send(spec, record, tally)

    def arrived(self, spec: ModuleSpec, record: str, raw: Raw, *, made: Plan, tally: Tally) -> None:
        """Compare what CRM made of a document of Xero. Where CRM rounds tax on the whole, which no
        answer tells before, the next look lets CRM's adjustment take the cents."""
        there = _as_read(self.world.zoho.read(spec.zoho.path, record))
        whole = self.world.switches.zoho_tax_rounding == "document"
        if not whole or _cents(there["Grand_Total"]) == _cents(raw["Total"]):
            self.compare(spec, there["Grand_Total"], raw["Total"], tally, raw)
            return
        looked = self.looked(spec, there, raw, made)
        step = looked.step(Side.ZOHO)
        if step is None:
            tally.broken.append(f"{spec.key}: not mended: {looked.message}")
            return
        self.world.zoho.edit(spec.zoho.path, record, _plain(step))
        tally.adjusted += 1
        there = _as_read(self.world.zoho.read(spec.zoho.path, record))
        self.compare(spec, there["Grand_Total"], raw["Total"], tally, raw)

    def looked(self, spec: ModuleSpec, zoho: Raw, xero: Raw, made: Plan) -> Plan:
        """The plan of the next look after a creation, our marks left aside."""
        known = frozenset(self.world.zoho.modules[spec.zoho.path].fields)
        facts = replace(self.facts, zoho_fields=known, rounding="adjust")
        bases = settled(spec, Pair(), made, answers={}, performed=frozenset({Side.ZOHO}))
        plain = replace(spec, fields=tuple(row for row in spec.fields if row.name != "crm_url"))
        pair = Pair(zoho=zoho, xero=xero, base_zoho=bases[0], base_xero=bases[1])
        return plan(plain, pair, Policy(), facts)

    def is_held(self, spec: ModuleSpec, planned: Plan, raw: Raw, tally: Tally) -> bool:
        """Whether nothing is sent; both figures must be told then."""
        if planned.verdict is Verdict.GO and planned.steps:
            return False
        message = planned.message
        key = message.key if message else "nothing"
        tally.held[key] += 1
        if message is None or not {"zoho", "xero"} <= set(message.params):
            tally.figures_missing.append(f"{spec.key}: {message}: {raw}")
        return True

    def compare(
        self, spec: ModuleSpec, zoho: Decimal, xero: Decimal, tally: Tally, raw: Raw
    ) -> None:
        """Equal to the cent, or written down as broken."""
        if _cents(zoho) == _cents(xero):
            tally.equal += 1
        else:
            tally.broken.append(f"{spec.key}: CRM {zoho}, Xero {xero}: {raw}")


def _plain(step: Step) -> dict[str, Any]:
    """An update's body as it comes out of a request, without the id it is sent to."""
    body = dict(parse_json(to_json(step.body)))
    body.pop("id", None)
    return body


def _cents(amount: Decimal) -> Decimal:
    return Decimal(amount).quantize(CENT)


def _as_read(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A record as it comes out of an answer: numbers Decimal, dates in the wire's spelling."""
    return dict(parse_json(dumps(raw).encode()))


def _sent(planned: Plan) -> dict[str, Any]:
    """A body as it comes out of a request."""
    return dict(parse_json(to_json(planned.steps[0].body)))
