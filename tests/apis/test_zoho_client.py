"""The Zoho client against the simulated CRM, in one process."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backend.apis.moments import moment
from backend.apis.zoho.client import LinesRefused, Row, ZohoClient
from backend.core.errors import ConnectionLost, Gone, RateLimited, Refused, Stale, Transient
from backend.sync.consent import zoho_scopes
from simulator.faults import Fault
from tests.apis.support import Bridge

MARK = {
    "field_label": "Xero ID",
    "data_type": "text",
    "length": 50,
    "unique": {"case_sensitive": False},
}
NAMES = ["Account_Name", "Modified_Time"]
LINE = ["Product_Name", "Quantity", "List_Price", "Discount", "Description"]


@pytest.fixture
def marked(zoho: ZohoClient) -> ZohoClient:
    """A CRM whose accounts carry our mark."""
    (made,) = zoho.create_fields("Accounts", [MARK])
    assert made.ok
    return zoho


def ids_of(rows: list[Row]) -> list[str]:
    """The ids of rows that all went through."""
    assert all(row.ok and row.id for row in rows), rows
    return [row.id or "" for row in rows]


def accounts(zoho: ZohoClient, *names: str) -> list[str]:
    """Accounts of these names; their ids."""
    rows: list[dict[str, Any]] = [{"Account_Name": name} for name in names]
    return ids_of(zoho.write("Accounts", rows, create=True, duplicate_check=()))


def invoices(zoho: ZohoClient, count: int, lines: int) -> list[str]:
    """Invoices of one customer with so many lines each; their ids."""
    (customer,) = accounts(zoho, "Harbour Inn")
    (product,) = ids_of(
        zoho.write("Products", [{"Product_Name": "Wine"}], create=True, duplicate_check=())
    )
    rows = [
        {
            "Subject": f"Order {n}",
            "Account_Name": {"id": customer},
            "Invoiced_Items": [
                {
                    "Product_Name": {"id": product},
                    "Quantity": Decimal(k + 1),
                    "List_Price": Decimal("10.50"),
                    "Description": f"{n}.{k}",
                }
                for k in range(lines)
            ],
        }
        for n in range(count)
    ]
    return ids_of(
        [
            row
            for start in range(0, count, 50)
            for row in zoho.write(
                "Invoices", rows[start : start + 50], create=True, duplicate_check=()
            )
        ]
    )


def test_rows_are_judged_one_by_one_in_order(marked: ZohoClient) -> None:
    told = marked.write(
        "Accounts",
        [{"Account_Name": "Ana"}, {"Phone": "1"}, {"Account_Name": "Luc", "Xero_ID": "x"}],
        create=True,
    )
    assert [row.ok for row in told] == [True, False, True]
    assert told[1].error is not None
    assert (told[1].error.message.key, told[1].error.message.params) == (
        "zoho_field_missing",
        {"field": "Account_Name"},
    )
    assert (told[2].action, moment(told[2].modified) is not None) == ("insert", True)


def test_a_repeated_create_updates_the_record_it_made(marked: ZohoClient) -> None:
    row = {"Account_Name": "Ana", "Xero_ID": "x1"}
    (first,), (second,) = (
        marked.write("Accounts", [row], create=True),
        marked.write("Accounts", [row], create=True),
    )
    assert (first.id, second.action) == (second.id, "update")


def test_a_taken_mark_names_the_record_that_has_it(marked: ZohoClient) -> None:
    (ana,) = ids_of(
        marked.write("Accounts", [{"Account_Name": "Ana", "Xero_ID": "x1"}], create=True)
    )
    (row,) = marked.write(
        "Accounts", [{"Account_Name": "Luc", "Xero_ID": "x1"}], create=True, duplicate_check=()
    )
    assert (row.ok, row.id, row.duplicate_id) == (False, None, ana)
    assert row.error is not None
    assert (row.error.message.key, row.error.message.params["field"]) == (
        "zoho_duplicate",
        "Xero_ID",
    )


def test_a_record_changed_meanwhile_is_stale_and_untouched(
    zoho: ZohoClient, bridge: Bridge
) -> None:
    (ana,) = accounts(zoho, "Ana")
    read = moment((zoho.read("Accounts", ana) or {})["Modified_Time"])
    bridge.world.clock.advance(5)
    bridge.world.zoho.edit("Accounts", ana, {"Phone": "1"})
    (row,) = zoho.write(
        "Accounts", [{"id": ana, "Phone": "2"}], create=False, unmodified_since=read
    )
    assert isinstance(row.error, Stale)
    again = zoho.read("Accounts", ana) or {}
    assert again["Phone"] == "1"
    (row,) = zoho.write(
        "Accounts",
        [{"id": ana, "Phone": "2"}],
        create=False,
        unmodified_since=moment(again["Modified_Time"]),
    )
    assert (row.ok, row.id) == (True, ana)


def test_a_locked_record_may_be_tried_later(zoho: ZohoClient, bridge: Bridge) -> None:
    (ana,) = accounts(zoho, "Ana")
    bridge.world.zoho.lock("Accounts", ana)
    (row,) = zoho.write("Accounts", [{"id": ana, "Phone": "2"}], create=False)
    assert isinstance(row.error, Transient)
    assert (row.error.message.key, row.error.sent) == ("crm_record_locked", False)


def test_a_record_that_is_gone_is_none_to_read_and_gone_to_write(
    zoho: ZohoClient, bridge: Bridge
) -> None:
    (ana,) = accounts(zoho, "Ana")
    bridge.world.zoho.delete("Accounts", ana)
    assert zoho.read("Accounts", ana) is None
    (row,) = zoho.write("Accounts", [{"id": ana, "Phone": "2"}], create=False)
    assert isinstance(row.error, Gone)
    assert [row.ok for row in zoho.delete("Accounts", [ana])] == [True]
    assert zoho.delete("Accounts", []) == []


def test_deleted_records_are_listed_once(zoho: ZohoClient, bridge: Bridge) -> None:
    ana, luc = accounts(zoho, "Ana", "Luc")
    zoho.delete("Accounts", [ana])
    bridge.world.clock.advance(600)
    middle = bridge.world.clock.now()
    bridge.world.clock.advance(5)
    zoho.delete("Accounts", [luc])
    assert {row["id"] for row in zoho.deleted("Accounts", since=None).rows} == {ana, luc}
    page = zoho.deleted("Accounts", since=middle)
    assert [row["id"] for row in page.rows] == [luc]
    assert page.as_of == bridge.world.clock.now().replace(microsecond=0)
    assert zoho.deleted("Products", since=None).rows == []


def test_all_pages_are_reached_by_token(zoho: ZohoClient) -> None:
    made = [
        one
        for start in range(0, 250, 50)
        for one in accounts(zoho, *(f"C{start + n}" for n in range(50)))
    ]
    first = zoho.page("Accounts", NAMES)
    assert (len(first.rows), first.next_token is not None) == (200, True)
    second = zoho.page("Accounts", NAMES, page_token=first.next_token)
    assert second.next_token is None
    assert {row["id"] for row in [*first.rows, *second.rows]} == set(made)


def test_changes_come_oldest_first_and_nothing_is_an_empty_page(
    zoho: ZohoClient, bridge: Bridge
) -> None:
    accounts(zoho, "Old")
    bridge.world.clock.advance(3600)
    since = bridge.world.clock.now()
    for name in ("A", "B", "C"):
        bridge.world.clock.advance(2)
        accounts(zoho, name)
    page = zoho.page("Accounts", NAMES, since=since)
    assert [row["Account_Name"] for row in page.rows] == ["A", "B", "C"]
    assert zoho.page("Accounts", NAMES, since=since + timedelta(hours=2)).rows == []
    assert zoho.page("Products", ["Product_Name"]).rows == []


def test_pages_can_be_limited_to_ids(zoho: ZohoClient) -> None:
    ana, _luc = accounts(zoho, "Ana", "Luc")
    assert [row["id"] for row in zoho.page("Accounts", NAMES, ids=[ana]).rows] == [ana]


def test_lines_of_many_invoices_come_in_one_query(zoho: ZohoClient) -> None:
    made = invoices(zoho, 40, 3)
    before = zoho.calls
    found = zoho.lines("Invoiced_Items", "Parent_Id", made, LINE)
    assert zoho.calls - before == 1
    assert list(found) == made
    assert [line["Description"] for line in found[made[7]]] == ["7.0", "7.1", "7.2"]
    assert Decimal(found[made[7]][2]["Quantity"]) == 3


def test_more_lines_than_one_answer_holds_are_all_there(zoho: ZohoClient) -> None:
    made = invoices(zoho, 30, 9)
    found = zoho.lines("Invoiced_Items", "Parent_Id", made, LINE)
    assert [len(lines) for lines in found.values()] == [9] * 30


def test_refused_line_queries_are_told_so_that_single_reads_follow(
    zoho: ZohoClient, bridge: Bridge
) -> None:
    made = invoices(zoho, 1, 2)
    bridge.world.switches.coql_lines = False
    with pytest.raises(LinesRefused):
        zoho.lines("Invoiced_Items", "Parent_Id", made, LINE)
    assert len((zoho.read("Invoices", made[0]) or {})["Invoiced_Items"]) == 2
    assert zoho.lines("Invoiced_Items", "Parent_Id", [], LINE) == {}


def test_a_stumbling_line_query_is_no_refusal(zoho: ZohoClient, bridge: Bridge) -> None:
    made = invoices(zoho, 1, 1)
    bridge.world.faults.add(Fault(side="zoho", kind="503", match="coql"))
    with pytest.raises(Transient):
        zoho.lines("Invoiced_Items", "Parent_Id", made, LINE)


@pytest.mark.parametrize(
    "name", ["O'Neil & Co <b>", "back\\slash", "(brackets), comma", "Łódź 🍷", 'quo"te']
)
def test_records_are_found_by_exact_values_of_every_kind(zoho: ZohoClient, name: str) -> None:
    accounts(zoho, name, f"{name} and more")
    assert [
        row["Account_Name"] for row in zoho.find("Accounts", "Account_Name", [name, ""], [])
    ] == [name]


def test_without_query_scope_records_are_searched_and_compared(bridge: Bridge) -> None:
    scopes = tuple(scope for scope in zoho_scopes() if "coql" not in scope)
    zoho = bridge.zoho(bridge.zoho_tokens(scopes))
    accounts(zoho, "Harbour", "Harbour & Vine")
    assert [
        row["Account_Name"] for row in zoho.find("Accounts", "Account_Name", ["Harbour"], [])
    ] == ["Harbour"]
    before = zoho.calls
    assert zoho.find("Accounts", "Account_Name", ["Nobody"], []) == []
    assert zoho.calls - before == 1


def test_finding_nothing_takes_no_call(zoho: ZohoClient) -> None:
    before = zoho.calls
    assert zoho.find("Accounts", "Account_Name", [], []) == []
    assert zoho.calls == before


def test_a_field_that_exists_is_told_as_a_duplicate(marked: ZohoClient) -> None:
    (row,) = marked.create_fields("Accounts", [MARK])
    assert row.error is not None
    assert row.error.message.key == "zoho_duplicate"
    assert {"Xero_ID", "Account_Name"} <= {field["api_name"] for field in marked.fields("Accounts")}


def test_set_up_is_read(zoho: ZohoClient) -> None:
    assert {"Accounts", "Invoices"} <= {row["api_name"] for row in zoho.modules()}
    assert {"VAT"} <= {row["name"] for row in zoho.taxes()}
    assert {"GBP"} <= {row["iso_code"] for row in zoho.currencies()}
    assert zoho.org()["company_name"] == "Harbour & Vine"
    assert zoho.layouts("Invoices")
    assert len(zoho.users("ActiveUsers")) == 3
    assert [row["full_name"] for row in zoho.users("CurrentUser")] == ["Ana Whitfield"]


def test_a_task_is_made_changed_and_missed_when_deleted(zoho: ZohoClient, bridge: Bridge) -> None:
    wanted = [{"Subject": "Invoice INV-1 needs you"}]
    (made,) = zoho.write("Tasks", wanted, create=True, duplicate_check=())
    task = str(made.id)
    done = [{"id": task, "Status": "Completed"}]
    assert zoho.write("Tasks", done, create=False)[0].ok
    assert (zoho.read("Tasks", task) or {})["Status"] == "Completed"
    bridge.world.zoho.delete("Tasks", task)
    assert isinstance(zoho.write("Tasks", done, create=False)[0].error, Gone)


def test_channels_are_opened_extended_and_closed(zoho: ZohoClient, bridge: Bridge) -> None:
    def channel(at: datetime) -> dict[str, object]:
        return {"channel_id": "1000000068001", "events": ["Accounts.all"], "notify_url": "https://app.example/hook", "token": "t", "channel_expiry": at.isoformat(timespec="seconds"), "notify_on_related_action": False}  # fmt: skip

    soon = bridge.world.clock.now().replace(microsecond=0) + timedelta(days=2)
    (event,) = zoho.watch([channel(soon)])
    assert moment(event["channel_expiry"]) == soon
    later = soon + timedelta(days=2)
    renewed = {
        "channel_id": "1000000068001",
        "channel_expiry": later.isoformat(timespec="seconds"),
        "events": ["Accounts.all"],
    }
    assert {moment(one["channel_expiry"]) for one in zoho.renew([renewed])} == {later}
    zoho.unwatch(["1000000068001"])
    with pytest.raises(Refused):
        zoho.renew([renewed])
    zoho.unwatch(["1000000068001"])


# --- tokens and trouble -----------------------------------------------------------------------


def test_an_expired_token_is_refreshed_once(zoho: ZohoClient, bridge: Bridge) -> None:
    bridge.world.zoho.accounts.expire_access()
    assert zoho.page("Accounts", NAMES).rows == []
    assert bridge.zoho_held.refreshed == 1


def test_a_revoked_connection_needs_a_person(zoho: ZohoClient, bridge: Bridge) -> None:
    bridge.world.zoho.revoke()
    with pytest.raises(ConnectionLost) as caught:
        zoho.page("Accounts", NAMES)
    assert caught.value.message.key == "zoho_token_revoked"


def test_a_missing_scope_is_named_without_a_refresh(bridge: Bridge) -> None:
    zoho = bridge.zoho(bridge.zoho_tokens(("ZohoCRM.org.READ",)))
    with pytest.raises(ConnectionLost) as caught:
        zoho.page("Accounts", NAMES)
    assert caught.value.message.key == "zoho_scope_missing"
    assert bridge.zoho_held.refreshed == 0


def test_refusals_grow_from_a_pause_to_an_hour(zoho: ZohoClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="zoho", kind="credits", times=None))
    waits = []
    for _ in range(8):
        with pytest.raises(RateLimited) as caught:
            zoho.page("Accounts", NAMES)
        waits.append(caught.value.wait_seconds)
        bridge.world.clock.advance(caught.value.wait_seconds + 1)
    assert waits == sorted(waits)
    assert waits[-1] == 3600
    assert caught.value.scope == "credits"


@pytest.mark.parametrize(
    "kind", ["500", "503", "503_text", "reset_before", "reset_after", "truncated", "html"]
)
def test_every_stumble_is_transient(zoho: ZohoClient, bridge: Bridge, kind: str) -> None:
    accounts(zoho, "Ana")
    bridge.world.faults.add(Fault(side="zoho", kind=kind))
    with pytest.raises(Transient):
        zoho.page("Accounts", NAMES)
