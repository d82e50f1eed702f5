"""The checker of Zoho requests finds what is wrong and lets pass what is right."""

from pathlib import Path
from typing import Any

import pytest

from simulator.zoho.catalogue import standard_modules
from simulator.zoho.fields import field
from tests.contract.zoho_openapi import ZohoChecker, load

HEADERS = {"Authorization": "Zoho-oauthtoken 1000.x"}
RIGHT: list[tuple[str, str, Any]] = [
    ("GET", "/crm/v8/Accounts?fields=Account_Name,Phone&per_page=200&sort_by=Modified_Time", None),
    ("GET", "/crm/v8/Invoices/487687600000500001", None),
    ("GET", "/crm/v8/Accounts/deleted?type=all", None),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A", "Xero_ID": "1"}], "trigger": []}),
    ("PUT", "/crm/v8/Accounts", {"data": [{"id": "1", "Phone": None}], "trigger": ["workflow"]}),
    (
        "POST",
        "/crm/v8/Accounts/upsert",
        {"data": [{"Account_Name": "A"}], "duplicate_check_fields": ["Xero_ID"], "trigger": []},
    ),
    (
        "POST",
        "/crm/v8/Invoices",
        {
            "data": [
                {
                    "Subject": "S",
                    "Account_Name": {"id": "1"},
                    "Invoiced_Items": [
                        {"Product_Name": {"id": "2"}, "Quantity": 1, "Line_Tax": []}
                    ],
                }
            ]
        },
    ),
    ("DELETE", "/crm/v8/Accounts?ids=1,2", None),
    ("POST", "/crm/v8/coql", {"select_query": "select id from Accounts where id is not null"}),
    (
        "POST",
        "/crm/v8/actions/watch",
        {
            "watch": [
                {
                    "channel_id": "1",
                    "events": ["Accounts.all"],
                    "notify_url": "https://sync.example/",
                    "token": "t",
                    "notify_on_related_action": False,
                }
            ]
        },
    ),
    (
        "POST",
        "/crm/v8/settings/fields?module=Accounts",
        {"fields": [{"field_label": "Xero ID", "data_type": "text", "length": 50}]},
    ),
    ("GET", "/crm/v8/settings/fields?module=Accounts", None),
    ("GET", "/crm/v8/org/taxes", None),
    ("GET", "/crm/v8/users?type=CurrentUser", None),
]
WRONG: list[tuple[str, str, Any]] = [
    ("GET", "/crm/v8/Accounts", None),
    ("GET", "/crm/v8/Accounts?fields=Nonsense", None),
    ("GET", "/crm/v8/Invoices?fields=Subject,Invoiced_Items", None),
    ("GET", "/crm/v8/Accounts?fields=Phone&nonsense=1", None),
    ("GET", "/crm/v8/Nothing?fields=id", None),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A", "Nonsense": 1}]}),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A", "Created_Time": "x"}]}),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A"}], "triggers": []}),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A"}], "trigger": ["all"]}),
    ("POST", "/crm/v8/Accounts", {"data": []}),
    ("POST", "/crm/v8/Accounts", {"data": [{"Account_Name": "A"}] * 101}),
    ("PUT", "/crm/v8/Accounts", {"data": [{"Phone": "1"}]}),
    ("POST", "/crm/v8/Invoices", {"data": [{"Subject": "S", "Grand_Total": 1}]}),
    ("POST", "/crm/v8/Invoices", {"data": [{"Subject": "S", "Invoiced_Items": [{"Total": 1}]}]}),
    ("POST", "/crm/v8/Invoices", {"data": [{"Subject": "S", "Account_Name": {"name": "A"}}]}),
    ("DELETE", "/crm/v8/Accounts", None),
    ("POST", "/crm/v8/coql", {"query": "select"}),
    ("POST", "/crm/v8/actions/watch", {"watch": [{"channel_id": "x", "events": []}]}),
    ("DELETE", "/crm/v8/actions/watch", None),
    ("GET", "/crm/v8/settings/fields", None),
    (
        "POST",
        "/crm/v8/settings/fields?module=Accounts",
        {"fields": [{"field_label": "x" * 26, "data_type": "text"}]},
    ),
]


@pytest.fixture(params=["files", "rules"])
def checker(request: pytest.FixtureRequest, shared_dir: Path | None) -> ZohoChecker:
    """Both kinds; where the files are absent both are the written rules."""
    modules = standard_modules()
    modules["Accounts"].fields["Xero_ID"] = field("Xero_ID", custom=True, unique="insensitive")
    made = load(shared_dir if request.param == "files" else None, modules=modules)
    request.node.user_properties.append(("checked against", made.source))
    return made


@pytest.mark.parametrize(("method", "path", "body"), RIGHT)
def test_a_right_request_passes(checker: ZohoChecker, method: str, path: str, body: Any) -> None:
    assert checker.check_request(method, path, HEADERS, body) == []


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_a_wrong_request_is_found(checker: ZohoChecker, method: str, path: str, body: Any) -> None:
    assert checker.check_request(method, path, HEADERS, body) != []


def test_wrong_headers_are_found(checker: ZohoChecker) -> None:
    path = "/crm/v8/users?type=CurrentUser"
    bearer = {"Authorization": "Bearer x"}
    local = {**HEADERS, "If-Modified-Since": "2026-05-04T10:00:00"}
    assert checker.check_request("GET", path, bearer, None) != []
    assert checker.check_request("GET", path, local, None) != []


def test_an_answer_of_a_wrong_shape_is_found(checker: ZohoChecker) -> None:
    assert checker.check_answer("GET", "/crm/v8/Accounts", 204, {"data": []}) != []
    assert checker.check_answer("GET", "/crm/v8/org", 401, {"code": "INVALID_TOKEN"}) != []
