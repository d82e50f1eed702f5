"""The connected product, once per database engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.world import World
from tests.sync.bridge import Bridge, connected


@pytest.fixture
def bridge(world: World, sqlite_url: str) -> Iterator[Bridge]:
    """The product connected to an empty world, on SQLite."""
    made = connected(world, sqlite_url)
    yield made
    made.sync.database.dispose()


@pytest.fixture
def any_bridge(world: World, database_url: str) -> Iterator[Bridge]:
    """The product connected to an empty world, on each database engine."""
    made = connected(world, database_url)
    yield made
    made.sync.database.dispose()
