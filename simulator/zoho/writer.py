"""The rules of a write: what a row must have, what it may hold, what it may not repeat.

Zoho CRM API v8: Insert Records, Update Records, Upsert Records, Subforms, Delete Records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import RowError, invalid_data, invalid_id, missing_field
from simulator.zoho.fields import FieldSpec
from simulator.zoho.lines import merged_lines, priced
from simulator.zoho.organisation import User
from simulator.zoho.table import Row, Trace
from simulator.zoho.values import checked, lookup_id

if TYPE_CHECKING:
    from simulator.zoho.state import ZohoState

UNMODIFIED = "Record updated time has already passed if-unmodified-since time"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Who writes where. `place` is the JSON path of the row, `$.data[3]`."""

    module: ModuleSpec
    user: User
    place: str = "$.data[0]"
    unmodified_since: datetime | None = None
    person: bool = False


class Writer:
    """Creates, changes and deletes records of one organisation, one row at a time."""

    def __init__(self, state: ZohoState) -> None:
        self.state = state

    def insert(self, writing: Writing, given: dict[str, Any]) -> Row:
        """Store a new record; RowError when a rule forbids it."""
        module = writing.module
        values, lines = self._values(writing, given, stored=None)
        self._require(writing, values, lines)
        self._unique(writing, values, own_id=None)
        now = self.state.second()
        row = Row(
            id=self.state.new_id(),
            values=self._defaults(module, values),
            lines=lines,
            created_by=writing.user,
            modified_by=writing.user,
            created=now,
            modified=now,
        )
        self._complete(module, row)
        self.state.tables[module.api_name].add(row)
        self.state.happened(module, "insert", row, by_person=writing.person)
        return row

    def update(self, writing: Writing, record_id: str, given: dict[str, Any]) -> Row:
        """Change a record; RowError when a rule forbids it, ALREADY_MODIFIED as 412."""
        module = writing.module
        row = self.state.tables[module.api_name].rows.get(record_id)
        if row is None:
            raise invalid_id()
        self._allowed(writing, row)
        values, lines = self._values(writing, given, stored=row)
        self._require_kept(writing, values)
        self._unique(writing, values, own_id=row.id)
        self.state.tables[module.api_name].change(row, values)
        row.lines = lines
        row.modified, row.modified_by = self.state.second(), writing.user
        self._complete(module, row)
        self.state.happened(module, "update", row, by_person=writing.person)
        return row

    def delete(self, writing: Writing, record_id: str) -> Row:
        """Move a record to the recycle bin; RowError when it is not there or locked."""
        table = self.state.tables[writing.module.api_name]
        row = table.rows.get(record_id)
        if row is None:
            raise invalid_id()
        self._allowed(writing, row)
        trace = Trace(
            id=row.id,
            name=self.state.name_of(writing.module, row),
            by=writing.user,
            at=self.state.second(),
            row=row,
        )
        table.remove(row, trace)
        self.state.happened(writing.module, "delete", row, by_person=writing.person)
        return row

    def _allowed(self, writing: Writing, row: Row) -> None:
        if row.locked and not writing.person:
            raise RowError("RECORD_LOCKED", "record is locked", id=row.id)
        since = writing.unmodified_since
        if since is not None and row.modified > since:
            raise RowError(
                "ALREADY_MODIFIED",
                UNMODIFIED,
                http=412,
                id=row.id,
                Modified_Time=self.state.shown(row.modified),
                Modified_By=row.modified_by.reference(),
            )

    def _values(
        self, writing: Writing, given: dict[str, Any], *, stored: Row | None
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        values: dict[str, Any] = {}
        lines = [dict(line) for line in stored.lines] if stored else []
        for name, value in given.items():
            spec = writing.module.fields.get(name)
            path = f"{writing.place}.{name}"
            if name == "$line_tax":
                values[name] = self.state.taxes_of(value, path, name)
            elif spec is None or (spec.read_only and not writing.person) or name == "id":
                continue
            elif spec.data_type == "subform":
                lines = merged_lines(self.state, writing, value, stored=lines, path=path)
            elif value is None:
                values[name] = None
            else:
                values[name] = self._value(spec, value, path)
        return values, lines

    def _value(self, spec: FieldSpec, value: Any, path: str) -> Any:
        if spec.data_type == "ownerlookup":
            found = lookup_id(spec, value, path)
            if found not in self.state.user_ids():
                raise invalid_data(path, spec.api_name)
            return {"id": found}
        if spec.data_type == "lookup":
            return self.state.linked(spec, value, path)
        stored = checked(spec, value, path)
        if spec.api_name == "Currency" and self.state.org.currency(stored) is None:
            raise invalid_data(path, spec.api_name)
        return stored

    def _require(
        self, writing: Writing, values: dict[str, Any], lines: list[dict[str, Any]]
    ) -> None:
        for name, spec in writing.module.fields.items():
            present = bool(lines) if spec.data_type == "subform" else values.get(name) is not None
            if spec.mandatory and not present:
                raise missing_field(f"{writing.place}.{name}", name)

    def _require_kept(self, writing: Writing, values: dict[str, Any]) -> None:
        for name, value in values.items():
            spec = writing.module.fields.get(name)
            if value is None and spec is not None and spec.mandatory:
                raise missing_field(f"{writing.place}.{name}", name)

    def _unique(self, writing: Writing, values: dict[str, Any], *, own_id: str | None) -> None:
        table = self.state.tables[writing.module.api_name]
        for name, value in values.items():
            spec = writing.module.fields.get(name)
            if spec is None or spec.unique is None or value is None:
                continue
            found = table.find(name, value, sensitive=spec.unique == "sensitive")
            others = [one for one in found if one != own_id]
            if others:
                raise self.duplicate(writing, name, others)

    def duplicate(self, writing: Writing, name: str, others: list[str]) -> RowError:
        """DUPLICATE_DATA as v8 words it, naming the record that has the value."""
        other = self.state.tables[writing.module.api_name].rows[others[0]]
        return RowError(
            "DUPLICATE_DATA",
            "duplicate data",
            api_name=name,
            json_path=f"{writing.place}.{name}",
            id=other.id,
            duplicate_record={
                "id": other.id,
                "Owner": self.state.owner_of(other),
                "module": {
                    "api_name": writing.module.api_name,
                    "id": self.state.module_id(writing.module.api_name),
                },
            },
            more_records=len(others) > 1,
        )

    def _defaults(self, module: ModuleSpec, values: dict[str, Any]) -> dict[str, Any]:
        filled = dict(values)
        for name, spec in module.fields.items():
            if spec.data_type == "boolean" and filled.get(name) is None and not spec.read_only:
                filled[name] = name in {"Product_Active", "Taxable"}
        if "Currency" in module.fields and filled.get("Currency") is None:
            filled["Currency"] = self.state.org.base().iso_code
        if "Exchange_Rate" in module.fields and filled.get("Exchange_Rate") is None:
            currency = self.state.org.currency(filled["Currency"])
            filled["Exchange_Rate"] = Decimal(currency.rate) if currency else Decimal(1)
        if module.number is not None:
            filled[module.number] = values.get(module.number) or self.state.next_number(module)
        return filled

    def _complete(self, module: ModuleSpec, row: Row) -> None:
        """Fill what the server computes."""
        if module.api_name == "Contacts":
            parts = (row.values.get("First_Name"), row.values.get("Last_Name"))
            row.values["Full_Name"] = " ".join(part for part in parts if part)
        if module.lines is not None:
            priced(self.state, row)
