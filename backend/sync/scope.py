"""How many CRM records a filter and a start date let in, before either is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backend.core.policy import Condition, excluded_by
from backend.core.spec import ModuleSpec, Raw
from backend.modules import all_specs
from backend.sync.app import Sync
from backend.sync.clients import zoho_client

MOST_TIME = timedelta(seconds=8)
"""How long a person waits for the count; what is larger than can be read by then is counted in
part, and that is said. Pages hold two hundred records."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted. ``complete`` is False where the module has more records than were read."""

    total: int
    included: int
    complete: bool


def count(
    sync: Sync, org_id: str, module: str, *, conditions: Sequence[Condition], start: date | None
) -> Counted:
    """Read lists of the fields the conditions name and judge each record as the sync does.

    Raises what the client raises.
    """
    spec, total, included = all_specs()[module], 0, 0
    client = zoho_client(sync, org_id, priority="click")
    fields = list(dict.fromkeys(["id", "Created_Time", *_dates(spec), *_names(conditions)]))
    token: str | None = None
    ends = sync.clock() + MOST_TIME
    while True:
        page = client.page(spec.zoho.path, fields, page_token=token)
        total += len(page.rows)
        included += sum(_inside(spec, raw, conditions, start) for raw in page.rows)
        token = page.next_token
        if token is None or sync.clock() >= ends:
            return Counted(total=total, included=included, complete=token is None)


def _names(conditions: Sequence[Condition]) -> Iterator[str]:
    return (each.field.partition(".")[0] for each in conditions)


def _dates(spec: ModuleSpec) -> list[str]:
    """The CRM field a document's start date is held against."""
    return [row.zoho for row in spec.fields if row.name == "date" and row.zoho]


def _inside(
    spec: ModuleSpec, raw: Raw, conditions: Sequence[Condition], start: date | None
) -> bool:
    if excluded_by(conditions, raw) is not None:
        return False
    if start is None:
        return True
    held: Any = next((raw.get(name) for name in _dates(spec)), None) or raw.get("Created_Time")
    return str(held or "")[:10] >= start.isoformat()
