"""One option on every line of a document in Xero, and nothing else touched."""

from decimal import Decimal
from typing import Any

import pytest

from backend.core.codecs import read_all, write_body
from backend.core.errors import NotConfigured, Refused
from backend.core.line_dialects import SALES, Dialect
from backend.core.spec import Facts, Field, ModuleSpec, Resource, Side, TaxRate, TrackingCategory
from backend.core.tracking import options_of, tracking_path
from backend.modules.quotes import DIALECT as QUOTES
from tests.core.world import SHOWN

CATEGORY = "351953C4-8127-4009-88C3-F9CD8C9CBE9F"
REGION = TrackingCategory(id=CATEGORY, name="Region", options={"North": "n1", "South": "s1"})
PATH = tracking_path(CATEGORY)
FACTS = Facts(
    tracking={PATH.rpartition(".")[2]: REGION},
    tax_rates={"OUTPUT2": TaxRate(code="OUTPUT2", name="VAT", rate=Decimal(20))},
)
HOME = Resource(path="Invoices", id="id", number=None, label="Subject", modified="m")
OTHER = {"TrackingCategoryID": "other", "TrackingOptionID": "o", "Name": "Job", "Option": "Big"}


def module(dialect: Dialect = SALES, **more: Any) -> ModuleSpec:
    """A document module with a row on the category."""
    rows = (
        Field(name="lines", zoho="Items", xero="LineItems", codec="lines", dialect=dialect),
        Field(name="region", zoho="Region", xero=PATH, codec="tracking", **more),
    )
    return ModuleSpec(key="invoices", shown=SHOWN, zoho=HOME, xero=HOME, fields=rows)


def document(*tracking: list[dict[str, str]]) -> dict[str, Any]:
    """An invoice with one line per list of entries."""
    lines = [
        {"LineItemID": str(n), "Description": "x", "Quantity": Decimal(1), "UnitAmount": Decimal(9),
         "TaxType": "OUTPUT2", "TaxAmount": Decimal("1.8"), "DiscountRate": Decimal(10),
         "LineAmount": Decimal(9), "Tracking": entries}
        for n, entries in enumerate(tracking)
    ]  # fmt: skip
    return {"LineAmountTypes": "Inclusive", "LineItems": lines}


def entry(option: str) -> dict[str, str]:
    """What a line bears."""
    key = REGION.options[option]
    return {"TrackingCategoryID": CATEGORY, "TrackingOptionID": key, "Name": "Region",
            "Option": option}  # fmt: skip


def test_what_all_lines_bear_is_the_document_s_value() -> None:
    spec = module()
    raw = document([entry("North"), OTHER], [entry("North")])
    assert read_all(spec, Side.XERO, raw, FACTS)["region"] == "North"
    assert read_all(spec, Side.XERO, document([], []), FACTS)["region"] is None
    assert options_of(document([entry("North")], []), REGION) == {"North", None}
    assert options_of(raw, None) == set()


def test_crm_says_it_in_its_own_words() -> None:
    spec = module(value_map={"N": "n1", "S": "South"})
    assert read_all(spec, Side.ZOHO, {"Region": "N"}, FACTS)["region"] == "North"
    assert read_all(spec, Side.ZOHO, {"Region": "South"}, FACTS)["region"] == "South"
    assert write_body(spec, Side.ZOHO, {"region": "North"}, FACTS) == {"Region": "N"}
    assert write_body(spec, Side.ZOHO, {"region": None}, FACTS) == {"Region": None}


def test_every_other_part_of_every_line_goes_back_as_it_came() -> None:
    raw = document([entry("North"), OTHER], [])
    body = write_body(module(), Side.XERO, {"region": "South"}, FACTS, raw)
    assert body["LineAmountTypes"] == "Inclusive"
    assert [line["Tracking"] for line in body["LineItems"]] == [
        [OTHER, entry("South")], [entry("South")],
    ]  # fmt: skip
    for before, after in zip(raw["LineItems"], body["LineItems"], strict=True):
        kept = {key: value for key, value in after.items() if key != "Tracking"}
        assert kept == {key: before[key] for key in kept}
        assert "LineAmount" not in kept
    cleared = write_body(module(), Side.XERO, {"region": None}, FACTS, raw)
    assert [line["Tracking"] for line in cleared["LineItems"]] == [[OTHER], []]


def test_quotes_name_the_option_by_its_id_alone() -> None:
    body = write_body(module(QUOTES), Side.XERO, {"region": "North"}, FACTS, document([]))
    assert body["LineItems"][0]["Tracking"] == [{"TrackingOptionID": "n1"}]


def test_a_third_category_and_an_unknown_option_are_refused() -> None:
    third = {**OTHER, "TrackingCategoryID": "third", "TrackingOptionID": "t", "Name": "Third"}
    with pytest.raises(Refused) as full:
        write_body(module(), Side.XERO, {"region": "North"}, FACTS, document([OTHER, third]))
    assert full.value.message.key == "tracking_full"
    for facts, value in ((FACTS, "West"), (Facts(), "North")):
        with pytest.raises(NotConfigured) as unknown:
            write_body(module(), Side.XERO, {"region": value}, facts, document([]))
        assert unknown.value.message.key == "choice_unknown"
