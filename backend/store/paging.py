"""All links of a kind, a page at a time: no transaction lasts longer than one page is read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, select

from backend.store.engine import Database
from backend.store.tables import Link


def links_by_id(database: Database, *kind: ColumnElement[bool], size: int) -> Iterator[list[Link]]:
    """The links for which every condition holds, by id, in pages of ``size``; none is empty.

    Each page is read in a transaction of its own, so a link that appears meanwhile may be in a
    later page or in none.
    """
    after = ""
    while True:
        query = select(Link).where(*kind, Link.id > after).order_by(Link.id).limit(size)
        with database.begin() as session:
            rows = list(session.scalars(query))
        if not rows:
            return
        after = rows[-1].id
        yield rows


def of_module(org_id: str, tenant_id: str, module: str) -> ColumnElement[bool]:
    """The active links of one module of one organisation."""
    mine = (Link.org_id == org_id, Link.tenant_id == tenant_id, Link.module == module)
    return and_(*mine, Link.active)


PAIRED: ColumnElement[bool] = and_(Link.zoho_id.is_not(None), Link.xero_id.is_not(None))
"""Both partners are known."""
