"""Whether the two fields of a row fit each other, and whether its words, steps and constants do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from backend.core.errors import Message, SyncError
from backend.core.mapped import fixed_value, is_term
from backend.core.offers import Offer, fit, takes
from backend.core.scalars import utf16_length
from backend.core.spec import Field, Flow, Side
from backend.core.transforms import KINDS
from backend.modules.xero_fields import LIVE

Told = tuple[str, Message]
Row = Mapping[str, Any]
Find = Callable[[Side, str | None], Offer | None]

NO_CHOICE = "-None-"
"""How CRM lists *nothing chosen* among a list's words."""
MAPPED = frozenset(
    {"choice", "choices", "flag", "terms", "tracking", "status", "document_status", "readable"}
)
"""Converters that look values up in a value map."""
_LISTED = frozenset({"choice", "tracking"})
_TEXTUAL = frozenset({"text", "email", "phone", "street", "country", "url", "choice", "currency"})


def types(row: Row, laid: Field, find: Find) -> Iterator[Told]:
    """Whether values can travel between the two fields at all, in the ways asked for."""
    crm, xero = find(Side.ZOHO, row["zoho"]), find(Side.XERO, row["xero"])
    if row.get("fixed") is not None:
        yield from _fixed(str(row["fixed"]), xero if row["flow"] == "to_xero" else crm)
        return
    if crm is None or xero is None:
        return
    params = {"name": crm.label or crm.path, "other": xero.path}
    found = fit(crm, xero)
    if found is None:
        if not takes(laid.codec, crm) or laid.codec == "text":
            yield "zoho", Message("fields_do_not_fit", params)
    elif not found.allows(Flow(row["flow"])):
        way = "to_xero" if Flow.TO_XERO in found.flows else "to_zoho"
        yield "flow", Message(f"fields_fit_{way}", params)
    yield from _steps(row, laid, crm=crm, xero=xero)


def _steps(row: Row, laid: Field, *, crm: Offer, xero: Offer) -> Iterator[Told]:
    """Dates are shifted and numbers scaled where both fields hold such; texts go into texts."""
    target = crm if row["flow"] == "to_zoho" else xero
    for place, step in enumerate(laid.transform):
        wanted = KINDS.get(step.op)
        kinds = {crm.kind, xero.kind}
        fits = kinds <= {wanted} if wanted else target.kind in _TEXTUAL
        if not fits:
            yield f"transform.{place}", Message("transform_type", {"op": step.op})


def _fixed(text: str, target: Offer | None) -> Iterator[Told]:
    if target is None:
        return
    try:
        fixed_value(text, target.kind)
    except SyncError:
        yield "fixed", Message("fixed_wrong", {"value": text, "name": target.label or target.path})
        return
    if target.kind in {"lines", "link", "other"}:
        params = {"value": text, "name": target.label or target.path}
        yield "fixed", Message("fixed_wrong", params)
    if target.length is not None and utf16_length(text) > target.length:
        params = {"limit": str(target.length), "length": str(utf16_length(text))}
        yield "fixed", Message("mapping_text_too_long", params)
    if target.choices and text not in target.words:
        yield "fixed", Message("value_not_listed", {"value": text, "name": _name(target)})
    if target.kind == "terms" and not is_term(text):
        yield "fixed", Message("value_no_terms", {"value": text})


def words(row: Row, laid: Field, find: Find) -> Iterator[Told]:
    """Whether the value map knows every word it may meet, and says only words that exist."""
    given, crm = row.get("value_map") or {}, find(Side.ZOHO, row["zoho"])
    xero = find(Side.XERO, row["xero"])
    if given and laid.codec not in MAPPED:
        yield "value_map", Message("value_map_useless")
        return
    if laid.codec not in {"choice", "choices", "terms", "flag", "tracking"} or not laid.binding:
        return
    yield from _listed(given, crm, laid, xero=xero)
    if laid.flow.reaches(Side.XERO) and crm is not None:
        yield from _holes(given, crm, xero, laid)
    if laid.flow.reaches(Side.ZOHO) and crm is not None and xero is not None:
        yield from _holes_back(given, crm, xero)


def _listed(
    given: Mapping[str, str], crm: Offer | None, laid: Field, *, xero: Offer | None
) -> Iterator[Told]:
    for word, meant in given.items():
        if crm is not None and crm.choices and word not in crm.words:
            yield f"value_map.{word}", Message("value_not_listed", _told(word, crm))
        if laid.codec == "terms" and not is_term(meant):
            yield f"value_map.{word}", Message("value_no_terms", {"value": meant})
        elif laid.codec == "flag" and meant not in {"true", "false"}:
            yield f"value_map.{word}", Message("value_no_flag", {"value": meant})
        elif laid.codec in _LISTED and xero is not None and meant not in (xero.words or {meant}):
            yield f"value_map.{word}", Message("value_not_listed", _told(meant, xero))


def _holes(given: Mapping[str, str], crm: Offer, xero: Offer | None, laid: Field) -> Iterator[Told]:
    """Words of CRM that the map does not know and that Xero would not understand as they are."""
    understood = xero.words if xero is not None and laid.codec in _LISTED else frozenset[str]()
    needs = bool(given) or bool(understood) or laid.codec in {"terms", "flag"}
    if not needs:
        return
    for word, _label in crm.choices:
        if word in given or word in understood or word == NO_CHOICE:
            continue
        yield "value_map", Message("value_map_hole", _told(word, crm))


def _holes_back(given: Mapping[str, str], crm: Offer, xero: Offer) -> Iterator[Told]:
    """Words of Xero that mean nothing in CRM's list; lists people extend are checked when read."""
    if not crm.choices or not xero.choices or xero.path in LIVE or xero.kind != "choice":
        return
    meant = set(given.values())
    for word, _label in xero.choices:
        if word not in meant and word not in crm.words:
            yield "value_map", Message("value_map_hole", _told(word, xero))


def _told(word: str, offer: Offer) -> dict[str, str]:
    return {"value": word, "name": _name(offer)}


def _name(offer: Offer) -> str:
    return offer.label or offer.path
