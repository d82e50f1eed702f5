"""Leases: named ones, and the one per organisation that makes its writer the only one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.store.tables import Leader, Organisation


class LeaseLost(Exception):
    """Another worker took over this organisation; nothing more may be written."""


def take_organisation(
    session: Session, org_id: str, *, owner: str, now: datetime, seconds: float
) -> int | None:
    """Become the organisation's writer for ``seconds``; its fencing number, None when taken."""
    free = or_(
        Organisation.lease_until.is_(None),
        Organisation.lease_until < now,
        Organisation.lease_owner == owner,
    )
    return session.execute(
        update(Organisation)
        .where(Organisation.id == org_id, free)
        .values(
            lease_owner=owner,
            lease_until=now + timedelta(seconds=seconds),
            fence=Organisation.fence + 1,
        )
        .returning(Organisation.fence)
    ).scalar_one_or_none()


_HOLD = (
    update(Organisation)
    .where(Organisation.id == bindparam("org"), Organisation.fence == bindparam("newest"))
    .values(lease_until=bindparam("ends"))
    .returning(Organisation.id)
    .execution_options(synchronize_session=False)
)
"""Built once: every transaction of a writer begins with it."""


def hold_organisation(
    session: Session, org_id: str, *, fence: int, now: datetime, seconds: float
) -> None:
    """Renew the lease; LeaseLost when ``fence`` is no longer the newest."""
    told = {"org": org_id, "newest": fence, "ends": now + timedelta(seconds=seconds)}
    if session.execute(_HOLD, told).scalar_one_or_none() is None:
        raise LeaseLost(org_id)


def release_organisation(session: Session, org_id: str, *, fence: int) -> None:
    """Give the lease back, if it is still ours."""
    session.execute(
        update(Organisation)
        .where(Organisation.id == org_id, Organisation.fence == fence)
        .values(lease_owner=None, lease_until=None)
    )


def take(session: Session, name: str, *, owner: str, now: datetime, seconds: float) -> bool:
    """Take or renew the named lease for ``seconds``; False while somebody else holds it."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    until = now + timedelta(seconds=seconds)
    statement = (
        insert(Leader)
        .values(name=name, owner=owner, until=until)
        .on_conflict_do_update(
            index_elements=[Leader.name],
            set_={"owner": owner, "until": until},
            where=or_(Leader.until < now, Leader.owner == owner),
        )
    )
    session.execute(statement)
    session.flush()
    return session.execute(select(Leader.owner).where(Leader.name == name)).scalar_one() == owner


def release(session: Session, name: str, *, owner: str) -> None:
    """Give the named lease back, if it is ours."""
    session.execute(delete(Leader).where(Leader.name == name, Leader.owner == owner))
