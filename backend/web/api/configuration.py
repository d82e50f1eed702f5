"""The whole configuration as one file, and what a change of settings would set off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import ValidationError

from backend.core.errors import Message
from backend.store.tables import Organisation
from backend.sync import backlog
from backend.sync.backlog import Piled
from backend.texts import render
from backend.web import portable
from backend.web.api.settings import document_of
from backend.web.bearer import administrators_only
from backend.web.body import checked, field_errors, plain
from backend.web.context import bridge, caller, language
from backend.web.present import Reader
from backend.web.problems import Problem, told_fields
from backend.web.reading import view
from backend.web.schemas import CONFIGURATION, SETTINGS_DOCUMENT, SETTINGS_PROPOSAL
from backend.web.settings_rules import complaints, merged

configuration = Blueprint("configuration", __name__)


@configuration.get("/configuration")
@administrators_only
def export() -> Response:
    """Settings and mappings as one file; nothing in it is secret."""
    with bridge().database.begin() as session:
        org = session.get_one(Organisation, caller().org_id)
        found = portable.exported(session, org, now=bridge().now())
    response = jsonify(found)
    response.headers["Content-Disposition"] = 'attachment; filename="configuration.json"'
    return response


@configuration.post("/configuration")
@administrators_only
def take() -> Response:
    """Store a file, all or nothing; with ``dry_run`` only say what it would change."""
    given = checked(CONFIGURATION)
    try:
        with bridge().database.begin() as session:
            org = session.get_one(Organisation, caller().org_id)
            found = portable.import_into(
                session,
                org,
                plain(given["document"]),
                by=caller().name,
                copy=given["copy"],
                dry_run=given["dry_run"],
            )
    except portable.BadConfiguration as error:
        raise Problem(422, "bad_configuration", fields=error.fields) from None
    if not given["dry_run"]:
        bridge().sync.nudge(caller().org_id, "bulk")
    return jsonify({"changes": found.changes, "gaps": told_fields(found.gaps, language())})


@configuration.post("/settings/check")
@administrators_only
def check() -> Response:
    """What is wrong with settings, and what saving them would set off; nothing is stored."""
    given = checked(SETTINGS_PROPOSAL)["document"]
    with view() as (session, standing, reader):
        before = document_of(standing)
        try:
            after = dict(SETTINGS_DOCUMENT.load(merged(before, given)))
        except ValidationError as error:
            wrong = list(field_errors(error.messages))
            return jsonify({"fields": told_fields(wrong, language()), "consequences": []})
        wrong = list(complaints(after, standing))
        found = backlog.piled(
            session,
            org_id=standing.org.id,
            tenant_id=standing.tenant_id,
            before=before,
            after=plain(after),
        )
    return jsonify(
        {
            "fields": told_fields(wrong, language()),
            "consequences": [_consequence(each, reader) for each in found],
        }
    )


def _consequence(piled: Piled, reader: Reader) -> dict[str, Any]:
    params = {"module": piled.module}
    if piled.count is not None:
        params["count"] = str(piled.count)
    told = render(Message(piled.key, params), reader.language, module=piled.module) or {}
    text = " ".join(part for part in (told.get("text"), told.get("fix")) if part)
    return {"module": piled.module, "key": piled.key, "text": text, "count": piled.count}
