"""What the two systems tell: followed once, by the right module; holes in the numbers are seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend.apis.xero.webhooks import Event, webhook_events
from backend.core.spec import Side
from backend.store import pulses
from backend.store.live import Hearing, WebhookNote
from backend.store.tables import Link
from backend.sync import gaps, heard, leaving
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


def number_by_number(bridge: Bridge, *numbers: int) -> Hearing:
    """Events with these numbers arrive and are settled; what is known of the numbering."""
    for number in numbers:
        heard.keep(bridge.sync, [note(GUID.format(number % 100), sequence=number)])
    bridge.later(90)
    heard.tick(bridge.sync)
    with bridge.sync.database.begin() as session:
        return session.get_one(Hearing, "xero")


def test_a_numbering_that_begins_again_further_down_is_followed_from_there(told: Bridge) -> None:
    number_by_number(told, 50_000)
    held = number_by_number(told, 1, 2, 3, 9)
    assert (held.sequence, held.gaps, held.gap_at is not None) == (9, 5, True)
    assert number_by_number(told, 10, 12).gaps == 6


def test_a_numbering_that_begins_again_is_a_loss_even_without_a_hole(told: Bridge) -> None:
    number_by_number(told, 50_000)
    held = number_by_number(told, 1)
    assert (held.sequence, held.gaps, held.gap_at is not None) == (1, 0, True)


def test_lower_numbers_that_are_only_late_change_nothing(told: Bridge) -> None:
    number_by_number(told, 500)
    held = number_by_number(told, 320, 321)
    assert (held.sequence, held.gap_at) == (500, None)
    told.later(3600)
    assert number_by_number(told, 501, 322).sequence == 501
    # A day later nobody repeats them any more: it is a numbering of its own.
    told.later(25 * 3600)
    assert number_by_number(told, 7).sequence == 7


def test_a_far_lower_number_between_others_that_go_on_is_late(told: Bridge) -> None:
    number_by_number(told, 50_000)
    held = number_by_number(told, 7, 50_001)
    assert (held.sequence, held.gap_at) == (50_001, None)


def test_an_event_that_names_nobody_counts_in_the_numbers(told: Bridge) -> None:
    events = [
        {"resourceId": GUID.format(1), "tenantId": LTD, "eventCategory": "CONTACT"},
        {"resourceId": GUID.format(2), "tenantId": None, "eventCategory": "SUBSCRIPTION"},
        None,
        {"resourceId": GUID.format(3), "tenantId": LTD, "eventCategory": "CONTACT"},
    ]
    body = json.dumps({"events": events, "firstEventSequence": 10}).encode()
    heard.keep(told.sync, heard.of_xero(webhook_events(body)))
    told.later(90)
    heard.tick(told.sync)
    with told.sync.database.begin() as session:
        held = session.get_one(Hearing, "xero")
        assert (held.sequence, held.gaps) == (13, 0)
    assert len(pending(told)) == 2
    unnumbered = json.dumps({"events": events}).encode()
    assert len(webhook_events(unnumbered)) == 2


# --- a note that cannot be followed ------------------------------------------------------------


def still_open(bridge: Bridge) -> list[int]:
    """What waits to be followed."""
    with bridge.sync.database.begin() as session:
        return list(session.scalars(select(WebhookNote.id).where(WebhookNote.open)))


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_an_event_dated_absurdly_is_followed_like_one_without_a_date(
    any_bridge: Bridge, year: int
) -> None:
    any_bridge.accept()
    heard.keep(any_bridge.sync, [note(GUID.format(1), event_at=datetime(year, 1, 1, tzinfo=UTC))])
    assert still_open(any_bridge) == []
    assert pending(any_bridge) == [("accounts", 1)]
    with any_bridge.sync.database.begin() as session:
        assert session.scalars(select(WebhookNote.event_at)).all() == [None]


def test_a_lag_is_never_longer_than_its_column(any_bridge: Bridge) -> None:
    with any_bridge.sync.database.begin() as session:
        session.add(
            WebhookNote(
                side="xero", tenant_id=LTD, module="CONTACT", record_id=GUID.format(1), open=True,
                event_at=datetime(1, 1, 1, tzinfo=UTC), received_at=any_bridge.sync.clock(),
            )
        )  # fmt: skip
    assert heard.follow(any_bridge.sync) == 1
    with any_bridge.sync.database.begin() as session:
        pulse = pulses.of(session, any_bridge.org_id, LTD)
        assert pulse is not None
        assert pulse.lag_seconds == heard.LONGEST_LAG


def test_one_note_that_cannot_be_followed_does_not_stop_the_others(
    told: Bridge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = heard.hint_xero

    def choking(*args: Any, **more: Any) -> None:
        if GUID.format(3) in more["changed"]:
            raise ValueError("no such thing")
        real(*args, **more)

    monkeypatch.setattr(heard, "hint_xero", choking)
    heard.keep(told.sync, [note(GUID.format(n)) for n in range(7)])
    assert still_open(told) == []
    assert len(pending(told)) == 6
    blamed = [row for row in caplog.records if row.message == "webhook_not_followed"]
    assert [(vars(row)["error"], row.levelname) for row in blamed] == [("ValueError", "ERROR")]


def test_no_note_is_blamed_for_a_database_that_is_away(
    told: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_more: Any) -> None:
        raise OperationalError("select", {}, Exception("away"))

    two = [note(GUID.format(1)), note(GUID.format(2))]
    with monkeypatch.context() as gone:
        gone.setattr(heard, "hint_xero", away)
        with pytest.raises(OperationalError):
            heard.keep(told.sync, two)
    assert len(still_open(told)) == 2
    heard.tick(told.sync)
    assert len(pending(told)) == 2


def test_a_tenant_is_kept_as_a_database_can_hold_it(any_bridge: Bridge) -> None:
    odd = Event(
        category="CONTACT\x00", type="UPDATE", resource_id=GUID.format(1),
        tenant_id="a\x00\ud800-b", at=None,
    )  # fmt: skip
    heard.keep(any_bridge.sync, heard.of_xero([odd]))
    with any_bridge.sync.database.begin() as session:
        rows = session.scalars(select(WebhookNote)).all()
        assert [(row.tenant_id, row.module, row.open) for row in rows] == [
            ("a-b", "CONTACT", False)
        ]


@pytest.mark.parametrize("through_redis", [True, False])
def test_of_an_organisation_that_has_left_nothing_is_kept(
    told: Bridge,
    redis_connection: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    through_redis: bool,
) -> None:
    monkeypatch.setattr(told.sync, "redis", redis_connection if through_redis else None)
    of_crm = heard.Notice(side=Side.ZOHO, module="Accounts", record_id="1", org_id=told.org_id)
    if through_redis:
        heard.keep(told.sync, [of_crm])
    leaving.leave(told.sync, told.org_id, by="Ana")
    heard.keep(told.sync, [of_crm])
    heard.follow(told.sync)
    with told.sync.database.begin() as session:
        assert session.scalars(select(WebhookNote).where(WebhookNote.side == "zoho")).all() == []
