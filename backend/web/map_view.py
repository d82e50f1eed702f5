"""Maps between both systems as pages draw them: what is set, what is proposed, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.core.errors import Message
from backend.core.maps import status_proposal, tax_proposal, term_proposal
from backend.core.offers import Offer
from backend.core.spec import Facts, ModuleSpec, Side, TaxRate, ZohoTax
from backend.core.taxes import find_xero_tax
from backend.i18n import translate
from backend.modules import all_specs, module_keys
from backend.store.views import Standing
from backend.sync.facts import known_facts
from backend.sync.mapped import Kept
from backend.sync.policy import policy_of
from backend.texts import render, state_label
from backend.texts.mapping import WHY
from backend.web.mapping_offer import known, offered
from backend.web.present import Reader, iso


def facts_of(standing: Standing, settings: Mapping[str, Any]) -> Facts:
    """Both organisations as values, under these settings."""
    zoho, xero = known(standing)
    return known_facts(
        settings, zoho, xero, api_domain=standing.zoho.api_domain if standing.zoho else "", now=None
    )


# --- what Xero has -----------------------------------------------------------------------------


def choices(standing: Standing) -> dict[str, Any]:
    """Accounts, tax rates, currencies, tracking and branding themes, as last read."""
    _, xero = known(standing)
    facts = facts_of(standing, standing.org.settings)
    organisation: Mapping[str, Any] = xero.get("organisation") or {}
    return {
        "accounts": [_account(row) for row in xero.get("accounts") or ()],
        "tax_rates": [_rate(rate) for rate in facts.tax_rates.values()],
        "currencies": list(xero.get("currencies") or ()),
        "tracking": [_tracking(row) for row in xero.get("tracking") or ()],
        "organisation": {
            "id": organisation.get("OrganisationID"),
            "name": organisation.get("Name"),
            "base_currency": organisation.get("BaseCurrency"),
            "short_code": organisation.get("ShortCode"),
        }
        if organisation
        else None,
        "as_of": iso(standing.xero.facts_at) if standing.xero is not None else None,
    }


def _account(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row.get("AccountID"),
        "code": row.get("Code") or None,
        "name": row.get("Name"),
        "type": row.get("Type"),
        "active": row.get("Status", "ACTIVE") == "ACTIVE",
        "takes_payments": row.get("Type") == "BANK" or row.get("EnablePaymentsToAccount") is True,
    }


def _rate(rate: TaxRate) -> dict[str, Any]:
    return {
        "code": rate.code,
        "name": rate.name,
        "rate": f"{rate.rate.normalize():f}",
        "active": rate.active,
        "sales": rate.for_sales,
        "purchases": rate.for_purchases,
    }


def _tracking(row: Mapping[str, Any]) -> dict[str, Any]:
    options = [
        {"id": each.get("TrackingOptionID"), "name": each.get("Name")}
        for each in row.get("Options") or ()
        if each.get("Status", "ACTIVE") == "ACTIVE"
    ]
    return {"id": row.get("TrackingCategoryID"), "name": row.get("Name"), "options": options}


# --- what stands for what ----------------------------------------------------------------------


def maps(standing: Standing, reader: Reader, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The whole document."""
    facts = facts_of(standing, settings)
    return {
        "tax": [_tax(tax, facts, reader) for tax in facts.zoho_taxes],
        "buys": _buys(settings),
        "status": _statuses(standing, settings, reader),
        "currencies": _currencies(standing),
        "terms": list(_terms(standing, reader)),
        "gaps": [render(each, reader.language) for each in gaps(standing, settings)],
    }


def _tax(tax: ZohoTax, facts: Facts, reader: Reader) -> dict[str, Any]:
    proposal, why = tax_proposal(tax, facts.tax_rates.values())
    mapped = next((code for each, code in facts.tax_map if _same(each, tax)), None)
    return {
        "zoho": {"name": tax.name, "percentage": f"{tax.rate.normalize():f}"},
        "xero": mapped,
        "proposal": proposal,
        "why": translate(WHY[why], reader.language),
        "bought": _bought(tax, facts),
    }


def _bought(tax: ZohoTax, facts: Facts) -> dict[str, Any]:
    """The same on purchases: what is chosen for them alone, what is found without a choice."""
    unmapped = replace(facts, tax_map=(), bought_map=(), purchases=True)
    proposal, _ = tax_proposal(tax, facts.tax_rates.values(), bought=True)
    return {
        "xero": next((code for each, code in facts.bought_map if _same(each, tax)), None),
        "found": find_xero_tax(tax.name, tax.rate, unmapped),
        "proposal": proposal,
    }


def _buys(settings: Mapping[str, Any]) -> bool:
    """Whether documents of purchases cross."""
    return any(
        policy_of(settings, key).enabled
        for key, spec in all_specs().items()
        if any(row.dialect.bought for row in spec.fields)
    )


def _same(one: ZohoTax, other: ZohoTax) -> bool:
    return one.rate == other.rate and one.name.casefold() == other.name.casefold()


def _statuses(
    standing: Standing, settings: Mapping[str, Any], reader: Reader
) -> dict[str, list[dict[str, Any]]]:
    return {
        key: [_status(spec, state, standing, settings, reader) for state in spec.xero.states]
        for key, spec in all_specs().items()
        if spec.attached_to is None and spec.xero.states
    }


def _status(
    spec: ModuleSpec,
    state: str,
    standing: Standing,
    settings: Mapping[str, Any],
    reader: Reader,
) -> dict[str, Any]:
    row = next((one for one in spec.fields if one.name == "status"), None)
    offer = offered(spec, standing)[Side.ZOHO].get((row.zoho if row else None) or "")
    words = [value for value, _ in offer.choices] if offer is not None else []
    laid = (settings.get("status_map") or {}).get(spec.key) or {}
    declared = row.value_map if row is not None else {}
    return {
        "xero": state,
        "label": state_label(state, reader.language),
        "zoho": laid.get(state, declared.get(state)),
        "proposal": status_proposal(state, words),
        "choices": words,
    }


def _currencies(standing: Standing) -> list[dict[str, Any]]:
    zoho, xero = known(standing)
    base = (zoho.get("org") or {}).get("iso_code")
    crm = {str(code) for code in [*(zoho.get("currencies") or ()), base] if code}
    books = {str(code) for code in xero.get("currencies") or ()}
    return [
        {"code": code, "crm": code in crm, "xero": code in books} for code in sorted(crm | books)
    ]


def _terms(standing: Standing, reader: Reader) -> Iterator[dict[str, Any]]:
    """Words of CRM lists that look like payment terms, and what Xero would call them."""
    for spec in (all_specs()[key] for key in module_keys() if all_specs()[key].terms):
        for offer in offered(spec, standing)[Side.ZOHO].values():
            if offer.kind == "choice" and "term" in f"{offer.path} {offer.label}".casefold():
                yield from (_term(spec.key, offer, word, reader) for word, _ in offer.choices)


def _term(module: str, offer: Offer, word: str, reader: Reader) -> dict[str, Any]:
    proposal = term_proposal(word)
    return {
        "module": module,
        "field": offer.path,
        "zoho": word,
        "xero": None,
        "proposal": proposal,
        "why": translate(WHY["days" if proposal else "no_days"], reader.language),
    }


# --- gaps --------------------------------------------------------------------------------------


def gaps(standing: Standing, settings: Mapping[str, Any]) -> Iterator[Message]:
    """Everything that would hold records up, by name."""
    zoho, xero = known(standing)
    if not zoho or not xero:
        return
    facts = facts_of(standing, settings)
    yield from _tax_gaps(facts)
    if _buys(settings):
        yield from _bought_gaps(facts)
    yield from _account_gaps(facts, settings)
    for each in _currencies(standing):
        if each["crm"] and not each["xero"]:
            yield Message("gap_currency", {"code": each["code"]})
    yield from _status_gaps(standing, settings)


def _tax_gaps(facts: Facts) -> Iterator[Message]:
    for tax in facts.zoho_taxes:
        code = find_xero_tax(tax.name, tax.rate, facts)
        shown = {"tax": _shown(tax.name, tax.rate)}
        held = facts.tax_rates.get(code or "")
        if code is None:
            yield Message("gap_tax", shown)
        elif code != "NONE" and held is None:
            yield Message("gap_tax_missing", {**shown, "code": code})
        elif held is not None and not held.active:
            yield Message("gap_tax_inactive", {**shown, "code": held.name})
        elif held is not None and held.rate != tax.rate:
            yield Message("gap_tax_rate", {**shown, "code": _shown(held.name, held.rate)})


def _bought_gaps(facts: Facts) -> Iterator[Message]:
    """Taxes with a rate on sales, and on purchases none or several that would fit."""
    bought = replace(facts, purchases=True)
    for tax in facts.zoho_taxes:
        on_sales = find_xero_tax(tax.name, tax.rate, facts)
        if on_sales and find_xero_tax(tax.name, tax.rate, bought) is None:
            yield Message("gap_tax_bought", {"tax": _shown(tax.name, tax.rate)})


def _shown(name: str, rate: Decimal) -> str:
    return f"{name} {rate.normalize():f} %".strip()


def _account_gaps(facts: Facts, settings: Mapping[str, Any]) -> Iterator[Message]:
    held = {account.code: account for account in facts.accounts.values()}
    held |= {account.id: account for account in facts.accounts.values()}
    for name in ("sales_account", "purchases_account", "payment_account"):
        wanted = settings.get(name)
        if wanted is None:
            continue
        account = held.get(wanted)
        if account is None:
            yield Message(f"gap_{name}", {"account": str(wanted)})
        elif not account.active:
            yield Message("gap_account_archived", {"account": f"{wanted} {account.name}"})


def _status_gaps(standing: Standing, settings: Mapping[str, Any]) -> Iterator[Message]:
    """Words that travel to a CRM list which does not know them."""
    zoho: Kept = known(standing)[0]
    for key, spec in all_specs().items():
        row = next((one for one in spec.fields if one.name == "status" and one.zoho), None)
        if row is None or spec.attached_to is not None or not zoho.get("fields"):
            continue
        offer = offered(spec, standing)[Side.ZOHO].get(row.zoho or "")
        laid = (settings.get("status_map") or {}).get(key) or {}
        for word in sorted({**row.value_map, **laid}.values()):
            if offer is not None and offer.choices and word not in offer.words:
                yield Message("gap_status", {"value": word, "module": key})
