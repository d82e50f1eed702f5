"""A backend and a CRM page of cardboard, so that every state of a page can be seen at will.

Two origins: the backend serves the real widget with a strict policy and canned answers; the
host embeds it and speaks the messages recorded from Zoho's SDK. Ids without a canned answer
play a trouble each: see `Fake.record`.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.serving import BaseWSGIServer, make_server

from tests.e2e import settings_states, states
from tests.e2e.board import add_board
from tests.e2e.fake_settings import add_settings

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
SERVER_ERROR, SLOW, HTML_PAGE = "2001", "2002", "2003"


@dataclass
class Fake:
    """What the cardboard backend remembers; a test reads and changes it."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)
    refreshes: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    admin: bool = True
    hold_requests: bool = False
    fail_next: list[int] = field(default_factory=list)
    host: str = ""
    sdk: str = "1.2"
    pages: dict[str, str] = field(default_factory=dict)
    """Pages as somebody else would host them: without a header of ours."""
    connections: dict[str, Any] = field(default_factory=states.connected)
    settings: dict[str, Any] = field(default_factory=settings_states.settings)
    version: int = 1
    accepted: bool = False
    org_name: str = "Harbour & Vine Group"
    org_id: str = "1"
    user_id: str = "701"
    user_name: str = "Ana Whitfield"
    run_steps: list[int] = field(default_factory=list)
    run_module: str = "all"
    runs: list[dict[str, Any]] = field(default_factory=list)
    hold_runs: bool = False
    confirm: bool = False
    log_rows: list[dict[str, Any]] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    """Steps of the set-up guide."""
    fail: dict[str, int] = field(default_factory=dict)
    slow: float = 0
    mappings: dict[str, dict[str, Any]] = field(default_factory=dict)
    imported: bool = False
    bare: bool = False
    counter: int = 0
    board: dict[str, Any] | None = None
    plan: dict[str, Any] = field(
        default_factory=lambda: {"linked": True, "unread": [], "directions": {}, "first": []}
    )
    allowed: list[str] = field(default_factory=lambda: ["both", "to_xero", "to_zoho"])
    chosen: list[str] = field(default_factory=list)
    reached: int = 0
    chosen_run: dict[str, Any] = field(default_factory=dict)
    """What the run of the chosen records says instead, while it reaches none of them."""

    def token(self) -> dict[str, Any]:
        """A new bearer and a new refresh token."""
        self.counter += 1
        bearer, refresh = f"bearer-{self.counter}", f"refresh-{self.counter}"
        self.bearers.add(bearer)
        self.refreshes.add(refresh)
        user = {
            "id": self.user_id,
            "name": self.user_name,
            "email": "a@x",
            "locale": "en_GB",
            "admin": self.admin,
        }
        return {
            "access_token": bearer,
            "expires_in": 900,
            "refresh_token": refresh,
            "user": user,
            "org": {"id": self.org_id, "name": self.org_name},
        }

    def forget_sessions(self, *, refreshes: bool = True) -> None:
        """Every bearer runs out at once."""
        self.bearers.clear()
        if refreshes:
            self.refreshes.clear()

    def record(self, record_id: str, language: str) -> Any:
        """The document of an id, or the trouble it plays."""
        if record_id == SERVER_ERROR:
            return problem(503, "unavailable")
        if record_id == HTML_PAGE:
            return Response("<html>gateway</html>", status=200, mimetype="text/html")
        if record_id == SLOW:
            threading.Event().wait(1.5)
            return states.answer("1001", language)
        return self.records.get(record_id) or states.answer(record_id, language)

    def settled(self, record_id: str, language: str) -> None:
        """What a click leads to: in sync."""
        document = states.in_sync(language)
        number = states.answer(record_id, language)["label"]
        document.update(zoho_id=record_id, label=number)
        document["zoho"]["number"] = document["xero"]["number"] = number
        document["links"][0]["xero_number"] = number
        self.records[record_id] = document


def problem(status: int, code: str, detail: str = "") -> tuple[Response, int]:
    """An error as the real backend writes it."""
    answer = jsonify(type="about:blank", title=code, status=status, detail=detail, code=code)
    answer.mimetype = "application/problem+json"
    answer.headers["X-Request-ID"] = "7F3A-19C2"
    return answer, status


def create_backend(fake: Fake) -> Flask:
    """The backend's side."""
    app = Flask("fake_backend", static_folder=None)

    @app.get("/widget/config.json")
    def config() -> Any:
        return jsonify(
            sdk_url=f"{fake.host}/sdk.js?version={fake.sdk}", api_base="", host_origins=[fake.host]
        )

    @app.get("/widget/<path:name>")
    def widget(name: str) -> Any:
        if name in fake.pages:
            return Response(fake.pages[name], mimetype="text/html")
        answer = send_from_directory(ROOT / "widget" / "app", name)
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {fake.host}; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self'; frame-ancestors {fake.host}; base-uri 'none'; form-action 'self'; "
            "object-src 'none'"
        )
        return answer

    @app.get("/auth/zoho/start")
    def start() -> Any:
        fake.codes.add("code-1")
        return send_from_directory(PAGES, "handoff.html")

    @app.get("/auth/handoff.js")
    def handoff() -> Any:
        return send_from_directory(PAGES, "handoff.js")

    @app.post("/auth/token")
    def token() -> Any:
        body = request.get_json()
        known = fake.codes if "code" in body else fake.refreshes
        value = body.get("code") or body.get("refresh_token")
        if value not in known:
            return problem(401, "bad_code")
        known.discard(value)
        return fake.token()

    @app.before_request
    def check() -> Any:
        if not request.path.startswith("/api/"):
            return None
        fake.calls.append((request.method, request.path, request.get_json(silent=True)))
        if request.headers.get("Authorization", "")[7:] not in fake.bearers:
            return problem(401, "signed_out")
        if request.method == "POST" and fake.fail_next:
            return problem(fake.fail_next.pop(0), "unavailable", "The queue is full.")
        return None

    @app.get("/api/records/<module>/<record_id>")
    def record(module: str, record_id: str) -> Any:
        language = (request.headers.get("Accept-Language") or "en")[:2]
        return fake.record(record_id, language)

    @app.post("/api/records/<module>/<record_id>/<act>")
    def act(module: str, record_id: str, act: str) -> Any:
        language = (request.headers.get("Accept-Language") or "en")[:2]
        if record_id in states.STATES:
            fake.settled(record_id, language)
        return jsonify(request_id=f"r-{record_id}"), 202

    @app.get("/api/requests/<request_id>")
    def asked(request_id: str) -> Any:
        running = fake.hold_requests or request_id == "slow"
        return jsonify(state="running" if running else "done", outcome=None)

    add_settings(app, fake)
    add_board(app, fake)
    return app


def create_host(widget_origin: str) -> Flask:
    """The page that plays CRM; `/evil.html` plays somebody else on the same screen."""
    app = Flask("fake_host", static_folder=None)

    @app.get("/<path:name>")
    def page(name: str) -> Any:
        if name == "origin.json":
            return jsonify(widget=widget_origin)
        return send_from_directory(PAGES, name)

    return app


class Serving:
    """An app on a free port of this machine, in a thread."""

    def __init__(self, app: Flask) -> None:
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
