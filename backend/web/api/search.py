"""Finding a Xero record by a word, to link it by hand."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from backend.sync import search as looking
from backend.web.body import home_of, module_key
from backend.web.context import bridge, caller
from backend.web.problems import Problem

search = Blueprint("search", __name__)

LONGEST = 100


@search.get("/xero/search/<module>")
def find(module: str) -> Response:
    """Xero records that have the words of ``q`` in their name or number."""
    text = request.args.get("q", "").strip()
    if not text or len(text) > LONGEST:
        raise Problem(400, "search_needs_words")
    rows = looking.in_xero(
        bridge().sync, org_id=caller().org_id, module=home_of(module_key(module)), text=text
    )
    return jsonify(rows=rows, cursor=None, total=len(rows))
