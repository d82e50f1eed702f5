"""The schedule: what each tick asks for, what a calm day costs, and that nothing is missed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from backend.core import cadence
from backend.core.guard import FEWEST
from backend.store import notices as stored
from backend.store import pulses
from backend.store.live import Pulse, Usage
from backend.store.tables import ModuleState, Organisation, XeroConnection
from backend.store.told import Notice
from backend.sync import audits, bulk, channels, rhythm, schedule, sweep, vanished
from backend.sync import turn as turns
from bench.rig.stage import Stage, metered
from tests.sync.bridge import LTD, Bridge
from tests.sync.cases.told import in_sync
from tests.sync.ears import deliver, listening

TICK = 600
HOUR = 3600


@pytest.fixture
def staged(bridge: Bridge) -> Stage:
    """A connected product with open ears, one customer in agreement, metered."""
    listening(bridge)
    bridge.accept()
    in_sync(bridge.click("accounts", bridge.customer()))
    deliver(bridge)
    bridge.sweep()
    return metered(bridge)


def tick(staged: Stage, *, later: float = TICK) -> Counter[str]:
    """One scheduled sweep after some time: calls to Xero by list."""
    bridge = staged.bridge
    bridge.later(later)
    with staged.watch() as watch:
        assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
        bridge.drain()
    names = {name.removeprefix("xero GET "): n for name, n in watch.spent.by.items()}
    return Counter({name: n for name, n in names.items() if "/" not in name and " " not in name})


def calm(staged: Stage) -> None:
    """Nothing has stirred for an hour, and webhooks are proven."""
    staged.bridge.later(HOUR)
    with staged.bridge.sync.database.begin() as session:
        pulses.heard(session, staged.bridge.org_id, LTD, at=staged.bridge.sync.clock(), lag=0)
    tick(staged)


SET_UP = {
    "Organisation",
    "Accounts",
    "TaxRates",
    "Currencies",
    "TrackingCategories",
    "BrandingThemes",
}


def lists(calls: Counter[str]) -> set[str]:
    """The lists that were asked for, the set-up aside."""
    return set(calls) - SET_UP


def test_while_something_stirs_every_tick_asks_for_everything_but_payments(
    staged: Stage,
) -> None:
    tick(staged)
    assert lists(tick(staged)) == {"Contacts", "Items", "Invoices"}


def test_in_calm_invoices_are_asked_for_at_every_tick_and_the_others_take_turns(
    staged: Stage,
) -> None:
    calm(staged)
    told = [lists(tick(staged)) for _ in range(9)]
    assert all("Invoices" in each for each in told)
    assert sum("Contacts" in each for each in told) == 3
    assert sum("Items" in each for each in told) == 3


def test_a_sweep_somebody_asks_for_reads_everything_whatever_the_rhythm(staged: Stage) -> None:
    calm(staged)
    tick(staged)
    with staged.watch() as watch:
        staged.bridge.sweep()
    assert {"xero GET Contacts", "xero GET Items", "xero GET Invoices", "xero GET Payments"} <= set(
        watch.spent.by
    )


def test_six_calm_hours_cost_a_quarter_of_three_hundred_calls(staged: Stage) -> None:
    calm(staged)
    counted = Counter[str]()
    for _ in range(36):
        counted += tick(staged)
    counted.pop("Organisation", None)
    assert counted.total() <= 75, counted
    assert counted["Invoices"] == 36
    with staged.bridge.sync.database.begin() as session:
        assert session.query(Usage).filter_by(side="xero").count() >= 1


def test_where_no_webhook_was_ever_heard_every_tick_asks_for_everything(staged: Stage) -> None:
    bridge = staged.bridge
    with bridge.sync.database.begin() as session:
        session.query(Pulse).delete()
    bridge.later(8 * 24 * HOUR)
    tick(staged)
    assert lists(tick(staged)) == {"Contacts", "Items", "Invoices"}


def test_an_organisation_in_which_nothing_happens_for_weeks_stays_calm(staged: Stage) -> None:
    calm(staged)
    staged.bridge.later(30 * 24 * HOUR)
    told = [lists(tick(staged)) for _ in range(10)]
    assert sum("Items" in each for each in told[1:]) == 3
    assert all("Invoices" in each for each in told)


def another(bridge: Bridge, **pulse: datetime) -> None:
    """Another organisation of this app, with this pulse."""
    with bridge.sync.database.begin() as session:
        org = Organisation(zoho_org_id="99", name="Other")
        session.add(org)
        session.flush()
        session.add(Pulse(org_id=org.id, tenant_id="other", **pulse))


def proven(bridge: Bridge) -> bool:
    """Whether the organisation's webhooks are relied upon."""
    with bridge.sync.database.begin() as session:
        return rhythm.mood_in(session, bridge.org_id, LTD, bridge.sync.clock()).proven


def test_a_webhook_of_another_organisation_proves_the_address_of_all(bridge: Bridge) -> None:
    assert not proven(bridge)
    another(bridge, heard_at=bridge.sync.clock())
    assert proven(bridge)


def test_a_doubted_organisation_proves_nothing_to_others(bridge: Bridge) -> None:
    now = bridge.sync.clock()
    another(bridge, heard_at=now, doubted_at=now)
    assert not proven(bridge)


def test_an_organisation_proven_by_another_is_doubted_by_its_own_lost_webhook(
    bridge: Bridge,
) -> None:
    bridge.accept()
    link = in_sync(bridge.click("accounts", bridge.customer()))
    another(bridge, heard_at=bridge.sync.clock())
    bridge.sweep()
    assert proven(bridge), "what was there when it was connected need not have been told"
    bridge.later(600)
    bridge.world.xero.edit(LTD, "Contacts", str(link.xero_id), {"Name": "Kestrel Ltd"})
    bridge.later(600)
    bridge.sweep()
    assert not proven(bridge)


def test_what_happened_before_it_was_connected_is_no_lost_webhook(bridge: Bridge) -> None:
    another(bridge, heard_at=bridge.sync.clock())
    bridge.world.xero.create(LTD, "Contacts", {"Name": "Kestrel"})
    bridge.later(600)
    with bridge.sync.database.begin() as session:
        session.query(XeroConnection).filter_by(tenant_id=LTD).update(
            {"connected_at": bridge.sync.clock()}
        )
    bridge.accept()
    bridge.sweep()
    assert proven(bridge)


def test_a_whole_calm_day_with_its_night_and_its_audit_costs_what_is_billed(
    staged: Stage,
) -> None:
    bridge = staged.bridge
    bridge.accept(
        "accounts", "contacts", "vendors", "products", "quotes", "sales_orders", "invoices",
        "purchase_orders", "payments", "credit_notes",
    )  # fmt: skip
    bridge.settings(sales_orders={"enabled": True})
    calm(staged)
    for _ in range(144):
        tick(staged)
        audit_if_due(bridge)
    since = bridge.world.log.last_number()
    for _ in range(144):
        tick(staged)
        audit_if_due(bridge)
    paths = Counter(
        entry.path for entry in bridge.world.log.entries(side="xero", since=since)
        if "/api.xro/" in entry.path and not entry.path.endswith("/Organisation")
    )  # fmt: skip
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    kinds = rhythm.kinds_of(turn.specs.values(), {})
    told = cadence.bill(kinds, cadence.IDLE, tick=timedelta(seconds=TICK))
    assert paths.total() <= told <= cadence.CALM_CALLS, paths


def audit_if_due(bridge: Bridge) -> None:
    """What the timetable does every few minutes."""
    with bridge.sync.database.begin() as session:
        due = audits.due(session, now=bridge.sync.clock())
    for org_id in due:
        audits.work(bridge.sync, org_id)


def test_a_lost_webhook_is_found_out_and_every_tick_asks_again(staged: Stage) -> None:
    bridge, xero_id = staged.bridge, str(in_sync_contact(staged.bridge))
    calm(staged)
    bridge.world.xero.edit(LTD, "Contacts", xero_id, {"Name": "Kestrel Ltd"})
    bridge.world.webhooks.forget()
    told = [lists(tick(staged)) for _ in range(4)]
    assert {"Contacts", "Items", "Invoices"} in told
    assert bridge.crm_all("Accounts")[0]["Account_Name"] == "Kestrel Ltd"
    with bridge.sync.database.begin() as session:
        pulse = pulses.of(session, bridge.org_id, LTD)
        assert pulse is not None
        assert pulse.doubted_at is not None
        assert not rhythm.mood_in(session, bridge.org_id, LTD, bridge.sync.clock()).proven
    bridge.world.xero.edit(LTD, "Contacts", xero_id, {"Name": "Kestrel Foods"})
    deliver(bridge)
    with bridge.sync.database.begin() as session:
        assert rhythm.mood_in(session, bridge.org_id, LTD, bridge.sync.clock()).proven


def in_sync_contact(bridge: Bridge) -> str | None:
    """The contact of the one customer."""
    return bridge.link("accounts", bridge.crm_all("Accounts")[0]["id"]).xero_id


def test_a_told_change_raises_no_doubt(staged: Stage) -> None:
    bridge, xero_id = staged.bridge, str(in_sync_contact(staged.bridge))
    calm(staged)
    bridge.world.xero.edit(LTD, "Contacts", xero_id, {"Name": "Kestrel Ltd"})
    deliver(bridge)
    for _ in range(3):
        tick(staged)
    with bridge.sync.database.begin() as session:
        pulse = pulses.of(session, bridge.org_id, LTD)
        assert pulse is not None
        assert pulse.doubted_at is None


def test_what_stirs_makes_the_next_tick_ask_for_everything(staged: Stage) -> None:
    calm(staged)
    tick(staged)
    tick(staged)
    staged.bridge.click("accounts", staged.bridge.customer("Rowan"))
    deliver(staged.bridge)
    assert lists(tick(staged)) >= {"Contacts", "Items", "Invoices"}


def test_a_silent_channel_is_found_out_by_the_sweep(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.world.zoho.channels.silent = True
    for n in range(channels.MOST_MISSED):
        bridge.world.zoho.edit("Accounts", bridge.crm_all("Accounts")[0]["id"], {"Fax": f"07{n}"})
        bridge.later(300)
        tick(staged)
    bridge.world.zoho.channels.silent = False
    posts = [e for e in bridge.world.log.entries() if e.path.endswith("/actions/watch")]
    assert [e.method for e in posts[-1:]] == ["POST"]


# --- once a day --------------------------------------------------------------------------------


def test_once_a_day_everything_is_read_which_finds_what_modified_since_misses(
    staged: Stage,
) -> None:
    bridge = staged.bridge
    bridge.later(26 * HOUR)
    tick(staged)
    with bridge.sync.database.begin() as session:
        first = session.get_one(ModuleState, (bridge.org_id, LTD, "accounts")).whole_read_at
        assert first is not None
    blind = [
        entry for entry in bridge.world.log.entries(side="xero")
        if entry.path.endswith("/Contacts") and entry.method == "GET"
    ]  # fmt: skip
    assert blind
    tick(staged)
    with bridge.sync.database.begin() as session:
        assert session.get_one(ModuleState, (bridge.org_id, LTD, "accounts")).whole_read_at == first


def test_the_daily_whole_read_notices_what_was_deleted_outright_in_xero(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.accept("products")
    kept, lost = (bridge.product(f"Table {n}", f"T-{n}") for n in range(2))
    pairs = [in_sync(bridge.click("products", each)) for each in (kept, lost)]
    bridge.world.xero.delete(LTD, "Items", str(pairs[1].xero_id))
    tick(staged)
    assert bridge.link("products", lost).state == "in_sync"
    tick(staged, later=26 * HOUR)
    assert bridge.link("products", kept).state == "in_sync"
    assert bridge.link("products", lost).message_key == "deleted_in_xero_kept_in_crm"
    bridge.later(26 * HOUR)
    with staged.watch() as watch:
        tick(staged, later=0)
    assert not [name for name in watch.spent.by if "Items/" in name]


def test_a_list_that_is_suddenly_empty_is_not_believed_and_administrators_are_told(
    staged: Stage,
) -> None:
    bridge = staged.bridge
    bridge.accept("products")
    made = [bridge.product(f"Table {n}", f"T-{n}") for n in range(FEWEST)]
    pairs = [in_sync(bridge.click("products", each)) for each in made]
    for pair in pairs:
        bridge.world.xero.delete(LTD, "Items", str(pair.xero_id))
    tick(staged, later=26 * HOUR)
    assert {bridge.link("products", each).state for each in made} == {"in_sync"}
    told = _alarm(bridge)
    assert told is not None
    assert (told.message_key, told.closed_at) == ("side_suddenly_empty", None)
    assert told.message_params == {"before": str(FEWEST)}
    bridge.world.xero.create(LTD, "Items", {"Code": "NEW", "Name": "Lamp"})
    tick(staged, later=26 * HOUR)
    assert _alarm(bridge) is not None, "one new record does not make the list whole"
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    vanished.note(turn, turn.specs["products"], {str(pair.xero_id) for pair in pairs})
    assert _alarm(bridge) is None, "the list is back"


def _alarm(bridge: Bridge) -> Notice | None:
    """What administrators are told of the list of products."""
    with bridge.sync.database.begin() as session:
        return stored.open_for(session, bridge.org_id, "alarm:list:products")


def test_organisations_read_at_different_hours_of_their_night(bridge: Bridge) -> None:
    now = bridge.sync.clock()
    facts = {"org": {"time_zone": "Australia/Sydney"}}
    times = {rhythm.night_of(f"org{n}", facts, now) for n in range(50)}
    assert len(times) > 40
    zone = rhythm._zone(facts)
    assert {at.astimezone(zone).hour for at in times} <= {1, 2, 3, 4}
    assert all(now - timedelta(days=1) < at <= now for at in times)
    assert rhythm._zone({"org": {"time_zone": "Mars/Olympus"}}).key == "UTC"


# --- the clock ---------------------------------------------------------------------------------


def test_a_missed_time_is_caught_up_once_and_the_next_one_is_an_interval_away(
    bridge: Bridge,
) -> None:
    assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]
    assert schedule.put_sweeps(bridge.sync) == []
    bridge.later(5 * HOUR)
    assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]
    assert schedule.put_sweeps(bridge.sync) == []
    with bridge.sync.database.begin() as session:
        due = session.get_one(Organisation, bridge.org_id).next_sweep_at
    assert due is not None
    assert timedelta(0) < due - bridge.sync.clock() <= timedelta(minutes=10)


def test_the_clocks_sweep_waits_for_a_run_and_comes_right_after(staged: Stage) -> None:
    bridge = staged.bridge
    bridge.later(TICK)
    run_id = bulk.preview(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both", by=None
    )
    assert schedule.put_sweeps(bridge.sync) == []
    assert not sweep.sweep(bridge.sync, bridge.org_id, scheduled=True), "it was on the queue before"
    assert sweep.sweep(bridge.sync, bridge.org_id), "what a person asks for does not wait"
    assert bridge.finish(run_id).state == "done"
    bridge.later(5)
    assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]


def test_a_run_that_is_stuck_does_not_stop_the_sweeps(staged: Stage) -> None:
    bridge = staged.bridge
    bulk.preview(bridge.sync, org_id=bridge.org_id, module="accounts", direction="both", by=None)
    for longest in (31, 31):
        bridge.later(TICK)
        assert schedule.put_sweeps(bridge.sync) == []
        bridge.later(60 * longest - TICK)
        assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]
        assert sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)


def test_a_sweep_that_waits_for_a_run_is_put_back_by_the_job_that_was_to_do_it(
    staged: Stage,
) -> None:
    bridge = staged.bridge
    bridge.later(TICK)
    assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]
    run_id = bulk.preview(
        bridge.sync, org_id=bridge.org_id, module="accounts", direction="both", by=None
    )
    assert not sweep.sweep(bridge.sync, bridge.org_id, scheduled=True)
    bridge.finish(run_id)
    assert schedule.put_sweeps(bridge.sync) == [bridge.org_id]


def test_organisations_sweep_at_different_seconds(bridge: Bridge) -> None:
    now = bridge.sync.clock()
    times = {schedule.next_time(f"org{n}", now, minutes=10) for n in range(100)}
    assert len(times) > 80
    assert all(timedelta(0) < at - now <= timedelta(minutes=10) for at in times)
    again = {schedule.next_time(f"org{n}", at, minutes=10) - at for n, at in enumerate(times)}
    assert max(again) <= timedelta(minutes=10)


def test_only_one_of_two_cron_processes_leads(bridge: Bridge) -> None:
    assert "sweeps" in schedule.tick(bridge.sync)
    owner, bridge.sync.owner = bridge.sync.owner, "another"
    assert schedule.tick(bridge.sync) == []
    bridge.later(60)
    assert "sweeps" in schedule.tick(bridge.sync)
    bridge.sync.owner = owner
    assert schedule.tick(bridge.sync) == []


def test_a_module_off_the_schedule_is_left_alone(staged: Stage) -> None:
    staged.bridge.settings(products={"schedule": False})
    assert "Items" not in lists(tick(staged))
