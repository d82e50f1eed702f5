"""Document totals as Xero and as Zoho compute them, to the cent, and the proof that they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from backend.core.scalars import to_decimal
from backend.core.spec import Facts, Line, Raw
from backend.core.taxes import rate_of

ROUNDING = "Rounding"
"""Text of the line that equalises a cent Xero rounds differently; it exists in Xero alone."""

CENT = Decimal("0.01")
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_UNITS = {places: Decimal(1).scaleb(-places) for places in range(10)}


def half_up(amount: Decimal, places: int = 2) -> Decimal:
    """``amount`` rounded half up, away from zero, to ``places`` decimals.

    Xero rounds so (developer.xero.com, api-guides/rounding-in-xero): 2.165 becomes 2.17.
    """
    return amount.quantize(_UNITS[places], ROUND_HALF_UP)


def line_amount(
    quantity: Decimal, unit_price: Decimal, *, rate: Decimal = _ZERO, discount: Decimal = _ZERO
) -> Decimal:
    """A line's amount as Xero computes it: less ``rate`` per cent, or less ``discount``."""
    return half_up(quantity * unit_price * (_HUNDRED - rate) / _HUNDRED - discount)


def net_of(line: Line) -> Decimal:
    """The amount of a line in common terms, before tax, with the four-digit price that is sent."""
    return line_amount(
        half_up(line.quantity, 4), half_up(line.unit_price, 4), discount=half_up(line.discount)
    )


def tax_of(amount: Decimal, rate: Decimal, *, inclusive: bool = False) -> Decimal:
    """The tax on one line's rounded amount, rounded half up itself; ``rate`` in per cent."""
    if inclusive:
        return half_up(amount - amount / (1 + rate / _HUNDRED))
    return half_up(amount * rate / _HUNDRED)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``total`` divided pro rata into whole cents that add up to it exactly.

    Cents left over go where the most was cut off, the earlier line first. Without any weight
    the first line takes all; without lines there is nothing to divide.
    """
    whole = sum(weights, _ZERO)
    if not whole:
        return [total if at == 0 else _ZERO for at in range(len(weights))]
    exact = [total * weight / whole for weight in weights]
    shares = [each.quantize(CENT, ROUND_DOWN) for each in exact]
    left = total - sum(shares, _ZERO)
    step = CENT.copy_sign(left)
    most = sorted(range(len(exact)), key=lambda at: (-abs(exact[at] - shares[at]), at))
    for at in most[: int(abs(left) / CENT)]:
        shares[at] += step
    return shares


def exclusive_from_inclusive(line: Line, rate: Decimal) -> tuple[Line, Decimal]:
    """An inclusive line made exclusive, and the pennies its new total falls short."""
    gross = net_of(line)
    net = gross - tax_of(gross, rate, inclusive=True)
    quantity = half_up(line.quantity, 4)
    unit_price = half_up(line.unit_price / (1 + rate / _HUNDRED), 4)
    discount = half_up(quantity * unit_price) - net
    if quantity and (not line.discount or discount < 0):
        unit_price, discount = half_up(net / quantity, 4), _ZERO
    exclusive = replace(line, unit_price=unit_price, discount=discount)
    amount = net_of(exclusive)
    return exclusive, gross - amount - tax_of(amount, rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """A document's sums in its currency; ``sub_total`` is before tax, ``total`` with it."""

    sub_total: Decimal
    tax: Decimal
    total: Decimal


def xero_totals(lines: Sequence[Line], mode: str, rates: Mapping[str, Decimal]) -> Totals:
    """The totals exactly as Xero computes them: tax per rounded line, half up, then summed.

    ``mode`` is Xero's LineAmountTypes in any case; prices are inclusive of tax in ``Inclusive``.
    ``rates`` holds per cent per tax of the lines; KeyError when one is missing.
    """
    mode = mode.casefold()
    inclusive = mode == "inclusive"
    amounts = [(net_of(line), _ZERO if mode == "notax" else _rate(line, rates)) for line in lines]
    tax = sum((tax_of(each, rate, inclusive=inclusive) for each, rate in amounts), _ZERO)
    whole = sum((each for each, _ in amounts), _ZERO)
    sub_total = whole - tax if inclusive else whole
    return Totals(sub_total=half_up(sub_total), tax=half_up(tax), total=half_up(sub_total + tax))


def zoho_totals(
    lines: Sequence[Line], rates: Mapping[str, Decimal], *, whole: bool = False
) -> Totals:
    """The totals as CRM computes them; ``whole``: tax of each rate rounded on the document once."""
    if not whole:
        return xero_totals(lines, "Exclusive", rates)
    taxed: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = _rate(line, rates)
        taxed[rate] = taxed.get(rate, _ZERO) + net_of(line)
    sub_total = half_up(sum(taxed.values(), _ZERO))
    tax = half_up(sum((tax_of(amount, rate) for rate, amount in taxed.items()), _ZERO))
    return Totals(sub_total=sub_total, tax=tax, total=sub_total + tax)


def _rate(line: Line, rates: Mapping[str, Decimal]) -> Decimal:
    return _ZERO if line.tax is None else rates[line.tax]


def totals_of(raw: Raw) -> Totals | None:
    """What a CRM document says it adds up to, None when it has neither total nor subtotal.

    The adjustment belongs to the subtotal here and the discount is off it, as in the lines.
    """
    sub_total = to_decimal(raw.get("Sub_Total"), "Sub_Total")
    tax = to_decimal(raw.get("Tax"), "Tax") or _ZERO
    total = to_decimal(raw.get("Grand_Total"), "Grand_Total")
    if total is None:
        if sub_total is None:
            return None
        off = to_decimal(raw.get("Discount"), "Discount") or _ZERO
        more = to_decimal(raw.get("Adjustment"), "Adjustment") or _ZERO
        total = sub_total - off + tax + more
    return Totals(sub_total=half_up(total - tax), tax=half_up(tax), total=half_up(total))


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Both systems arrive at the same total."""

    totals: Totals


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """CRM's and Xero's totals, and by how much CRM's is larger (``apart``)."""

    zoho: Totals
    xero: Totals
    apart: Decimal
    lines: int = 1


def prove(raw: Raw, lines: Sequence[Line], facts: Facts) -> Agreement | Difference:
    """Whether Xero will arrive at the total CRM shows, to the cent, were ``lines`` sent to it.

    Only the totals decide: what each side calls tax and what subtotal may round differently.
    A document that tells no total of its own counts as computed line by line.
    Raises ``NotConfigured`` (``tax_missing``) and ``Refused`` (``unreadable``).
    """
    rates = {line.tax: rate_of(line.tax, facts) for line in lines if line.tax is not None}
    xero = xero_totals(lines, "Exclusive", rates)
    zoho = totals_of(raw) or xero
    if zoho.total == xero.total:
        return Agreement(totals=xero)
    return Difference(zoho=zoho, xero=xero, apart=zoho.total - xero.total, lines=len(lines))


def equalise(difference: Difference, rounding: str = "adjust") -> Line | None:
    """The untaxed line that makes Xero's total CRM's, None when that would hide a real difference.

    Only with ``rounding`` set to ``adjust``, and only up to one cent per line and five in all:
    rounding cannot part two right totals by more than half a cent per line and side.
    """
    if not is_rounding(difference.apart, difference.lines, rounding):
        return None
    return Line(
        product=None, description=ROUNDING, quantity=Decimal(1), unit_price=difference.apart
    )


def is_rounding(apart: Decimal, lines: int, rounding: str = "adjust") -> bool:
    """Whether totals of a document of so many ``lines`` may differ by ``apart`` through rounding
    alone, and the organisation lets that be adjusted: up to one cent per line and five in all."""
    return rounding == "adjust" and abs(apart) <= CENT * min(5, max(1, lines))
