"""What a record filter must hold up to: fields that exist, comparisons that suit their type, words
their lists know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.errors import Message
from backend.core.offers import Offer
from backend.core.spec import ModuleSpec, Side
from backend.store.views import Standing
from backend.web.mapping_offer import offered

Complaint = tuple[str, Message]

ORDERED = frozenset({"gt", "ge", "lt", "le"})
_ORDERED_KINDS = frozenset({"number", "date", "datetime"})
_NOT_FILTERED = frozenset({"lines", "other"})


def complaints(
    spec: ModuleSpec, rows: Sequence[Mapping[str, Any]], standing: Standing, at: str = "filter"
) -> Iterator[Complaint]:
    """Everything that is wrong with the rows of a filter, each named by its number."""
    crm = offered(spec, standing)[Side.ZOHO]
    if not crm:
        return
    for number, row in enumerate(rows):
        offer = crm.get(str(row["field"]).partition(".")[0])
        if offer is None:
            yield f"{at}.{number}.field", Message("filter_field_gone", {"name": row["field"]})
            continue
        yield from ((f"{at}.{number}.{part}", told) for part, told in _about(row, offer))


def _about(row: Mapping[str, Any], offer: Offer) -> Iterator[Complaint]:
    params = {"name": offer.label or offer.path}
    if offer.kind in _NOT_FILTERED:
        yield "field", Message("filter_field_unsuited", params)
        return
    if row["op"] in ORDERED and offer.kind not in _ORDERED_KINDS:
        yield "op", Message("filter_op_unsuited", params)
    for value in _values(row):
        if offer.choices and str(value) not in offer.words:
            yield "value", Message("value_not_listed", {**params, "value": str(value)})
        elif not _fits(value, offer.kind):
            yield "value", Message("filter_value_unsuited", {**params, "value": str(value)})


def _values(row: Mapping[str, Any]) -> list[Any]:
    value = row.get("value")
    return value if isinstance(value, list) else [] if value is None else [value]


def _fits(value: object, kind: str) -> bool:
    if kind == "boolean":
        return str(value).casefold() in {"true", "false"}
    if kind == "number":
        return not isinstance(value, bool) and _is_number(str(value))
    if kind in {"date", "datetime"}:
        return _is_date(str(value))
    return True


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
