"""The accounts server's pages and endpoints under `/oauth/v2` (Zoho Accounts OAuth guide)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from simulator import jsontext
from simulator.zoho.accounts import Consent, TokenError
from simulator.zoho.errors import ZohoError

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Answer

    from simulator.world import World

LOCATION = "eu"
FORM_FIELDS = (
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "access_type",
    "prompt",
    "code_challenge",
    "code_challenge_method",
    "response_type",
)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Zoho Accounts</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:15px/22px system-ui,sans-serif;background:#f5f6f8;color:#1b2430;margin:0}}
main{{max-width:26rem;margin:10vh auto;background:#fff;border-radius:10px;padding:28px 32px;
box-shadow:0 2px 18px #0002}}h1{{font-size:20px;margin:0 0 4px}}ul{{color:#515d6f;padding-left:18px;
font-size:13px;max-height:30vh;overflow:auto}}label{{display:block;margin:14px 0 6px}}
select,button{{font:inherit;padding:8px 12px;border-radius:6px;border:1px solid #7f8a9b;width:100%}}
button{{margin-top:12px;cursor:pointer;background:#fff}}
button[value=allow]{{background:#1d5bd0;color:#fff;border-color:#1d5bd0}}
:focus-visible{{outline:2px solid #1d5bd0;outline-offset:2px}}
small{{color:#515d6f}}</style><main><h1>Zoho Accounts</h1>
<small>A simulator of Zoho's sign-in, not Zoho.</small>
<p><b>{client}</b> would like to access {company}:</p><ul>{scopes}</ul>
<form method="post" action="/oauth/v2/auth">{hidden}
<label for="user">Sign in as</label><select id="user" name="user">{users}</select>
<button name="decision" value="allow">Accept</button>
<button name="decision" value="deny">Reject</button></form></main></html>"""


def as_json(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(
        jsontext.dumps(body), status=status, content_type="application/json;charset=UTF-8"
    )


def refused(error: str) -> Response:
    """The page of an authorisation request that goes nowhere."""
    text = (
        f"<!doctype html><title>Zoho Accounts</title><h1>Error Occurred</h1><p>{escape(error)}</p>"
    )
    return Response(text, status=400, content_type="text/html; charset=utf-8")


def blueprint(world: World) -> Blueprint:
    """The routes below `/oauth/v2`."""
    pages = Blueprint("zoho_accounts", __name__, url_prefix="/oauth/v2")

    @pages.get("/auth")
    def authorize() -> Answer:
        wrong = _wrong(world, request.args)
        if wrong:
            return refused(wrong)
        if world.switches.auto_consent or request.args.get("auto") == "1":
            return _allowed(world, request.args, request.args.get("login_hint", ""))
        return _consent_page(world)

    @pages.post("/auth")
    def consent() -> Answer:
        wrong = _wrong(world, request.form)
        if wrong:
            return refused(wrong)
        if request.form.get("decision", "allow") != "allow":
            answer = {"error": "access_denied", "state": request.form.get("state", "")}
            return _back(request.form["redirect_uri"], answer)
        return _allowed(world, request.form, request.form.get("user", ""))

    @pages.post("/token")
    def token() -> Response:
        form = {**request.args.to_dict(), **request.form.to_dict(), **_basic()}
        try:
            return as_json(_token(world, form))
        except TokenError as error:
            return as_json(error.body, error.status)

    pages.add_url_rule("/userinfo", "userinfo", lambda: _userinfo(world))
    pages.add_url_rule("/token/revoke", "revoke", lambda: _revoke(world), methods=["POST"])
    return pages


def _revoke(world: World) -> Response:
    """End a token; an unknown one is an error."""
    form = {**request.args.to_dict(), **request.form.to_dict()}
    if world.zoho.accounts.revoke(form.get("token", "")):
        return as_json({"status": "success"})
    return as_json({"error": "invalid_token"}, 400)


def _userinfo(world: World) -> Response:
    """Who a token with the identity scopes belongs to."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    access = world.zoho.accounts.access(text)
    if access is None or scheme not in {"Bearer", "Zoho-oauthtoken"}:
        return as_json({"error": "invalid_token"}, 401)
    user = access.user
    return as_json(
        {
            "sub": user.zuid,
            "ZUID": int(user.zuid),
            "Email": user.email,
            "email": user.email,
            "email_verified": True,
            "name": user.full_name,
            "Display_Name": user.full_name,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "locale": user.locale,
        }
    )


def _basic() -> dict[str, str]:
    """Client credentials of a Basic authorisation header."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        return {}
    try:
        client, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client, "client_secret": secret}


def _wrong(world: World, args: Mapping[str, str]) -> str:
    """Why an authorisation request is refused, or an empty text."""
    get = args.get
    if get("client_id") != world.zoho_client.client_id:
        return "Invalid Client ID"
    if not world.zoho_client.allows(get("redirect_uri", "")):
        return "Invalid Redirect Uri"
    if get("response_type") != "code":
        return "Invalid Response Type"
    if not _scopes(get("scope", "")):
        return "Scope does not exist"
    return ""


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _allowed(world: World, args: Mapping[str, str], who: str) -> Answer:
    """Back to the application with a code, the data centre and its accounts server."""
    get = args.get
    try:
        user = world.zoho.person(who) if who else world.zoho.org.users[0]
    except KeyError:
        return refused("Unknown user")
    scopes = _scopes(get("scope", ""))
    first = (user.id, scopes) not in world.zoho.accounts.consented
    world.zoho.accounts.consented.add((user.id, scopes))
    consent = Consent(
        user=user,
        scopes=scopes,
        redirect_uri=get("redirect_uri", ""),
        offline=get("access_type") == "offline" and (get("prompt") == "consent" or first),
        challenge=get("code_challenge") or None,
        challenge_method=get("code_challenge_method") or "plain",
        at=world.clock.now(),
    )
    answer = {
        "code": world.zoho.accounts.grant(consent),
        "location": LOCATION,
        "accounts-server": world.urls.zoho_accounts,
    }
    if get("state"):
        answer["state"] = get("state", "")
    return _back(consent.redirect_uri, answer)


def _back(redirect_uri: str, answer: dict[str, str]) -> Answer:
    """To the application's own address, behind whatever query that has already."""
    mark = "&" if "?" in redirect_uri else "?"
    return redirect(f"{redirect_uri}{mark}{urlencode(answer)}")


def _consent_page(world: World) -> Response:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(request.args[name])}">'
        for name in FORM_FIELDS
        if name in request.args
    )
    hint = request.args.get("login_hint", "").lower()
    users = "".join(
        f'<option value="{user.id}"{" selected" if hint in {user.email, user.id} else ""}>'
        f"{escape(user.full_name)} ({escape(user.profile.name)})</option>"
        for user in world.zoho.org.users
    )
    scopes = "".join(f"<li>{escape(one)}</li>" for one in _scopes(request.args["scope"]))
    page = PAGE.format(
        client=escape(world.zoho_client.client_id),
        company=escape(world.zoho.org.name),
        scopes=scopes,
        hidden=hidden,
        users=users,
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _token(world: World, form: dict[str, str]) -> dict[str, object]:
    if form.get("client_id") != world.zoho_client.client_id:
        raise TokenError("invalid_client")
    if form.get("client_secret") != world.zoho_client.secret:
        raise TokenError("invalid_client_secret")
    grant = form.get("grant_type")
    if grant == "authorization_code":
        return world.zoho.accounts.exchange(form)
    if grant == "refresh_token":
        return world.zoho.accounts.refresh(form)
    raise TokenError("unsupported_grant_type")


def error_json(error: ZohoError) -> Response:
    """A refusal as the API sends it."""
    if error.status == 304:
        return Response(status=304)
    return as_json(error.body(), error.status)
