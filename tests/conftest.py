"""Servers, databases and a simulated world for every test that asks for one."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import redis

from dev_tools.chromium import find_chromium
from dev_tools.redis_server import RedisServer, start_redis
from simulator.world import World
from tests.support.databases import ENGINES, Databases
from tests.support.fence import only_this_machine
from tests.support.migrating import migrate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

hypothesis.settings.register_profile(
    "dev", max_examples=40, deadline=None, stateful_step_count=20, print_blob=True
)
hypothesis.settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    stateful_step_count=30,
    derandomize=True,
    # A long shrink would end in the time limit and hide the counterexample; the dev profile shrinks.
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.target],
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Keep a developer's own settings out of the tests."""
    del config
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TOKEN_KEYS", "PUBLIC_URL"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever runs on PostgreSQL carries its mark."""
    for item in items:
        parameters = getattr(item, "callspec", None)
        if parameters and "postgresql" in parameters.params.values():
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(autouse=True, scope="session")
def network_fence() -> Iterator[None]:
    """Only this machine answers during tests."""
    with only_this_machine():
        yield


@pytest.fixture(scope="session")
def shared_dir() -> Path | None:
    """The folder of official contracts beside the project, or None where it is absent."""
    named = os.environ.get("SHARED_DIR")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "contracts").is_dir() else None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One real Redis per test process, keeping nothing on disk."""
    server = start_redis(tmp_path_factory.mktemp("redis"), durable=False)
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    with contextlib.closing(redis.Redis.from_url(redis_server.url)) as connection:
        connection.flushall()
    return redis_server.url


@pytest.fixture
def redis_connection(redis_url: str) -> Iterator["redis.Redis"]:
    """A client of an empty Redis."""
    with contextlib.closing(redis.Redis.from_url(redis_url)) as connection:
        yield connection


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The place where tests get their databases."""
    folder = tmp_path_factory.mktemp("databases")
    supply = Databases(folder, migrate)
    yield supply
    supply.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A new migrated database; the test runs once on SQLite and once on PostgreSQL."""
    url = databases.migrated(request.param)
    yield url
    databases.drop(url)


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A new database without tables, once on SQLite and once on PostgreSQL."""
    url = databases.empty(request.param)
    yield url
    databases.drop(url)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """A new migrated SQLite database, for tests in which the engine makes no difference."""
    url = databases.migrated("sqlite")
    yield url
    databases.drop(url)


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """A new migrated PostgreSQL database."""
    url = databases.migrated("postgresql")
    yield url
    databases.drop(url)


@pytest.fixture
def world() -> World:
    """A Xero and a Zoho CRM without records, in this process."""
    return World(seed="empty")


@pytest.fixture
def company() -> World:
    """A Xero and a Zoho CRM filled with the seeded company, in this process."""
    return World(seed="company")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that `./dev test` found or installed."""
    found = find_chromium()
    assert found, "no Chromium: run the tests with ./dev test, which installs or explains it"
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator["Browser"]:
    """One Chromium for all browser tests of this process: Playwright starts once in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=QUIET_BROWSER)
        yield started
        started.close()
