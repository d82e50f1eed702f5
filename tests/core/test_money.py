"""Totals agree to the cent with an independent model of each system, or the difference is told."""

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.codecs import CODECS
from backend.core.errors import NotConfigured
from backend.core.money import (
    CENT,
    Agreement,
    Difference,
    Totals,
    equalise,
    exclusive_from_inclusive,
    half_up,
    line_amount,
    net_of,
    prove,
    spread,
    totals_of,
    xero_totals,
    zoho_totals,
)
from backend.core.spec import Line
from simulator.zoho.money import document_totals, price_lines
from tests.core.world import FACTS, D, X, Z, line, row

RATES = {"OUTPUT2": D(20), "OUTPUT15": D(15), "RR": D(5)}
cents = st.decimals(-(10**6), 10**6, places=2)


def priced(*prices: str, tax: str | None = "OUTPUT15") -> list[Line]:
    return [line(unit_price=D(price), tax=tax) for price in prices]


def test_the_published_vector_comes_out_as_xero_says() -> None:
    lines = priced("25.06", "25.61", "25.63")
    assert xero_totals(lines, "Exclusive", RATES) == Totals(
        sub_total=D("76.30"), tax=D("11.44"), total=D("87.74")
    )
    assert zoho_totals(lines, RATES, whole=True) == Totals(
        sub_total=D("76.30"), tax=D("11.45"), total=D("87.75")
    )
    assert zoho_totals(lines, RATES) == xero_totals(lines, "EXCLUSIVE", RATES)


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [("2.165", 2, "2.17"), ("-2.165", 2, "-2.17"), ("1.23445", 4, "1.2345"), ("1.004", 2, "1.00")],
)
def test_half_goes_up(amount: str, places: int, rounded: str) -> None:
    assert half_up(D(amount), places) == D(rounded)


def test_inclusive_and_untaxed_documents_total_what_they_say() -> None:
    lines = priced("115.00", "10.00")
    assert xero_totals(lines, "Inclusive", RATES) == Totals(
        sub_total=D("108.70"), tax=D("16.30"), total=D("125.00")
    )
    assert xero_totals(lines, "NoTax", {}) == Totals(
        sub_total=D("125.00"), tax=D("0.00"), total=D("125.00")
    )


def test_a_discount_by_rate_is_off_before_rounding() -> None:
    assert line_amount(D(3), D("9.99"), rate=D("12.5")) == D("26.22")
    assert line_amount(D(3), D("9.99"), discount=D("3.75")) == D("26.22")


@given(cents, st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=30))
def test_spreading_gives_away_every_cent_and_no_more(
    total: Decimal, weights: list[Decimal]
) -> None:
    shares = spread(total, weights)
    assert sum(shares) == total
    assert all(share == half_up(share) for share in shares)
    whole = sum(weights)
    if whole:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - total * weight / whole) <= CENT


def test_nothing_spreads_over_no_lines() -> None:
    assert spread(D(5), []) == []
    assert spread(D(5), [D(0), D(0)]) == [5, 0]


@given(
    st.decimals(0, 1000, places=4),
    st.decimals(-10000, 10000, places=4),
    st.decimals(0, 100, places=2),
    st.sampled_from([D(0), D(5), D(15), D(20), D("12.5")]),
)
def test_an_inclusive_line_keeps_its_total_to_the_cent(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, rate: Decimal
) -> None:
    before = line(quantity=quantity, unit_price=unit_price, discount=discount)
    after, left = exclusive_from_inclusive(before, rate)
    amount = net_of(after)
    assert amount + half_up(amount * rate / 100) + left == net_of(before)
    assert after.unit_price == half_up(after.unit_price, 4)
    assert after.discount >= 0 or not quantity


def test_a_plain_inclusive_line_leaves_nothing_over() -> None:
    after, left = exclusive_from_inclusive(line(unit_price=D(120), discount=D(12)), D(20))
    assert (after.unit_price, after.discount, left) == (D(100), D(10), 0)
    assert exclusive_from_inclusive(line(unit_price=D(10)), D(15))[1] == D("-0.01")


# --- the proof ----------------------------------------------------------------------------------


def exact_half_up(amount: Fraction) -> Fraction:
    """Half up without the decimal module: the model the product is judged by."""
    sign = -1 if amount < 0 else 1
    return sign * Fraction((abs(amount) * 200 + 1).__floor__() // 2, 100)


def total_in_crm(document: dict[str, Any], rounding: str) -> Decimal:
    """CRM as the simulator computes it, which shares no code with the product."""
    rows = [
        {name: each[name] for name in ("Quantity", "List_Price", "Discount")}
        | {"Line_Tax": [dict(tax) for tax in each["Line_Tax"]]}
        for each in document["Items"]
    ]
    price_lines(rows, rounding)
    return document_totals(
        rows,
        taxes=document["$line_tax"],
        discount=document["Discount"],
        adjustment=document["Adjustment"],
        rounding=rounding,
    ).grand_total


TAXES: list[list[dict[str, Any]]] = [
    [], [{"name": "VAT", "percentage": D(20)}], [{"name": "Old", "percentage": D(15)}],
]  # fmt: skip


def documents(count: int) -> Iterator[dict[str, Any]]:
    """``count`` CRM documents of one to eight lines, taxed by line or as a whole, with every kind
    of discount, under each way CRM might round."""
    chance = random.Random(20)
    for _ in range(count):
        by_line = chance.random() < 0.7
        rows = []
        for _ in range(chance.randint(1, 8)):
            price = D(chance.randint(1, 9_999_999)) / 10 ** chance.choice([2, 4])
            quantity = D(chance.choice([1, 1, 2, 3, 12, "0.5", "1.25"]))
            off = half_up(price * quantity * chance.choice([0, 0, 5, 33]) / 100)
            rows.append({
                "Product_Name": {"id": "3001"}, "Quantity": quantity, "List_Price": price,
                "Discount": off, "Line_Tax": chance.choice(TAXES) if by_line else [],
            })  # fmt: skip
        document: dict[str, Any] = {
            "Items": rows,
            "Discount": D(chance.choice([0, 0, "0.10", "5"])),
            "Adjustment": D(chance.choice([0, 0, 0, "-0.03", "1.5"])),
            "$line_tax": [] if by_line else chance.choice(TAXES),
        }
        rounding = chance.choice(["shown", "line", "document"])
        document["Grand_Total"] = total_in_crm(document, rounding)
        yield document


def test_ten_thousand_documents_agree_to_the_cent_or_say_by_how_much() -> None:
    field = row("lines", zoho="Items", xero="LineItems")
    apart = 0
    for document in documents(10_000):
        lines = CODECS["lines"].read(document, Z, field, FACTS)
        assert isinstance(lines, tuple)
        verdict = prove(document, lines, FACTS)
        if isinstance(verdict, Agreement):
            assert verdict.totals.total == document["Grand_Total"]
            continue
        apart += 1
        assert verdict.zoho.total == document["Grand_Total"] == verdict.xero.total + verdict.apart
        rounding = equalise(verdict)
        assert rounding is not None
        assert isinstance(prove(document, [*lines, rounding], FACTS), Agreement)
    assert 0 < apart < 5000


def test_what_is_proved_is_what_xero_is_sent() -> None:
    """The request's own figures, added up by Xero's rule, give the total that was proved."""
    field = row("lines", zoho="Items", xero="LineItems")
    for document in documents(300):
        lines = CODECS["lines"].read(document, Z, field, FACTS)
        assert isinstance(lines, tuple)
        body = CODECS["lines"].write(lines, X, field, FACTS, None)
        verdict = prove(document, lines, FACTS)
        totals = verdict.totals if isinstance(verdict, Agreement) else verdict.xero
        total = Fraction(0)
        for sent in body["LineItems"]:
            off = Fraction(sent.get("DiscountAmount", 0))
            net = exact_half_up(Fraction(sent["Quantity"]) * Fraction(sent["UnitAmount"]) - off)
            rate = {"OUTPUT2": 20, "OUTPUT15": 15, "NONE": 0}[sent["TaxType"]]
            total += net + exact_half_up(net * Fraction(rate, 100))
        assert total == Fraction(totals.total)


def test_case_24_is_held_with_both_figures_or_equalised_by_the_rule() -> None:
    verdict = prove({"Grand_Total": D("87.75"), "Tax": D("11.45")}, priced("25.06", "25.61", "25.63"), FACTS)  # fmt: skip
    assert isinstance(verdict, Difference)
    assert (verdict.zoho.total, verdict.xero.total, verdict.apart) == (
        D("87.75"), D("87.74"), D("0.01"),
    )  # fmt: skip
    assert (verdict.zoho.tax, verdict.xero.tax) == (D("11.45"), D("11.44"))
    assert equalise(verdict, "hold") is None
    assert equalise(verdict) == Line(
        product=None, description="Rounding", quantity=D(1), unit_price=D("0.01")
    )


@pytest.mark.parametrize(
    ("apart", "lines", "equalised"),
    [("0.01", 1, True), ("0.02", 1, False), ("-0.03", 3, True), ("0.05", 40, True), ("0.06", 40, False), ("0.01", 0, True)],
)  # fmt: skip
def test_only_what_rounding_can_explain_is_equalised(
    apart: str, lines: int, equalised: bool
) -> None:
    totals = Totals(sub_total=D(0), tax=D(0), total=D(0))
    difference = Difference(zoho=totals, xero=totals, apart=D(apart), lines=lines)
    assert (equalise(difference) is not None) == equalised


def test_a_total_is_made_up_from_what_crm_tells() -> None:
    parts = {"Sub_Total": D(100), "Tax": D(18), "Discount": D(10), "Adjustment": D("0.5")}
    made_up = Totals(sub_total=D("90.50"), tax=D(18), total=D("108.50"))
    assert totals_of(parts) == made_up
    assert totals_of({"Grand_Total": D("108.5"), "Tax": D(18)}) == made_up
    assert totals_of({"Sub_Total": D(3)}) == Totals(sub_total=D(3), tax=D(0), total=D(3))
    assert totals_of({}) is None


def test_a_document_without_totals_counts_as_computed_line_by_line() -> None:
    assert isinstance(prove({}, priced("1.00"), FACTS), Agreement)


def test_a_tax_nobody_knows_proves_nothing() -> None:
    with pytest.raises(NotConfigured, match="tax_missing"):
        prove({}, [line(tax="NOWHERE")], FACTS)
