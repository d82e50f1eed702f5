"""What a preview of ten thousand linked records takes: our own time, calls, and memory."""

from __future__ import annotations

from backend.store.tables import Run
from backend.sync import bulk, runs
from backend.sync.app import Sync
from bench import Figure
from bench.memory import in_process
from bench.rig.linked import company
from bench.rig.meter import Meter, Watch

RECORDS = 10_000
MOST_SECONDS = 20.0
MOST_MEGABYTES = 250.0
XERO_PAGE, ZOHO_PAGE = 1000, 200


def measure() -> list[Figure]:
    """A worker's own seconds, read calls and peak for all of them, and what the peak grows by
    from a quarter of the records to all."""
    found = {}
    for records in (RECORDS // 4, RECORDS):
        with company(records) as (settings, org_id, ahead):
            found[records] = in_process(_preview, settings, org_id, ahead)
    peak, packed = found[RECORDS]
    milliseconds, calls = divmod(packed, 1000)
    return [
        Figure(
            what=f"preview of {RECORDS} linked records: our own time",
            value=milliseconds / 1000, unit="s", limit=MOST_SECONDS,
        ),
        Figure(
            what="preview: read calls of records", value=calls, unit="calls", limit=pages(RECORDS)
        ),
        Figure(what="preview: worker's peak memory", value=peak, unit="MB", limit=MOST_MEGABYTES),
        Figure(
            what=f"preview: peak grows from {RECORDS // 4} to {RECORDS} records by",
            value=peak - found[RECORDS // 4][0], unit="MB", limit=60.0,
        ),
    ]  # fmt: skip


def pages(records: int) -> int:
    """Pages of both modules on both sides, and one of each side's invoices, of which there are
    none; Xero lists items without pages."""
    half = records // 2
    return 2 * -(-half // ZOHO_PAGE) + -(-half // XERO_PAGE) + 1 + 2


def _preview(sync: Sync, org_id: str) -> int:
    """Own processor milliseconds times a thousand, plus the read calls of records."""
    meter = Meter(inner=sync.transport)
    sync.transport = meter
    run_id = bulk.preview(sync, org_id=org_id, module="all", direction="both", by="Ana")
    with Watch(meter=meter) as watch:
        runs.advance(sync, org_id)
    with sync.database.begin() as session:
        run = session.get_one(Run, run_id)
        if run.state != "done" or run.created or run.updated or run.held:
            raise AssertionError(f"{run.state} {run.message_key} {run.figures}")
    records = ("xero GET Contacts", "xero GET Items", "xero GET Invoices")
    zoho = ("zoho GET Accounts", "zoho GET Products", "zoho GET Invoices", "zoho POST coql")
    spent = sum(count for name, count in watch.spent.by.items() if name in (*records, *zoho))
    return round(watch.spent.own_cpu * 1000) * 1000 + spent
