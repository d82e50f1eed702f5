"""Log rows are counted once each, for good, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event

from backend.store import outcomes
from backend.store.engine import Database
from backend.store.tables import LogRow, Organisation

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
OLD = NOON - timedelta(hours=1)


def write(database: Database, *statuses: str, at: datetime = OLD) -> None:
    """Log rows of invoices with these statuses."""
    with database.begin() as session:
        org = session.query(Organisation).one_or_none()
        if org is None:
            org = Organisation(zoho_org_id="1", name="Wines")
            session.add(org)
            session.flush()
        session.add_all(
            LogRow(org_id=org.id, tenant_id="t", module="invoices", status=status, at=at)
            for status in statuses
        )


def count(database: Database, now: datetime = NOON) -> dict[str, float]:
    """Count what is new; all counts afterwards."""
    with database.begin() as session:
        outcomes.count_new(session, now=now)
    with database.begin() as session:
        return {status: total for (_, status), total in outcomes.totals(session)}


def test_each_row_counts_once_and_stays_counted_when_it_is_forgotten(database_url: str) -> None:
    database = Database(database_url)
    write(database, "success", "success", "failed")
    assert count(database) == {"success": 2, "failed": 1}
    assert count(database) == {"success": 2, "failed": 1}
    with database.begin() as session:
        session.execute(delete(LogRow))
    assert count(database) == {"success": 2, "failed": 1}
    write(database, "success")
    assert count(database) == {"success": 3, "failed": 1}
    database.dispose()


def test_a_row_whose_neighbours_may_still_be_on_their_way_waits(database_url: str) -> None:
    database = Database(database_url)
    write(database, "success", at=NOON)
    assert count(database) == {}
    assert count(database, NOON + timedelta(minutes=3)) == {"success": 1}
    database.dispose()


def test_a_long_log_is_counted_a_piece_at_a_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "AT_ONCE", 2)
    database = Database(database_url)
    write(database, "success", "failed", "success", "held", "held")
    assert count(database) == {"success": 1, "failed": 1}
    assert sum(count(database).values()) == 4
    assert count(database) == {"success": 2, "failed": 1, "held": 2}
    database.dispose()


def test_reading_the_counts_does_not_read_the_log(database_url: str) -> None:
    database = Database(database_url)
    write(database, "success")
    count(database)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.begin() as session:
        assert outcomes.totals(session)
    assert not [one for one in asked if "log_row" in one]
    database.dispose()
