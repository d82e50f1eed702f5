"""What happens by the clock, and that nothing ends it."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from backend.sync import schedule
from backend.sync.app import Sync
from backend.sync.schedule import Timed
from tests.sync.bridge import Bridge


def breaks(_sync: Sync) -> None:
    """Work nobody foresaw the trouble of."""
    raise ZeroDivisionError


def test_a_line_that_breaks_ends_neither_the_others_nor_the_clock(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    lines = (
        Timed(name="broken", every=timedelta(), act=breaks),
        Timed(name="after", every=timedelta(), act=lambda _sync: done.append("after")),
    )
    monkeypatch.setattr(schedule, "TIMETABLE", lines)
    with caplog.at_level(logging.ERROR):
        assert schedule.tick(bridge.sync) == ["broken", "after"]
    assert done == ["after"]
    assert [(r.message, r.__dict__["job"]) for r in caplog.records] == [
        ("timed_work_broke", "broken")
    ]
