"""COQL: running a parsed query over the records, the line-item modules included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.coql_parser import Both, Condition, Parser, Query, Tree
from simulator.zoho.errors import ZohoError
from simulator.zoho.fields import FieldSpec
from simulator.zoho.render import render_field, render_line
from simulator.zoho.table import Row
from simulator.zoho.wire import parse_time

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

UNQUERIED = frozenset({"subform"})
UNFILTERED = frozenset({"subform", "textarea", "line_tax", "multiselectpicklist"})


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record, or one line of it."""

    row: Row
    line: dict[str, Any] | None = None


def invalid(column: str, reason: str = "column given seems to be invalid") -> ZohoError:
    """INVALID_QUERY about one column."""
    return ZohoError(400, "INVALID_QUERY", reason, column_name=column)


class Run:
    """One query over one organisation."""

    def __init__(self, state: ZohoState, text: str) -> None:
        self.state = state
        self.query: Query = Parser(
            text,
            brackets=state.switches.coql_needs_brackets,
            max_rows=state.switches.coql_max_rows,
        ).query()
        self.module = self._module()

    def answer(self) -> dict[str, Any] | None:
        """`{data, info}`; None when nothing is found (Zoho: 204)."""
        for column in self.query.columns:
            self._spec(column)
        keep = self._test(self.query.where)
        hits = [one for one in self._candidates() if keep(one)]
        for name, ascending in reversed(self.query.order):
            hits = _sorted(hits, self._key(name), ascending=ascending)
        window = hits[self.query.offset : self.query.offset + self.query.limit]
        if not window:
            return None
        more = len(hits) > self.query.offset + self.query.limit
        data = [self._shown(one) for one in window]
        return {"data": data, "info": {"count": len(data), "more_records": more}}

    def _module(self) -> ModuleSpec:
        module = self.state.modules.get(self.query.module)
        refused = module is not None and module.parent and not self.state.switches.coql_lines
        if module is None or refused:
            raise ZohoError(
                400,
                "INVALID_QUERY",
                "module name given seems to be invalid",
                module=self.query.module,
            )
        return module

    def _spec(self, column: str) -> FieldSpec:
        head, _, tail = column.partition(".")
        spec = self.module.fields.get(head)
        if spec is None or spec.data_type in UNQUERIED:
            raise invalid(column)
        if head == "Line_Tax" and not self.state.switches.coql_line_tax:
            raise invalid(column)
        if not tail:
            return spec
        related = self.state.modules.get(spec.lookup or "")
        if related is None or tail not in related.fields:
            raise invalid(column)
        return related.fields[tail]

    def _candidates(self) -> Iterable[Hit]:
        ids = _required_ids(self.query.where, "Parent_Id" if self.module.parent else "id")
        table = self.state.tables[self.module.parent or self.module.api_name]
        rows: Iterator[Row] = (
            iter(table)
            if ids is None
            else (table.rows[one] for one in sorted(ids) if one in table.rows)
        )
        if not self.module.parent:
            return (Hit(row=row) for row in rows)
        return (Hit(row=row, line=line) for row in rows for line in row.lines)

    def _raw(self, hit: Hit, name: str) -> Any:
        """A value as it is compared: ids of lookups, moments, numbers."""
        if hit.line is not None:
            value = hit.row.id if name == "Parent_Id" else hit.line.get(name)
        elif name in {"Created_Time", "Modified_Time"}:
            return hit.row.created if name == "Created_Time" else hit.row.modified
        elif name == "id":
            return hit.row.id
        elif name in {"Created_By", "Modified_By", "Owner"}:
            value = render_field(self.state, self.module, hit.row, name)
        else:
            value = hit.row.values.get(name)
        return value["id"] if isinstance(value, dict) and "id" in value else value

    def _key(self, column: str) -> Callable[[Hit], Any]:
        self._spec(column)
        head, _, tail = column.partition(".")
        if not tail:
            return lambda hit: self._raw(hit, head)
        related = self.state.modules[str(self.module.fields[head].lookup)]

        def follow(hit: Hit) -> Any:
            row = self.state.tables[related.api_name].rows.get(str(self._raw(hit, head)))
            return None if row is None else render_field(self.state, related, row, tail)

        return follow

    def _test(self, tree: Tree) -> Callable[[Hit], bool]:
        if isinstance(tree, Both):
            left, right = self._test(tree.left), self._test(tree.right)
            if tree.word == "and":
                return lambda hit: left(hit) and right(hit)
            return lambda hit: left(hit) or right(hit)
        return self._condition(tree)

    def _condition(self, tree: Condition) -> Callable[[Hit], bool]:
        spec = self._spec(tree.column)
        if spec.data_type in UNFILTERED and "null" not in tree.operator:
            raise invalid(tree.column, "column is not supported in the criteria")
        key = self._key(tree.column)
        wanted = [_as_field(spec, value, tree.column) for value in tree.values]
        test = _operator(tree.operator, wanted)
        return lambda hit: test(key(hit))

    def _shown(self, hit: Hit) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        line = (
            render_line(self.state, self.module, hit.row, hit.line)
            if hit.line is not None
            else None
        )
        for column in self.query.columns:
            if "." in column:
                shown[column] = self._key(column)(hit)
            elif line is not None:
                shown[column] = line[column]
            else:
                shown[column] = render_field(self.state, self.module, hit.row, column)
        shown["id"] = hit.line["id"] if hit.line is not None else hit.row.id
        return shown


def _sorted(hits: list[Hit], key: Callable[[Hit], Any], *, ascending: bool) -> list[Hit]:
    return sorted(hits, key=lambda one: _sortable(key(one)), reverse=not ascending)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, str(value).casefold() if isinstance(value, str) else value or 0)


def _required_ids(tree: Tree, column: str) -> set[str] | None:
    """The only ids a query can match, when its conditions say so."""
    if isinstance(tree, Both):
        if tree.word == "or":
            return None
        left, right = _required_ids(tree.left, column), _required_ids(tree.right, column)
        return right if left is None else left if right is None else left & right
    if tree.column == column and tree.operator in {"=", "in"}:
        return {str(value) for value in tree.values}
    return None


def _as_field(spec: FieldSpec, value: object, column: str) -> Any:
    """A literal in the type of the column; INVALID_QUERY when it cannot be."""
    if spec.data_type in {"datetime"}:
        at = parse_time(value) if isinstance(value, str) else None
        if at is None:
            raise invalid(column, "invalid value given for the column")
        return at
    if spec.json_type in {"double", "integer"}:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise invalid(column, "invalid value given for the column") from None
    if spec.json_type == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    return str(value)


def _like(pattern: str) -> Callable[[Any], bool]:
    parts = [re.escape(part) for part in pattern.split("%")]
    compiled = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
    return lambda value: value is not None and compiled.fullmatch(str(value)) is not None


def _operator(operator: str, wanted: list[Any]) -> Callable[[Any], bool]:
    """The test of one condition; a missing value fits nothing but `is null` and the negations."""
    if operator.startswith("not "):
        positive = _operator(operator.removeprefix("not "), wanted)
        return lambda value: not positive(value)
    if operator == "like":
        return _like(str(wanted[0]))
    several = set(wanted)
    tests: dict[str, Callable[[Any], bool]] = {
        "is null": lambda value: value is None,
        "is not null": lambda value: value is not None,
        "!=": lambda value: value not in several,
        "in": lambda value: value in several,
    }
    return tests.get(operator) or _ordering(operator, wanted)


def _ordering(operator: str, wanted: list[Any]) -> Callable[[Any], bool]:
    low, high = wanted[0], wanted[-1]
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda value: bool(value == low),
        "<": lambda value: bool(value < low),
        ">": lambda value: bool(value > low),
        "<=": lambda value: bool(value <= low),
        ">=": lambda value: bool(value >= low),
        "between": lambda value: bool(low <= value <= high),
    }
    test = tests[operator]
    return lambda value: value is not None and test(_alike(value, low))


def _alike(value: Any, other: Any) -> Any:
    if isinstance(other, Decimal) and isinstance(value, int | str):
        return Decimal(str(value))
    if isinstance(other, datetime) and isinstance(value, str):
        return parse_time(value)
    return value


def run(state: ZohoState, text: str) -> tuple[ModuleSpec, dict[str, Any] | None, int]:
    """The module asked, the answer (None: nothing found) and the credits it costs."""
    one = Run(state, text)
    credits = 1 if one.query.limit <= 200 else 2 if one.query.limit <= 1000 else 3
    return one.module, one.answer(), credits
