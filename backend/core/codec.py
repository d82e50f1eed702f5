"""What a converter between one system's dialect and the common terms consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from backend.core.spec import Facts, Field, Raw, Side, Value

Reader: TypeAlias = Callable[[Raw, Facts], Value]
Fragment: TypeAlias = Mapping[str, Any]
"""Dotted path to wire value: what ``paths.put`` lays into a request body."""


def is_empty(value: Value) -> bool:
    """Whether a field holds nothing; ``False`` and zero are something."""
    return value is None or (not value and isinstance(value, (str, tuple)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Codec:
    """``reader`` resolves a row once and returns what reads it; ``write`` is its way back;
    ``same`` says whether two values mean the same, whatever their spelling.

    ``rests_with_field`` is False where the value also exists without its CRM field (currency).
    """

    reader: Callable[[Field, Side], Reader]
    write: Callable[[Value, Side, Field, Facts, Raw | None], Fragment]
    same: Callable[[Value, Value], bool]
    rests_with_field: bool = True

    def read(self, raw: Raw, side: Side, field: Field, facts: Facts) -> Value:
        """The value of ``field`` in ``raw`` in common terms; ``Refused`` when it is unreadable."""
        return self.reader(field, side)(raw, facts)
