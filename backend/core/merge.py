"""Three-way merge, field by field, with one remembered base per side.

One shared base destroys data as soon as a side trims or rounds what it is given, therefore each
side is only ever compared with what that same side answered when both last agreed. The caller
moves a field's bases after a merge except for fields reported in ``conflicts`` or ``suppressed``:
those keep their old bases, so that the edit is seen again when it may travel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.core.codec import is_empty
from backend.core.codecs import CODECS
from backend.core.spec import Field, Flow, On, Owner, Side, Value, Values

RULES = ("ask", "zoho", "xero", "newest")
_MISSING: Any = object()
_OWNER_SIDE = {Owner.ZOHO: Side.ZOHO, Owner.XERO: Side.XERO}
_FED_BY = {Flow.TO_XERO: Side.ZOHO, Flow.TO_ZOHO: Side.XERO}
_SAME = {name: codec.same for name, codec in CODECS.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldConflict:
    """A difference only a person may settle. ``locked`` means Xero no longer takes the change:
    only Xero's value can be chosen."""

    field: str
    base: Value
    zoho: Value
    xero: Value
    locked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """What has to be written on each side, what a person must decide, and what may not travel.

    Reasons in ``suppressed``: ``one_way`` (the row's flow), ``direction_off`` (a switch),
    ``create_only`` and ``not_empty`` (the row's ``on``).
    """

    to_zoho: Values = field(default_factory=dict)
    to_xero: Values = field(default_factory=dict)
    conflicts: tuple[FieldConflict, ...] = ()
    suppressed: tuple[tuple[str, str], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write, to ask or to explain."""
        return not (self.to_zoho or self.to_xero or self.conflicts or self.suppressed)

    def to(self, side: Side) -> Values:
        """What has to be written on ``side``."""
        return self.to_zoho if side is Side.ZOHO else self.to_xero


def merge(
    rows: Sequence[Field],
    base_zoho: Values | None,
    base_xero: Values | None,
    now_zoho: Values | None,
    now_xero: Values | None,
    *,
    rule: str = "ask",
    owns: Mapping[str, Owner] | None = None,
    locked: frozenset[str] = frozenset(),
    newer: Side | None = None,
    choice: Side | None = None,
    choices: Mapping[str, Side] | None = None,
    reach: Mapping[Side, bool] | None = None,
) -> Merge:
    """Decide every row of a pair; pure, symmetric but for ``locked``, which is Xero's alone.

    ``now_*`` None: the record does not exist on that side yet and is created whole. ``base_*``
    None, or without a row: first agreement. ``owns`` overrides each row's own owner. ``choice``
    (the whole record) and ``choices`` (per field) are a person's decision. ``reach`` says to which
    side anything may be written at all; a side that is absent may be written to.
    """
    ledger = _Ledger(
        base=(base_zoho or {}, base_xero or {}),
        rule=rule,
        owns=owns or {},
        locked=locked,
        newer=newer,
        choice=choice,
        choices=choices or {},
        reach=reach or {},
    )
    if now_zoho is None or now_xero is None:
        _create(ledger, rows, now_zoho, now_xero)
    else:
        _compare(ledger, rows, now_zoho, now_xero)
    return ledger.result()


class _Ledger:
    """What has been decided so far, and by which rules."""

    __slots__ = (
        "base", "choice", "choices", "conflicts", "locked", "newer", "out", "owns", "reach",
        "rule", "suppressed",
    )  # fmt: skip

    def __init__(
        self,
        *,
        base: tuple[Values, Values],
        rule: str,
        owns: Mapping[str, Owner],
        locked: frozenset[str],
        newer: Side | None,
        choice: Side | None,
        choices: Mapping[str, Side],
        reach: Mapping[Side, bool],
    ) -> None:
        self.base = base
        self.rule = rule
        self.owns = owns
        self.locked = locked
        self.newer = newer
        self.choice = choice
        self.choices = choices
        self.reach = reach
        self.out: dict[Side, dict[str, Value]] = {Side.ZOHO: {}, Side.XERO: {}}
        self.conflicts: list[FieldConflict] = []
        self.suppressed: list[tuple[str, str]] = []

    def result(self) -> Merge:
        return Merge(
            to_zoho=self.out[Side.ZOHO],
            to_xero=self.out[Side.XERO],
            conflicts=tuple(self.conflicts),
            suppressed=tuple(self.suppressed),
        )

    def owner(self, row: Field) -> Side | None:
        return _OWNER_SIDE.get(self.owns.get(row.name, row.owner))

    def chosen(self, row: Field) -> Side | None:
        return self.choices.get(row.name, self.choice)

    def refuses(self, name: str) -> bool:
        return name in self.locked or "*" in self.locked

    def conflict(self, row: Field, zoho: Value, xero: Value, *, locked: bool = False) -> None:
        base = self.base[0].get(row.name, self.base[1].get(row.name))
        self.conflicts.append(
            FieldConflict(field=row.name, base=base, zoho=zoho, xero=xero, locked=locked)
        )

    def winner(self, row: Field) -> Side | None:
        """Whose value wins a two-sided difference: owner, the only side the row comes from, a
        person's choice, the module's rule; None when a person must be asked."""
        side = self.owner(row) or _FED_BY.get(row.flow) or self.chosen(row)
        if side is not None:
            return side
        if self.rule == "newest":
            return self.newer
        return None if self.rule == "ask" else Side(self.rule)

    def barred(self, row: Field, to: Side, there: Value) -> str | None:
        """Why the row may not be written on ``to``, where the field now holds ``there``."""
        if not row.flow.reaches(to):
            return "one_way"
        if not self.reach.get(to, True):
            return "direction_off"
        if row.on is On.CREATE:
            return "create_only"
        return "not_empty" if row.on is On.EMPTY and not is_empty(there) else None

    def send(self, row: Field, to: Side, zoho: Value, xero: Value) -> None:
        """Let the other side's value travel to ``to``, or say why it does not."""
        here, there = (xero, zoho) if to is Side.ZOHO else (zoho, xero)
        reason = self.barred(row, to, there)
        if reason is not None:
            self.suppressed.append((row.name, reason))
        elif to is Side.XERO and self.refuses(row.name):
            self._refused(row, zoho, xero)
        else:
            self.out[to][row.name] = here

    def _refused(self, row: Field, zoho: Value, xero: Value) -> None:
        """Xero takes no change here: choosing Xero puts its value back, anything else asks."""
        if self.chosen(row) is Side.XERO:
            self.send(row, Side.ZOHO, zoho, xero)
        else:
            self.conflict(row, zoho, xero, locked=True)


def _compare(ledger: _Ledger, rows: Sequence[Field], zoho: Values, xero: Values) -> None:
    base_zoho, base_xero = ledger.base
    for row in rows:
        name = row.name
        z, x = zoho.get(name, _MISSING), xero.get(name, _MISSING)
        bz, bx = base_zoho.get(name, _MISSING), base_xero.get(name, _MISSING)
        if z is _MISSING or x is _MISSING or (z == bz and x == bx):
            continue
        _difference(ledger, row, z, x, bz=bz, bx=bx)


def _difference(ledger: _Ledger, row: Field, z: Value, x: Value, *, bz: Value, bx: Value) -> None:
    same = _SAME[row.codec]
    if bz is _MISSING or bx is _MISSING:
        _first_agreement(ledger, row, z, x, same=same)
        return
    zoho_changed, xero_changed = not same(bz, z), not same(bx, x)
    if not (zoho_changed or xero_changed) or same(z, x):
        return
    if zoho_changed and xero_changed:
        _both_changed(ledger, row, z, x)
    else:
        _one_changed(ledger, row, z, x, edited=Side.ZOHO if zoho_changed else Side.XERO)


def _one_changed(ledger: _Ledger, row: Field, z: Value, x: Value, *, edited: Side) -> None:
    owner = ledger.owner(row)
    if owner is None or owner is edited:
        ledger.send(row, edited.other, z, x)
    elif row.amounts and owner is Side.XERO:
        _amounts_edited(ledger, row, z, x)
    else:
        ledger.send(row, edited, z, x)


def _amounts_edited(ledger: _Ledger, row: Field, z: Value, x: Value) -> None:
    """CRM alone changed an amount that Xero owns since approval: never decided by itself."""
    chosen = ledger.chosen(row)
    if chosen is None:
        ledger.conflict(row, z, x, locked=True)
    else:
        ledger.send(row, chosen.other, z, x)


def _both_changed(ledger: _Ledger, row: Field, z: Value, x: Value) -> None:
    winner = ledger.winner(row)
    if winner is None:
        ledger.conflict(row, z, x)
    else:
        ledger.send(row, winner.other, z, x)


def _first_agreement(
    ledger: _Ledger, row: Field, z: Value, x: Value, *, same: Callable[[Value, Value], bool]
) -> None:
    if same(z, x):
        return
    if is_empty(z):
        ledger.send(row, Side.ZOHO, z, x)
    elif is_empty(x):
        ledger.send(row, Side.XERO, z, x)
    else:
        _both_changed(ledger, row, z, x)


def _create(
    ledger: _Ledger, rows: Sequence[Field], zoho: Values | None, xero: Values | None
) -> None:
    """One side does not exist yet: everything the other holds and may send goes over."""
    to = Side.ZOHO if zoho is None else Side.XERO
    values = (xero if zoho is None else zoho) or {}
    for row in rows:
        value = values.get(row.name)
        if is_empty(value) or row.path(to) is None or not row.flow.reaches(to):
            continue
        if ledger.reach.get(to, True):
            ledger.out[to][row.name] = value
        else:
            ledger.suppressed.append((row.name, "direction_off"))
