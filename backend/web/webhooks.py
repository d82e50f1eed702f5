"""What Xero and Zoho call: each call only notes which record may have changed.

Answers are 200 or 401 with an empty body, whatever was wrong: Xero asks for exactly that
(developer.xero.com/documentation/guides/webhooks/configuring-your-server), and a stranger learns
nothing. A body over a megabyte is no webhook and is not read.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from backend.apis.jsontext import parse_object
from backend.apis.xero.webhooks import Event, webhook_events, webhook_is_genuine
from backend.core.errors import SyncError
from backend.core.spec import Side
from backend.modules import all_specs
from backend.store.tables import Organisation, WebhookNote, XeroConnection
from backend.sync import hooks
from backend.sync.hints import hint
from backend.web.body import RECORD_ID, XERO_ID
from backend.web.context import bridge

log = logging.getLogger(__name__)

LONGEST = 1024 * 1024
MOST_EVENTS = 2000
"""More than Xero ever sends at once; what lies beyond is found by the next sweep."""

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@webhooks.post("/xero")
def xero() -> Response:
    """Note the records Xero names; 401 unless the raw body carries Xero's signature."""
    body = _raw_body()
    signature = request.headers.get("x-xero-signature")
    if body is None or not webhook_is_genuine(body, signature, bridge().settings.xero_webhook_key):
        return _empty(401)
    try:
        events = webhook_events(body)[:MOST_EVENTS]
    except SyncError:
        # Genuine but unreadable: answering 401 would have Xero switch the webhook off.
        log.warning("a genuine Xero webhook could not be read, %d bytes", len(body))
        return _empty(200)
    _note_xero(events)
    return _empty(200)


@webhooks.post("/zoho/<secret>")
def zoho(secret: str) -> Response:
    """Note the records Zoho names; 401 unless path and channel token are ours."""
    key = bridge().settings.secret_key
    org_id = hooks.organisation_of(key, secret)
    told = _told(_raw_body())
    token, channel = str(told.get("token") or ""), str(told.get("channel_id") or "")
    if org_id is None or not hooks.channel_is_ours(key, org_id, channel, token=token):
        return _empty(401)
    _note_zoho(org_id, told)
    return _empty(200)


def _raw_body() -> bytes | None:
    """The bytes as they came, None when there are too many to be a webhook."""
    if (request.content_length or 0) > LONGEST:
        return None
    body = request.stream.read(LONGEST + 1)
    return None if len(body) > LONGEST else body


def _told(body: bytes | None) -> Mapping[str, Any]:
    try:
        return parse_object(body or b"{}")
    except SyncError:
        return {}


def _empty(status: int) -> Response:
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def _note_xero(events: Iterable[Event]) -> None:
    """Events are routed by tenant: one address serves every organisation of ours."""
    modules = {
        spec.xero.event: key
        for key, spec in all_specs().items()
        if spec.xero.event and spec.attached_to is None
    }
    found: dict[tuple[str, str], dict[str, datetime | None]] = defaultdict(dict)
    for event in events:
        if XERO_ID.fullmatch(event.resource_id):
            ids = found[event.tenant_id, event.category]
            ids[event.resource_id] = _later(ids.get(event.resource_id, event.at), event.at)
    for (tenant_id, category), ids in found.items():
        for org_id in _organisations(tenant_id):
            _remember("xero", org_id, modules.get(category, category), ids)
            if category in modules:
                _note(org_id, modules[category], Side.XERO, ids=ids, tenant_id=tenant_id)


def _note_zoho(org_id: str, told: Mapping[str, Any]) -> None:
    modules = {spec.zoho.path: key for key, spec in all_specs().items() if spec.attached_to is None}
    named = told.get("ids")
    ids: dict[str, datetime | None] = {
        one: None
        for one in (named if isinstance(named, list) else [])[:MOST_EVENTS]
        if isinstance(one, str) and RECORD_ID.fullmatch(one)
    }
    module = str(told.get("module") or "")
    _remember("zoho", org_id, modules.get(module, module), ids)
    if module in modules:
        _note(org_id, modules[module], Side.ZOHO, ids=ids)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times; None, which speaks of any time, as soon as one is."""
    return None if one is None or other is None else max(one, other)


def _note(
    org_id: str,
    module: str,
    side: Side,
    *,
    ids: Mapping[str, datetime | None],
    tenant_id: str | None = None,
) -> None:
    hint(bridge().sync, org_id=org_id, module=module, side=side, changed=ids, tenant_id=tenant_id)


def _organisations(tenant_id: str) -> list[str]:
    """The organisations that sync with this Xero organisation now; usually one."""
    with bridge().database.begin() as session:
        return list(
            session.scalars(
                select(Organisation.id)
                .join(
                    XeroConnection,
                    (XeroConnection.org_id == Organisation.id)
                    & (XeroConnection.tenant_id == Organisation.tenant_id),
                )
                .where(Organisation.tenant_id == tenant_id)
            )
        )


def _remember(side: str, org_id: str, module: str, ids: Iterable[str]) -> None:
    """Keep briefly what came, for lag and gap figures; an unknown category is kept too."""
    kept = re.sub(r"[^A-Za-z0-9_]", "", module)[:32]
    now = bridge().now()
    with bridge().database.begin() as session:
        session.add_all(
            WebhookNote(side=side, org_id=org_id, module=kept, record_id=one, received_at=now)
            for one in ids
        )
