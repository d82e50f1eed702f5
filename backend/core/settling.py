"""What both sides agree on after writes went through."""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.planning import Pair, Plan, Step
from backend.core.spec import (
    ModuleSpec,
    Side,
    Value,
    Values,
)


def settled(
    spec: ModuleSpec,
    pair: Pair,
    done: Plan,
    *,
    answers: Mapping[Side, Values],
    performed: frozenset[Side],
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Both bases after ``performed`` steps went through.

    A write's answer becomes base only for the fields written; the rest of the base is what had
    been read, so an edit made between reading and writing is seen next time. A created record
    gets a base for the written fields alone: its other fields have not been agreed on yet.
    """
    bases = {
        Side.ZOHO: dict(pair.base_zoho or {}),
        Side.XERO: dict(pair.base_xero or {}),
    }
    now = {Side.ZOHO: done.zoho, Side.XERO: done.xero}
    steps = {step.side: step for step in done.steps}
    created = any(step.operation == "create" for step in done.steps)
    for row in spec.fields:
        name = row.name
        touched = {side for side, step in steps.items() if name in step.values}
        if name in done.kept or not touched <= performed or (created and not touched):
            continue
        for side in Side:
            _move(bases[side], name, side, steps=steps, now=now[side], answers=answers)
    return bases[Side.ZOHO], bases[Side.XERO]


def _move(
    base: dict[str, Value],
    name: str,
    side: Side,
    *,
    steps: Mapping[Side, Step],
    now: Values,
    answers: Mapping[Side, Values],
) -> None:
    step = steps.get(side)
    if step is not None and name in step.values:
        base[name] = answers.get(side, {}).get(name, step.values[name])
    elif name in now:
        base[name] = now[name]
