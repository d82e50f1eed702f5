"""The organisation's settings: read by everybody, saved by administrators, whole or not at all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.modules.defaults import default_settings
from backend.store.tables import Organisation
from backend.store.views import Standing, standing
from backend.sync import backlog, cured
from backend.web.bearer import administrators_only
from backend.web.body import check, json_object, plain
from backend.web.context import bridge, caller
from backend.web.problems import Problem
from backend.web.reading import etag, is_stale, view
from backend.web.schemas import SETTINGS_DOCUMENT
from backend.web.settings_rules import complaints, merged

settings = Blueprint("settings", __name__)


@settings.get("/settings")
def read() -> Response:
    """The document, with its version as ETag."""
    with view() as (_, held, _reader):
        return _answer(document_of(held), held.org.settings_version)


@settings.put("/settings")
@administrators_only
def save() -> Response:
    """Store a document that is right as a whole; what is left out stays as it is."""
    given = json_object()
    with bridge().database.begin() as session:
        held = standing(session, caller().org_id)
        version = held.org.settings_version
        _refuse_stale(held, version)
        before = document_of(held)
        document = check(SETTINGS_DOCUMENT, merged(before, given))
        wrong = complaints(document, held)
        if wrong:
            raise Problem(422, "bad_body", fields=wrong)
        stored = session.execute(
            update(Organisation)
            .where(Organisation.id == held.org.id, Organisation.settings_version == version)
            .values(settings=plain(document), settings_version=version + 1)
            .returning(Organisation.id)
        ).scalar_one_or_none()
        if stored is None:
            session.expire(held.org)
            _stale(held, held.org.settings_version)
        _hold_back(session, held, before, plain(document))
        _look_again(session, held)
    bridge().sync.nudge(caller().org_id, "bulk")
    return _answer(plain(document), version + 1)


def _hold_back(
    session: Session, held: Standing, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """What piled up while a switch was off is shown as a preview before it goes."""
    if held.org.tenant_id is not None:
        backlog.hold_back(
            session,
            org_id=held.org.id,
            tenant_id=held.org.tenant_id,
            before=before,
            after=after,
        )


def _look_again(session: Session, held: Standing) -> None:
    """Records that waited for a tax, an account or a currency may go now."""
    if held.org.tenant_id is not None:
        cured.look_again(bridge().sync, session, org_id=held.org.id, tenant_id=held.org.tenant_id)


def document_of(held: Standing) -> dict[str, Any]:
    """What is stored, over the defaults: an older document gains newer keys. A module that is newer
    than it is off, as the rules have it, until an administrator switches it on."""
    defaults = default_settings(attempts=bridge().settings.sync_attempts)
    for key in defaults["modules"].keys() - held.org.settings.get("modules", {}).keys():
        defaults["modules"][key]["enabled"] = False
    return merged(defaults, held.org.settings)


def _refuse_stale(held: Standing, version: int) -> None:
    if is_stale(version, request.headers.get("If-Match")):
        _stale(held, version)


def _stale(held: Standing, version: int) -> None:
    raise Problem(
        412,
        "changed_meanwhile",
        more={"current": document_of(held)},
        headers={"ETag": etag(version)},
    )


def _answer(document: dict[str, Any], version: int) -> Response:
    response = jsonify(document)
    response.headers["ETag"] = etag(version)
    return response
