"""Whatever stumbles on the way: people are told in the end, of every cause, and not twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from backend.apis.mail import SmtpMailer
from backend.apis.zoho.client import ZohoClient
from backend.apis.zoho.wire import Row
from backend.core.errors import (
    ConnectionLost,
    NotConfigured,
    RateLimited,
    Refused,
    SyncError,
    Transient,
)
from backend.store.tables import Link, Organisation
from backend.store.told import Notice
from backend.sync import connections, notices
from backend.sync.deliver import deliver
from backend.sync.drain import pause
from tests.support.smtp import Post, post_office
from tests.sync.bridge import Bridge
from tests.sync.cases.told import in_sync
from tests.sync.test_notices import failing, listening, tasks, told


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as opened:
        yield opened


@pytest.mark.parametrize("hours", [5, 60])
def test_a_mail_server_that_is_away_for_a_weekend_loses_no_mail(
    bridge: Bridge, post: Post, hours: int
) -> None:
    listening(bridge, post)
    bridge.sync.settings = replace(bridge.sync.settings, smtp_url="smtp://127.0.0.1:1")
    error = ConnectionLost("xero_token_revoked")
    connections.lose(bridge.sync, org_id=bridge.org_id, error=error)
    for _ in range(hours * 6):
        deliver(bridge.sync, bridge.org_id)
        bridge.later(600)
    bridge.sync.settings = replace(bridge.sync.settings, smtp_url=post.url)
    for _ in range(4):
        deliver(bridge.sync, bridge.org_id)
        bridge.later(600)
    assert len(post.mails) == 1


class Stumbling:
    """CRM locks the tasks' rows for a moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: SyncError | None = Transient("crm_record_locked", sent=False)
        real = ZohoClient.write

        def write(client: ZohoClient, module: str, rows: Any, **how: Any) -> Any:
            if module == "Tasks" and self.error is not None:
                return [Row(ok=False, error=self.error) for _ in rows]
            return real(client, module, rows, **how)

        monkeypatch.setattr(ZohoClient, "write", write)


def test_a_row_that_stumbles_keeps_no_task_from_being_made_changed_or_closed(
    bridge: Bridge, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(bridge, post)
    account = failing(bridge)
    crm = Stumbling(monkeypatch)
    locked = crm.error
    deliver(bridge.sync, bridge.org_id)
    assert tasks(bridge) == []
    crm.error = None
    bridge.later(1800)
    deliver(bridge.sync, bridge.org_id)
    assert [each["Status"] for each in tasks(bridge)] == ["Not Started"]

    bridge.world.faults.clear()
    in_sync(bridge.click("accounts", account))
    crm.error = locked
    deliver(bridge.sync, bridge.org_id)
    crm.error = None
    bridge.later(1800)
    deliver(bridge.sync, bridge.org_id)
    assert [each["Status"] for each in tasks(bridge)] == ["Completed"]


def test_a_task_that_crm_refuses_is_not_asked_for_again(
    bridge: Bridge, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(bridge, post)
    failing(bridge)
    Stumbling(monkeypatch).error = Refused("zoho_refused")
    deliver(bridge.sync, bridge.org_id)
    assert [each.task_state for each in told(bridge)] == ["failed"]


def stops_at(bridge: Bridge, account: str, key: str) -> None:
    """The record is looked at again and stops at this."""
    with bridge.sync.database.begin() as session:
        link = session.scalars(select(Link).where(Link.zoho_id == account)).one()
        link.message_key, link.message_params = key, {"currency": "USD"}
        org = session.get_one(Organisation, bridge.org_id)
        notices.after(bridge.sync, session, org.settings, link, before=link.state, waits=False)


def meanwhile(monkeypatch: pytest.MonkeyPatch, kind: type, name: str, act: Any) -> None:
    """Let something happen while the first call of a method is under way."""
    real, todo = getattr(kind, name), [act]

    def called(*given: Any, **named: Any) -> Any:
        answer = real(*given, **named)
        while todo:
            todo.pop()()
        return answer

    monkeypatch.setattr(kind, name, called)


def test_a_second_cause_that_comes_while_a_mail_is_sent_is_mailed_too(
    bridge: Bridge, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(bridge, post)
    account = failing(bridge)
    second = partial(stops_at, bridge, account, "currency_not_enabled")
    meanwhile(monkeypatch, SmtpMailer, "send", second)
    for _ in range(3):
        deliver(bridge.sync, bridge.org_id)
        bridge.later(1200)
    first, last = (each.get_body(("plain",)).get_content() for each in post.mails)
    assert "did not answer" in first
    assert "not enabled in Xero" in last


def test_a_second_cause_that_comes_while_a_task_is_written_is_written_too(
    bridge: Bridge, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(bridge, post)
    account = failing(bridge)
    second = partial(stops_at, bridge, account, "currency_not_enabled")
    meanwhile(monkeypatch, ZohoClient, "write", second)
    for _ in range(2):
        deliver(bridge.sync, bridge.org_id)
        bridge.later(1200)
    (task,) = tasks(bridge)
    assert "not enabled in Xero" in task["Description"]


def test_a_list_longer_than_one_mail_is_one_mail_at_a_time_however_many_workers(
    any_bridge: Bridge, post: Post
) -> None:
    bridge = listening(any_bridge, post)
    bridge.settings(notify={"crm_task": False, "emails": ["books@harbour.example"]})
    with bridge.sync.database.begin() as session:
        session.add_all(
            Notice(
                org_id=bridge.org_id, tenant_id=bridge.tenant, subject=f"record:{n}",
                kind="record", message_key="xero_refused", message_params={},
                mail_state="wanted", created_at=bridge.sync.clock(),
            )
            for n in range(510)
        )  # fmt: skip
    slow = Slow(bridge)
    deliver(bridge.sync, bridge.org_id, mailer=slow)
    assert slow.mails == 1
    bridge.later(1000)
    deliver(bridge.sync, bridge.org_id, mailer=slow)
    assert slow.mails == 2


class Slow:
    """A mail server so slow that another worker comes by meanwhile."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge, self.mails = bridge, 0

    def send(self, _message: Any, _to: Any) -> None:
        """Take one mail."""
        self.mails += 1
        deliver(self.bridge.sync, self.bridge.org_id, mailer=self)


def test_our_own_wrong_credentials_are_told_though_a_spent_day_is_told_already(
    bridge: Bridge, post: Post
) -> None:
    listening(bridge, post)
    for error in 2 * (RateLimited("day", 3000), NotConfigured("xero_client_invalid")):
        pause(bridge.sync, bridge.org_id, error, seconds=60)
        deliver(bridge.sync, bridge.org_id)
    assert len(post.mails) == 2
    assert {each.message_key for each in told(bridge) if each.subject} == {
        "rate_day",
        "xero_client_invalid",
    }
    bridge.accept()
    bridge.later(100)
    bridge.sweep()
    assert [each.subject for each in told(bridge)] == [None, None]
