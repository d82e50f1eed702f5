"""What Xero, or somebody who only read Xero's documents, may answer: odd, lean, broken, hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.apis.budget import Budget
from backend.apis.http import Answer, Request
from backend.apis.xero import wire
from backend.apis.xero.client import XeroClient, XeroURLs, element_error
from backend.apis.xero.webhooks import webhook_events, webhook_is_genuine
from backend.core.errors import ConnectionLost, Gone, RateLimited, Refused, SyncError, Transient
from backend.core.spec import Resource
from tests.apis.support import ACCOUNTS, INVOICES, PAYMENTS, PRODUCTS, Fixed, Scripted, answer

CONTACTS, ITEMS, SALES = ACCOUNTS.xero, PRODUCTS.xero, INVOICES.xero
SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
ID = "bd2270c3-8706-4c11-9cfb-000b551c3f51"


def client(*answers: Answer | Transient) -> tuple[XeroClient, Scripted, Fixed]:
    """A client of a scripted Xero."""
    script, token = Scripted(*answers), Fixed()
    made = XeroClient(
        transport=script, urls=XeroURLs(), tenant_id="t", token=token, budget=Budget(alone=True),
        priority="click", sleep=lambda _seconds: None, now=lambda: NOW,
    )  # fmt: skip
    return made, script, token


def envelope(**lists: Any) -> Answer:
    """A Xero envelope around some records."""
    return answer(
        200,
        json.dumps({"Id": "x", "Status": "OK", "DateTimeUTC": "/Date(1769853600000)/", **lists}),
    )


def sample(name: str) -> Answer:
    """A recorded body."""
    return answer(200, (SAMPLES / name).read_bytes())


def outcome(act: Callable[[XeroClient], object], xero: XeroClient) -> str:
    """What became of a call: `ok` or the key of our error; anything else goes through."""
    try:
        act(xero)
    except SyncError as error:
        return error.message.key
    return "ok"


# --- reading ----------------------------------------------------------------------------------


def test_a_recorded_page_of_invoices_keeps_every_digit_and_unknown_word() -> None:
    xero, _, _ = client(sample("xero_invoices.json"))
    page = xero.page(SALES)
    assert (page.pages, page.total, len(page.rows)) == (1, 2, 2)
    first, second = page.rows
    assert first["Total"] == Decimal("115.0000")
    assert first["LineItems"][0]["UnitAmount"] == Decimal("33.3333")
    assert first["Type"] == "ACCREC"
    assert (second["Status"], second["DueDate"], second["LineItems"]) == ("SUPERSEDED", None, None)


@pytest.mark.parametrize(
    "body",
    [
        {"Contacts": [{"ContactID": ID}]},
        {"contacts": [{"ContactID": ID}]},
        {"Contacts": {"ContactID": ID}},
        {"Records": [{"ContactID": ID}], "Warnings": []},
        [{"ContactID": ID}],
        {"Contacts": [{"ContactID": ID}, None, "x", 5, []]},
        {"Contacts": [{"ContactID": ID}], "pagination": None},
        {"Contacts": [{"ContactID": ID}], "pagination": {"pageCount": "1", "itemCount": "1"}},
        {"Contacts": [{"ContactID": ID}], "pagination": {"itemCount": 1}},
        {"Contacts": [{"ContactID": ID}], "pagination": {"pageCount": None, "itemCount": -4}},
        {"Contacts": [{"ContactID": ID}], "pagination": [1]},
    ],
)
def test_every_outline_of_a_list_is_read(body: object) -> None:
    xero, _, _ = client(answer(200, json.dumps(body)))
    page = xero.page(CONTACTS)
    assert [row["ContactID"] for row in page.rows] == [ID]
    assert page.pages == 1


@pytest.mark.parametrize(
    "told",
    [
        answer(200, '{"Contacts": []}'),
        answer(200, '{"Contacts": null}'),
        answer(304),
        answer(204),
        answer(200, b"  "),
    ],
)
def test_every_way_of_saying_nothing_is_an_empty_page(told: Answer) -> None:
    xero, _, _ = client(told)
    page = xero.page(CONTACTS)
    assert (list(page.rows), page.pages, page.as_of) == ([], 1, NOW)


@pytest.mark.parametrize(
    "body",
    ["<html><body>Sorry</body></html>", "<!DOCTYPE html>", '{"Contacts": [{"Cont', '"text"', "5", "null", "{}", '{"Contacts": "many"}', "[" * 100_000, b"\xff\xfe\x00"],
)  # fmt: skip
def test_what_is_not_xeros_is_garbled(body: str | bytes) -> None:
    xero, _, _ = client(answer(200, body))
    with pytest.raises(Transient) as caught:
        xero.page(CONTACTS)
    assert caught.value.message.key == "remote_garbled"


def test_without_a_pagination_object_a_full_page_has_a_successor() -> None:
    hundred = [{"ContactID": str(n)} for n in range(100)]
    xero, _, _ = client(envelope(Contacts=hundred), envelope(Contacts=hundred[:99]))
    assert xero.page(CONTACTS).pages == 2
    assert xero.page(CONTACTS, number=2).pages == 2


def test_unpaged_lists_are_one_page_however_long() -> None:
    xero, script, _ = client(envelope(Items=[{"ItemID": str(n)} for n in range(1500)]))
    page = xero.page(ITEMS)
    assert (page.pages, len(page.rows)) == (1, 1500)
    assert script.requests[0].params == (("unitdp", "4"),)


def test_megabytes_are_read() -> None:
    rows = [{"ContactID": str(n), "Name": "x" * 1000} for n in range(5000)]
    xero, _, _ = client(envelope(Contacts=rows))
    assert len(xero.page(CONTACTS).rows) == 5000


def test_the_time_of_a_page_comes_from_the_server() -> None:
    dated = answer(200, '{"Contacts": []}', Date="Mon, 30 Mar 2020 05:22:00 GMT")
    xero, _, _ = client(dated, envelope(Contacts=[]))
    assert xero.page(CONTACTS).as_of == datetime(2020, 3, 30, 5, 22, tzinfo=UTC)
    assert xero.page(CONTACTS).as_of == datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_a_server_that_ignores_ids_gives_no_strangers_away() -> None:
    rows = [{"ContactID": ID.upper()}, {"ContactID": "other"}, {"Name": "no id"}]
    xero, _, _ = client(envelope(Contacts=rows))
    assert xero.read(CONTACTS, [ID]) == [{"ContactID": ID.upper()}]


def test_a_server_that_ignores_conditions_gives_no_strangers_away() -> None:
    marked = Resource(
        path="Invoices",
        id="InvoiceID",
        number=None,
        label="x",
        modified="m",
        back_reference="Reference",
        lookup="where",
    )
    rows = [
        {"InvoiceID": "1", "Reference": "CRM-1"},
        {"InvoiceID": "2", "Reference": "CRM-10"},
        {"InvoiceID": "3"},
    ]
    xero, script, _ = client(envelope(Invoices=rows))
    assert [row["InvoiceID"] for row in xero.by_reference(marked, "CRM-1")] == ["1"]
    assert ("where", 'Reference=="CRM-1"') in script.requests[0].params


def test_conditions_cannot_be_broken_out_of() -> None:
    assert wire.equals("Name", 'x" OR Name!="') == 'Name=="x\\" OR Name!=\\""'
    assert wire.equals("Name", "a\\") == 'Name=="a\\\\"'


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../Invoices", "..%2FInvoices"),
        ("..", "%2E%2E"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("é", "%C3%A9"),
    ],
)
def test_names_stay_inside_their_segment_of_a_path(name: str, path: str) -> None:
    assert wire.one_request(XeroURLs(), CONTACTS, name).url.endswith(f"/Contacts/{path}")


@pytest.mark.parametrize("body", ["{}", "null", "[1, {}]", '[{"id": "x", "tenantId": null}]'])
def test_connections_without_an_organisation_are_left_out(body: str) -> None:
    xero, _, _ = client(answer(200, body))
    if body.startswith("["):
        assert xero.connections() == []
        return
    with pytest.raises(Transient):
        xero.connections()


# --- refusals ---------------------------------------------------------------------------------

PROBLEM = '{"Type":null,"Title":"%s","Status":%d,"Detail":"%s","Instance":"i","Extensions":{}}'


@pytest.mark.parametrize(
    ("told", "kind", "key"),
    [
        (answer(400, '{"ErrorNumber":16,"Type":"QueryParseException","Message":"No property"}'), Refused, "xero_refused"),
        (answer(400, ""), Refused, "xero_refused"),
        (answer(400, "<html>Bad Request</html>"), Transient, "remote_garbled"),
        (answer(403, PROBLEM % ("Forbidden", 403, "AuthenticationUnsuccessful")), ConnectionLost, "xero_organisation_disconnected"),
        (answer(403, ""), ConnectionLost, "xero_organisation_disconnected"),
        (answer(403, '{"Detail":"insufficient_scope"}'), ConnectionLost, "xero_scope_missing"),
        (answer(401, "", WWW_Authenticate="insufficient_scope"), ConnectionLost, "xero_scope_missing"),
        (answer(401, "", WWW_Authenticate='Bearer error="insufficent_scope"'), ConnectionLost, "xero_scope_missing"),
        (answer(401, '{"Detail":"insufficient_scope"}'), ConnectionLost, "xero_scope_missing"),
        (answer(404, "The resource you're looking for cannot be found"), Gone, "xero_gone"),
        (answer(410, ""), Gone, "xero_gone"),
        (answer(412, ""), Refused, "xero_refused"),
        (answer(501, '{"ErrorNumber":20,"Type":"ApiMethodNotImplementedException","Message":"no"}'), Refused, "xero_refused"),
        (answer(500, '{"Title":"An error occurred"}'), Transient, "remote_unavailable"),
        (answer(502, "<html>Bad gateway</html>"), Transient, "remote_unavailable"),
        (answer(503, "The Xero API is currently offline for maintenance"), Transient, "remote_unavailable"),
        (answer(504, b""), Transient, "remote_unavailable"),
        (answer(302, "", Location="https://evil.example/"), Transient, "remote_garbled"),
        (answer(429, "", X_Rate_Limit_Problem="day", Retry_After="77000"), RateLimited, "rate_day"),
    ],
)  # fmt: skip
def test_every_status_is_the_error_it_stands_for(
    told: Answer, kind: type[SyncError], key: str
) -> None:
    xero, script, token = client(told)
    with pytest.raises(kind) as caught:
        xero.page(CONTACTS)
    assert caught.value.message.key == key
    assert (token.refreshed, len(script.requests)) == (0, 1)
    assert "<" not in caught.value.words


@pytest.mark.parametrize(
    ("again", "key"),
    [
        (answer(401, PROBLEM % ("Unauthorized", 401, "TokenExpired: token expired")), "xero_token_revoked"),
        (answer(401, PROBLEM % ("Unauthorized", 401, "AuthenticationUnsuccessful")), "xero_organisation_disconnected"),
        (answer(401, b""), "xero_token_revoked"),
    ],
)  # fmt: skip
def test_a_second_401_ends_it_after_one_refresh(again: Answer, key: str) -> None:
    xero, script, token = client(answer(401, b""), again)
    with pytest.raises(ConnectionLost) as caught:
        xero.page(CONTACTS)
    assert (caught.value.message.key, token.refreshed, len(script.requests)) == (key, 1, 2)
    assert dict(script.requests[1].headers)["Authorization"] == "Bearer token-2"


def test_a_read_that_finds_nothing_is_no_error() -> None:
    xero, _, _ = client(answer(404), answer(404))
    assert xero.by_reference(CONTACTS, "CRM-1") == []
    assert xero.read(ITEMS, ["x"]) == []


def test_calls_are_counted() -> None:
    xero, _, _ = client(envelope(Contacts=[]), answer(401), envelope(Contacts=[]))
    xero.page(CONTACTS)
    xero.page(CONTACTS)
    assert xero.calls == 3


# --- writing ----------------------------------------------------------------------------------


def contact(**fields: Any) -> Mapping[str, Any]:
    """One contact of an answer."""
    return {"ContactID": ID, "Name": "Ana", **fields}


TAKEN = {
    "Message": "The contact name Ana is already assigned to another contact. The contact name must be unique across all active contacts."
}


def test_requests_are_what_xero_asks_for() -> None:
    xero, script, _ = client(envelope(Invoices=[{"InvoiceID": ID}]), envelope(Contacts=[contact()]))
    xero.write(SALES, [{"Total": Decimal("1.10"), "Reference": "Ü"}], create=True, key="k1")
    xero.write(CONTACTS, [{"ContactID": ID}], create=False, key="k2")
    first, second = script.requests
    assert (first.method, second.method) == ("PUT", "POST")
    assert first.params == (("summarizeErrors", "false"), ("unitdp", "4"))
    assert second.params == (("summarizeErrors", "false"),)
    headers = dict(first.headers)
    assert headers["Idempotency-Key"] == "k1"
    assert headers["xero-tenant-id"] == "t"
    assert headers["Content-Type"] == headers["Accept"] == "application/json"
    assert first.body == '{"Invoices":[{"Total":1.10,"Reference":"Ü"}]}'.encode()


@pytest.mark.parametrize(
    "row",
    [
        contact(StatusAttributeString="ERROR"),
        contact(HasErrors=True),
        contact(HasValidationErrors=True),
        contact(ValidationErrors=[TAKEN]),
        contact(ValidationErrors=[TAKEN["Message"]]),
        {"StatusAttributeString": "ERROR", "ValidationErrors": [TAKEN, None, 5, {"Message": None}]},
    ],
)
def test_every_mark_of_refusal_is_seen(row: Mapping[str, Any]) -> None:
    xero, _, _ = client(envelope(Contacts=[row]))
    (told,) = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert not told.ok
    assert element_error(told.errors).message.key in {"contact_name_taken", "xero_refused"}


def test_errors_of_lines_count_as_errors_of_the_invoice() -> None:
    line = {
        "ValidationErrors": [
            {"Message": "Account code '999' is not a valid code for this document."}
        ]
    }
    xero, _, _ = client(envelope(Invoices=[{"InvoiceID": ID, "LineItems": [line, None]}]))
    (told,) = xero.write(SALES, [{}], create=True, key="k")
    assert element_error(told.errors).message.key == "account_invalid"


@pytest.mark.parametrize(
    "row",
    [
        contact(StatusAttributeString="OK"),
        contact(StatusAttributeString="WARNING", Warnings=[{"Message": "w"}]),
        contact(ValidationErrors=[]),
        contact(ValidationErrors=None, HasErrors=False),
        contact(HasValidationErrors="false"),
    ],
)
def test_what_went_through_is_not_taken_for_refused(row: Mapping[str, Any]) -> None:
    xero, _, _ = client(envelope(Contacts=[row]))
    (told,) = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert told.ok
    assert told.warnings in {(), ("w",)}


def test_a_400_with_elements_is_judged_like_any_answer() -> None:
    rows = [contact(ValidationErrors=[TAKEN])]
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": rows,
    }
    xero, _, _ = client(answer(400, json.dumps(body)))
    (told,) = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert (told.ok, element_error(told.errors).message.key) == (False, "contact_name_taken")


def test_answers_in_another_number_are_matched_by_what_they_carry_or_looked_for() -> None:
    extra = [
        contact(ContactID="9", Name="Zoe"),
        contact(ContactID="2", Name="Luc"),
        contact(ContactID="1", Name="Ana"),
    ]
    sent = [{"Name": "Ana"}, {"Name": "Luc"}]
    xero, _, _ = client(envelope(Contacts=extra), envelope(Contacts=extra[:1]))
    assert [
        one.row and one.row["ContactID"] for one in xero.write(CONTACTS, sent, create=True, key="k")
    ] == ["1", "2"]
    with pytest.raises(Transient) as caught:
        xero.write(CONTACTS, sent, create=True, key="k")
    assert caught.value.sent


@pytest.mark.parametrize(
    "row",
    [{"Name": "Ana"}, {"ContactID": None}, {"ContactID": "00000000-0000-0000-0000-000000000000"}],
)
def test_a_stored_element_without_an_id_has_to_be_looked_for(row: Mapping[str, Any]) -> None:
    xero, _, _ = client(envelope(Contacts=[row]))
    with pytest.raises(Transient) as caught:
        xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert (caught.value.message.key, caught.value.sent) == ("remote_garbled", True)


@pytest.mark.parametrize("body", ["<html>", '{"Contacts": [{"Conta', "", "{}"])
def test_a_write_with_a_broken_answer_may_have_been_processed(body: str) -> None:
    xero, _, _ = client(answer(200, body))
    with pytest.raises(Transient) as caught:
        xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert caught.value.sent


def test_nothing_larger_than_xero_takes_is_sent() -> None:
    xero, script, _ = client()
    for elements, key in (
        ([{}] * 51, "k"),
        ([], "k"),
        ([{"Name": "x" * 3_600_000}], "k"),
        ([{}], "k" * 129),
        ([{}], ""),
    ):
        with pytest.raises(ValueError, match=r"do not fit|Idempotency-Key"):
            xero.write(CONTACTS, elements, create=True, key=key)
    assert script.requests == []


def test_payments_are_deleted_by_their_status() -> None:
    xero, script, _ = client(envelope(Payments=[{"PaymentID": ID, "Status": "DELETED"}]))
    xero.delete(PAYMENTS.xero, ID, key="k")
    assert script.requests[0].url.endswith(f"/Payments/{ID}")
    assert script.requests[0].body == b'{"Status":"DELETED"}'


def test_a_refused_deletion_says_why() -> None:
    body = {
        "Type": "ValidationException",
        "Elements": [
            {
                "ValidationErrors": [
                    {"Message": "This payment has been reconciled and cannot be deleted."}
                ]
            }
        ],
    }
    xero, _, _ = client(answer(400, json.dumps(body)))
    with pytest.raises(Refused) as caught:
        xero.delete(PAYMENTS.xero, ID)
    assert caught.value.message.key == "payment_reconciled"


@given(st.binary(max_size=400), st.sampled_from([200, 204, 207, 304, 400, 403, 404, 409, 418, 500]))
def test_no_answer_whatever_raises_anything_but_our_errors(body: bytes, status: int) -> None:
    for act in (
        lambda c: c.page(CONTACTS),
        lambda c: c.write(CONTACTS, [{}], create=True, key="k"),
        lambda c: c.accounts(),
        lambda c: c.connections(),
    ):
        xero, _, _ = client(answer(status, body))
        assert outcome(act, xero)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Contacts",
                    "Elements",
                    "pagination",
                    "ContactID",
                    "ValidationErrors",
                    "Message",
                    "pageCount",
                    "itemCount",
                    "pageSize",
                    "HasErrors",
                    "tenantId",
                    "Detail",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([200, 400, 403, 404, 500]))
def test_no_json_whatever_raises_anything_but_our_errors(value: object, status: int) -> None:
    body = json.dumps(value)
    for act in (
        lambda c: c.page(CONTACTS),
        lambda c: c.write(CONTACTS, [{"Name": "x"}], create=True, key="k"),
        lambda c: c.connections(),
    ):
        xero, _, _ = client(answer(status, body))
        assert outcome(act, xero)


# --- messages ---------------------------------------------------------------------------------

SAID = json.loads((SAMPLES / "xero_messages.json").read_text())


@pytest.mark.parametrize(
    ("text", "key", "params"), [(one["text"], one["key"], one.get("params", {})) for one in SAID]
)
def test_xeros_sentences_become_causes(text: str, key: str, params: dict[str, str]) -> None:
    error = element_error([text])
    assert error.message.key == key
    assert params.items() <= error.message.params.items()
    assert text in error.words


def test_the_telling_one_of_several_sentences_decides() -> None:
    error = element_error(
        ["A Contact must be specified for this type of transaction", "Invoice # must be unique."]
    )
    assert error.message.key == "invoice_number_taken"
    assert "A Contact must" in error.words
    assert element_error([]).message.key == "xero_refused"
    assert element_error([""]).message.key == "xero_refused"


@given(st.text(max_size=300))
def test_no_sentence_whatever_is_too_much(text: str) -> None:
    assert element_error([text]).message.key


def test_endless_sentences_are_cut() -> None:
    assert len(element_error(["account " * 100_000]).words) <= 2000


# --- webhooks ---------------------------------------------------------------------------------

VECTORS = json.loads((SAMPLES / "xero_webhooks.json").read_text())


@pytest.mark.parametrize("vector", VECTORS)
def test_published_signatures_are_genuine_and_nothing_else(vector: dict[str, str]) -> None:
    body, signature, key = vector["body"].encode(), vector["signature"], vector["key"]
    assert webhook_is_genuine(body, signature, key)
    for wrong in (
        None,
        "",
        signature[:-1],
        signature.lower(),
        "é" + signature,
        signature + "=",
        "A" * 44,
        f" {signature}",
    ):
        assert not webhook_is_genuine(body, wrong, key)
    assert not webhook_is_genuine(body + b" ", signature, key)
    assert not webhook_is_genuine(body, signature, key + "x")
    assert not webhook_is_genuine(body, signature, "")


def test_events_name_record_and_organisation() -> None:
    (event,) = webhook_events(VECTORS[1]["body"].encode())
    assert (event.category, event.type) == ("INVOICE", "UPDATE")
    assert event.resource_id == "44aa0707-f718-4f1c-8d53-f2da9ca59533"
    assert event.at == datetime(2018, 2, 9, 9, 18, 28, 917000, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"events": null}',
        b'{"events": [null, 5, {}, {"resourceId": 7, "tenantId": "t"}]}',
        b'{"events": {"a": 1}}',
    ],
)
def test_bodies_without_events_hold_none(body: bytes) -> None:
    assert webhook_events(body) == []


def test_the_judge_lets_successes_pass() -> None:
    request = Request(method="GET", url="https://api.xero.com/x")
    for status in (200, 201, 204, 207, 304):
        assert wire.judge(request, answer(status)).status == status


# --- less common ways -------------------------------------------------------------------------


def test_other_ways_of_searching_ask_what_they_should() -> None:
    by_name = Resource(
        path="Items",
        id="ItemID",
        number=None,
        label="Name",
        modified="m",
        paged=False,
        search="where",
    )
    xero, script, _ = client(envelope(Items=[{"ItemID": "1"}]), envelope(Items=[]))
    assert xero.search(by_name, 'The "Inn"') == [{"ItemID": "1"}]
    assert ("where", 'Name=="The \\"Inn\\""') in script.requests[0].params
    assert xero.search(ITEMS, "anything") == []
    assert ("where", "anything") not in script.requests[1].params
    assert xero.search(CONTACTS, "  ") == []
    assert len(script.requests) == 2


def test_conditions_of_a_resource_and_of_a_search_are_joined() -> None:
    marked = Resource(
        path="Invoices",
        id="InvoiceID",
        number=None,
        label="x",
        modified="m",
        where='Type=="ACCREC"',
        back_reference="Reference",
        lookup="where",
    )
    xero, script, _ = client(envelope(Invoices=[]))
    xero.by_reference(marked, "R")
    assert ("where", 'Type=="ACCREC" AND Reference=="R"') in script.requests[0].params


def test_a_draft_is_deleted_by_its_status_and_carries_its_id() -> None:
    xero, script, _ = client(envelope(Invoices=[{"InvoiceID": ID}]))
    xero.delete(SALES, ID)
    assert json.loads(script.requests[0].body or b"") == {"Status": "DELETED", "InvoiceID": ID}


def test_a_payment_is_changed_at_its_own_address() -> None:
    xero, script, _ = client(envelope(Payments=[{"PaymentID": ID}]))
    xero.write(PAYMENTS.xero, [{"PaymentID": ID, "Status": "DELETED"}], create=False, key="k")
    assert (script.requests[0].url[-36:], script.requests[0].params) == (ID, ())


def test_uncounted_calls_are_limited_all_the_same() -> None:
    xero, _, _ = client(answer(429, "", Retry_After="30"))
    with pytest.raises(RateLimited) as caught:
        xero.connections()
    assert caught.value.wait_seconds == 30


def test_a_note_that_is_refused_says_why() -> None:
    body = {
        "Elements": [
            {
                "ValidationErrors": [
                    {
                        "Message": "The document with the supplied id was not found for this endpoint."
                    }
                ]
            }
        ]
    }
    xero, _, _ = client(answer(400, json.dumps(body)))
    with pytest.raises(Gone):
        xero.history(CONTACTS, ID, "x" * 9000)
