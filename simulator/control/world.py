"""The control page, and what concerns the whole world: clock, faults, switches, log, figures.

`GET|POST|DELETE /control/faults` · `POST /control/clock {"advance": s} | {"freeze": iso|null}` ·
`GET /control/requests?side=&since=` · `GET /control/figures` · `GET|POST /control/switches` ·
`GET|POST /control/webhooks` (troubles on the way) · `POST /control/webhooks/deliver`.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template_string, request

from simulator.control import wire
from simulator.control.page import PAGE
from simulator.faults import Fault, Kind
from simulator.zoho.figures import figures as zoho_figures

if TYPE_CHECKING:
    from simulator.requestlog import Entry
    from simulator.world import World


def _faults(world: World) -> Response:
    if request.method == "DELETE":
        world.faults.clear()
    if request.method == "POST":
        number = world.faults.add(_fault(wire.body()))
        return wire.answer({"id": number}, 201)
    armed = {str(number): asdict(fault) for number, fault in world.faults.armed().items()}
    return wire.answer({"faults": armed})


def _fault(body: dict[str, Any]) -> Fault:
    known = {f.name for f in fields(Fault)}
    if unknown := set(body) - known:
        raise wire.BadAct(f"unknown field {sorted(unknown)[0]}")
    if "seconds" in body:
        body["seconds"] = float(wire.amount(body["seconds"]))
    try:
        return Fault(**body)
    except TypeError as error:
        raise wire.BadAct(str(error)) from error


def _clock(world: World) -> Response:
    body = wire.body()
    if "advance" in body:
        world.clock.advance(float(wire.amount(body["advance"])))
    if "freeze" in body:
        at = body["freeze"]
        world.clock.freeze(datetime.fromisoformat(at) if at else None)
    return wire.answer({"now": world.clock.now().isoformat()})


def _requests(world: World) -> Response:
    side = request.args.get("side") or None
    since = int(request.args.get("since", "0"))
    found = [_shown(entry) for entry in world.log.entries(side, since)]
    return wire.answer({"requests": found, "count": world.log.count(side)})


def _shown(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "at": entry.at.isoformat()}


def _figures(world: World) -> Response:
    xero = {
        tenant: {"name": books.organisation["Name"], **world.xero.figures(tenant)}
        for tenant, books in world.xero.organisations.items()
    }
    calls = {side: world.log.count(side) for side in ("xero", "zoho")}
    return wire.answer({"xero": xero, "zoho": zoho_figures(world.zoho), "calls": calls})


def _switches(world: World) -> Response:
    if request.method == "POST":
        world.switches.apply(_plain(wire.body()))
    sources = world.switches.sources()
    return wire.answer({"switches": world.switches.as_dict(), "sources": sources})


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """The body with Decimal as float: switches are seconds and counts, not money."""
    return {
        name: value if isinstance(value, bool | int | str) else float(wire.amount(value))
        for name, value in body.items()
    }


def _webhooks(world: World) -> Response:
    if request.method == "POST":
        world.webhooks.troubles.apply(_plain(wire.body()))
    waiting = world.webhooks.waiting()
    return wire.answer({"troubles": asdict(world.webhooks.troubles), "waiting": waiting})


def _deliver(world: World) -> Response:
    receipts = world.webhooks.deliver()
    return wire.answer({"delivered": [{"url": r.url, "status": r.status} for r in receipts]})


def _page(world: World) -> str:
    return render_template_string(
        PAGE,
        organisations=world.xero.organisations,
        kinds=[kind.value for kind in Kind],
        switches=world.switches.as_dict(),
        sources=world.switches.sources(),
        now=world.clock.now(),
        urls=world.urls,
    )


def blueprint(world: World) -> Blueprint:
    """The routes, for `simulator.control.app`."""
    routes = Blueprint("control-world", __name__)
    rules: dict[str, tuple[Any, list[str]]] = {
        "/": (_page, ["GET"]),
        "/control/faults": (_faults, ["GET", "POST", "DELETE"]),
        "/control/clock": (_clock, ["GET", "POST"]),
        "/control/requests": (_requests, ["GET"]),
        "/control/figures": (_figures, ["GET"]),
        "/control/switches": (_switches, ["GET", "POST"]),
        "/control/webhooks": (_webhooks, ["GET", "POST"]),
        "/control/webhooks/deliver": (_deliver, ["POST"]),
    }
    for rule, (view, methods) in rules.items():
        routes.add_url_rule(rule, view.__name__, lambda view=view: view(world), methods=methods)
    return routes
