"""A tax is found by the map, by the one rate that fits, or not at all; never a default."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.core.errors import NotConfigured
from backend.core.spec import Facts, ZohoTax
from backend.core.taxes import check_xero_tax, rate_of, tax_to_xero, tax_to_zoho
from tests.core.world import FACTS, D

MAPPED = replace(
    FACTS,
    tax_map=(
        (ZohoTax(name="VAT", rate=D(20)), "OUTPUT15"),
        (ZohoTax(name="", rate=D(0)), "ZERO"),
        (ZohoTax(name="Stale", rate=D(7)), "GONE"),
        (ZohoTax(name="Lost", rate=D(7)), "NOWHERE"),
        (ZohoTax(name="Bought", rate=D(9)), "INPUT"),
    ),
)


@pytest.mark.parametrize(
    ("name", "rate", "facts", "code"),
    [
        ("VAT", "20", FACTS, "OUTPUT2"),
        ("VAT", "20.00", FACTS, "OUTPUT2"),
        ("energy", "5", FACTS, "RR2"),
        ("Exempt", "0", FACTS, "NONE"),
        ("", "0", FACTS, "NONE"),
        ("Zero rated", "0", FACTS, "ZERO"),
        ("vat ", "20", MAPPED, "OUTPUT15"),
        ("No tax", "0", MAPPED, "ZERO"),
    ],
)
def test_a_crm_tax_has_one_xero_tax(name: str, rate: str, facts: Facts, code: str) -> None:
    assert tax_to_xero(name, Decimal(rate), facts) == code


@pytest.mark.parametrize(
    ("name", "rate", "key", "tax"),
    [
        ("Luxury", "33", "tax_not_mapped", "Luxury 33 %"),
        ("Other", "5", "tax_not_mapped", "Other 5 %"),
        ("Old", "7.5", "tax_not_mapped", "Old 7.5 %"),
        ("Gone", "7", "tax_not_mapped", "Gone 7 %"),
        ("Stale", "7", "tax_inactive", "Gone"),
        ("Lost", "7", "tax_missing", "NOWHERE"),
        ("Bought", "9", "tax_not_for_sales", "Input"),
    ],
)
def test_a_tax_that_cannot_be_sent_waits_with_its_name(
    name: str, rate: str, key: str, tax: str
) -> None:
    with pytest.raises(NotConfigured) as waits:
        tax_to_xero(name, Decimal(rate), MAPPED)
    assert (waits.value.message.key, waits.value.message.params) == (key, {"tax": tax})


def test_no_tax_needs_no_rate() -> None:
    assert check_xero_tax("NONE", Facts()) == "NONE"
    assert rate_of(None, Facts()) == rate_of("NONE", Facts()) == 0


@pytest.mark.parametrize(
    ("code", "tax"),
    [
        ("OUTPUT2", ZohoTax(name="VAT", rate=D(20))),
        ("RR2", ZohoTax(name="Energy", rate=D(5))),
        ("NONE", None),
        (None, None),
    ],
)
def test_a_xero_tax_has_one_crm_tax(code: str | None, tax: ZohoTax | None) -> None:
    assert tax_to_zoho(code, FACTS) == tax


def test_the_map_leads_back_as_well() -> None:
    assert tax_to_zoho("OUTPUT15", MAPPED) == ZohoTax(name="VAT", rate=D(20))
    assert tax_to_zoho("ZERO", MAPPED) is None


@pytest.mark.parametrize(
    ("code", "shown"), [("ZERO", "Zero rated 0 %"), ("NOWHERE", "NOWHERE"), ("X5", "Third 5 %")]
)
def test_a_tax_crm_does_not_have_waits_with_its_name(code: str, shown: str) -> None:
    third = replace(FACTS.tax_rates["RR"], code="X5", name="Third")
    facts = replace(FACTS, tax_rates={**FACTS.tax_rates, "X5": third})
    with pytest.raises(NotConfigured) as waits:
        tax_to_zoho(code, facts)
    assert waits.value.message.params == {"tax": shown}


def test_an_unmapped_tax_carries_its_own_rate() -> None:
    assert rate_of("zoho:Luxury|Goods|33.5", FACTS) == D("33.5")
    assert rate_of("OUTPUT2", FACTS) == 20
    with pytest.raises(NotConfigured, match="tax_missing"):
        rate_of("NOWHERE", FACTS)
