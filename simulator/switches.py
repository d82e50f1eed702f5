"""Facts no source settles, or that differ between organisations: one documented switch each.

A test that must hold whatever the truth is runs once per position. Every field's metadata names
where the question comes from; the defaults are what the vendors' own texts make most likely.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def fact(default: Any, source: str) -> Any:
    """A switch with its default and the sentence that says where the doubt comes from."""
    return field(default=default, metadata={"source": source})


@dataclass(kw_only=True)
class Switches:
    """The positions of all switches of one world."""

    auto_consent: bool = fact(False, "the login pages redirect at once, as if a person had agreed")

    # Xero
    ims_inclusive: bool = fact(
        True, "Xero requests-and-responses: If-Modified-Since, inclusive or not is not said"
    )
    ims_empty_304: bool = fact(
        False, "Xero http-response-codes names 304, no current page says lists answer it"
    )
    ims_blind_spots: bool = fact(
        True, "Xero requests-and-responses: changes that do not move UpdatedDateUTC"
    )
    payment_fires_invoice_webhook: bool = fact(
        True, "Xero webhooks: widely assumed, documented nowhere"
    )
    own_writes_notify: bool = fact(
        True, "Xero and Zoho: an application's own writes raise events as well"
    )
    xero_enforce_granular_scopes: bool = fact(
        True, "Xero scopes: applications made after 2 March 2026 get granular scopes only"
    )
    xero_items_by_invoice_scope: bool = fact(
        True, "Xero scopes: Items is listed under accounting.invoices and accounting.settings"
    )
    xero_day_limit: int = fact(1000, "Xero pricing: 1,000 a day on Starter, 5,000 above")
    xero_minute_limit: int = fact(60, "Xero limits: 60 calls a minute and organisation")
    xero_concurrent_limit: int = fact(5, "Xero limits: 5 calls in progress per organisation")
    xero_app_minute_limit: int = fact(10_000, "Xero limits: 10,000 calls a minute for the app")
    xero_app_limit_problem: str = fact(
        "appminute", "Xero limits: the X-Rate-Limit-Problem of the app-wide limit is unknown"
    )
    xero_organisation_is_free: bool = fact(
        True, "Xero pricing FAQ: GET /Organisation is not counted"
    )
    xero_search_lag_seconds: float = fact(
        0.0, "searchTerm and where may trail a write by seconds; nothing promises otherwise"
    )
    xero_restore_contact: bool = fact(
        True, "Xero contacts: whether POST ContactStatus=ACTIVE restores is not documented"
    )
    xero_ids_see_archived: bool = fact(
        True, "Xero contacts: whether IDs= needs includeArchived is not documented"
    )
    xero_addresses_replace: bool = fact(
        False, "Xero contacts: whether an address type that is not sent is emptied"
    )
    xero_updated_date_strings: bool = fact(
        True, "Xero OpenAPI 16.1.0 adds UpdatedDateUTCString; recordings of April 2026 lack it"
    )
    xero_rounding_opt_in: bool = fact(
        False, "xero-node 20: RoundingAmount is an opt-in of the organisation"
    )
    xero_unknown_enums: bool = fact(
        False, "xero-python issue 203: the live API sends TAXNUMBERTYPE/SSN"
    )
    xero_reject_unknown_account_on_draft: bool = fact(
        False, "xero-ruby spec: an unknown account of a draft is removed with a warning"
    )
    xero_used_items_deletable: bool = fact(
        True, "Xero items: whether an untracked item that documents use may be deleted"
    )
    xero_scope_error_redirects: bool = fact(
        False, "Xero sign-in: whether invalid_scope comes back to the redirect URI or as a page"
    )
    xero_purchase_order_discount_rates: bool = fact(
        True, "Xero purchase-orders: its lines have a DiscountRate; OpenAPI: sales documents only"
    )
    quote_states_on_create: str = fact(
        "DRAFT", "Xero quotes: no page says whether a quote may begin beyond a draft"
    )
    xero_webhooks_for_contacts: bool = fact(True, "the categories an app subscribed to")
    xero_webhooks_for_invoices: bool = fact(True, "the categories an app subscribed to")
    xero_webhooks_for_credit_notes: bool = fact(True, "the categories an app subscribed to")

    # Zoho
    omitted_subform_rows_kept: bool = fact(
        True, "Zoho subforms: whether rows left out of an update stay"
    )
    coql_lines: bool = fact(True, "Zoho COQL: whether the line-item module may be queried")
    coql_max_rows: int = fact(200, "Zoho COQL: 200 rows a call, 2,000 by some pages")
    unique_fields_by_api: bool = fact(
        True, "Zoho fields API: whether a field can be made unique by API"
    )
    update_answers_304: bool = fact(
        False, "Zoho update-records: a stale If-Unmodified-Since answers 412, in old texts 304"
    )
    coql_needs_brackets: bool = fact(
        True, "Zoho COQL: more than two conditions have to be grouped in pairs by brackets"
    )
    coql_line_tax: bool = fact(
        True, "Zoho COQL: whether Line_Tax of the line-item module may be selected"
    )
    zoho_tax_rounding: str = fact(
        "shown",
        "Zoho inventory: where tax is rounded; shown (line taxes on the line, a document tax on "
        "the whole), line (always per line) or document (always as a whole)",
    )
    zoho_search_lag_seconds: float = fact(
        0.0, "Zoho search: the index trails a write by an unknown time"
    )

    def apply(self, values: dict[str, Any]) -> None:
        """Set several switches; ValueError names one that is unknown or of a wrong type."""
        known = {f.name: f for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown switch {name!r}")
            wanted = type(known[name].default)
            accepted = {wanted, int} if wanted is float else {wanted}
            if type(value) not in accepted:
                raise ValueError(f"{name} takes a {wanted.__name__}")
        for name, value in values.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """All positions by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def sources(self) -> dict[str, str]:
        """Where each doubt comes from."""
        return {f.name: f.metadata["source"] for f in fields(self)}
