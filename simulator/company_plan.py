"""What the seeded company consists of, as plain values; the same for the same seed.

A wine merchant: 200 customers in CRM and 160 in Xero that overlap, 120 products, 400 invoices.
Nothing here knows how either side stores a record.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from simulator import company_names as names

CENT: Final = Decimal("0.01")
IN_BOTH, CRM_ONLY, XERO_ONLY = 118, 80, 40
CLASHING: Final = ("Kingsmead Hotel Ltd", "Kingsmead Hotel Limited", "Kingsmead Hotel")
RATES: Final = {"GBP": Decimal(1), "EUR": Decimal("1.15"), "USD": Decimal("1.30")}


class Tax(StrEnum):
    """The taxes of the company, by the names CRM gives them."""

    STANDARD = "VAT"
    REDUCED = "Reduced VAT"
    EXEMPT = "Exempt"


PERCENT: Final = {Tax.STANDARD: Decimal(20), Tax.REDUCED: Decimal(5), Tax.EXEMPT: Decimal(0)}


class State(StrEnum):
    """How far an invoice has come in Xero; CRM_ONLY ones are not there at all."""

    CRM_ONLY = "crm only"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    AWAITING = "awaiting payment"
    PART_PAID = "part paid"
    PAID = "paid"
    VOIDED = "voided"
    CREDITED = "credited"


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A company that buys; a side that does not know it has no name for it."""

    number: int
    crm_name: str | None
    xero_name: str | None
    country: str
    currency: str
    person: tuple[str, str]
    email: str
    phone: str
    street: str
    town: str
    region: str
    code: str
    archived: bool = False
    clashes: bool = False


@dataclass(frozen=True, kw_only=True)
class Product:
    """Something that is sold, its price in pounds."""

    code: str
    name: str
    description: str
    price: Decimal
    cost: Decimal
    tax: Tax
    in_crm: bool
    in_xero: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an invoice; amounts in the invoice's currency, discount as an amount."""

    product: Product
    quantity: Decimal
    price: Decimal
    discount: Decimal

    @property
    def net(self) -> Decimal:
        """The amount without tax."""
        return rounded(self.quantity * self.price) - self.discount

    @property
    def tax(self) -> Decimal:
        """The tax, half up on this line."""
        return rounded(self.net * PERCENT[self.product.tax] / 100)


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """One invoice; `age` is how many days before today it is dated, `terms` its days to pay."""

    number: str
    customer: Customer
    age: int
    terms: int
    lines: tuple[Line, ...]
    state: State
    in_crm: bool
    crm_status: str

    @property
    def in_xero(self) -> bool:
        """Whether Xero has it."""
        return self.state is not State.CRM_ONLY

    @property
    def total(self) -> Decimal:
        """The amount with tax."""
        return sum((line.net + line.tax for line in self.lines), Decimal(0))

    def dated(self, today: date) -> tuple[date, date]:
        """Its date and due date, seen from today."""
        issued = today - timedelta(days=self.age)
        return issued, issued + timedelta(days=self.terms)

    def subject(self, today: date) -> str:
        """What it is about, in the words of both sides."""
        return f"Order of {self.dated(today)[0]:%d.%m.%Y}"


@dataclass(frozen=True, kw_only=True)
class Company:
    """Everything there is."""

    customers: tuple[Customer, ...]
    products: tuple[Product, ...]
    invoices: tuple[Invoice, ...]


def plan(seed: int = 20) -> Company:
    """The company of this seed."""
    dice = random.Random(seed)
    customers = tuple(_customers(dice))
    products = tuple(_products())
    return Company(
        customers=customers,
        products=products,
        invoices=tuple(_invoices(dice, customers, products)),
    )


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def _company_names() -> list[tuple[str, str]]:
    """Names with their countries, the difficult ones first and every name once."""
    british = _combined(names.BRITISH, names.BRITISH_TRADES, names.BRITISH_FORMS, "GB")
    french = _combined(names.FRENCH, names.FRENCH_TRADES, names.FRENCH_FORMS, "FR")
    german = _combined(names.GERMAN, names.GERMAN_TRADES, names.GERMAN_FORMS, "DE")
    found = list(names.PARTICULAR)
    while len(found) < IN_BOTH + CRM_ONLY + XERO_ONLY:
        found += [next(british), next(british), next(british), next(french), next(german)]
    return found


def _combined(
    owners: tuple[str, ...], trades: tuple[str, ...], forms: tuple[str, ...], country: str
) -> Iterator[tuple[str, str]]:
    """Owner, trade and legal form put together; no two that differ in the form alone."""
    for round_ in range(len(trades)):
        for place, owner in enumerate(owners):
            if (owner, trades[(place + round_) % len(trades)]) == ("Kingsmead", "Hotel"):
                continue
            trade = trades[(place + round_) % len(trades)]
            yield f"{owner} {trade} {forms[place % len(forms)]}", country


def _customers(dice: random.Random) -> Iterator[Customer]:
    found = _company_names()[: IN_BOTH + CRM_ONLY + XERO_ONLY]
    dice.shuffle(found)
    for number, (name, country) in enumerate(found):
        in_crm = number < IN_BOTH + CRM_ONLY
        in_xero = number < IN_BOTH or not in_crm
        yield _customer(
            dice,
            number,
            crm_name=name if in_crm else None,
            xero_name=(respelt(name, number) if in_crm else name) if in_xero else None,
            country=country,
            archived=number == IN_BOTH - 1,
        )
    clash = len(found)
    yield _customer(dice, clash, crm_name=CLASHING[0], xero_name=CLASHING[2], clashes=True)
    yield _customer(dice, clash + 1, crm_name=CLASHING[1], xero_name=None, clashes=True)
    yield _customer(dice, clash + 2, crm_name=None, xero_name="Harbourmaster's Mess", country="GB")


def _customer(
    dice: random.Random,
    number: int,
    *,
    crm_name: str | None,
    xero_name: str | None,
    country: str = "GB",
    archived: bool = False,
    clashes: bool = False,
) -> Customer:
    land = country if country in names.TOWNS else "GB"
    town, region, code = dice.choice(names.TOWNS[land])
    first, last = dice.choice(names.GIVEN), dice.choice(names.FAMILY)
    currency = names.CURRENCY_OF.get(country, "GBP" if country in names.TOWNS else "USD")
    return Customer(
        number=number,
        crm_name=crm_name,
        xero_name=xero_name,
        country=names.COUNTRIES[country],
        currency=currency,
        person=(first, last),
        email=f"{plain(first)}.{plain(last)}@customer{number}.example".lower(),
        phone=f"{names.DIALLING[land]} {dice.randrange(1000, 9999)}",
        street=f"{dice.randrange(1, 200)} {dice.choice(names.STREETS[land])}",
        town=town,
        region=region,
        code=code,
        archived=archived,
        clashes=clashes,
    )


def respelt(name: str, number: int) -> str:
    """The same company as another person would type it."""
    ways = (
        name,
        name.upper(),
        plain(name),
        name.replace(" Ltd", " Limited") if " Ltd" in name else name.replace(" Limited", " Ltd"),
        name.replace(" & ", " and "),
        name.replace(" ", "  ", 1),
        name.replace(" GmbH", " G.m.b.H.").replace(" SARL", " S.A.R.L."),
        name.lower(),
    )
    return ways[number % len(ways)]


def plain(text: str) -> str:
    """Latin letters without their accents; other scripts stay as they are."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in decomposed if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def _products() -> Iterator[Product]:
    factors = {"B": Decimal(1), "C6": Decimal("5.7"), "C12": Decimal(11), "M": Decimal("2.15")}
    rows = [
        (f"WN-{place:02d}-{mark}", f"{wine}, {size}", Decimal("9.45") + place, factors[mark])
        for place, wine in enumerate(names.WINES, 1)
        for size, mark in names.SIZES
    ]
    rows += [
        (code, name, Decimal("4.15") * place, Decimal(1))
        for place, (code, name) in enumerate(names.GOODS, 1)
    ]
    for place, (code, name, base, factor) in enumerate(rows):
        price = rounded(base * factor)
        yield Product(
            code=code,
            name=name,
            description=f"{name}. Kept at 12 °C.",
            price=price,
            cost=rounded(price * Decimal("0.62")),
            tax=_tax_of(code, place),
            in_crm=place % 12 != 0,
            in_xero=place % 6 != 3,
        )


def _tax_of(code: str, place: int) -> Tax:
    if code in {"SV-INSU", "BK-CELL"} or place % 20 == 7:
        return Tax.EXEMPT
    return Tax.REDUCED if code.startswith("SV-") or place % 20 == 13 else Tax.STANDARD


# How many invoices of each kind: state, number, and whether CRM has them too.
MIXTURE: Final = (
    (State.CRM_ONLY, 120, True),
    (State.DRAFT, 12, False),
    (State.SUBMITTED, 16, False),
    (State.AWAITING, 60, True),
    (State.AWAITING, 50, False),
    (State.PART_PAID, 22, True),
    (State.PART_PAID, 20, False),
    (State.PAID, 30, True),
    (State.PAID, 44, False),
    (State.VOIDED, 4, True),
    (State.VOIDED, 6, False),
    (State.CREDITED, 6, True),
    (State.CREDITED, 10, False),
)


def _invoices(
    dice: random.Random, customers: tuple[Customer, ...], products: tuple[Product, ...]
) -> Iterator[Invoice]:
    kinds = [(state, shared) for state, count, shared in MIXTURE for _ in range(count)]
    dice.shuffle(kinds)
    for place, (state, in_crm) in enumerate(kinds):
        customer = dice.choice(_buyers(customers, state, in_crm=in_crm))
        yield Invoice(
            number=f"INV-{2001 + place}",
            customer=customer,
            age=_age(dice, state),
            terms=dice.choice((14, 30, 30, 60)),
            lines=_lines(dice, customer.currency, _goods(products, state, in_crm=in_crm)),
            state=state,
            in_crm=in_crm,
            crm_status=_crm_status(dice, state),
        )


def _age(dice: random.Random, state: State) -> int:
    return (
        dice.randrange(0, 25) if state in {State.DRAFT, State.SUBMITTED} else dice.randrange(5, 150)
    )


def _buyers(customers: tuple[Customer, ...], state: State, *, in_crm: bool) -> list[Customer]:
    """Customers of every side on which the invoice stands, none of the doubtful ones."""
    return [
        customer
        for customer in customers
        if not customer.clashes
        and not customer.archived
        and (customer.crm_name is not None or not in_crm)
        and (customer.xero_name is not None or state is State.CRM_ONLY)
    ]


def _goods(products: tuple[Product, ...], state: State, *, in_crm: bool) -> list[Product]:
    return [
        product
        for product in products
        if (product.in_crm or not in_crm) and (product.in_xero or state is State.CRM_ONLY)
    ]


def _lines(dice: random.Random, currency: str, goods: list[Product]) -> tuple[Line, ...]:
    found = []
    for product in dice.sample(goods, dice.choice((1, 2, 2, 3, 3, 4, 6))):
        quantity = Decimal(dice.choice(("1", "2", "3", "6", "12", "24", "0.5", "7")))
        price = rounded(product.price * RATES[currency])
        discounted = dice.random() < 0.12
        discount = rounded(quantity * price / 10) if discounted else Decimal(0)
        found.append(Line(product=product, quantity=quantity, price=price, discount=discount))
    return tuple(found)


def _crm_status(dice: random.Random, state: State) -> str:
    if state is State.CRM_ONLY:
        return dice.choice(("Created", "Approved", "Approved", "Approved", "Delivered"))
    return {State.VOIDED: "Cancelled", State.PAID: "Delivered"}.get(state, "Approved")
