"""The way from one Xero state to another, where Xero takes one step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.core.codecs import CODECS
from backend.core.document_status import words_of
from backend.core.paths import get
from backend.core.planning import Stop, Verdict
from backend.core.spec import Facts, ModuleSpec, Raw, Side, Value

STATUS = "status"


def next_state(moves: Mapping[str, frozenset[str]], held: str, wanted: Sequence[str]) -> str | None:
    """The first step of the shortest way from ``held`` to one of ``wanted``, the earlier of two
    equally near; None when none can be reached."""
    seen, front = {held}, [(each, each) for each in sorted(moves.get(held, ()))]
    while front:
        for goal in wanted:
            for first, state in front:
                if state == goal:
                    return first
        seen |= {state for _, state in front}
        front = [
            (first, each)
            for first, state in front
            for each in sorted(moves.get(state, ()))
            if each not in seen
        ]
    return None


def stepped(
    spec: ModuleSpec,
    values: dict[str, Value],
    body: dict[str, Any],
    current: Raw | None,
    facts: Facts,
) -> dict[str, Value]:
    """Lay the next state into ``body``; ``values`` with the word that state has in CRM.

    Further steps follow by planning again from Xero's answer. Stops when there is no way.
    """
    if not spec.moves or values.get(STATUS) is None:
        return values
    row = spec.field(STATUS)
    path, word = row.xero or "", values[STATUS]
    if path not in body:
        return values
    held = str(get(current or {}, path) or "")
    meant = [state for state, means in words_of(row, facts).items() if means == word]
    standing = [state for state in meant if state not in spec.gone]
    state = next_state(spec.moves, held, standing or meant)
    if state is None:
        params = {"status": str(word), "held": held}
        raise Stop(Verdict.HOLD, "status_unreachable", params)
    body[path] = state
    reached = CODECS[row.codec].read({path: state}, Side.XERO, row, facts)
    return {**values, STATUS: reached}
