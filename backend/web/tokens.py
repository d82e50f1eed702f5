"""Bearer tokens: short-lived, signed, saying who and for which organisation, nothing secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import jwt

ACCESS_SECONDS = 15 * 60
_ALGORITHM = "HS256"
_AUDIENCE = "api"
_REQUIRED = ["exp", "iat", "aud", "sid", "org"]


class BadToken(Exception):
    """The bearer was not signed by us, is for something else, or has expired."""


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, so that a signature made for one means nothing to another."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def fingerprint(value: str) -> str:
    """What is kept of a random secret: its hash, 64 hexadecimal characters."""
    return hashlib.sha256(value.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


class Signer:
    """Signs bearer tokens and webhook paths with keys derived from ``SECRET_KEY``."""

    def __init__(self, secret: str) -> None:
        self._bearer = derived_key(secret, "bearer")

    def bearer(self, *, session_id: str, org_id: str, now: datetime) -> str:
        """A token for one session, valid for ``ACCESS_SECONDS``."""
        claims = {
            "sid": session_id,
            "org": org_id,
            "aud": _AUDIENCE,
            "iat": now,
            "exp": now + timedelta(seconds=ACCESS_SECONDS),
        }
        return jwt.encode(claims, self._bearer, algorithm=_ALGORITHM)

    def read(self, token: str, *, now: datetime) -> tuple[str, str]:
        """Session and organisation of a token; BadToken when it is none of ours or too old."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._bearer,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                # Times are compared with our own clock below.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            raise BadToken("not one of ours") from None
        expires, session_id, org_id = claims["exp"], claims["sid"], claims["org"]
        if not isinstance(expires, int) or expires <= now.timestamp():
            raise BadToken("expired")
        return str(session_id), str(org_id)
