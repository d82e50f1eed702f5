"""CRM contacts of an account are people inside its Xero contact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.bridge import Bridge


def person(bridge: Bridge, account: str | None, last: str, **more: Any) -> str:
    """A CRM contact made by a person."""
    held = {"Account_Name": {"id": account}} if account else {}
    return bridge.world.zoho.create("Contacts", {"Last_Name": last, **held, **more})


def people(bridge: Bridge, xero_id: str | None) -> list[tuple[str, str, str]]:
    """Who a Xero contact names, the primary person first."""
    contact = bridge.xero("Contacts", (xero_id or "").partition(":")[0])
    rows = [contact, *contact["ContactPersons"]]
    return [
        (row.get("FirstName", ""), row.get("LastName", ""), row.get("EmailAddress", ""))
        for row in rows
    ]


def test_the_account_comes_first_and_its_contact_becomes_the_primary_person(
    bridge: Bridge,
) -> None:
    account = bridge.customer()
    ida = person(bridge, account, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    link = bridge.click("contacts", ida)
    assert (link.state, link.message_key) == ("in_sync", None)
    assert len(bridge.xero_all("Contacts")) == 1
    assert people(bridge, link.xero_id) == [("Ida", "Berg", "ida@kestrel.example")]
    assert bridge.crm("Contacts", ida)["Xero_ID"] == link.xero_id
    assert bridge.link("accounts", account).xero_id == (link.xero_id or "").partition(":")[0]


def test_a_second_look_writes_nothing(bridge: Bridge) -> None:
    account = bridge.customer()
    ida = person(bridge, account, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    jo = person(bridge, account, "Lund", First_Name="Jo")
    for each in (ida, jo):
        bridge.click("contacts", each)
    before = bridge.writes()
    bridge.accept("accounts", "contacts")
    for each in (ida, jo):
        bridge.click("contacts", each)
    bridge.sweep()
    bridge.later(600)
    bridge.sweep()
    assert bridge.writes() == before


def test_five_fit_beside_the_primary_one_and_the_next_is_held_and_said(bridge: Bridge) -> None:
    account = bridge.customer()
    made = [person(bridge, account, f"Person{n}", First_Name="No") for n in range(7)]
    bridge.run_all("accounts")
    bridge.run_all("contacts")
    links = [bridge.link("contacts", each) for each in made]
    held = [link for link in links if link.state == "needs_attention"]
    assert [link.message_key for link in held] == ["contact_persons_full"]
    assert held[0].message_params == {"account": "Kestrel Foods"}
    assert len(people(bridge, bridge.link("accounts", account).xero_id)) == 6


def test_who_found_no_room_goes_by_itself_once_somebody_leaves(bridge: Bridge) -> None:
    account = bridge.customer()
    made = [person(bridge, account, f"Person{n}") for n in range(7)]
    bridge.run_all("accounts")
    bridge.run_all("contacts")
    home = bridge.link("accounts", account).xero_id or ""
    waiting = next(
        each for each in made if bridge.link("contacts", each).state == "needs_attention"
    )
    rows = bridge.xero("Contacts", home)["ContactPersons"]
    bridge.later(60)
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"ContactPersons": rows[1:]})
    bridge.sweep()
    assert bridge.link("contacts", waiting).state == "in_sync"
    assert len(people(bridge, home)) == 6


def test_other_peoples_persons_come_back_as_they_were(bridge: Bridge) -> None:
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    strange = {
        "FirstName": "Zoë  🍷", "LastName": "O'Neil & Co <b>", "EmailAddress": "z@x.example",
        "IncludeInEmails": True,
    }  # fmt: skip
    held = {"FirstName": "Pat", "LastName": "Prim", "ContactPersons": [strange]}
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, held)
    before = bridge.xero("Contacts", home)
    ida = person(bridge, account, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    assert bridge.click("contacts", ida).state == "in_sync"
    after = bridge.xero("Contacts", home)
    assert after["ContactPersons"][0] == before["ContactPersons"][0]
    assert after["ContactPersons"][1] == {
        "FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@kestrel.example",
        "IncludeInEmails": False,
    }  # fmt: skip
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed <= {"ContactPersons", "UpdatedDateUTC"}


def test_edits_cross_both_ways_and_names_do_not_part_the_pair(bridge: Bridge) -> None:
    account = bridge.customer()
    ida = person(bridge, account, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    jo = person(bridge, account, "Lund", First_Name="Jo", Email="jo@kestrel.example")
    home, _ = (bridge.click("contacts", each).xero_id or "" for each in (ida, jo))
    bridge.accept("accounts", "contacts")
    bridge.later(60)
    bridge.world.zoho.edit("Contacts", ida, {"Last_Name": "Berg-Olsen"})
    rows = bridge.xero("Contacts", home.partition(":")[0])["ContactPersons"]
    rows[0] |= {"EmailAddress": "jo.lund@kestrel.example"}
    bridge.world.xero.edit(
        bridge.tenant, "Contacts", home.partition(":")[0], {"ContactPersons": rows}
    )
    bridge.sweep()
    assert people(bridge, home) == [
        ("Ida", "Berg-Olsen", "ida@kestrel.example"), ("Jo", "Lund", "jo.lund@kestrel.example"),
    ]  # fmt: skip
    assert bridge.crm("Contacts", jo)["Email"] == "jo.lund@kestrel.example"
    assert bridge.link("contacts", ida).xero_id == home
    assert len(bridge.crm_all("Contacts")) == 2


def test_a_person_added_in_xero_becomes_a_contact_of_that_account(bridge: Bridge) -> None:
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    bridge.accept("accounts", "contacts")
    bridge.sweep()
    bridge.later(60)
    rows = [{"FirstName": "Max", "LastName": "Ohm", "EmailAddress": "max@x.example"}]
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"ContactPersons": rows})
    bridge.sweep()
    (made,) = bridge.crm_all("Contacts")
    assert (made["First_Name"], made["Last_Name"], made["Email"]) == ("Max", "Ohm", "max@x.example")
    assert made["Account_Name"]["id"] == account
    assert made["Xero_ID"].startswith(f"{home}:")


def test_creating_in_crm_can_be_switched_off(bridge: Bridge) -> None:
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    bridge.settings(contacts={"to_zoho": {"allow": True, "create": False, "update": True}})
    bridge.accept("accounts", "contacts")
    rows = [{"FirstName": "Max", "LastName": "Ohm"}]
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"ContactPersons": rows})
    bridge.sweep()
    assert bridge.crm_all("Contacts") == []


def test_a_person_who_is_there_already_is_linked_not_doubled(bridge: Bridge) -> None:
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    rows = [{"FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@kestrel.example"}]
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {"ContactPersons": rows})
    ida = person(bridge, account, "BERG", First_Name="Ida")
    link = bridge.click("contacts", ida)
    assert link.xero_id is not None
    assert len(people(bridge, home)) == 2
    assert bridge.crm("Contacts", ida)["Email"] == "ida@kestrel.example"


def test_two_contacts_with_one_address_are_two_persons(bridge: Bridge) -> None:
    account = bridge.customer()
    both = [
        person(bridge, account, name, Email="office@kestrel.example") for name in ("Berg", "Lund")
    ]
    links = [bridge.click("contacts", each) for each in both]
    assert [link.state for link in links] == ["in_sync", "in_sync"]
    assert {name for _, name, _ in people(bridge, links[0].xero_id)} == {"Berg", "Lund"}
    assert links[0].xero_id != links[1].xero_id


def test_a_contact_that_moves_to_another_account_leaves_the_old_one(bridge: Bridge) -> None:
    old, new = bridge.customer(), bridge.customer("Lichen Paper")
    ida = person(bridge, old, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    before = bridge.click("contacts", ida).xero_id
    bridge.world.zoho.edit("Contacts", ida, {"Account_Name": {"id": new}})
    link = bridge.click("contacts", ida)
    assert link.state == "in_sync"
    assert people(bridge, before) == [("", "", "")]
    assert people(bridge, bridge.link("accounts", new).xero_id) == [
        ("Ida", "Berg", "ida@kestrel.example")
    ]
    assert (link.xero_id or "").partition(":")[0] == bridge.link("accounts", new).xero_id


def test_a_contact_deleted_in_crm_leaves_its_account_only_if_deleting_is_on(
    bridge: Bridge,
) -> None:
    account = bridge.customer()
    ida = person(bridge, account, "Berg", First_Name="Ida")
    jo = person(bridge, account, "Lund")
    home, _ = (bridge.click("contacts", each).xero_id for each in (ida, jo))
    bridge.accept("accounts", "contacts")
    bridge.world.zoho.delete("Contacts", jo)
    link = bridge.click("contacts", jo, direction="to_xero")
    assert link.message_key == "deleted_in_crm_kept_in_xero"
    bridge.settings(contacts={"to_xero": {"allow": True, "create": True, "update": True,
                                          "delete": True}})  # fmt: skip
    bridge.click("contacts", jo, direction="to_xero")
    assert people(bridge, home) == [("Ida", "Berg", "")]


@pytest.mark.parametrize("lost", [True, False])
def test_a_crash_between_writing_and_remembering_makes_no_second_person(
    bridge: Bridge, lost: bool
) -> None:
    account = bridge.customer()
    home = bridge.click("accounts", account).xero_id or ""
    ida = person(bridge, account, "Berg", First_Name="Ida", Email="ida@kestrel.example")
    bridge.world.xero.edit(bridge.tenant, "Contacts", home, {
        "FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@kestrel.example",
    } if lost else {})  # fmt: skip
    assert bridge.click("contacts", ida).state == "in_sync"
    assert people(bridge, home) == [("Ida", "Berg", "ida@kestrel.example")]


def test_people_follow_an_account_whose_contact_was_merged_into_another(bridge: Bridge) -> None:
    account = bridge.customer()
    made = [person(bridge, account, f"Person{n}", First_Name="Jo") for n in range(2)]
    bridge.run_all("accounts")
    bridge.run_all("contacts")
    gone = bridge.link("accounts", account).xero_id or ""
    kept = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Kestrel Holding"})
    bridge.world.xero.merge_contacts(bridge.tenant, kept, gone)
    bridge.later(600)
    for _ in range(3):
        bridge.sweep()
        bridge.later(600)
    assert bridge.link("accounts", account).xero_id == kept
    assert {name for _, name, _ in people(bridge, kept)} >= {"Person0", "Person1"}
    for each in made:
        link = bridge.link("contacts", each)
        assert (link.state, (link.xero_id or "").partition(":")[0]) == ("in_sync", kept)
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep()
    assert bridge.writes() == writes
