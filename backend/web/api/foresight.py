"""What the buttons of a record would do, told before one is pressed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from backend.core.errors import ConnectionLost
from backend.store import views
from backend.sync.foresee import Expected, Foresight, foresee
from backend.web.body import home_of, module_key, record_id
from backend.web.context import bridge, caller
from backend.web.present import Reader
from backend.web.reading import view

foresight = Blueprint("foresight", __name__)


@foresight.get("/records/<module>/<zoho_id>/plan")
def read(module: str, zoho_id: str) -> Response:
    """Fields that would be written per direction, and records that would go first."""
    module, zoho_id = module_key(module), record_id(zoho_id)
    try:
        seen = foresee(bridge().sync, org_id=caller().org_id, module=module, zoho_id=zoho_id)
    except ConnectionLost:
        seen = Foresight()
    with view() as (session, standing, reader):
        return jsonify(
            linked=seen.linked,
            unread=sorted(str(side) for side in seen.unread),
            directions={
                name: _expected(one, reader, home_of(module))
                for name, one in seen.by_direction.items()
            },
            first=_first(session, standing.tenant_id, seen),
        )


def _expected(one: Expected, reader: Reader, module: str) -> dict[str, list[str]]:
    return {
        name: [reader.label(module, field) for field in getattr(one, name)]
        for name in ("xero", "zoho", "decide")
    }


def _first(session: Any, tenant_id: str, seen: Foresight) -> list[dict[str, str]]:
    names: dict[tuple[str, str], str] = {}
    for module in {module for module, _ in seen.first}:
        ids = [one for of, one in seen.first if of == module]
        found = views.labels(
            session, caller().org_id, tenant_id=tenant_id, module=module, zoho_ids=ids
        )
        names |= {(module, one): label for one, label in found.items()}
    return [
        {"module": module, "zoho_id": one, "label": names.get((module, one), "")}
        for module, one in seen.first
    ]
