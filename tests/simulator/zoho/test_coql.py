"""COQL: the language, its limits, and the line-item module."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.simulator.zoho.conftest import Crm


@pytest.fixture
def filled(crm: Crm) -> Crm:
    """Four accounts."""
    crm.insert(
        "Accounts",
        {"Account_Name": "Alder", "Phone": "1", "Annual_Revenue": 10},
        {"Account_Name": "Birch", "Annual_Revenue": 20},
        {"Account_Name": "O'Neil & Co", "Phone": "3", "Annual_Revenue": 30},
        {"Account_Name": "Cedar", "Phone": "4"},
    )
    return crm


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Account_Name = 'Alder'", ["Alder"]),
        ("Account_Name = 'O\\'Neil & Co'", ["O'Neil & Co"]),
        ("Account_Name = 'O''Neil & Co'", ["O'Neil & Co"]),
        ("Account_Name != 'Alder'", ["Birch", "O'Neil & Co", "Cedar"]),
        ("Account_Name in ('Alder', 'Cedar', 'Nobody')", ["Alder", "Cedar"]),
        ("Account_Name not in ('Alder', 'Cedar')", ["Birch", "O'Neil & Co"]),
        ("Account_Name like '%r%'", ["Alder", "Birch", "Cedar"]),
        ("Account_Name like 'c%'", ["Cedar"]),
        ("Annual_Revenue >= 20", ["Birch", "O'Neil & Co"]),
        ("Annual_Revenue between 10 and 20", ["Alder", "Birch"]),
        ("Phone is null", ["Birch"]),
        ("Phone is not null and Annual_Revenue < 30", ["Alder"]),
        ("Account_Name = 'Alder' or Account_Name = 'Birch'", ["Alder", "Birch"]),
        (
            "((Phone is not null and Annual_Revenue > 1) and Account_Name like 'O%')",
            ["O'Neil & Co"],
        ),
        ("Created_Time >= '2026-05-04T10:00:00+01:00' and Phone = '4'", ["Cedar"]),
        ("Modified_Time > '2026-05-04T10:30:00+01:00'", []),
    ],
)
def test_conditions_choose_records(filled: Crm, where: str, names: list[str]) -> None:
    rows = filled.query(f"select Account_Name from Accounts where {where} order by id asc limit 50")
    assert [row["Account_Name"] for row in rows] == names


def test_order_limit_and_offset_cut_a_window(filled: Crm) -> None:
    text = "select Account_Name from Accounts where id is not null order by Account_Name desc"
    answer = filled.call("POST", "/coql", {"select_query": f"{text} limit 1, 2"}).json()
    assert [row["Account_Name"] for row in answer["data"]] == ["Cedar", "Birch"]
    assert answer["info"] == {"count": 2, "more_records": True}
    other = filled.query(f"{text} limit 2 offset 1")
    assert [row["Account_Name"] for row in other] == ["Cedar", "Birch"]


def test_the_id_comes_along_unasked(filled: Crm) -> None:
    (row,) = filled.query("select Phone from Accounts where Account_Name = 'Alder'")
    assert set(row) == {"Phone", "id"}


def test_lookups_are_objects_and_can_be_followed(crm: Crm, invoice: Callable[..., str]) -> None:
    invoice("10.00")
    (row,) = crm.query(
        "select Account_Name, Account_Name.Account_Name, Grand_Total from Invoices "
        "where Account_Name.Account_Name = 'Harbour Café'"
    )
    assert row["Account_Name"]["name"] == "Harbour Café"
    assert row["Account_Name.Account_Name"] == "Harbour Café"
    assert row["Grand_Total"] == Decimal("10.00")


def test_lines_are_queried_by_their_parents(crm: Crm, invoice: Callable[..., str]) -> None:
    first, second = invoice("10.00", "20.00", tax=15), invoice("5.00")
    rows = crm.query(
        "select Parent_Id, Product_Name, Product_Name.Product_Code, Quantity, List_Price, "
        f"Line_Tax, Net_Total from Invoiced_Items where Parent_Id in ('{first}', {second}) "
        "order by id asc limit 200"
    )
    assert [row["Parent_Id"]["id"] for row in rows] == [first, first, second]
    assert rows[0]["Product_Name"]["name"] == "Wine"
    assert rows[0]["Product_Name.Product_Code"] == "W1"
    assert rows[0]["Line_Tax"][0]["percentage"] == 15
    assert rows[1]["Net_Total"] == Decimal("23.00")


def test_an_organisation_may_refuse_the_line_module(crm: Crm, invoice: Callable[..., str]) -> None:
    made = invoice("10.00")
    crm.world.switches.coql_lines = False
    text = f"select Quantity from Invoiced_Items where Parent_Id in ('{made}')"
    answer = crm.call("POST", "/coql", {"select_query": text})
    assert crm.refused(answer) == (400, "INVALID_QUERY", {"module": "Invoiced_Items"})


def test_nothing_found_answers_204(crm: Crm) -> None:
    text = "select id from Accounts where Account_Name = 'Nobody'"
    assert crm.call("POST", "/coql", {"select_query": text}).status_code == 204


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select Account_Name from Accounts", "SYNTAX_ERROR"),
        ("select from Accounts where id is not null", "SYNTAX_ERROR"),
        ("delete from Accounts where id is not null", "SYNTAX_ERROR"),
        ("select id from Accounts where Phone = 1'", "SYNTAX_ERROR"),
        ("select id from Accounts where Phone = '1' and Fax = '2' and id > 0", "SYNTAX_ERROR"),
        ("select id from Accounts where (Phone = '1'", "SYNTAX_ERROR"),
        ("select id from Accounts where Phone = '1' limit x", "SYNTAX_ERROR"),
        ("select Nonsense from Accounts where id is not null", "INVALID_QUERY"),
        ("select id from Accounts where Nonsense = '1'", "INVALID_QUERY"),
        ("select id from Nonsense where id is not null", "INVALID_QUERY"),
        ("select id from Accounts where Description = 'x'", "INVALID_QUERY"),
        ("select Invoiced_Items from Invoices where id is not null", "INVALID_QUERY"),
        ("select id from Accounts where Modified_Time > 'yesterday'", "INVALID_QUERY"),
        ("select id from Accounts where id is not null limit 0, 201", "LIMIT_EXCEEDED"),
        ("select id from Accounts where id is not null limit 100001, 1", "LIMIT_EXCEEDED"),
        (
            "select id from Accounts where Phone in (" + ",".join(["'1'"] * 51) + ")",
            "LIMIT_EXCEEDED",
        ),
        ("select " + ",".join(["id"] * 51) + " from Accounts where id > 0", "LIMIT_EXCEEDED"),
    ],
)
def test_what_the_language_does_not_allow_is_refused(crm: Crm, query: str, code: str) -> None:
    answer = crm.call("POST", "/coql", {"select_query": query})
    assert crm.refused(answer)[:2] == (400, code)


def test_the_number_of_rows_can_be_switched(crm: Crm) -> None:
    crm.world.switches.coql_max_rows = 2000
    crm.insert("Accounts", {"Account_Name": "A"})
    assert crm.query("select id from Accounts where id is not null limit 0, 2000")
