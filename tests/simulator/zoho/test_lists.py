"""Lists and single reads as they really differ, paging, conditional reads, deleted records."""

import time
from collections.abc import Callable

import pytest

from tests.simulator.zoho.conftest import Crm


def accounts(crm: Crm, count: int) -> list[str]:
    """Insert this many accounts, a hundred a call."""
    made: list[str] = []
    for start in range(0, count, 100):
        rows = [{"Account_Name": f"A{n:04}"} for n in range(start, min(start + 100, count))]
        made += crm.insert("Accounts", *rows)
    return made


def test_an_empty_list_answers_204_without_a_body(crm: Crm) -> None:
    answer = crm.call("GET", "/Accounts?fields=Account_Name")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_list_needs_its_fields(crm: Crm) -> None:
    status, code, details = crm.refused(crm.call("GET", "/Accounts"))
    assert (status, code, details) == (400, "REQUIRED_PARAM_MISSING", {"param_name": "fields"})


def test_more_than_fifty_fields_are_refused(crm: Crm) -> None:
    fields = ",".join(f"F{n}" for n in range(51))
    assert crm.refused(crm.call("GET", f"/Accounts?fields={fields}"))[:2] == (400, "LIMIT_EXCEEDED")


def test_a_list_never_has_line_items_and_a_single_read_has(
    crm: Crm, invoice: Callable[..., str]
) -> None:
    made = invoice("10.00")
    listed = crm.call("GET", "/Invoices?fields=Subject,Invoiced_Items,Grand_Total").json()
    assert listed["data"] == [{"Subject": "Order", "Grand_Total": 10.0, "id": made}]
    assert len(crm.read("Invoices", made)["Invoiced_Items"]) == 1


def test_ids_are_eighteen_digit_strings_and_the_newest_comes_first(crm: Crm) -> None:
    made = accounts(crm, 3)
    assert all(isinstance(one, str) and len(one) == 18 for one in made)
    listed = crm.call("GET", "/Accounts?fields=Account_Name").json()["data"]
    assert [one["id"] for one in listed] == made[::-1]


def test_page_reaches_two_thousand_rows_and_no_further(crm: Crm) -> None:
    accounts(crm, 2100)
    last = crm.call("GET", "/Accounts?fields=Account_Name&page=10&per_page=200")
    assert last.json()["info"]["more_records"] is True
    beyond = crm.call("GET", "/Accounts?fields=Account_Name&page=11&per_page=200")
    assert crm.refused(beyond)[:2] == (400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED")
    assert crm.call("GET", "/Accounts?fields=id&per_page=201").status_code == 400


def test_a_page_token_goes_on_beyond_and_is_bound_to_its_parameters(crm: Crm) -> None:
    made = accounts(crm, 450)
    path = "/Accounts?fields=Account_Name&sort_by=id&sort_order=asc"
    seen: list[str] = []
    token = ""
    while True:
        page = crm.call("GET", path + (f"&page_token={token}" if token else "")).json()
        seen += [one["id"] for one in page["data"]]
        if not page["info"]["more_records"]:
            break
        token = page["info"]["next_page_token"]
    assert seen == made
    other = crm.call("GET", f"/Accounts?fields=Phone&page_token={token}")
    assert crm.refused(other)[:2] == (400, "TOKEN_BOUND_DATA_MISMATCH")
    both = crm.call("GET", f"{path}&page_token={token}&page=2")
    assert crm.refused(both)[:2] == (400, "AMBIGUITY_DURING_PROCESSING")
    crm.world.clock.advance(24 * 3600 + 1)
    crm.sign_in()
    old = crm.call("GET", f"{path}&page_token={token}")
    assert crm.refused(old)[:2] == (400, "EXPIRED_VALUE")


def test_if_modified_since_answers_304_when_nothing_changed(crm: Crm) -> None:
    first, second = accounts(crm, 2)
    stamp = crm.read("Accounts", second)["Modified_Time"]
    headers = {"If-Modified-Since": stamp}
    path = "/Accounts?fields=Account_Name&sort_by=Modified_Time&sort_order=asc"
    assert crm.call("GET", path, headers=headers).status_code == 304
    crm.world.clock.advance(2)
    crm.world.zoho.edit("Accounts", first, {"Phone": "1"})
    found = crm.call("GET", path, headers=headers).json()["data"]
    assert [one["id"] for one in found] == [first]


def test_modified_time_is_local_with_an_offset_and_whole_seconds(crm: Crm) -> None:
    (made,) = accounts(crm, 1)
    assert crm.read("Accounts", made)["Modified_Time"] == "2026-05-04T10:30:00+01:00"


def test_ids_choose_records(crm: Crm) -> None:
    first, _second, third = accounts(crm, 3)
    found = crm.call("GET", f"/Accounts?fields=Account_Name&ids={first},{third}").json()["data"]
    assert {one["id"] for one in found} == {first, third}


def test_an_unknown_module_and_an_unknown_path_are_told_apart(crm: Crm) -> None:
    assert crm.refused(crm.call("GET", "/Nothing?fields=id"))[:2] == (400, "INVALID_MODULE")
    assert crm.refused(crm.call("GET", "/a/b/c"))[:2] == (404, "INVALID_URL_PATTERN")


def test_a_record_that_is_not_there_answers_204(crm: Crm) -> None:
    assert crm.call("GET", "/Accounts/487687600000599999").status_code == 204


def test_deleted_records_are_listed_until_they_are_gone_for_good(crm: Crm) -> None:
    kept, binned, purged = accounts(crm, 3)
    answer = crm.call("DELETE", f"/Accounts?ids={binned},{purged}")
    assert [one["code"] for one in answer.json()["data"]] == ["SUCCESS", "SUCCESS"]
    crm.world.zoho.purge("Accounts", purged)
    rows = crm.call("GET", "/Accounts/deleted?type=all").json()["data"]
    by_id = {one["id"]: one for one in rows}
    assert by_id[binned]["type"] == "recycle"
    assert by_id[binned]["display_name"] == "A0001"
    assert by_id[purged] | {"deleted_time": None} == {
        "deleted_by": None,
        "id": purged,
        "display_name": None,
        "type": "permanent",
        "created_by": None,
        "deleted_time": None,
    }
    crm.world.zoho.restore("Accounts", binned)
    left = crm.call("GET", "/Accounts?fields=Account_Name").json()["data"]
    assert {one["id"] for one in left} == {kept, binned}


def test_deleting_an_unknown_id_is_an_error_of_its_row(crm: Crm) -> None:
    (made,) = accounts(crm, 1)
    answer = crm.call("DELETE", f"/Accounts?ids={made},487687600000599999")
    assert answer.status_code == 207
    assert [one["code"] for one in answer.json()["data"]] == ["SUCCESS", "INVALID_DATA"]


def test_search_equals_matches_like_contains_and_lags(crm: Crm) -> None:
    crm.insert("Accounts", {"Account_Name": "Harbour"}, {"Account_Name": "Harbour Café"})
    path = "/Accounts/search?criteria=(Account_Name:equals:harbour)"
    assert len(crm.call("GET", path).json()["data"]) == 2
    crm.world.switches.zoho_search_lag_seconds = 30.0
    assert crm.call("GET", path).status_code == 204
    crm.world.clock.advance(31)
    assert len(crm.call("GET", path).json()["data"]) == 2


@pytest.mark.bench
def test_two_hundred_rows_are_listed_in_forty_milliseconds(
    crm: Crm, invoice: Callable[..., str]
) -> None:
    made = crm.read("Invoices", invoice("10.00"))
    product = made["Invoiced_Items"][0]["Product_Name"]["id"]
    row = {
        "Subject": "Order",
        "Account_Name": {"id": made["Account_Name"]["id"]},
        "Invoiced_Items": [{"Product_Name": {"id": product}}],
    }
    path = "/Invoices?fields=Subject,Account_Name,Grand_Total,Status,Modified_Time,Currency"
    assert quickest(lambda: crm.insert("Invoices", *[row] * 100)) < 0.08
    assert quickest(lambda: crm.call("GET", path)) < 0.04


def quickest(act: Callable[[], object]) -> float:
    """Seconds of the best of eight, so that a busy machine does not decide."""
    best = float("inf")
    for _ in range(8):
        started = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - started)
    return best
