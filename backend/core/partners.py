"""What a record refers to that has to cross first."""

from __future__ import annotations

from collections.abc import Iterator

from backend.core.links import UNLINKED
from backend.core.planning import Need
from backend.core.spec import (
    Facts,
    Field,
    ModuleSpec,
    Side,
    Value,
    Values,
)


def partners(spec: ModuleSpec, to: Side, values: Values, facts: Facts) -> Iterator[Need]:
    """What ``values`` refer to that has not crossed yet."""
    seen: set[str] = set()
    for name, value in values.items():
        row = spec.field(name)
        if row.target is None:
            continue
        for key in _references(value):
            if key not in seen and not _crossed(row, to, key, facts):
                seen.add(key)
                yield _need(row, key)


def _references(value: Value) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from (line.product for line in value if line.product)
    elif isinstance(value, str) and value:
        yield value


def _need(row: Field, key: str) -> Need:
    if key.startswith(UNLINKED):
        return Need(module=row.target or "", side=Side.XERO, id=key.removeprefix(UNLINKED))
    return Need(module=row.target or "", side=Side.ZOHO, id=key)


def _crossed(row: Field, to: Side, key: str, facts: Facts) -> bool:
    """Whether the partner is there to be named; an archived one is not, where it is to be
    restored."""
    foreign = key.startswith(UNLINKED)
    if to is Side.ZOHO:
        return not foreign
    if foreign:
        return True
    if row.codec == "lines":
        return key in facts.item_codes
    partner = facts.links.get((row.target or "", Side.ZOHO, key))
    return partner is not None and not (partner in facts.archived and facts.unarchive == "always")
