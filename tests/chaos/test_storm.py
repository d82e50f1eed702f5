"""Workers, web and Redis killed at random while answers get lost: one record per record.

`./dev bench chaos` does the same with a thousand creates, on both databases, with and without
lost answers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.storm import weather

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(500)]
RECORDS = 45
"""Of each of three kinds."""


def test_killing_anything_at_any_time_leaves_one_record_per_record(
    sqlite_url: str, tmp_path: Path
) -> None:
    assert weather(
        sqlite_url, tmp_path / "town", records=RECORDS, kills=4, lost=False, seed=20261125
    ) == ([], 0)  # fmt: skip


def test_with_every_tenth_answer_lost_as_well(postgres_url: str, tmp_path: Path) -> None:
    assert weather(
        postgres_url, tmp_path / "town", records=RECORDS, kills=4, lost=True, seed=20261126
    ) == ([], 0)  # fmt: skip
