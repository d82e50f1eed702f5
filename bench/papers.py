"""Ten thousand random documents: what is sent is equal to the cent, the rest is held before."""

from __future__ import annotations

import time

from bench import Figure
from bench.rig.random_papers import run

COUNT = 10_000


def measure() -> list[Figure]:
    """Judge them all; a single one that differs silently is over the limit."""
    began = time.perf_counter()
    tally = run(COUNT, seed=2026)
    seconds = time.perf_counter() - began
    held = sum(tally.held.values())
    return [
        Figure(what="random documents", value=COUNT, unit="documents"),
        Figure(what="judged on their way, either way", value=tally.seen, unit="plans"),
        Figure(what="equal on both sides to the cent", value=tally.equal, unit="plans"),
        Figure(what="held before sending, with both figures", value=held, unit="plans"),
        Figure(
            what="of those equal, cents CRM rounds otherwise, in its adjustment",
            value=tally.adjusted, unit="plans",
        ),
        Figure(what="apart without a word", value=len(tally.broken), unit="plans", limit=0),
        Figure(
            what="held without its figures",
            value=len(tally.figures_missing), unit="plans", limit=0,
        ),
        Figure(what="time for all of it", value=seconds, unit="s"),
    ]  # fmt: skip
