"""Xero's webhooks: events are bundled, numbered, signed and handed to the outgoing post.

Signature and shape: developer.xero.com webhooks, configuring your server; Xero-OpenAPI
xero-webhooks.yaml.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import string
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.webhooks import Delivery, Receipt
from simulator.xero.wire import moment_string

if TYPE_CHECKING:
    from simulator.world import World

BUNDLE = 50
PATHS = {"CONTACT": "Contacts", "INVOICE": "Invoices", "CREDITNOTE": "CreditNotes"}


def signature(key: str, body: bytes) -> str:
    """base64(HMAC-SHA256) with the key's own bytes: it looks like base64 but is not decoded."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


class Events:
    """The webhook of the one registered application; off until `configure` is called."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.key = ""
        self._lock = threading.Lock()
        self._pending: list[dict[str, Any]] = []
        self._sequence = 0
        self._muted = False
        world.webhooks.add_source(self.bundle)

    def configure(self, url: str, key: str) -> None:
        """Set where events go and what signs them; an empty URL switches webhooks off."""
        self.url, self.key = url, key

    @contextlib.contextmanager
    def muted(self, silent: bool) -> Iterator[None]:
        """Drop events meanwhile, if so: the world's lock is held, so they are one caller's own."""
        self._muted = silent
        try:
            yield
        finally:
            self._muted = False

    def raise_event(
        self,
        category: str,
        event_type: str,
        *,
        tenant: str,
        record_id: str,
        data: dict[str, str] | None = None,
    ) -> None:
        """Note that something happened; unsubscribed categories are dropped here."""
        if self._muted or not self.url or not self._subscribed(category):
            return
        address = f"https://api.xero.com/api.xro/2.0/{PATHS[category]}/{record_id}"
        event: dict[str, Any] = {
            "resourceUrl": address,
            "resourceId": record_id,
            "eventDateUtc": moment_string(self.world.clock.now()).removesuffix("Z"),
            "eventType": event_type,
            "eventCategory": category,
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
        }
        if data:
            event["data"] = data
        with self._lock:
            self._pending.append(event)

    def bundle(self) -> list[Delivery]:
        """Everything that happened since the last time, as signed requests."""
        with self._lock:
            pending, self._pending = self._pending, []
        if self.world.webhooks.troubles.reorder:
            pending.reverse()
        return [
            self._delivery(pending[start : start + BUNDLE])
            for start in range(0, len(pending), BUNDLE)
        ]

    def intent_to_receive(self) -> list[Receipt]:
        """Send the validation requests Xero sends when a webhook is set up.

        A receiver passes when `Receipt.status` is 200 for well and 401 for badly signed ones; the
        first and third are well signed.
        """
        receipts = []
        for good in (True, False, True, False):
            delivery = self._delivery([], first=0)
            headers = delivery.headers if good else delivery.forged_headers
            answer = self.world.webhooks.session.post(
                self.url, data=delivery.body, headers=dict(headers or {}), timeout=5.0
            )
            receipts.append(
                Receipt(
                    side="xero",
                    url=self.url,
                    body=delivery.body,
                    status=answer.status_code,
                    answer=answer.content,
                )
            )
        return receipts

    def _subscribed(self, category: str) -> bool:
        switches = self.world.switches
        return {
            "CONTACT": switches.xero_webhooks_for_contacts,
            "INVOICE": switches.xero_webhooks_for_invoices,
            "CREDITNOTE": switches.xero_webhooks_for_credit_notes,
        }[category]

    def _delivery(self, events: list[dict[str, Any]], first: int | None = None) -> Delivery:
        start = self._sequence + 1 if first is None else first
        if first is None:
            self._sequence += len(events)
        body = self._body(events, start, self._sequence if first is None else first)
        return Delivery(
            side="xero",
            url=self.url,
            body=body,
            headers=self._headers(signature(self.key, body)),
            forged_headers=self._headers(signature("not the key", body)),
            retry=True,
        )

    def _body(self, events: list[dict[str, Any]], first: int, last: int) -> bytes:
        # Xero's own bodies are spaced irregularly; whoever re-serialises them fails here too.
        entropy = "".join(secrets.choice(string.ascii_uppercase) for _ in range(20))
        inner = json.dumps(events, separators=(",", ":"))
        return (
            f'{{"events":{inner},"firstEventSequence": {first},'
            f'"lastEventSequence": {last}, "entropy": "{entropy}"}}'
        ).encode()

    def _headers(self, signed: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "Xero/1.0",
            "x-xero-signature": signed,
        }
