"""Xero's webhooks: which record of which organisation may have changed, and proof of the sender."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backend.apis.jsontext import parse_object
from backend.apis.moments import moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One webhook event: which record of which organisation may have changed."""

    category: str
    type: str
    resource_id: str
    tenant_id: str
    at: datetime | None
    sequence: int | None = None
    """Its number among all events of the app, None when the body does not say."""


def webhook_is_genuine(body: bytes, signature: str | None, key: str) -> bool:
    """Whether the raw body carries Xero's HMAC-SHA256; compared in constant time.

    The key is the text as shown in the portal, not base64-decoded
    (developer.xero.com/documentation/guides/webhooks/configuring-your-server).
    """
    if not key or not signature:
        return False
    try:
        told = base64.b64decode(signature.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(told, hmac.new(key.encode(), body, hashlib.sha256).digest())


def webhook_events(body: bytes) -> list[Event]:
    """The events of a verified body. One that names no record or organisation has empty texts and
    is there for its number; without a number either it is left out."""
    told = parse_object(body)
    found = told.get("events")
    if not isinstance(found, list):
        return []
    first = _number(told.get("firstEventSequence"))
    events = (
        _event(entry, None if first is None else first + place) for place, entry in enumerate(found)
    )
    return [event for event in events if event is not None]


def _number(value: object) -> int | None:
    """A sequence number that is one; numbers arrive as Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = int(value)
    return number if number == value and 0 <= number < 2**31 else None


def _event(told: object, sequence: int | None) -> Event | None:
    entry = told if isinstance(told, dict) else {}
    texts = {
        name: entry[name]
        for name in ("eventCategory", "eventType", "resourceId", "tenantId")
        if isinstance(entry.get(name), str)
    }
    names_a_record = bool(texts.get("resourceId") and texts.get("tenantId"))
    if not names_a_record and sequence is None:
        return None
    return Event(
        category=texts.get("eventCategory", "").upper(),
        type=texts.get("eventType", "").upper(),
        resource_id=texts["resourceId"] if names_a_record else "",
        tenant_id=texts["tenantId"] if names_a_record else "",
        at=moment(entry.get("eventDateUtc")),
        sequence=sequence,
    )
