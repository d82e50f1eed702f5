"""A thousand creates while workers, web and Redis are killed, with and without lost answers."""

from __future__ import annotations

import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from bench import Figure

RECORDS = 334
"""Of each of three kinds: 1,002 creates."""
KILLS = 8


def measure() -> list[Figure]:
    """On both databases, two workers each."""
    figures: list[Figure] = []
    databases = import_module("tests.support.databases")
    migrate = import_module("tests.support.migrating").migrate
    with tempfile.TemporaryDirectory(prefix="bridge-chaos-") as name:
        folder = Path(name)
        supply = databases.Databases(folder / "databases", migrate)
        try:
            for engine in databases.ENGINES:
                for lost in (False, True):
                    figures += _one(supply, folder, engine, lost=lost)
        finally:
            supply.close()
    return figures


def _one(supply: Any, folder: Path, engine: str, *, lost: bool) -> list[Figure]:
    url, began = supply.migrated(engine), time.monotonic()
    place = folder / f"{engine}-{lost}"
    weather = import_module("tests.chaos.storm").weather
    wrong, writes = weather(url, place, records=RECORDS, kills=KILLS, lost=lost, seed=20261125)
    supply.drop(url)
    for line in wrong:
        print(line)
    what = f"{engine}, {KILLS} kills{', every tenth answer lost' if lost else ''}"
    return [
        Figure(
            what=f"{what}: kinds of {3 * RECORDS} creates not there exactly once",
            value=len(wrong), unit="kinds", limit=0,
        ),
        Figure(what=f"{what}: writes of a rerun", value=writes, unit="writes", limit=0),
        Figure(what=f"{what}: until settled", value=time.monotonic() - began, unit="s"),
    ]  # fmt: skip
