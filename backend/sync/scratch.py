"""What an audit has to remember of all records of both sides: a temporary file, not memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields

from backend.sync.auditing import Finding

_COLUMNS = tuple(each.name for each in fields(Finding))
"""Ten, as ``add`` counts them."""


class Scratch:
    """A database of one audit, deleted by the system when it is closed."""

    def __init__(self) -> None:
        # An empty name is SQLite's word for a temporary file (sqlite.org/inmemorydb.html).
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            f"""
            CREATE TABLE seen (module, side, id, PRIMARY KEY (module, side, id)) WITHOUT ROWID;
            CREATE TABLE held (module, side, kind, value, id, label);
            CREATE INDEX held_value ON held (module, side, kind, value);
            CREATE TABLE found ({", ".join(f'"{name}"' for name in _COLUMNS)});
            """
        )
        self._db.execute("BEGIN")

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_details: object) -> None:
        self._db.close()

    # --- records -------------------------------------------------------------------------------

    def seen(self, module: str, side: str, ids: Iterable[str]) -> None:
        """These records are in the list of one side."""
        rows = ((module, side, each) for each in ids)
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", rows)

    def unseen(self, module: str, side: str, ids: Iterable[str]) -> list[str]:
        """Which of these records are in no page."""
        found = []
        for each in ids:
            wanted = (module, side, each)
            query = "SELECT 1 FROM seen WHERE module = ? AND side = ? AND id = ?"
            if self._db.execute(query, wanted).fetchone() is None:
                found.append(each)
        return found

    def key(self, module: str, side: str, kind: str, value: str, id: str, label: str) -> None:
        """A natural key of a linked record."""
        row = (module, side, kind, value, id, label)
        self._db.execute("INSERT INTO held VALUES (?, ?, ?, ?, ?, ?)", row)

    def shared_keys(self, module: str, side: str) -> Iterator[tuple[str, list[str], str]]:
        """Kind, record ids and a label of every natural key several records have."""
        rows = self._db.execute(
            "SELECT kind, group_concat(id), min(label) FROM held WHERE module = ? AND side = ? "
            "GROUP BY kind, value HAVING count(DISTINCT id) > 1",
            (module, side),
        )
        for kind, ids, label in rows.fetchall():
            yield kind, sorted(set(ids.split(","))), label

    # --- findings ------------------------------------------------------------------------------

    def add(self, finding: Finding) -> None:
        """Keep one finding."""
        self._db.execute(
            "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(finding)
        )

    def count(self, module: str | None = None, *, open_only: bool = False) -> int:
        """How many findings there are; ``open_only``: those nothing explains."""
        query = "SELECT count(*) FROM found WHERE (? IS NULL OR module = ?)"
        query += " AND why IS NULL" if open_only else ""
        return int(self._db.execute(query, (module, module)).fetchone()[0])

    def findings(self, *, limit: int = -1) -> Iterator[Finding]:
        """Every finding, those nothing explains first."""
        rows = self._db.execute(
            "SELECT * FROM found ORDER BY why IS NOT NULL, rowid LIMIT ?", (limit,)
        )
        for row in rows:
            yield Finding(**dict(zip(_COLUMNS, row, strict=True)))

    def to_heal(self, size: int) -> Iterator[tuple[str, str, list[str]]]:
        """Module, side and record ids of what nothing explains, each record once."""
        groups = self._db.execute(
            "SELECT DISTINCT module, side FROM found WHERE why IS NULL"
        ).fetchall()
        for module, side in groups:
            rows = self._db.execute(
                "SELECT DISTINCT CASE side WHEN 'zoho' THEN zoho_id ELSE xero_id END FROM found "
                "WHERE why IS NULL AND module = ? AND side = ?",
                (module, side),
            ).fetchall()
            ids = [row[0] for row in rows if row[0] is not None]
            for start in range(0, len(ids), size):
                yield module, side, ids[start : start + size]
