"""Lines and totals: the subform rules of an update, and the amounts CRM computes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.zoho.conftest import Crm

Invoice = Callable[..., str]


def put_lines(crm: Crm, invoice_id: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Update the lines and read the invoice."""
    body = {"data": [{"id": invoice_id, "Invoiced_Items": rows}], "trigger": []}
    answer = crm.call("PUT", "/Invoices", body)
    assert answer.status_code == 200, answer.text
    return crm.read("Invoices", invoice_id)


def test_a_document_tax_is_rounded_on_the_whole(crm: Crm, invoice: Invoice) -> None:
    made = invoice("25.06", "25.61", "25.63", **{"$line_tax": [{"name": "GST", "percentage": 15}]})
    shown = crm.read("Invoices", made)
    assert shown["Sub_Total"] == Decimal("76.30")
    assert shown["Tax"] == Decimal("11.45")
    assert shown["Grand_Total"] == Decimal("87.75")


def test_line_taxes_are_rounded_on_each_line(crm: Crm, invoice: Invoice) -> None:
    shown = crm.read("Invoices", invoice("25.06", "25.61", "25.63", tax=15))
    assert [line["Tax"] for line in shown["Invoiced_Items"]] == [
        Decimal("3.76"),
        Decimal("3.84"),
        Decimal("3.84"),
    ]
    assert shown["Grand_Total"] == Decimal("87.74")


@pytest.mark.parametrize(("rounding", "total"), [("line", "87.74"), ("document", "87.75")])
def test_the_place_of_rounding_can_be_switched(
    crm: Crm, invoice: Invoice, rounding: str, total: str
) -> None:
    crm.world.switches.zoho_tax_rounding = rounding
    document = {"$line_tax": [{"name": "GST", "percentage": 15}]}
    on_lines = crm.read("Invoices", invoice("25.06", "25.61", "25.63", tax=15))
    on_whole = crm.read("Invoices", invoice("25.06", "25.61", "25.63", **document))
    assert on_lines["Grand_Total"] == Decimal(total)
    assert on_whole["Grand_Total"] == Decimal(total)


def test_discounts_and_the_adjustment_enter_the_total(crm: Crm, invoice: Invoice) -> None:
    made = invoice("100.00", tax=15, Discount=5, Adjustment=-0.5)
    line = crm.read("Invoices", made)["Invoiced_Items"][0]
    shown = put_lines(crm, made, [{"id": line["id"], "Discount": 10}])
    (line,) = shown["Invoiced_Items"]
    assert line["Total"] == Decimal("100.00")
    assert line["Total_After_Discount"] == Decimal("90.00")
    assert line["Net_Total"] == Decimal("103.50")
    assert shown["Grand_Total"] == Decimal("98.00")


def test_computed_amounts_cannot_be_written(crm: Crm, invoice: Invoice) -> None:
    shown = crm.read("Invoices", invoice("10.00", Grand_Total=999, Sub_Total=999))
    assert shown["Grand_Total"] == Decimal("10.00")


def test_a_tax_the_organisation_does_not_have_is_refused(crm: Crm, invoice: Invoice) -> None:
    made = crm.read("Invoices", invoice("10.00"))
    line = {"id": made["Invoiced_Items"][0]["id"], "Line_Tax": [{"name": "GST", "percentage": 14}]}
    body = {"data": [{"id": made["id"], "Invoiced_Items": [line]}]}
    assert crm.refused(crm.call("PUT", "/Invoices", body))[1] == "INVALID_DATA"


def test_a_row_with_an_id_changes_and_one_without_is_appended(crm: Crm, invoice: Invoice) -> None:
    made = invoice("10.00", "20.00")
    first, second = crm.read("Invoices", made)["Invoiced_Items"]
    rows = [
        {"id": first["id"], "Quantity": 3},
        {"id": second["id"]},
        {"Product_Name": first["Product_Name"], "List_Price": 5},
    ]
    shown = put_lines(crm, made, rows)
    assert [line["Net_Total"] for line in shown["Invoiced_Items"]] == [
        Decimal("30.00"),
        Decimal("20.00"),
        Decimal("5.00"),
    ]
    assert [line["id"] for line in shown["Invoiced_Items"]][:2] == [first["id"], second["id"]]


def test_delete_null_removes_a_row(crm: Crm, invoice: Invoice) -> None:
    made = invoice("10.00", "20.00")
    first, second = crm.read("Invoices", made)["Invoiced_Items"]
    rows = [{"id": first["id"], "_delete": None}, {"id": second["id"]}]
    assert put_lines(crm, made, rows)["Grand_Total"] == Decimal("20.00")


@pytest.mark.parametrize(("kept", "total"), [(True, "30.00"), (False, "10.00")])
def test_rows_that_are_left_out_stay_or_go_by_switch(
    crm: Crm, invoice: Invoice, kept: bool, total: str
) -> None:
    crm.world.switches.omitted_subform_rows_kept = kept
    made = invoice("10.00", "20.00")
    first, _second = crm.read("Invoices", made)["Invoiced_Items"]
    assert put_lines(crm, made, [{"id": first["id"]}])["Grand_Total"] == Decimal(total)


def test_an_empty_list_removes_all_rows(crm: Crm, invoice: Invoice) -> None:
    assert put_lines(crm, invoice("10.00"), [])["Invoiced_Items"] == []


def test_a_foreign_row_id_is_refused(crm: Crm, invoice: Invoice) -> None:
    body = {"data": [{"id": invoice("10.00"), "Invoiced_Items": [{"id": "487687600000599999"}]}]}
    assert crm.refused(crm.call("PUT", "/Invoices", body))[1] == "INVALID_DATA"


def test_an_invoice_without_lines_is_refused(crm: Crm) -> None:
    answer = crm.call("POST", "/Invoices", {"data": [{"Subject": "S"}]})
    assert crm.refused(answer)[1:] == (
        "MANDATORY_NOT_FOUND",
        {"api_name": "Invoiced_Items", "json_path": "$.data[0].Invoiced_Items"},
    )


def test_the_number_is_given_by_the_server(crm: Crm, invoice: Invoice) -> None:
    shown = crm.read("Invoices", invoice("10.00", Invoice_Number="MINE"))
    assert shown["Invoice_Number"] == "INV-000001"


def test_a_deleted_product_keeps_its_name_on_the_lines(crm: Crm, invoice: Invoice) -> None:
    made = crm.read("Invoices", invoice("10.00"))
    crm.world.zoho.delete("Products", made["Invoiced_Items"][0]["Product_Name"]["id"])
    line = crm.read("Invoices", made["id"])["Invoiced_Items"][0]
    assert line["Product_Name"]["name"] == "Wine"


def test_merging_accounts_moves_their_invoices_and_deletes_the_loser(
    crm: Crm, invoice: Invoice
) -> None:
    made = crm.read("Invoices", invoice("10.00"))
    loser = made["Account_Name"]["id"]
    (winner,) = crm.insert("Accounts", {"Account_Name": "Winner"})
    crm.world.zoho.edit("Accounts", loser, {"Phone": "123"})
    crm.world.zoho.merge("Accounts", winner, [loser])
    assert crm.read("Invoices", made["id"])["Account_Name"]["id"] == winner
    assert crm.read("Accounts", winner)["Phone"] == "123"
    deleted = crm.call("GET", "/Accounts/deleted").json()["data"]
    assert [one["id"] for one in deleted] == [loser]
