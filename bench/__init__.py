"""Benchmarks: each module beside this one has `measure()`, which answers with its figures."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value and the most it may be; None when it is only reported."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the value stays within its limit."""
        return self.limit is None or self.value <= self.limit
