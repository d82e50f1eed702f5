"""How records stood is counted once a day and module, by one statement, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import event

from backend.store import days
from backend.store.engine import Database
from backend.store.live import DayCount
from backend.store.purge import purge_rest
from backend.store.tables import Link, Organisation

DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def organisation(database: Database, number: str, *rows: dict[str, Any]) -> str:
    """An organisation with these links."""
    with database.begin() as session:
        org = Organisation(zoho_org_id=number, name="Wines", tenant_id="t")
        session.add(org)
        session.flush()
        session.add_all(Link(**{"org_id": org.id, "tenant_id": "t", **row}) for row in rows)
        return org.id


def counted(database: Database, org_id: str, *, first: date = DAY) -> dict[Any, tuple[int, ...]]:
    """The counts by day and module: in sync, waiting, conflicts, needing attention."""
    with database.begin() as session:
        return {
            (row.day, row.module): tuple(getattr(row, name) for name in days.STATES)
            for row in days.since(session, org_id, tenant_id="t", first=first)
        }


def count(database: Database, org_id: str, day: date = DAY) -> None:
    """Count as of that day."""
    with database.begin() as session:
        days.count(session, org_id, tenant_id="t", day=day)


ROWS: tuple[dict[str, Any], ...] = (
    {"module": "invoices", "state": "in_sync"},
    {"module": "invoices", "state": "in_sync", "pending": 2},
    {"module": "invoices", "state": "not_linked", "pending": 1},
    {"module": "invoices", "state": "syncing"},
    {"module": "invoices", "state": "conflict", "pending": 1},
    {"module": "invoices", "state": "needs_attention"},
    {"module": "invoices", "state": "excluded"},
    {"module": "invoices", "state": "in_sync", "active": False},
    {"module": "invoices", "state": "in_sync", "tenant_id": "another"},
    {"module": "accounts", "state": "in_sync"},
)


def test_a_record_counts_where_the_dashboard_shows_it(database_url: str) -> None:
    database = Database(database_url)
    org_id = organisation(database, "1", *ROWS)
    organisation(database, "2", *ROWS)
    count(database, org_id)
    assert counted(database, org_id) == {
        (DAY, "invoices"): (1, 3, 1, 1),
        (DAY, "accounts"): (1, 0, 0, 0),
    }
    database.dispose()


def test_the_last_count_of_a_day_stands_and_takes_one_statement(database_url: str) -> None:
    database = Database(database_url)
    org_id = organisation(database, "1", *ROWS)
    count(database, org_id)
    with database.begin() as session:
        for link in session.query(Link).filter_by(org_id=org_id, module="accounts"):
            link.active = False
    told: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *each: told.append(each[2]))
    count(database, org_id)
    assert [each.split()[0] for each in told if not each.startswith("BEGIN")] == ["INSERT"]
    count(database, org_id, DAY + timedelta(days=1))
    assert counted(database, org_id)[DAY, "accounts"] == (0, 0, 0, 0)
    assert len(counted(database, org_id)) == 4
    assert len(counted(database, org_id, first=DAY + timedelta(days=1))) == 2
    database.dispose()


def test_counts_are_forgotten_with_the_log(database_url: str) -> None:
    database = Database(database_url)
    org_id = organisation(database, "1", {"module": "accounts"})
    for ago in (0, 89, 91):
        count(database, org_id, DAY - timedelta(days=ago))
    with database.begin() as session:
        before = NOON - timedelta(days=90)
        assert purge_rest(session, now=NOON, before=before)["day counts"] == 1
        assert session.query(DayCount).count() == 2
    database.dispose()
