"""What both token endpoints have in common: a form going out, tokens as a value coming back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from backend.apis.http import Answer, Request
from backend.apis.jsontext import parse_object
from backend.core.errors import Transient
from backend.core.spec import Side

LONGEST_LIFE = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a token endpoint gave. `refresh` is None where the old one stays good.

    `expires_in` is seconds. `user_id` is Xero's user, `event_id` its authentication event.
    """

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_in: int = 1800
    api_domain: str | None = None
    scope: str = ""
    user_id: str | None = None
    event_id: str | None = None


def form_request(
    side: Side, url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None
) -> Request:
    """A form POST; secrets travel in its body or headers, never in the URL."""
    return Request(
        method="POST",
        url=url,
        headers={
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            **(headers or {}),
        },
        body=urlencode(form).encode(),
        side=side,
    )


def basic(client_id: str, secret: str) -> dict[str, str]:
    """The Basic Authorization header (RFC 6749 §2.3.1)."""
    joined = base64.b64encode(f"{client_id}:{secret}".encode()).decode("ascii")
    return {"Authorization": f"Basic {joined}"}


def text(told: Mapping[str, Any], name: str) -> str | None:
    """A text of an answer, None when it is missing, empty or something else."""
    value = told.get(name)
    return value if isinstance(value, str) and value else None


def lifetime(told: Mapping[str, Any], usual: int) -> int:
    """`expires_in` in seconds within reason, `usual` when the answer holds nonsense."""
    value = str(told.get("expires_in", ""))
    seconds = int(value) if value.isdecimal() and len(value) < 8 else usual
    return min(max(seconds, 1), LONGEST_LIFE)


def object_of(answer: Answer) -> Mapping[str, Any]:
    """The JSON object of a token answer; `Transient` for a page, a cut text or a server error."""
    if answer.status >= 500 or answer.status == 429:
        raise Transient("remote_unavailable", words=f"HTTP {answer.status}")
    told = parse_object(answer.body)
    if not told:
        raise Transient("remote_garbled", words=f"HTTP {answer.status}")
    return told


def claims(token: str | None) -> Mapping[str, Any]:
    """The claims of a JWT that came straight from the issuer over TLS; {} for any other token.

    They are read, not verified: they only name the user whose token it is.
    """
    parts = (token or "").split(".")
    if len(parts) != 3:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        return parse_object(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (binascii.Error, ValueError):
        return {}
