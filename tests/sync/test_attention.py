"""What a person answers in the inbox, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from backend.store.tables import Link
from backend.sync import attention, connections, search
from backend.sync import requests as clicks
from tests.sync.bridge import LTD, TRADING, Bridge, connect_xero
from tests.sync.cases.told import fresh_facts, in_sync, invoiced, names, told


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


def archived_candidate(bridge: Bridge) -> tuple[Link, str]:
    """A CRM account one of whose two possible contacts is archived; its link and that contact."""
    link, ids = ambiguous(bridge)
    bridge.world.xero.archive(bridge.tenant, ids[1])
    bridge.later(600)
    link = bridge.click("accounts", link.zoho_id or "")
    assert [one["id"] for one in link.candidates or [] if one["archived"]] == [ids[1]]
    return link, ids[1]


def test_choosing_an_archived_candidate_in_the_inbox_restores_it(bridge: Bridge) -> None:
    link, contact = archived_candidate(bridge)
    linked = answer(bridge, link, "link", xero_id=contact)
    assert (linked.xero_id, linked.message_key) == (contact, None)
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"


def test_choosing_an_archived_candidate_on_its_page_restores_it(bridge: Bridge) -> None:
    link, contact = archived_candidate(bridge)
    page = {"module": "accounts", "zoho_id": link.zoho_id or "", "by": "Luc"}
    clicks.join(bridge.sync, org_id=bridge.org_id, xero_id=contact, **page)
    bridge.drain()
    linked = bridge.link("accounts", link.zoho_id or "")
    assert (linked.xero_id, linked.message_key) == (contact, None)
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"


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


def test_search_in_crm_finds_a_product_before_and_after_it_was_synced(bridge: Bridge) -> None:
    various = bridge.product("Various goods", "VAR-1")
    table = bridge.product("Oak table", "OAK-1", Description="not various")
    ours: Any = {"org_id": bridge.org_id, "module": "products"}
    wanted = {"id": various, "label": "Various goods", "number": "VAR-1"}
    assert search.in_crm(bridge.sync, **ours, text="vari") == [wanted]
    bridge.click("products", table)
    found = search.in_crm(bridge.sync, **ours, text="ak")
    assert [(row["id"], row["label"]) for row in found] == [(table, "Oak table")]
    assert search.one_in_crm(bridge.sync, **ours, zoho_id=various) == wanted
    bridge.world.zoho.delete("Products", various)
    assert search.one_in_crm(bridge.sync, **ours, zoho_id=various) is None


# --- 2, 5, 20 ----------------------------------------------------------------------------------


def test_a_taken_name_gets_a_suffix_on_both_sides(bridge: Bridge) -> None:
    account = bridge.customer("Kestrel")
    contact = in_sync(bridge.click("accounts", account)).xero_id
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Wren", "AccountNumber": "7"})
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Wren"})
    held = bridge.click("accounts", account)
    assert (held.state, held.message_key) == ("needs_attention", "contact_name_taken")
    assert held.candidates

    in_sync(answer(bridge, held, "suffix"))
    assert bridge.xero("Contacts", contact)["Name"] == "Wren (2)"
    assert bridge.crm("Accounts", account)["Account_Name"] == "Wren (2)"
    assert told(bridge, account, status="success").by == "Luc"
    writes = bridge.writes()
    in_sync(bridge.click("accounts", account))
    assert bridge.writes() == writes


def test_a_taken_name_may_be_linked_instead(bridge: Bridge) -> None:
    account = bridge.customer("Kestrel")
    old = in_sync(bridge.click("accounts", account)).xero_id
    other = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Wren"})
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Wren"})
    held = bridge.click("accounts", account)
    linked = answer(bridge, held, "link", xero_id=other)
    assert linked.xero_id == other
    left = bridge.link_of_xero("accounts", str(old))
    assert (left.zoho_id, left.message_key) == (None, "parted_by_hand")
    assert len(bridge.xero_all("Contacts")) == 2


def test_a_new_customer_of_a_taken_name_gets_a_suffix(bridge: Bridge) -> None:
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Wren"})
    in_sync(bridge.click("accounts", bridge.customer("Wren")))
    second = bridge.customer("Wren")
    bridge.click("accounts", second)
    held = answer(bridge, bridge.link("accounts", second), "create")
    assert held.message_key == "contact_name_taken"
    in_sync(answer(bridge, held, "suffix"))
    assert names(bridge) == ["Wren", "Wren (2)"]
    assert bridge.crm("Accounts", second)["Account_Name"] == "Wren (2)"


def test_an_archived_customer_of_an_invoice_is_restored_on_request(bridge: Bridge) -> None:
    account, product, _ = invoiced(bridge)
    contact = str(bridge.link("accounts", account).xero_id)
    bridge.world.xero.archive(bridge.tenant, contact)
    bridge.click("accounts", account)
    invoice = bridge.invoice(account, (product, "1", "10.00"))
    held = bridge.click("invoices", invoice)
    assert held.message_key == "contact_archived"
    in_sync(answer(bridge, held, "unarchive"))
    assert bridge.xero("Contacts", contact)["ContactStatus"] == "ACTIVE"
    assert len(bridge.xero_all("Contacts")) == 1
    assert len(bridge.xero_all("Invoices")) == 2


@pytest.mark.parametrize("action", ["restore", "delete", "keep"])
@pytest.mark.parametrize("purged", [False, True])
def test_deleted_against_edited_ends_as_the_person_says(
    bridge: Bridge, action: str, purged: bool
) -> None:
    account = bridge.customer("Kestrel")
    contact = str(in_sync(bridge.click("accounts", account)).xero_id)
    bridge.accept()
    bridge.sweep()
    bridge.world.zoho.delete("Accounts", account)
    if purged:
        bridge.world.zoho.purge("Accounts", account)
    bridge.world.xero.edit(bridge.tenant, "Contacts", contact, {"Name": "Kestrel Group"})
    bridge.later(3700)
    bridge.sweep()
    held = bridge.link_of_xero("accounts", contact)
    assert held.message_key == "deleted_in_crm_edited_in_xero"

    answer(bridge, held, action)
    crm = [row["Account_Name"] for row in bridge.crm_all("Accounts")]
    status = bridge.xero("Contacts", contact)["ContactStatus"]
    assert crm == (["Kestrel Group"] if action == "restore" else [])
    assert status == ("ARCHIVED" if action == "delete" else "ACTIVE")
    link = bridge.link_of_xero("accounts", contact)
    assert link.state == ("in_sync" if action == "restore" else "excluded")
    if action == "restore" and not purged:
        assert link.zoho_id == account
    writes = bridge.writes()
    bridge.later(3700)
    bridge.sweep()
    assert bridge.writes() == writes


# --- merges ------------------------------------------------------------------------------------


def test_contacts_merged_in_xero_take_their_link_along(bridge: Bridge) -> None:
    bridge.settings(
        accounts={"to_zoho": {"allow": True, "create": False, "update": True, "delete": False}}
    )
    account = bridge.customer("Kestrel Foods")
    loser = str(in_sync(bridge.click("accounts", account)).xero_id)
    winner = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Kestrel Group"})
    bridge.accept()
    bridge.sweep()
    bridge.later(60)
    bridge.world.xero.merge_contacts(bridge.tenant, winner, loser)
    bridge.later(600)
    bridge.sweep()
    link = bridge.link("accounts", account)
    assert link.xero_id == winner
    row = told(bridge, account, message_key="merged_in_xero")
    assert (row.operation, row.status) == ("link", "success")
    bridge.later(600)
    bridge.sweep()
    assert len(bridge.crm_all("Accounts")) == 1
    assert len(bridge.xero_all("Contacts")) == 2


def test_contacts_merged_in_xero_that_both_have_a_customer_are_a_question(bridge: Bridge) -> None:
    first, second = bridge.customer("Kestrel"), bridge.customer("Wren")
    loser = str(in_sync(bridge.click("accounts", first)).xero_id)
    winner = str(in_sync(bridge.click("accounts", second)).xero_id)
    bridge.world.xero.merge_contacts(bridge.tenant, winner, loser)
    held = bridge.click("accounts", first)
    assert (held.state, held.message_key) == ("needs_attention", "merged_both_linked")
    assert held.message_params == {"name": "Wren"}
    assert bridge.link("accounts", second).xero_id == winner


@pytest.mark.parametrize("winner_first", [True, False])
def test_records_merged_in_crm_take_their_link_along(bridge: Bridge, winner_first: bool) -> None:
    loser = bridge.customer("Kestrel Foods", Phone="+44 1")
    contact = in_sync(bridge.click("accounts", loser)).xero_id
    bridge.accept()
    bridge.sweep()
    bridge.later(600)
    winner = bridge.customer("Kestrel Group")
    bridge.world.zoho.merge("Accounts", winner, [loser])
    bridge.later(60)
    for each in (winner, loser) if winner_first else (loser, winner):
        bridge.hint("accounts", each)
    link = bridge.link("accounts", winner)
    assert link.xero_id == contact
    assert bridge.log(message_key="merged_in_crm")
    assert len(bridge.xero_all("Contacts")) == 1


# --- links survive ------------------------------------------------------------------------------


def test_links_survive_a_reset_and_another_organisation(bridge: Bridge) -> None:
    account, product, invoice = invoiced(bridge)
    pairs = {
        module: bridge.link(module, record).xero_id
        for module, record in (("accounts", account), ("products", product), ("invoices", invoice))
    }
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    connect_xero(bridge.sync, bridge.browser, bridge.org_id)
    bridge.choose(TRADING)
    bridge.settings(sales_account="200")
    elsewhere = bridge.click("accounts", account)
    assert elsewhere.xero_id not in (None, pairs["accounts"])
    connections.reset(bridge.sync, org_id=bridge.org_id, by="Ana")
    connect_xero(bridge.sync, bridge.browser, bridge.org_id)
    bridge.choose(LTD)
    for module, record in (("accounts", account), ("products", product), ("invoices", invoice)):
        assert in_sync(bridge.click(module, record)).xero_id == pairs[module]
    assert len(bridge.xero_all("Contacts")) == len(bridge.xero_all("Invoices")) == 1


def test_a_document_given_up_rests_until_somebody_edits_it(bridge: Bridge) -> None:
    bridge.world.xero.books(bridge.tenant).currencies.remove("USD")
    fresh_facts(bridge)
    lines = (bridge.product(), "1", "10.00")
    invoice = bridge.invoice(bridge.customer(), lines, Currency="USD")
    link = bridge.click("invoices", invoice)
    assert (link.state, link.message_key) == ("needs_attention", "currency_not_enabled")
    bridge.accept("accounts", "products", "invoices")
    left = answer(bridge, link, "give_up")
    assert (left.state, left.message_key) == ("excluded", "given_up")
    assert told(bridge, invoice, message_key="given_up").by == "Luc"
    bridge.world.xero.enable_currency(bridge.tenant, "USD")
    bridge.later(3700)
    bridge.sweep()
    assert bridge.xero_all("Invoices") == []
    bridge.world.zoho.edit("Invoices", invoice, {"Subject": "Once more"})
    bridge.later(600)
    bridge.sweep()
    in_sync(bridge.link("invoices", invoice))
    assert len(bridge.xero_all("Invoices")) == 1
