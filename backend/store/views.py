"""Read-only queries for pages: each answers one view, for one organisation, in few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from backend.store.days import WAITS
from backend.store.tables import (
    ClickRequest,
    Link,
    LogRow,
    ModuleState,
    Organisation,
    Run,
    RunItem,
    XeroConnection,
    ZohoConnection,
)
from backend.store.tables import (
    Mapping as MappingRow,
)

HISTORY = 10
LIKE_ESCAPE = "\\"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One organisation with both its connections; ``tenant_id`` is what pages show.

    After a reset that is the Xero organisation that was connected last.
    """

    org: Organisation
    zoho: ZohoConnection | None
    xero: XeroConnection | None

    @property
    def tenant_id(self) -> str:
        """Whose links and log are shown; empty when Xero was never connected."""
        return self.xero.tenant_id if self.xero is not None else ""

    @property
    def connection(self) -> str:
        """``connected``, ``needs_reconnect`` or ``disconnected``."""
        if self.org.tenant_id is None or self.xero is None:
            return "disconnected"
        states = {self.xero.state, self.zoho.state if self.zoho else "disconnected"}
        for state in ("disconnected", "needs_reconnect"):
            if state in states:
                return state
        return "connected"

    @property
    def lost_at(self) -> datetime | None:
        """Since when the connection is not what it should be."""
        lost = (one.lost_at for one in (self.xero, self.zoho) if one is not None and one.lost_at)
        return min(lost, default=None)


@dataclass(frozen=True, kw_only=True)
class RecordRows:
    """Everything stored about one CRM record."""

    links: Sequence[Link]
    history: Sequence[LogRow]
    request: ClickRequest | None
    waiting: int
    """How many changes were noted and not looked at yet."""

    @property
    def link(self) -> Link | None:
        """The pair in force."""
        return self.links[0] if self.links else None


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """Which log rows are wanted; None means any."""

    module: str | None = None
    status: str | None = None
    record: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    message_key: str | None = None


def standing(session: Session, org_id: str) -> Standing:
    """The organisation and its connections."""
    org = session.get_one(Organisation, org_id)
    mine = select(XeroConnection).where(XeroConnection.org_id == org_id)
    if org.tenant_id is not None:
        chosen = mine.where(XeroConnection.tenant_id == org.tenant_id)
    else:
        chosen = mine.where(XeroConnection.connected_at.is_not(None)).order_by(
            XeroConnection.connected_at.desc()
        )
    return Standing(
        org=org,
        zoho=session.get(ZohoConnection, org_id),
        xero=session.scalars(chosen.limit(1)).one_or_none(),
    )


def record(
    session: Session, org_id: str, *, tenant_id: str, module: str, zoho_id: str
) -> RecordRows:
    """One CRM record: its pairs, what happened to it lately, and whether somebody asks now."""
    found = session.scalars(
        select(Link)
        .where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.module == module,
            Link.zoho_id == zoho_id,
            Link.active,
        )
        .order_by(Link.xero_id.is_(None), Link.created_at)
    ).all()
    history = session.scalars(
        select(LogRow)
        .where(
            LogRow.org_id == org_id,
            LogRow.tenant_id == tenant_id,
            LogRow.module == module,
            LogRow.zoho_id == zoho_id,
        )
        .order_by(LogRow.id.desc())
        .limit(HISTORY)
    ).all()
    return RecordRows(
        links=found,
        history=history,
        request=_open_request(session, org_id, [link.id for link in found]),
        waiting=found[0].pending if found else 0,
    )


def chosen(
    session: Session, org_id: str, *, tenant_id: str, module: str, zoho_ids: Sequence[str]
) -> dict[str, Link]:
    """The pairs in force of these CRM records, by record id; unknown ones are absent."""
    rows = session.scalars(
        _links(org_id, tenant_id, Link.module == module, Link.zoho_id.in_(zoho_ids)).order_by(
            Link.xero_id.is_not(None), Link.created_at.desc()
        )
    )
    return {str(row.zoho_id): row for row in rows}


def _open_request(session: Session, org_id: str, link_ids: Sequence[str]) -> ClickRequest | None:
    if not link_ids:
        return None
    return session.scalars(
        select(ClickRequest)
        .where(
            ClickRequest.org_id == org_id,
            ClickRequest.link_id.in_(link_ids),
            ClickRequest.state.in_(("queued", "running")),
        )
        .order_by(ClickRequest.created_at.desc())
        .limit(1)
    ).one_or_none()


def waiting(session: Session, org_id: str, tenant_id: str) -> int:
    """How many records of the organisation wait to be looked at."""
    return _count(session, _links(org_id, tenant_id, Link.pending > 0))


def labels(
    session: Session, org_id: str, *, tenant_id: str, module: str, zoho_ids: Iterable[str]
) -> dict[str, str]:
    """What people call these CRM records, by record id; unknown ones are absent."""
    wanted = list(zoho_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Link.zoho_id, Link.label).where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.module == module,
            Link.zoho_id.in_(wanted),
        )
    )
    return {str(zoho_id): label for zoho_id, label in rows if label}


# --- log ---------------------------------------------------------------------------------------


def log_page(
    session: Session,
    org_id: str,
    *,
    tenant_id: str,
    wanted: LogFilter,
    before: int | None,
    limit: int,
) -> list[LogRow]:
    """Log rows, newest first, older than the row ``before``."""
    query = (
        select(LogRow)
        .where(LogRow.org_id == org_id, LogRow.tenant_id == tenant_id, *_log_terms(wanted))
        .order_by(LogRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(LogRow.id < before)
    return list(session.scalars(query).all())


def log_counts(
    session: Session, org_id: str, *, tenant_id: str, wanted: LogFilter
) -> dict[str, int]:
    """How many rows the filter would find with each outcome, whichever outcome it names."""
    every = replace(wanted, status=None)
    query = (
        select(LogRow.status, func.count())
        .where(LogRow.org_id == org_id, LogRow.tenant_id == tenant_id, *_log_terms(every))
        .group_by(LogRow.status)
    )
    return {str(status): int(count) for status, count in session.execute(query)}


def log_entry(session: Session, org_id: str, log_id: int) -> LogRow | None:
    """One log row of this organisation."""
    return session.scalars(
        select(LogRow).where(LogRow.org_id == org_id, LogRow.id == log_id)
    ).one_or_none()


def _log_terms(wanted: LogFilter) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    for column, value in (
        (LogRow.module, wanted.module),
        (LogRow.status, wanted.status),
        (LogRow.message_key, wanted.message_key),
    ):
        if value is not None:
            terms.append(column == value)
    if wanted.record is not None:
        terms.append(or_(LogRow.zoho_id == wanted.record, LogRow.xero_id == wanted.record))
    if wanted.text is not None:
        like = f"%{_escaped(wanted.text)}%"
        terms.append(
            or_(
                LogRow.label.ilike(like, escape=LIKE_ESCAPE),
                LogRow.words.ilike(like, escape=LIKE_ESCAPE),
                LogRow.message_key.ilike(like, escape=LIKE_ESCAPE),
                LogRow.by.ilike(like, escape=LIKE_ESCAPE),
            )
        )
    if wanted.since is not None:
        terms.append(LogRow.at >= wanted.since)
    if wanted.until is not None:
        terms.append(LogRow.at < wanted.until)
    return terms


def _escaped(text: str) -> str:
    for sign in (LIKE_ESCAPE, "%", "_"):
        text = text.replace(sign, LIKE_ESCAPE + sign)
    return text


# --- inboxes -----------------------------------------------------------------------------------


def inbox_page(
    session: Session,
    org_id: str,
    *,
    tenant_id: str,
    states: Sequence[str],
    module: str | None,
    causes: tuple[bool, frozenset[str]] | None = None,
    field: str | None = None,
    newest: bool = False,
    offset: int,
    limit: int,
) -> tuple[list[Link], int]:
    """Records a person must look at, the longest waiting first, and how many there are.

    ``causes``: only those held for one of these causes, or with False for any other one.
    ``field``: only those whose conflict is about this field. ``newest``: the latest first.
    """
    terms = [Link.state.in_(states)] + ([Link.module == module] if module else [])
    if field is not None:
        terms.append(cast(Link.conflict, Text).contains(f'"field": "{field}"', autoescape=True))
    if causes is not None:
        inside = Link.message_key.in_(causes[1])
        terms.append(inside if causes[0] else or_(Link.message_key.is_(None), ~inside))
    query = _links(org_id, tenant_id, *terms)
    rows = session.scalars(
        query.order_by(*(one.desc() if newest else one for one in (Link.checked_at, Link.id)))
        .offset(offset)
        .limit(limit)
    ).all()
    return list(rows), _count(session, query)


def disputed(
    session: Session, org_id: str, *, tenant_id: str, module: str | None
) -> Counter[tuple[str, str]]:
    """How often each field of each module waits for a choice."""
    query = _links(org_id, tenant_id, Link.state == "conflict")
    if module:
        query = query.where(Link.module == module)
    found: Counter[tuple[str, str]] = Counter()
    for key, held in session.execute(query.with_only_columns(Link.module, Link.conflict)):
        found.update((key, str(one.get("field"))) for one in (held or {}).get("fields", []))
    return found


def asking_runs(session: Session, org_id: str, *, tenant_id: str, module: str | None) -> list[Run]:
    """Runs whose deletions wait for a person, the longest waiting first; each is one question."""
    rows = select(Run).where(
        Run.org_id == org_id, Run.tenant_id == tenant_id, Run.confirm.is_not(None)
    )
    found = session.scalars(rows.order_by(Run.created_at, Run.id)).all()
    return [row for row in found if module in (None, (row.confirm or {}).get("module"))]


def causes(
    session: Session,
    org_id: str,
    *,
    tenant_id: str,
    states: Sequence[str],
    module: str | None = None,
) -> list[tuple[str | None, int]]:
    """How many records each cause holds up, the most frequent first."""
    rows = session.execute(
        select(Link.message_key, func.count())
        .where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.active,
            Link.state.in_(states),
            *([Link.module == module] if module else []),
        )
        .group_by(Link.message_key)
        .order_by(func.count().desc(), Link.message_key)
    )
    return [(key, count) for key, count in rows]


# --- health ------------------------------------------------------------------------------------


def state_counts(session: Session, org_id: str, *, tenant_id: str) -> dict[str, dict[str, int]]:
    """Per module how many records are in each state; a record that waits counts as pending."""
    found: dict[str, dict[str, int]] = {}
    for pending in (True, False):
        rows = session.execute(
            select(Link.module, Link.state, func.count())
            .where(
                Link.org_id == org_id,
                Link.tenant_id == tenant_id,
                Link.active,
                WAITS if pending else ~WAITS,
            )
            .group_by(Link.module, Link.state)
        )
        for module, state, count in rows:
            counts = found.setdefault(module, {})
            name = "pending" if pending else state
            counts[name] = counts.get(name, 0) + count
    return found


def module_states(session: Session, org_id: str, *, tenant_id: str) -> Mapping[str, ModuleState]:
    """Cursors and last good syncs by module."""
    rows = session.scalars(
        select(ModuleState).where(ModuleState.org_id == org_id, ModuleState.tenant_id == tenant_id)
    )
    return {row.module: row for row in rows}


# --- runs, requests, mappings ------------------------------------------------------------------


def run(session: Session, org_id: str, run_id: str) -> Run | None:
    """One run of this organisation."""
    return session.scalars(select(Run).where(Run.org_id == org_id, Run.id == run_id)).one_or_none()


def runs(session: Session, org_id: str, *, limit: int) -> list[Run]:
    """The newest runs and previews, without the sweeps, which are many."""
    return _newest_runs(session, org_id, Run.kind != "sweep", limit=limit)


def sweeps(session: Session, org_id: str, *, limit: int) -> list[Run]:
    """The newest sweeps that are over."""
    over = and_(Run.kind == "sweep", Run.finished_at.is_not(None))
    return _newest_runs(session, org_id, over, limit=limit)


def _newest_runs(
    session: Session, org_id: str, term: ColumnElement[bool], *, limit: int
) -> list[Run]:
    return list(
        session.scalars(
            select(Run)
            .where(Run.org_id == org_id, term)
            .order_by(Run.created_at.desc(), Run.id)
            .limit(limit)
        ).all()
    )


def run_items(
    session: Session,
    run_id: str,
    *,
    operation: str | None,
    status: str | None,
    after: int | None,
    limit: int,
) -> list[RunItem]:
    """A run's rows in the order they were made, after the row ``after``."""
    query = select(RunItem).where(RunItem.run_id == run_id).order_by(RunItem.id).limit(limit)
    if operation is not None:
        query = query.where(RunItem.operation == operation)
    if status is not None:
        query = query.where(RunItem.status == status)
    if after is not None:
        query = query.where(RunItem.id > after)
    return list(session.scalars(query).all())


def request(session: Session, org_id: str, request_id: str) -> tuple[ClickRequest, Link] | None:
    """One pressed button of this organisation, and the record it was pressed on."""
    found = session.execute(
        select(ClickRequest, Link)
        .join(Link, Link.id == ClickRequest.link_id)
        .where(ClickRequest.org_id == org_id, ClickRequest.id == request_id)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def mapping(session: Session, org_id: str, module: str) -> MappingRow | None:
    """The newest mapping an administrator saved for a module, None for the defaults."""
    return session.scalars(
        select(MappingRow)
        .where(MappingRow.org_id == org_id, MappingRow.module == module)
        .order_by(MappingRow.version.desc())
        .limit(1)
    ).one_or_none()


def save_mapping(
    session: Session, org_id: str, module: str, *, rows: list[Any], version: int, by: str
) -> None:
    """Keep a new version of a mapping; the unique constraint stops two of one number."""
    session.add(MappingRow(org_id=org_id, module=module, version=version, rows=rows, by=by))
    session.flush()


def _links(org_id: str, tenant_id: str, *terms: Any) -> Select[Link]:
    return select(Link).where(
        Link.org_id == org_id, Link.tenant_id == tenant_id, Link.active, *terms
    )


def _count(session: Session, query: Select[Link]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
