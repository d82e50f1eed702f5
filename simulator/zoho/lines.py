"""The lines of a document: Zoho's subform rules and the totals that follow from them.

Zoho CRM API v8 "Subforms": on an update a row with an id changes that line, a row without one is
appended, `"_delete": null` removes it, an empty list removes all. Whether lines that are not
mentioned stay is not documented: switch `omitted_subform_rows_kept`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.zoho.errors import invalid_data, missing_field
from simulator.zoho.fields import FieldSpec
from simulator.zoho.money import ZERO, document_totals, price_lines
from simulator.zoho.table import Row
from simulator.zoho.values import checked, decimal_of

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState
    from simulator.zoho.writer import Writing

HUNDRED = Decimal(100)
MAX_LINES = 200


def merged_lines(
    state: ZohoState,
    writing: Writing,
    given: Any,
    *,
    stored: list[dict[str, Any]],
    path: str,
) -> list[dict[str, Any]]:
    """The document's lines after this write; RowError when a line does not fit."""
    name = path.rpartition(".")[2]
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid_data(path, name, expected_data_type="jsonarray")
    if len(given) > MAX_LINES:
        raise invalid_data(path, name, maximum_length=MAX_LINES)
    known = {line["id"]: line for line in stored}
    kept: dict[str, dict[str, Any]] = {}
    for place, one in enumerate(given):
        line = _line(state, writing, one, known=known, path=f"{path}[{place}]")
        if line is not None:
            kept[line["id"]] = line
    if not given or not state.switches.omitted_subform_rows_kept:
        return list(kept.values())
    mentioned = {str(one.get("id")) for one in given}
    old = [
        kept.pop(key, line) for key, line in known.items() if key in kept or key not in mentioned
    ]
    return [*old, *kept.values()]


def _line(
    state: ZohoState,
    writing: Writing,
    given: dict[str, Any],
    *,
    known: dict[str, dict[str, Any]],
    path: str,
) -> dict[str, Any] | None:
    """One line as it will be stored, or None when it is taken away."""
    line_id = given.get("id")
    if line_id is not None and str(line_id) not in known:
        raise invalid_data(f"{path}.id", "id")
    if "_delete" in given:
        return None
    old = known[str(line_id)] if line_id is not None else None
    line = dict(old) if old else _empty_line(state)
    specs = state.modules[str(writing.module.lines)].fields
    for name, value in given.items():
        spec = specs.get(name)
        if spec is not None and not spec.read_only:
            line[name] = _line_value(state, spec, value, line=line, path=f"{path}.{name}")
    if line["Product_Name"] is None:
        raise missing_field(f"{path}.Product_Name", "Product_Name")
    if line["List_Price"] is None:
        line["List_Price"] = state.list_price(line["Product_Name"]["id"])
    line["Modified_Time"] = state.second()
    return line


def _empty_line(state: ZohoState) -> dict[str, Any]:
    return {
        "id": state.new_id(),
        "Product_Name": None,
        "Description": None,
        "Quantity": Decimal(1),
        "List_Price": None,
        "Discount": ZERO,
        "Line_Tax": [],
        "Price_Book_Name": None,
        "Created_Time": state.second(),
    }


def _line_value(
    state: ZohoState, spec: FieldSpec, value: Any, *, line: dict[str, Any], path: str
) -> Any:
    name = spec.api_name
    if spec.data_type == "line_tax":
        return state.taxes_of(value if value is not None else [], path, name)
    if value is None:
        return {"Quantity": Decimal(1), "Discount": ZERO}.get(name)
    if spec.data_type == "lookup":
        return state.linked(spec, value, path) if name == "Product_Name" else None
    if name == "Discount" and isinstance(value, str):
        return _written_discount(spec, value, line=line, path=path)
    return checked(spec, value, path)


def _written_discount(spec: FieldSpec, text: str, *, line: dict[str, Any], path: str) -> Decimal:
    """A discount that came as text: an amount, or a rate such as "10%"."""
    try:
        number = Decimal(text.removesuffix("%"))
    except ArithmeticError:
        number = Decimal("NaN")
    if decimal_of(number) is None:
        raise invalid_data(path, spec.api_name, expected_data_type=spec.data_type)
    if text.endswith("%"):
        price = line["List_Price"] if line["List_Price"] is not None else ZERO
        number = line["Quantity"] * price * number / HUNDRED
    amount: Decimal = checked(spec, number, path)
    return amount


def priced(state: ZohoState, row: Row) -> None:
    """Compute the document's amounts from its lines, in place."""
    rounding = state.switches.zoho_tax_rounding
    price_lines(row.lines, rounding)
    for place, line in enumerate(row.lines, 1):
        line["Sequence_Number"] = place
    taxes = row.values.setdefault("$line_tax", [])
    totals = document_totals(
        row.lines,
        taxes=taxes,
        discount=row.values.get("Discount") or ZERO,
        adjustment=row.values.get("Adjustment") or ZERO,
        rounding=rounding,
    )
    for key in ("Discount", "Adjustment"):
        if row.values.get(key) is None:
            row.values[key] = ZERO
    row.values.update(Sub_Total=totals.sub_total, Tax=totals.tax, Grand_Total=totals.grand_total)
