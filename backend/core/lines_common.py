"""What both dialects of document lines share: names, alignment, marks of our own lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from backend.core.errors import Refused
from backend.core.scalars import to_decimal, to_text, utf16_length
from backend.core.spec import Facts, Field, Line, Side

Row: TypeAlias = Mapping[str, Any]

ADJUSTMENT = "Adjustment"
"""Text of the untaxed last line that stands for a CRM document's Adjustment."""

DISCOUNT = "Discount"
"""Text of the untaxed line that stands for the Discount of a document taxed line by line."""

_LENGTH = {Side.XERO: 4000, Side.ZOHO: 32000}
_ZERO = Decimal(0)
_ONE = Decimal(1)


def rows_of(raw: Mapping[str, Any], path: str) -> list[Row] | None:
    """The rows of a record; None where it came without them."""
    held = raw.get(path)
    if not isinstance(held, list):
        return None
    return [row for row in held if isinstance(row, Mapping)]


def amount(row: Row, key: str, default: Decimal, *, field: str) -> Decimal:
    """A number of a row, ``default`` where it is empty; ``Refused`` when it is no number."""
    number = to_decimal(row.get(key), f"{field}.{key}")
    return default if number is None else number


def product_name(product: str | None, facts: Facts) -> str:
    """What the product of a line is called in CRM; a line without one has the fallback's name."""
    return facts.product_names.get(product or facts.fallback_product or "", "")


def own_words(text: Any, product: str | None, facts: Facts) -> str:
    """A line's description, "" where it only repeats its product's name."""
    words = to_text(text) or ""
    return "" if words == product_name(product, facts) else words


def fitting(words: str, field: Field, side: Side) -> str:
    """``words`` unchanged, or ``Refused`` when a line of ``side`` could not hold them."""
    limit = field.length(side) or _LENGTH[side]
    if utf16_length(words) > limit:
        length = str(utf16_length(words))
        raise Refused("text_too_long", {"field": field.name, "limit": str(limit), "length": length})
    return words


def plain_line(words: str, unit_price: Decimal) -> Line:
    """One untaxed line without a product: an adjustment or a rounding."""
    return Line(product=None, description=words, quantity=_ONE, unit_price=unit_price)


def is_plain(line: Line, words: str) -> bool:
    """Whether ``line`` could have been made by ``plain_line`` with these words."""
    return line == plain_line(words, line.unit_price)


def adjusted(lines: Sequence[Line], amount: Decimal) -> tuple[Line, ...]:
    """``lines`` with ``amount`` more in their one closing adjustment, gone when it comes to zero.

    CRM has a single Adjustment per document, so there is never a second such line.
    """
    if amount and lines and is_plain(lines[-1], ADJUSTMENT):
        amount += lines[-1].unit_price
        lines = lines[:-1]
    return (*lines, plain_line(ADJUSTMENT, amount)) if amount else tuple(lines)


def align(wanted: Sequence[Line], held: Sequence[Line]) -> list[int | None]:
    """For each wanted line the index of the held one it continues, None for a new one.

    Equal product and words first, then equal product, then whatever is left by position.
    """
    found: list[int | None] = [None] * len(wanted)
    free = list(range(len(held)))
    _pair(found, free, [(a.product, a.description) for a in wanted], [
        (b.product, b.description) for b in held
    ])  # fmt: skip
    _pair(found, free, [a.product for a in wanted], [b.product for b in held])
    _pair(found, free, [None] * len(wanted), [None] * len(held))
    return found


def _pair(
    found: list[int | None], free: list[int], wanted: Sequence[object], held: Sequence[object]
) -> None:
    """Give each unpaired wanted line the first free held one of the same key."""
    for index, key in enumerate(wanted):
        if found[index] is None:
            match = next((each for each in free if held[each] == key), None)
            if match is not None:
                found[index] = match
                free.remove(match)
