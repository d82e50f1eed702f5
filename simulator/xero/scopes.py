"""Which scopes exist, and which calls each of them opens.

Source: developer.xero.com scopes (granular since March 2026) as listed in Xero's prompt library.
"""

from __future__ import annotations

from simulator.xero.errors import ApiError, problem
from simulator.xero.resource import Resource

IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
BROAD = frozenset({"accounting.transactions", "accounting.transactions.read"})
REPORTS = (
    "aged",
    "balancesheet",
    "banksummary",
    "budgetsummary",
    "executivesummary",
    "profitandloss",
    "trialbalance",
    "taxreports",
)
AREAS = (
    "contacts",
    "invoices",
    "payments",
    "banktransactions",
    "manualjournals",
    "settings",
    "attachments",
)
GRANULAR = frozenset(
    {f"accounting.{area}{suffix}" for area in AREAS for suffix in ("", ".read")}
    | {f"accounting.reports.{report}.read" for report in REPORTS}
)


def known(scopes: set[str], *, granular_only: bool) -> bool:
    """Whether sign-in accepts these scopes."""
    allowed = IDENTITY | GRANULAR
    return scopes <= (allowed if granular_only else allowed | BROAD)


def require(resource: Resource, method: str, held: set[str], *, items_by_invoices: bool) -> None:
    """ApiError 401 insufficient_scope unless one of the entity's scopes is held."""
    wanted = resource.scopes[:1]
    if items_by_invoices:
        wanted = resource.scopes
    enough = {*wanted} | ({f"{s}.read" for s in wanted} if method == "GET" else set())
    if wanted[0] in {"accounting.invoices", "accounting.payments"}:
        enough |= {"accounting.transactions"}
        enough |= {"accounting.transactions.read"} if method == "GET" else set()
    if not enough & held:
        raise insufficient()


def insufficient() -> ApiError:
    """401, not 403; a refresh does not help."""
    return problem(
        401,
        "Unauthorized",
        "AuthorizationUnsuccessful",
        WWW_Authenticate='Bearer error="insufficient_scope"',
    )
