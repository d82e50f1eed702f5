"""What a sweep costs when nothing has changed, and right after a first sync."""

from __future__ import annotations

from bench import Figure
from bench.rig.meter import Spent
from bench.rig.stage import Stage, fill, stage

COUNT = 300
"""Customers, products and invoices: so many of each, a third of them made in Xero."""
LISTS = 14
"""What the modules that are on from the beginning live in: seven lists of each side."""
TEN_MINUTES = 600
TOKENS = ("/connect/token", "/oauth/v2/token")


def measure() -> list[Figure]:
    """The first sweep, an idle one, and the hourly one that also asks what was deleted."""
    with stage() as staged:
        fill(staged.bridge, COUNT, from_xero=3)
        staged.bridge.run_all()
        first, _ = swept(staged, TEN_MINUTES)
        idle, writes = swept(staged, TEN_MINUTES)
        hourly, more_writes = swept(staged, 3600)
    most = max(_reads(idle).values())
    return [
        Figure(what="idle sweep: calls per type and side", value=most, unit="calls", limit=1),
        Figure(what="idle sweep: all calls", value=_calls(idle), unit="calls", limit=LISTS),
        Figure(what="idle sweep: writes", value=writes, unit="calls", limit=0),
        Figure(what="hourly sweep: all calls", value=_calls(hourly), unit="calls"),
        Figure(what="hourly sweep: writes", value=more_writes, unit="calls", limit=0),
        Figure(
            what="sweep after a first sync: calls per record",
            value=_calls(first) / (3 * COUNT), unit="calls",
        ),
        Figure(what="idle sweep: our own time", value=1000 * idle.own_seconds, unit="ms"),
    ]  # fmt: skip


def swept(staged: Stage, later: float) -> tuple[Spent, int]:
    """One sweep after some time, and how many writes it sent."""
    staged.bridge.later(later)
    before = len(staged.bridge.writes())
    with staged.watch() as watch:
        staged.bridge.sweep()
    return watch.spent, len(staged.bridge.writes()) - before


def _reads(spent: Spent) -> dict[str, int]:
    """Calls by endpoint, without the tokens' renewal, which time brings and not the sweep."""
    return {name: count for name, count in spent.by.items() if not name.endswith(TOKENS)}


def _calls(spent: Spent) -> int:
    return sum(_reads(spent).values())
