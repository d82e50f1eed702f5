"""Cases 17 to 20: echoes, merges, cleared fields, deleted against edited."""

from __future__ import annotations

import pytest

from backend.store.tables import LogRow
from backend.sync import requests as clicks
from tests.sync.bridge import Bridge
from tests.sync.cases.told import changed, in_sync, invoiced, names, told


def _customer(bridge: Bridge) -> tuple[str, str]:
    account = bridge.customer(Phone="+44 20 7946 0000", Billing_City="Leeds", Fax="+44 1")
    link = in_sync(bridge.click("accounts", account))
    bridge.accept()
    bridge.sweep()
    bridge.later(60)
    return account, str(link.xero_id)


def _rows(bridge: Bridge) -> list[LogRow]:
    return bridge.log()


# --- 17 ----------------------------------------------------------------------------------------


def test_our_own_write_coming_back_causes_nothing_and_the_edit_after_it_crosses(
    bridge: Bridge,
) -> None:
    account, contact = _customer(bridge)
    bridge.world.zoho.edit("Accounts", account, {"Phone": "+44 20 7946 0111"})
    bridge.sweep()
    writes, rows = bridge.writes(), len(_rows(bridge))

    bridge.sweep()  # our own write comes back
    assert (bridge.writes(), len(_rows(bridge))) == (writes, rows)

    bridge.later(1)
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel Foods Group"})
    bridge.later(30)
    bridge.sweep()

    assert bridge.crm("Accounts", account)["Account_Name"] == "Kestrel Foods Group"
    row = told(bridge, account, status="success")
    assert (row.direction, row.operation) == ("to_zoho", "update")
    assert changed(row) == {"name": ("Kestrel Foods", "Kestrel Foods Group")}
    assert bridge.xero("Contacts", contact)["Phones"]
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep()
    assert bridge.writes() == writes


# --- 18 ----------------------------------------------------------------------------------------


def test_two_different_fields_merge_with_one_write_each_way(bridge: Bridge) -> None:
    account, contact = _customer(bridge)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York"})
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel & Sons"})
    bridge.later(30)
    before = len(bridge.writes())
    bridge.sweep()

    assert bridge.crm("Accounts", account)["Account_Name"] == "Kestrel & Sons"
    assert bridge.crm("Accounts", account)["Billing_City"] == "York"
    boxes = {each["AddressType"]: each for each in bridge.xero("Contacts", contact)["Addresses"]}
    assert boxes["POBOX"]["City"] == "York"
    assert bridge.xero("Contacts", contact)["Name"] == "Kestrel & Sons"
    assert len(bridge.writes()) - before == 2
    ways = {row.direction: changed(row) for row in bridge.log(zoho_id=account, operation="update")}
    assert ways["to_xero"] == {"billing_city": ("Leeds", "York")}
    assert ways["to_zoho"] == {"name": ("Kestrel Foods", "Kestrel & Sons")}


@pytest.mark.parametrize("rule", ["ask", "zoho", "xero", "newest"])
def test_the_same_field_on_both_sides_goes_by_the_rule(bridge: Bridge, rule: str) -> None:
    bridge.settings(accounts={"conflict": rule})
    account, contact = _customer(bridge)
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Kestrel CRM"})
    bridge.later(30)
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel Xero"})
    bridge.later(30)
    bridge.sweep()

    crm = bridge.crm("Accounts", account)["Account_Name"]
    xero = bridge.xero("Contacts", contact)["Name"]
    if rule == "ask":
        assert (crm, xero) == ("Kestrel CRM", "Kestrel Xero")
        link = bridge.link("accounts", account)
        assert link.state == "conflict"
        (field,) = (link.conflict or {})["fields"]
        assert (field["field"], field["base"]) == ("name", "Kestrel Foods")
        assert (field["zoho"], field["xero"]) == ("Kestrel CRM", "Kestrel Xero")
        assert told(bridge, account, status="held").message_key == "conflict"
        clicks.resolve(
            bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=account,
            choices={"name": "zoho"}, remember=False, by="Luc",
        )  # fmt: skip
        bridge.drain()
        in_sync(bridge.link("accounts", account))
        assert bridge.xero("Contacts", contact)["Name"] == "Kestrel CRM"
        assert told(bridge, account, status="success").by == "Luc"
        return
    expected = "Kestrel CRM" if rule == "zoho" else "Kestrel Xero"
    assert (crm, xero) == (expected, expected)
    in_sync(bridge.link("accounts", account))
    row = told(bridge, account, status="success", operation="update")
    assert row.direction == ("to_xero" if rule == "zoho" else "to_zoho")
    assert changed(row)["name"][1] == expected


# --- 19 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("replaced", [False, True])
def test_a_cleared_field_is_cleared_and_unmapped_ones_stay(bridge: Bridge, replaced: bool) -> None:
    bridge.world.switches.xero_addresses_replace = replaced
    account, contact = _customer(bridge)
    held = bridge.xero("Contacts", contact)["Phones"]
    phones = [each for each in held if each["PhoneType"] != "MOBILE"]
    phones.append({"PhoneType": "MOBILE", "PhoneNumber": "0777"})
    fields = {"TaxNumber": "GB 999", "Phones": phones}
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, fields)
    bridge.world.zoho.edit(
        "Accounts", account, {"Fax": None, "Billing_City": None, "Description": "Ours alone"}
    )
    bridge.later(30)
    bridge.sweep()

    shown = bridge.xero("Contacts", contact)
    numbers = {each["PhoneType"]: each["PhoneNumber"] for each in shown["Phones"]}
    assert numbers["FAX"] == ""
    assert numbers["DEFAULT"] == "+44 20 7946 0000"
    assert numbers["MOBILE"] == "0777"
    boxes = {each["AddressType"]: each for each in shown["Addresses"]}
    assert not boxes["POBOX"].get("City")
    assert shown["TaxNumber"] == "GB 999"
    assert bridge.crm("Accounts", account)["Description"] == "Ours alone"
    row = told(bridge, account, status="success", direction="to_xero", operation="update")
    assert changed(row)["fax"][1] is None
    assert changed(row)["billing_city"] == ("Leeds", None)


def test_a_field_cleared_in_xero_is_cleared_in_crm(bridge: Bridge) -> None:
    account, contact = _customer(bridge)
    bridge.world.xero.edit(
        bridge.tenant, "Contacts", contact, {"Phones": [{"PhoneType": "FAX", "PhoneNumber": ""}]}
    )
    bridge.later(30)
    bridge.sweep()
    assert bridge.crm("Accounts", account)["Fax"] is None
    assert bridge.crm("Accounts", account)["Phone"] == "+44 20 7946 0000"
    row = told(bridge, account, status="success", direction="to_zoho")
    assert changed(row) == {"fax": ("+44 1", None)}


# --- 20 ----------------------------------------------------------------------------------------


def test_deleted_in_crm_and_edited_in_xero_is_a_conflict_and_deletes_nothing(
    bridge: Bridge,
) -> None:
    bridge.settings(
        accounts={"to_xero": {"allow": True, "create": True, "update": True, "delete": True}}
    )
    account, contact = _customer(bridge)
    bridge.world.zoho.delete("Accounts", account)
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel Foods Group"})
    bridge.later(3700)
    bridge.sweep()

    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"
    link = bridge.link_of_xero("accounts", contact)
    assert link.state == "needs_attention"
    assert told(bridge, account, status="held").message_key == "deleted_in_crm_edited_in_xero"
    bridge.later(3700)
    bridge.sweep()
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"
    assert bridge.crm_all("Accounts") == []


def test_deleted_in_crm_alone_archives_the_contact_where_deleting_is_on(bridge: Bridge) -> None:
    bridge.settings(
        accounts={"to_xero": {"allow": True, "create": True, "update": True, "delete": True}}
    )
    account, contact = _customer(bridge)
    bridge.world.zoho.delete("Accounts", account)
    bridge.later(3700)
    bridge.sweep()
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ARCHIVED"
    assert told(bridge, account, status="success").operation == "archive"
    assert names(bridge) == ["Kestrel Foods"]


def test_what_was_deleted_before_the_very_first_sweep_is_noticed_by_it(bridge: Bridge) -> None:
    account = bridge.customer()
    in_sync(bridge.click("accounts", account))
    bridge.world.zoho.delete("Accounts", account)
    bridge.accept("accounts")
    bridge.later(7200)
    bridge.sweep()
    assert told(bridge, account, status="skipped").message_key == "deleted_in_crm_kept_in_xero"


def test_deleted_in_crm_is_kept_in_xero_where_deleting_is_off(bridge: Bridge) -> None:
    account, contact = _customer(bridge)
    bridge.world.zoho.delete("Accounts", account)
    bridge.later(3700)
    bridge.sweep()
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"
    assert told(bridge, account, status="skipped").message_key == "deleted_in_crm_kept_in_xero"
    assert bridge.crm_all("Accounts") == []


def test_an_invoice_edit_by_two_people_at_once_keeps_both(bridge: Bridge) -> None:
    _, _, invoice = invoiced(bridge)
    xero_id = str(bridge.link("invoices", invoice).xero_id)
    bridge.world.zoho.edit("Invoices", invoice, {"Due_Date": "2026-12-24"})
    bridge.world.xero.edit(bridge.tenant, "Invoices", xero_id, {"Reference": "PO 4711"})
    bridge.later(30)
    in_sync(bridge.click("invoices", invoice))
    assert bridge.crm("Invoices", invoice)["Subject"] == "PO 4711"
    assert bridge.xero("Invoices", xero_id)["DueDateString"].startswith("2026-12-24")
    assert len(bridge.log(zoho_id=invoice, operation="update", status="success")) == 2
