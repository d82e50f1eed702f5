"""A fresh database per test, on SQLite and on PostgreSQL, without migrating each time.

One database per engine is migrated once per test process; the others are copies of it.
"""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg

from dev_tools.postgres import PostgresServer, start_postgres

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "migrated"


class Databases:
    """Hands out database addresses and takes the databases back."""

    def __init__(self, folder: Path, migrate: Callable[[str], None]) -> None:
        self.folder = folder
        self.migrate = migrate
        self.numbers = itertools.count(1)
        self._server: PostgresServer | None = None
        self._migrated: set[str] = set()

    @property
    def server(self) -> PostgresServer:
        """The PostgreSQL server of this test process, started when first asked for."""
        if self._server is None:
            self._server = start_postgres()
        return self._server

    def empty(self, engine: str) -> str:
        """The address of a new database without any table."""
        name = f"test_{next(self.numbers)}"
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self._administer(f"CREATE DATABASE {name}")
        return self.server.url(name)

    def migrated(self, engine: str) -> str:
        """The address of a new database with every table and no row."""
        self._prepare_template(engine)
        name = f"test_{next(self.numbers)}"
        if engine == "sqlite":
            shutil.copyfile(self.folder / f"{TEMPLATE}.db", self.folder / f"{name}.db")
            return f"sqlite:///{self.folder / name}.db"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return self.server.url(name)

    def drop(self, url: str) -> None:
        """Remove one database, whoever is still connected to it."""
        name = url.rsplit("/", 1)[1]
        if url.startswith("sqlite"):
            for path in self.folder.glob(f"{name}*"):
                path.unlink()
            return
        self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server, if one was needed."""
        if self._server is not None:
            self._server.stop()

    def _prepare_template(self, engine: str) -> None:
        if engine in self._migrated:
            return
        if engine == "sqlite":
            self.migrate(f"sqlite:///{self.folder / TEMPLATE}.db")
            self._settle_sqlite()
        else:
            self._administer(f"CREATE DATABASE {TEMPLATE}")
            self.migrate(self.server.url(TEMPLATE))
        self._migrated.add(engine)

    def _settle_sqlite(self) -> None:
        """Fold the write-ahead log into the file, for a copy takes the file alone."""
        import sqlite3

        with sqlite3.connect(self.folder / f"{TEMPLATE}.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def _administer(self, statement: str) -> None:
        address = self.server.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]
