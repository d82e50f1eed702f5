"""What a mapping must hold up to before it is stored; every complaint names its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.errors import Message
from backend.core.offers import Offer
from backend.core.overlay import Offers
from backend.core.spec import Field, Flow, ModuleSpec, Side
from backend.core.transforms import complaint, returns
from backend.store.views import Standing
from backend.sync.gather import MOST_FIELDS, asked_for
from backend.web import mapping_values
from backend.web.mapping_offer import OURS, in_force, offered

Complaint = tuple[str, Message]
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What rows are held against: the declaration, both sides' fields, the outcome."""

    declared: Mapping[str, Field]
    crm: Mapping[str, Offer]
    xero: Mapping[str, Offer]
    laid: Mapping[str, Field]

    def offer(self, side: Side, path: str | None) -> Offer | None:
        """The field at ``path`` on ``side``, None where nothing is known of it."""
        return (self.crm if side is Side.ZOHO else self.xero).get(path or "")


def complaints(spec: ModuleSpec, rows: Sequence[Row], standing: Standing) -> list[Complaint]:
    """Everything that is wrong with well-formed rows."""
    steps = list(_steps(rows))
    if steps:
        return [*_twice(rows), *steps]
    ground = ground_of(spec, rows, standing)
    wrong = [*_twice(rows), *_targets(rows, ground), *_loops(rows)]
    for number, row in enumerate(rows):
        wrong += [(f"rows.{number}.{at}", told) for at, told in _about(row, ground)]
    return [*wrong, *_whole(spec, ground, standing)]


def ground_of(spec: ModuleSpec, rows: Sequence[Row], standing: Standing) -> Ground:
    """What these rows are held against."""
    offers: Offers = offered(spec, standing)
    declared = in_force(spec, None, standing)
    return Ground(
        declared={row.name: row for row in declared.fields},
        crm=offers[Side.ZOHO],
        xero=offers[Side.XERO],
        laid={row.name: row for row in in_force(spec, rows, standing).fields},
    )


# --- rows among each other ---------------------------------------------------------------------


def _twice(rows: Sequence[Row]) -> Iterator[Complaint]:
    names: set[str] = set()
    for number, row in enumerate(rows):
        if row["name"] in names:
            yield f"rows.{number}.name", Message("row_twice")
        names.add(row["name"])


def _targets(rows: Sequence[Row], ground: Ground) -> Iterator[Complaint]:
    """Two rows into one field, rows nobody mentioned and therefore as declared among them."""
    given = {str(row["name"]) for row in rows}
    into: set[tuple[Side, str]] = set()
    for name, row in ground.declared.items():
        if name not in given:
            into |= set(_written(row.zoho, row.xero, row.flow))
    for number, each in enumerate(rows):
        for side, path in _written(each["zoho"], each["xero"], Flow(each["flow"])):
            if (side, path) in into:
                yield f"rows.{number}.{side}", Message("target_twice", {"name": path})
            into.add((side, path))


def _written(zoho: str | None, xero: str | None, flow: Flow) -> Iterator[tuple[Side, str]]:
    for side, path in ((Side.ZOHO, zoho), (Side.XERO, xero)):
        if path is not None and flow.reaches(side):
            yield side, path


def _loops(rows: Sequence[Row]) -> Iterator[Complaint]:
    """Rows that feed each other in a circle would go on changing what they find for ever."""
    nodes = {str(row["name"]): (_reads(row), set(_ends(row))) for row in rows}
    for number, row in enumerate(rows):
        other = _circle(str(row["name"]), nodes)
        if other is not None:
            yield f"rows.{number}.flow", Message("mapping_loop", {"other": other})


_Node = tuple[Side, str]
_Nodes = Mapping[str, tuple[set[_Node], set[_Node]]]


def _ends(row: Row) -> Iterator[_Node]:
    return _written(row["zoho"], row["xero"], Flow(row["flow"]))


def _reads(row: Row) -> set[_Node]:
    flow = Flow(row["flow"])
    if flow is Flow.OFF:
        return set()
    found = {
        (side.other, path)
        for side, path in ((Side.XERO, row["zoho"]), (Side.ZOHO, row["xero"]))
        if path is not None and flow.reaches(side)
    }
    source = Side.XERO if flow is Flow.TO_ZOHO else Side.ZOHO
    more = {str(name) for step in row.get("transform") or () for name in step.get("fields") or ()}
    return found | {(source, name) for name in more}


def _circle(start: str, nodes: _Nodes) -> str | None:
    """A row that feeds ``start`` while, over any number of rows, ``start`` feeds it."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        for other, (reads, _) in nodes.items():
            if other != name and reads & nodes[name][1]:
                if other == start:
                    return name
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
    return None


# --- one row -----------------------------------------------------------------------------------


def _steps(rows: Sequence[Row]) -> Iterator[Complaint]:
    for number, row in enumerate(rows):
        for place, step in enumerate(row.get("transform") or ()):
            told = complaint(step)
            if told is not None:
                yield f"rows.{number}.transform.{place}", told


def _about(row: Row, ground: Ground) -> Iterator[Complaint]:
    held = ground.declared.get(str(row["name"]))
    unknown = list(_unknown(row, ground))
    yield from unknown
    yield from _one_sided(row)
    if held is not None:
        yield from _declared(row, held)
    if unknown or row["flow"] == "off":
        return
    if held is None or not _same_ends(row, held) or row.get("transform") or row.get("fixed"):
        yield from _rights(row, ground, held)
        yield from mapping_values.types(row, ground.laid[str(row["name"])], ground.offer)
    yield from _turned(row, ground)
    yield from mapping_values.words(row, ground.laid[str(row["name"])], ground.offer)


def _same_ends(row: Row, held: Field) -> bool:
    return (row["zoho"], row["xero"]) == (held.zoho, held.xero)


def _unknown(row: Row, ground: Ground) -> Iterator[Complaint]:
    crm = set(ground.crm) | {one.zoho for one in ground.declared.values()} | {"id", None}
    xero = set(ground.xero) | {one.xero for one in ground.declared.values()} | {None}
    if row["zoho"] not in crm:
        yield "zoho", Message("crm_field_unknown", {"name": str(row["zoho"])})
    if row["xero"] not in xero:
        yield "xero", Message("xero_field_unknown", {"name": str(row["xero"])})
    source = crm if row["flow"] != "to_zoho" else xero
    key = "crm_field_unknown" if row["flow"] != "to_zoho" else "xero_field_unknown"
    for place, step in enumerate(row.get("transform") or ()):
        for name in step.get("fields") or ():
            if name not in source:
                yield f"transform.{place}", Message(key, {"name": str(name)})


def _one_sided(row: Row) -> Iterator[Complaint]:
    """Both sides need a field; a constant stands for the side it comes from."""
    flow, missing = row["flow"], [side for side in Side if row[str(side)] is None]
    if row.get("fixed") is not None:
        source = Side.XERO if flow == "to_zoho" else Side.ZOHO
        if flow not in {"to_xero", "to_zoho"}:
            yield "flow", Message("fixed_one_way")
        elif missing != [source]:
            yield str(source), Message("fixed_one_sided")
    elif flow != "off" and missing:
        yield "flow", Message("row_one_sided")


def _declared(row: Row, held: Field) -> Iterator[Complaint]:
    """Declared rows may be switched off or turned, but not into what the other side refuses."""
    if held.name in OURS:
        if row["flow"] != held.flow.value:
            yield "flow", Message("row_is_ours")
        elif not _same_ends(row, held) or row.get("transform") or row.get("fixed"):
            yield "name", Message("row_is_ours")
        return
    if held.codec == "lines" and not _same_ends(row, held):
        yield "name", Message("row_holds_lines")
    if held.flow.value not in {"both", "off", row["flow"]} and row["flow"] != "off":
        yield "flow", Message("row_one_way")
    elif held.required and row["flow"] == "off":
        yield "flow", Message("row_required")


def _rights(row: Row, ground: Ground, held: Field | None) -> Iterator[Complaint]:
    """Fields only their own system may write."""
    flow = Flow(row["flow"])
    crm, xero = ground.offer(Side.ZOHO, row["zoho"]), ground.offer(Side.XERO, row["xero"])
    if flow.reaches(Side.ZOHO) and (row["zoho"] == "id" or (crm is not None and crm.read_only)):
        yield "flow", Message("crm_field_read_only", {"name": str(row["zoho"])})
    same = held is not None and row["xero"] == held.xero
    if flow.reaches(Side.XERO) and xero is not None and xero.read_only and not same:
        yield "flow", Message("xero_field_read_only", {"name": str(row["xero"])})


def _turned(row: Row, ground: Ground) -> Iterator[Complaint]:
    """Steps without a way back let a row go one way only."""
    steps = ground.laid[str(row["name"])].transform
    for place, step in enumerate(steps):
        if row["flow"] == "both" and not returns(step):
            yield f"transform.{place}", Message("transform_one_way", {"op": step.op})
        if step.op == "join" and place:
            yield f"transform.{place}", Message("transform_join_first")


# --- the whole ---------------------------------------------------------------------------------


def _whole(spec: ModuleSpec, ground: Ground, standing: Standing) -> Iterator[Complaint]:
    asked = asked_for(spec, ground.laid.values(), ())
    if len(asked) > MOST_FIELDS:
        params = {"count": str(len(asked)), "limit": str(MOST_FIELDS)}
        yield "rows", Message("mapping_too_many_fields", params)
    yield from _required(spec, ground, standing)


def _required(spec: ModuleSpec, ground: Ground, standing: Standing) -> Iterator[Complaint]:
    """New records must bring what their side insists on, where new records are allowed."""
    held = standing.org.settings.get("modules", {}).get(spec.key, {})
    for side, offers in ((Side.ZOHO, ground.crm), (Side.XERO, ground.xero)):
        switches = held.get(f"to_{side}", {})
        if not (switches.get("allow") and switches.get("create")):
            continue
        filled = {
            str(row.path(side)).partition(".")[0] if side is Side.ZOHO else row.path(side)
            for row in ground.laid.values()
            if row.flow.reaches(side) or row.required
        }
        for path, offer in offers.items():
            if offer.required and not offer.read_only and path not in filled:
                yield "rows", Message(f"required_unmapped_{side}", {"name": offer.label or path})
