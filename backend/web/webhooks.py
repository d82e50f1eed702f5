"""What Xero and Zoho call: each call only notes which record may have changed.

Answers are 200 or 401 with an empty body, whatever was wrong: Xero asks for exactly that
(developer.xero.com/documentation/guides/webhooks/configuring-your-server), and a stranger learns
nothing. A body over a megabyte is no webhook and is not read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from backend.apis.jsontext import parse_object
from backend.apis.xero.webhooks import webhook_events, webhook_is_genuine
from backend.core.errors import SyncError
from backend.core.spec import Side
from backend.sync import heard, hooks
from backend.web.body import RECORD_ID
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
    heard.keep(bridge().sync, heard.of_xero(events))
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
    heard.keep(bridge().sync, _of_zoho(org_id, told))
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


def _of_zoho(org_id: str, told: Mapping[str, Any]) -> list[heard.Notice]:
    named = told.get("ids")
    module = str(told.get("module") or "")
    return [
        heard.Notice(side=Side.ZOHO, module=module, record_id=one, org_id=org_id)
        for one in (named if isinstance(named, list) else [])[:MOST_EVENTS]
        if isinstance(one, str) and RECORD_ID.fullmatch(one)
    ]
