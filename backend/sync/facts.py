"""What both organisations look like, read now and then, and kept as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.apis.zoho.client import ZohoClient
from backend.apis.zoho.datacentres import crm_of
from backend.core.errors import NotConfigured, Refused, SyncError, Transient
from backend.core.overlay import LINES_MODULE
from backend.core.roles import INVOICES
from backend.core.scalars import to_date
from backend.core.spec import (
    Facts,
    Field,
    LedgerAccount,
    ModuleSpec,
    Raw,
    TaxRate,
    TrackingCategory,
    ZohoTax,
)
from backend.modules import all_specs
from backend.store.tables import XeroConnection, ZohoConnection
from backend.sync.app import Sync
from backend.sync.clients import Clients
from backend.sync.cured import look_again

FRESH = timedelta(hours=1)
"""How long metadata is believed (reference: cache about an hour)."""

ORG_KEYS = ("zgid", "company_name", "iso_code", "currency", "time_zone")
FRESH_TRACKING = timedelta(days=1)
ADDED_PREFIX = "Xero_"
"""CRM fields the connection step adds where they are missing bear this name."""
ADDED_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"data_type": "text", "length": 120},
    "readable": {"data_type": "text", "length": 60},
    "url": {"data_type": "website", "length": 450},
    "money": {"data_type": "currency", "length": 16},
    "date": {"data_type": "date"},
    "latest_date": {"data_type": "date"},
}


def refresh(
    sync: Sync,
    org_id: str,
    clients: Clients,
    *,
    force: bool = False,
    fresh: timedelta = FRESH,
    fresh_xero: timedelta | None = None,
) -> None:
    """Read both sides' set-up again when it is older than ``fresh``, or when ``force``; Xero's,
    whose calls are few, may have an age of its own.

    Adds the CRM fields our marks need; what waited for the set-up is noted when it changed.
    Raises what the clients raise.
    """
    zoho_at, xero_at = _read_at(sync, org_id, clients.tenant_id)
    now, news = sync.clock(), False
    if force or zoho_at is None or now - zoho_at > fresh:
        news |= store_zoho(sync, org_id, read_zoho(clients.zoho))
    if force or xero_at is None or now - xero_at > (fresh_xero or fresh):
        kept = _kept_xero(sync, org_id, clients.tenant_id)
        read = read_xero(clients) | _tracking(clients, kept, now)
        news |= _store_xero(sync, org_id, clients.tenant_id, read)
    if news:
        with sync.database.begin() as session:
            look_again(sync, session, org_id=org_id, tenant_id=clients.tenant_id)


def _read_at(sync: Sync, org_id: str, tenant_id: str) -> tuple[datetime | None, datetime | None]:
    with sync.database.begin() as session:
        zoho = session.get(ZohoConnection, org_id)
        xero = (
            session.query(XeroConnection)
            .filter_by(org_id=org_id, tenant_id=tenant_id)
            .one_or_none()
        )
        return (zoho.facts_at if zoho else None), (xero.facts_at if xero else None)


def _kept_xero(sync: Sync, org_id: str, tenant_id: str) -> Mapping[str, Any]:
    with sync.database.begin() as session:
        row = (
            session.query(XeroConnection)
            .filter_by(org_id=org_id, tenant_id=tenant_id)
            .one_or_none()
        )
        return dict(row.facts) if row is not None else {}


# --- CRM ---------------------------------------------------------------------------------------


def read_zoho(client: ZohoClient) -> dict[str, Any]:
    """The CRM organisation: currencies, taxes, and the fields of every synced module."""
    org = client.org()
    fields: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for spec in all_specs().values():
        if spec.attached_to is None:
            known = _fields(client, spec)
            added[spec.zoho.path], known = _with_added(client, spec, known)
            added[spec.zoho.path] |= _lines_of(spec, known)
            fields[spec.zoho.path] = known
    return {
        "org": {
            key: _text(org.get(key))
            for key in ("zgid", "company_name", "iso_code", "currency", "time_zone")
        },
        "edition": _edition(org),
        "multi_currency": org.get("mc_status") is True,
        "zgid": _text(org.get("zgid") or org.get("id")),
        "taxes": [_tax(row) for row in client.taxes() if row.get("name") is not None],
        "currencies": [_text(row.get("iso_code")) for row in client.currencies()],
        "fields": fields,
        "added": added,
    }


def _edition(org: Raw) -> str:
    held = org.get("license_details")
    return _text(held.get("paid_type")) if isinstance(held, Mapping) else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _tax(row: Raw) -> dict[str, str]:
    return {"name": _text(row.get("name")), "rate": _text(row.get("value", row.get("percentage")))}


def _fields(client: ZohoClient, spec: ModuleSpec) -> dict[str, Any]:
    try:
        rows = client.fields(spec.zoho.path)
    except (NotConfigured, Refused):
        return {}
    return {str(row["api_name"]): _field(row) for row in rows if row.get("api_name")}


def _field(row: Raw) -> dict[str, Any]:
    may = row.get("operation_type")
    update = may.get("api_update", True) if isinstance(may, Mapping) else True
    choices, form = row.get("pick_list_values"), row.get("associated_module")
    listed = [each for each in choices or () if isinstance(each, Mapping)]
    lookup = row.get("lookup")
    target = lookup.get("module") if isinstance(lookup, Mapping) else None
    return {
        "id": _text(row.get("id")),
        "label": _text(row.get("display_label") or row.get("field_label")),
        "type": _text(row.get("data_type")),
        "length": row.get("length") if isinstance(row.get("length"), int) else None,
        "required": row.get("system_mandatory") is True,
        "read_only": row.get("read_only") is True or update is False,
        "unique": bool(row.get("unique")),
        "lines_of": _text(form.get("module")) if isinstance(form, Mapping) else "",
        "custom": row.get("custom_field") is True,
        "places": row.get("decimal_place") if isinstance(row.get("decimal_place"), int) else None,
        "target": _text(target.get("api_name")) if isinstance(target, Mapping) else "",
        "choices": [_text(each.get("actual_value")) for each in listed],
        "words": {
            _text(each.get("actual_value")): _text(each.get("display_value"))
            for each in listed
            if each.get("display_value") not in {None, each.get("actual_value")}
        },
    }


def added_rows(spec: ModuleSpec) -> list[Field]:
    """The rows whose CRM field is ours to add."""
    rows = {row.zoho: row for row in spec.fields if (row.zoho or "").startswith(ADDED_PREFIX)}
    return list(rows.values())


def _with_added(
    client: ZohoClient, spec: ModuleSpec, known: dict[str, Any]
) -> tuple[dict[str, str], dict[str, Any]]:
    """Our CRM fields by standard name, made where they are missing; and the fields afterwards.

    A field may bear a namespace when an extension installed it, so it is found by its label.
    """
    rows = added_rows(spec)
    found = _found(rows, known)
    missing = [row for row in rows if row.zoho not in found]
    if missing and known:
        _make(client, spec, missing)
        known = _fields(client, spec)
        found = _found(rows, known)
    return found, known


def _lines_of(spec: ModuleSpec, known: Mapping[str, Any]) -> dict[str, str]:
    """Where this CRM keeps a document's lines: prose and metadata name it differently (purchase
    orders), so the metadata decides: the field declared, else the only subform there is."""
    wanted, module = spec.zoho.lines, spec.zoho.lines_module
    if wanted is None or module is None:
        return {}
    forms = {name: field["lines_of"] for name, field in known.items() if field.get("lines_of")}
    name = wanted if wanted in forms or len(forms) != 1 else next(iter(forms))
    found = {wanted: name} if name != wanted else {}
    return found | ({LINES_MODULE: forms[name]} if forms.get(name, module) != module else {})


def label_of(row: Field) -> str:
    """The label CRM derives the API name from: ``Xero_Amount_Due`` is *Xero Amount Due*."""
    return (row.zoho or "").replace("_", " ")


def _found(rows: Iterable[Field], known: Mapping[str, Any]) -> dict[str, str]:
    labels = {str(field.get("label", "")).casefold(): name for name, field in known.items()}
    found: dict[str, str] = {}
    for row in rows:
        name = row.zoho if row.zoho in known else labels.get(label_of(row).casefold())
        if name is not None and row.zoho is not None:
            found[row.zoho] = name
    return found


def _make(client: ZohoClient, spec: ModuleSpec, rows: Iterable[Field]) -> None:
    wanted = [_new_field(row) for row in rows]
    try:
        for each in client.create_fields(spec.zoho.path, wanted):
            if each.error is not None and not isinstance(each.error, Refused | NotConfigured):
                raise each.error
    except (NotConfigured, Refused):
        # An edition may not allow custom fields: then the rows rest and the link table suffices.
        return


def _new_field(row: Field) -> dict[str, Any]:
    made = {"field_label": label_of(row), **ADDED_TYPES[row.codec]}
    if row.name == "xero_id":
        made |= {"length": 50, "unique": {"case_sensitive": False}}
    return made


def store_zoho(sync: Sync, org_id: str, facts: dict[str, Any]) -> bool:
    """Keep what ``read_zoho`` read, and across it how lines are read; whether it is news."""
    with sync.database.begin() as session:
        row = session.get(ZohoConnection, org_id)
        if row is None:
            return False
        told = {**facts, "lines": row.facts.get("lines", "query")}
        news = told != row.facts
        row.facts, row.facts_at = told, sync.clock()
        return news


def remember_lines(sync: Sync, org_id: str, way: str) -> None:
    """Remember how this organisation lets document lines be read: ``query`` or ``single``."""
    with sync.database.begin() as session:
        row = session.get(ZohoConnection, org_id)
        if row is not None:
            row.facts = {**row.facts, "lines": way}


# --- Xero --------------------------------------------------------------------------------------


def read_xero(clients: Clients) -> dict[str, Any]:
    """The Xero organisation: itself, its accounts, tax rates and currencies."""
    found = clients.xero.organisation()
    if not found:
        raise Transient("remote_garbled", words="no organisation in the answer")
    return {
        "organisation": _plain(found[0]),
        "accounts": [_plain(row) for row in clients.xero.accounts()],
        "tax_rates": [_plain(row) for row in clients.xero.tax_rates()],
        "currencies": [_text(row.get("Code")) for row in clients.xero.currencies()],
    }


def _tracking(clients: Clients, kept: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Tracking categories and branding themes change seldom: they are read once a day."""
    read_at = kept.get("tracking_at")
    if read_at is not None and now - datetime.fromisoformat(read_at) < FRESH_TRACKING:
        names = ("tracking", "branding_themes")
        return {"tracking_at": read_at, **{name: kept.get(name) or [] for name in names}}
    return {
        "tracking": [_plain(row) for row in clients.xero.tracking()],
        "branding_themes": [_plain(row) for row in clients.xero.branding_themes()],
        "tracking_at": now.isoformat(),
    }


def _plain(value: Any) -> Any:
    """``value`` as the JSON column takes it: numbers as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def _store_xero(sync: Sync, org_id: str, tenant_id: str, facts: dict[str, Any]) -> bool:
    with sync.database.begin() as session:
        row = (
            session.query(XeroConnection)
            .filter_by(org_id=org_id, tenant_id=tenant_id)
            .one_or_none()
        )
        if row is None:
            return False
        news = facts != row.facts
        row.facts, row.facts_at = facts, sync.clock()
        row.name = facts["organisation"].get("Name") or row.name
        return news


# --- as values ---------------------------------------------------------------------------------


def known_facts(
    settings: Mapping[str, Any],
    zoho: Mapping[str, Any],
    xero: Mapping[str, Any],
    *,
    api_domain: str,
    now: datetime | None,
) -> Facts:
    """The facts every record of an organisation shares; links come per batch."""
    organisation: Mapping[str, Any] = xero.get("organisation", {})
    org: Mapping[str, Any] = zoho.get("org", {})
    taxes = tuple(
        ZohoTax(name=row["name"], rate=_decimal(row["rate"])) for row in zoho.get("taxes", ())
    )
    return Facts(
        tax_map=_tax_map(settings, None),
        bought_map=_tax_map(settings, "purchases"),
        zoho_taxes=taxes,
        tax_rates={rate.code: rate for rate in map(tax_rate, xero.get("tax_rates", ()))},
        accounts={
            account.code: account
            for account in map(_account, xero.get("accounts", ()))
            if account.code
        },
        currencies=frozenset(xero.get("currencies", ())),
        base_currency=organisation.get("BaseCurrency") or "",
        zoho_currency=org.get("iso_code") or org.get("currency") or "",
        multi_currency=bool(zoho.get("multi_currency")),
        sales_account=settings.get("sales_account"),
        payment_account=_payment_account(settings.get("payment_account"), xero),
        paid_word=_paid_word(settings),
        purchases_account=settings.get("purchases_account"),
        fallback_product=settings.get("fallback_product"),
        invoice_status=settings.get("invoice_status_on_create", "DRAFT"),
        rounding=settings.get("rounding", "hold"),
        lock_date=_lock_date(organisation),
        country=organisation.get("CountryCode") or "",
        short_code=organisation.get("ShortCode") or "",
        organisation_name=organisation.get("Name") or "",
        crm_url=crm_address(api_domain, str(zoho.get("zgid") or "")),
        unarchive=settings.get("unarchive", "ask"),
        tracking={
            _text(row.get("TrackingCategoryID")).replace("-", "").lower(): _category(row)
            for row in xero.get("tracking", ())
        },
        now=now,
    )


def crm_address(api_domain: str, zgid: str) -> str:
    """Where a person opens records of this CRM organisation."""
    return f"{crm_of(api_domain) or api_domain}/crm/org{zgid}"


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def _tax_map(settings: Mapping[str, Any], use: str | None) -> tuple[tuple[ZohoTax, str], ...]:
    rows = settings.get("tax_map", ())
    return tuple(_mapped_tax(row) for row in rows if row.get("use") == use)


def _mapped_tax(row: Mapping[str, Any]) -> tuple[ZohoTax, str]:
    zoho = row.get("zoho") or {}
    tax = ZohoTax(name=_text(zoho.get("name")), rate=_decimal(zoho.get("percentage") or 0))
    return tax, _text(row.get("xero"))


def tax_rate(row: Mapping[str, Any]) -> TaxRate:
    """A tax rate as Xero lists it, as a value."""
    rate = row.get("EffectiveRate", row.get("DisplayTaxRate"))
    return TaxRate(
        code=_text(row.get("TaxType")),
        name=_text(row.get("Name")),
        rate=_decimal(0 if rate is None else rate),
        active=row.get("Status", "ACTIVE") == "ACTIVE",
        for_sales=row.get("CanApplyToRevenue") is not False,
        for_purchases=row.get("CanApplyToExpenses") is not False,
    )


def _account(row: Mapping[str, Any]) -> LedgerAccount:
    return LedgerAccount(
        code=_text(row.get("Code")),
        id=_text(row.get("AccountID")),
        name=_text(row.get("Name")),
        type=_text(row.get("Type")),
        tax_type=row.get("TaxType"),
        active=row.get("Status", "ACTIVE") == "ACTIVE",
        system=row.get("SystemAccount") or None,
        takes_payments=row.get("EnablePaymentsToAccount") is True,
        currency=row.get("CurrencyCode") or None,
    )


def _payment_account(chosen: Any, xero: Mapping[str, Any]) -> LedgerAccount | None:
    """The chosen account by id or code; bank accounts may have no code."""
    rows = map(_account, xero.get("accounts", ()))
    return next((each for each in rows if chosen and chosen in {each.id, each.code}), None)


def _paid_word(settings: Mapping[str, Any]) -> str:
    """The word the status map gives Xero's *PAID* on invoices, else CRM's usual one."""
    laid = settings.get("status_map", {}).get(INVOICES)
    word = laid.get("PAID") if isinstance(laid, Mapping) else None
    return str(word or "Paid")


def _category(row: Mapping[str, Any]) -> TrackingCategory:
    return TrackingCategory(
        id=_text(row.get("TrackingCategoryID")),
        name=_text(row.get("Name")),
        options={
            _text(each.get("Name")): _text(each.get("TrackingOptionID"))
            for each in row.get("Options") or ()
        },
    )


def _lock_date(organisation: Mapping[str, Any]) -> date | None:
    days: list[date] = []
    for key in ("PeriodLockDate", "EndOfYearLockDate"):
        try:
            day = to_date(organisation.get(key), key)
        except SyncError:
            day = None
        if isinstance(day, date):
            days.append(day)
    return max(days, default=None)
