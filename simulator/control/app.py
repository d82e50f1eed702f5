"""The control application: one blueprint for the world and one for each side.

`world.py` serves the page and what concerns both sides; `xero.py` and `zoho.py` each offer
`blueprint(world)`, mounted below /control/xero and /control/zoho. ValueError raised by an act
becomes 400 and LookupError 404, each with its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response

from simulator.control import wire
from simulator.control import world as world_routes
from simulator.control import xero as xero_routes
from simulator.control import zoho as zoho_routes

if TYPE_CHECKING:
    from simulator.world import World


def create_app(world: World) -> Flask:
    """The control API and its page."""
    app = Flask(__name__)
    app.register_blueprint(world_routes.blueprint(world))
    app.register_blueprint(xero_routes.blueprint(world), url_prefix="/control/xero")
    app.register_blueprint(zoho_routes.blueprint(world), url_prefix="/control/zoho")

    @app.errorhandler(ValueError)
    def refused(error: ValueError) -> Response:
        return wire.answer({"error": str(error)}, 400)

    @app.errorhandler(LookupError)
    def unknown(error: LookupError) -> Response:
        return wire.answer({"error": str(error)}, 404)

    return app
