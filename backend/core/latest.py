"""The newest date in a list of a Xero document, such as the day of its last payment."""

from __future__ import annotations

from collections.abc import Mapping

from backend.core.codec import Codec, Fragment, Reader
from backend.core.paths import getter
from backend.core.plain import DATE, path_of
from backend.core.scalars import to_date
from backend.core.spec import Facts, Field, Raw, Side, Value


def _reader(field: Field, side: Side) -> Reader:
    if side is Side.ZOHO:
        return DATE.reader(field, side)
    at, name = getter(path_of(field, side)), field.name

    def read(raw: Raw, _facts: Facts) -> Value:
        rows = at(raw)
        dates = [
            to_date(row.get("DateString") or row.get("Date"), name)
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, Mapping)
        ]
        return max((each for each in dates if each is not None), default=None)

    return read


def _write(value: Value, side: Side, field: Field, facts: Facts, current: Raw | None) -> Fragment:
    return DATE.write(value, side, field, facts, current)


LATEST = Codec(reader=_reader, write=_write, same=DATE.same)
