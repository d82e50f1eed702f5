"""Random days of two people, on SQLite and shortly on PostgreSQL."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.two_people import TwoPeople
from tests.support.databases import Databases

MOST_EXAMPLES = 10
"""One example is a whole day of some thirty acts over two simulated systems."""


pytestmark = pytest.mark.timeout(400)


def _days(databases: Databases, engine: str, *, share: int) -> None:
    def day() -> TwoPeople:
        TwoPeople.database_url = databases.migrated(engine)
        return TwoPeople()

    profile = hypothesis.settings()
    run_state_machine_as_test(
        day,
        settings=hypothesis.settings(
            profile,
            max_examples=max(2, min(MOST_EXAMPLES, profile.max_examples // 4) // share),
            suppress_health_check=list(hypothesis.HealthCheck),
            deadline=None,
        ),
    )


def test_any_day_of_two_people_settles_with_both_sides_equal(databases: Databases) -> None:
    _days(databases, "sqlite", share=1)


def test_a_few_days_settle_on_postgresql_too(databases: Databases) -> None:
    _days(databases, "postgresql", share=8)
