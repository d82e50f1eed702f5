"""Which Xero tax type a CRM tax is, and the other way round; never a default tax."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from backend.core.errors import NotConfigured
from backend.core.spec import Facts, TaxRate, ZohoTax

NO_TAX = "NONE"
"""Xero's tax type of a line without tax (reference: TaxTypes)."""

UNMAPPED = "zoho:"
_NO_TAX_NAMES = frozenset({"", "none", "no tax", "exempt", "tax exempt"})


def tax_key(name: str) -> str:
    """Names compare without case; every spelling of *no tax* is one name."""
    name = name.strip().casefold()
    return "" if name in _NO_TAX_NAMES else name


def _shown(name: str, rate: Decimal) -> str:
    return f"{name} {rate.normalize():f} %".strip()


def _mapped(name: str, rate: Decimal, facts: Facts) -> str | None:
    """What the map says; where it names a sales tax alone, nothing is said of purchases."""
    rows = facts.bought_map + facts.tax_map if facts.purchases else facts.tax_map
    codes = [code for tax, code in rows if tax.rate == rate and tax_key(tax.name) == tax_key(name)]
    fitting = [code for code in codes if _fits(facts.tax_rates.get(code), facts)]
    return next(iter(fitting if facts.purchases else (fitting or codes)), None)


def _fits(held: TaxRate | None, facts: Facts) -> bool:
    """Whether a rate may be used for what is sold, or bought; unknown ones are told of later."""
    if held is None:
        return True
    return held.for_purchases if facts.purchases else held.for_sales


def _only(found: Iterable[TaxRate], name: str) -> str | None:
    """The one rate found, or the one of several that bears ``name``."""
    rates = list(found)
    if len(rates) > 1:
        rates = [rate for rate in rates if tax_key(rate.name) == tax_key(name)]
    return rates[0].code if len(rates) == 1 else None


def find_xero_tax(name: str, rate: Decimal, facts: Facts) -> str | None:
    """The Xero tax type of a CRM tax, None while nothing says which; checks nothing."""
    mapped = _mapped(name, rate, facts)
    if mapped is not None:
        return mapped
    if rate == 0 and not tax_key(name):
        return NO_TAX
    usable = (each for each in facts.tax_rates.values() if each.active and _fits(each, facts))
    return _only((each for each in usable if each.rate == rate), name)


def tax_to_xero(name: str, rate: Decimal, facts: Facts) -> str:
    """The Xero tax type to send for a CRM tax; the map first, then the one rate that fits.

    Raises ``NotConfigured``: ``tax_not_mapped``, or what ``check_xero_tax`` finds.
    """
    code = find_xero_tax(name, rate, facts)
    if code is None:
        raise NotConfigured("tax_not_mapped", {"tax": _shown(name, rate)})
    return check_xero_tax(code, facts)


def check_xero_tax(code: str, facts: Facts) -> str:
    """``code`` when Xero has it and takes it on sales, or on purchases.

    Raises ``NotConfigured``: ``tax_missing``, ``tax_inactive``, ``tax_not_for_sales`` or
    ``tax_not_for_purchases``.
    """
    if code == NO_TAX:
        return code
    held = facts.tax_rates.get(code)
    if held is None:
        raise NotConfigured("tax_missing", {"tax": code})
    if not held.active:
        raise NotConfigured("tax_inactive", {"tax": held.name})
    if not _fits(held, facts):
        key = "tax_not_for_purchases" if facts.purchases else "tax_not_for_sales"
        raise NotConfigured(key, {"tax": held.name})
    return code


def tax_to_zoho(code: str | None, facts: Facts) -> ZohoTax | None:
    """The CRM tax to send for a Xero tax type, None for a line without tax.

    Raises ``NotConfigured`` (``tax_not_in_crm``) when the map names none and the CRM organisation
    has no single tax of that rate.
    """
    here, there = facts.tax_map, facts.bought_map
    for tax, mapped in there + here if facts.purchases else here + there:
        if mapped == code:
            return tax if tax_key(tax.name) else None
    if code in {None, NO_TAX}:
        return None
    found = _crm_tax(str(code), facts)
    if found is None:
        held = facts.tax_rates.get(str(code))
        shown = _shown(held.name, held.rate) if held else str(code)
        raise NotConfigured("tax_not_in_crm", {"tax": shown})
    return found


def _crm_tax(code: str, facts: Facts) -> ZohoTax | None:
    held = facts.tax_rates.get(code)
    if held is None:
        return None
    rates = [tax for tax in facts.zoho_taxes if tax.rate == held.rate]
    if len(rates) > 1:
        rates = [tax for tax in rates if tax_key(tax.name) == tax_key(held.name)]
    return rates[0] if len(rates) == 1 else None


def rate_of(tax: str | None, facts: Facts) -> Decimal:
    """Per cent of a line's tax in common terms; an unmapped CRM tax carries its own rate.

    Raises ``NotConfigured`` (``tax_missing``) for a tax type Xero's list does not hold.
    """
    if tax is None or tax == NO_TAX:
        return Decimal(0)
    if tax.startswith(UNMAPPED):
        return Decimal(tax.rpartition("|")[2])
    held = facts.tax_rates.get(tax)
    if held is None:
        raise NotConfigured("tax_missing", {"tax": tax})
    return held.rate
