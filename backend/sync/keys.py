"""Sealing every stored token again with the newest key, so that an old key can be thrown away."""

from __future__ import annotations

from sqlalchemy import select

from backend.store.tables import Login, XeroToken, ZohoConnection
from backend.sync.app import Sync
from backend.sync.crypt import SealBroken

SEALED = (
    (ZohoConnection, ("refresh_token", "access_token")),
    (XeroToken, ("refresh_token", "access_token", "previous_refresh_token")),
    (Login, ("verifier",)),
)
"""Every column that holds something sealed."""


def rotate_keys(sync: Sync) -> tuple[int, int]:
    """Seal everything with the first of ``TOKEN_KEYS``; how many were, and how many no key opens.

    Rows are locked while they are rewritten, so a refresh under way is not lost.
    """
    done = broken = 0
    for table, columns in SEALED:
        with sync.database.begin() as session:
            for row in session.scalars(select(table).with_for_update()):
                for name in columns:
                    sealed = getattr(row, name)
                    if sealed is None:
                        continue
                    try:
                        setattr(row, name, sync.crypt.rotate(sealed))
                        done += 1
                    except SealBroken:
                        broken += 1
    return done, broken
