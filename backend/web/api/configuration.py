"""The whole configuration as one file, and what a change of settings would set off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

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
from backend.web.reading import etag, is_stale, view
from backend.web.schemas import CONFIGURATION, SETTINGS_DOCUMENT, SETTINGS_PROPOSAL
from backend.web.settings_rules import complaints, merged

configuration = Blueprint("configuration", __name__)


@configuration.get("/configuration")
@administrators_only
def export() -> Response:
    """Settings and mappings as one file, with its version as ETag; nothing in it is secret."""
    with bridge().database.begin() as session:
        org = session.get_one(Organisation, caller().org_id)
        found = portable.exported(session, org, now=bridge().now())
        version = portable.version_of(session, org)
    response = jsonify(found)
    response.headers["Content-Disposition"] = 'attachment; filename="configuration.json"'
    response.headers["ETag"] = etag(version)
    return response


@configuration.post("/configuration")
@administrators_only
def take() -> Response:
    """Store a file, all or nothing; with ``dry_run`` only say what it would change.

    What is stored has to be the version that was compared: its ETag comes with the dry run.
    """
    given = checked(CONFIGURATION)
    try:
        found, version = _taken(given)
    except portable.BadConfiguration as error:
        raise Problem(422, "bad_configuration", fields=error.fields) from None
    except IntegrityError:
        # A mapping was saved in the same moment: the other one was first.
        raise Problem(412, "configuration_changed") from None
    if not given["dry_run"]:
        bridge().sync.nudge(caller().org_id, "bulk")
    told = {"changes": _named(found.changes), "gaps": told_fields(found.gaps, language())}
    response = jsonify(told)
    response.headers["ETag"] = etag(version)
    return response


def _named(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes, those of a mapping with what the reader's CRM calls the field."""
    with view() as (_session, _standing, reader):
        return [_with_label(change, reader) for change in changes]


def _with_label(change: dict[str, Any], reader: Reader) -> dict[str, Any]:
    path = str(change["path"]).split(".")
    return change | {"label": reader.label(*path[1:3])} if path[0] == "mappings" else change


def _taken(given: Mapping[str, Any]) -> tuple[portable.Imported, str]:
    """What the file changes or would change, and the version after it."""
    dry_run = given["dry_run"]
    with bridge().database.begin() as session:
        # Nobody else saves settings between the look at their version and ours.
        held = None if dry_run else {"key_share": True}
        org = session.get_one(Organisation, caller().org_id, with_for_update=held)
        if not dry_run:
            _refuse_unseen(portable.version_of(session, org))
        found = portable.import_into(
            session,
            org,
            plain(given["document"]),
            by=caller().name,
            copy=given["copy"],
            dry_run=dry_run,
        )
        return found, portable.version_of(session, org)


def _refuse_unseen(version: str) -> None:
    asked = request.headers.get("If-Match")
    if asked is None:
        raise Problem(428, "version_needed")
    if is_stale(version, asked):
        raise Problem(412, "configuration_changed", headers={"ETag": etag(version)})


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
