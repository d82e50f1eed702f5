"""The Xero client against the simulated Xero, in one process."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.apis.xero.client import XeroClient, element_error
from backend.core.errors import ConnectionLost, Gone, RateLimited, Refused, Transient
from backend.sync.consent import xero_scopes
from simulator.faults import Fault
from tests.apis.support import ACCOUNTS, CREDIT_NOTES, INVOICES, PAYMENTS, PRODUCTS, Bridge

CONTACTS, ITEMS, SALES, MONEY = ACCOUNTS.xero, PRODUCTS.xero, INVOICES.xero, PAYMENTS.xero


def contacts(xero: XeroClient, *names: str) -> list[str]:
    """Contacts of these names; their ids."""
    key = hashlib.sha256("-".join(names).encode()).hexdigest()
    made = xero.write(CONTACTS, [{"Name": name} for name in names], create=True, key=key)
    return [str(one.row["ContactID"]) for one in made if one.row]


def invoice(
    contact: str, number: str = "INV-1", price: str = "25.06", status: str = "AUTHORISED"
) -> dict[str, object]:
    """One sales invoice with one line."""
    return {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact},
        "Date": "2026-11-02",
        "DueDate": "2026-12-02",
        "LineAmountTypes": "Exclusive",
        "Status": status,
        "LineItems": [{"Description": "Wine", "Quantity": Decimal(1), "UnitAmount": Decimal(price), "AccountCode": "200", "TaxType": "OUTPUT2"}],
    }  # fmt: skip


def test_batch_is_judged_element_by_element_in_order(xero: XeroClient) -> None:
    made = xero.write(
        CONTACTS, [{"Name": "Ana"}, {"Name": "Ana"}, {"Name": "Luc"}], create=True, key="k"
    )
    assert [one.ok for one in made] == [True, False, True]
    assert element_error(made[1].errors).message.key == "contact_name_taken"
    assert element_error(made[1].errors).message.params == {"name": "Ana"}
    assert made[0].row is not None
    assert made[0].row["Name"] == "Ana"


def test_a_single_refused_element_is_a_verdict_and_no_exception(xero: XeroClient) -> None:
    contacts(xero, "Ana")
    (one,) = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="other")
    assert not one.ok


def test_update_changes_and_create_never_overwrites(xero: XeroClient) -> None:
    (ana,) = contacts(xero, "Ana")
    (one,) = xero.write(CONTACTS, [{"ContactID": ana, "FirstName": "A"}], create=False, key="u")
    assert one.ok
    assert one.row is not None
    assert (one.row["Name"], one.row["FirstName"]) == ("Ana", "A")


def test_repeating_a_write_with_its_key_makes_no_second_record(xero: XeroClient) -> None:
    first = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="same")
    again = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="same")
    assert again == first
    assert xero.page(CONTACTS).total == 1


def test_a_key_used_for_other_contents_says_so(xero: XeroClient) -> None:
    xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="same")
    with pytest.raises(Refused) as caught:
        xero.write(CONTACTS, [{"Name": "Luc"}], create=True, key="same")
    assert caught.value.message.key == "idempotency_mismatch"


def test_every_page_is_reached_and_counted(xero: XeroClient) -> None:
    contacts(xero, *(f"Customer {n:02}" for n in range(45)))
    first = xero.page(CONTACTS, size=20)
    assert (first.number, first.pages, first.total, len(first.rows)) == (1, 3, 45, 20)
    names = [
        row["Name"]
        for number in (1, 2, 3)
        for row in xero.page(CONTACTS, number=number, size=20).rows
    ]
    assert sorted(names) == [f"Customer {n:02}" for n in range(45)]


def test_only_what_changed_since_is_read_and_nothing_is_an_empty_page(
    bridge: Bridge, xero: XeroClient
) -> None:
    contacts(xero, "Ana")
    bridge.world.clock.advance(600)
    moment = bridge.world.clock.now()
    (luc,) = contacts(xero, "Luc")
    assert [row["ContactID"] for row in xero.page(CONTACTS, since=moment).rows] == [luc]
    later = moment + timedelta(hours=1)
    assert xero.page(CONTACTS, since=later).rows == []
    bridge.world.switches.ims_empty_304 = True
    empty = xero.page(CONTACTS, since=later)
    assert (empty.rows, empty.pages) == ([], 1)


def test_the_answer_tells_the_servers_time(bridge: Bridge, xero: XeroClient) -> None:
    bridge.world.clock.advance(86_400)
    apart = xero.page(CONTACTS).as_of - bridge.world.clock.now()
    assert abs(apart) < timedelta(seconds=5)


def test_reading_by_id_leaves_out_what_is_not_there(xero: XeroClient) -> None:
    ids = contacts(xero, "Ana", "Luc")
    found = xero.read(CONTACTS, [*ids, "11111111-1111-4111-8111-111111111111"])
    assert {row["ContactID"] for row in found} == set(ids)
    assert xero.read(CONTACTS, []) == []


def test_many_ids_take_one_call_per_forty(xero: XeroClient) -> None:
    ids = contacts(xero, *(f"C{n}" for n in range(50)))
    before = xero.calls
    assert len(xero.read(CONTACTS, ids)) == 50
    assert xero.calls - before == 2


def test_items_are_read_one_by_one_or_as_a_whole(xero: XeroClient) -> None:
    made = xero.write(
        ITEMS, [{"Code": f"P{n}", "Name": f"P{n}"} for n in range(6)], create=True, key="i"
    )
    ids = [str(one.row["ItemID"]) for one in made if one.row]
    before = xero.calls
    assert {row["Code"] for row in xero.read(ITEMS, [*ids[:2], "no-such-item"])} == {"P0", "P1"}
    assert xero.calls - before == 3
    assert len(xero.read(ITEMS, ids)) == 6
    assert xero.calls - before == 4


def test_payments_and_credit_notes_are_read_by_id(xero: XeroClient, bridge: Bridge) -> None:
    (ana,) = contacts(xero, "Ana")
    made = xero.write(SALES, [invoice(ana, f"INV-{n}") for n in range(5)], create=True, key="inv")
    ids = [str(one.row["InvoiceID"]) for one in made if one.row]
    paid = [bridge.world.xero.pay(bridge.tenant, one, "1.00") for one in ids]
    assert {row["PaymentID"] for row in xero.read(MONEY, paid)} == set(paid)
    assert {row["PaymentID"] for row in xero.read(MONEY, paid[:2])} == set(paid[:2])
    note = bridge.world.xero.credit(bridge.tenant, ids[0], "2.00")
    assert [row["CreditNoteID"] for row in xero.read(CREDIT_NOTES, [note])] == [note]


def test_invoices_are_found_with_their_lines_and_amounts_as_decimals(xero: XeroClient) -> None:
    (ana,) = contacts(xero, "Ana")
    (made,) = xero.write(SALES, [invoice(ana, price="10.1234")], create=True, key="inv")
    assert made.row is not None
    (row,) = xero.page(SALES).rows
    line = row["LineItems"][0]
    assert Decimal(line["UnitAmount"]) == Decimal("10.1234")
    assert Decimal(row["Total"]) == Decimal("12.14")
    (found,) = xero.search(SALES, "INV-1")
    assert found["InvoiceID"] == made.row["InvoiceID"]
    assert xero.search(SALES, "INV-2") == []


def test_our_mark_finds_a_contact_and_nothing_else(xero: XeroClient) -> None:
    xero.write(
        CONTACTS, [{"Name": "Ana", "ContactNumber": "487687600000500001"}], create=True, key="k"
    )
    assert [row["Name"] for row in xero.by_reference(CONTACTS, "487687600000500001")] == ["Ana"]
    assert xero.by_reference(CONTACTS, "487687600000500002") == []
    assert xero.by_reference(CONTACTS, "../Invoices") == []
    assert xero.by_reference(CONTACTS, "") == []
    assert xero.by_reference(SALES, "anything") == []


@pytest.mark.parametrize(
    "name", ["O'Neil & Co <b>", 'The "Inn"', "Łódź 🍷", "a,b;c/d?e#f", "100% + 1"]
)
def test_names_of_every_kind_are_found_exactly(xero: XeroClient, name: str) -> None:
    contacts(xero, name)
    assert [row["Name"] for row in xero.search(CONTACTS, name)] == [name]


def test_archived_contacts_are_listed_and_found(xero: XeroClient) -> None:
    (ana,) = contacts(xero, "Ana")
    xero.write(CONTACTS, [{"ContactID": ana, "ContactStatus": "ARCHIVED"}], create=False, key="a")
    assert [row["ContactStatus"] for row in xero.page(CONTACTS).rows] == ["ARCHIVED"]
    assert [row["ContactStatus"] for row in xero.search(CONTACTS, "Ana")] == ["ARCHIVED"]
    assert [row["ContactStatus"] for row in xero.read(CONTACTS, [ana])] == ["ARCHIVED"]


def test_a_payment_is_made_and_deleted_again(xero: XeroClient) -> None:
    (ana,) = contacts(xero, "Ana")
    (made,) = xero.write(SALES, [invoice(ana)], create=True, key="inv")
    assert made.row is not None
    payment = {
        "Invoice": {"InvoiceID": made.row["InvoiceID"]},
        "Account": {"Code": "090"},
        "Amount": Decimal("5.00"),
        "Date": "2026-11-03",
    }
    paid = xero.payment(payment, key="p1")
    assert paid.ok
    assert paid.row is not None
    xero.delete(MONEY, str(paid.row["PaymentID"]), key="p2")
    (row,) = xero.read(SALES, [str(made.row["InvoiceID"])])
    assert Decimal(row["AmountPaid"]) == 0
    over = xero.payment({**payment, "Amount": Decimal("999.00")}, key="p3")
    assert element_error(over.errors).message.key == "payment_exceeds_due"


def test_deleting_an_item_twice_is_no_error(xero: XeroClient) -> None:
    (made,) = xero.write(ITEMS, [{"Code": "P", "Name": "P"}], create=True, key="i")
    assert made.row is not None
    xero.delete(ITEMS, str(made.row["ItemID"]))
    xero.delete(ITEMS, str(made.row["ItemID"]))
    assert xero.page(ITEMS).rows == []


def test_a_note_is_added_to_the_history(xero: XeroClient, bridge: Bridge) -> None:
    (ana,) = contacts(xero, "Ana")
    xero.history(CONTACTS, ana, "Linked with CRM")
    entry = bridge.world.log.entries(side="xero")[-1]
    assert (entry.method, entry.path, entry.status) == (
        "PUT",
        f"/api.xro/2.0/Contacts/{ana}/History",
        200,
    )


def test_set_up_is_read(xero: XeroClient) -> None:
    assert xero.organisation()[0]["BaseCurrency"] == "GBP"
    assert {"200", "090"} <= {row.get("Code") for row in xero.accounts()}
    assert {"OUTPUT2"} <= {row["TaxType"] for row in xero.tax_rates()}
    assert {"GBP"} <= {row["Code"] for row in xero.currencies()}
    assert isinstance(xero.tracking(), list)
    assert len(xero.connections()) == 2


def test_parting_from_an_organisation_says_so_afterwards(xero: XeroClient, bridge: Bridge) -> None:
    mine = next(row for row in xero.connections() if row["tenantId"] == bridge.tenant)
    xero.disconnect(str(mine["id"]))
    xero.disconnect(str(mine["id"]))
    with pytest.raises(ConnectionLost) as caught:
        xero.page(CONTACTS)
    assert caught.value.message.key == "xero_organisation_disconnected"


# --- tokens -----------------------------------------------------------------------------------


def test_an_expired_token_is_refreshed_once_and_the_call_repeated(
    xero: XeroClient, bridge: Bridge
) -> None:
    bridge.world.clock.advance(1801)
    assert xero.page(CONTACTS).rows == []
    assert bridge.xero_held.refreshed == 1
    xero.page(CONTACTS)
    assert bridge.xero_held.refreshed == 1


def test_a_revoked_connection_stops_without_a_storm(xero: XeroClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="token_revoked"))
    before = len(bridge.exchanges)
    with pytest.raises(ConnectionLost) as caught:
        xero.page(CONTACTS)
    assert caught.value.message.key == "xero_token_revoked"
    assert len(bridge.exchanges) - before == 2


def test_a_missing_scope_is_named_without_a_refresh(bridge: Bridge) -> None:
    few = tuple(scope for scope in xero_scopes() if scope != "accounting.payments")
    xero = bridge.xero(bridge.xero_tokens(few))
    with pytest.raises(ConnectionLost) as caught:
        xero.page(MONEY)
    assert caught.value.message.key == "xero_scope_missing"
    assert bridge.xero_held.refreshed == 0


# --- trouble ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "scope", "wait"),
    [("minute_limit", "minute", 60), ("day_limit", "day", 100_000), ("app_limit", "app", 60)],
)
def test_limits_are_told_with_their_scope_and_hold_everybody_back(
    xero: XeroClient, bridge: Bridge, kind: str, scope: str, wait: int
) -> None:
    bridge.world.faults.add(Fault(side="xero", kind=kind))
    with pytest.raises(RateLimited) as caught:
        xero.page(CONTACTS)
    assert caught.value.scope == scope
    assert 1.5 <= caught.value.wait_seconds <= wait
    before = xero.calls
    with pytest.raises(RateLimited):
        xero.page(ITEMS)
    assert xero.calls == before


def test_too_many_at_once_is_waited_out(xero: XeroClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="concurrent_limit", times=2))
    assert xero.page(CONTACTS).rows == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("500", "remote_unavailable"),
        ("503", "remote_unavailable"),
        ("503_text", "remote_unavailable"),
        ("reset_before", "remote_unavailable"),
        ("truncated", "remote_unavailable"),
        ("html", "remote_garbled"),
    ],
)
def test_every_stumble_is_transient(xero: XeroClient, bridge: Bridge, kind: str, key: str) -> None:
    bridge.world.faults.add(Fault(side="xero", kind=kind))
    with pytest.raises(Transient) as caught:
        xero.page(CONTACTS)
    assert caught.value.message.key == key


def test_a_slow_answer_ends_in_a_timeout_that_may_have_been_processed(
    xero: XeroClient, bridge: Bridge
) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="slow", seconds=600))
    with pytest.raises(Transient) as caught:
        xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert caught.value.sent


def test_a_lost_answer_may_be_repeated_with_its_key(xero: XeroClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="reset_after", match="PUT"))
    with pytest.raises(Transient) as caught:
        xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert caught.value.sent
    (one,) = xero.write(CONTACTS, [{"Name": "Ana"}], create=True, key="k")
    assert one.ok
    assert xero.page(CONTACTS).total == 1


def test_slots_are_given_back_after_trouble(xero: XeroClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="reset_before", times=12))
    for _ in range(12):
        with pytest.raises(Transient):
            xero.page(CONTACTS)
    assert xero.page(CONTACTS).rows == []


def test_a_record_that_is_gone_is_gone(xero: XeroClient) -> None:
    with pytest.raises((Gone, Refused)):
        xero.history(CONTACTS, "11111111-1111-4111-8111-111111111111", "x")


def test_no_secret_reaches_exchanges_or_errors(xero: XeroClient, bridge: Bridge) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="reset_before"))
    with pytest.raises(Transient) as caught:
        xero.search(CONTACTS, "Confidential Ltd")
    told = f"{caught.value} {caught.value.words} {bridge.exchanges[-1]}"
    assert "Confidential" not in told
    assert bridge.xero_held.get() not in told
