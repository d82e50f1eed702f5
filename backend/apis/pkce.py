"""Proof Key for Code Exchange, S256 (RFC 7636), and random values for `state`."""

from __future__ import annotations

import base64
import hashlib
import secrets


def new_verifier() -> str:
    """A secret that only the browser's own sign-in attempt knows, 64 characters."""
    return secrets.token_urlsafe(48)


def challenge(verifier: str) -> str:
    """What may be shown of a verifier before it is used."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def new_state() -> str:
    """An unguessable value that ties a callback to its start."""
    return secrets.token_urlsafe(32)
