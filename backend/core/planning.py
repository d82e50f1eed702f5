"""The values a plan is made of and says: a pair, its steps, what it needs, how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.core.codecs import read_all
from backend.core.errors import Message
from backend.core.merge import FieldConflict
from backend.core.spec import (
    Facts,
    Field,
    ModuleSpec,
    Raw,
    Side,
    Value,
    Values,
)


class Verdict(StrEnum):
    """How a plan ends: something to do (or nothing), left alone, held for a person, wrong."""

    GO = "go"
    SKIP = "skipped"
    HOLD = "held"
    FAIL = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One record and its partner as both sides just said, and what they last agreed on.

    ``zoho`` or ``xero`` None: not there. ``*_deleted``: it was, and is gone. ``click`` means a
    person decided; ``direction`` is both, to_xero or to_zoho. ``answer`` is what a person said to a
    half that is gone: restore, recreate or delete. ``suffix`` tells a taken name apart.
    """

    zoho: Raw | None = None
    xero: Raw | None = None
    zoho_deleted: bool = False
    xero_deleted: bool = False
    base_zoho: Values | None = None
    base_xero: Values | None = None
    direction: str = "both"
    click: bool = False
    choices: Mapping[str, Side] = field(default_factory=dict)
    newer: Side | None = None
    unarchive: bool = False
    answer: str = ""
    suffix: str = ""

    def raw(self, side: Side) -> Raw | None:
        """The record on ``side``."""
        return self.zoho if side is Side.ZOHO else self.xero


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field of a step, for the log and the preview."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One write: ``operation`` is create, update, archive, delete, void or restore."""

    side: Side
    operation: str
    values: Values
    body: Mapping[str, Any]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A record of another module that must cross first."""

    module: str
    side: Side
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything decided about one pair.

    ``kept`` names fields whose bases must not move: their difference is still open.
    """

    verdict: Verdict = Verdict.GO
    steps: tuple[Step, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    message: Message | None = None
    needs: tuple[Need, ...] = ()
    kept: frozenset[str] = frozenset()
    zoho: Values = field(default_factory=dict)
    xero: Values = field(default_factory=dict)
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """The first step's operation, ``none`` without one."""
        return self.steps[0].operation if self.steps else "none"

    def step(self, side: Side) -> Step | None:
        """The write planned for ``side``."""
        return next((each for each in self.steps if each.side is side), None)


class Stop(Exception):
    """Ends planning with a verdict."""

    def __init__(self, verdict: Verdict, key: str, params: Mapping[str, str] | None = None) -> None:
        super().__init__(key)
        self.plan = Plan(verdict=verdict, message=Message(key, dict(params or {})))


def values_of(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> dict[str, Value]:
    """``raw`` in common terms, without the fields it cannot speak about in its state."""
    values = dict(read_all(spec, side, raw, facts))
    for name in spec.silent(side, raw):
        values.pop(name, None)
    if spec.money and values.get("lines", ()) is None:
        del values["lines"]
    return values


def changes_of(spec: ModuleSpec, after: Values, before: Values) -> Iterator[Change]:
    """What a write does to each field, in the spec's order."""
    for row in spec.fields:
        if row.name in after:
            yield Change(field=row.name, before=before.get(row.name), after=after[row.name])


def suffixed(row: Field, name: Value, suffix: str) -> str:
    """``name`` with what tells it apart, once, and no longer than Xero takes."""
    text = str(name or "")
    if text.endswith(suffix):
        return text
    longest = (row.xero_length or len(text) + len(suffix)) - len(suffix)
    return text[:longest].rstrip() + suffix
