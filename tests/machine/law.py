"""The law: one partner each, both sides equal, nothing lost, and then it is quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.store.tables import Intent, Link, LogRow
from backend.sync import requests as clicks
from tests.machine.day import BOOKS, CRM, GONE, READ, SIDES, People, Record
from tests.sync.bridge import Bridge

ROUNDS = 12
PATIENCE = 5
"""How often people retry what was parked; what is refused for good stays parked, and quiet."""
AN_HOUR = 3700.0
HELD_FOR_GOOD = frozenset({
    "deleted_in_crm_kept_in_xero", "deleted_in_xero_kept_in_crm", "deleted_in_crm_edited_in_xero",
    "deleted_in_xero_edited_in_crm", "gone_on_both", "withdrawn_not_created",
})  # fmt: skip
"""What a record may go on saying when somebody took it away."""
LOCKED_STATES = {"AUTHORISED", "PAID"}


def links_of(bridge: Bridge, record: Record) -> list[Link]:
    """The active links that name a record on either side."""
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(Link).where(Link.module == record.kind, Link.active)).all()
    mine = (record.ids.get("zoho"), record.ids.get("xero"))
    return [
        row
        for row in rows
        if (row.zoho_id and row.zoho_id == mine[0]) or (row.xero_id and row.xero_id == mine[1])
    ]


def partner_of(bridge: Bridge, record: Record, side: str) -> str | None:
    """The id of a record's other half, when it has one."""
    ids = {getattr(row, f"{side}_id") for row in links_of(bridge, record)} - {None}
    return str(ids.pop()) if len(ids) == 1 else None


def is_pair(bridge: Bridge, record: Record) -> bool:
    """Whether a record stands alone, or both its halves are linked to each other."""
    rows = links_of(bridge, record)
    if len(record.ids) == 1:
        return len(rows) <= 1
    return len(rows) == 1 and rows[0].zoho_id is not None and rows[0].xero_id is not None


def named(bridge: Bridge, record: Record, side: str) -> bool:
    """Whether a customer of this name stands on a side already."""
    if side == "zoho":
        return bool(bridge.world.zoho.find("Accounts", Account_Name=record.name))
    return any(row["Name"] == record.name for row in bridge.xero_all("Contacts"))


def may_edit(people: People, record: Record, side: str, name: str) -> bool:
    """What people do not do: rename one of two unlinked halves, which makes them two customers, or
    change an approved invoice's amounts."""
    if name == "name" and not is_pair(people.bridge, record):
        return False
    if record.kind != "invoices":
        return True
    status = people.raw(record, "xero")["Status"] if "xero" in record.ids else "DRAFT"
    return status == "DRAFT" or (name == "subject" and side == "zoho")


# --- settling ----------------------------------------------------------------------------------


def settle(people: People) -> None:
    """Calm sweeps; conflicts settled by choosing a side; what was parked is tried again."""
    bridge = people.bridge
    for turn in range(ROUNDS):
        before = len(bridge.writes())
        bridge.later(AN_HOUR)
        bridge.sweep()
        busy = _choose(people, SIDES[turn % 2])
        if turn < PATIENCE:
            busy += _again(bridge)
        if not busy and len(bridge.writes()) == before and turn > 1:
            return
    raise AssertionError(f"it does not settle: {bridge.writes()[-10:]} {_open(bridge)}")


def _choose(people: People, side: str) -> int:
    bridge = people.bridge
    rows = [row for row in _open(bridge) if row.state == "conflict" and row.conflict]
    for row in rows:
        people.decided.add(str(row.zoho_id))
        fields = (row.conflict or {})["fields"]
        choices = {each["field"]: "xero" if each["locked"] else side for each in fields}
        clicks.resolve(
            bridge.sync, org_id=bridge.org_id, module=row.module, zoho_id=str(row.zoho_id),
            choices=choices, remember=False, by="Ana",
        )  # fmt: skip
    bridge.drain()
    return len(rows)


def _again(bridge: Bridge) -> int:
    keys = {row.message_key for row in _open(bridge) if row.parked and row.message_key}
    tried = sum(
        clicks.retry_all(bridge.sync, org_id=bridge.org_id, message_key=key, by="Ana")
        for key in sorted(keys)
    )
    bridge.drain()
    return tried


def _open(bridge: Bridge) -> Sequence[Link]:
    with bridge.sync.database.begin() as session:
        return session.scalars(
            select(Link).where(Link.active, Link.state.in_(("conflict", "needs_attention")))
        ).all()


# --- the law -----------------------------------------------------------------------------------


def holds(people: People) -> None:
    """Assert everything that must be true once it is quiet."""
    bridge = people.bridge
    for record in people.records:
        _one_link(bridge, record)
        if record.whole:
            _equal(people, record)
        record.edits.clear()
    people.decided.clear()
    _no_more_than_people_made(people)
    with bridge.sync.database.begin() as session:
        assert session.scalars(select(Intent)).all() == [], "an intent was never settled"
        waiting = session.scalars(select(Link).where(Link.pending > 0, Link.active)).all()
    assert [(row.label, row.message_key) for row in waiting] == [], "something still waits"


def _one_link(bridge: Bridge, record: Record) -> None:
    rows = links_of(bridge, record)
    told = [(row.zoho_id, row.xero_id, row.state, row.message_key, row.words) for row in rows]
    if record.whole:
        assert len(rows) == 1, (record, told)
        assert rows[0].zoho_id, (record, told)
        assert rows[0].xero_id, (record, told)
        assert rows[0].state == "in_sync", (record, told)
        return
    assert len(rows) <= 1, (record, told)
    assert all(
        row.message_key in HELD_FOR_GOOD | {None} or row.state == "needs_attention" for row in rows
    ), (record, told)


def _equal(people: People, record: Record) -> None:
    """Both sides say the same, and it is what a person wrote last, or chose; what lost is told."""
    both = {side: people.raw(record, side) for side in SIDES}
    for name, read in READ[record.kind, "zoho"].items():
        zoho, xero = read(both["zoho"]), READ[record.kind, "xero"][name](both["xero"])
        assert zoho == xero, (record, name, zoho, xero)
        edits = record.edits.get(name, {})
        decided = record.ids["zoho"] in people.decided
        late = name == "price" and _is_approved(record, both["xero"])
        if edits and not decided and not late:
            assert zoho in edits.values(), (record, name, zoho)
        lost = {value for value in edits.values() if value and value != zoho}
        for value in lost:
            assert _is_told(people.bridge, record, value), (record, name, value, zoho)


def _is_approved(record: Record, xero: Mapping[str, Any]) -> bool:
    """Amounts are Xero's once it approved: an edit that came too late is refused, and told."""
    return record.kind == "invoices" and xero["Status"] in LOCKED_STATES


def _is_told(bridge: Bridge, record: Record, value: str) -> bool:
    """Whether the log shows a value that did not survive."""
    ids = [row.id for row in links_of(bridge, record)]
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(LogRow).where(LogRow.link_id.in_(ids))).all()
        told = [repr((row.changes, row.message_params)) for row in rows]
    bare = value.removesuffix("0").removesuffix(".0")
    return any(bare in each or value in _plain(each) for each in told)


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isalnum() or each in "'.-,")


def _no_more_than_people_made(people: People) -> None:
    """No record stands there that nobody made and that is nobody's partner."""
    bridge = people.bridge
    for kind in CRM:
        records = [each for each in people.records if each.kind == kind]
        made = sorted(e.ids["zoho"] for e in records if "zoho" in e.ids and "zoho" not in e.gone)
        assert sorted(row["id"] for row in bridge.crm_all(CRM[kind])) == made, kind
        rows = bridge.xero_all(BOOKS[kind])
        there = sorted(_id(kind, row) for row in rows if _state(row) not in GONE)
        mine = sorted(e.ids["xero"] for e in records if "xero" in e.ids and "xero" not in e.gone)
        assert there == mine, kind


def _id(kind: str, row: dict[str, Any]) -> str:
    key = {"accounts": "ContactID", "products": "ItemID", "invoices": "InvoiceID"}[kind]
    return str(row[key])


def _state(row: dict[str, Any]) -> str:
    return str(row.get("ContactStatus") or row.get("Status") or "")
