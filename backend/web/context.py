"""What a request may use: settings, the shell, who is calling, and in which language."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, g, has_request_context, request

from backend import logs
from backend.i18n import DEFAULT, LANGUAGES, known
from backend.settings import Settings
from backend.store.engine import Database
from backend.web.tokens import Signer

if TYPE_CHECKING:
    from backend.sync.app import Sync

_EXTENSION = "zoho_xero"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """The application's own parts, made once."""

    settings: Settings
    sync: Sync
    signer: Signer

    @property
    def database(self) -> Database:
        """The database behind everything."""
        return self.sync.database

    def now(self) -> datetime:
        """The present, aware."""
        return self.sync.clock()


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The signed-in person; the organisation comes from here and from nowhere else."""

    session_id: str
    org_id: str
    user: dict[str, Any]

    @property
    def admin(self) -> bool:
        """Whether the person administrates the CRM organisation."""
        return self.user.get("admin") is True

    @property
    def name(self) -> str:
        """Who the log says it was."""
        return str(self.user.get("name") or self.user.get("email") or self.user.get("id") or "")


def attach(app: Flask, bridge: Bridge) -> None:
    """Give the application its parts."""
    app.extensions[_EXTENSION] = bridge


def bridge() -> Bridge:
    """The application's parts."""
    return cast("Bridge", current_app.extensions[_EXTENSION])


def caller() -> Caller:
    """Who is calling; only behind a bearer check."""
    return cast("Caller", g.caller)


def remember(person: Caller) -> None:
    """Note who is calling for the rest of the request."""
    g.caller = person


def language() -> str:
    """The reader's language: the request's, else the signed-in person's, else English."""
    if not has_request_context():
        return DEFAULT
    if request.accept_languages:
        asked = request.accept_languages.best_match(LANGUAGES)
        if asked:
            return asked
    person = g.get("caller") or g.get("person")
    return known(person.user.get("locale")) if person else DEFAULT


def request_id() -> str:
    """This request's number: the proxy's, when it is harmless, else our own."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        logs.name(request_id=g.request_id)
    return cast("str", g.request_id)
