"""Finding a record by a word: in Xero to link it by hand, in CRM to choose it for a setting."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from backend.sync import search as looking
from backend.web.body import home_of, module_key
from backend.web.context import bridge, caller
from backend.web.problems import Problem
from backend.web.schemas import RECORD_NUMBER

search = Blueprint("search", __name__)

LONGEST = 100


@search.get("/xero/search/<module>")
def find(module: str) -> Response:
    """Xero records that have the words of ``q`` in their name or number."""
    text = _words()
    rows = looking.in_xero(
        bridge().sync, org_id=caller().org_id, module=home_of(module_key(module)), text=text
    )
    return jsonify(rows=rows, cursor=None, total=len(rows))


@search.get("/crm/search/<module>")
def find_in_crm(module: str) -> Response:
    """CRM records that have the words of ``q`` in their name or number, or the one that is
    numbered ``id``; none when it is gone."""
    home, wanted = home_of(module_key(module)), request.args.get("id", "")
    ours = {"org_id": caller().org_id, "module": home}
    if RECORD_NUMBER.fullmatch(wanted):
        one = looking.one_in_crm(bridge().sync, **ours, zoho_id=wanted)
        rows = [] if one is None else [one]
    else:
        rows = looking.in_crm(bridge().sync, **ours, text=_words())
    return jsonify(rows=rows, cursor=None, total=len(rows))


def _words() -> str:
    text = request.args.get("q", "").strip()
    if not text or len(text) > LONGEST:
        raise Problem(400, "search_needs_words")
    return text
