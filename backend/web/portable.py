"""An organisation's configuration as one file: settings and mappings, nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.defaults import default_settings
from backend.core.errors import Message
from backend.i18n import DEFAULT
from backend.modules import all_specs
from backend.store import views
from backend.store.tables import Organisation
from backend.texts import sentence
from backend.web import mapping_rules, settings_rules
from backend.web.body import field_errors
from backend.web.schemas import MAPPING_ROW, SETTINGS_DOCUMENT

FORMAT = 1


class BadConfiguration(Exception):
    """The file cannot be imported; the message lists what is wrong, one line each."""


def find_organisation(session: Session, given: str | None) -> Organisation:
    """The organisation of that id, ours or Zoho's; the only one when none is named."""
    query = select(Organisation)
    if given is not None:
        query = query.where((Organisation.id == given) | (Organisation.zoho_org_id == given))
    found = session.scalars(query.limit(2)).all()
    if len(found) != 1:
        raise BadConfiguration(
            "no such organisation" if not found else "there are several: name one with --org"
        )
    return found[0]


def exported(session: Session, org: Organisation) -> dict[str, Any]:
    """The configuration of one organisation."""
    mappings = {key: views.mapping(session, org.id, key) for key in all_specs()}
    return {
        "format": FORMAT,
        "organisation": {"id": org.zoho_org_id, "name": org.name},
        "settings": org.settings,
        "mappings": {key: row.rows for key, row in mappings.items() if row is not None},
    }


def import_into(session: Session, org: Organisation, given: Mapping[str, Any]) -> None:
    """Store a configuration if all of it is right; BadConfiguration otherwise, storing nothing."""
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise BadConfiguration(f"this is no configuration of format {FORMAT}")
    held = views.standing(session, org.id)
    settings = _settings(given.get("settings"))
    wrong = [
        *settings_rules.complaints(settings, held),
        *_mapping_complaints(given.get("mappings"), held),
    ]
    if wrong:
        raise BadConfiguration(_lines(wrong))
    org.settings = settings
    org.settings_version += 1
    for key, rows in (given.get("mappings") or {}).items():
        saved = views.mapping(session, org.id, key)
        version = (saved.version if saved else 0) + 1
        views.save_mapping(session, org.id, key, rows=rows, version=version, by="import-config")


def _settings(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadConfiguration("settings: is missing")
    try:
        return dict(SETTINGS_DOCUMENT.load(settings_rules.merged(default_settings(), given)))
    except ValidationError as error:
        raise BadConfiguration(_lines(list(field_errors(error.messages, "settings")))) from None


def _mapping_complaints(given: object, held: views.Standing) -> list[tuple[str, Message]]:
    wrong: list[tuple[str, Message]] = []
    for key, rows in (given if isinstance(given, dict) else {}).items():
        spec = all_specs().get(key)
        if spec is None or not isinstance(rows, list):
            wrong.append((f"mappings.{key}", Message("unknown_module")))
            continue
        for number, row in enumerate(rows):
            found = MAPPING_ROW.validate(row) if isinstance(row, dict) else {"row": "field_object"}
            wrong += field_errors(found, f"mappings.{key}.rows.{number}")
        if not wrong:
            wrong += [
                (f"mappings.{key}.{path}", told)
                for path, told in mapping_rules.complaints(spec, rows, held)
            ]
    return wrong


def _lines(wrong: list[tuple[str, Message]]) -> str:
    return "\n".join(f"{path}: {sentence(message, DEFAULT)}" for path, message in wrong)
