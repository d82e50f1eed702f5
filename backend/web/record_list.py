"""What the list button's page draws of the chosen records, from our own database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.store.tables import Link
from backend.store.views import RecordRows, Standing
from backend.web.present import Reader
from backend.web.record_view import Page, directions, organisation, partner, reason, state_of

MOST_CHOSEN = 100
"""How many records one press of the list button takes."""


def list_page(
    standing: Standing,
    reader: Reader,
    *,
    module: str,
    ids: Sequence[str],
    found: Mapping[str, Link],
    now: datetime,
) -> dict[str, Any]:
    """The answer of ``GET /api/records/{module}?ids=``."""
    pages = [
        Page(
            module=module,
            zoho_id=one,
            standing=standing,
            rows=RecordRows(
                links=[found[one]] if one in found else [], history=(), request=None, waiting=0
            ),
            reader=reader,
            now=now,
            names={},
        )
        for one in ids
    ]
    linked = (page for page in pages if page.rows.link and page.rows.link.xero_id)
    allowed, denied = directions(next(linked, pages[0]))
    return {
        "rows": [_row(page) for page in pages],
        "allowed": allowed,
        "denied": denied,
        "connection": standing.connection,
        "organisation": organisation(standing),
    }


def _row(page: Page) -> dict[str, Any]:
    link = page.rows.link
    held = partner(page, link) if link is not None and link.xero_id else {}
    return {
        "zoho_id": page.zoho_id,
        "label": link.label if link else "",
        "state": state_of(page),
        "reason": reason(page, link),
        "xero_number": held.get("xero_number"),
        "url": held.get("url"),
    }
