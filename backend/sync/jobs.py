"""The jobs workers run. Each is a nudge: it looks in the database for what there is to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from backend import logs
from backend.sync import audits, channels, forgetting, heard, queue, runs, sweep, tokens, usage
from backend.sync.app import Sync
from backend.sync.deliver import deliver
from backend.sync.drain import drain

_wired: dict[str, Sync] = {}


def wire(sync: Sync) -> None:
    """Give the jobs of this process their wiring, once, before the worker forks."""
    _wired["sync"] = sync


def look(org_id: str, lane: str) -> None:
    """Work through what is pending for one organisation, runs included."""
    with _job(org=org_id, job="look") as sync:
        if sync.redis is not None:
            queue.taken_up(sync.redis, org_id, lane)
        work_through(sync, org_id)


def sweep_one(org_id: str) -> None:
    """Sweep one organisation, then work through what was found."""
    with _job(org=org_id, job="sweep") as sync:
        sweep.sweep(sync, org_id, scheduled=True)
        work_through(sync, org_id)


def hear() -> None:
    """Follow what the two systems told; the organisations concerned are nudged."""
    with _job(job="hear") as sync:
        if sync.redis is not None:
            queue.begun(sync.redis, heard.JOB)
        heard.follow(sync)


def tend_channels(org_id: str) -> None:
    """Renew an organisation's channels at Zoho."""
    with _job(org=org_id, job="channels") as sync:
        channels.tend(sync, org_id)


def tell_one(org_id: str) -> None:
    """Carry out what the people of one organisation are to be told."""
    with _job(org=org_id, job="tell") as sync:
        deliver(sync, org_id)


def audit_one(org_id: str) -> None:
    """Compare both sides of one organisation in full and note what differs."""
    with _job(org=org_id, job="audit") as sync:
        audits.work(sync, org_id)


def keep_alive(token_id: str) -> None:
    """Use a token set that has rested for long."""
    with _job(job="tokens") as sync:
        tokens.keep_alive(sync, token_id)


def purge() -> None:
    """Forget what has been kept long enough."""
    with _job(job="purge") as sync:
        forgetting.purge(sync)


@contextmanager
def _job(**about: str) -> Iterator[Sync]:
    """What every job is done in: its log lines say what they are about, its calls are counted."""
    sync = _wired["sync"]
    with logs.about(**about):
        try:
            yield sync
        finally:
            usage.settle(sync)


def work_through(sync: Sync, org_id: str) -> None:
    """One turn: clicks first, then what runs have to read, then what they marked."""
    drain(sync, org_id)
    runs.advance(sync, org_id)
    drain(sync, org_id)
    runs.advance(sync, org_id)
    deliver(sync, org_id)
