"""Where the records of one module lie, found by id and by the value of any indexed field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.zoho.organisation import User


@dataclass(kw_only=True)
class Row:
    """One record. `values` holds what was written, `lines` the subform rows, times are UTC."""

    id: str
    values: dict[str, Any]
    created_by: User
    modified_by: User
    created: datetime
    modified: datetime
    lines: list[dict[str, Any]] = field(default_factory=list)
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What is left of a deleted record; `row` is None once it is gone for good."""

    id: str
    name: str | None
    by: User | None
    at: datetime
    row: Row | None


def normal(value: Any, *, sensitive: bool) -> str:
    """The form in which a unique value is compared."""
    text = str(value).strip()
    return text if sensitive else text.casefold()


class Table:
    """The records of one module in the order of their ids, and its recycle bin."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.bin: dict[str, Trace] = {}
        self._indexes: dict[tuple[str, bool], dict[str, set[str]]] = {}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, row: Row) -> None:
        """Store a new record."""
        self.rows[row.id] = row
        self._index(row, add=True)

    def change(self, row: Row, values: dict[str, Any]) -> None:
        """Overwrite some values of a stored record."""
        self._index(row, add=False)
        row.values.update(values)
        self._index(row, add=True)

    def remove(self, row: Row, trace: Trace) -> None:
        """Move a record to the recycle bin."""
        self._index(row, add=False)
        del self.rows[row.id]
        self.bin[row.id] = trace

    def find(self, name: str, value: Any, *, sensitive: bool = False) -> list[str]:
        """The ids of the records whose field has this value, oldest first."""
        index = self._indexes.get((name, sensitive))
        if index is None:
            index = self._indexes[(name, sensitive)] = {}
            for row in self.rows.values():
                self._enter(index, row, name, sensitive=sensitive)
        return sorted(index.get(normal(value, sensitive=sensitive), ()))

    def _enter(self, index: dict[str, set[str]], row: Row, name: str, *, sensitive: bool) -> None:
        value = row.values.get(name)
        if value is not None:
            index.setdefault(normal(value, sensitive=sensitive), set()).add(row.id)

    def _index(self, row: Row, *, add: bool) -> None:
        for (name, sensitive), index in self._indexes.items():
            if add:
                self._enter(index, row, name, sensitive=sensitive)
            elif row.values.get(name) is not None:
                index.get(normal(row.values[name], sensitive=sensitive), set()).discard(row.id)
