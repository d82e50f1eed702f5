"""Access tokens for both systems, refreshed by one worker at a time and stored before used.

The lock is a lease in the database, not an open transaction: refreshing takes a remote call. An
answer that drips may outlive the lease, so what it brought is stored only where the token it was
asked with is still the one that is stored.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.apis import oauth
from backend.apis.xero import oauth as xero_oauth
from backend.apis.zoho import oauth as zoho_oauth
from backend.core.errors import ConnectionLost, SyncError, Transient
from backend.store import leases
from backend.store.tables import XeroToken, ZohoConnection
from backend.sync.app import Sync
from backend.sync.crypt import SealBroken

log = logging.getLogger(__name__)

EARLY = timedelta(seconds=60)
"""A token is renewed this long before it ends, so that none dies on its way."""
LOCK_SECONDS = 60.0
POLL_SECONDS = 0.2
GRACE = timedelta(minutes=30)
"""How long Xero takes a refresh token after its first use (developer.xero.com, OAuth 2.0 FAQ)."""


class _Tokens:
    """What both sources share: read what is stored, else refresh under the lease."""

    side: str

    def __init__(self, sync: Sync, name: str) -> None:
        self.sync = sync
        self._lock = name
        self._held: tuple[str, datetime] | None = None

    def get(self) -> str:
        """A token that lives for at least another minute."""
        if self._held is None or self._held[1] - EARLY <= self.sync.clock():
            self._held = self._stored()
        token, ends = self._held
        return token if ends - EARLY > self.sync.clock() else self.refresh(token)

    def held(self) -> str:
        """The stored token, good or not."""
        return self._stored()[0]

    def refresh(self, stale: str) -> str:
        """A token other than ``stale``, refreshed once however many workers ask.

        Raises ``ConnectionLost`` when the vendor gives no more, ``Transient`` when it stumbles or
        another worker takes too long.
        """
        for _ in range(int(LOCK_SECONDS / POLL_SECONDS)):
            token, ends = self._held = self._stored()
            if token != stale and ends > self.sync.clock():
                return token
            if self._take():
                try:
                    return self._renew(stale)
                finally:
                    self._release()
            time.sleep(POLL_SECONDS)
        raise Transient("token_refresh_stuck", sent=False)

    def _renew(self, stale: str) -> str:
        token, ends = self._stored()
        if token != stale and ends > self.sync.clock():
            self._held = (token, ends)
            return token
        self._held = self._exchange()
        return self._held[0]

    def _take(self) -> bool:
        with self.sync.database.begin() as session:
            return leases.take(
                session,
                self._lock,
                owner=self._owner(),
                now=self.sync.clock(),
                seconds=LOCK_SECONDS,
            )

    def _release(self) -> None:
        with self.sync.database.begin() as session:
            leases.release(session, self._lock, owner=self._owner())

    def _open(self, sealed: bytes) -> str:
        """A stored secret; one that no key of ours opens has to be granted anew by a person."""
        try:
            return self.sync.crypt.open(sealed)
        except SealBroken:
            raise ConnectionLost(f"{self.side}_token_unreadable") from None

    def _owner(self) -> str:
        # Unique per source object: two threads of one process must exclude each other too.
        return f"{self.sync.owner[:20]}-{id(self):x}"

    def _stored(self) -> tuple[str, datetime]:
        raise AssertionError("each side reads its own row")

    def _exchange(self) -> tuple[str, datetime]:
        raise AssertionError("each side asks its own server")


class XeroTokens(_Tokens):
    """The access token of one Xero user's token set."""

    side = "xero"

    def __init__(self, sync: Sync, token_id: str) -> None:
        super().__init__(sync, f"xero:{token_id}")
        self._id = token_id

    def _stored(self) -> tuple[str, datetime]:
        held = select(XeroToken.access_token, XeroToken.expires_at)
        with self.sync.database.begin() as session:
            row = session.execute(held.where(XeroToken.id == self._id)).one_or_none()
        if row is None:
            raise ConnectionLost("xero_token_revoked")
        return self._open(row.access_token), row.expires_at

    def _exchange(self) -> tuple[str, datetime]:
        with self.sync.database.begin() as session:
            row = self._row(session)
            held, earlier = self._open(row.refresh_token), self._still_graced(row)
        try:
            tokens = self._ask(held)
        except ConnectionLost as error:
            if earlier is None or error.message.key != "xero_token_revoked":
                raise
            log.warning("earlier_token_used", extra={"token": self._id})
            tokens = self._ask(earlier)
        return self._keep(held, tokens)

    def _row(self, session: Session) -> XeroToken:
        row = session.get(XeroToken, self._id, with_for_update=True)
        if row is None:
            raise ConnectionLost("xero_token_revoked")
        return row

    def _still_graced(self, row: XeroToken) -> str | None:
        """The token before this one while Xero still takes it: should two workers have used it at
        the same time, what one of them stored may be what the other's use ended."""
        if row.previous_refresh_token is None or row.refreshed_at + GRACE <= self.sync.clock():
            return None
        return self._open(row.previous_refresh_token)

    def _keep(self, held: str, tokens: oauth.Tokens) -> tuple[str, datetime]:
        """Store what was given, unless another worker or a reconnection was quicker."""
        ends = self.sync.clock() + timedelta(seconds=tokens.expires_in)
        with self.sync.database.begin() as session:
            row = self._row(session)
            if self._open(row.refresh_token) != held:
                return self._open(row.access_token), row.expires_at
            row.previous_refresh_token = row.refresh_token
            row.refresh_token = self.sync.crypt.seal(tokens.refresh or held)
            row.access_token = self.sync.crypt.seal(tokens.access)
            row.expires_at, row.refreshed_at = ends, self.sync.clock()
        return tokens.access, ends

    def _ask(self, held: str) -> oauth.Tokens:
        """Ask twice: the used refresh token stays good for 30 minutes when an answer was lost."""
        try:
            return self._asked(held)
        except Transient:
            if not self._take():
                raise
            return self._asked(held)

    def _asked(self, held: str) -> oauth.Tokens:
        settings = self.sync.settings
        return xero_oauth.refresh(
            self.sync.transport,
            self.sync.xero_urls,
            client_id=settings.xero_client_id,
            secret=settings.xero_client_secret,
            refresh_token=held,
        )


KEPT_ALIVE = timedelta(days=30)
"""A refresh token dies after 60 days without use (developer.xero.com, OAuth 2.0 token types)."""


def resting(sync: Sync) -> list[str]:
    """The Xero token sets that have not been used for a month."""
    since = sync.clock() - KEPT_ALIVE
    with sync.database.begin() as session:
        return list(session.scalars(select(XeroToken.id).where(XeroToken.refreshed_at < since)))


def keep_alive(sync: Sync, token_id: str) -> bool:
    """Use a token set, so that it does not die of rest; whether it lives.

    One that is dead already is found out when it is needed; that is told then.
    """
    source = XeroTokens(sync, token_id)
    try:
        source.refresh(source.held())
    except SyncError as error:
        log.warning("token_not_kept_alive", extra={"cause": error.message.key})
        return False
    return True


class ZohoTokens(_Tokens):
    """The access token of one organisation's CRM connection."""

    side = "zoho"

    def __init__(self, sync: Sync, org_id: str) -> None:
        super().__init__(sync, f"zoho:{org_id}")
        self._id = org_id

    def _row(self, row: ZohoConnection | None) -> ZohoConnection:
        if row is None or row.access_token is None:
            raise ConnectionLost("zoho_token_revoked")
        return row

    def _stored(self) -> tuple[str, datetime]:
        held = select(ZohoConnection.access_token, ZohoConnection.expires_at)
        with self.sync.database.begin() as session:
            row = session.execute(held.where(ZohoConnection.org_id == self._id)).one_or_none()
        if row is None or row.access_token is None:
            raise ConnectionLost("zoho_token_revoked")
        return self._open(row.access_token), row.expires_at or self.sync.clock()

    def _exchange(self) -> tuple[str, datetime]:
        with self.sync.database.begin() as session:
            row = self._row(session.get(ZohoConnection, self._id))
            if row.refresh_token is None:
                raise ConnectionLost("zoho_token_revoked")
            held, server = self._open(row.refresh_token), row.accounts_server
            if row.not_before is not None and row.not_before > self.sync.clock():
                raise Transient("zoho_token_throttled", sent=False)
        settings = self.sync.settings
        try:
            tokens = zoho_oauth.refresh(
                self.sync.transport,
                server,
                client_id=settings.zoho_client_id,
                secret=settings.zoho_client_secret,
                refresh_token=held,
            )
        except Transient as error:
            self._cool_down(error)
            raise
        return self._keep(held, tokens)

    def _cool_down(self, error: Transient) -> None:
        """Zoho's throttle grows when asked again at once: nobody asks for a minute."""
        if error.message.key != "zoho_token_throttled":
            return
        with self.sync.database.begin() as session:
            row = session.get(ZohoConnection, self._id)
            if row is not None:
                row.not_before = self.sync.clock() + timedelta(seconds=60)

    def _keep(self, held: str, tokens: oauth.Tokens) -> tuple[str, datetime]:
        """Store what was given, unless a person has connected again meanwhile."""
        ends = self.sync.clock() + timedelta(seconds=tokens.expires_in)
        with self.sync.database.begin() as session:
            row = self._row(session.get(ZohoConnection, self._id, with_for_update=True))
            if row.refresh_token is not None and self._open(row.refresh_token) != held:
                return self._open(row.access_token or b""), row.expires_at or self.sync.clock()
            row.access_token = self.sync.crypt.seal(tokens.access)
            row.expires_at, row.not_before = ends, None
            if tokens.refresh:
                row.refresh_token = self.sync.crypt.seal(tokens.refresh)
        return tokens.access, ends
