"""What an administrator allows for one module, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.paths import get
from backend.core.spec import Raw, Side

_ALL: Mapping[Side, bool] = {Side.ZOHO: True, Side.XERO: True}


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One row of a record filter on a CRM field."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """A module's switches; each mapping is keyed by the side that would be written."""

    enabled: bool = True
    allow: Mapping[Side, bool] = field(default_factory=lambda: _ALL)
    create: Mapping[Side, bool] = field(default_factory=lambda: _ALL)
    update: Mapping[Side, bool] = field(default_factory=lambda: _ALL)
    delete: Mapping[Side, bool] = field(default_factory=dict)
    payments: bool = True
    """Whether what Xero says is paid reaches CRM."""
    pays: bool = False
    """Whether a document marked paid in CRM makes a payment in Xero."""
    rule: str = "ask"
    start_date: date | None = None
    conditions: Sequence[Condition] = ()

    def may_create(self, side: Side) -> bool:
        """Whether new records may appear on ``side``."""
        return self.allow.get(side, False) and self.create.get(side, False)

    def may_update(self, side: Side) -> bool:
        """Whether records on ``side`` may change."""
        return self.allow.get(side, False) and self.update.get(side, False)

    def may_delete(self, side: Side) -> bool:
        """Whether records on ``side`` may be withdrawn."""
        return self.allow.get(side, False) and self.delete.get(side, False)


def excluded_by(conditions: Sequence[Condition], raw: Raw) -> str | None:
    """The first CRM field whose condition ``raw`` does not meet, None when it meets all."""
    for each in conditions:
        if not _holds(each, get(raw, each.field)):
            return each.field
    return None


def _plain(value: Any) -> Any:
    return value.get("id", value.get("name")) if isinstance(value, Mapping) else value


def _holds(condition: Condition, held: Any) -> bool:
    held, wanted = _plain(held), condition.value
    empty = held is None or held == ""
    if condition.op in {"empty", "not_empty"}:
        return empty is (condition.op == "empty")
    if condition.op in {"in", "not_in"}:
        return (_text(held) in {_text(each) for each in wanted}) is (condition.op == "in")
    if condition.op in {"eq", "ne"}:
        return (_text(held) == _text(wanted)) is (condition.op == "eq")
    return not empty and _compares(condition.op, held, wanted)


def _text(value: Any) -> str:
    return str(value).casefold() if isinstance(value, bool) else str("" if value is None else value)


def _compares(op: str, held: Any, wanted: Any) -> bool:
    left: Any
    right: Any
    try:
        left, right = Decimal(str(held)), Decimal(str(wanted))
    except InvalidOperation:
        left, right = str(held), str(wanted)
    order = (left > right) - (left < right)
    return order in {"gt": {1}, "ge": {0, 1}, "lt": {-1}, "le": {-1, 0}}.get(op, set())
