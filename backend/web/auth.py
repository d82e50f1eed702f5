"""Signing in and connecting: popups out to Zoho and Xero, and tokens for the widget.

The widget lives in a frame of another site, so there are no cookies anywhere: the popup hands a
one-time code to its opener by postMessage to that exact origin, and the widget trades it for a
short-lived bearer and a refresh token that changes with every use.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validates_schema

from backend.core.errors import SyncError
from backend.store.columns import new_id
from backend.store.sessions import (
    end_session,
    open_session,
    redeem_handoff,
    rotate_session,
)
from backend.store.tables import Organisation, UserSession
from backend.texts import render
from backend.web import signing
from backend.web.bearer import session_of_bearer
from backend.web.body import OWN_ID, checked
from backend.web.context import bridge, language
from backend.web.headers import POPUP_POLICY
from backend.web.problems import Problem, status_of
from backend.web.tokens import ACCESS_SECONDS, fingerprint, new_secret

auth = Blueprint("auth", __name__, url_prefix="/auth", template_folder="pages")


class TokenRequest(Schema):
    """Exactly one of the two ways to a bearer."""

    code = fields.String(metadata={"description": "The one-time code of the popup."})
    refresh_token = fields.String(metadata={"description": "The newest refresh token."})

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_more: Any) -> None:
        if len(data) != 1:
            raise ValidationError("field_required", "code")


TOKEN_REQUEST = TokenRequest()


@auth.get("/zoho/start")
def start_zoho() -> Response:
    """Send the popup to Zoho; the origin must be one widget pages live at."""
    purposes = {"sign_in": signing.Kind.SIGN_IN, "connect": signing.Kind.CONNECT}
    kind = purposes.get(request.args.get("purpose", ""))
    origin = request.args.get("origin", "")
    if kind is None:
        return problem_page(Problem(400, "sign_in_purpose"))
    if origin not in bridge().settings.widget_homes:
        return problem_page(Problem(400, "sign_in_origin"))
    return _away(signing.zoho_address(bridge(), kind, origin))


@auth.get("/zoho/callback")
def zoho_callback() -> Response:
    """Hand a one-time code to the page that opened this popup."""
    try:
        handoff = signing.finish_zoho(bridge(), request.args)
    except (Problem, SyncError) as error:
        return problem_page(error)
    return _page(
        gettext("Signed in"),
        [gettext("You can close this window.")],
        handoff={"code": handoff.code, "origin": handoff.origin},
    )


@auth.get("/xero/callback")
def xero_callback() -> Response:
    """Say that Xero's organisations are on offer, to the person and to the page behind."""
    try:
        login = signing.finish_xero(bridge(), request.args)
    except (Problem, SyncError) as error:
        return problem_page(error)
    return _page(
        gettext("Xero is connected"),
        [gettext("Close this window and choose the organisation in the settings.")],
        connected={"side": "xero", "origin": login.origin},
    )


@auth.post("/token")
def token() -> Response:
    """A bearer for a hand-off code or for the newest refresh token; both work once."""
    given = checked(TOKEN_REQUEST)
    person, refresh = (
        _redeemed(given["code"]) if "code" in given else _rotated(given["refresh_token"])
    )
    return jsonify(_tokens(person, refresh))


@auth.post("/sign-out")
def sign_out() -> Response:
    """End the session of the bearer; a bearer that is no longer valid is signed out already."""
    session_id = session_of_bearer()
    if session_id is not None:
        with bridge().database.begin() as session:
            end_session(session, session_id, now=bridge().now())
    return Response(status=204)


@auth.get("/popup.js")
def popup_script() -> Response:
    """The script of the popup's pages."""
    return _asset("popup.js", "text/javascript")


@auth.get("/popup.css")
def popup_style() -> Response:
    """The looks of the popup's pages."""
    return _asset("popup.css", "text/css")


def _redeemed(code: str) -> tuple[UserSession, str]:
    refresh, session_id, now = new_secret(), new_id(), bridge().now()
    with bridge().database.begin() as session:
        login = redeem_handoff(session, fingerprint(code), now=now)
        if login is not None and request.origin in {None, login.origin}:
            person = open_session(
                session,
                session_id=session_id,
                org_id=str(login.org_id),
                user=login.user,
                refresh_hash=fingerprint(refresh),
                now=now,
            )
            return person, f"{session_id}.{refresh}"
    # Outside the transaction: a code shown by the wrong page stays used.
    raise Problem(401, "sign_in_code_invalid")


def _rotated(given: str) -> tuple[UserSession, str]:
    session_id, _, secret = given.partition(".")
    if not OWN_ID.fullmatch(session_id):
        raise Problem(401, "not_signed_in")
    refresh = new_secret()
    with bridge().database.begin() as session:
        person = rotate_session(
            session,
            session_id,
            refresh_hash=fingerprint(secret),
            new_hash=fingerprint(refresh),
            now=bridge().now(),
        )
    if person is None:
        raise Problem(401, "not_signed_in")
    return person, f"{session_id}.{refresh}"


def _tokens(person: UserSession, refresh: str) -> dict[str, Any]:
    access = bridge().signer.bearer(session_id=person.id, org_id=person.org_id, now=bridge().now())
    with bridge().database.begin() as session:
        org = session.get_one(Organisation, person.org_id)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "refresh_token": refresh,
        "user": person.user,
        "org": {"id": org.zoho_org_id, "name": org.name},
    }


def problem_page(error: Problem | SyncError) -> Response:
    """What went wrong, for the person in front of the popup."""
    status = error.status if isinstance(error, Problem) else status_of(error)
    told = render(error.message, language()) or {}
    lines = [line for line in (told.get("text"), told.get("fix")) if line]
    response = _page(gettext("That did not work"), lines)
    response.status_code = status
    return response


def _away(url: str) -> Response:
    return Response(status=302, headers={"Location": url})


def _page(title: str, lines: list[str], **data: dict[str, str]) -> Response:
    """A page of the popup; ``data`` names the one JSON block its script hands to the opener."""
    holder, held = next(iter(data.items()), ("", None))
    page = render_template(
        "popup.html", language=language(), title=title, lines=lines, holder=holder, data=held
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POPUP_POLICY
    response.headers["Content-Language"] = language()
    return response


def _asset(name: str, kind: str) -> Response:
    with auth.open_resource(f"pages/{name}") as file:
        return Response(file.read(), content_type=f"{kind}; charset=utf-8")
