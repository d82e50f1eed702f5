"""What an audit compares and counts, without reading anything itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.codecs import CODECS, decode
from backend.core.errors import SyncError
from backend.core.plan import values_of
from backend.core.spec import Facts, ModuleSpec, Raw, Side
from backend.store.tables import Link
from backend.sync.face import MARK, REF, directory_keys, face_of
from backend.sync.tell import shown

KINDS = ("orphan", "gone", "differs", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing an audit found. ``why`` names the reason it is known for; None: a difference."""

    module: str
    kind: str
    side: str
    label: str
    zoho_id: str | None = None
    xero_id: str | None = None
    field: str | None = None
    agreed: str | None = None
    now: str | None = None
    why: str | None = None


@dataclass(kw_only=True)
class Tally:
    """The figures of one module: linked records by side, month and currency."""

    module: str
    accepted: bool
    linked: Counter[Side] = field(default_factory=Counter)
    alone: Counter[Side] = field(default_factory=Counter)
    gone: Counter[Side] = field(default_factory=Counter)
    counts: dict[Side, Counter[tuple[str, str]]] = field(
        default_factory=lambda: {side: Counter() for side in Side}
    )
    sums: dict[Side, dict[tuple[str, str], Decimal]] = field(
        default_factory=lambda: {side: {} for side in Side}
    )
    differences: int = 0

    def add(self, side: Side, month: str, currency: str, total: Decimal) -> None:
        """Count one linked record that is alive on both sides."""
        key = (month, currency)
        self.counts[side][key] += 1
        self.sums[side][key] = self.sums[side].get(key, Decimal(0)) + total

    def unequal(self) -> int:
        """In how many months and currencies the two sides disagree."""
        keys = set(self.counts[Side.ZOHO]) | set(self.counts[Side.XERO])
        return sum(self._cell(Side.ZOHO, key) != self._cell(Side.XERO, key) for key in keys)

    def _cell(self, side: Side, key: tuple[str, str]) -> tuple[int, Decimal]:
        return self.counts[side][key], self.sums[side].get(key, Decimal(0))

    def shown(self) -> dict[str, Any]:
        """As JSON: amounts as text."""
        sides = {str(side): self._side(side) for side in Side}
        return {
            "module": self.module,
            "accepted": self.accepted,
            **sides,
            "differences": self.differences,
        }

    def _side(self, side: Side) -> dict[str, Any]:
        sums = [
            {
                "month": month or None,
                "currency": currency or None,
                "count": self.counts[side][month, currency],
                "total": f"{self.sums[side][month, currency]:f}",
            }
            for month, currency in sorted(self.counts[side])
        ]
        return {
            "count": self.linked[side],
            "alone": self.alone[side],
            "gone": self.gone[side],
            "sums": sums,
        }


def explained(link: Link) -> str | None:
    """Why a record that differs is no news: it waits, is held, or is left out on purpose."""
    if link.pending > 0:
        return "pending"
    if link.state in ("conflict", "needs_attention"):
        return link.message_key or link.state
    return None if link.message_key in SETTLED else link.message_key


SETTLED = frozenset({"already_in_sync"})
"""What a link may say although nothing is open."""


def differing(
    spec: ModuleSpec, link: Link, side: Side, raw: Raw, facts: Facts
) -> Iterator[tuple[str, str, str]]:
    """Field, agreed value, value now, of what this side says differently than when both agreed.

    Fields that are never written, and document lines, which lists of CRM do not show, are left
    out: the total of a document vouches for its lines.
    """
    base = link.base_zoho if side is Side.ZOHO else link.base_xero
    if base is None:
        return
    try:
        now = values_of(spec, side, raw, facts)
    except SyncError as error:
        yield "", "", error.message.key
        return
    for row in spec.fields:
        if row.codec == "lines" or row.name not in now or row.name not in base:
            continue
        before = decode(base[row.name])
        if not CODECS[row.codec].same(before, now[row.name]):
            yield row.name, _text(before), _text(now[row.name])


def _text(value: Any) -> str:
    told = shown(value)
    return "" if told is None else str(told)


def money_and_month(
    spec: ModuleSpec, side: Side, raw: Raw, facts: Facts
) -> tuple[str, str, Decimal]:
    """Month, currency and total a record is summed under; empty and zero where it has none."""
    if not spec.money:
        return "", "", Decimal(0)
    face = face_of(spec, side, raw)
    usual = facts.zoho_currency if side is Side.ZOHO else facts.base_currency
    try:
        total = Decimal(face["total"] or 0)
    except InvalidOperation:
        total = Decimal(0)
    return _month(spec, side, raw, facts), face["currency"] or usual, total


def _month(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> str:
    try:
        day = values_of(spec, side, raw, facts).get("date")
    except SyncError:
        return ""
    return f"{day:%Y-%m}" if isinstance(day, date) else ""


def keys_to_compare(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> list[tuple[str, str]]:
    """The natural keys two records of one side should not share."""
    try:
        values = values_of(spec, side, raw, facts)
    except SyncError:
        return []
    strong = {row.name for row in spec.fields if row.keys == 1}
    keys = directory_keys(spec, side, raw, values)
    return [(kind, value) for kind, value in keys.items() if kind in strong - {MARK, REF}]
