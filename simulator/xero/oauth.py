"""Xero's identity service: codes, rotating tokens, connections.

Lifetimes and rules: developer.xero.com OAuth 2 guides as collected from Xero's prompt library and
FAQ: a code lives 5 minutes and once, an access token 30 minutes, a refresh token 60 days and once
with 30 minutes of grace; revocation removes all connections of the user.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.xero.chart import stable_id

if TYPE_CHECKING:
    from simulator.world import World

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
ID_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=60)
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who can sign in to Xero."""

    user_id: str
    email: str
    first_name: str
    last_name: str
    tenants: tuple[str, ...]


@dataclass(kw_only=True)
class Connection:
    """One organisation a user has connected to the application."""

    connection_id: str
    tenant: str
    user_id: str
    auth_event_id: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a token stands for."""

    user_id: str
    scopes: frozenset[str]
    auth_event_id: str


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorisation code on its way through the browser."""

    grant: Grant
    redirect_uri: str
    challenge: str
    nonce: str
    until: datetime


@dataclass(kw_only=True)
class Refresh:
    """A refresh token; `replaced_at` once it has been used."""

    grant: Grant
    until: datetime
    replaced_at: datetime | None = None


class Refused(ValueError):
    """An OAuth error; the text is its code, such as invalid_grant."""


@dataclass
class OAuth:
    """All codes, tokens and connections of the one registered application."""

    world: World
    users: list[User]
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    refresh: dict[str, Refresh] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    scopes: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """The key that signs tokens."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def user(self, hint: str = "") -> User:
        """The user an e-mail address or id names, else the first."""
        named = [u for u in self.users if hint and hint in {u.email, u.user_id}]
        return (named or self.users)[0]

    def authorise(
        self,
        user: User,
        tenants: list[str],
        *,
        scopes: set[str],
        redirect_uri: str,
        challenge: str = "",
        nonce: str = "",
    ) -> str:
        """Record a person's consent and return the code. Scopes add up per user."""
        now = self.world.clock.now()
        event = str(uuid.uuid4())
        for tenant in tenants:
            self._connect(user, tenant, event, now)
        held = self.scopes.setdefault(user.user_id, set())
        held |= scopes
        grant = Grant(user_id=user.user_id, scopes=frozenset(held), auth_event_id=event)
        code = secrets.token_urlsafe(32)
        self.codes[code] = Code(
            grant=grant,
            redirect_uri=redirect_uri,
            challenge=challenge,
            nonce=nonce,
            until=now + CODE_LIFE,
        )
        return code

    def _connect(self, user: User, tenant: str, event: str, now: datetime) -> None:
        for connection in self.connections.values():
            if connection.tenant == tenant and connection.user_id == user.user_id:
                connection.updated, connection.auth_event_id = now, event
                return
        connection = Connection(
            connection_id=str(uuid.uuid4()),
            tenant=tenant,
            user_id=user.user_id,
            auth_event_id=event,
            created=now,
            updated=now,
        )
        self.connections[connection.connection_id] = connection

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Tokens for a code; Refused invalid_grant for a used, old or foreign one."""
        held = self.codes.pop(code, None)
        if held is None or held.until <= self.world.clock.now():
            raise Refused("invalid_grant")
        if held.redirect_uri != redirect_uri:
            raise Refused("invalid_grant")
        if held.challenge and challenge_of(verifier) != held.challenge:
            raise Refused("invalid_grant")
        return self._issue(held.grant, nonce=held.nonce)

    def rotate(self, token: str) -> dict[str, Any]:
        """New tokens for a refresh token; the old one works 30 minutes more. Refused otherwise."""
        now = self.world.clock.now()
        held = self.refresh.get(token)
        if held is None or held.until <= now:
            raise Refused("invalid_grant")
        if held.replaced_at is not None and held.replaced_at + GRACE <= now:
            raise Refused("invalid_grant")
        if held.replaced_at is None:
            held.replaced_at = now
        return self._issue(held.grant)

    def _issue(self, grant: Grant, nonce: str = "") -> dict[str, Any]:
        now = self.world.clock.now()
        access = self._access_token(grant, now)
        self.access[access] = (grant, now + ACCESS_LIFE)
        answer: dict[str, Any] = {
            "access_token": access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(sorted(grant.scopes)),
        }
        if "openid" in grant.scopes:
            answer["id_token"] = self._id_token(grant, now, nonce)
        if "offline_access" in grant.scopes:
            answer["refresh_token"] = secrets.token_urlsafe(32)
            self.refresh[answer["refresh_token"]] = Refresh(grant=grant, until=now + REFRESH_LIFE)
        return answer

    def _access_token(self, grant: Grant, now: datetime) -> str:
        client = self.world.xero_client.client_id
        claims = {
            "iss": self.world.urls.xero_identity,
            "aud": f"{self.world.urls.xero_identity}/resources",
            "client_id": client,
            "sub": uuid.uuid5(uuid.NAMESPACE_URL, grant.user_id).hex,
            "xero_userid": grant.user_id,
            "global_session_id": uuid.uuid4().hex,
            "authentication_event_id": grant.auth_event_id,
            "scope": sorted(grant.scopes),
            "jti": uuid.uuid4().hex,
            "nbf": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "simulator"})

    def _id_token(self, grant: Grant, now: datetime, nonce: str) -> str:
        user = self.user(grant.user_id)
        claims = {
            "iss": self.world.urls.xero_identity,
            "aud": self.world.xero_client.client_id,
            "sub": uuid.uuid5(uuid.NAMESPACE_URL, grant.user_id).hex,
            "xero_userid": user.user_id,
            "email": user.email,
            "given_name": user.first_name,
            "family_name": user.last_name,
            "name": f"{user.first_name} {user.last_name}",
            "preferred_username": user.email,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + ID_LIFE).timestamp()),
        }
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "simulator"})

    def grant_of(self, token: str) -> Grant | str:
        """What an access token stands for, or the word for why not: TokenInvalid, TokenExpired."""
        held = self.access.get(token)
        if held is None:
            return "AuthenticationUnsuccessful"
        grant, until = held
        if until <= self.world.clock.now():
            return f"TokenExpired: token expired at {until:%m/%d/%Y %H:%M:%S}"
        return grant

    def connected(self, grant: Grant, tenant: str) -> bool:
        """Whether the user of a token has connected this organisation."""
        return any(
            c.tenant == tenant and c.user_id == grant.user_id for c in self.connections.values()
        )

    def revoke_token(self, token: str) -> None:
        """Revocation endpoint: ends the user's tokens and all connections; unknown is fine."""
        held = self.refresh.get(token)
        if held is not None:
            self.revoke_user(held.grant.user_id)

    def revoke_user(self, user_id: str) -> None:
        """End everything a user granted."""
        self.refresh = {t: r for t, r in self.refresh.items() if r.grant.user_id != user_id}
        self.access = {t: a for t, a in self.access.items() if a[0].user_id != user_id}
        self.connections = {i: c for i, c in self.connections.items() if c.user_id != user_id}
        self.scopes.pop(user_id, None)

    def disconnect(self, connection_id: str, user_id: str | None = None) -> bool:
        """Remove one connection (of one user); tokens stay valid. False when there is none."""
        held = self.connections.get(connection_id)
        if held is None or user_id not in {None, held.user_id}:
            return False
        del self.connections[connection_id]
        return True


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_user(email: str, first: str, last: str, tenants: tuple[str, ...]) -> User:
    """A user with an id that is the same in every run."""
    return User(
        user_id=stable_id("user", email),
        email=email,
        first_name=first,
        last_name=last,
        tenants=tenants,
    )
