"""What a preview counts: by operation, direction and module, in money, in calls and minutes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.sync.tell import COUNTED, Outcome

CALLS_PER_MINUTE = 60
XERO_ROWS, ZOHO_ROWS = 50, 100
COUNTERS = ("created", "updated", "deleted", "linked", "skipped", "held", "failed")
WORDS = {
    "create": "create", "update": "update", "link": "link",
    "delete": "delete", "void": "delete", "archive": "delete",
}  # fmt: skip
"""Operations as the summary names them; whatever withdraws a record is a deletion."""


class Figures:
    """What a preview counts, record by record; its size does not grow with their number."""

    def __init__(self) -> None:
        self.total = 0
        self.unchanged = 0
        self.counts = dict.fromkeys(COUNTERS, 0)
        self.by_operation: dict[str, int] = dict.fromkeys(
            ("create", "update", "delete", "link", "none", "held"), 0
        )
        self.by_direction: dict[str, dict[str, int]] = {}
        self.by_module: dict[str, dict[str, int]] = {}
        self.money: dict[str, dict[str, Decimal | int]] = {}
        self.writes: dict[tuple[str, str, str], int] = {}

    def add(
        self,
        module: str,
        outcome: Outcome,
        *,
        writes: Iterable[tuple[str, str]],
        currency: str,
    ) -> None:
        """Count one record; ``writes`` are the (side, kind of request) the run will send."""
        sent = list(writes)
        self.total += 1
        counter = COUNTED.get(outcome.operation) if outcome.status == "planned" else outcome.status
        word = self._word(outcome)
        self.by_operation[word] = self.by_operation.get(word, 0) + 1
        inside = self.by_module.setdefault(module, {})
        inside[word] = inside.get(word, 0) + 1
        if counter is None:
            self.unchanged += 1
        else:
            self.counts[counter] += 1
        if outcome.status == "planned" and sent:
            way = self.by_direction.setdefault(outcome.direction, {})
            way[word] = way.get(word, 0) + 1
        for side, kind in sent:
            self.writes[module, side, kind] = self.writes.get((module, side, kind), 0) + 1
        self._add_money(outcome, currency)

    @staticmethod
    def _word(outcome: Outcome) -> str:
        if outcome.status == "planned":
            return WORDS.get(outcome.operation, "none")
        return {"skipped": "none"}.get(outcome.status, "held")

    def _add_money(self, outcome: Outcome, currency: str) -> None:
        """Both totals of the documents compared; never added across currencies."""
        try:
            zoho, xero = (Decimal(str(outcome.totals[side])) for side in ("zoho", "xero"))
        except (KeyError, InvalidOperation):
            return
        held = self.money.setdefault(
            currency, {"documents": 0, "zoho": Decimal(0), "xero": Decimal(0)}
        )
        held["documents"] += 1
        held["zoho"] += zoho
        held["xero"] += xero

    def calls(self) -> int:
        """Remote calls the run itself will take for writing: full batches of each kind."""
        size = {"xero": XERO_ROWS, "zoho": ZOHO_ROWS}
        return sum(-(-count // size[side]) for (_, side, _), count in self.writes.items())

    def move_to_held(self, module: str, operation: str, counter: str) -> None:
        """A record that was counted as planned will be held instead."""
        word = WORDS.get(operation, "none")
        self.counts[counter] -= 1
        self.counts["held"] += 1
        for figures in (self.by_operation, self.by_module.setdefault(module, {})):
            figures[word] = figures.get(word, 0) - 1
            figures["held"] = figures.get("held", 0) + 1

    def summary(self) -> dict[str, Any]:
        """What the run's page shows of a finished preview."""
        needed = self.calls()
        return {
            "by_operation": self.by_operation,
            "by_direction": self.by_direction,
            "by_module": self.by_module,
            "unchanged": self.unchanged,
            "calls": needed,
            "minutes": -(-needed // CALLS_PER_MINUTE),
            "money": {
                currency: {
                    "documents": held["documents"],
                    "zoho": str(held["zoho"]),
                    "xero": str(held["xero"]),
                    "apart": str(abs(held["zoho"] - held["xero"])),
                }
                for currency, held in self.money.items()
            },
        }
