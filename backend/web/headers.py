"""Headers every answer carries, and who may show or call us from another origin."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from backend import logs
from backend.settings import Settings
from backend.web.context import request_id

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
POPUP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def widget_policy(settings: Settings) -> str:
    """What widget pages may load, and that only Zoho's hosts may frame them."""
    hosts = " ".join(settings.zoho_frame_ancestors)
    return f"{page_policy(settings.zoho_sdk_url)}; frame-ancestors {hosts}"


def page_policy(sdk_url: str, backend: str = "") -> str:
    """What widget pages may load and call; ``backend`` is its origin where that is not theirs."""
    sdk = urlsplit(sdk_url)
    called = f"'self' {backend}".strip()
    return (
        f"default-src 'none'; script-src 'self' {sdk.scheme}://{sdk.netloc}; style-src 'self'; "
        f"img-src 'self' data:; font-src 'self'; connect-src {called}; base-uri 'none'; "
        "form-action 'none'"
    )


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer, without overwriting what a page has set itself."""

    @app.before_request
    def begin() -> None:
        logs.fresh()
        request_id()

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", API_POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Request-ID"] = request_id()
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        _let_widgets_call(response, settings)
        return response


def _let_widgets_call(response: Response, settings: Settings) -> None:
    """Answer widget pages that live elsewhere (``WIDGET_ORIGINS``); no cookie ever travels."""
    if not request.path.startswith(("/api/", "/auth/token", "/auth/sign-out")):
        return
    response.headers.add("Vary", "Origin")
    if request.origin not in settings.widget_origins:
        return
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = request.origin
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers["Access-Control-Expose-Headers"] = "ETag, X-Request-ID, Retry-After"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
        headers["Access-Control-Allow-Headers"] = (
            "Authorization, Content-Type, If-Match, Accept-Language"
        )
        headers["Access-Control-Max-Age"] = "600"
