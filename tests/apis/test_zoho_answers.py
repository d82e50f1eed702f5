"""What Zoho, or somebody who only read Zoho's documents, may answer: odd, lean, broken, hostile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.apis.budget import Budget
from backend.apis.http import Answer
from backend.apis.zoho import wire
from backend.apis.zoho.client import LinesRefused, ZohoClient
from backend.core.errors import (
    ConnectionLost,
    Gone,
    NotConfigured,
    RateLimited,
    Refused,
    Stale,
    SyncError,
    Transient,
)
from tests.apis.support import Fixed, Scripted, answer

SAMPLES = json.loads((Path(__file__).parent / "samples" / "zoho_writes.json").read_text())
NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)


def client(*answers: Answer | Transient) -> tuple[ZohoClient, Scripted, Fixed]:
    """A client of a scripted Zoho."""
    script, token = Scripted(*answers), Fixed()
    made = ZohoClient(
        transport=script, api_domain="https://www.zohoapis.eu", token=token,
        budget=Budget(alone=True), priority="click", sleep=lambda _seconds: None, now=lambda: NOW,
    )  # fmt: skip
    return made, script, token


def body(value: object, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    return answer(status, json.dumps(value))


def outcome(act: Callable[[ZohoClient], object], zoho: ZohoClient) -> str:
    """What became of a call: `ok`, `refused` or the key of our error; else it goes through."""
    try:
        act(zoho)
    except SyncError as error:
        return error.message.key
    except LinesRefused:
        return "refused"
    return "ok"


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "token"),
    [
        ({"data": [{"id": "1"}]}, None),
        ({"data": [{"id": "1"}, None, 5], "info": None}, None),
        ({"data": {"id": "1"}}, None),
        ([{"id": "1"}], None),
        ({"data": [{"id": "1"}], "info": {"more_records": True, "next_page_token": "abc"}}, "abc"),
        (
            {"data": [{"id": "1"}], "info": {"more_records": True, "next_page_token": None}},
            "page:2",
        ),
        ({"data": [{"id": "1"}], "info": {"more_records": False, "next_page_token": "abc"}}, None),
        ({"data": [{"id": "1"}], "info": {"more_records": "true"}}, None),
    ],
)
def test_every_outline_of_a_list_is_read(told: object, token: str | None) -> None:
    zoho, _, _ = client(body(told))
    page = zoho.page("Accounts", ["Account_Name"])
    assert ([row["id"] for row in page.rows], page.next_token, page.as_of) == (["1"], token, NOW)


def test_without_info_a_full_page_has_a_successor_asked_for_by_number() -> None:
    full = {"data": [{"id": str(n)} for n in range(200)]}
    zoho, script, _ = client(body(full), body(full), body({"data": []}))
    first = zoho.page("Accounts", ["x"])
    second = zoho.page("Accounts", ["x"], page_token=first.next_token)
    assert (first.next_token, second.next_token) == ("page:2", "page:3")
    assert ("page", "2") in script.requests[1].params
    assert zoho.page("Accounts", ["x"], page_token=second.next_token).next_token is None


@pytest.mark.parametrize(
    "told", [answer(204), answer(304), answer(200), body({"data": []}), body({"data": None})]
)
def test_every_way_of_saying_nothing_is_an_empty_page(told: Answer) -> None:
    zoho, _, _ = client(told, told)
    assert list(zoho.page("Accounts", ["x"], since=NOW).rows) == []
    assert zoho.read("Accounts", "1") is None


@pytest.mark.parametrize(
    "text",
    ["<html>", '{"data": [{"id', "null", "5", "{}", '{"data": "x"}', "[" * 100_000, b"\xff\x00"],
)
def test_what_is_not_zohos_is_garbled(text: str | bytes) -> None:
    zoho, _, _ = client(answer(200, text))
    with pytest.raises(Transient) as caught:
        zoho.page("Accounts", ["x"])
    assert caught.value.message.key == "remote_garbled"


@pytest.mark.parametrize(
    "told",
    [
        answer(404),
        body(
            {
                "code": "INVALID_DATA",
                "details": {"id": "1"},
                "message": "the id given seems to be invalid",
                "status": "error",
            },
            400,
        ),
        body(
            {"code": "INVALID_DATA", "details": {"api_name": "id"}, "message": "invalid data"}, 400
        ),
        body({"code": "RECORD_NOT_FOUND", "message": "x"}, 404),
    ],
)
def test_every_way_of_saying_that_a_record_is_gone(told: Answer) -> None:
    zoho, _, _ = client(told)
    assert zoho.read("Accounts", "1") is None


def test_amounts_stay_exact() -> None:
    zoho, _, _ = client(
        answer(200, '{"data":[{"id":"487687600000500001","Grand_Total":1234567890123.45}]}')
    )
    assert (zoho.read("Invoices", "1") or {})["Grand_Total"] == Decimal("1234567890123.45")


def test_requests_are_what_zoho_asks_for() -> None:
    zoho, script, _ = client(
        answer(204),
        body({"data": [{"code": "SUCCESS", "details": {"id": "1"}}]}),
        body({"data": [{"code": "SUCCESS", "details": {"id": "1"}}]}),
    )
    zoho.page("Accounts", ["Account_Name", "Phone"], since=NOW)
    zoho.write("Accounts", [{"Account_Name": "é"}], create=True, trigger=[])
    zoho.write("Accounts", [{"id": "1"}], create=False, unmodified_since=NOW)
    listed, made, changed = script.requests
    assert listed.url == "https://www.zohoapis.eu/crm/v8/Accounts"
    assert dict(listed.params) == {
        "fields": "Account_Name,Phone",
        "per_page": "200",
        "sort_by": "Modified_Time",
        "sort_order": "asc",
    }
    assert dict(listed.headers)["If-Modified-Since"] == "2026-01-31T10:00:00+00:00"
    assert dict(listed.headers)["Authorization"] == "Zoho-oauthtoken token-1"
    assert (made.method, made.url[-9:]) == ("POST", "ts/upsert")
    assert json.loads(made.body or b"") == {
        "data": [{"Account_Name": "é"}],
        "duplicate_check_fields": ["Xero_ID"],
        "trigger": [],
    }
    assert "If-Unmodified-Since" not in dict(made.headers)
    assert changed.method == "PUT"
    assert dict(changed.headers)["If-Unmodified-Since"] == "2026-01-31T10:00:00+00:00"
    assert json.loads(changed.body or b"") == {"data": [{"id": "1"}]}


def test_nothing_larger_than_zoho_takes_is_sent() -> None:
    zoho, script, _ = client()
    with pytest.raises(ValueError, match="fields"):
        zoho.page("Accounts", [f"f{n}" for n in range(51)])
    with pytest.raises(ValueError, match="fields"):
        zoho.page("Accounts", [])
    with pytest.raises(ValueError, match="rows"):
        zoho.write("Accounts", [{}] * 101, create=True)
    with pytest.raises(ValueError, match="values"):
        zoho.find("Accounts", "Xero_ID", [str(n) for n in range(51)], [])
    assert script.requests == []


# --- by query ---------------------------------------------------------------------------------


def test_query_values_cannot_be_broken_out_of() -> None:
    text = wire.query(["Xero_ID"], "Accounts", "Xero_ID", ["x') or (id != '", "b\\"])
    assert (
        text
        == "select id, Xero_ID from Accounts where Xero_ID in ('x\\') or (id != \\'', 'b\\\\') order by id asc limit 0, 200"
    )
    assert wire.criteria("Account_Name", "a,b)(c\\") == "(Account_Name:equals:a\\,b\\)\\(c\\\\)"


@pytest.mark.parametrize("parent", [{"id": "7", "name": "x"}, "7", 7])
def test_lines_name_their_parent_in_whatever_way(parent: object) -> None:
    zoho, _, _ = client(
        body(
            {
                "data": [{"id": "1", "Parent_Id": parent}, {"id": "2"}],
                "info": {"more_records": False},
            }
        )
    )
    assert [
        line["id"]
        for line in zoho.lines("Invoiced_Items", "Parent_Id", ["7", "8"], ["Quantity"])["7"]
    ] == ["1"]


def test_lines_name_their_parent_by_path_too() -> None:
    zoho, _, _ = client(body({"data": [{"id": "1", "Parent_Id.id": "7"}]}))
    assert list(zoho.lines("Invoiced_Items", "Parent_Id", ["7"], [])["7"])


@pytest.mark.parametrize(
    "code",
    [
        "NO_PERMISSION",
        "INVALID_QUERY",
        "SYNTAX_ERROR",
        "INVALID_MODULE",
        "NOT_SUPPORTED",
        "LIMIT_EXCEEDED",
        "",
    ],
)
@pytest.mark.parametrize("status", [400, 403, 404])
def test_every_refusal_of_a_line_query_is_one(code: str, status: int) -> None:
    zoho, _, _ = client(body({"code": code, "message": "x"} if code else {"message": "x"}, status))
    with pytest.raises(LinesRefused):
        zoho.lines("Invoiced_Items", "Parent_Id", ["7"], [])


def test_a_missing_query_scope_is_a_refusal_and_no_lost_connection() -> None:
    zoho, _, token = client(body({"code": "OAUTH_SCOPE_MISMATCH"}, 401))
    with pytest.raises(LinesRefused):
        zoho.lines("Invoiced_Items", "Parent_Id", ["7"], [])
    assert token.refreshed == 0


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer(404, "<html>"), LinesRefused),
        (body({"code": "TOO_MANY_REQUESTS"}, 429), RateLimited),
        (body({"code": "INTERNAL_ERROR"}, 500), Transient),
        (answer(200, "<html>"), Transient),
        (answer(400, "<html>"), Transient),
    ],
)
def test_trouble_with_a_line_query_is_told_apart_from_refusal(
    told: Answer, kind: type[Exception]
) -> None:
    zoho, _, _ = client(*[told] * 5)
    with pytest.raises(kind):
        zoho.lines("Invoiced_Items", "Parent_Id", ["7"], [])


def test_search_results_are_compared_because_equals_means_contains() -> None:
    found = {
        "data": [
            {"id": "1", "Xero_ID": "ABC"},
            {"id": "2", "Xero_ID": "abcd"},
            {"id": "3"},
            {"id": "1", "Xero_ID": "ABC"},
        ]
    }
    zoho, _, _ = client(body({"code": "NO_PERMISSION"}, 403), body(found))
    assert [row["id"] for row in zoho.find("Accounts", "Xero_ID", ["abc"], [])] == ["1"]


# --- writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400, 403, 404, 409, 412, 500])
def test_rows_are_judged_whatever_the_status(status: int) -> None:
    rows = {
        "data": [
            {"code": "SUCCESS", "details": {"id": "1", "Modified_Time": "t"}, "status": "success"},
            SAMPLES["INVALID_DATA"],
        ]
    }
    zoho, _, _ = client(body(rows, status))
    good, bad = zoho.write("Invoices", [{}, {}], create=True)
    assert (good.ok, good.id, good.modified) == (True, "1", "t")
    assert bad.error is not None
    assert bad.error.message.params == {"field": "Due_Date"}


@pytest.mark.parametrize(
    ("told", "kind", "key"),
    [
        (SAMPLES["INVALID_DATA"], Refused, "zoho_field_invalid"),
        (SAMPLES["MANDATORY_NOT_FOUND"], Refused, "zoho_field_missing"),
        (SAMPLES["DUPLICATE_DATA"], Refused, "zoho_duplicate"),
        (SAMPLES["ALREADY_MODIFIED"], Stale, "zoho_stale"),
        (SAMPLES["NO_PERMISSION"], NotConfigured, "zoho_permission"),
        ({"code": "MULTIPLE_OR_MULTI_ERRORS", "details": {"errors": [SAMPLES["INVALID_DATA"]]}}, Refused, "zoho_field_invalid"),
        ({"code": "MULTIPLE_OR_MULTI_ERRORS", "details": {"errors": "x"}}, Refused, "zoho_refused"),
        ({"code": "MULTIPLE_OR_MULTI_ERRORS"}, Refused, "zoho_refused"),
        ({"code": "RECORD_LOCKED", "message": "record is locked"}, Transient, "crm_record_locked"),
        ({"code": "NOT_APPROVED"}, Transient, "crm_record_locked"),
        ({"code": "INVALID_DATA", "message": "The record under merge is locked"}, Transient, "crm_record_locked"),
        ({"code": "INVALID_DATA", "message": "the id given seems to be invalid", "details": {"api_name": "id", "json_path": "$.data[0].id"}}, Gone, "zoho_gone"),
        ({"code": "INVALID_DATA", "message": "the related id given seems to be invalid", "details": {"api_name": "Account_Name", "json_path": "$.data[0].Account_Name.id"}}, Refused, "zoho_field_invalid"),
        ({"code": "INVALID_DATA", "message": "the id given seems to be invalid", "details": {"api_name": "id", "json_path": "$.data[0].Account_Name.id"}}, Refused, "zoho_field_invalid"),
        ({"code": "INVALID_DATA", "message": "the id given seems to be invalid", "details": {"api_name": "Account_Name"}}, Refused, "zoho_field_invalid"),
        ({"code": "INVALID_MODULE"}, NotConfigured, "zoho_module_missing"),
        ({"code": "INTERNAL_ERROR"}, Transient, "remote_unavailable"),
        ({"code": "SOMETHING_NEW", "message": "of tomorrow"}, Refused, "zoho_refused"),
        ({"code": 17, "message": None, "details": []}, Refused, "zoho_refused"),
        ({}, Refused, "zoho_refused"),
    ],
)  # fmt: skip
def test_every_code_of_a_row_is_the_error_it_stands_for(
    told: dict[str, Any], kind: type[SyncError], key: str
) -> None:
    zoho, _, _ = client(body({"data": [told]}, 207), body(told, 400))
    (row,) = zoho.write("Invoices", [{}], create=True)
    assert isinstance(row.error, kind)
    assert (row.ok, row.error.message.key) == (False, key)


@pytest.mark.parametrize(
    "details",
    [
        {"duplicate_record": {"id": "9"}},
        {"id": "9"},
        {"id": 9},
        {"id": "8", "duplicate_record": {"id": "9"}},
    ],
)
def test_the_record_that_is_already_there_is_named_in_whatever_way(details: dict[str, Any]) -> None:
    zoho, _, _ = client(
        body({"data": [{"code": "DUPLICATE_DATA", "details": {"api_name": "Xero_ID", **details}}]})
    )
    (row,) = zoho.write("Accounts", [{}], create=True)
    assert (row.duplicate_id, row.id) == ("9", None)


def test_a_single_row_refused_as_a_whole_request_is_a_verdict() -> None:
    zoho, _, _ = client(
        body(SAMPLES["ALREADY_MODIFIED"], 412), answer(412), body(SAMPLES["INVALID_DATA"], 400)
    )
    for kind in (Stale, Stale, Refused):
        (row,) = zoho.write("Accounts", [{"id": "1"}], create=False)
        assert isinstance(row.error, kind)


@pytest.mark.parametrize(
    "told",
    [
        answer(200),
        answer(204),
        answer(200, "<html>"),
        answer(200, '{"data": [{'),
        body({"data": []}),
        body({"data": [{}, {}]}),
        body({}),
        body({"data": [{"code": "SUCCESS", "details": {}}]}),
    ],
)
def test_a_write_with_a_broken_answer_may_have_been_processed(told: Answer) -> None:
    zoho, _, _ = client(told)
    with pytest.raises(Transient) as caught:
        zoho.write("Accounts", [{}], create=True)
    assert caught.value.sent


# --- refusals of whole requests ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "kind", "key"),
    [
        (body({"code": "OAUTH_SCOPE_MISMATCH"}, 401), ConnectionLost, "zoho_scope_missing"),
        (body({"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_View_Invoices", 5]}}, 403), NotConfigured, "zoho_permission"),
        (answer(403), NotConfigured, "zoho_permission"),
        (body({"code": "INVALID_MODULE"}, 400), NotConfigured, "zoho_module_missing"),
        (body({"code": "INVALID_URL_PATTERN"}, 404), NotConfigured, "zoho_module_missing"),
        (body({"code": "LIMIT_EXCEEDED"}, 400), Refused, "zoho_refused"),
        (body({"message": "?"}, 400), Refused, "zoho_refused"),
        (answer(400, "<html>"), Transient, "remote_garbled"),
        (answer(301, "", Location="https://evil.example"), Transient, "remote_garbled"),
        (answer(500), Transient, "remote_unavailable"),
        (answer(502, "<html>"), Transient, "remote_unavailable"),
        (body({"code": "INTERNAL_ERROR"}, 500), Transient, "remote_unavailable"),
    ],
)  # fmt: skip
def test_every_status_is_the_error_it_stands_for(
    told: Answer, kind: type[SyncError], key: str
) -> None:
    zoho, script, token = client(told)
    with pytest.raises(kind) as caught:
        zoho.page("Accounts", ["x"])
    assert (caught.value.message.key, token.refreshed, len(script.requests)) == (key, 0, 1)


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize("code", ["INVALID_TOKEN", "AUTHENTICATION_FAILURE"])
def test_a_dead_token_is_refreshed_once_whatever_the_status(status: int, code: str) -> None:
    told = body({"code": code, "status": "error"}, status)
    zoho, _, token = client(told, body({"data": [{"id": "1"}]}), told, told)
    assert zoho.read("Accounts", "1") == {"id": "1"}
    assert token.refreshed == 1
    with pytest.raises(ConnectionLost) as caught:
        zoho.read("Accounts", "1")
    assert (caught.value.message.key, token.refreshed) == ("zoho_token_revoked", 2)


@pytest.mark.parametrize(
    "told",
    [
        answer(404),
        answer(403),
        answer(204),
        body({"code": "INVALID_MODULE"}, 400),
        body({"code": "NOT_SUPPORTED"}, 403),
    ],
)
def test_what_an_organisation_does_not_have_is_empty(told: Answer) -> None:
    zoho, _, _ = client(told, told, told)
    assert (zoho.layouts("Invoices"), zoho.taxes(), zoho.currencies()) == ([], [], [])


@pytest.mark.parametrize(
    "told",
    [
        {"org_taxes": {"taxes": [{"name": "VAT"}]}},
        {"taxes": [{"name": "VAT"}, 5]},
        [{"name": "VAT"}],
        {"org_taxes": [{"name": "VAT"}]},
    ],
)
def test_taxes_are_read_in_every_outline(told: object) -> None:
    zoho, _, _ = client(body(told))
    assert zoho.taxes() == [{"name": "VAT"}]


def test_an_organisation_without_itself_is_garbled() -> None:
    zoho, _, _ = client(body({"org": []}))
    with pytest.raises(Transient):
        zoho.org()


@given(
    st.binary(max_size=300),
    st.sampled_from([200, 201, 204, 207, 304, 400, 403, 404, 412, 418, 500]),
)
def test_no_answer_whatever_raises_anything_but_our_errors(raw: bytes, status: int) -> None:
    for act in ACTS:
        zoho, _, _ = client(*[answer(status, raw)] * 3)
        assert outcome(act, zoho)


ACTS: list[Callable[[ZohoClient], object]] = [
    lambda c: c.page("Accounts", ["x"]),
    lambda c: c.read("Accounts", "1"),
    lambda c: c.write("Accounts", [{}], create=True),
    lambda c: c.delete("Accounts", ["1"]),
    lambda c: c.lines("Invoiced_Items", "Parent_Id", ["1"], ["x"]),
    lambda c: c.taxes(),
    lambda c: c.watch([{}]),
]
KEYS = ["data", "info", "code", "details", "message", "status", "id", "more_records", "next_page_token", "errors", "Parent_Id", "api_name", "duplicate_record", "taxes", "org_taxes", "watch", "events", "permissions"]  # fmt: skip
WORDS = st.sampled_from(
    [
        "SUCCESS",
        "INVALID_DATA",
        "MULTIPLE_OR_MULTI_ERRORS",
        "DUPLICATE_DATA",
        "NO_PERMISSION",
        "x",
        "",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from([200, 207, 400, 403, 404, 500]))
def test_no_json_whatever_raises_anything_but_our_errors(value: object, status: int) -> None:
    stop = body({"data": []})
    for act in ACTS:
        zoho, _, _ = client(body(value, status), stop, stop)
        assert outcome(act, zoho)


# --- less common ways -------------------------------------------------------------------------


def test_too_many_requests_are_seen_whatever_the_status() -> None:
    zoho, _, _ = client(*[body({"code": "TOO_MANY_REQUESTS"}, 400)] * 5)
    with pytest.raises(RateLimited) as caught:
        zoho.page("Accounts", ["x"])
    assert caught.value.side == "zoho"


def test_a_batch_that_is_refused_as_a_whole_is_raised() -> None:
    zoho, _, _ = client(
        body({"code": "LIMIT_EXCEEDED"}, 400), body({"code": "OAUTH_SCOPE_MISMATCH"}, 403)
    )
    with pytest.raises(Refused):
        zoho.write("Accounts", [{}, {}], create=True)
    with pytest.raises(ConnectionLost):
        zoho.write("Accounts", [{}, {}], create=True)


def test_a_revoked_token_is_no_refused_query() -> None:
    dead = body({"code": "INVALID_TOKEN"}, 401)
    zoho, _, _ = client(dead, dead)
    with pytest.raises(ConnectionLost):
        zoho.lines("Invoiced_Items", "Parent_Id", ["7"], [])
