"""The lines codec: a CRM subform on one side, Xero's LineItems on the other.

Zoho rows are exclusive of tax and always name a product (CRM API v8, insert records: subforms);
Xero lines may be inclusive and need none. Both are read as ``Line``: a document discount is spread
over the lines, an adjustment is a line of its own, and an inclusive document is made exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from backend.core.codec import Codec, Fragment, Reader
from backend.core.lines_xero import read_xero, write_xero
from backend.core.lines_zoho import read_zoho, write_zoho
from backend.core.money import half_up
from backend.core.spec import Facts, Field, Line, Raw, Side, Value


def _reader(field: Field, side: Side) -> Reader:
    """None where the record came without its lines, as lists of either system do."""
    path, name = field.path(side) or "", field.name
    read = read_zoho if side is Side.ZOHO else read_xero
    if field.dialect.bought:
        return lambda raw, facts: read(raw, path, replace(facts, purchases=True), field=name)
    return lambda raw, facts: read(raw, path, facts, field=name)


def _write(value: Value, side: Side, field: Field, facts: Facts, current: Raw | None) -> Fragment:
    lines: Sequence[Line] = value if isinstance(value, tuple) else ()
    write = write_zoho if side is Side.ZOHO else write_xero
    if field.dialect.bought:
        facts = replace(facts, purchases=True)
    return write(lines, field, facts, current or {})


def _same(a: Value, b: Value) -> bool:
    """Whether two sets of lines mean the same; their order is a matter of taste.

    Neither system promises an order when lines are read through a query, so order never travels.
    """
    if a == b:
        return True
    if not isinstance(a, tuple) or not isinstance(b, tuple):
        return (a or ()) == (b or ())
    return len(a) == len(b) and sorted(map(_key, a)) == sorted(map(_key, b))


def _key(line: Line) -> tuple[str, str, Decimal, Decimal, Decimal, str]:
    return (
        line.product or "",
        line.description,
        half_up(line.quantity, 4),
        half_up(line.unit_price, 4),
        half_up(line.discount, 2),
        line.tax or "",
    )


LINES = Codec(reader=_reader, write=_write, same=_same)
