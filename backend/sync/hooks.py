"""Secrets in the addresses and channels Zoho's notifications come by; Zoho signs nothing.

Both are derived from ``SECRET_KEY``, so nothing is stored and a changed key ends them all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

_ORG_ID_LENGTH = 32


def path_secret(secret_key: str, org_id: str) -> str:
    """The last part of an organisation's notification address."""
    return f"{org_id}.{_mac(secret_key, f'zoho-path|{org_id}')}"


def organisation_of(secret_key: str, given: str) -> str | None:
    """The organisation a path secret was made for, None for one we never made."""
    org_id = given[:_ORG_ID_LENGTH]
    made = path_secret(secret_key, org_id)
    return org_id if hmac.compare_digest(made.encode(), _bytes(given)) else None


def channel_token(secret_key: str, org_id: str, channel_id: str) -> str:
    """What Zoho repeats with each notification of a channel; 43 characters, 50 are allowed."""
    return _mac(secret_key, f"zoho-channel|{org_id}|{channel_id}")


def channel_is_ours(secret_key: str, org_id: str, channel_id: str, *, token: str) -> bool:
    """Whether the token belongs to the channel; compared in constant time."""
    made = channel_token(secret_key, org_id, channel_id)
    return hmac.compare_digest(made.encode(), _bytes(token))


def _mac(secret_key: str, text: str) -> str:
    digest = hmac.new(secret_key.encode(), _bytes(text), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _bytes(given: str) -> bytes:
    """A stranger's text as bytes to compare; half a letter, which JSON can carry, has no UTF-8."""
    return given.encode(errors="surrogatepass")
