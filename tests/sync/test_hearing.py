"""What the two systems tell: followed once, by the right module; holes in the numbers are seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
from sqlalchemy import select

from backend.core.spec import Side
from backend.store import pulses
from backend.store.live import Hearing, WebhookNote
from backend.store.tables import Link
from backend.sync import gaps, heard
from tests.sync.bridge import LTD, Bridge
from tests.sync.cases.told import in_sync
from tests.sync.ears import deliver, listening

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OLD = NOW - timedelta(minutes=5)


@pytest.fixture
def told(bridge: Bridge) -> Bridge:
    """The product with open ears and an accepted first sync."""
    listening(bridge)
    bridge.accept()
    bridge.drain()
    deliver(bridge)
    return bridge


def pending(bridge: Bridge) -> list[tuple[str, int]]:
    """What is noted."""
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(Link).where(Link.pending > 0)).all()
        return [(row.module, row.pending) for row in rows]


# --- a change is told and crosses --------------------------------------------------------------


def test_a_change_in_xero_crosses_when_its_webhook_arrives(told: Bridge) -> None:
    link = in_sync(told.click("accounts", told.customer()))
    deliver(told)
    told.later(60)
    told.world.xero.edit(LTD, "Contacts", str(link.xero_id), {"Name": "Kestrel Foods Ltd"})
    assert [receipt.status for receipt in deliver(told)] == [200]
    told.drain()
    assert told.crm("Accounts", str(link.zoho_id))["Account_Name"] == "Kestrel Foods Ltd"


def test_a_change_in_crm_crosses_when_its_notification_arrives(told: Bridge) -> None:
    link = in_sync(told.click("accounts", told.customer()))
    deliver(told)
    told.later(60)
    told.world.zoho.edit("Accounts", str(link.zoho_id), {"Account_Name": "Kestrel Ltd"})
    assert [receipt.status for receipt in deliver(told)] == [200]
    told.drain()
    assert told.xero("Contacts", link.xero_id)["Name"] == "Kestrel Ltd"


def test_our_own_writes_come_back_without_a_write_or_a_log_row(told: Bridge) -> None:
    in_sync(told.click("accounts", told.customer()))
    rows, writes = len(told.log()), told.writes()
    assert deliver(told)
    told.drain()
    deliver(told)
    told.drain()
    assert (len(told.log()), told.writes()) == (rows, writes)


def test_fifty_events_of_one_record_are_one_job(told: Bridge) -> None:
    contact = told.world.xero.create(LTD, "Contacts", {"Name": "Kestrel"})
    for n in range(50):
        told.world.xero.edit(LTD, "Contacts", contact, {"Name": f"Kestrel {n}"})
    deliver(told)
    assert len(pending(told)) == 1
    assert told.drain().records == 1


# --- following ---------------------------------------------------------------------------------


def note(record: str, **more: object) -> heard.Notice:
    """One notice of a contact."""
    values: dict[str, object] = {
        "side": Side.XERO, "module": "CONTACT", "record_id": record, "tenant_id": LTD, **more,
    }  # fmt: skip
    return heard.Notice(**values)  # type: ignore[arg-type]


GUID = "5f0d2b9e-4a52-4c53-8d1d-6e0e2c7c1f{:02d}"


def test_what_nobody_followed_is_followed_at_the_next_tick(
    told: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lost:
        lost.setattr(heard, "wake", lambda _sync: None)
        heard.keep(told.sync, [note(GUID.format(1))])
    assert pending(told) == []
    heard.tick(told.sync)
    assert pending(told) == [("accounts", 1)]
    assert heard.follow(told.sync) == 0


def test_through_redis_nothing_is_lost_on_the_way(
    told: Bridge, redis_connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told.sync, "redis", redis_connection)
    for n in range(3):
        heard.keep(told.sync, [note(GUID.format(n), sequence=n + 1, event_at=NOW)])
    assert pending(told) == []
    assert redis_connection.llen("rq:queue:click") == 1
    assert heard.follow(told.sync) == 3
    assert len(pending(told)) == 3
    with told.sync.database.begin() as session:
        rows = session.scalars(select(WebhookNote).where(WebhookNote.sequence > 0)).all()
        assert [(row.sequence, row.event_at) for row in rows] == [(n, NOW) for n in (1, 2, 3)]


def test_a_redis_that_is_away_leaves_it_to_the_database(
    told: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2, retry=None)
    monkeypatch.setattr(told.sync, "redis", away)
    heard.keep(told.sync, [note(GUID.format(1))])
    assert heard.follow(told.sync) == 1
    assert pending(told) == [("accounts", 1)]
    away.close()


def test_a_redis_nobody_empties_keeps_the_newest(
    told: Bridge, redis_connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told.sync, "redis", redis_connection)
    monkeypatch.setattr(heard, "MOST_WAITING", 2)
    for n in range(5):
        heard.keep(told.sync, [note(GUID.format(n))])
    assert redis_connection.llen(heard.EARS) == 2


def test_events_of_two_organisations_in_one_request_go_each_its_way(told: Bridge) -> None:
    heard.keep(told.sync, [note(GUID.format(1)), note(GUID.format(2), tenant_id="a-stranger")])
    assert pending(told) == [("accounts", 1)]
    with told.sync.database.begin() as session:
        kept = {row.record_id: row.org_id for row in session.query(WebhookNote) if row.tenant_id}
        assert kept[GUID.format(1)] == told.org_id
        assert kept[GUID.format(2)] is None
        pulse = pulses.of(session, told.org_id, LTD)
        assert pulse is not None
        assert pulse.heard_at is not None


@pytest.mark.parametrize("category", ["SUBSCRIPTION", "PREPAYMENT", "OVERPAYMENT", "NEWTHING"])
def test_a_category_without_a_module_is_kept_and_starts_nothing(
    told: Bridge, category: str
) -> None:
    heard.keep(told.sync, [note(GUID.format(1), module=category)])
    assert pending(told) == []
    with told.sync.database.begin() as session:
        rows = session.scalars(select(WebhookNote).where(WebhookNote.module == category)).all()
        assert [row.open for row in rows] == [False]


# --- holes in the numbers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "numbers", "expected"),
    [
        (None, [5, 6, 7], (7, 0)),
        (4, [5, 6, 7], (7, 0)),
        (4, [7, 5, 6, 6], (7, 0)),
        (4, [5, 8], (8, 2)),
        (4, [3, 4, 5], (5, 0)),
        (4, [], (4, 0)),
    ],
)
def test_numbers_are_settled_in_order(
    after: int | None, numbers: list[int], expected: tuple[int, int]
) -> None:
    heard_at = [(number, OLD) for number in numbers]
    assert gaps.settled(after, heard_at, given_up=NOW - timedelta(minutes=1)) == expected


def test_a_hole_may_still_be_filled_for_a_minute() -> None:
    fresh = [(5, OLD), (8, NOW)]
    assert gaps.settled(4, fresh, given_up=NOW - timedelta(minutes=1)) == (5, 0)


def test_a_lost_event_is_noticed_by_the_number_that_never_came(told: Bridge) -> None:
    heard.keep(told.sync, [note(GUID.format(1), sequence=41)])
    heard.keep(told.sync, [note(GUID.format(2), sequence=44)])
    told.later(90)
    heard.tick(told.sync)
    with told.sync.database.begin() as session:
        held = session.get_one(Hearing, "xero")
        assert (held.sequence, held.gaps, held.gap_at is not None) == (44, 2, True)


def test_a_numbering_that_begins_anew_is_no_loss(told: Bridge) -> None:
    heard.keep(told.sync, [note(GUID.format(1), sequence=1)])
    told.later(90)
    heard.keep(told.sync, [note(GUID.format(1), sequence=900_000)])
    told.later(90)
    heard.tick(told.sync)
    with told.sync.database.begin() as session:
        held = session.get_one(Hearing, "xero")
        assert (held.sequence, held.gaps) == (900_000, 0)
