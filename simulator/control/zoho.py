"""Acting as a person in Zoho CRM: the control routes below /control/zoho.

Records: `GET|POST records/{module}`, `GET|PUT|POST|DELETE records/{module}/{id}` (`?user=luc` says
who; Ana by default). Named acts: `restore`, `purge`, `merge`, `lock`, `revoke`, `expire`,
`silence`, `speak` and `multi_currency`. `GET people` and `GET figures` read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from simulator.control import wire
from simulator.zoho.errors import ZohoError
from simulator.zoho.figures import figures

if TYPE_CHECKING:
    from simulator.world import World


def _user() -> str:
    return request.args.get("user", "ana")


def _module(world: World, name: str) -> str:
    """A module of records; LookupError (404) when there is none of this name."""
    module = world.zoho.modules.get(name)
    if module is None or module.parent is not None:
        raise LookupError(f"no module {name!r}")
    return name


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise wire.BadAct(f"{name} is missing")
    return value


def _record(world: World, name: str, record_id: str) -> Response:
    module = _module(world, name)
    if record_id not in world.zoho.tables[module].rows:
        raise LookupError(f"no record {record_id} in {module}")
    if request.method == "DELETE":
        world.zoho.delete(module, record_id, user=_user())
        return wire.answer({"deleted": record_id})
    if request.method in {"PUT", "POST"}:
        world.zoho.edit(module, record_id, wire.body(), user=_user())
    return wire.answer(world.zoho.read(module, record_id))


def _records(world: World, name: str) -> Response:
    module = _module(world, name)
    if request.method == "POST":
        made = world.zoho.create(module, wire.body(), user=_user())
        return wire.answer(world.zoho.read(module, made), 201)
    return wire.answer({"data": world.zoho.records(module)})


def _restore(world: World, body: dict[str, Any]) -> object:
    world.zoho.restore(_module(world, _text(body, "module")), _text(body, "id"))
    return {"restored": body["id"]}


def _purge(world: World, body: dict[str, Any]) -> object:
    world.zoho.purge(_module(world, _text(body, "module")), _text(body, "id"))
    return {"purged": body["id"]}


def _merge(world: World, body: dict[str, Any]) -> object:
    losers = body.get("losers")
    if not isinstance(losers, list) or not losers:
        raise wire.BadAct("losers is a list of ids")
    module = _module(world, _text(body, "module"))
    world.zoho.merge(module, _text(body, "winner"), [str(one) for one in losers])
    return {"winner": body["winner"]}


def _lock(world: World, body: dict[str, Any]) -> object:
    locked = bool(body.get("locked", True))
    module = _module(world, _text(body, "module"))
    world.zoho.lock(module, _text(body, "id"), locked=locked)
    return {"locked": locked}


def _revoke(world: World, body: dict[str, Any]) -> object:
    return {"revoked": world.zoho.revoke(body.get("user"))}


def _expire(world: World, body: dict[str, Any]) -> object:
    del body
    world.zoho.accounts.expire_access()
    return {"expired": True}


def _silence(world: World, body: dict[str, Any]) -> object:
    world.zoho.channels.silent = bool(body.get("silent", True))
    return {"silent": world.zoho.channels.silent}


def _speak(world: World, body: dict[str, Any]) -> object:
    world.zoho.org.speak(_text(body, "user"), _text(body, "locale"))
    return {"locale": body["locale"]}


def _multi_currency(world: World, body: dict[str, Any]) -> object:
    world.zoho.org.multi_currency = bool(body.get("on", True))
    return {"multi_currency": world.zoho.org.multi_currency}


ACTS: dict[str, Callable[[World, dict[str, Any]], object]] = {
    "restore": _restore,
    "purge": _purge,
    "merge": _merge,
    "lock": _lock,
    "revoke": _revoke,
    "expire": _expire,
    "silence": _silence,
    "speak": _speak,
    "multi_currency": _multi_currency,
}


def blueprint(world: World) -> Blueprint:
    """The routes; a refusal of Zoho's own rules becomes 400 with Zoho's body."""
    routes = Blueprint("control_zoho", __name__)

    @routes.errorhandler(ZohoError)
    def refused(error: ZohoError) -> Response:
        return wire.answer({"error": error.message, **error.body()}, 400)

    @routes.get("/people")
    def people() -> Response:
        return wire.answer({"users": [one.as_json() for one in world.zoho.org.users]})

    @routes.get("/figures")
    def sums() -> Response:
        return wire.answer(figures(world.zoho))

    @routes.route("/records/<name>", methods=["GET", "POST"])
    def records(name: str) -> Response:
        return _records(world, name)

    @routes.route("/records/<name>/<record_id>", methods=["GET", "PUT", "POST", "DELETE"])
    def record(name: str, record_id: str) -> Response:
        return _record(world, name, record_id)

    @routes.post("/<act>")
    def act(act: str) -> Response:
        if act not in ACTS:
            raise LookupError(f"no act {act!r}")
        return wire.answer(ACTS[act](world, wire.body()))

    return routes
