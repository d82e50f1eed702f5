"""Records as Zoho shows them: a list row with the fields asked for, a single read with everything.

Zoho CRM API v8 "Get Records": line items, and whatever else is a subform, come with a single read
only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.fields import FieldSpec
from simulator.zoho.table import Row

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

SYSTEM: dict[str, Callable[[ZohoState, Row], Any]] = {
    "id": lambda _state, row: row.id,
    "Owner": lambda state, row: state.owner_of(row),
    "Created_By": lambda _state, row: {**row.created_by.reference(), "email": row.created_by.email},
    "Modified_By": lambda _state, row: {
        **row.modified_by.reference(),
        "email": row.modified_by.email,
    },
    "Created_Time": lambda state, row: state.shown(row.created),
    "Modified_Time": lambda state, row: state.shown(row.modified),
    "Record_Status__s": lambda _state, _row: "Available",
    "Locked__s": lambda _state, row: row.locked,
    "Tag": lambda _state, _row: [],
}


def target(state: ZohoState, spec: FieldSpec, value: dict[str, Any]) -> dict[str, Any] | None:
    """A lookup with the present name of what it points at; None once that is deleted."""
    module = value.get("module") or spec.lookup
    table = state.tables.get(str(module))
    row = table.rows.get(value["id"]) if table else None
    if row is None:
        return None
    shown: dict[str, Any] = {"name": state.name_of(state.modules[str(module)], row), "id": row.id}
    if spec.lookup == "*":
        shown["module"] = {"api_name": module, "id": state.module_id(str(module))}
    return shown


def shown_value(state: ZohoState, spec: FieldSpec, value: Any) -> Any:
    """One stored value as JSON."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return state.shown(value)
    if spec.data_type == "lookup":
        return target(state, spec, value)
    if spec.api_name == "Tax" and isinstance(value, list):
        return [_product_tax(state, one) for one in value]
    return value


def _product_tax(state: ZohoState, held: Any) -> dict[str, Any]:
    """A tax a product carries: Zoho tells its name as `value`, beside the id of the tax."""
    name = held.get("value") if isinstance(held, dict) else held
    ids = [one.id for one in state.org.taxes if one.name == name]
    return {"value": name, "id": ids[0] if ids else None}


def _product(state: ZohoState, value: dict[str, Any]) -> dict[str, Any]:
    """The product of a line; a deleted product keeps its name on the lines it was used on."""
    table = state.tables["Products"]
    row = table.rows.get(value["id"])
    trace = table.bin.get(value["id"])
    values = row.values if row else (trace.row.values if trace and trace.row else {})
    return {
        "Product_Code": values.get("Product_Code"),
        "name": values.get("Product_Name"),
        "id": value["id"],
    }


def render_line(
    state: ZohoState, module: ModuleSpec, row: Row, line: dict[str, Any]
) -> dict[str, Any]:
    """One line of a document."""
    shown: dict[str, Any] = {}
    for name, spec in module.fields.items():
        if name == "Parent_Id":
            parent = state.modules[str(module.parent)]
            shown[name] = {"name": state.name_of(parent, row), "id": row.id}
        elif name == "Product_Name":
            shown[name] = _product(state, line[name])
        else:
            shown[name] = shown_value(state, spec, line.get(name))
    return shown


def render_field(state: ZohoState, module: ModuleSpec, row: Row, name: str) -> Any:
    """One field of a record (never a subform)."""
    system = SYSTEM.get(name)
    if system is not None:
        return system(state, row)
    return shown_value(state, module.fields[name], row.values.get(name))


def render(state: ZohoState, module: ModuleSpec, row: Row) -> dict[str, Any]:
    """Everything a single read shows."""
    shown: dict[str, Any] = {}
    for name, spec in module.fields.items():
        if spec.data_type == "subform":
            lines = state.modules[str(module.lines)]
            shown[name] = [render_line(state, lines, row, one) for one in row.lines]
        else:
            shown[name] = render_field(state, module, row, name)
    base = state.org.currency(row.values.get("Currency") or "") or state.org.base()
    shown.update(
        {
            "$currency_symbol": base.symbol,
            "$field_states": None,
            "$review_process": {"approve": False, "reject": False, "resubmit": False},
            "$editable": True,
            "$in_merge": False,
            "$locked_for_me": row.locked,
            "$approval_state": "approved",
            "$zia_visions": None,
        }
    )
    if module.lines is not None:
        shown["$line_tax"] = row.values.get("$line_tax") or []
    if "$se_module" in row.values:
        shown["$se_module"] = row.values["$se_module"]
    return shown


def render_listed(
    state: ZohoState, module: ModuleSpec, row: Row, names: Iterable[str]
) -> dict[str, Any]:
    """What a list shows: the fields asked for and the id, no subform."""
    shown = {name: render_field(state, module, row, name) for name in names}
    shown["id"] = row.id
    return shown
