"""What the dashboard draws: records by state, now and by day, money owed, outcomes, who waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend.modules import module_keys
from backend.store import days as counted
from backend.store import figures, views
from backend.store.figures import Cause, Owed
from backend.store.owing import amount
from backend.store.tables import Link
from backend.store.views import Standing
from backend.web.present import Reader

DAYS = 14
OVER_TIME = 30
LATE = (0, 30, 60, 90)
"""Ageing: not yet due, then up to 30, 60, 90 days late, then more."""
CUSTOMERS = 5
CAUSES = 6
PAID_WITHIN = timedelta(days=365)
STATES = ("in_sync", "pending", "conflict", "needs_attention", "excluded", "not_linked")
RESULTS = {"success": "done", "held": "held", "failed": "failed"}


@dataclass(frozen=True, kw_only=True)
class Board:
    """What every part of the dashboard needs."""

    session: Session
    standing: Standing
    reader: Reader
    now: datetime
    zone: tzinfo

    @property
    def mine(self) -> str:
        """The organisation."""
        return self.standing.org.id

    @property
    def today(self) -> date:
        """The reader's day."""
        return self.now.astimezone(self.zone).date()


def by_module(board: Board) -> dict[str, dict[str, int]]:
    """Records of each module by state; modules that are off and empty are left out."""
    counts = views.state_counts(board.session, board.mine, tenant_id=board.standing.tenant_id)
    held = board.standing.org.settings.get("modules", {})
    found = {}
    for key in module_keys():
        mine = counts.get(key, {})
        if mine or held.get(key, {}).get("enabled"):
            found[key] = {state: mine.get(state, 0) for state in STATES}
            found[key]["pending"] += mine.get("syncing", 0)
    return found


def by_state(modules: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """All records by state."""
    return {state: sum(one[state] for one in modules.values()) for state in STATES}


def over_time(board: Board, modules: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Records of each module by state on the last days (UTC), oldest first; today as ``modules``.

    A day on which nothing was counted is left out: nobody knows how it was.
    """
    today = board.now.astimezone(UTC).date()
    rows = counted.since(
        board.session,
        board.mine,
        tenant_id=board.standing.tenant_id,
        first=today - timedelta(days=OVER_TIME - 1),
    )
    found: dict[date, dict[str, dict[str, int]]] = {}
    for row in rows:
        of_day = found.setdefault(row.day, {})
        of_day[row.module] = {name: getattr(row, name) for name in counted.STATES}
    found.pop(today, None)
    if modules:
        found[today] = {
            key: {name: held[name] for name in counted.STATES} for key, held in modules.items()
        }
    return [{"day": day.isoformat(), "modules": of_day} for day, of_day in found.items()]


# --- days --------------------------------------------------------------------------------------


def days(board: Board) -> list[dict[str, Any]]:
    """What became of records on each of the last days, in all and per module."""
    first = board.today - timedelta(days=DAYS - 1)
    every = [first + timedelta(days=n) for n in range(DAYS)]
    found: list[dict[str, Any]] = [
        {"day": day.isoformat(), **dict.fromkeys(RESULTS.values(), 0), "modules": {}}
        for day in every
    ]
    starts = [datetime.combine(day, time(), board.zone).astimezone(UTC) for day in every]
    rows = figures.outcomes(
        board.session, board.mine, tenant_id=board.standing.tenant_id, starts=starts
    )
    for index, module, status, count in rows:
        name = RESULTS.get(status)
        if name is None:
            continue
        found[index][name] += count
        of_module = found[index]["modules"].setdefault(module, dict.fromkeys(RESULTS.values(), 0))
        of_module[name] += count
    return found


# --- money -------------------------------------------------------------------------------------


def money(board: Board) -> dict[str, Any]:
    """Per currency: due, overdue, how late, by whom, and how long customers take to pay.

    Currencies are never added; the one most is owed of by count comes first.
    """
    tenant_id = board.standing.tenant_id
    edges = [(board.today - timedelta(days=late)).isoformat() for late in LATE]
    rows = figures.owed(board.session, board.mine, tenant_id=tenant_id, edges=edges)
    since = (board.today - PAID_WITHIN).isoformat()
    taken = figures.days_to_pay(board.session, board.mine, tenant_id=tenant_id, since=since)
    per: dict[str, list[Owed]] = {}
    for row in rows:
        per.setdefault(row.currency, []).append(row)
    for currency in taken:
        per.setdefault(currency, [])
    ordered = sorted(per, key=lambda one: (-sum(row.count for row in per[one]), one))
    known = _known(board, per)
    return {
        currency: _currency(board, per[currency], known, taken.get(currency))
        for currency in ordered
    }


def _currency(
    board: Board, rows: Sequence[Owed], known: Mapping[str, Link], taken: tuple[int, int] | None
) -> dict[str, Any]:
    return {
        **_sums(rows),
        "documents": sum(row.count for row in rows),
        "ageing": [_age(rows, late) for late in range(len(LATE) + 1)],
        **_customers(board, rows, known),
        "days_to_pay": None if taken is None else f"{Decimal(taken[0]) / taken[1]:.1f}",
        "days_to_pay_of": 0 if taken is None else taken[1],
    }


def _sums(rows: Iterable[Owed]) -> dict[str, str]:
    held = list(rows)
    return {
        "due": amount(sum(row.units for row in held)),
        "overdue": amount(sum(row.units for row in held if row.late)),
    }


def _age(rows: Sequence[Owed], late: int) -> dict[str, Any]:
    mine = [row for row in rows if row.late == late]
    return {
        "from": None if late == 0 else LATE[late - 1] + 1,
        "to": LATE[late] if late < len(LATE) else None,
        "amount": amount(sum(row.units for row in mine)),
        "count": sum(row.count for row in mine),
    }


def _by_contact(rows: Sequence[Owed]) -> list[tuple[str, list[Owed]]]:
    per: dict[str, list[Owed]] = {}
    for row in rows:
        per.setdefault(row.contact, []).append(row)
    return sorted(per.items(), key=lambda one: (-sum(row.units for row in one[1]), one[0]))


def _known(board: Board, per: Mapping[str, Sequence[Owed]]) -> dict[str, Link]:
    top = {contact for rows in per.values() for contact, _ in _by_contact(rows)[:CUSTOMERS]}
    return figures.customers(
        board.session, board.mine, tenant_id=board.standing.tenant_id, contacts=top - {""}
    )


def _customers(board: Board, rows: Sequence[Owed], known: Mapping[str, Link]) -> dict[str, Any]:
    ordered = _by_contact(rows)
    rest = [row for _, mine in ordered[CUSTOMERS:] for row in mine]
    return {
        "customers": [
            {**_customer(board, contact, known.get(contact)), **_sums(mine)}
            for contact, mine in ordered[:CUSTOMERS]
        ],
        "others": {"count": max(0, len(ordered) - CUSTOMERS), **_sums(rest)},
    }


def _customer(board: Board, contact: str, link: Link | None) -> dict[str, Any]:
    if link is not None:
        return {"label": link.label, "module": link.module, "zoho_id": link.zoho_id}
    label = figures.contact_name(
        board.session, board.mine, tenant_id=board.standing.tenant_id, contact=contact
    )
    return {"label": label, "module": None, "zoho_id": None}


# --- who is needed -----------------------------------------------------------------------------


def needs(board: Board) -> dict[str, Any]:
    """Why records wait for a person, with some of each."""
    found, total = figures.causes(
        board.session, board.mine, tenant_id=board.standing.tenant_id, most=CAUSES
    )
    return {"causes": total, "rows": [_cause(one, board.reader) for one in found]}


def _cause(cause: Cause, reader: Reader) -> dict[str, Any]:
    return {
        "state": cause.state,
        "message_key": cause.message_key,
        "message": _told(cause, reader),
        "count": cause.count,
        "modules": dict(cause.modules),
        "records": [
            {"module": one.module, "label": one.label, "zoho_id": one.zoho_id}
            for one in cause.examples
        ],
    }


def _told(cause: Cause, reader: Reader) -> dict[str, Any] | None:
    """The cause with its details where all records share them, else as it is told of many."""
    module = next(iter(cause.modules)) if len(cause.modules) == 1 else ""
    params = [one.message_params for one in cause.examples]
    shared = params[0] if params and all(one == params[0] for one in params) else {}
    whole = cause.count <= len(cause.examples)
    return reader.told(cause.message_key, shared if whole else {}, module=module)
