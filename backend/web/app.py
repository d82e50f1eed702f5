"""The web application put together: one Flask, its blueprints, headers, errors and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from flask.json.provider import DefaultJSONProvider
from flask_babel import Babel

from backend.i18n import FOLDER
from backend.settings import Settings
from backend.sync import attention, bulk, confirming, usage
from backend.sync import requests as clicks
from backend.web import body, headers, limits, problems
from backend.web.api import API
from backend.web.auth import auth
from backend.web.bearer import require_bearer
from backend.web.context import Bridge, attach, language
from backend.web.openapi import openapi
from backend.web.probes import probes
from backend.web.public import public
from backend.web.tokens import Signer
from backend.web.webhooks import webhooks
from backend.web.widget import widget

if TYPE_CHECKING:
    from backend.sync.app import Sync

REFUSALS = {
    bulk.NotConnected: (409, "connection_needed"),
    bulk.PreviewRequired: (409, "preview_required"),
    bulk.UnknownRun: (404, "not_found"),
    attention.NotOffered: (409, "answer_not_offered"),
    confirming.NothingToConfirm: (409, "nothing_to_confirm"),
    clicks.AlreadyLinked: (409, "already_linked"),
    clicks.ConflictChanged: (409, "conflict_changed"),
    clicks.UnknownRecord: (404, "unknown_record"),
}
"""What the shell refuses, as callers are told."""

LONGEST_BODY = 1024 * 1024
"""Bytes; nothing we are sent is longer."""


class _Json(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False
    compact = True


def build(settings: Settings, sync: Sync | None = None) -> Flask:
    """The application; ``sync`` is made from the settings unless it is handed in."""
    app = Flask("backend.web", static_folder=None)
    app.json = _Json(app)
    app.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_BODY,
        BABEL_TRANSLATION_DIRECTORIES=str(FOLDER),
        PROPAGATE_EXCEPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.url_map.strict_slashes = False
    Babel(app, locale_selector=language)
    parts = Bridge(settings=settings, sync=sync or _shell(settings), signer=_signer(settings))
    attach(app, parts)
    app.teardown_appcontext(lambda _error: usage.settle(parts.sync))
    headers.install(app, settings)
    limits.install(app)
    body.install(app)
    problems.install(app)
    problems.refusals(app, REFUSALS)
    app.register_blueprint(_api())
    for one in (auth, openapi, probes, public, webhooks, widget):
        app.register_blueprint(one)
    return app


def _shell(settings: Settings) -> Sync:
    from backend.sync.app import Sync

    return Sync.from_settings(settings)


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_key)


def _api() -> Blueprint:
    """Everything below ``/api``, behind one check of the bearer."""
    api = Blueprint("api", __name__, url_prefix="/api")
    api.before_request(require_bearer)
    for part in API:
        api.register_blueprint(part)
    return api
