"""How much memory a worker needs in a company of twenty thousand linked records.

The worker is a process of its own and reaches the simulators over real sockets, so that nothing
but the product counts. Its peak is the kernel's own figure.
"""

from __future__ import annotations

import importlib
import multiprocessing
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from backend.settings import Settings
from backend.store.tables import Run
from backend.sync import bulk, jobs, sweep
from backend.sync.app import Sync
from backend.sync.scratch import Scratch
from backend.sync.verify import audit
from bench import Figure
from bench.rig.linked import company

RECORDS = 20_000
FEW = RECORDS // 10
MOST_MEGABYTES = 250.0
MOST_GROWTH = 60.0
BULK_SECONDS = 90.0
"""The bulk run is watched for so long; every batch needs the same again."""


def measure() -> list[Figure]:
    """A worker's peak after an idle sweep, while a bulk run goes through the records, and while
    an audit reads both sides; and what the audit's peak grows by from a tenth of the records."""
    with company(FEW) as (settings, org_id, ahead):
        small, _ = in_process(_audit, settings, org_id, ahead)
    with company(RECORDS) as (settings, org_id, ahead):
        swept, _ = in_process(_sweep, settings, org_id, ahead)
        audited, findings = in_process(_audit, settings, org_id, ahead)
        ran, looked_at = in_process(_bulk, settings, org_id, ahead)
    return [
        _peak("a sweep that reads all of them", swept),
        _peak("an audit of both sides", audited),
        Figure(
            what=f"the audit's peak grows from {FEW} to {RECORDS} records by",
            value=audited - small, unit="MB", limit=MOST_GROWTH,
        ),
        Figure(what="findings of the audit", value=findings, unit="findings", limit=0),
        _peak("a bulk run", ran),
        Figure(what="records the bulk run had looked at", value=looked_at, unit="records"),
    ]  # fmt: skip


def _peak(when: str, megabytes: float) -> Figure:
    return Figure(
        what=f"worker's peak memory, {RECORDS} linked records, {when}",
        value=megabytes, unit="MB", limit=MOST_MEGABYTES,
    )  # fmt: skip


Task = Callable[[Sync, str], int]


def in_process(task: Task, settings: Settings, org_id: str, ahead: timedelta) -> tuple[float, int]:
    """A task's peak memory and its answer, from a new process."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_work, args=(task, settings, org_id, ahead, theirs))
    process.start()
    theirs.close()
    peak, answer = mine.recv()
    process.join()
    return float(peak), int(answer)


def _work(task: Task, settings: Settings, org_id: str, ahead: timedelta, told: Connection) -> None:
    importlib.import_module("backend.sync.worker")  # a worker has its whole program in memory
    sync = Sync.from_settings(settings)
    sync.clock = lambda: datetime.now(UTC) + ahead
    answer = task(sync, org_id)
    told.send((peak_megabytes(), answer))


def peak_megabytes() -> float:
    """The most memory this process has had; Linux tells it for the program since its start."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


def _sweep(sync: Sync, org_id: str) -> int:
    if not sweep.sweep(sync, org_id):
        raise AssertionError("the sweep did not go through")
    return 0


def _audit(sync: Sync, org_id: str) -> int:
    with Scratch() as scratch:
        return sum(tally.differences for tally in audit(sync, org_id, scratch))


def _bulk(sync: Sync, org_id: str) -> int:
    run_id = bulk.start(
        sync, org_id=org_id, module="all", direction="both", preview_id=None, by="Ana"
    )
    ends = datetime.now(UTC) + timedelta(seconds=BULK_SECONDS)
    while True:
        jobs.work_through(sync, org_id)
        with sync.database.begin() as session:
            run = session.get_one(Run, run_id)
            state, done, why = run.state, run.done, run.message_key
        if why:
            raise AssertionError(f"the run stopped: {why}")
        if state not in bulk.OPEN or datetime.now(UTC) > ends:
            return done
