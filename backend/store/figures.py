"""What the dashboard and an account's page add up: few statements, sums made by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from backend.core.roles import CUSTOMERS, INVOICES
from backend.store.tables import Link, LogRow

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What one customer owes in one currency, of documents equally late; ``late`` indexes edges.

    ``units`` are ten-thousandths; ``contact`` is Xero's id.
    """

    currency: str
    contact: str
    late: int
    units: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Records that wait for a person for one reason, and some of them."""

    state: str
    message_key: str | None
    count: int
    modules: Mapping[str, int]
    examples: Sequence[Link]


def owed(session: Session, org_id: str, *, tenant_id: str, edges: Sequence[str]) -> list[Owed]:
    """Open documents added up by currency, customer and lateness.

    ``edges`` are days, newest first: ``late`` 0 falls due on or after the first one, the last
    ``late`` before the last one.
    """
    place = case(
        *((Link.due_on >= edge, index) for index, edge in enumerate(edges)),
        (Link.due_on.is_(None), 0),
        else_=len(edges),
    ).label("late")
    rows = session.execute(
        select(Link.owed_currency, Link.owed_by, place, func.sum(Link.owed), func.count())
        .where(*_documents(org_id, tenant_id), Link.owed > 0)
        .group_by(Link.owed_currency, Link.owed_by, "late")
    )
    return [
        Owed(
            currency=currency or "",
            contact=contact or "",
            late=late,
            units=int(units or 0),
            count=n,
        )
        for currency, contact, late, units, n in rows
    ]


def days_to_pay(
    session: Session, org_id: str, *, tenant_id: str, since: str
) -> dict[str, tuple[int, int]]:
    """By currency: days between the document and its last payment, added up, and how many."""
    rows = session.execute(
        select(Link.owed_currency, func.sum(Link.days_to_pay), func.count())
        .where(*_documents(org_id, tenant_id), Link.days_to_pay.is_not(None), Link.paid_on >= since)
        .group_by(Link.owed_currency)
    )
    return {currency or "": (int(days or 0), count) for currency, days, count in rows}


def customers(
    session: Session, org_id: str, *, tenant_id: str, contacts: Collection[str]
) -> dict[str, Link]:
    """The CRM records these Xero contacts are, by Xero's id; unknown ones are absent."""
    if not contacts:
        return {}
    rows = session.scalars(
        select(Link)
        .where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.module.in_(CUSTOMERS),
            Link.xero_id.in_(contacts),
            Link.active,
        )
        .order_by(Link.module.desc())
    )
    return {str(row.xero_id): row for row in rows}


def contact_name(session: Session, org_id: str, *, tenant_id: str, contact: str) -> str:
    """What Xero calls a contact on its newest document; empty when it never said."""
    face = session.scalars(
        select(Link.face)
        .where(*_documents(org_id, tenant_id), Link.owed_by == contact)
        .order_by(Link.due_on.desc())
        .limit(1)
    ).first()
    return str(((face or {}).get("money") or {}).get("contact_name") or "")


def open_documents(
    session: Session, org_id: str, *, tenant_id: str, contact: str, limit: int
) -> list[Link]:
    """One customer's open documents, the longest due first."""
    return list(
        session.scalars(
            select(Link)
            .where(*_documents(org_id, tenant_id), Link.owed_by == contact, Link.owed > 0)
            .order_by(Link.due_on, Link.id)
            .limit(limit)
        )
    )


def last_paid(session: Session, org_id: str, *, tenant_id: str, contact: str) -> Link | None:
    """The document one customer last paid something for."""
    return session.scalars(
        select(Link)
        .where(*_documents(org_id, tenant_id), Link.owed_by == contact, Link.paid_on.is_not(None))
        .order_by(Link.paid_on.desc(), Link.id)
        .limit(1)
    ).first()


def balances(
    session: Session, org_id: str, *, tenant_id: str, contact: str, today: str
) -> dict[str, tuple[int, int, int]]:
    """One customer's due, overdue and number of open documents, by currency."""
    overdue = case((Link.due_on < today, Link.owed), else_=0)
    rows = session.execute(
        select(Link.owed_currency, func.sum(Link.owed), func.sum(overdue), func.count())
        .where(*_documents(org_id, tenant_id), Link.owed_by == contact, Link.owed > 0)
        .group_by(Link.owed_currency)
    )
    return {
        currency or "": (int(due or 0), int(late or 0), count)
        for currency, due, late, count in rows
    }


def outcomes(
    session: Session, org_id: str, *, tenant_id: str, starts: Sequence[datetime]
) -> list[tuple[int, str, str, int]]:
    """How often each module's records ended how on each day; ``starts`` are when days begin."""
    ends = [*starts[1:], None]
    days = [
        select(literal(index), LogRow.module, LogRow.status, func.count())
        .where(LogRow.org_id == org_id, LogRow.tenant_id == tenant_id, LogRow.at >= start)
        .where(*([LogRow.at < end] if end is not None else []))
        .group_by(LogRow.module, LogRow.status)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    rows = session.execute(union_all(*days))
    return [(index, module, status, count) for index, module, status, count in rows]


def causes(session: Session, org_id: str, *, tenant_id: str, most: int) -> tuple[list[Cause], int]:
    """Why records wait for a person, the most frequent first, and how many causes there are."""
    waits = (*_mine(org_id, tenant_id), Link.state.in_(("needs_attention", "conflict")))
    rows = session.execute(
        select(Link.state, Link.message_key, Link.module, func.count())
        .where(*waits)
        .group_by(Link.state, Link.message_key, Link.module)
    )
    found: dict[tuple[str, str | None], dict[str, int]] = {}
    for state, key, module, count in rows:
        # A conflict is told by how many fields it has; to a person all of them are one cause.
        cause = (state, None if state == "conflict" else key)
        modules = found.setdefault(cause, {})
        modules[module] = modules.get(module, 0) + count
    ordered = sorted(found.items(), key=lambda one: (-sum(one[1].values()), str(one[0])))
    return [
        Cause(
            state=state,
            message_key=key,
            count=sum(modules.values()),
            modules=modules,
            examples=_examples(session, waits, state, key, modules),
        )
        for (state, key), modules in ordered[:most]
    ], len(ordered)


def _examples(
    session: Session,
    waits: Sequence[Any],
    state: str,
    key: str | None,
    modules: Collection[str],
) -> list[Link]:
    same = and_(Link.module.in_(modules), Link.state == state)
    if state != "conflict":
        same = and_(same, Link.message_key == key)
    # Any of them will do: an order would read every one of them first.
    return list(session.scalars(select(Link).where(*waits, same).limit(EXAMPLES)))


def _mine(org_id: str, tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    return (Link.org_id == org_id, Link.tenant_id == tenant_id, Link.active == true())


def _documents(org_id: str, tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    return (*_mine(org_id, tenant_id), Link.module == INVOICES)
