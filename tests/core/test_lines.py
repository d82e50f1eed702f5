"""Document lines read the same from both systems and are written without losing a row."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.codecs import CODECS, read_all, write_body
from backend.core.errors import NeedsPartner, NotConfigured, Refused
from backend.core.lines_common import adjusted, align
from backend.core.money import Agreement, Difference, half_up, net_of, prove
from backend.core.spec import Facts, LedgerAccount, Line, Raw, Side, ZohoTax
from backend.modules.quotes import DIALECT as QUOTES
from tests.core.world import FACTS, D, X, Z, line, row, spec

FIELD = row("lines", name="lines", zoho="Invoiced_Items", xero="LineItems")
SPEC = spec(FIELD)
VAT = [{"name": "VAT", "percentage": D(20)}]


def read(side: Side, raw: Raw, facts: Facts = FACTS) -> tuple[Line, ...]:
    found = read_all(SPEC, side, raw, facts)["lines"]
    assert isinstance(found, tuple)
    return found


def write(
    side: Side, lines: tuple[Line, ...], current: Raw | None = None, facts: Facts = FACTS
) -> dict[str, Any]:
    return write_body(SPEC, side, {"lines": lines}, facts, current)


def in_crm(**more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": "r1", "Product_Name": {"id": "3001", "name": "House wine"}, "Quantity": 2,
        "List_Price": D("10.5"), "Discount": 0, "Description": None, "Line_Tax": [],
    }  # fmt: skip
    return plain | more


def in_xero(**more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "LineItemID": "l1", "ItemCode": "WINE", "Description": "House wine", "Quantity": D(2),
        "UnitAmount": D("10.5"), "TaxType": "NONE", "AccountCode": "210", "TaxAmount": D(0),
        "LineAmount": D(21), "Tracking": [],
    }  # fmt: skip
    return plain | more


def crm(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"Invoiced_Items": list(rows), **more}


def xero(*rows: Any, mode: str = "Exclusive") -> dict[str, Any]:
    return {"LineItems": list(rows), "LineAmountTypes": mode}


PLAIN = line(quantity=D(2), unit_price=D("10.5"))


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, {}),
        ({"Description": "Red"}, {"description": "Red"}),
        ({"Description": "House wine"}, {}),
        ({"Product_Name": "3001"}, {}),
        ({"Product_Name": {"id": "3999"}}, {"product": None}),
        ({"Product_Name": None}, {"product": None}),
        ({"Line_Tax": VAT}, {"tax": "OUTPUT2"}),
        ({"Line_Tax": [{"name": "Lux", "percentage": 33}]}, {"tax": "zoho:Lux|33"}),
        ({"Line_Tax": [{"name": "CGST", "percentage": 10}, {"name": "SGST", "percentage": 10}, "?"]},
         {"tax": "OUTPUT2"}),
        ({"Line_Tax": [{"name": None, "percentage": None}]}, {}),
        ({"Discount": D("1.05")}, {"discount": D("1.05")}),
        ({"Quantity": None, "List_Price": None}, {"quantity": D(1), "unit_price": D(0)}),
    ],
)  # fmt: skip
def test_a_crm_row_reads_in_common_terms(change: dict[str, Any], told: dict[str, Any]) -> None:
    assert read(Z, crm(in_crm(**change))) == (replace(PLAIN, **told),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, {}),
        ({"Description": "Red"}, {"description": "Red"}),
        ({"Description": None}, {}),
        ({"ItemCode": "UNKNOWN", "Description": "x"}, {"product": "xero:UNKNOWN", "description": "x"}),
        ({"ItemCode": None, "Description": "x"}, {"product": None, "description": "x"}),
        ({"ItemCode": "", "Description": "Other"}, {"product": None}),
        ({"TaxType": "OUTPUT2"}, {"tax": "OUTPUT2"}),
        ({"TaxType": "NEWFANGLED"}, {"tax": "NEWFANGLED"}),
        ({"TaxType": None}, {}),
        ({"DiscountAmount": D("1.05")}, {"discount": D("1.05")}),
        ({"DiscountRate": D("5")}, {"discount": D("1.05")}),
        ({"DiscountRate": D("12.5"), "UnitAmount": D("9.9999")},
         {"discount": D("2.50"), "unit_price": D("9.9999")}),
        ({"Quantity": None, "UnitAmount": None}, {"quantity": D(1), "unit_price": D(0)}),
    ],
)  # fmt: skip
def test_a_xero_line_reads_in_common_terms(change: dict[str, Any], told: dict[str, Any]) -> None:
    assert read(X, xero(in_xero(**change))) == (replace(PLAIN, **told),)


def test_garbled_rows_are_no_rows() -> None:
    assert read(Z, crm("nonsense")) == ()
    assert read(X, {"LineItems": [None]}) == ()


def test_a_number_that_is_none_is_refused_with_its_column() -> None:
    with pytest.raises(Refused) as refused:
        read(Z, crm(in_crm(Quantity="a few")))
    assert refused.value.message.params["field"] == "lines.Quantity"


def test_a_tax_of_absurd_size_is_refused() -> None:
    for rate in (-1, 1000):
        with pytest.raises(Refused, match="unreadable"):
            read(Z, crm(in_crm(Line_Tax=[{"name": "x", "percentage": rate}])))


HUGE = st.sampled_from([D("999999999999.9999"), D("-999999999999.9999"), D("1e-999999"), D(0)])


@given(HUGE, HUGE, HUGE, st.sampled_from([None, 0, D("999.9999")]))
def test_figures_of_any_size_are_read_and_proved(
    quantity: Decimal, price: Decimal, discount: Decimal, percentage: Decimal | None
) -> None:
    tax = [{"name": "x", "percentage": percentage}]
    held = in_crm(Quantity=quantity, List_Price=price, Discount=discount, Line_Tax=tax)
    document = crm(held, held, Discount=discount, Adjustment=price, Grand_Total=D("999999999999"))
    verdict = prove(document, read(Z, document), FACTS)
    assert isinstance(verdict, (Agreement, Difference))
    row_ = in_xero(Quantity=quantity, UnitAmount=price, DiscountAmount=discount, TaxType="OUTPUT2")
    assert read(X, xero(row_, mode="Inclusive"))[0].product == "3001"


def test_the_documents_tax_counts_where_a_row_has_none() -> None:
    taxed = crm(
        in_crm(), in_crm(Line_Tax=[{"name": "Old", "percentage": 15}]), **{"$line_tax": VAT}
    )
    assert [each.tax for each in read(Z, taxed)] == ["OUTPUT2", "OUTPUT15"]


def test_the_documents_discount_is_spread_and_its_adjustment_is_a_line() -> None:
    lines = read(Z, crm(in_crm(), in_crm(Quantity=1), Discount=D(1), Adjustment=D("-0.3")))
    assert [each.discount for each in lines] == [D("0.67"), D("0.33"), 0]
    assert lines[2] == line(product=None, description="Adjustment", unit_price=D("-0.3"))


def test_a_discount_after_line_taxes_is_a_line_of_its_own_there_and_back() -> None:
    current = crm(in_crm(Line_Tax=VAT), Discount=D(3), Adjustment=D(1))
    lines = read(Z, current)
    assert [(each.description, each.unit_price, each.tax) for each in lines[1:]] == [
        ("Discount", D(-3), None), ("Adjustment", D(1), None),
    ]  # fmt: skip
    assert lines[0].discount == 0
    body = write(Z, lines)
    assert (body["Discount"], body["Adjustment"], len(body["Invoiced_Items"])) == (3, 1, 1)
    untaxed = write(Z, (line(), line(product=None, description="Discount", unit_price=D(-3))))
    assert ("Discount" in untaxed, len(untaxed["Invoiced_Items"])) == (False, 2)


def test_an_inclusive_document_is_made_exclusive_to_the_cent() -> None:
    rows = (
        in_xero(UnitAmount=D(12), TaxType="OUTPUT2"),
        in_xero(Quantity=D(1), UnitAmount=D(10), TaxType="OUTPUT15"),
    )
    lines = read(X, xero(*rows, mode="Inclusive"))
    assert [(each.unit_price, each.tax) for each in lines] == [
        (D(10), "OUTPUT2"), (D("8.70"), "OUTPUT15"), (D("-0.01"), None),
    ]  # fmt: skip
    assert lines[2].description == "Adjustment"


def test_a_document_without_tax_has_no_taxes() -> None:
    assert read(X, xero(in_xero(TaxType="OUTPUT2"), mode="NOTAX"))[0].tax is None


ROUNDING = {
    "Description": "Rounding", "Quantity": 1, "UnitAmount": D("0.01"), "AccountCode": "860",
    "TaxType": "NONE",
}  # fmt: skip


def test_a_document_has_one_adjustment_at_most() -> None:
    penny = line(product=None, description="Adjustment", unit_price=D("0.01"))
    assert adjusted((PLAIN,), D("0.01")) == (PLAIN, penny)
    assert adjusted((PLAIN, penny), D("0.01")) == (PLAIN, replace(penny, unit_price=D("0.02")))
    assert adjusted((PLAIN, penny), D("-0.01")) == (PLAIN,)
    assert adjusted((), D(0)) == ()


def test_our_rounding_line_is_not_read_and_anybody_elses_is() -> None:
    assert read(X, xero(in_xero(), ROUNDING)) == (PLAIN,)
    assert len(read(X, xero(in_xero(), ROUNDING | {"AccountCode": "200"}))) == 2
    assert len(read(X, xero(in_xero(), ROUNDING | {"Description": "Mine"}))) == 2
    assert len(read(X, xero(in_xero(), ROUNDING | {"ItemCode": "WINE"}))) == 2
    assert len(read(X, xero(in_xero(), ROUNDING), replace(FACTS, accounts={}))) == 2


# --- comparing ----------------------------------------------------------------------------------


def test_order_and_digits_nobody_keeps_do_not_count() -> None:
    same = CODECS["lines"].same
    a, b = line(), line(product=None, description="x", tax="RR")
    assert same((a, b), (b, a))
    assert same((a,), (line(unit_price=D("10.00001"), quantity=D("1.00001")),))
    assert same(None, ())
    assert not same((a,), ())
    assert not same((a, a), (a, b))
    assert not same((a,), (line(tax="RR"),))
    assert not same((a,), None)


# --- writing to CRM -----------------------------------------------------------------------------


def test_a_new_crm_row_says_everything_about_itself() -> None:
    lines = (line(description="Red", tax="OUTPUT2", discount=D("1.5")),)
    assert write(Z, lines) == crm({
        "Product_Name": {"id": "3001"}, "Quantity": D(1), "List_Price": D(10), "Discount": D("1.5"),
        "Description": "Red", "Line_Tax": [{"name": "VAT", "percentage": D(20)}],
    })  # fmt: skip


def test_crm_rows_are_kept_changed_and_deleted_by_id() -> None:
    current = crm(
        in_crm(id="r1"),
        in_crm(id="r2", Product_Name={"id": "3002"}),
        in_crm(id="r3", Description="z"),
    )
    lines = (line(product="3002", quantity=D(7)), line(description="z"))
    rows = write(Z, lines, current)["Invoiced_Items"]
    assert [each["id"] for each in rows] == ["r2", "r3", "r1"]
    assert rows[0]["Quantity"] == 7
    assert rows[2] == {"id": "r1", "_delete": None}


def test_a_row_keeps_the_tax_it_already_has() -> None:
    both = [{"name": "CGST", "percentage": D(10)}, {"name": "SGST", "percentage": D(10)}]
    rows = write(Z, (line(tax="OUTPUT2"),), crm(in_crm(Line_Tax=both)))["Invoiced_Items"]
    assert rows[0]["Line_Tax"] == both


def test_what_was_said_for_the_whole_crm_document_is_taken_off_it() -> None:
    current = crm(in_crm(), Discount=D(3), Adjustment=D(1), **{"$line_tax": VAT})
    body = write(Z, (line(tax="OUTPUT2"),), current)
    assert (body["Discount"], body["Adjustment"], body["$line_tax"]) == (0, 0, [])
    assert body["Invoiced_Items"][0]["Line_Tax"] == VAT


def test_an_adjustment_goes_back_to_where_crm_keeps_it() -> None:
    adjusted = line(product=None, description="Adjustment", unit_price=D("0.01"))
    body = write(Z, (line(), adjusted))
    assert body["Adjustment"] == D("0.01")
    assert len(body["Invoiced_Items"]) == 1
    assert len(write(Z, (adjusted, line()))["Invoiced_Items"]) == 2


def test_a_line_without_product_gets_the_fallback_or_waits_for_one() -> None:
    free = (line(product=None, description="Delivery"),)
    assert write(Z, free)["Invoiced_Items"][0]["Product_Name"] == {"id": "3999"}
    with pytest.raises(NotConfigured) as waits:
        write(Z, free, facts=replace(FACTS, fallback_product=None))
    assert waits.value.message.params == {"line": "Delivery"}


def test_a_xero_item_not_yet_in_crm_is_asked_for_by_its_code() -> None:
    with pytest.raises(NeedsPartner) as needs:
        write(Z, (line(product="xero:NEW"),))
    assert (needs.value.module, needs.value.side, needs.value.id) == ("products", X, "NEW")


def test_an_unmapped_tax_goes_back_to_crm_as_it_came() -> None:
    rows = write(Z, (line(tax="zoho:Lux|33.5"),))["Invoiced_Items"]
    assert rows[0]["Line_Tax"] == [{"name": "Lux", "percentage": D("33.5")}]


# --- writing to Xero ----------------------------------------------------------------------------


def test_a_new_xero_line_says_everything_about_itself() -> None:
    lines = (line(description="Red", tax="OUTPUT2", discount=D("1.5")),)
    assert write(X, lines) == xero({
        "ItemCode": "WINE", "Description": "Red", "Quantity": D(1), "UnitAmount": D(10),
        "TaxType": "OUTPUT2", "AccountCode": "210", "DiscountAmount": D("1.5"),
    })  # fmt: skip


def test_xero_lines_keep_their_id_account_tracking_and_rate() -> None:
    tracking = [
        {"TrackingCategoryID": "t", "Name": "Region", "Option": "North", "Options": []},
        "?",
    ]
    held = in_xero(DiscountRate=D(5), AccountCode="299", Tracking=tracking, TaxType="GONE")
    lines = read(X, xero(held))
    assert write(X, lines, xero(held)) == xero({
        "LineItemID": "l1", "ItemCode": "WINE", "Description": "House wine", "Quantity": D(2),
        "UnitAmount": D("10.5"), "TaxType": "GONE", "AccountCode": "299", "DiscountRate": D(5),
        "Tracking": [{"TrackingCategoryID": "t", "Name": "Region", "Option": "North"}],
    })  # fmt: skip


def test_a_changed_line_has_an_amount_for_a_discount_and_none_becomes_zero() -> None:
    held = in_xero(DiscountRate=D(5))
    (was,) = read(X, xero(held))
    more = write(X, (replace(was, quantity=D(3)),), xero(held))["LineItems"][0]
    assert more["DiscountAmount"] == D("1.05")
    assert "DiscountRate" not in more
    none = write(X, (replace(was, discount=D(0)),), xero(held))["LineItems"][0]
    assert none["DiscountAmount"] == 0


def test_a_line_that_changed_its_product_takes_the_new_ones_account() -> None:
    lines = (line(product="3002"),)
    row_ = write(X, lines, xero(in_xero()))["LineItems"][0]
    assert (row_["LineItemID"], row_["ItemCode"], row_["AccountCode"]) == ("l1", "CORK", "200")


def test_the_rounding_line_goes_to_the_rounding_account_and_never_twice() -> None:
    rounding = line(product=None, description="Rounding", unit_price=D("0.01"))
    current = xero(in_xero(), ROUNDING | {"LineItemID": "l9"})
    rows = write(X, (PLAIN, rounding), current)["LineItems"]
    assert [each.get("LineItemID") for each in rows] == ["l1", None]
    assert rows[1]["AccountCode"] == "860"
    assert read(X, xero(*rows)) == (PLAIN,)


def test_an_untaxed_document_stays_one_until_a_line_has_a_tax() -> None:
    current = xero(in_xero(), mode="NoTax")
    assert write(X, (PLAIN,), current)["LineAmountTypes"] == "NoTax"
    assert write(X, (line(tax="RR"),), current)["LineAmountTypes"] == "Exclusive"


def test_an_inclusive_document_is_written_exclusive() -> None:
    current = xero(in_xero(UnitAmount=D(12), TaxType="OUTPUT2"), mode="Inclusive")
    body = write(X, read(X, current), current)
    assert body["LineAmountTypes"] == "Exclusive"
    assert body["LineItems"][0]["UnitAmount"] == D(10)


def test_an_endpoint_may_spell_its_modes_otherwise() -> None:
    quotes = replace(FIELD, dialect=QUOTES)
    body = write_body(spec(quotes), X, {"lines": (line(),)}, FACTS)
    assert body["LineAmountTypes"] == "EXCLUSIVE"


def test_items_not_yet_in_xero_are_asked_for_and_codes_go_back_as_they_came() -> None:
    with pytest.raises(NeedsPartner) as needs:
        write(X, (line(product="3003"),))
    assert (needs.value.side, needs.value.id) == (Z, "3003")
    rows = write(X, (line(product="xero:NEW"),))["LineItems"]
    assert (rows[0]["ItemCode"], rows[0]["Description"]) == ("NEW", "NEW")


def test_a_line_with_neither_words_nor_product_is_refused() -> None:
    with pytest.raises(Refused, match="line_without_description"):
        write(X, (line(product=None),), facts=replace(FACTS, product_names={}))
    rows = write(X, (line(product=None),))["LineItems"]
    assert (rows[0]["Description"], "ItemCode" in rows[0]) == ("Other", False)


def test_words_xero_cannot_hold_are_refused() -> None:
    with pytest.raises(Refused, match="text_too_long"):
        write(X, (line(description="x" * 4001),))
    with pytest.raises(Refused, match="text_too_long"):
        write_body(spec(replace(FIELD, zoho_length=5)), Z, {"lines": (line(description="x" * 6),)}, FACTS)  # fmt: skip


@pytest.mark.parametrize(
    ("tax", "key"), [("zoho:Lux|33", "tax_not_mapped"), ("GONE", "tax_inactive"), ("Q", "tax_missing")]
)  # fmt: skip
def test_a_tax_xero_would_not_take_stops_before_sending(tax: str, key: str) -> None:
    with pytest.raises(NotConfigured, match=key):
        write(X, (line(tax=tax),))


def test_a_tax_mapped_since_it_was_read_is_sent() -> None:
    facts = replace(FACTS, tax_map=((ZohoTax(name="Lux", rate=D(33)), "RR"),))
    assert write(X, (line(tax="zoho:Lux|33"),), facts=facts)["LineItems"][0]["TaxType"] == "RR"


ONE = {"200": FACTS.accounts["200"], "299": FACTS.accounts["299"]}


@pytest.mark.parametrize(
    ("facts", "account"),
    [
        (FACTS, "210"),
        (replace(FACTS, item_accounts={}), "200"),
        (replace(FACTS, item_accounts={}, sales_account=None, accounts=ONE), "200"),
        (Facts(item_codes={"3001": "WINE"}, sales_account="400"), "400"),
    ],
)
def test_a_new_line_finds_its_account(facts: Facts, account: str) -> None:
    rows = write(X, (line(description="x"),), facts=facts)["LineItems"]
    assert rows[0]["AccountCode"] == account


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (
            replace(FACTS, item_accounts={}, sales_account=None, invoice_status="AUTHORISED"),
            "sales_account_missing",
        ),
        (replace(FACTS, item_accounts={"WINE": "299"}), "account_archived"),
        (replace(FACTS, item_accounts={"WINE": "999"}), "account_missing"),
    ],
)
def test_a_line_without_a_usable_account_waits(facts: Facts, key: str) -> None:
    with pytest.raises(NotConfigured, match=key):
        write(X, (line(),), facts=facts)


def test_a_draft_may_go_without_an_account_and_an_approved_document_may_not() -> None:
    facts = replace(FACTS, item_accounts={}, sales_account=None)
    assert "AccountCode" not in write(X, (line(),), facts=facts)["LineItems"][0]
    approved = {"LineItems": [], "Status": "AUTHORISED"}
    with pytest.raises(NotConfigured, match="sales_account_missing"):
        write(X, (line(),), approved, facts)


def test_accounts_are_compared_by_code_wherever_they_are_kept() -> None:
    by_id = {each.id: each for each in FACTS.accounts.values()}
    assert isinstance(by_id["a200"], LedgerAccount)
    assert write(X, (line(),), facts=replace(FACTS, accounts=by_id))["LineItems"][0]["AccountCode"] == "210"  # fmt: skip


# --- laws ---------------------------------------------------------------------------------------

some_lines = st.lists(
    st.builds(
        Line,
        product=st.sampled_from(["3001", "3002", None]),
        description=st.sampled_from(["Red", "White", "Adjustment", "Discount"]),
        quantity=st.decimals(0, 100, places=4),
        unit_price=st.decimals(-1000, 1000, places=4),
        discount=st.decimals(0, 10, places=2),
        tax=st.sampled_from([None, "OUTPUT2", "RR2"]),
    ),
    max_size=6,
).map(tuple)


def stored(side: Side, body: dict[str, Any]) -> dict[str, Any]:
    """What the side holds after ``body``: deleted rows gone, every row with an id."""
    key = "Invoiced_Items" if side is Z else "LineItems"
    rows = [each for each in body[key] if "_delete" not in each]
    name = "id" if side is Z else "LineItemID"
    return body | {key: [{name: f"new{at}", **each} for at, each in enumerate(rows)]}


@pytest.mark.parametrize("side", list(Side))
@given(before=some_lines, after=some_lines)
def test_lines_that_were_written_read_back(
    side: Side, before: tuple[Line, ...], after: tuple[Line, ...]
) -> None:
    current = stored(side, write(side, before))
    now = stored(side, write(side, after, current))
    assert CODECS["lines"].same(read(side, now), after)


@given(before=some_lines, after=some_lines)
def test_every_crm_row_is_sent_once(before: tuple[Line, ...], after: tuple[Line, ...]) -> None:
    current = stored(Z, write(Z, before))
    sent = [each["id"] for each in write(Z, after, current)["Invoiced_Items"] if "id" in each]
    assert sorted(sent) == sorted(each["id"] for each in current["Invoiced_Items"])


@given(some_lines)
def test_lines_cross_without_a_change(lines: tuple[Line, ...]) -> None:
    there = read(X, stored(X, write(X, lines)))
    back = read(Z, stored(Z, write(Z, there)))
    assert CODECS["lines"].same(back, lines)


@given(some_lines, some_lines)
def test_alignment_pairs_as_many_as_it_can_and_none_twice(
    wanted: tuple[Line, ...], held: tuple[Line, ...]
) -> None:
    pairs = align(wanted, held)
    taken = [at for at in pairs if at is not None]
    assert len(taken) == len(set(taken)) == min(len(wanted), len(held))


@given(
    st.decimals(0, 10000, places=4), st.decimals(1, 100, places=4), st.decimals(0, 100, places=2)
)
def test_a_rate_becomes_the_amount_that_leads_to_the_same_line_amount(
    unit_amount: Decimal, quantity: Decimal, rate: Decimal
) -> None:
    held = in_xero(UnitAmount=unit_amount, Quantity=quantity, DiscountRate=rate)
    (found,) = read(X, xero(held))
    assert net_of(found) == half_up(quantity * unit_amount * (100 - rate) / 100)
