"""What piled up while a switch was off, and that turning it on never floods.

A record that was left alone says why on its link. When a switch, a filter or a start date is
changed so that such records may go, the module's first sync counts as not accepted: the schedule
leaves it alone until somebody has seen a preview of what piled up. Clicks work as always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core.policy import Policy
from backend.core.spec import Flow, ModuleSpec, Side
from backend.modules import all_specs
from backend.store.tables import Link, ModuleState
from backend.sync.policy import module_settings, policy_of

Settings = Mapping[str, Any]

DELETED = frozenset({"deleted_in_crm_kept_in_xero", "delete_is_off"})


@dataclass(frozen=True, kw_only=True)
class Piled:
    """Records of a module that would go after a change. ``count`` None: nobody knows how many."""

    module: str
    key: str
    count: int | None


def piled(
    session: Session, *, org_id: str, tenant_id: str, before: Settings, after: Settings
) -> list[Piled]:
    """What a change of settings would let go, by module; only what has been synced before piles
    up, a module nobody accepted yet has its preview ahead anyway."""
    accepted = _accepted(session, org_id, tenant_id)
    found: list[Piled] = []
    for key, spec in all_specs().items():
        home = spec.attached_to or key
        if home in accepted:
            counts = _counts(session, org_id, tenant_id, home)
            found += _of_module(spec, before, after, counts)
    return found


def hold_back(
    session: Session, *, org_id: str, tenant_id: str, before: Settings, after: Settings
) -> list[str]:
    """Let modules in which something piled up wait for an accepted preview; their keys."""
    specs = all_specs()
    found = piled(session, org_id=org_id, tenant_id=tenant_id, before=before, after=after)
    homes = sorted({specs[each.module].attached_to or each.module for each in found})
    if homes:
        session.execute(
            update(ModuleState)
            .where(
                ModuleState.org_id == org_id,
                ModuleState.tenant_id == tenant_id,
                ModuleState.module.in_(homes),
            )
            .values(accepted_at=None)
        )
    return homes


def _accepted(session: Session, org_id: str, tenant_id: str) -> set[str]:
    rows = session.scalars(
        select(ModuleState.module).where(
            ModuleState.org_id == org_id,
            ModuleState.tenant_id == tenant_id,
            ModuleState.accepted_at.is_not(None),
        )
    )
    return set(rows)


_Counts = Mapping[tuple[str, str], int]
"""Records left alone, by message key and the field it names."""


def _counts(session: Session, org_id: str, tenant_id: str, module: str) -> _Counts:
    field = Link.message_params["field"].as_string()
    rows = session.execute(
        select(Link.message_key, field, func.count())
        .where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.module == module,
            Link.active,
            Link.message_key.is_not(None),
        )
        .group_by(Link.message_key, field)
    )
    return {(str(key), str(name or "")): count for key, name, count in rows}


def _of_module(
    spec: ModuleSpec, before: Settings, after: Settings, counts: _Counts
) -> Iterator[Piled]:
    key = spec.key
    old, new = policy_of(before, key), policy_of(after, key)
    if not new.enabled:
        return
    if not old.enabled or _resumed(before, after, key):
        yield Piled(module=key, key="piled_unknown", count=None)
        return
    opened = dict(_opened(old, new))
    yield from _told(key, "piled_updates", _updates(spec, counts, opened.get("update", set())))
    if spec.attached_to is not None:
        return
    creations = (f"create_to_{side}_is_off" for side in opened.get("create", ()))
    yield from _told(key, "piled_creations", _sum(counts, creations))
    ways = (f"to_{side}_is_off" for side in opened.get("allow", ()))
    yield from _told(key, "piled_records", _sum(counts, ways))
    if Side.XERO in opened.get("delete", ()):
        yield from _told(key, "piled_deletions", _sum(counts, DELETED))
    if old.conditions != new.conditions:
        yield from _told(key, "piled_filtered", _sum(counts, ["excluded_by_filter"]))
    if old.start_date and (new.start_date is None or new.start_date < old.start_date):
        yield from _told(key, "piled_older", _sum(counts, ["before_start_date"]))


def _resumed(before: Settings, after: Settings, key: str) -> bool:
    """Whether the schedule takes up a module again it had been leaving alone."""
    old, new = module_settings(before, key), module_settings(after, key)
    return not old.get("schedule", True) and bool(new.get("schedule", True))


def _opened(old: Policy, new: Policy) -> Iterator[tuple[str, set[Side]]]:
    """Per switch the sides that may be written now and might not before."""
    yield "allow", {side for side in Side if new.allow.get(side) and not old.allow.get(side)}
    for name, may in (
        ("create", Policy.may_create),
        ("update", Policy.may_update),
        ("delete", Policy.may_delete),
    ):
        yield name, {side for side in Side if may(new, side) and not may(old, side)}


def _updates(spec: ModuleSpec, counts: _Counts, sides: set[Side]) -> int:
    """Edits that were left alone and may reach one of ``sides`` now, as far as their field says
    which way it goes."""
    if not sides:
        return 0
    rows = {row.name: row for row in spec.fields}
    total = 0
    for (key, name), count in counts.items():
        row = rows.get(name)
        foreign = row is None if spec.attached_to else row is not None and row.switch is not None
        if key != "update_is_off" or foreign:
            continue
        flow = row.flow if row is not None else Flow.BOTH
        if any(flow.reaches(side) for side in sides):
            total += count
    return total


def _sum(counts: _Counts, keys: Any) -> int:
    wanted = set(keys)
    return sum(count for (key, _), count in counts.items() if key in wanted)


def _told(module: str, key: str, count: int) -> Iterator[Piled]:
    if count:
        yield Piled(module=module, key=key, count=count)
