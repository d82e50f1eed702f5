"""An administrator's rows laid over a module's declaration.

A row that connects what it was declared to connect keeps its converter and its bases. A row that
is added, or bound to another field, gets a converter that fits both fields, and bases of its own:
what two other fields agreed on says nothing about these two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.core.errors import SyncError
from backend.core.mapped import fixed_value
from backend.core.offers import Offer, fit, takes
from backend.core.spec import Field, Flow, ModuleSpec, On, Owner, Raw, Side
from backend.core.tracking import LINES, PREFIX
from backend.core.transforms import made

Row = Mapping[str, Any]
Offers = Mapping[Side, Mapping[str, Offer]]

OF_A_PERSON = frozenset({"FirstName", "LastName", "EmailAddress"})
"""What Xero keeps of a person inside a contact (Xero-OpenAPI: ContactPerson)."""
LINES_MODULE = "lines module"
"""Among the names this CRM gives a module's fields: what COQL calls the module of its lines."""
UNLISTED = frozenset({"currency", "link", "lines", "boolean", "flag"})
"""Converters that know better than a list what their field takes."""


def overlaid(
    spec: ModuleSpec,
    rows: Sequence[Row] | None,
    *,
    added: Mapping[str, str],
    offers: Offers | None = None,
    owners: Mapping[str, str] | None = None,
) -> ModuleSpec:
    """``spec`` as it is in force.

    ``added`` maps our standard names to this CRM's; ``owners`` holds *always decide this way*;
    ``offers`` are both sides' fields, where they are known.
    """
    known = offers or {}
    declared = [_named(row, added) for row in spec.fields]
    fields = declared if rows is None else _laid(declared, rows, known)
    fields = [_checked(row, known) for row in fields]
    if owners:
        fields = [replace(row, owner=Owner(owners.get(row.name, row.owner))) for row in fields]
    mark, zoho = spec.zoho.back_reference, spec.zoho
    if mark is not None and mark in added:
        zoho = replace(zoho, back_reference=added[mark])
    if zoho.lines is not None:
        module = added.get(LINES_MODULE, zoho.lines_module)
        zoho = replace(zoho, lines=added.get(zoho.lines, zoho.lines), lines_module=module)
    others = [row for row in fields if row.binding]
    return replace(
        spec,
        fields=tuple(fields),
        zoho=zoho,
        locked=_locked(spec, others, known) if others else spec.locked,
        silent=_silent(spec, others) if others else spec.silent,
    )


def _named(row: Field, added: Mapping[str, str]) -> Field:
    name = row.zoho or ""
    return replace(row, zoho=added[name]) if name in added else row


def _laid(declared: Sequence[Field], rows: Sequence[Row], offers: Offers) -> list[Field]:
    """Rows nobody mentions stay as they are declared; new ones come behind them."""
    held = {row.name: row for row in declared}
    laid = {str(row["name"]): _row(held.get(str(row["name"])), row, offers) for row in rows}
    kept = [laid.pop(row.name, row) for row in declared]
    return [*kept, *laid.values()]


def _row(held: Field | None, row: Row, offers: Offers) -> Field:
    base = held or Field(name=str(row["name"]), zoho=row.get("zoho"), xero=row.get("xero"))
    made_of = replace(
        base,
        zoho=row.get("zoho", base.zoho),
        xero=row.get("xero", base.xero),
        flow=Flow(row.get("flow", base.flow)),
        on=On(row.get("on", base.on)),
        owner=Owner(row.get("owner", base.owner)),
        value_map=dict(row.get("value_map") or base.value_map),
        transform=made(row.get("transform") or ()),
    )
    if held is not None and _as_declared(made_of, held) and row.get("fixed") is None:
        return made_of
    return _bound(made_of, held, row, offers)


def _as_declared(row: Field, held: Field) -> bool:
    same = (row.zoho, row.xero) == (held.zoho, held.xero)
    return same and not row.transform and dict(row.value_map) == dict(held.value_map)


def _bound(row: Field, held: Field | None, given: Row, offers: Offers) -> Field:
    """The row with converter, lengths and bases that belong to the two fields it now connects."""
    zoho = offers.get(Side.ZOHO, {}).get(row.zoho or "")
    xero = offers.get(Side.XERO, {}).get(row.xero or "")
    if row.zoho is not None and row.zoho != "id" and zoho is None:
        # Nothing is known of this CRM field, so nothing can be said of what fits it: it rests.
        return replace(row, flow=Flow.OFF, binding="unknown")
    fields = {side: each for side, each in ((Side.ZOHO, zoho), (Side.XERO, xero)) if each}
    codec, target = _codec(row, held, zoho=zoho, xero=xero)
    bound = replace(
        row,
        codec=codec,
        target=target,
        zoho_length=zoho.length if zoho else row.zoho_length,
        xero_length=xero.length if xero else row.xero_length,
        kinds={side: each.kind for side, each in fields.items()},
        places={side: each.places for side, each in fields.items() if each.places is not None},
        choices={side: each.words for side, each in fields.items() if each.choices},
        fixed=_constant(given.get("fixed"), zoho if row.source is Side.XERO else xero),
    )
    return replace(bound, binding=_fingerprint(bound, zoho))


def _codec(
    row: Field, held: Field | None, *, zoho: Offer | None, xero: Offer | None
) -> tuple[str, str | None]:
    """A declared converter as long as Xero's field is the same and CRM's suits it."""
    if held is not None and row.xero == held.xero:
        changed = row.zoho != held.zoho
        if not changed or (zoho is not None and takes(held.codec, zoho)):
            return held.codec, held.target
    if zoho is None or xero is None:
        return _alone(zoho or xero), None
    found = fit(zoho, xero)
    return (found.codec, xero.target) if found else ("text", None)


def _alone(target: Offer | None) -> str:
    """The converter of a constant: its only field decides."""
    kinds = {"number": "number", "date": "date", "boolean": "boolean", "terms": "terms"}
    special = {"phone": "phone", "street": "street", "country": "country"}
    return {**kinds, **special}.get(target.kind if target else "text", "text")


def _constant(given: object, target: Offer | None) -> Any:
    if given is None:
        return None
    try:
        return fixed_value(str(given), target.kind if target else "text")
    except SyncError:
        return str(given)


def _fingerprint(row: Field, zoho: Offer | None) -> str:
    """What tells bases of one connection from those of another. A CRM field that was deleted and
    made anew under the same name is another field: its id says so."""
    said = [
        row.zoho,
        zoho.id if zoho is not None and zoho.custom else "",
        row.xero,
        row.codec,
        sorted(row.value_map.items()),
        [str(step) for step in row.transform],
        str(row.fixed),
    ]
    text = json.dumps(said, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _checked(row: Field, offers: Offers) -> Field:
    """Declared rows on CRM lists write only words of the list, too."""
    held = offers.get(Side.ZOHO, {}).get(row.zoho or "")
    if row.codec in UNLISTED:
        return replace(row, choices={}) if row.choices else row
    if row.binding or held is None or held.kind not in {"choice", "choices"} or not held.choices:
        return row
    return replace(row, choices={Side.ZOHO: held.words})


# --- what a document's state says about rows nobody declared -----------------------------------


def _locked(
    spec: ModuleSpec, rows: Sequence[Field], offers: Offers
) -> Mapping[str, frozenset[str]]:
    """Where a state locks some fields it locks the added ones too, but those Xero leaves open."""
    known = offers.get(Side.XERO, {})
    shut = frozenset(
        row.name for row in rows if not (row.xero in known and known[row.xero or ""].stays_open)
    )
    return {state: names | shut if names else names for state, names in spec.locked.items()}


def _silent(spec: ModuleSpec, rows: Sequence[Field]) -> Callable[[Side, Raw], frozenset[str]]:
    """A nested part an answer leaves out says nothing about what is in it."""
    paths = {row.name: row.xero or "" for row in rows}
    heads = {name: path.partition(".")[0] for name, path in paths.items() if "." in path}
    beyond = {name for name, path in paths.items() if path not in OF_A_PERSON}
    declared = spec.silent
    tracked = {name: path for name, path in paths.items() if path.startswith(PREFIX)}

    def _mixed(raw: Raw) -> set[str]:
        """Lines that bear different options of a category speak with no single voice."""
        return {name for name, path in tracked.items() if _differ(raw, path)}

    def silent(side: Side, raw: Raw) -> frozenset[str]:
        said = declared(side, raw)
        if side is Side.ZOHO:
            return said
        if spec.parts is not None and raw.get("Parent") is not None:
            return said | beyond
        return said | {name for name, head in heads.items() if raw.get(head) is None} | _mixed(raw)

    return silent


def _differ(raw: Raw, path: str) -> bool:
    category, found = path.removeprefix(PREFIX), set()
    for line in raw.get(LINES) or ():
        entries = line.get("Tracking") or () if isinstance(line, Mapping) else ()
        found.add(
            next(
                (
                    each.get("TrackingOptionID") or each.get("Option")
                    for each in entries
                    if str(each.get("TrackingCategoryID")).replace("-", "").lower() == category
                ),
                None,
            )
        )
    return len(found) > 1
