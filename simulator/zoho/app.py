"""The Zoho side as one WSGI application: accounts server, CRM API and the page that plays CRM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Flask, Response

from simulator.door import Door, House, InFlight, run
from simulator.host import pages
from simulator.zoho import api, login
from simulator.zoho.errors import ZohoError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from simulator.world import World


def error_body(status: int) -> bytes:
    """The JSON of a plain 500 or 503."""
    code = {500: "INTERNAL_ERROR"}.get(status, "SERVICE_UNAVAILABLE")
    body = {"code": code, "details": {}, "message": "Internal Server Error", "status": "error"}
    return json.dumps(body).encode()


def create_app(world: World) -> Flask:
    """The application; everything behind `simulator.door`."""
    app = Flask("simulator.zoho", static_folder=None)
    app.register_blueprint(login.blueprint(world))
    app.register_blueprint(api.blueprint(world))
    app.register_blueprint(pages.blueprint(world))

    @app.errorhandler(404)
    def unknown(_error: Exception) -> Response:
        refusal = ZohoError(
            404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"
        )
        return login.error_json(refusal)

    @app.errorhandler(405)
    def method(_error: Exception) -> Response:
        refusal = ZohoError(
            400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one"
        )
        return login.error_json(refusal)

    @app.after_request
    def dated(response: Response) -> Response:
        # A server's clock shows in its answers; here it is the world's, which people may move.
        response.date = world.clock.now()
        return response

    def tenant_of(_environ: WSGIEnvironment) -> str:
        return world.zoho.org.zgid

    house = House(
        side="zoho",
        error_body=error_body,
        tenant_of=tenant_of,
        secret_paths=("/oauth/",),
    )
    app.wsgi_app = Entrance(app.wsgi_app, world, house)  # type: ignore[method-assign]
    return app


def is_heavy(environ: WSGIEnvironment) -> bool:
    """Whether a call takes the narrow lane (API Limits: sub-concurrency): queries, searches and
    sorted lists. Writes of more than ten rows belong there too but are not told apart here.
    """
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    return path.endswith(("/coql", "/search")) or "sort_by=" in query or "cvid=" in query


class Entrance(Door):
    """The door of the API; the page that plays CRM has an entrance of its own, beside it."""

    def __init__(self, app: WSGIApplication, world: World, house: House) -> None:
        super().__init__(app, world, house)
        self.heavy = InFlight()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let one request through; what the page asks is neither logged nor hit by faults."""
        if environ.get("PATH_INFO", "").startswith("/host/"):
            answer = run(self.app, environ, self.world.lock)
            start_response(answer.status, answer.headers)
            return [answer.body]
        if not is_heavy(environ):
            return super().__call__(environ, start_response)
        environ["simulator.zoho.heavy"] = self.heavy.change("", 1)
        try:
            return super().__call__(environ, start_response)
        finally:
            self.heavy.change("", -1)
