"""Tracking categories: one value of a document that stands on each of its lines in Xero.

A row on ``LineItems.Tracking.<category>`` takes the option all lines bear; where they differ the
document says nothing of it. Writing it leaves every other part of every line as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.codec import Codec, Fragment, Reader
from backend.core.errors import NotConfigured, Refused
from backend.core.paths import getter
from backend.core.plain import path_of, same_text, write_text
from backend.core.scalars import to_decimal, to_text
from backend.core.spec import Facts, Field, ModuleSpec, Raw, Side, TrackingCategory, Value

LINES = "LineItems"
PREFIX = f"{LINES}.Tracking."
MOST = 2
"""Categories a line may bear (Xero-OpenAPI: LineItem.Tracking)."""
_KEPT = (
    "LineItemID", "Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode", "TaxType",
    "TaxAmount",
)  # fmt: skip


def tracking_path(category_id: str) -> str:
    """Where a mapping finds a category; ids without their dashes, as paths are."""
    return PREFIX + category_id.replace("-", "").lower()


def category_of(field: Field, facts: Facts) -> TrackingCategory | None:
    """The category a row is bound to, None when the organisation does not have it any more."""
    return facts.tracking.get((field.xero or "").removeprefix(PREFIX))


def _reader(field: Field, side: Side) -> Reader:
    if side is Side.XERO:
        return lambda raw, facts: _option_of(raw, category_of(field, facts))
    at, words = getter(path_of(field, side)), field.value_map

    def read(raw: Raw, facts: Facts) -> Value:
        word = to_text(at(raw))
        meant = None if word is None else words.get(word, word)
        category = category_of(field, facts)
        return meant if category is None or meant is None else category.name_of(meant)

    return read


def _option_of(raw: Raw, category: TrackingCategory | None) -> str | None:
    found = options_of(raw, category)
    return next(iter(found)) if len(found) == 1 else None


def options_of(raw: Raw, category: TrackingCategory | None) -> set[str | None]:
    """What the lines of a document bear, None among it for lines that bear nothing."""
    rows = raw.get(LINES)
    if category is None or not isinstance(rows, list):
        return set()
    return {_borne(row, category) for row in rows if isinstance(row, Mapping)}


def _borne(row: Raw, category: TrackingCategory) -> str | None:
    for entry in row.get("Tracking") or ():
        if isinstance(entry, Mapping) and category.holds(entry):
            option = entry.get("Option") or entry.get("TrackingOptionID")
            return category.name_of(str(option))
    return None


def _write(value: Value, side: Side, field: Field, facts: Facts, current: Raw | None) -> Fragment:
    """CRM's word for an option; Xero's lines are laid by ``lay``."""
    if side is Side.XERO:
        return {path_of(field, side): to_text(value)}
    category, text = category_of(field, facts), to_text(value)
    words = {
        (category.name_of(meant) if category else meant): word
        for word, meant in reversed(list(field.value_map.items()))
    }
    return write_text(words.get(text or "", text), side, field, facts, current)


TRACKING = Codec(reader=_reader, write=_write, same=same_text)


def lay(
    body: dict[str, Any],
    wanted: Mapping[str, str | None],
    spec: ModuleSpec,
    facts: Facts,
    current: Raw | None,
) -> None:
    """Put the wanted option of each row (by its name) on every line of ``body``, which are those
    of ``current`` when the body has none.

    Raises ``NotConfigured`` (``choice_unknown``) and ``Refused`` (``tracking_full``).
    """
    rows = {row.name: row for row in spec.fields}
    dialect = next(row.dialect for row in spec.fields if row.codec == "lines")
    if LINES not in body:
        held = (current or {}).get(LINES)
        body[LINES] = [_as_it_is(row, dialect.tracking) for row in held or ()]
        if (current or {}).get("LineAmountTypes"):
            body["LineAmountTypes"] = (current or {})["LineAmountTypes"]
    for name, option in wanted.items():
        category = category_of(rows[name], facts)
        entry = _entry(name, option, category)
        for line in body[LINES]:
            others = [
                each
                for each in line.get("Tracking") or ()
                if category is None or not category.holds(each)
            ]
            entries = [*others, {key: entry[key] for key in dialect.tracking}] if entry else others
            if len(entries) > MOST:
                raise Refused("tracking_full", {"field": name})
            line["Tracking"] = entries


def _entry(
    name: str, option: str | None, category: TrackingCategory | None
) -> dict[str, str] | None:
    if option is None:
        return None
    option_id = category.options.get(option) if category is not None else None
    if category is None or option_id is None:
        params = {"field": name, "value": option, "side": Side.XERO.value}
        raise NotConfigured("choice_unknown", params)
    return {
        "TrackingCategoryID": category.id,
        "TrackingOptionID": option_id,
        "Name": category.name,
        "Option": option,
    }


def _as_it_is(row: Raw, tracking: tuple[str, ...]) -> dict[str, Any]:
    """A line as Xero takes it back unchanged."""
    line = {key: row[key] for key in _KEPT if row.get(key) is not None}
    rate = to_decimal(row.get("DiscountRate"), "DiscountRate")
    if rate:
        line["DiscountRate"] = rate
    elif to_decimal(row.get("DiscountAmount"), "DiscountAmount"):
        line["DiscountAmount"] = row["DiscountAmount"]
    line["Tracking"] = [
        {key: entry[key] for key in tracking if entry.get(key)}
        for entry in row.get("Tracking") or ()
        if isinstance(entry, Mapping)
    ]
    return line
