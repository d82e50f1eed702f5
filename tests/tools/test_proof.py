"""The proof of the scripted day finds what is wrong, and only that."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from dev_tools.proof import look
from dev_tools.stage import Stage, written

INVOICE_ID, CONTACT_ID, ITEM_ID = "inv-1", "con-1", "item-1"
CRM: dict[str, list[dict[str, Any]]] = {
    "Accounts": [{"id": "1", "Account_Name": "Quay", "Xero_ID": CONTACT_ID}],
    "Products": [{"id": "2", "Product_Code": "WN-1", "Xero_ID": ITEM_ID}],
    "Invoices": [
        {
            "id": "3",
            "Xero_ID": INVOICE_ID,
            "Currency": "EUR",
            "Grand_Total": Decimal("11.44"),
            "Xero_Amount_Due": Decimal("1.44"),
            "Xero_Amount_Paid": Decimal(10),
            "Invoiced_Items": [{}],
        }
    ],
    "Vendors": [],
    "Contacts": [],
}
XERO: dict[str, list[dict[str, Any]]] = {
    "Contacts": [{"ContactID": CONTACT_ID, "Name": "Quay"}],
    "Items": [{"ItemID": ITEM_ID, "Code": "WN-1"}],
    "Invoices": [
        {
            "InvoiceID": INVOICE_ID,
            "InvoiceNumber": "INV-1",
            "CurrencyCode": "EUR",
            "Total": Decimal("11.44"),
            "AmountDue": Decimal("1.44"),
            "AmountPaid": Decimal(10),
            "LineItems": [{}],
        }
    ],
}


class TwoSides(Stage):
    """A stage whose records are given instead of asked for."""

    def __init__(self) -> None:
        """Both sides agree."""
        self.crm_side, self.xero_side = deepcopy(CRM), deepcopy(XERO)

    def crm(self, module: str) -> list[dict[str, Any]]:
        """The given CRM records."""
        return self.crm_side[module]

    def xero(self, entity: str) -> list[dict[str, Any]]:
        """The given Xero records."""
        return self.xero_side[entity]


def test_agreeing_sides_have_no_breach_and_equal_sums() -> None:
    proof = look(TwoSides())
    assert proof.breaches == []
    assert proof.linked == 3
    assert proof.sums["EUR"].crm == proof.sums["EUR"].xero == Decimal("11.44")
    assert proof.sums["EUR"].crm_open == proof.sums["EUR"].xero_open == Decimal("1.44")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("Grand_Total", Decimal("11.45"), "total is 11.45 in CRM and 11.44 in Xero"),
        ("Xero_Amount_Due", Decimal("11.44"), "due is 11.44"),
        ("Xero_Amount_Paid", None, "paid is 0"),
        ("Currency", "GBP", "currency is GBP"),
        ("Invoiced_Items", [], "lines is 0"),
        ("Xero_ID", "elsewhere", "CRM names elsewhere"),
    ],
)
def test_each_difference_is_a_breach(field: str, value: object, words: str) -> None:
    stage = TwoSides()
    stage.crm_side["Invoices"][0][field] = value
    assert any(words in breach for breach in look(stage).breaches)


def test_two_records_with_one_partner_are_a_breach() -> None:
    stage = TwoSides()
    stage.crm_side["Accounts"].append({"id": "9", "Xero_ID": CONTACT_ID})
    assert look(stage).breaches == ["accounts: 2 CRM records claim con-1"]


def test_records_without_partner_are_counted_on_their_side() -> None:
    stage = TwoSides()
    stage.crm_side["Accounts"].append({"id": "9", "Account_Name": "New", "Xero_ID": None})
    stage.xero_side["Items"].append({"ItemID": "item-2", "Code": "WN-2"})
    proof = look(stage)
    assert [record["id"] for record in proof.crm_only["accounts"]] == ["9"]
    assert [record["Code"] for record in proof.xero_only["products"]] == ["WN-2"]


def test_only_changing_requests_count_as_writes() -> None:
    entries = [
        {"method": "GET", "path": "/crm/v8/Accounts"},
        {"method": "POST", "path": "/crm/v8/coql"},
        {"method": "POST", "path": "/connect/token"},
        {"method": "PUT", "path": "/crm/v8/Accounts"},
        {"method": "POST", "path": "/api.xro/2.0/Contacts"},
    ]
    assert list(written(entries)) == ["PUT /crm/v8/Accounts", "POST /api.xro/2.0/Contacts"]


def test_a_contact_that_is_a_supplier_of_crm_needs_no_account() -> None:
    sides = TwoSides()
    sides.xero_side["Contacts"].append({"ContactID": "con-2", "Name": "Cooper"})
    sides.crm_side["Vendors"].append({"id": "9", "Xero_ID": "con-2"})
    assert look(sides).xero_only["accounts"] == []
