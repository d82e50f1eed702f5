"""What a person answers in the inbox, and what follows."""

from __future__ import annotations

import pytest

from backend.store.tables import Link
from backend.sync import attention, search
from backend.sync import requests as clicks
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, names, told


def answer(bridge: Bridge, link: Link, action: str, **chosen: str) -> Link:
    """Answer one record of the inbox and let the worker work."""
    attention.act(
        bridge.sync, org_id=bridge.org_id, link_id=link.id, action=action, by="Luc", **chosen
    )
    bridge.drain()
    with bridge.sync.database.begin() as session:
        return session.get_one(Link, link.id)


def ambiguous(bridge: Bridge) -> tuple[Link, list[str]]:
    """A CRM account that two Xero contacts could be; its link and their ids."""
    found = [
        bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": name})
        for name in ("Kestrel Foods Ltd", "KESTREL FOODS")
    ]
    link = bridge.click("accounts", bridge.customer("Kestrel Foods Limited"))
    assert (link.state, link.message_key) == ("needs_attention", "match_several")
    return link, found


def test_candidates_are_shown_with_their_evidence(bridge: Bridge) -> None:
    link, ids = ambiguous(bridge)
    assert {one["id"] for one in link.candidates or []} == set(ids)
    for one in link.candidates or []:
        evidence = {each["field"]: each for each in one["evidence"]}
        assert evidence["name"]["verdict"] == "same"
        assert evidence["name"]["zoho"] == "Kestrel Foods Limited"
        assert evidence["account_number"]["verdict"] == "missing"


def test_the_chosen_one_is_linked_and_nothing_is_created(bridge: Bridge) -> None:
    link, ids = ambiguous(bridge)
    linked = answer(bridge, link, "link", xero_id=ids[1])
    assert linked.xero_id == ids[1]
    assert len(bridge.xero_all("Contacts")) == 2
    assert told(bridge, link.zoho_id or "").by == "Luc"


def test_create_new_makes_one_more(bridge: Bridge) -> None:
    link, _ = ambiguous(bridge)
    in_sync(answer(bridge, link, "create"))
    assert names(bridge) == ["KESTREL FOODS", "Kestrel Foods Limited", "Kestrel Foods Ltd"]


def test_never_means_never_until_a_person_says_otherwise(bridge: Bridge) -> None:
    link, ids = ambiguous(bridge)
    bridge.accept()
    left = answer(bridge, link, "never")
    assert (left.state, left.message_key) == ("excluded", "excluded_for_good")
    row = told(bridge, link.zoho_id or "", status="skipped")
    assert (row.message_key, row.by) == ("excluded_for_good", "Luc")

    bridge.world.zoho.edit("Accounts", link.zoho_id or "", {"Phone": "+44 1"})
    bridge.world.xero.archive(bridge.tenant, ids[0])
    bridge.later(600)
    writes = bridge.writes()
    bridge.sweep()
    assert bridge.link("accounts", link.zoho_id or "").message_key == "excluded_for_good"
    assert bridge.writes() == writes

    again = bridge.click("accounts", link.zoho_id or "")
    assert again.message_key == "match_several"


def test_an_answer_that_does_not_fit_is_refused_and_changes_nothing(bridge: Bridge) -> None:
    link, ids = ambiguous(bridge)
    with pytest.raises(attention.NotOffered):
        answer(bridge, link, "unarchive")
    with pytest.raises(attention.NotOffered):
        answer(bridge, link, "link")
    in_sync(bridge.click("accounts", bridge.customer("Other", Phone="1")))
    taken = bridge.click("accounts", bridge.customer("Third")).xero_id
    with pytest.raises(clicks.AlreadyLinked):
        answer(bridge, link, "link", xero_id=str(taken))
    assert bridge.link("accounts", link.zoho_id or "").message_key == "match_several"
    in_sync_id = answer(bridge, link, "link", xero_id=ids[0]).id
    with pytest.raises(clicks.UnknownRecord):
        attention.act(bridge.sync, org_id=bridge.org_id, link_id="0" * 32, action="retry")
    assert in_sync_id == link.id


def test_a_parted_pair_is_not_joined_again_by_itself(bridge: Bridge) -> None:
    account = bridge.customer()
    contact = in_sync(bridge.click("accounts", account)).xero_id
    bridge.accept()
    clicks.part(bridge.sync, org_id=bridge.org_id, module="accounts", zoho_id=account, by="Ana")
    bridge.world.zoho.edit("Accounts", account, {"Phone": "+44 2"})
    bridge.later(600)
    bridge.sweep()
    assert bridge.link("accounts", account).xero_id is None
    assert len(bridge.xero_all("Contacts")) == 1

    asked = bridge.click("accounts", account)
    assert (asked.state, asked.message_key) == ("needs_attention", "match_parted")
    assert [one["id"] for one in asked.candidates or []] == [contact]
    joined = answer(bridge, asked, "link", xero_id=str(contact))
    assert joined.xero_id == contact
    assert len(bridge.xero_all("Contacts")) == 1


def test_search_finds_by_part_of_a_name_and_says_who_has_it(bridge: Bridge) -> None:
    account = bridge.customer("Harbour Bakery")
    contact = bridge.click("accounts", account).xero_id
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Old Harbour Inn"})
    rows = search.in_xero(bridge.sync, org_id=bridge.org_id, module="accounts", text="harbour")
    assert [row["label"] for row in rows] == ["Harbour Bakery", "Old Harbour Inn"]
    assert rows[0]["id"] == contact
    assert rows[0]["linked_to"] == {"zoho_id": account, "label": "Harbour Bakery"}
    assert rows[1]["linked_to"] is None
    bridge.product("Oak table", "OAK-1")
    bridge.world.xero.create(bridge.tenant, "Items", {"Code": "OAK-2", "Name": "Oak chair"})
    found = search.in_xero(bridge.sync, org_id=bridge.org_id, module="products", text="oak-2")
    assert [row["number"] for row in found] == ["OAK-2"]
