"""The first sync of a company: what it costs in remote calls, and in seconds of our own."""

from __future__ import annotations

from backend.store.tables import Run
from backend.sync import bulk
from bench import Figure
from bench.rig.meter import Spent
from bench.rig.stage import Stage, fill, stage

COUNT = 1_000
"""Customers, products, and invoices of three lines: so many of each."""
RECORDS = 3 * COUNT
MOST_CALLS = 0.1


def measure() -> list[Figure]:
    """Everything in CRM; then two thirds made in CRM and one third made in Xero."""
    figures = _measured("all from CRM", from_xero=0)
    return figures + _measured("a third from Xero", from_xero=3)


def _measured(which: str, *, from_xero: int) -> list[Figure]:
    with stage() as staged:
        fill(staged.bridge, COUNT, from_xero=from_xero)
        previewed, ran = _preview_and_run(staged)
    return [*_totals(which, previewed, ran), *_endpoints(which, previewed, ran)]


def _preview_and_run(staged: Stage) -> tuple[Spent, Spent]:
    bridge = staged.bridge
    with staged.watch() as preview:
        bridge.run_preview()
    with staged.watch() as sync:
        run_id = bulk.start(
            bridge.sync, org_id=bridge.org_id, module="all", direction="both",
            preview_id=bridge.previewed, by="Ana",
        )  # fmt: skip
        done = bridge.finish(run_id)
    _check(done)
    return preview.spent, sync.spent


def _check(run: Run) -> None:
    """A sync that left something out would look cheap."""
    if run.created != RECORDS or run.failed or run.held:
        told = {name: getattr(run, name) for name in ("created", "held", "failed", "skipped")}
        raise AssertionError(f"the first sync did not create {RECORDS} records: {told}")


def _totals(which: str, preview: Spent, run: Spent) -> list[Figure]:
    both = (preview.calls + run.calls) / RECORDS
    seconds = preview.own_seconds + run.own_seconds
    return [
        Figure(
            what=f"{which}: calls per record, preview included",
            value=both, unit="calls", limit=MOST_CALLS,
        ),
        Figure(
            what=f"{which}: calls per record, the run alone",
            value=run.calls / RECORDS, unit="calls", limit=MOST_CALLS,
        ),
        Figure(what=f"{which}: our own time, preview and run", value=seconds, unit="s"),
        Figure(
            what=f"{which}: our own time per record",
            value=1000 * seconds / RECORDS, unit="ms",
        ),
    ]  # fmt: skip


def _endpoints(which: str, preview: Spent, run: Spent) -> list[Figure]:
    names = sorted({*preview.by, *run.by})
    return [
        Figure(
            what=f"{which}: `{name}`",
            value=preview.by.get(name, 0) + run.by.get(name, 0),
            unit="calls",
        )
        for name in names
    ]
