"""An organisation's configuration as one file: settings and mappings, nothing secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.i18n import DEFAULT
from backend.modules import all_specs
from backend.modules.defaults import default_settings
from backend.store import views
from backend.store.tables import Organisation
from backend.sync import backlog
from backend.texts import sentence
from backend.web import copying, mapping_rules, settings_rules
from backend.web.body import field_errors, plain
from backend.web.present import iso
from backend.web.schemas import MAPPING_ROW, SETTINGS_DOCUMENT

FORMAT = 1
VERSION = 1

Complaint = tuple[str, Message]


class BadConfiguration(Exception):
    """The file cannot be imported; ``fields`` say what is wrong, the message one line each."""

    def __init__(self, *fields: Complaint) -> None:
        super().__init__("\n".join(_line(path, message) for path, message in fields))
        self.fields = fields


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import changes, and what a copy could not bring along."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[Complaint] = field(default_factory=list)


def find_organisation(session: Session, given: str | None) -> Organisation:
    """The organisation of that id, ours or Zoho's; the only one when none is named."""
    query = select(Organisation)
    if given is not None:
        query = query.where((Organisation.id == given) | (Organisation.zoho_org_id == given))
    found = session.scalars(query.limit(2)).all()
    if len(found) != 1:
        key = "organisation_unknown" if not found else "organisations_several"
        raise BadConfiguration(("organisation", Message(key)))
    return found[0]


def exported(session: Session, org: Organisation, *, now: datetime) -> dict[str, Any]:
    """The configuration of one organisation."""
    mappings = {key: views.mapping(session, org.id, key) for key in all_specs()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": iso(now),
        "organisation": {"id": org.zoho_org_id, "name": org.name},
        "settings": org.settings,
        "mappings": {key: row.rows for key, row in mappings.items() if row is not None},
    }


def version_of(session: Session, org: Organisation) -> str:
    """The version of all that a file holds; another one after every save of any of it."""
    saved = (views.mapping(session, org.id, key) for key in all_specs())
    versions = [org.settings_version, *(row.version if row is not None else 0 for row in saved)]
    return ".".join(map(str, versions))


def import_into(
    session: Session,
    org: Organisation,
    given: object,
    *,
    by: str,
    copy: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Store a configuration if all of it is right; ``BadConfiguration`` otherwise, storing nothing.

    With ``copy`` a file of another organisation is taken, too: what this one does not have
    (accounts, tax rates, fields, a product) is left out and named.
    """
    document = _readable(given)
    held = views.standing(session, org.id)
    gaps = _other_organisation(document, org, copy=copy)
    settings = _settings(document.get("settings"))
    mappings = _mappings(document.get("mappings"))
    if gaps:
        settings, mappings, named = copying.fitted(settings, mappings, held)
        gaps = [*gaps, *named]
    wrong = [
        *((f"settings.{path}", told) for path, told in settings_rules.complaints(settings, held)),
        *_mapping_complaints(mappings, held),
    ]
    if wrong:
        raise BadConfiguration(*wrong)
    changes = list(_changes(session, org, settings, mappings))
    if not dry_run:
        _store(session, org, settings, mappings, by=by)
    return Imported(changes=changes, gaps=gaps)


def _readable(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict) or "format" not in given:
        raise BadConfiguration(("format", Message("configuration_unreadable")))
    found = (given.get("format"), given.get("version", VERSION))
    if found != (FORMAT, VERSION):
        params = {"found": ".".join(map(str, found))[:40], "expected": f"{FORMAT}.{VERSION}"}
        raise BadConfiguration(("version", Message("configuration_other_version", params)))
    return given


def _other_organisation(
    document: Mapping[str, Any], org: Organisation, *, copy: bool
) -> list[Complaint]:
    """Refuse a file of another organisation, or name it when it is to be copied."""
    origin = document.get("organisation")
    held = origin if isinstance(origin, dict) else {}
    if not held.get("id") or str(held["id"]) == org.zoho_org_id:
        return []
    told = Message("configuration_other_organisation", {"name": str(held.get("name"))[:120]})
    if not copy:
        raise BadConfiguration(("organisation", told))
    params = {"name": str(held.get("name"))[:120]}
    return [("organisation", Message("configuration_copied", params))]


def _settings(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadConfiguration(("settings", Message("field_required")))
    try:
        whole = settings_rules.merged(default_settings(), given)
        return dict(plain(SETTINGS_DOCUMENT.load(whole)))
    except ValidationError as error:
        raise BadConfiguration(*field_errors(error.messages, "settings")) from None


def _mappings(given: object) -> dict[str, list[dict[str, Any]]]:
    """Well-formed rows by module."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadConfiguration(("mappings", Message("field_object")))
    wrong: list[Complaint] = []
    found: dict[str, list[dict[str, Any]]] = {}
    for key, rows in given.items():
        if all_specs().get(key) is None or not isinstance(rows, list):
            wrong.append((f"mappings.{key}", Message("unknown_module")))
            continue
        found[key] = []
        for number, row in enumerate(rows):
            try:
                found[key].append(dict(plain(MAPPING_ROW.load(row))))
            except ValidationError as error:
                wrong += field_errors(error.messages, f"mappings.{key}.rows.{number}")
    if wrong:
        raise BadConfiguration(*wrong)
    return found


def _mapping_complaints(
    mappings: Mapping[str, Sequence[Mapping[str, Any]]], held: views.Standing
) -> Iterator[Complaint]:
    for key, rows in mappings.items():
        for path, told in mapping_rules.complaints(all_specs()[key], rows, held):
            yield f"mappings.{key}.{path}", told


# --- what changes ------------------------------------------------------------------------------


def _changes(
    session: Session,
    org: Organisation,
    settings: Mapping[str, Any],
    mappings: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Iterator[dict[str, Any]]:
    yield from _differences("settings", org.settings, settings)
    for key, rows in mappings.items():
        saved = views.mapping(session, org.id, key)
        before = {row["name"]: row for row in (saved.rows if saved else ())}
        after = {row["name"]: row for row in rows}
        yield from _differences(f"mappings.{key}", before, after)


def _differences(path: str, before: object, after: object) -> Iterator[dict[str, Any]]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            yield from _differences(f"{path}.{name}", before.get(name), after.get(name))
    else:
        yield {"path": path, "before": before, "after": after}


def _store(
    session: Session,
    org: Organisation,
    settings: dict[str, Any],
    mappings: Mapping[str, list[dict[str, Any]]],
    *,
    by: str,
) -> None:
    if org.tenant_id is not None:
        backlog.hold_back(
            session,
            org_id=org.id,
            tenant_id=org.tenant_id,
            before=org.settings,
            after=settings,
        )
    org.settings = settings
    org.settings_version += 1
    for key, rows in mappings.items():
        saved = views.mapping(session, org.id, key)
        version = (saved.version if saved else 0) + 1
        views.save_mapping(session, org.id, key, rows=rows, version=version, by=by)


def _line(path: str, message: Message) -> str:
    return f"{path}: {sentence(message, DEFAULT)}"
