"""The drift audit finds what webhooks and sweeps lost, writes nothing, and can have it healed."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from backend.core.errors import SyncError
from backend.store.tables import Link, Run
from backend.sync import audits, schedule
from backend.sync.audit_command import verify
from backend.sync.auditing import Finding
from backend.sync.scratch import Scratch
from simulator.faults import Fault
from tests.sync.bridge import LTD, Bridge
from tests.sync.cases.told import in_sync, invoiced


def audited(bridge: Bridge, *, heal: bool = False) -> tuple[Any, list[Finding]]:
    """The figures by module and every finding of one audit, which wrote to neither side."""
    before = bridge.writes()
    with Scratch() as scratch:
        report = audits.perform(bridge.sync, bridge.org_id, scratch, heal=heal, by=None)
        found = list(report.findings())
    assert bridge.writes() == before
    return {each.module: each.shown() for each in report.modules}, found


def open_ones(found: list[Finding]) -> list[tuple[str, str, str | None]]:
    """Kind, side and field of what nothing explains."""
    return [(each.kind, each.side, each.field) for each in found if each.why is None]


@pytest.fixture
def settled(bridge: Bridge) -> tuple[Bridge, str, str, str]:
    """A synced company of one customer, one product and one invoice, with accepted modules."""
    account, product, invoice = invoiced(bridge)
    bridge.accept()
    bridge.sweep()
    return bridge, account, product, invoice


def test_both_sides_in_agreement_are_counted_and_summed_alike(any_bridge: Bridge) -> None:
    bridge = any_bridge
    invoiced(bridge)
    bridge.accept()
    bridge.sweep()
    figures, found = audited(bridge)
    assert open_ones(found) == []
    invoices = figures["invoices"]
    assert invoices["zoho"]["sums"] == invoices["xero"]["sums"]
    (row,) = invoices["xero"]["sums"]
    assert (row["month"], row["currency"], row["count"]) == ("2026-11", "GBP", 1)
    assert Decimal(row["total"]) == Decimal("288")
    assert figures["accounts"]["zoho"]["count"] == figures["accounts"]["xero"]["count"] == 1


def test_what_nobody_heard_of_is_found_and_healed_by_the_loop(
    settled: tuple[Bridge, str, str, str],
) -> None:
    bridge, account, product, invoice = settled
    xero_id = str(bridge.link("accounts", account).xero_id)
    bridge.later(60)
    bridge.world.xero.edit(bridge.tenant, "Contacts", xero_id, {"Name": "Kestrel Fine Foods"})
    bridge.world.zoho.edit("Products", product, {"Unit_Price": Decimal("130.00")})
    bridge.world.zoho.create("Accounts", {"Account_Name": "Never seen"})
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Nor this one"})

    _, found = audited(bridge, heal=True)
    assert sorted(open_ones(found), key=str) == sorted(
        [
            ("differs", "xero", "name"),
            ("differs", "zoho", "price"),
            ("orphan", "zoho", None),
            ("orphan", "xero", None),
        ],
        key=str,
    )
    named = next(each for each in found if each.field == "name")
    assert (named.agreed, named.now) == ("Kestrel Foods", "Kestrel Fine Foods")
    bridge.drain()
    assert bridge.crm("Accounts", account)["Account_Name"] == "Kestrel Fine Foods"
    assert "Never seen" in {row["Name"] for row in bridge.xero_all("Contacts")}
    in_sync(bridge.link("invoices", invoice))
    assert open_ones(audited(bridge)[1]) == []


def test_links_to_what_is_gone_are_found(settled: tuple[Bridge, str, str, str]) -> None:
    bridge, account, _product, _invoice = settled
    bridge.world.zoho.delete("Accounts", account)
    figures, found = audited(bridge)
    assert ("gone", "zoho", None) in open_ones(found)
    assert figures["accounts"]["zoho"]["gone"] == 1
    assert figures["accounts"]["differences"] > 0


def test_amounts_that_differ_show_in_the_sums_of_their_month(
    settled: tuple[Bridge, str, str, str],
) -> None:
    bridge, _account, product, invoice = settled
    bridge.later(60)
    line = {"Product_Name": {"id": product}, "Quantity": Decimal(3), "List_Price": Decimal(120)}
    bridge.world.zoho.edit("Invoices", invoice, {"Invoiced_Items": [line]})
    figures, _found = audited(bridge)
    told = figures["invoices"]
    assert told["zoho"]["sums"] != told["xero"]["sums"]
    assert told["differences"] >= 1


def test_what_waits_or_is_held_is_named_and_no_difference(
    settled: tuple[Bridge, str, str, str],
) -> None:
    bridge, account, _product, _invoice = settled
    with bridge.sync.database.begin() as session:
        link = session.query(Link).filter_by(zoho_id=account).one()
        link.pending += 1
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "Renamed"})
    _, found = audited(bridge)
    assert open_ones(found) == []
    assert [each.why for each in found if each.kind == "differs"] == ["pending"]


def test_a_module_never_accepted_has_no_orphans(bridge: Bridge) -> None:
    bridge.customer()
    figures, found = audited(bridge, heal=True)
    assert open_ones(found) == []
    assert [each.why for each in found] == ["not_accepted"]
    assert figures["accounts"]["accepted"] is False
    bridge.drain()
    assert bridge.xero_all("Contacts") == []


def test_two_linked_records_with_one_key_are_told_but_agree(bridge: Bridge) -> None:
    bridge.accept()
    for _ in range(2):
        bridge.customer("Twin", Account_Number="7")
    bridge.run_all("accounts")
    _, found = audited(bridge)
    assert all(each.why for each in found)


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_the_command_reports_in_three_forms_and_says_how_it_went(
    settled: tuple[Bridge, str, str, str], capsys: pytest.CaptureFixture[str], form: str
) -> None:
    bridge, account, _product, _invoice = settled
    assert verify(bridge.sync, org_id=None, form=form, heal=False) == 0
    capsys.readouterr()
    bridge.later(60)
    bridge.world.zoho.edit("Accounts", account, {"Account_Name": "=cmd|'/c calc'!A1"})
    assert verify(bridge.sync, org_id=bridge.org_id, form=form, heal=False) == 1
    out = capsys.readouterr().out
    if form == "json":
        (told,) = json.loads(out)
        assert told["differences"] == 1
        assert told["findings"][0]["field"] == "name"
    elif form == "csv":
        (row,) = csv.DictReader(io.StringIO(out))
        assert row["now"] == "'=cmd|'/c calc'!A1"
    else:
        assert "differs in zoho: accounts" in out
        assert "2026-11 GBP: CRM 1 / 288" in out


def test_the_command_says_when_it_could_not(
    bridge: Bridge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(bridge.sync, org_id="nobody", form="json", heal=False) == 2
    assert json.loads(capsys.readouterr().out) == []
    bridge.world.faults.add(Fault(side="zoho", kind="503", times=None))
    bridge.later(3700)
    assert verify(bridge.sync, org_id=None, form="csv", heal=False) == 2
    assert "did not answer" in capsys.readouterr().err


def test_every_organisation_is_audited_once_a_day_and_a_lost_audit_again(bridge: Bridge) -> None:
    assert schedule.put_audits(bridge.sync) == []
    bridge.later(25 * 3600)
    assert schedule.put_audits(bridge.sync) == [bridge.org_id]
    audits.work(bridge.sync, bridge.org_id)
    assert schedule.put_audits(bridge.sync) == []
    run_id = audits.ask(bridge.sync, org_id=bridge.org_id, by="Ana")
    assert audits.ask(bridge.sync, org_id=bridge.org_id, by="Luc") == run_id
    assert schedule.put_audits(bridge.sync) == [bridge.org_id]
    bridge.drain()  # the loop of bulk runs leaves audits alone
    bridge.world.faults.add(Fault(side="xero", kind="503", times=1))
    audits.work(bridge.sync, bridge.org_id)
    audits.work(bridge.sync, bridge.org_id)
    with bridge.sync.database.begin() as session:
        run = session.get_one(Run, run_id)
        assert (run.state, run.by, run.figures["differences"]) == ("done", "Ana", 0)


def test_an_audit_reads_the_largest_pages_only(settled: tuple[Bridge, str, str, str]) -> None:
    bridge = settled[0]
    before = bridge.world.log.count()
    figures, _ = audited(bridge)
    assert bridge.world.log.count() - before <= 2 * len(figures)


def test_an_audit_reads_a_list_several_modules_live_in_once(bridge: Bridge) -> None:
    bridge.accept("accounts", "contacts", "vendors")
    in_sync(bridge.click("accounts", bridge.customer()))
    bridge.world.xero.create(LTD, "Contacts", {"Name": "Nobody's"})
    since = bridge.world.log.last_number()
    figures, found = audited(bridge)
    asked = Counter(entry.path for entry in bridge.world.log.entries(side="xero", since=since))
    assert asked["/api.xro/2.0/Contacts"] == 1
    assert max(asked.values()) == 1, asked
    assert [figures["accounts"][side]["count"] for side in ("zoho", "xero")] == [1, 1]
    assert open_ones(found) == [("orphan", "xero", None)]


def due(bridge: Bridge) -> list[str]:
    """Organisations whose audit the schedule would begin now."""
    with bridge.sync.database.begin() as session:
        return audits.due(session, now=bridge.sync.clock())


def test_an_audit_that_only_reads_is_not_the_one_of_the_day(bridge: Bridge) -> None:
    bridge.later(25 * 3600)
    audited(bridge, heal=False)
    bridge.later(3600)
    assert due(bridge) == [bridge.org_id]
    audits.work(bridge.sync, bridge.org_id)
    assert due(bridge) == []
    bridge.later(23 * 3600)
    audited(bridge, heal=False)
    bridge.later(3600)
    assert due(bridge) == [bridge.org_id]


def test_an_audit_that_only_reads_leaves_one_that_was_asked_for_waiting(bridge: Bridge) -> None:
    asked = audits.ask(bridge.sync, org_id=bridge.org_id, by="Ana")
    audited(bridge, heal=False)
    with bridge.sync.database.begin() as session:
        assert session.get_one(Run, asked).state == "queued"
    assert due(bridge) == [bridge.org_id]


def test_an_audit_that_only_reads_and_is_stopped_does_not_wait_for_the_schedule(
    bridge: Bridge,
) -> None:
    bridge.world.faults.add(Fault(side="xero", kind="503", times=None))
    with pytest.raises(SyncError):
        audited(bridge, heal=False)
    with bridge.sync.database.begin() as session:
        run = session.scalars(select(Run).where(Run.kind == "audit")).one()
        assert (run.state, run.heals) == ("failed", False)
    assert due(bridge) == []
