"""Small things every page shows: times, messages, log rows, values, labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from backend.core.errors import Message
from backend.core.parts import holder
from backend.core.spec import Field, ModuleSpec
from backend.i18n import N_, translate
from backend.modules import all_specs
from backend.store.tables import LogRow
from backend.texts import field_label, render

TYPES = {
    "money": "money",
    "price": "money",
    "date": "date",
    "latest_date": "date",
    "boolean": "boolean",
    "choice": "choice",
    "status": "choice",
    "document_status": "choice",
    "readable": "choice",
    "lines": "lines",
    "link": "link",
}
"""How a page formats the values of each codec; all others are text."""

DIRECTIONS = {
    "to_xero": N_("CRM to Xero"),
    "to_zoho": N_("Xero to CRM"),
    "both": N_("CRM and Xero"),
}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads: language, CRM's own field labels by module path and API name, and the CRM fields
    that rows of a mapping are bound to, by module and name of the row."""

    language: str
    crm_fields: Mapping[str, Any]
    bound: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def label(self, module: str, name: str) -> str:
        """What the reader's CRM calls a field of ours."""
        spec = all_specs().get(module)
        row = _row(spec, name)
        zoho = self.bound.get((module, name)) or (row.zoho if row is not None else None)
        if spec is not None and zoho:
            known = self.crm_fields.get(spec.zoho.path) or {}
            held = known.get(zoho.partition(".")[0]) or {}
            if held.get("label"):
                return str(held["label"])
        return field_label(name, self.language)

    def name_of(self, module: str, row: Field) -> str:
        """What a row of a mapping is called: as CRM calls its field, else by its own name."""
        spec = all_specs().get(module)
        if spec is not None and row.zoho and row.binding:
            known = self.crm_fields.get(spec.zoho.path) or {}
            held = known.get(row.zoho.partition(".")[0]) or {}
            if held.get("label"):
                return str(held["label"])
        return self.label(module, row.name)

    def told(
        self, key: str | None, params: Mapping[str, Any] | None, *, module: str = ""
    ) -> dict[str, Any] | None:
        """A stored message in the reader's language."""
        if not key:
            return None
        texts = {name: str(value) for name, value in (params or {}).items()}
        return render(
            Message(key, texts),
            self.language,
            module=module,
            label=lambda name: self.label(module, name),
        )


def iso(at: datetime | None) -> str | None:
    """A time as every answer writes it, None for none."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def kind_of(module: str, name: str) -> str:
    """How a page formats the values of a field."""
    row = _row(all_specs().get(module), name)
    return TYPES.get(row.codec, "text") if row is not None else "text"


def target_of(module: str, name: str) -> str | None:
    """The module a field links to, None for any other field."""
    row = _row(all_specs().get(module), name)
    return row.target if row is not None and row.codec == "link" else None


def value(held: object) -> str | bool | None:
    """A stored value as one text; lines become one row each."""
    if held is None or isinstance(held, bool):
        return held
    if isinstance(held, list):
        return "\n".join(_line(one) for one in held)
    return str(held)


def _line(line: object) -> str:
    if not isinstance(line, Mapping):
        return str(line)
    quantity, price = (_plain(line.get(name)) for name in ("quantity", "unit_price"))
    return f"{quantity} × {price}  {line.get('description') or ''}".strip()


def _plain(held: object) -> str:
    """A stored decimal without the zeros that say nothing."""
    text = str(held)
    return text.rstrip("0").rstrip(".") if "." in text else text


def log_row(row: LogRow, reader: Reader, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A log row as every page shows it; ``names``: what the records it links to are called."""
    return {
        "id": str(row.id),
        "at": iso(row.at),
        "module": row.module,
        "label": row.label,
        "zoho_id": row.zoho_id,
        "xero_id": holder(row.xero_id) if row.xero_id else None,
        "direction": row.direction,
        "direction_text": translate(DIRECTIONS.get(row.direction, row.direction), reader.language),
        "trigger": row.trigger,
        "trigger_by": row.by,
        "operation": row.operation,
        "status": row.status,
        "message": reader.told(row.message_key, row.message_params, module=row.module),
        "words": row.words or None,
        "changes": changes(row.module, row.changes, reader, names),
        "attempt": row.attempt,
        "next_attempt_at": iso(row.next_attempt_at),
        "by": row.by,
        "run_id": row.run_id,
        "remote_request": row.remote_request,
    }


def changes(
    module: str,
    held: Sequence[Mapping[str, Any]],
    reader: Reader,
    names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Stored changes with the labels people know."""
    known = names or {}
    return [
        {
            "field": str(one.get("field")),
            "label": reader.label(module, str(one.get("field"))),
            "type": kind_of(module, str(one.get("field"))),
            "before": known.get(str(one.get("before")), value(one.get("before"))),
            "after": known.get(str(one.get("after")), value(one.get("after"))),
        }
        for one in held
    ]


def linked_ids(rows: Iterable[LogRow]) -> dict[str, list[str]]:
    """The records that changes of these rows link to, by module."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for one in row.changes:
            target = target_of(row.module, str(one.get("field")))
            if target is not None:
                held = (one.get("before"), one.get("after"))
                found.setdefault(target, []).extend(str(each) for each in held if each)
    return found


def _row(spec: ModuleSpec | None, name: str) -> Field | None:
    if spec is None:
        return None
    return next((row for row in spec.fields if row.name == name), None)
