"""What a run did against what its preview had shown: where the world moved in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.modules import all_specs
from backend.store.tables import Run, RunItem

SLICE = 400
DONE = frozenset({"planned", "success"})


class Told(NamedTuple):
    """One record's row, as far as it is compared; ``pair`` names it where its link became part of
    another one meanwhile."""

    status: str
    operation: str
    fields: dict[str, str]
    pair: tuple[str, ...] = ()


NOTHING = Told("done", "none", {})


def mark_moved(session: Session, run: Run) -> int:
    """Flag the rows of a finished run that are not what its preview showed; how many differ."""
    if run.kind != "sync" or run.preview_id is None or run.state != "done":
        return 0
    shown = {link_id: told for _, link_id, told in _numbered(session, run.preview_id)}
    ids = {told.pair: link_id for link_id, told in shown.items() if told.pair}
    moved: list[int] = []
    for item_id, link_id, told in _numbered(session, run.id):
        key = link_id if link_id in shown else ids.get(told.pair, link_id)
        if not _same(shown.pop(key, NOTHING), told):
            moved.append(item_id)
    for start in range(0, len(moved), SLICE):
        some = moved[start : start + SLICE]
        session.execute(update(RunItem).where(RunItem.id.in_(some)).values(moved=True))
    vanished = sum(told.status != "skipped" for told in shown.values())
    return len(moved) + vanished


def _numbered(session: Session, run_id: str) -> Iterator[tuple[int, str, Told]]:
    rows = session.execute(
        select(
            RunItem.id,
            RunItem.link_id,
            RunItem.module,
            RunItem.status,
            RunItem.operation,
            RunItem.changes,
            RunItem.zoho_id,
            RunItem.xero_id,
        )
        .where(RunItem.run_id == run_id)
        .execution_options(yield_per=SLICE)
    )
    for item_id, link_id, module, status, operation, changes, zoho_id, xero_id in rows:
        done = "done" if status in DONE else status
        pair = (module, zoho_id, xero_id) if zoho_id and xero_id else ()
        yield item_id, link_id or "", Told(done, operation, _fields(module, changes), pair)


def _fields(module: str, changes: list[Mapping[str, Any]]) -> dict[str, str]:
    """What was written into each field. References are left aside: a preview cannot know the ids
    of what is still to be made."""
    spec = all_specs().get(module)
    plain = {row.name for row in spec.fields if row.target is None} if spec else set()
    return {
        str(one.get("field")): repr(one.get("after"))
        for one in changes
        if one.get("field") in plain
    }


def _same(shown: Told, told: Told) -> bool:
    if shown.status != told.status:
        return {shown.status, told.status} == {"done", "skipped"} and (
            shown.operation == told.operation == "none"
        )
    if told.status != "done":
        return True
    return shown.operation == told.operation and shown.fields.items() <= told.fields.items()
