"""Who is signed in, and the connections of his organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from backend.core.errors import Message
from backend.sync import connections as shell
from backend.sync import leaving
from backend.web import signing
from backend.web.bearer import administrators_only
from backend.web.body import checked
from backend.web.context import bridge, caller, language
from backend.web.present import Reader
from backend.web.problems import Problem
from backend.web.reading import view
from backend.web.schemas import CONNECT_REQUEST, LEAVE_REQUEST, ORGANISATION_CHOICE

connections = Blueprint("connections", __name__)


@connections.get("/me")
def me() -> Response:
    """The signed-in person, the CRM organisation, and the language answers come in."""
    with view() as (_, standing, _reader):
        org = {"id": standing.org.zoho_org_id, "name": standing.org.name}
    return jsonify(user=caller().user, org=org, language=language())


@connections.get("/connections")
def overview() -> Response:
    """Both connections, with the Xero organisations on offer."""
    return jsonify(_overview())


@connections.post("/connections/xero")
@administrators_only
def connect() -> Response:
    """Where to send a popup to connect Xero."""
    given = checked(CONNECT_REQUEST, empty=True)
    origin = given["origin"] or bridge().settings.public_url
    if origin not in bridge().settings.widget_homes:
        raise Problem(400, "sign_in_origin")
    return jsonify(url=signing.xero_address(bridge(), caller(), origin))


@connections.put("/connections/xero/organisation")
@administrators_only
def choose() -> Response:
    """Choose one of the Xero organisations on offer."""
    tenant_id = checked(ORGANISATION_CHOICE)["id"]
    shell.choose(bridge().sync, org_id=caller().org_id, tenant_id=tenant_id, by=caller().name)
    return jsonify(_overview())


@connections.delete("/connections/xero")
@administrators_only
def reset() -> Response:
    """Revoke and forget the tokens of Xero; links and log stay."""
    shell.reset(bridge().sync, org_id=caller().org_id, by=caller().name)
    return jsonify(_overview())


@connections.post("/organisation/leave")
@administrators_only
def leave() -> Response:
    """End both connections and erase every row of the organisation; its name has to be typed."""
    typed = checked(LEAVE_REQUEST)["name"]
    with view() as (_, standing, _reader):
        name = standing.org.name
    if typed.strip() != name.strip():
        raise Problem(
            422,
            "leave_name",
            {"name": name},
            fields=[("name", Message("leave_name", {"name": name}))],
        )
    leaving.leave(bridge().sync, caller().org_id, by=caller().name)
    return Response(status=204)


def _overview() -> dict[str, Any]:
    """The shell's overview with its reasons in the caller's language."""
    found = shell.overview(bridge().sync, org_id=caller().org_id)
    reader = Reader(language=language(), crm_fields={})
    for side in found.values():
        side["reason"] = reader.told(side.get("reason_key"), {})
    return found
