"""Metadata, fields that are added, the organisation and its people."""

from typing import Any

import pytest

from simulator.zoho.metadata import CUSTOM_FIELDS
from tests.simulator.zoho.conftest import Crm

XERO_ID = {"field_label": "Xero ID", "data_type": "text", "length": 50}


def new_field(crm: Crm, **more: object) -> tuple[int, dict[str, Any]]:
    """Try to add a field to Invoices; status and the answer about it."""
    body = {"fields": [{**XERO_ID, **more}]}
    answer = crm.call("POST", "/settings/fields?module=Invoices", body)
    return answer.status_code, answer.json()["fields"][0]


def fields_of(crm: Crm, module: str) -> dict[str, dict[str, Any]]:
    """Fields by API name."""
    found = crm.call("GET", f"/settings/fields?module={module}").json()["fields"]
    return {one["api_name"]: one for one in found}


def test_a_new_field_gets_its_api_name_from_its_label(crm: Crm) -> None:
    status, told = new_field(crm, unique={"case_sensitive": False})
    assert (status, told["code"]) == (201, "SUCCESS")
    field = fields_of(crm, "Invoices")["Xero_ID"]
    assert field["id"] == told["details"]["id"]
    assert field["custom_field"] is True
    assert field["unique"] == {"case_sensitive": False}
    assert field["length"] == 50


def test_the_same_label_twice_is_a_duplicate(crm: Crm) -> None:
    new_field(crm)
    status, told = new_field(crm, field_label="xero id")
    assert (status, told["code"]) == (400, "DUPLICATE_DATA")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"field_label": "x" * 26}, "INVALID_DATA"),
        ({"field_label": ""}, "MANDATORY_NOT_FOUND"),
        ({"field_label": "Owner"}, "RESERVED_KEYWORD_NOT_ALLOWED"),
        ({"data_type": "nonsense"}, "INVALID_DATA"),
        ({"length": 256}, "INVALID_DATA"),
        ({"data_type": "boolean", "unique": {"case_sensitive": False}}, "NOT_ALLOWED"),
    ],
)
def test_a_wrong_field_is_refused(crm: Crm, more: dict[str, object], code: str) -> None:
    assert new_field(crm, **more)[1]["code"] == code


def test_unique_fields_by_api_can_be_switched_off(crm: Crm) -> None:
    crm.world.switches.unique_fields_by_api = False
    assert new_field(crm, unique={"case_sensitive": False})[1]["code"] == "NOT_ALLOWED"


def test_six_fields_in_one_request_and_one_too_many_are_refused(crm: Crm) -> None:
    six = {"fields": [{**XERO_ID, "field_label": f"F{n}"} for n in range(6)]}
    answer = crm.call("POST", "/settings/fields?module=Invoices", six)
    assert crm.refused(answer)[:2] == (400, "LIMIT_EXCEEDED")
    crm.world.zoho.custom_fields["Invoices"] = CUSTOM_FIELDS
    assert new_field(crm)[1]["code"] == "LIMIT_EXCEEDED"


def test_only_administrators_add_fields(crm: Crm) -> None:
    crm.sign_in(login_hint="luc")
    answer = crm.call("POST", "/settings/fields?module=Invoices", {"fields": [XERO_ID]})
    assert crm.refused(answer)[:2] == (403, "NO_PERMISSION")


def test_metadata_tells_what_may_be_written(crm: Crm) -> None:
    fields = fields_of(crm, "Invoices")
    assert fields["Grand_Total"]["read_only"] is True
    assert fields["Invoice_Number"]["operation_type"]["api_update"] is False
    assert fields["Invoiced_Items"]["data_type"] == "subform"
    assert fields["Invoiced_Items"]["associated_module"]["module"] == "Invoiced_Items"
    choices = fields["Status"]["pick_list_values"]
    assert [one["actual_value"] for one in choices] == [
        "Created",
        "Approved",
        "Delivered",
        "Cancelled",
    ]


def test_without_multi_currency_its_fields_are_not_there(crm: Crm) -> None:
    assert "Currency" in fields_of(crm, "Accounts")
    crm.world.zoho.org.multi_currency = False
    assert "Currency" not in fields_of(crm, "Accounts")
    assert crm.call("GET", "/org/currencies").status_code == 204
    assert crm.call("GET", "/org").json()["org"][0]["mc_status"] is False


def test_modules_name_their_line_modules(crm: Crm) -> None:
    modules = crm.call("GET", "/settings/modules").json()["modules"]
    by_name = {one["api_name"]: one for one in modules}
    assert by_name["Invoiced_Items"]["generated_type"] == "subform"
    assert by_name["Invoiced_Items"]["parent_module"]["api_name"] == "Invoices"
    assert by_name["Purchase_Orders"]["plural_label"] == "Purchase Orders"


def test_a_layout_lists_its_mandatory_fields(crm: Crm) -> None:
    (layout,) = crm.call("GET", "/settings/layouts?module=Accounts").json()["layouts"]
    required = [one["api_name"] for one in layout["sections"][0]["fields"] if one["required"]]
    assert required == ["Account_Name"]


def test_settings_need_a_module(crm: Crm) -> None:
    assert crm.refused(crm.call("GET", "/settings/fields"))[1] == "REQUIRED_PARAM_MISSING"
    assert crm.refused(crm.call("GET", "/settings/fields?module=No"))[1] == "INVALID_MODULE"


def test_the_organisation_and_its_people_are_told(crm: Crm) -> None:
    org = crm.call("GET", "/org").json()["org"][0]
    assert (org["company_name"], org["iso_code"], org["mc_status"]) == (
        "Harbour & Vine",
        "GBP",
        True,
    )
    people = crm.call("GET", "/users?type=AllUsers").json()["users"]
    assert [(one["full_name"], one["profile"]["name"]) for one in people] == [
        ("Ana Whitfield", "Administrator"),
        ("Luc Moreau", "Standard"),
        ("Tomasz Reid", "Administrator"),
    ]
    me = crm.call("GET", "/users?type=CurrentUser").json()["users"]
    assert [one["locale"] for one in me] == ["en_GB"]


def test_taxes_and_currencies_are_listed(crm: Crm) -> None:
    taxes = crm.call("GET", "/org/taxes").json()["org_taxes"]["taxes"]
    assert ("VAT", 20) in [(one["name"], one["value"]) for one in taxes]
    currencies = crm.call("GET", "/org/currencies").json()["currencies"]
    assert [one["iso_code"] for one in currencies] == ["GBP", "EUR", "USD"]


def test_a_person_chooses_the_language_of_crm(crm: Crm) -> None:
    crm.world.zoho.org.speak("Ana", "fr_FR")
    (ana,) = crm.call("GET", "/users?type=CurrentUser").json()["users"]
    assert (ana["first_name"], ana["locale"]) == ("Ana", "fr_FR")
    assert [one.locale for one in crm.world.zoho.org.users] == ["fr_FR", "fr_FR", "de_DE"]
