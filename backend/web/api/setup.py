"""What setting up needs to know: modules, both systems' lists, maps, scope, pre-flight checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from backend.core.errors import Message, SyncError
from backend.core.policy import Condition
from backend.modules import all_specs
from backend.sync import scope as scopes
from backend.web import filter_rules, map_view, module_view, preflight_view
from backend.web.bearer import administrators_only
from backend.web.body import checked, home_of, module_key, plain
from backend.web.context import bridge, caller, language
from backend.web.problems import told_fields
from backend.web.reading import view
from backend.web.schemas import SCOPE_REQUEST

setup = Blueprint("setup", __name__)


@setup.get("/modules")
def modules() -> Response:
    """Every module with its names, what it can do, and why not what it cannot."""
    with view() as (_, standing, reader):
        return jsonify({"rows": module_view.rows(standing, reader), "cursor": None})


@setup.get("/xero/choices")
def choices() -> Response:
    """Accounts, tax rates, currencies and tracking of the Xero organisation, as last read."""
    with view() as (_, standing, _reader):
        return jsonify(map_view.choices(standing))


@setup.get("/maps")
def maps() -> Response:
    """What stands for what in both systems, proposals, and the gaps by name."""
    with view() as (_, standing, reader):
        document = map_view.maps(standing, reader, dict(standing.org.settings))
    return jsonify(document)


@setup.get("/preflight")
def preflight() -> Response:
    """What has to be right before a first sync, each with its remedy."""
    with view() as (session, standing, reader):
        return jsonify(preflight_view.checks(session, standing, reader))


@setup.post("/modules/<module>/scope")
@administrators_only
def scope(module: str) -> Response:
    """How many CRM records a filter and a start date let in; nothing is stored."""
    key = home_of(module_key(module))
    given = plain(checked(SCOPE_REQUEST, empty=True))
    with view() as (_, standing, _reader):
        wrong = list(filter_rules.complaints(all_specs()[key], given["filter"], standing))
    answer: dict[str, Any] = {"total": None, "included": None, "complete": True}
    if not wrong:
        answer |= _counted(key, given, wrong)
    return jsonify({**answer, "fields": told_fields(wrong, language())})


def _counted(key: str, given: dict[str, Any], wrong: list[tuple[str, Message]]) -> dict[str, Any]:
    start = given["start_date"]
    try:
        found = scopes.count(
            bridge().sync,
            caller().org_id,
            key,
            conditions=[Condition(**row) for row in given["filter"]],
            start=date.fromisoformat(start) if start else None,
        )
    except SyncError as error:
        wrong.append(("filter", error.message))
        return {}
    return {"total": found.total, "included": found.included, "complete": found.complete}
