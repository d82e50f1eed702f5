"""How many remote calls a piece of work costs; a small company, so that a rise is seen early."""

from __future__ import annotations

from collections import Counter

import pytest

from backend.modules import module_keys
from backend.sync import bulk
from bench.rig.meter import Spent
from bench.rig.stage import Stage, fill, metered
from tests.sync.bridge import Bridge

COUNT = 100
SMALL = 60
"""Enough for more than one batch on either side."""
MOST_CALLS = 0.1
COUNTED = ("accounts", "products", "invoices", "payments")


@pytest.fixture
def staged(bridge: Bridge) -> Stage:
    """The product with a meter at its remote end; the modules that are counted here are on."""
    others = [key for key in module_keys() if key not in COUNTED]
    bridge.settings(**{key: {"enabled": False} for key in others})
    return metered(bridge)


def first_sync(staged: Stage, count: int) -> Spent:
    """Preview everything and sync it; what both cost together."""
    bridge = staged.bridge
    fill(bridge, count, from_xero=3)
    with staged.watch() as watch:
        done = bridge.run_all()
    assert (done.created, done.failed, done.held) == (3 * count, 0, 0)
    return watch.spent


def swept(staged: Stage, *, later: float = 600) -> Counter[str]:
    """A sweep after some time: calls by endpoint, renewing tokens and channels left aside."""
    staged.bridge.later(later)
    with staged.watch() as watch:
        staged.bridge.sweep()
    aside = ("/token", "actions/watch")
    spent = watch.spent.by.items()
    return Counter({name: n for name, n in spent if not name.endswith(aside)})


def reads_of_a_sweep() -> Counter[str]:
    """One call for every type a side pages."""
    zoho = [f"zoho GET {path}" for path in ("Accounts", "Products", "Invoices")]
    return Counter([*zoho, *(f"xero GET {path}" for path in XERO_TYPES)])


XERO_TYPES = ("Contacts", "Items", "Invoices", "Payments")


def test_a_first_sync_with_its_preview_takes_a_tenth_of_a_call_per_record(staged: Stage) -> None:
    spent = first_sync(staged, COUNT)
    assert spent.calls / (3 * COUNT) <= MOST_CALLS, spent.by


def test_a_first_sync_writes_each_record_once_and_marks_it_once(staged: Stage) -> None:
    bridge = staged.bridge
    fill(bridge, SMALL)
    with staged.watch() as preview:
        bridge.run_preview()
    assert preview.spent.calls <= 3 * 2 + 2, preview.spent.by
    with staged.watch() as run:
        started = bulk.start(
            bridge.sync, org_id=bridge.org_id, module="all", direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        bridge.finish(started)
    asked = "zoho POST coql"  # a query, though it is posted
    assert {
        name: n
        for name, n in run.spent.by.items()
        if (" PUT " in name or " POST " in name) and name != asked
    } == {
        "xero PUT Contacts": 2, "zoho PUT Accounts": 1,
        "xero PUT Items": 2, "zoho PUT Products": 1,
        "xero PUT Invoices": 2, "zoho PUT Invoices": 1,
    }  # fmt: skip


def test_the_sweep_after_a_first_sync_reads_nothing_twice_but_the_lines_crm_does_not_list(
    staged: Stage,
) -> None:
    first_sync(staged, SMALL)
    deleted = {f"zoho GET {name}/deleted": 1 for name in ("Accounts", "Products", "Invoices")}
    assert swept(staged) == reads_of_a_sweep() + Counter({"zoho POST coql": 2, **deleted})


def test_an_idle_sweep_takes_one_call_per_type_and_side_and_writes_nothing(staged: Stage) -> None:
    first_sync(staged, SMALL)
    swept(staged)
    before = staged.bridge.writes()
    assert swept(staged) == reads_of_a_sweep()
    assert staged.bridge.writes() == before


def test_a_sweep_asks_for_deleted_records_once_an_hour(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.accept()
    bridge.customer()
    swept(staged)
    swept(staged)
    deleted = [name for name in swept(staged, later=3500) if name.endswith("/deleted")]
    assert len(deleted) == 3
    assert not [name for name in swept(staged) if name.endswith("/deleted")]


def clicked(staged: Stage, module: str, record: str) -> Spent:
    """Press the button for one record that can be synced."""
    with staged.watch() as watch:
        link = staged.bridge.click(module, record)
    assert link.state == "in_sync", (link.message_key, link.words)
    return watch.spent


@pytest.fixture
def settled(staged: Stage) -> Stage:
    """A small company in agreement, swept a moment ago."""
    fill(staged.bridge, 6, from_xero=3)
    staged.bridge.run_all()
    swept(staged)
    staged.bridge.later(30)
    return staged


def test_a_click_on_a_changed_linked_record_takes_three_calls(settled: Stage) -> None:
    bridge = settled.bridge
    for module, field in (("Accounts", "Phone"), ("Products", "Description")):
        record = str(bridge.crm_all(module)[0]["id"])
        bridge.world.zoho.edit(module, record, {field: "07946"})
        bridge.later(2)
        assert clicked(settled, module.lower(), record).calls == 3


def test_a_click_on_an_unchanged_record_reads_both_sides_and_nothing_else(settled: Stage) -> None:
    record = str(settled.bridge.crm_all("Accounts")[0]["id"])
    assert sorted(clicked(settled, "accounts", record).by) == [
        "xero GET Contacts", "zoho GET Accounts/{id}",
    ]  # fmt: skip


def test_a_click_on_a_new_record_takes_three_calls_while_the_directory_is_fresh(
    settled: Stage,
) -> None:
    assert clicked(settled, "accounts", settled.bridge.customer("Rowan Bakery")).calls == 3
    assert clicked(settled, "products", settled.bridge.product("Ash", "ASH-1")).calls == 3


def test_a_click_on_a_new_record_searches_first_when_the_directory_is_old(settled: Stage) -> None:
    settled.bridge.later(1200)
    clicked(settled, "accounts", settled.bridge.customer("Lichen Paper"))
    assert clicked(settled, "accounts", settled.bridge.customer("Willow & Sons")).by == {
        "zoho GET Accounts/{id}": 1, "xero GET Contacts": 1, "xero PUT Contacts": 1,
        "zoho PUT Accounts": 1,
    }  # fmt: skip


def test_an_invoice_that_brings_its_customer_and_product_reads_each_record_once(
    settled: Stage,
) -> None:
    bridge = settled.bridge
    customer, product = bridge.customer("Alder Inn"), bridge.product("Elm desk", "ELM-1")
    invoice = bridge.invoice(customer, (product, "2", "3.50"))
    spent = clicked(settled, "invoices", invoice)
    assert spent.calls == 9, spent.by
    assert spent.by["zoho GET Invoices/{id}"] == 1
