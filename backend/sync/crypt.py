"""Tokens at rest: sealed by the first key, opened by any, so that keys can be rotated."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """What is stored was sealed by a key that is no longer among ours, or was tampered with."""


class Crypt:
    """Seals and opens short secrets with Fernet keys (AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: str) -> bytes:
        """The secret, encrypted with the first key."""
        return self._keys.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret again; SealBroken when none of the keys opens it."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            raise SealBroken("no key opens this") from None

    def rotate(self, sealed: bytes) -> bytes:
        """The same secret, sealed with the first key; SealBroken when none opens it."""
        try:
            return self._keys.rotate(sealed)
        except InvalidToken:
            raise SealBroken("no key opens this") from None
