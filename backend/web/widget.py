"""The widget's files as the browser loads them inside Zoho CRM, and what they need to know."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, jsonify, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from backend.web.context import bridge
from backend.web.headers import widget_policy
from backend.web.widget_files import Files

FOLDER = Path(__file__).resolve().parents[2] / "widget" / "app"
FOR_GOOD = "public, max-age=31536000, immutable"
_SCRIPTS = {".js": "text/javascript", ".mjs": "text/javascript"}

widget = Blueprint("widget", __name__, url_prefix="/widget")
files = Files(FOLDER)


@widget.get("/config.json")
@widget.get("/files-<version>/config.json")
def config(version: str = "") -> Response:
    """Where Zoho's SDK is, where the API is, and which hosts may send messages to the page."""
    del version
    settings = bridge().settings
    return jsonify(
        sdk_url=settings.zoho_sdk_url,
        api_base=settings.public_url,
        host_origins=list(settings.zoho_frame_ancestors),
    )


@widget.get("/files-<version>/<path:name>")
def versioned(version: str, name: str) -> Response:
    """One file of the widget at an address of its version, which the browser need not ask for
    again; what an older or newer backend's page asks for is looked at anew each time."""
    response = _file(name)
    if version == files.version():
        response.headers["Cache-Control"] = FOR_GOOD
    return response


@widget.get("/<path:name>")
def page(name: str) -> Response:
    """One file of the widget; pages may be framed by Zoho's hosts alone.

    A page is looked at anew each time and names the files of its version.
    """
    return _page(name) if name.endswith(".html") else _file(name)


def _page(name: str) -> Response:
    path = safe_join(str(FOLDER), name)
    if path is None or not Path(path).is_file():
        raise NotFound
    response = Response(files.with_versions(Path(path)), mimetype="text/html")
    return _with_rules(response)


def _file(name: str) -> Response:
    response = send_from_directory(FOLDER, name, max_age=0)
    kind = _SCRIPTS.get(Path(name).suffix)
    if kind:
        # Module scripts of any other type are refused by browsers.
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    return _with_rules(response)


def _with_rules(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = widget_policy(bridge().settings)
    response.headers["Cache-Control"] = "no-cache"
    return response
