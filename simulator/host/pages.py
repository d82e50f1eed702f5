"""The routes below /host: the page, its files, the SDK stand-in and the data the page shows.

The page acts as the person chosen in it, through the same methods as the control API; it uses
nothing of the public API, so it neither costs credits nor appears in the request log.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, send_from_directory

from simulator import jsontext
from simulator.zoho.errors import ZohoError
from simulator.zoho.login import as_json
from simulator.zoho.metadata import choices_of, field_json, module_json, visible_fields
from simulator.zoho.render import render, render_listed

if TYPE_CHECKING:
    from simulator.world import World
    from simulator.zoho.catalogue import ModuleSpec
    from simulator.zoho.fields import FieldSpec

FOLDER = Path(__file__).parent
PAGE_ROWS = 100


def _module(world: World, name: str) -> ModuleSpec:
    module = world.zoho.modules.get(name)
    if module is None or module.parent is not None:
        raise LookupError(f"no module {name!r}")
    return module


def _fields(world: World, module: ModuleSpec) -> list[dict[str, Any]]:
    """The fields in the few words the page needs."""

    def short(spec: FieldSpec) -> dict[str, Any]:
        return {
            "name": spec.api_name,
            "label": spec.label,
            "type": spec.data_type,
            "read_only": spec.read_only,
            "mandatory": spec.mandatory,
            "custom": spec.custom,
            "lookup": spec.lookup,
            "choices": [one["actual_value"] for one in choices_of(world.zoho, spec)],
            "length": spec.length,
        }

    return [short(one) for one in visible_fields(world.zoho, module)]


def _setting(world: World) -> dict[str, Any]:
    """Everything the page has to know before it draws."""
    zoho = world.zoho
    modules = [one for one in zoho.modules.values() if one.parent is None]
    return {
        "org": zoho.org.as_json(),
        "users": [one.as_json() for one in zoho.org.users],
        "taxes": [one.as_json(place) for place, one in enumerate(zoho.org.taxes, 1)],
        "currencies": [one.iso_code for one in zoho.org.currencies if one.is_active],
        "widget": world.urls.widget,
        "control": world.urls.control,
        "modules": [
            {
                "name": one.api_name,
                "singular": one.singular,
                "plural": one.plural,
                "name_field": one.name_field,
                "number": one.number,
                "lines": one.lines,
                "fields": _fields(world, one),
            }
            for one in modules
        ],
    }


def _rows(world: World, module: ModuleSpec) -> dict[str, Any]:
    """One page of a list, newest first, perhaps only what holds the words looked for."""
    wanted = request.args.get("q", "").strip().casefold()
    page = max(int(request.args.get("page", "1")), 1)
    names = [one.api_name for one in module.fields.values() if one.data_type != "subform"]
    rows = list(world.zoho.tables[module.api_name])[::-1]
    if belongs_to := request.args.get("of", ""):
        rows = [row for row in rows if _refers(row, belongs_to)]
    if wanted:
        rows = [row for row in rows if _holds(world, module, row, wanted)]
    window = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return {
        "data": [render_listed(world.zoho, module, row, names) for row in window],
        "count": len(rows),
        "page": page,
        "pages": max(-(-len(rows) // PAGE_ROWS), 1),
    }


def _refers(row: Any, record_id: str) -> bool:
    """Whether one of the row's lookups is this record: what a related list shows."""
    held = (one for one in row.values.values() if isinstance(one, dict))
    return any(one.get("id") == record_id for one in held)


def _holds(world: World, module: ModuleSpec, row: Any, wanted: str) -> bool:
    account = row.values.get("Account_Name")
    texts = [value for value in row.values.values() if isinstance(value, str)]
    if isinstance(account, dict):
        related = world.zoho.tables["Accounts"].rows.get(account["id"])
        texts.append(str(related.values.get("Account_Name")) if related else "")
    del module
    return any(wanted in text.casefold() for text in texts)


def _names(world: World, module: ModuleSpec) -> list[dict[str, Any]]:
    """Ids and names for choosing a related record."""
    found = []
    for row in world.zoho.tables[module.api_name]:
        price = row.values.get("Unit_Price")
        found.append(
            {
                "id": row.id,
                "name": world.zoho.name_of(module, row),
                "code": row.values.get("Product_Code"),
                "price": price,
            }
        )
    return found


def _body() -> dict[str, Any]:
    document = jsontext.loads(request.get_data())
    if not isinstance(document, dict):
        raise ZohoError(400, "INVALID_DATA", "the body is a JSON object")
    return document


def _open_tasks(world: World, record_id: str) -> list[dict[str, Any]]:
    module = world.zoho.modules["Tasks"]
    return [
        render(world.zoho, module, row)
        for row in world.zoho.tables["Tasks"]
        if (row.values.get("What_Id") or {}).get("id") == record_id
    ]


def _record(world: World, name: str, record_id: str) -> Response:
    module = _module(world, name)
    user = request.args.get("user", "ana")
    if record_id not in world.zoho.tables[name].rows:
        raise LookupError(f"no record {record_id}")
    if request.method == "DELETE":
        world.zoho.delete(name, record_id, user=user)
        return as_json({"deleted": record_id})
    if request.method == "PUT":
        world.zoho.edit(name, record_id, _body(), user=user)
    row = world.zoho.tables[name].rows[record_id]
    shown = render(world.zoho, module, row)
    return as_json({"data": [shown], "tasks": _open_tasks(world, record_id)})


def _records(world: World, name: str) -> Response:
    module = _module(world, name)
    if request.method == "POST":
        made = world.zoho.create(name, _body(), user=request.args.get("user", "ana"))
        return as_json({"id": made}, 201)
    return as_json(_rows(world, module))


def _add_data(routes: Blueprint, world: World) -> None:
    @routes.get("/api/setting")
    def setting() -> Response:
        return as_json(_setting(world))

    @routes.get("/api/names/<name>")
    def names(name: str) -> Response:
        return as_json({"data": _names(world, _module(world, name))})

    @routes.get("/api/meta/<kind>")
    def meta(kind: str) -> Response:
        if kind == "MODULE_LIST":
            listed = [module_json(world.zoho, one) for one in world.zoho.modules.values()]
            return as_json({"modules": listed})
        module = _module(world, request.args.get("module", ""))
        fields = [field_json(world.zoho, module, one) for one in module.fields.values()]
        return as_json({"fields": fields})

    @routes.route("/api/records/<name>", methods=["GET", "POST"])
    def records(name: str) -> Response:
        return _records(world, name)

    @routes.route("/api/records/<name>/<record_id>", methods=["GET", "PUT", "DELETE"])
    def record(name: str, record_id: str) -> Response:
        return _record(world, name, record_id)


def blueprint(world: World) -> Blueprint:
    """The routes; a refusal of CRM's rules becomes 400 with CRM's own body."""
    routes = Blueprint("host", __name__, url_prefix="/host")
    _add_data(routes, world)

    @routes.get("/")
    def page() -> Response:
        return send_from_directory(FOLDER / "static", "index.html", max_age=0)

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(FOLDER / "static", name, max_age=0)

    @routes.get("/sdk/<path:name>")
    def sdk(name: str) -> Response:
        answer = send_from_directory(FOLDER / "sdk", name, max_age=0)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    @routes.errorhandler(ZohoError)
    def refused(error: ZohoError) -> Response:
        return as_json(error.body(), 400)

    @routes.errorhandler(ValueError)
    def wrong(error: ValueError) -> Response:
        return as_json({"message": str(error)}, 400)

    @routes.errorhandler(LookupError)
    def unknown(error: LookupError) -> Response:
        return as_json({"message": str(error)}, 404)

    return routes
