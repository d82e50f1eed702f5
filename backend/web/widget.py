"""The widget's files as the browser loads them inside Zoho CRM, and what they need to know."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, jsonify, send_from_directory

from backend.web.context import bridge
from backend.web.headers import widget_policy

FOLDER = Path(__file__).resolve().parents[2] / "widget" / "app"
_SCRIPTS = {".js": "text/javascript", ".mjs": "text/javascript"}

widget = Blueprint("widget", __name__, url_prefix="/widget")


@widget.get("/config.json")
def config() -> Response:
    """Where Zoho's SDK is, where the API is, and which hosts may send messages to the page."""
    settings = bridge().settings
    return jsonify(
        sdk_url=settings.zoho_sdk_url,
        api_base=settings.public_url,
        host_origins=list(settings.zoho_frame_ancestors),
    )


@widget.get("/<path:name>")
def page(name: str) -> Response:
    """One file of the widget; pages may be framed by Zoho's hosts alone."""
    response = send_from_directory(FOLDER, name, max_age=0)
    kind = _SCRIPTS.get(Path(name).suffix)
    if kind:
        # Module scripts of any other type are refused by browsers.
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    response.headers["Content-Security-Policy"] = widget_policy(bridge().settings)
    response.headers["Cache-Control"] = "no-cache"
    return response
