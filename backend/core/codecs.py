"""Named converters between both systems' dialects and the common terms, and whole records.

A codec's reader is resolved once per row and side; ``read_all`` keeps them per spec, because a
sweep asks the same question of thousands of records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from backend.core.choices import CHOICE, READABLE, STATUS, URL
from backend.core.codec import Codec, Reader, is_empty
from backend.core.document_status import DOCUMENT_STATUS, MARKED_PAID
from backend.core.errors import Refused
from backend.core.latest import LATEST
from backend.core.lines import LINES
from backend.core.links import CURRENCY, LINK
from backend.core.mapped import (
    CHOICES,
    FLAG,
    MOMENT,
    NUMBER,
    SHOWN,
    TERMS,
    check_choices,
    constant,
)
from backend.core.paths import put
from backend.core.places import COUNTRY, PHONE, STREET
from backend.core.plain import (
    BOOLEAN,
    DATE,
    EMAIL,
    FULL_NAME,
    MONEY,
    PRICE,
    QUANTITY,
    TEXT,
)
from backend.core.spec import Facts, Field, Flow, Line, ModuleSpec, Raw, Side, Value, Values
from backend.core.tracking import TRACKING, lay
from backend.core.transforms import reading, unwound

CODECS: Mapping[str, Codec] = {
    "text": TEXT,
    "multiline": TEXT,
    "readonly": TEXT,
    "constant": TEXT,
    "email": EMAIL,
    "full_name": FULL_NAME,
    "phone": PHONE,
    "street": STREET,
    "country": COUNTRY,
    "money": MONEY,
    "price": PRICE,
    "quantity": QUANTITY,
    "date": DATE,
    "boolean": BOOLEAN,
    "choice": CHOICE,
    "status": STATUS,
    "document_status": DOCUMENT_STATUS,
    "latest_date": LATEST,
    "marked_paid": MARKED_PAID,
    "readable": READABLE,
    "url": URL,
    "link": LINK,
    "currency": CURRENCY,
    "lines": LINES,
    "number": NUMBER,
    "flag": FLAG,
    "choices": CHOICES,
    "moment": MOMENT,
    "shown": SHOWN,
    "terms": TERMS,
    "tracking": TRACKING,
}

_Row = tuple[str, Reader, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    """The readers of one spec; keeping the spec beside them keeps its id from being reused."""

    spec: ModuleSpec
    rows: Mapping[Side, tuple[_Row, ...]]
    lines: tuple[str, ...]


_compiled: dict[int, _Compiled] = {}
_KEPT = 512


def read_all(spec: ModuleSpec, side: Side, raw: Raw, facts: Facts) -> Values:
    """One side's record in common terms.

    Rows that are off, live nowhere on ``side``, or rest on a CRM field that does not exist are
    absent; so are lines where the record came without them, which is not the same as none.
    ``Refused`` (``unreadable``) when a value is not what its field should hold.
    """
    known, resolved = facts.zoho_fields, _resolved(spec)
    values = {
        name: read(raw, facts)
        for name, read, needs in resolved.rows[side]
        if needs is None or known is None or needs in known
    }
    for name in resolved.lines:
        if values.get(name, ()) is None:
            del values[name]
    return values


def write_body(
    spec: ModuleSpec, side: Side, changes: Values, facts: Facts, current: Raw | None = None
) -> dict[str, Any]:
    """The request body that brings ``changes`` to ``side``; ``current`` is the record there.

    Raises ``Refused`` (``text_too_long``, ``required_empty``, ``no_way_back``), ``NotConfigured``
    (``choice_unknown`` and others) and ``NeedsPartner``. Rows that rest or live nowhere on
    ``side`` are left out.
    """
    body: dict[str, Any] = {}
    tracked: dict[str, str | None] = {}
    for row in spec.fields:
        if row.name not in changes or row.path(side) is None or _rests(row, facts):
            continue
        value = changes[row.name]
        if side in row.required and is_empty(value):
            raise Refused("required_empty", {"field": row.name, "side": side.value})
        value = unwound(row, side, value)
        wires = CODECS[row.codec].write(value, side, row, facts, current)
        check_choices(row, side, wires.values())
        if row.codec == "tracking" and side is Side.XERO:
            tracked[row.name] = next(iter(wires.values()))
            continue
        for path, wire in wires.items():
            put(body, path, wire, current if side is Side.XERO else None)
    if tracked:
        lay(body, tracked, spec, facts, current)
    return body


def _rests(row: Field, facts: Facts) -> bool:
    needs = _needs(row)
    return needs is not None and facts.zoho_fields is not None and needs not in facts.zoho_fields


def _needs(row: Field) -> str | None:
    """The CRM field a row cannot do without; every record has an id."""
    name = (row.zoho or "").partition(".")[0]
    return name if name not in {"", "id"} and CODECS[row.codec].rests_with_field else None


def _resolved(spec: ModuleSpec) -> _Compiled:
    found = _compiled.get(id(spec))
    if found is None or found.spec is not spec:
        if len(_compiled) >= _KEPT:
            _compiled.clear()
        found = _compiled[id(spec)] = _Compiled(
            spec=spec,
            rows={side: _compile(spec, side) for side in Side},
            lines=tuple(row.name for row in spec.fields if row.codec == "lines"),
        )
    return found


def _compile(spec: ModuleSpec, side: Side) -> tuple[_Row, ...]:
    return tuple(
        (row.name, _reader(spec, row, side), _needs(row))
        for row in spec.fields
        if row.flow is not Flow.OFF and (row.path(side) is not None or _is_constant(row, side))
    )


def _reader(spec: ModuleSpec, row: Field, side: Side) -> Reader:
    if _is_constant(row, side):
        return constant(row)
    return reading(row, side, CODECS[row.codec].reader(_linked(spec, row), side))


def _is_constant(row: Field, side: Side) -> bool:
    return row.fixed is not None and side is row.source


def _linked(spec: ModuleSpec, row: Field) -> Field:
    """A ``url`` row without a template of its own shows the deep link of where it comes from."""
    if row.codec != "url" or "template" in row.value_map:
        return row
    origin = Side.XERO if row.flow is Flow.TO_ZOHO else Side.ZOHO
    return replace(row, value_map={"template": spec.resource(origin).deep_link or ""})


def encode(value: Value) -> Any:
    """``value`` as JSON can hold it, tagged where JSON has no such type; lossless."""
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, tuple):
        return {"l": [_encode_line(line) for line in value]}
    return value


def _encode_line(line: Line) -> list[str | None]:
    return [
        line.product,
        line.description,
        str(line.quantity),
        str(line.unit_price),
        str(line.discount),
        line.tax,
    ]


def decode(data: Any) -> Value:
    """The value that ``encode`` made ``data`` of; ValueError for anything else."""
    if data is None or isinstance(data, (str, bool)):
        return data
    match data:
        case {"n": str(number)}:
            return Decimal(number)
        case {"d": str(day)}:
            return date.fromisoformat(day)
        case {"l": list(lines)}:
            return tuple(_decode_line(*line) for line in lines)
    raise ValueError(f"not an encoded value: {type(data).__name__}")


def _decode_line(
    product: str | None,
    description: str,
    quantity: str,
    unit_price: str,
    discount: str,
    tax: str | None,
) -> Line:
    return Line(
        product=product,
        description=description,
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        discount=Decimal(discount),
        tax=tax,
    )
