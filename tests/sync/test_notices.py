"""People are told once, in their language, on the record and by mail; success takes it back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.apis.mail import SmtpMailer
from backend.core.errors import (
    ConnectionLost,
    RateLimited,
    Refused,
    Transient,
)
from backend.store.tables import Organisation
from backend.store.told import Notice
from backend.sync import alarms, connections, facts, schedule
from backend.sync.clients import clients_of
from backend.sync.deliver import deliver
from backend.sync.drain import pause
from simulator.faults import Fault
from tests.support.smtp import Post, post_office
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync, invoiced


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as opened:
        yield opened


def listening(bridge: Bridge, post: Post, **settings: Any) -> Bridge:
    """The bridge with a mail server and an address to tell."""
    bridge.sync.settings = replace(
        bridge.sync.settings, smtp_url=post.url, mail_from="Bridge <bridge@harbour.example>"
    )
    bridge.settings(notify={"crm_task": True, "emails": ["books@harbour.example"]}, **settings)
    return bridge


def failing(bridge: Bridge, name: str = "Kestrel Foods") -> str:
    """A customer Xero refuses for good: tried, then parked."""
    fault = Fault(side="xero", kind="500", match="(PUT|POST) .*/Contacts", times=None)
    bridge.world.faults.clear()
    bridge.world.faults.add(fault)
    account = bridge.customer(name)
    bridge.click("accounts", account)
    for _ in range(3):
        bridge.later(700)
        bridge.drain()
    assert bridge.link("accounts", account).parked
    return account


def tasks(bridge: Bridge) -> list[dict[str, Any]]:
    """Every CRM task."""
    return bridge.crm_all("Tasks")


def told(bridge: Bridge) -> list[Notice]:
    """Every notice, the oldest first."""
    with bridge.sync.database.begin() as session:
        return list(session.scalars(select(Notice).order_by(Notice.created_at, Notice.id)))


def test_a_parked_record_is_told_once_and_success_closes_the_task(
    any_bridge: Bridge, post: Post
) -> None:
    bridge = listening(any_bridge, post)
    account = failing(bridge)
    for _ in range(3):
        deliver(bridge.sync, bridge.org_id)
        bridge.later(3600)

    (task,) = tasks(bridge)
    assert task["What_Id"]["id"] == account
    assert task["Status"] == "Not Started"
    assert task["Owner"]["id"] == bridge.crm("Accounts", account)["Owner"]["id"]
    assert "Kestrel Foods" in task["Subject"]
    assert "The other system did not answer." in task["Description"]
    shown = bridge.link("accounts", account)
    assert (shown.task_id, shown.task_owner) == (task["id"], "Ana Whitfield")
    (mail,) = post.mails
    assert post.recipients == [["books@harbour.example"]]
    assert mail.get_content_type() == "multipart/alternative"
    plain, page = (part.get_content() for part in mail.iter_parts())
    assert "Kestrel Foods" in plain
    assert "/tab/Accounts/" + account in plain
    assert "<li><a href=" in page

    bridge.world.faults.clear()
    in_sync(bridge.click("accounts", account))
    deliver(bridge.sync, bridge.org_id)
    (task,) = tasks(bridge)
    assert task["Status"] == "Completed"
    assert bridge.link("accounts", account).task_id is None
    assert len(post.mails) == 1
    (notice,) = told(bridge)
    assert (notice.subject, notice.task_state) == (None, "closed")


def test_nobody_is_told_before_the_last_attempt(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    bridge.world.faults.add(Fault(side="xero", kind="500", match="(PUT|POST) .*/Contacts", times=2))
    account = bridge.customer()
    bridge.click("accounts", account)
    bridge.later(61)
    bridge.drain()
    assert (bridge.link("accounts", account).attempts, told(bridge)) == (2, [])
    bridge.later(601)
    bridge.drain()
    in_sync(bridge.link("accounts", account))
    assert told(bridge) == []


def test_what_waits_for_the_set_up_is_told_at_once_and_taken_back_when_it_is_mended(
    bridge: Bridge, post: Post
) -> None:
    listening(bridge, post)
    bridge.world.xero.books(bridge.tenant).currencies.remove("USD")
    bridge.later(3700)
    account, product, _ = invoiced(bridge)
    facts.refresh(bridge.sync, bridge.org_id, clients_of(bridge.sync, bridge.org_id), force=True)
    invoice = bridge.invoice(account, (product, "1", "10"), Currency="USD")
    link = bridge.click("invoices", invoice)
    assert (link.state, link.message_key) == ("needs_attention", "currency_not_enabled")
    deliver(bridge.sync, bridge.org_id)
    assert [each["What_Id"]["id"] for each in tasks(bridge)] == [invoice]
    assert "USD" in post.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]

    bridge.world.xero.enable_currency(bridge.tenant, "USD")
    bridge.accept()
    bridge.later(3700)
    bridge.sweep()
    deliver(bridge.sync, bridge.org_id)
    in_sync(bridge.link("invoices", invoice))
    assert [each["Status"] for each in tasks(bridge)] == ["Completed"]


@pytest.mark.parametrize(
    ("language", "subject", "intro"),
    [
        ("fr", "1 fiche vous attend", "n’ont pas pu être synchronisées"),
        ("de", "1 Datensatz wartet auf Sie", "konnten nicht synchronisiert werden"),
    ],
)
def test_tasks_and_mails_speak_the_language_of_the_organisation(
    bridge: Bridge, post: Post, language: str, subject: str, intro: str
) -> None:
    listening(bridge, post, language=language)
    failing(bridge, "Café <Zoé> & fils")
    deliver(bridge.sync, bridge.org_id)
    (mail,) = post.mails
    assert mail["Subject"].startswith(subject)
    plain, page = (part.get_content() for part in mail.iter_parts())
    assert intro in plain.replace("\n", " ")
    assert "Café <Zoé> & fils" in plain
    assert "Café &lt;Zoé&gt; &amp; fils" in page
    assert f"lang='{language}'" in page
    assert tasks(bridge)[0]["Description"].count("\n\n") == 2


def test_many_failures_are_one_mail_by_cause_and_few_tasks(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    bridge.sync.settings = replace(bridge.sync.settings, sync_attempts=1)
    bridge.settings(attempts=1)
    bridge.world.faults.add(
        Fault(side="xero", kind="500", match="(PUT|POST) .*/Contacts", times=None)
    )
    for n in range(40):
        bridge.customer(f"Customer {n:02}")
    bridge.run_all("accounts")
    deliver(bridge.sync, bridge.org_id)
    (mail,) = post.mails
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["Subject"].startswith("40 records are waiting for you")
    assert text.count("The other system did not answer.") == 1
    assert "… and 30 more" in text
    assert len(tasks(bridge)) == 25

    failing(bridge, "One more")
    bridge.later(60)
    deliver(bridge.sync, bridge.org_id)
    sent = len(post.mails)
    failing(bridge, "And another")
    deliver(bridge.sync, bridge.org_id)
    assert len(post.mails) - sent <= 1


def test_whoever_unsubscribes_hears_nothing(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    bridge.settings(notify={"crm_task": False, "emails": []})
    failing(bridge)
    deliver(bridge.sync, bridge.org_id)
    assert (tasks(bridge), post.mails) == ([], [])
    assert [each.message_key for each in told(bridge)] == ["remote_unavailable"]


def test_two_workers_that_deliver_together_tell_once(any_bridge: Bridge, post: Post) -> None:
    bridge = listening(any_bridge, post)
    failing(bridge)
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        deliver(bridge.sync, bridge.org_id)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(timeout=60)
    assert (len(tasks(bridge)), len(post.mails)) == (1, 1)


def test_a_task_whose_answer_was_lost_is_found_and_not_made_twice(
    bridge: Bridge, post: Post
) -> None:
    listening(bridge, post)
    account = failing(bridge)
    bridge.world.faults.add(Fault(side="zoho", kind="reset_after", match="POST .*/Tasks"))
    deliver(bridge.sync, bridge.org_id)
    assert bridge.link("accounts", account).task_id is None
    bridge.later(600)
    deliver(bridge.sync, bridge.org_id)
    assert bridge.link("accounts", account).task_id == tasks(bridge)[0]["id"]
    assert len(tasks(bridge)) == 1


def test_a_mail_server_that_is_away_is_asked_again(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    failing(bridge)
    post.answers = ["451 busy"]
    deliver(bridge.sync, bridge.org_id)
    assert post.mails == []
    deliver(bridge.sync, bridge.org_id)
    assert post.mails == []
    bridge.later(600)
    deliver(bridge.sync, bridge.org_id)
    assert len(post.mails) == 1
    failing(bridge, "Second")
    bridge.later(3600)
    post.answers = ["550 no such user"]
    deliver(bridge.sync, bridge.org_id)
    assert {each.mail_state for each in told(bridge)} == {"sent", "failed"}


def test_a_lost_connection_tells_the_administrators_once_at_once(
    bridge: Bridge, post: Post
) -> None:
    listening(bridge, post)
    for _ in range(2):
        error = ConnectionLost("xero_token_revoked")
        connections.lose(bridge.sync, org_id=bridge.org_id, error=error)
        deliver(bridge.sync, bridge.org_id)
    (mail,) = post.mails
    assert mail["Subject"].startswith("Synchronisation needs an administrator")
    (task,) = tasks(bridge)
    assert task.get("What_Id") is None
    bridge.reconnect()
    deliver(bridge.sync, bridge.org_id)
    assert [each["Status"] for each in tasks(bridge)] == ["Completed"]


def test_a_lost_crm_is_told_by_mail_though_no_task_can_be_made(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    connections.lose(bridge.sync, org_id=bridge.org_id, error=ConnectionLost("zoho_token_revoked"))
    deliver(bridge.sync, bridge.org_id)
    assert len(post.mails) == 1


def test_a_spent_day_is_an_alarm_and_a_spent_minute_is_not(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    pause(bridge.sync, bridge.org_id, RateLimited("minute", 30), seconds=30)
    assert told(bridge) == []
    pause(bridge.sync, bridge.org_id, RateLimited("day", 3000), seconds=3000)
    pause(bridge.sync, bridge.org_id, RateLimited("day", 3000), seconds=3000)
    assert [each.message_key for each in told(bridge)] == ["rate_day"]
    bridge.accept()
    bridge.later(3100)
    bridge.sweep()
    assert told(bridge)[0].subject is None


def test_an_hour_of_silence_is_an_alarm_where_a_sync_was_due(bridge: Bridge, post: Post) -> None:
    listening(bridge, post)
    bridge.later(4000)
    assert alarms.listen(bridge.sync) == []  # nothing was accepted, so nothing is due
    bridge.accept()
    bridge.sweep()
    bridge.later(3000)
    assert alarms.listen(bridge.sync) == []
    bridge.later(700)
    assert alarms.listen(bridge.sync) == [bridge.org_id]
    assert alarms.listen(bridge.sync) == []
    deliver(bridge.sync, bridge.org_id)
    assert "Nothing has been synchronised since" in str(post.mails[0].get_body(("plain",)))
    bridge.sweep()
    assert told(bridge)[0].subject is None


def test_a_side_that_is_down_costs_no_record_an_attempt(bridge: Bridge) -> None:
    account = bridge.customer()
    bridge.world.faults.add(Fault(side="xero", kind="503", match=".*(Contacts|Org).*", times=None))
    for _ in range(6):
        bridge.click("accounts", account)
        bridge.later(61)
    link = bridge.link("accounts", account)
    assert (link.attempts, link.parked, link.pending > 0) == (0, False, True)
    with bridge.sync.database.begin() as session:
        assert session.get_one(Organisation, bridge.org_id).pause_key == "remote_unavailable"
    bridge.world.faults.clear()
    bridge.later(61)
    bridge.drain()
    in_sync(bridge.link("accounts", account))


def test_the_timetable_does_daily_work_once_a_day_whoever_leads(bridge: Bridge) -> None:
    first = schedule.tick(bridge.sync)
    assert {"sweeps", "nudges", "notices", "silence", "purge"} <= set(first)
    assert "purge" not in schedule.tick(bridge.sync)
    other = replace(bridge.sync, owner="another process")
    assert schedule.tick(other) == []
    bridge.later(3 * 24 * 3600)
    assert "purge" in schedule.tick(other)
    assert "purge" not in schedule.tick(other)


def test_one_line_of_the_timetable_that_fails_leaves_the_others_alone(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_sync: object) -> None:
        raise Transient

    line = schedule.Timed(name="broken", every=timedelta(hours=1), act=breaks)
    monkeypatch.setattr(schedule, "TIMETABLE", (line, *schedule.TIMETABLE))
    assert "purge" in schedule.tick(bridge.sync)


def test_a_password_goes_to_no_server_in_clear_text(post: Post, monkeypatch: Any) -> None:
    from backend.apis import mail
    from backend.sync.letters import Reader, digest

    monkeypatch.setattr(mail, "HERE", frozenset())
    reader = Reader(organisation="Harbour", language="en", crm_url="")
    notice = Notice(id="1", kind="alarm", message_key="silence", message_params={}, module="")
    now = alarms.datetime.now().astimezone()
    message = digest(reader, [notice], sender="a@b.example", to=["c@d.example"], now=now)
    url = f"smtp://user:pa%20ss@localhost:{post.port}"
    with pytest.raises(Refused):
        SmtpMailer(url=url).send(message, ["c@d.example"])
    assert "pa%20ss" not in repr(SmtpMailer(url=url))
    assert post.mails == []
