"""Zoho's accounts server: grant codes, refresh tokens, access tokens and their limits.

Sources: Zoho Accounts OAuth guide (access token 1 h; 10 access tokens per refresh token in ten
minutes; 20 refresh tokens per user, the 21st silently ends the oldest; grant codes live two minutes
and work once) and RFC 7636 for S256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from simulator.zoho.organisation import User

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

ACCESS_SECONDS = 3600
CODE_LIFE = timedelta(minutes=2)
WINDOW = timedelta(minutes=10)
TOKENS_PER_WINDOW = 10
REFRESH_TOKENS = 20
THROTTLED = {
    "error_description": (
        "You have made too many requests continuously. Please try again after some time."
    ),
    "error": "Access Denied",
    "status": "failure",
}


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person has agreed to."""

    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    offline: bool
    challenge: str | None
    challenge_method: str
    at: datetime


@dataclass(kw_only=True)
class Refresh:
    """A refresh token and the access tokens made with it lately."""

    token: str
    user: User
    scopes: tuple[str, ...]
    made: deque[datetime] = field(default_factory=deque)


@dataclass(frozen=True, kw_only=True)
class Access:
    """An access token."""

    token: str
    user: User
    scopes: tuple[str, ...]
    until: datetime
    refresh: str | None


class TokenError(Exception):
    """The token endpoint says no; Zoho answers most of these with HTTP 200."""

    def __init__(self, error: str, *, status: int = 200, body: dict[str, Any] | None = None):
        super().__init__(error)
        self.status = status
        self.body = body if body is not None else {"error": error}


class Accounts:
    """All codes and tokens of the organisation's people."""

    def __init__(self, state: ZohoState) -> None:
        self.state = state
        self.codes: dict[str, Consent] = {}
        self.refreshes: dict[str, Refresh] = {}
        self.accesses: dict[str, Access] = {}
        self.consented: set[tuple[str, tuple[str, ...]]] = set()

    def grant(self, consent: Consent) -> str:
        """A one-time code for a consent."""
        code = f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
        self.codes[code] = consent
        return code

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        """Redeem a grant code; TokenError as Zoho words it."""
        consent = self.codes.pop(form.get("code", ""), None)
        now = self.state.clock.now()
        if consent is None or now - consent.at > CODE_LIFE:
            raise TokenError("invalid_code")
        if form.get("redirect_uri") != consent.redirect_uri:
            raise TokenError("invalid_redirect_uri")
        if not proves(consent, form.get("code_verifier", "")):
            raise TokenError("invalid_code")
        refresh = self._new_refresh(consent) if consent.offline else None
        answer = self._answer(consent.user, consent.scopes, refresh)
        if refresh is not None:
            answer["refresh_token"] = refresh.token
        return answer

    def refresh(self, form: dict[str, str]) -> dict[str, Any]:
        """A fresh access token; `invalid_code` when the refresh token is revoked."""
        refresh = self.refreshes.get(form.get("refresh_token", ""))
        if refresh is None:
            raise TokenError("invalid_code")
        now = self.state.clock.now()
        while refresh.made and now - refresh.made[0] >= WINDOW:
            refresh.made.popleft()
        if len(refresh.made) >= TOKENS_PER_WINDOW:
            raise TokenError("Access Denied", status=400, body=THROTTLED)
        return self._answer(refresh.user, refresh.scopes, refresh)

    def revoke(self, token: str) -> bool:
        """End a refresh token with its access tokens, or one access token."""
        if self.accesses.pop(token, None) is not None:
            return True
        if self.refreshes.pop(token, None) is None:
            return False
        self._end_accesses(token)
        return True

    def revoke_all(self, user_id: str | None) -> int:
        """End all tokens (of one person); returns how many refresh tokens went."""
        gone = [t for t, r in self.refreshes.items() if user_id in {None, r.user.id}]
        for token in gone:
            self.revoke(token)
        for token, access in list(self.accesses.items()):
            if user_id in {None, access.user.id}:
                del self.accesses[token]
        self.consented = {one for one in self.consented if user_id not in {None, one[0]}}
        return len(gone)

    def expire_access(self) -> None:
        """End every access token now; refresh tokens stay good."""
        self.accesses.clear()

    def access(self, token: str) -> Access | None:
        """A living access token."""
        found = self.accesses.get(token)
        if found is None or found.until <= self.state.clock.now():
            return None
        return found

    def _new_refresh(self, consent: Consent) -> Refresh:
        own = [t for t, r in self.refreshes.items() if r.user.id == consent.user.id]
        if len(own) >= REFRESH_TOKENS:
            self.revoke(own[0])
        token = f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
        made = Refresh(token=token, user=consent.user, scopes=consent.scopes)
        self.refreshes[token] = made
        return made

    def _answer(
        self, user: User, scopes: tuple[str, ...], refresh: Refresh | None
    ) -> dict[str, Any]:
        now = self.state.clock.now()
        access = Access(
            token=f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}",
            user=user,
            scopes=scopes,
            until=now + timedelta(seconds=ACCESS_SECONDS),
            refresh=refresh.token if refresh else None,
        )
        self.accesses[access.token] = access
        if refresh is not None:
            refresh.made.append(now)
        return {
            "access_token": access.token,
            "scope": " ".join(scopes),
            "api_domain": self.state.world.urls.zoho_api,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        }

    def _end_accesses(self, refresh: str) -> None:
        for token, access in list(self.accesses.items()):
            if access.refresh == refresh:
                del self.accesses[token]


def proves(consent: Consent, verifier: str) -> bool:
    """Whether the verifier belongs to the challenge (S256 or plain); True when none was set."""
    if consent.challenge is None:
        return True
    if consent.challenge_method == "plain":
        return hmac.compare_digest(verifier.encode(), consent.challenge.encode())
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return hmac.compare_digest(digest.rstrip(b"="), consent.challenge.encode())
