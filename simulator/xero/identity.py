"""The pages and endpoints around tokens: consent, token, revocation, connections, keys."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

import jwt
from flask import Blueprint, Response, redirect, render_template_string, request

from simulator.jsontext import dumps
from simulator.xero import scopes
from simulator.xero.errors import ApiError, problem
from simulator.xero.oauth import Connection, Grant, Refused, User

if TYPE_CHECKING:
    from simulator.world import World

CONSENT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Xero | Authorise</title>
<style>body{font:16px system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem}
fieldset{border:1px solid #9aa3ab;border-radius:6px;margin:1rem 0}
button{font:inherit;padding:.5rem 1.25rem;border-radius:4px;border:1px solid #13b5ea}
button[value=allow]{background:#0b7aa5;color:#fff}label{display:block;padding:.25rem 0}</style>
</head><body><h1>Simulated Xero</h1>
<p><strong>{{ client }}</strong> wants access to your organisation data.</p>
<form method="post" action="{{ action }}">
{% for name, value in query.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}
<fieldset><legend>Signed in as</legend>
{% for user in users %}<label><input type="radio" name="user" value="{{ user.email }}"
{% if user.email == chosen.email %}checked{% endif %}> {{ user.first_name }} {{ user.last_name }}
({{ user.email }})</label>{% endfor %}</fieldset>
<fieldset><legend>Organisations</legend>
{% for id, name in organisations %}<label><input type="checkbox" name="tenant" value="{{ id }}"
{% if id in chosen.tenants %}checked{% endif %}> {{ name }}</label>{% endfor %}</fieldset>
<p>{% for scope in scopes %}<code>{{ scope }}</code> {% endfor %}</p>
<button name="decision" value="allow">Allow access</button>
<button name="decision" value="cancel">Cancel</button></form></body></html>"""
PROBLEM = """<!DOCTYPE html><html lang="en"><head><title>Xero | Error</title></head><body>
<h1>Sorry, something went wrong</h1><p>Error: {{ code }}</p></body></html>"""
# The consent page refuses to be framed; the widget has to open it on top.
NO_FRAMES = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"}


def blueprint(world: World) -> Blueprint:
    """All routes that are not the Accounting API."""
    routes = Blueprint("identity", __name__)
    routes.add_url_rule(
        "/identity/connect/authorize",
        "authorize",
        lambda: authorise(world),
        methods=["GET", "POST"],
    )
    routes.add_url_rule("/connect/token", "token", lambda: token(world), methods=["POST"])
    routes.add_url_rule("/connect/revocation", "revoke", lambda: revoke(world), methods=["POST"])
    for spelling in ("connections", "Connections"):
        routes.add_url_rule(f"/{spelling}", f"{spelling}-list", lambda: listed(world))
        routes.add_url_rule(
            f"/{spelling}/<connection_id>",
            f"{spelling}-one",
            lambda connection_id: removed(world, connection_id),
            methods=["DELETE"],
        )
    root = "/.well-known/openid-configuration"
    routes.add_url_rule(root, "discovery", lambda: discovery(world))
    routes.add_url_rule(f"{root}/jwks", "keys", lambda: keys(world))
    return routes


def authorise(world: World) -> Any:
    """The consent page; a bad client or redirect URI is told to the person, never redirected."""
    values = request.form if request.method == "POST" else request.args
    query = {name: values.get(name, "") for name in QUERY}
    if error := _stranger(world, query):
        return _problem(error)
    wanted = set(query["scope"].split())
    if error := _wrong(world, query, wanted):
        if world.switches.xero_scope_error_redirects:
            return _back(query, error=error)
        return _problem(error)
    user = world.xero.oauth.user(values.get("user") or query["login_hint"])
    if request.method == "GET" and not world.switches.auto_consent:
        return _consent_page(world, query, user)
    if values.get("decision") == "cancel":
        return _back(query, error="access_denied")
    return _allow(world, query, user, wanted)


def _stranger(world: World, query: dict[str, str]) -> str:
    """Why nobody may be sent back to this redirect URI, if so."""
    if query["client_id"] != world.xero_client.client_id:
        return "unauthorized_client : Unknown client or client not enabled"
    if not world.xero_client.allows(query["redirect_uri"]):
        return "unauthorized_client : Invalid redirect_uri"
    return ""


QUERY = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
)


def _wrong(world: World, query: dict[str, str], wanted: set[str]) -> str:
    """The OAuth error of a request, if any."""
    if query["response_type"] != "code":
        return "unsupported_response_type"
    if query["code_challenge"] and query["code_challenge_method"] != "S256":
        return "invalid_request"
    strict = world.switches.xero_enforce_granular_scopes
    if not wanted or not scopes.known(wanted, granular_only=strict):
        return "invalid_scope"
    return ""


def _consent_page(world: World, query: dict[str, str], user: User) -> Any:
    page = render_template_string(
        CONSENT,
        client=query["client_id"],
        action=request.path,
        query=query,
        users=world.xero.oauth.users,
        chosen=user,
        organisations=[
            (b.tenant, b.organisation["Name"]) for b in world.xero.organisations.values()
        ],
        scopes=sorted(query["scope"].split()),
    )
    return page, 200, NO_FRAMES


def _allow(world: World, query: dict[str, str], user: User, wanted: set[str]) -> Any:
    ticked = request.form.getlist("tenant") if request.method == "POST" else []
    tenants = [t for t in (ticked or user.tenants) if t in user.tenants]
    if not tenants:
        return _back(query, error="access_denied")
    code = world.xero.oauth.authorise(
        user,
        tenants,
        scopes=wanted,
        redirect_uri=query["redirect_uri"],
        challenge=query["code_challenge"],
        nonce=query["nonce"],
    )
    return _back(query, code=code, scope=" ".join(sorted(wanted)))


def _back(query: dict[str, str], **answer: str) -> Any:
    if query["state"]:
        answer["state"] = query["state"]
    joint = "&" if "?" in query["redirect_uri"] else "?"
    return redirect(f"{query['redirect_uri']}{joint}{urlencode(answer)}")


def _problem(code: str) -> Any:
    return render_template_string(PROBLEM, code=code), 400, NO_FRAMES


def _json(document: Any, status: int = 200) -> Response:
    return Response(dumps(document), status=status, content_type="application/json")


def _client_is_known(world: World) -> bool:
    """Basic authentication, or the credentials in the body."""
    header = request.headers.get("Authorization", "")
    found = (request.form.get("client_id", ""), request.form.get("client_secret", ""))
    if header.startswith("Basic "):
        try:
            text = base64.b64decode(header[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        client_id, _, secret = text.partition(":")
        found = (unquote(client_id), unquote(secret))
    return found == (world.xero_client.client_id, world.xero_client.secret)


def token(world: World) -> Response:
    """The token endpoint; every refusal is a 400 with an OAuth error."""
    if not _client_is_known(world):
        return _json({"error": "invalid_client"}, 400)
    try:
        answer = _granted(world)
    except Refused as refusal:
        return _json({"error": str(refusal)}, 400)
    response = _json(answer)
    response.headers["Cache-Control"] = "no-store, no-cache, max-age=0"
    return response


def _granted(world: World) -> dict[str, Any]:
    form = request.form
    if form.get("grant_type") == "authorization_code":
        return world.xero.oauth.exchange(
            form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
        )
    if form.get("grant_type") == "refresh_token":
        return world.xero.oauth.rotate(form.get("refresh_token", ""))
    raise Refused("unsupported_grant_type")


def revoke(world: World) -> Response:
    """The revocation endpoint: 200 and nothing else, whether the token was known or not."""
    if not _client_is_known(world):
        return _json({"error": "invalid_client"}, 400)
    world.xero.oauth.revoke_token(request.form.get("token", ""))
    return Response("", 200)


def bearer(world: World) -> Grant:
    """The grant of the request's access token; ApiError 401."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not value:
        raise problem(401, "Unauthorized", "AuthenticationUnsuccessful")
    grant = world.xero.oauth.grant_of(value.strip())
    if isinstance(grant, str):
        raise problem(401, "Unauthorized", grant, WWW_Authenticate='Bearer error="invalid_token"')
    return grant


def listed(world: World) -> Response:
    """The connections of the token's user."""
    try:
        grant = bearer(world)
    except ApiError as refusal:
        return _json(refusal.body, refusal.status)
    event = request.args.get("authEventId")
    mine = [c for c in world.xero.oauth.connections.values() if c.user_id == grant.user_id]
    found = [c for c in mine if event in {None, c.auth_event_id}]
    return _json([_connection(world, c) for c in sorted(found, key=lambda c: c.connection_id)])


def _connection(world: World, connection: Connection) -> dict[str, Any]:
    """Dates have seven digits of a second and no zone."""
    return {
        "id": connection.connection_id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant,
        "tenantType": "ORGANISATION",
        "tenantName": world.xero.organisations[connection.tenant].organisation["Name"],
        "createdDateUtc": f"{connection.created:%Y-%m-%dT%H:%M:%S.%f}0",
        "updatedDateUtc": f"{connection.updated:%Y-%m-%dT%H:%M:%S.%f}0",
    }


def removed(world: World, connection_id: str) -> Response:
    """Disconnect one organisation."""
    try:
        grant = bearer(world)
    except ApiError as refusal:
        return _json(refusal.body, refusal.status)
    gone = world.xero.oauth.disconnect(connection_id, grant.user_id)
    return Response("", 204 if gone else 404)


def discovery(world: World) -> Response:
    """The OpenID configuration."""
    identity, login = world.urls.xero_identity, world.urls.xero_login
    return _json(
        {
            "issuer": identity,
            "authorization_endpoint": f"{login}/identity/connect/authorize",
            "token_endpoint": f"{identity}/connect/token",
            "revocation_endpoint": f"{identity}/connect/revocation",
            "jwks_uri": f"{identity}/.well-known/openid-configuration/jwks",
            "code_challenge_methods_supported": ["S256"],
        }
    )


def keys(world: World) -> Response:
    """The public key of the tokens."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(world.xero.oauth.key.public_key())
    return _json({"keys": [{**json.loads(public), "kid": "simulator", "alg": "RS256"}]})
