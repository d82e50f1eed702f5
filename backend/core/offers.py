"""The fields both sides offer for a mapping, and which of them fit each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.core.spec import Flow


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One field on offer. ``kind`` is what it holds in common terms, ``type`` what its own side
    calls it; ``target`` names the module (in CRM: its API name) a link leads to.

    ``stays_open`` fields may still change where a document's state locks the others.
    """

    path: str
    kind: str = "text"
    type: str = ""
    label: str = ""
    length: int | None = None
    places: int | None = None
    required: bool = False
    read_only: bool = False
    custom: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    target: str | None = None
    id: str = ""
    stays_open: bool = False

    @property
    def words(self) -> frozenset[str]:
        """Every word the field's list knows, by value and by label."""
        return frozenset(each for pair in self.choices for each in pair if each)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """How two fields exchange values: by which codec, and which ways."""

    codec: str
    flows: frozenset[Flow] = field(default_factory=lambda: frozenset(Flow))

    def allows(self, flow: Flow) -> bool:
        """Whether values may travel like this; switched off is always allowed."""
        return flow is Flow.OFF or flow in self.flows


CRM_KINDS: Mapping[str, str] = {
    "text": "text",
    "textarea": "text",
    "email": "email",
    "phone": "phone",
    "website": "text",
    "picklist": "choice",
    "multiselectpicklist": "choices",
    "boolean": "boolean",
    "integer": "number",
    "bigint": "number",
    "double": "number",
    "decimal": "number",
    "currency": "number",
    "percent": "number",
    "date": "date",
    "datetime": "datetime",
    "lookup": "link",
    "ownerlookup": "person",
    "userlookup": "person",
    "autonumber": "text",
    "formula": "text",
    "rollup_summary": "text",
    "subform": "lines",
}
"""Zoho CRM API v8, Fields Metadata: data_type. Types that are not here cannot be mapped."""

_TEXTS = frozenset({"text", "email", "phone", "street", "country", "url", "currency"})
_SPECIAL = frozenset({"phone", "street", "country", "currency"})
_SPELLED = frozenset({"number", "date", "datetime", "link", "person"})
_TO_XERO = frozenset({Flow.TO_XERO, Flow.OFF})
_TO_ZOHO = frozenset({Flow.TO_ZOHO, Flow.OFF})

_PAIRS: Mapping[tuple[str, str], Fit] = {
    ("number", "number"): Fit(codec="number"),
    ("boolean", "boolean"): Fit(codec="boolean"),
    ("boolean", "text"): Fit(codec="flag"),
    ("choice", "boolean"): Fit(codec="flag"),
    ("date", "date"): Fit(codec="date"),
    ("datetime", "date"): Fit(codec="date", flows=_TO_XERO),
    ("date", "datetime"): Fit(codec="date", flows=_TO_ZOHO),
    ("datetime", "datetime"): Fit(codec="moment"),
    ("choice", "choice"): Fit(codec="choice"),
    ("choice", "text"): Fit(codec="choice"),
    ("choice", "email"): Fit(codec="choice"),
    ("choice", "url"): Fit(codec="choice"),
    ("choice", "country"): Fit(codec="country"),
    ("choice", "currency"): Fit(codec="currency"),
    ("text", "choice"): Fit(codec="choice"),
    ("choices", "text"): Fit(codec="choices"),
    ("text", "terms"): Fit(codec="terms"),
    ("choice", "terms"): Fit(codec="terms"),
    ("text", "tracking"): Fit(codec="tracking"),
    ("choice", "tracking"): Fit(codec="tracking"),
    ("number", "terms"): Fit(codec="terms", flows=_TO_XERO),
}


def fit(zoho: Offer, xero: Offer) -> Fit | None:
    """How values travel between these two fields, None when they cannot."""
    found = _PAIRS.get((zoho.kind, xero.kind))
    if found is not None:
        return found
    if zoho.kind in _TEXTS and xero.kind in _TEXTS:
        return None if _unlike(zoho, xero) else _texts(zoho, xero)
    if zoho.kind in _SPELLED and xero.kind in {"text", "email", "url"}:
        return _linked(zoho, xero) or Fit(codec="shown", flows=_TO_XERO)
    if zoho.kind in _TEXTS and xero.kind in _SPELLED | {"boolean"}:
        return Fit(codec="shown", flows=_TO_ZOHO)
    return _linked(zoho, xero)


def _unlike(zoho: Offer, xero: Offer) -> bool:
    """A phone or an address in the net is no country and no currency."""
    return zoho.kind in {"phone", "email"} and xero.kind in {"country", "currency"}


def _texts(zoho: Offer, xero: Offer) -> Fit:
    if xero.kind in _SPECIAL:
        return Fit(codec=xero.kind)
    both = zoho.kind == xero.kind == "email"
    return Fit(codec="email" if both else "text")


def _linked(zoho: Offer, xero: Offer) -> Fit | None:
    """A lookup travels as a link only where both lead to one module we keep pairs of."""
    same = zoho.kind == xero.kind == "link" and zoho.target and zoho.target == xero.target
    return Fit(codec="link") if same else None


_KINDS_OF_CODECS: Mapping[str, frozenset[str]] = {
    "link": frozenset({"link"}),
    "lines": frozenset({"lines"}),
    "document_status": frozenset({"choice", "text"}),
    "status": frozenset({"choice", "text"}),
    "readable": frozenset({"choice", "text"}),
    "url": frozenset({"text"}),
    "latest_date": frozenset({"date", "datetime"}),
    "money": frozenset({"number"}),
    "price": frozenset({"number"}),
    "quantity": frozenset({"number"}),
    "date": frozenset({"date"}),
    "boolean": frozenset({"boolean"}),
    "currency": frozenset({"text", "choice"}),
    "multiline": frozenset({"text"}),
}


def takes(codec: str, zoho: Offer) -> bool:
    """Whether a declared converter works on another CRM field."""
    kinds = _KINDS_OF_CODECS.get(codec)
    return zoho.kind in (kinds if kinds is not None else _TEXTS | {"choice"})


def crm_offers(known: Mapping[str, Any], modules: Mapping[str, str]) -> dict[str, Offer]:
    """CRM's fields from its metadata as we keep it; ``modules`` leads from API names to ours."""
    return {name: _crm_offer(name, held, modules) for name, held in known.items()}


def _crm_offer(name: str, held: Mapping[str, Any], modules: Mapping[str, str]) -> Offer:
    kind = str(held.get("type") or "text")
    words: Mapping[str, str] = held.get("words") or {}
    places = held.get("places")
    return Offer(
        path=name,
        kind=CRM_KINDS.get(kind, "other"),
        type=kind,
        label=str(held.get("label") or name),
        length=held.get("length"),
        places=0 if kind in {"integer", "bigint"} else places if isinstance(places, int) else None,
        required=bool(held.get("required")),
        read_only=bool(held.get("read_only")),
        custom=bool(held.get("custom")),
        choices=tuple((each, words.get(each, each)) for each in held.get("choices") or ()),
        target=modules.get(str(held.get("target") or "")),
        id=str(held.get("id") or ""),
    )
