"""The set-up guide: which steps without a trace elsewhere somebody of the organisation was at."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from backend.store.tables import Organisation
from backend.web.bearer import administrators_only
from backend.web.context import bridge, caller
from backend.web.problems import Problem

guide = Blueprint("guide", __name__)

STEPS = ("modules", "maps", "mapping")


@guide.get("/guide")
def read() -> Response:
    """The steps that were seen since this Xero organisation was chosen."""
    with bridge().database.begin() as session:
        return jsonify(seen=_seen(session.get_one(Organisation, caller().org_id)))


@guide.put("/guide/<step>")
@administrators_only
def see(step: str) -> Response:
    """Remember that somebody was at ``step``, for whoever goes on; no version of anything moves."""
    if step not in STEPS:
        raise Problem(404, "not_found")
    with bridge().database.begin() as session:
        held = session.get_one(Organisation, caller().org_id, with_for_update=True)
        seen = {*_seen(held), step}
        held.guide = {"tenant": held.tenant_id, "seen": [one for one in STEPS if one in seen]}
        return jsonify(seen=_seen(held))


def _seen(held: Organisation) -> list[str]:
    """Another Xero organisation has other taxes and accounts: its steps begin anew."""
    return list(held.guide.get("seen", ())) if held.guide.get("tenant") == held.tenant_id else []
