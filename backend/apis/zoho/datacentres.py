"""Zoho's data centres: which accounts servers and API domains may ever see our secrets.

The callback's `accounts-server` is what a browser brought: it is compared, never trusted.
Sources: zoho.com/crm/developer/docs/api/v8/multi-dc.html and, for the United Kingdom,
zoho.com/accounts/protocol/oauth/multi-dc.html; the Emirates are named by integrators only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DataCentre:
    """One of Zoho's separate worlds; `location` is what the callback calls it."""

    location: str
    accounts: str
    api: str
    crm: str


DATA_CENTRES = (
    DataCentre(
        location="us",
        accounts="https://accounts.zoho.com",
        api="https://www.zohoapis.com",
        crm="https://crm.zoho.com",
    ),
    DataCentre(
        location="eu",
        accounts="https://accounts.zoho.eu",
        api="https://www.zohoapis.eu",
        crm="https://crm.zoho.eu",
    ),
    DataCentre(
        location="in",
        accounts="https://accounts.zoho.in",
        api="https://www.zohoapis.in",
        crm="https://crm.zoho.in",
    ),
    DataCentre(
        location="au",
        accounts="https://accounts.zoho.com.au",
        api="https://www.zohoapis.com.au",
        crm="https://crm.zoho.com.au",
    ),
    DataCentre(
        location="jp",
        accounts="https://accounts.zoho.jp",
        api="https://www.zohoapis.jp",
        crm="https://crm.zoho.jp",
    ),
    DataCentre(
        location="cn",
        accounts="https://accounts.zoho.com.cn",
        api="https://www.zohoapis.com.cn",
        crm="https://crm.zoho.com.cn",
    ),
    DataCentre(
        location="ca",
        accounts="https://accounts.zohocloud.ca",
        api="https://www.zohoapis.ca",
        crm="https://crm.zohocloud.ca",
    ),
    DataCentre(
        location="sa",
        accounts="https://accounts.zoho.sa",
        api="https://www.zohoapis.sa",
        crm="https://crm.zoho.sa",
    ),
    DataCentre(
        location="uk",
        accounts="https://accounts.zoho.uk",
        api="https://www.zohoapis.uk",
        crm="https://crm.zoho.uk",
    ),
    DataCentre(
        location="ae",
        accounts="https://accounts.zoho.ae",
        api="https://www.zohoapis.ae",
        crm="https://crm.zoho.ae",
    ),
)
_ACCOUNTS = frozenset(centre.accounts for centre in DATA_CENTRES)
_APIS = frozenset(centre.api for centre in DATA_CENTRES)


def accounts_server_allowed(url: str, override: str | None = None) -> bool:
    """Whether secrets may go to this accounts server: exact match, nothing is normalised.

    `override` (simulators, tests) replaces the table.
    """
    return url == override.rstrip("/") if override else url in _ACCOUNTS


def api_domain_allowed(url: str, override: str | None = None) -> bool:
    """Whether tokens may go to this API domain: exact match, nothing is normalised."""
    return url == override.rstrip("/") if override else url in _APIS


def crm_of(api_domain: str) -> str | None:
    """Where people of that API domain see their CRM, None for a domain outside the table."""
    return next((centre.crm for centre in DATA_CENTRES if centre.api == api_domain), None)
