"""How far a long read of one list has come: it goes on there when the minute's calls ran out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.store.columns import Base

SWEEP = "sweep"
"""Who reads on behalf of the schedule; a run reads under its own id."""
STALE = timedelta(hours=24)
"""An older place is no help: too much may have moved."""


class Place(Base):
    """Where a read of one side of one module stands: what is asked for next, and since when."""

    __tablename__ = "reading_place"

    org_id: Mapped[str] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    reader: Mapped[str] = mapped_column(String(32), primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)
    side: Mapped[str] = mapped_column(String(4), primary_key=True)
    since: Mapped[datetime | None]
    """What the whole read asks for; a read that asks for something else begins anew."""
    next_since: Mapped[datetime | None]
    next_number: Mapped[int] = mapped_column(default=1)
    as_of: Mapped[datetime]
    """The server's time when the read began: the cursor it will leave."""
    rows: Mapped[int] = mapped_column(default=0)
    finished: Mapped[bool] = mapped_column(default=False)
    """The list is in; what else its reader reads is not yet."""
    kept_at: Mapped[datetime]


Key = tuple[str, str, str, str, str]
"""(organisation, tenant, reader, module, side)."""


def find(session: Session, key: Key, *, since: datetime | None, now: datetime) -> Place | None:
    """The place of a read that asks for what changed ``since``, unless it is stale."""
    place = session.get(Place, key)
    if place is None or place.since != since or now - place.kept_at > STALE:
        return None
    return place


def keep(
    session: Session,
    key: Key,
    *,
    since: datetime | None,
    following: tuple[datetime | None, int],
    as_of: datetime,
    rows: int,
    now: datetime,
    finished: bool = False,
) -> None:
    """Remember what the read asks for next: ``following`` is its time and page."""
    org_id, tenant_id, reader, module, side = key
    session.merge(
        Place(
            org_id=org_id, tenant_id=tenant_id, reader=reader, module=module, side=side,
            since=since, next_since=following[0], next_number=following[1], as_of=as_of,
            rows=rows, finished=finished, kept_at=now,
        )
    )  # fmt: skip


def forget(session: Session, *, org_id: str, reader: str, module: str | None = None) -> None:
    """The read is over: of one module, or whatever this reader read."""
    mine = [Place.org_id == org_id, Place.reader == reader]
    if module is not None:
        mine.append(Place.module == module)
    session.execute(delete(Place).where(*mine))
