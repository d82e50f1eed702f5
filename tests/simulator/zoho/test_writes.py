"""Inserts, updates and upserts: rows judged one by one, by the rules of the fields."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.zoho.conftest import Crm

XERO_ID = {
    "field_label": "Xero ID",
    "data_type": "text",
    "length": 50,
    "unique": {"case_sensitive": False},
}


def add_xero_id(crm: Crm, module: str = "Accounts") -> None:
    """Give a module the unique field."""
    answer = crm.call("POST", f"/settings/fields?module={module}", {"fields": [XERO_ID]})
    assert answer.status_code == 201, answer.text


def test_good_and_bad_rows_come_back_in_order_with_207(crm: Crm) -> None:
    rows = [{"Account_Name": "A"}, {"Phone": "1"}, {"Account_Name": "C"}]
    answer = crm.call("POST", "/Accounts", {"data": rows, "trigger": []})
    assert answer.status_code == 207
    good, bad, other = answer.json()["data"]
    assert (good["status"], other["status"]) == ("success", "success")
    assert bad == {
        "code": "MANDATORY_NOT_FOUND",
        "details": {"api_name": "Account_Name", "json_path": "$.data[1].Account_Name"},
        "message": "required field not found",
        "status": "error",
    }
    assert good["details"]["Modified_By"]["name"] == "Ana Whitfield"


def test_only_bad_rows_answer_400(crm: Crm) -> None:
    assert crm.call("POST", "/Accounts", {"data": [{"Phone": "1"}]}).status_code == 400


def test_more_than_a_hundred_rows_are_refused(crm: Crm) -> None:
    rows = [{"Account_Name": "A"}] * 101
    assert crm.refused(crm.call("POST", "/Accounts", {"data": rows}))[:2] == (
        400,
        "LIMIT_EXCEEDED",
    )


@pytest.mark.parametrize(
    ("module", "values", "details"),
    [
        ("Accounts", {"Account_Name": "x" * 201}, {"maximum_length": 200}),
        ("Accounts", {"Account_Name": 5}, {"expected_data_type": "text"}),
        ("Accounts", {"Phone": "not/a:phone"}, {"expected_data_type": "phone"}),
        ("Accounts", {"Phone": "1" * 31}, {"maximum_length": 30}),
        ("Contacts", {"Email": "nobody"}, {"expected_data_type": "email"}),
        ("Accounts", {"Employees": "12"}, {"expected_data_type": "integer"}),
        ("Accounts", {"Annual_Revenue": "12"}, {"expected_data_type": "currency"}),
        ("Products", {"Product_Active": "yes"}, {"expected_data_type": "boolean"}),
        ("Products", {"Sales_Start_Date": "04.05.2026"}, {"expected_data_type": "date"}),
        ("Contacts", {"Account_Name": {"name": "A"}}, {"expected_data_type": "jsonobject"}),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_was_expected(
    crm: Crm, module: str, values: dict[str, Any], details: dict[str, Any]
) -> None:
    names = {"Accounts": "Account_Name", "Contacts": "Last_Name", "Products": "Product_Name"}
    answer = crm.call("POST", f"/{module}", {"data": [{names[module]: "N", **values}]})
    status, code, told = crm.refused(answer)
    name = next(iter(values))
    assert (status, code) == (400, "INVALID_DATA")
    assert told == {"api_name": name, "json_path": f"$.data[0].{name}", **details}


def test_a_lookup_to_a_record_that_is_not_there_is_refused(crm: Crm) -> None:
    row = {"Last_Name": "N", "Account_Name": {"id": "487687600000599999"}}
    assert crm.refused(crm.call("POST", "/Contacts", {"data": [row]}))[1] == "INVALID_DATA"


def test_picklist_values_are_stored_whatever_they_are(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "A", "Industry": "No such industry"})
    assert crm.read("Accounts", made)["Industry"] == "No such industry"


def test_a_currency_has_to_be_one_of_the_organisation(crm: Crm) -> None:
    answer = crm.call("POST", "/Accounts", {"data": [{"Account_Name": "A", "Currency": "JPY"}]})
    assert crm.refused(answer)[1] == "INVALID_DATA"


def test_unknown_and_read_only_keys_are_ignored(crm: Crm) -> None:
    (made,) = crm.insert(
        "Accounts", {"Account_Name": "A", "Nonsense": 1, "Created_Time": "2001-01-01"}
    )
    shown = crm.read("Accounts", made)
    assert "Nonsense" not in shown
    assert shown["Created_Time"].startswith("2026-05-04")


def test_text_comes_back_as_it_was_sent(crm: Crm) -> None:
    name = "O'Neil & Co <b> 漢字 🍷 שלום"
    (made,) = crm.insert("Accounts", {"Account_Name": name})
    assert crm.read("Accounts", made)["Account_Name"] == name


def test_amounts_keep_every_digit(crm: Crm) -> None:
    body = '{"data":[{"Account_Name":"A","Annual_Revenue":1234567890123456.78}]}'
    headers = {"Authorization": f"Zoho-oauthtoken {crm.token}"}
    answer = crm.session.post("https://www.zohoapis.eu/crm/v8/Accounts", data=body, headers=headers)
    made = answer.json()["data"][0]["details"]["id"]
    assert crm.read("Accounts", made)["Annual_Revenue"] == Decimal("1234567890123456.78")


def test_null_clears_a_field_but_not_a_mandatory_one(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "A", "Phone": "1"})
    assert crm.call("PUT", f"/Accounts/{made}", {"data": [{"Phone": None}]}).status_code == 200
    assert crm.read("Accounts", made)["Phone"] is None
    answer = crm.call("PUT", f"/Accounts/{made}", {"data": [{"Account_Name": None}]})
    assert crm.refused(answer)[:2] == (400, "MANDATORY_NOT_FOUND")


def test_a_stale_update_answers_412_already_modified(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "A"})
    stamp = crm.read("Accounts", made)["Modified_Time"]
    crm.world.clock.advance(5)
    crm.world.zoho.edit("Accounts", made, {"Phone": "1"}, user="luc")
    headers = {"If-Unmodified-Since": stamp}
    body = {"data": [{"id": made, "Phone": "2"}]}
    stale = crm.call("PUT", "/Accounts", body, headers=headers)
    status, code, details = crm.refused(stale)
    assert (status, code) == (412, "ALREADY_MODIFIED")
    assert details["Modified_By"]["name"] == "Luc Moreau"
    assert crm.read("Accounts", made)["Phone"] == "1"
    headers["If-Unmodified-Since"] = details["Modified_Time"]
    assert crm.call("PUT", "/Accounts", body, headers=headers).status_code == 200


def test_the_switch_turns_a_stale_update_into_304(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "A"})
    crm.world.switches.update_answers_304 = True
    headers = {"If-Unmodified-Since": "2026-05-04T10:00:00+01:00"}
    answer = crm.call("PUT", f"/Accounts/{made}", {"data": [{"Phone": "2"}]}, headers=headers)
    assert answer.status_code == 304


def test_a_locked_record_is_refused_to_clients_but_not_to_people(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "A"})
    crm.world.zoho.lock("Accounts", made)
    answer = crm.call("PUT", f"/Accounts/{made}", {"data": [{"Phone": "2"}]})
    assert crm.refused(answer)[1] == "RECORD_LOCKED"
    crm.world.zoho.edit("Accounts", made, {"Phone": "3"})
    assert crm.read("Accounts", made)["Phone"] == "3"


def test_a_unique_value_is_refused_the_second_time_whatever_its_case(crm: Crm) -> None:
    add_xero_id(crm)
    (first,) = crm.insert("Accounts", {"Account_Name": "A", "Xero_ID": "abc"})
    answer = crm.call("POST", "/Accounts", {"data": [{"Account_Name": "B", "Xero_ID": "ABC"}]})
    status, code, details = crm.refused(answer)
    assert (status, code) == (400, "DUPLICATE_DATA")
    assert details["api_name"] == "Xero_ID"
    assert details["id"] == first
    assert details["duplicate_record"]["id"] == first
    assert details["duplicate_record"]["module"]["api_name"] == "Accounts"
    assert details["more_records"] is False


def test_duplicates_inside_one_request_are_seen(crm: Crm) -> None:
    add_xero_id(crm)
    rows = [{"Account_Name": "A", "Xero_ID": "1"}, {"Account_Name": "B", "Xero_ID": "1"}]
    answer = crm.call("POST", "/Accounts", {"data": rows})
    assert [one["code"] for one in answer.json()["data"]] == ["SUCCESS", "DUPLICATE_DATA"]


def test_a_deleted_record_frees_its_unique_value(crm: Crm) -> None:
    add_xero_id(crm)
    (first,) = crm.insert("Accounts", {"Account_Name": "A", "Xero_ID": "1"})
    crm.call("DELETE", f"/Accounts/{first}")
    assert crm.insert("Accounts", {"Account_Name": "B", "Xero_ID": "1"})


def test_upsert_finds_by_the_named_field_and_says_what_it_did(crm: Crm) -> None:
    add_xero_id(crm)
    body = {
        "data": [{"Account_Name": "A", "Xero_ID": "1"}],
        "duplicate_check_fields": ["Xero_ID"],
        "trigger": [],
    }
    first = crm.call("POST", "/Accounts/upsert", body).json()["data"][0]
    body["data"] = [{"Account_Name": "Renamed", "Xero_ID": "1"}]
    second = crm.call("POST", "/Accounts/upsert", body).json()["data"][0]
    assert (first["action"], second["action"]) == ("insert", "update")
    assert second["duplicate_field"] == "Xero_ID"
    assert first["details"]["id"] == second["details"]["id"]
    assert crm.read("Accounts", first["details"]["id"])["Account_Name"] == "Renamed"


def test_upsert_without_a_field_matches_by_name(crm: Crm) -> None:
    (made,) = crm.insert("Accounts", {"Account_Name": "Harbour"})
    body = {"data": [{"Account_Name": "harbour", "Phone": "1"}]}
    told = crm.call("POST", "/Accounts/upsert", body).json()["data"][0]
    assert (told["action"], told["details"]["id"]) == ("update", made)
    assert told["duplicate_field"] == "Account_Name"


def test_a_task_belongs_to_a_record_of_any_module(crm: Crm) -> None:
    (account,) = crm.insert("Accounts", {"Account_Name": "A"})
    task = {
        "Subject": "Look at this",
        "Status": "Not Started",
        "Priority": "High",
        "What_Id": {"id": account},
        "$se_module": "Accounts",
        "Send_Notification_Email": True,
    }
    (made,) = crm.insert("Tasks", task)
    shown = crm.read("Tasks", made)
    assert shown["What_Id"]["name"] == "A"
    assert shown["What_Id"]["module"]["api_name"] == "Accounts"


def test_a_note_is_written_on_a_record(crm: Crm) -> None:
    (account,) = crm.insert("Accounts", {"Account_Name": "A"})
    body = {"data": [{"Note_Title": "T", "Note_Content": "C"}]}
    assert crm.call("POST", f"/Accounts/{account}/Notes", body).status_code == 201
    notes = crm.call("GET", f"/Accounts/{account}/Notes").json()["data"]
    assert [one["Note_Content"] for one in notes] == ["C"]
