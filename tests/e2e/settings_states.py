"""What the settings page shows in the tests: a wine merchant with something of everything."""

import copy
from typing import Any

from tests.e2e.states import said

KEYS = (
    "accounts", "contacts", "vendors", "products", "quotes", "sales_orders", "invoices",
    "purchase_orders", "payments", "credit_notes",
)  # fmt: skip
NEVER = "Delete_me"
ANA, TOMASZ = "Ana Whitfield", "Tomasz Reid"


def _way(bits: str) -> dict[str, bool]:
    return dict(zip(("allow", "create", "update", "delete"), map("1".__eq__, bits), strict=True))


def _module(rule: str, to_xero: str, to_zoho: str, **more: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "schedule": True,
        "conflict": rule,
        "start_date": None,
        "filter": [],
        "to_xero": _way(to_xero),
        "to_zoho": _way(to_zoho),
        **more,
    }


def settings() -> dict[str, Any]:
    """The settings document, whole."""
    active = [{"field": "Product_Active", "op": "eq", "value": True}]
    two = [{"field": "Status", "op": "in", "value": ["Approved", "Delivered"]}]
    modules = {
        "accounts": _module("ask", "1111", "1110"),
        "contacts": _module("zoho", "1110", "1110"),
        "vendors": _module("xero", "0000", "1110"),
        "products": _module("newest", "1110", "1110", filter=active),
        "quotes": _module("ask", "1100", "1010", start_date="2026-01-01"),
        "sales_orders": _module("ask", "1110", "0000", enabled=False),
        "invoices": _module("ask", "1111", "1110", start_date="2026-01-01", filter=two),
        "purchase_orders": _module("ask", "1110", "1010", start_date="2026-07-01"),
        "payments": _module("ask", "0000", "1111"),
        "credit_notes": _module("ask", "0000", "1111"),
    }
    return {
        "modules": modules,
        "customers": "accounts",
        "invoice_status_on_create": "DRAFT",
        "payment_account": "090",
        "sales_account": "200",
        "purchases_account": None,
        "fallback_product": None,
        "tax_map": [{"zoho": {"name": "GST", "percentage": "15"}, "xero": "OUTPUT2"}],
        "status_map": {},
        "rounding": "hold",
        "unarchive": "ask",
        "delete_limit": 10,
        "attempts": 3,
        "suppress_zoho_automation": False,
        "notify": {"crm_task": True, "emails": ["priya@harbour.example"]},
        "language": "en",
    }


def modules() -> list[dict[str, Any]]:
    """What `GET /api/modules` answers: here the page's own words stand."""
    both = {"possible": True, "why": None}
    return [
        {"key": key, "available": True, "directions": {"to_xero": both, "to_zoho": both}}
        for key in KEYS
        if key not in {"sales_orders", "credit_notes"}
    ]


def wrong_in(document: dict[str, Any]) -> list[dict[str, str]]:
    """Complaints as the real backend makes them: a filter on a field that is not there."""
    return [
        {
            "path": f"modules.{key}.filter.{number}.field",
            "code": "crm_field_unknown",
            "detail": f"CRM has no field {row['field']}.",
        }
        for key, held in document["modules"].items()
        for number, row in enumerate(held["filter"])
        if row["field"] == NEVER
    ]


def consequences(old: dict[str, Any], new: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """What saving would lead to."""
    before, after = old["modules"]["quotes"], new["modules"]["quotes"]
    if not after["to_xero"]["update"] or before["to_xero"]["update"]:
        return []
    return [{"module": "quotes", "key": "piled_up", "text": piled_up(language), "count": 14}]


def piled_up(language: str) -> str:
    """What waits behind a switch that was off."""
    return said(
        language,
        "14 quotes were edited while this was off.",
        "14 devis ont été modifiés pendant que c’était désactivé.",
        "14 Angebote wurden geändert, während dies aus war.",
    )


def preflight(language: str) -> dict[str, Any]:
    """One gap: a tax without a partner."""
    text = said(
        language,
        "2 CRM taxes have no Xero tax rate yet",
        "2 taxes du CRM n’ont pas encore de taux dans Xero",
        "2 CRM-Steuern haben noch keinen Steuersatz in Xero",
    )
    checks = [{"key": "taxes", "state": "gap", "text": text, "fix": None, "act": None}]
    return {"checks": checks, "ready": False}


# --- runs --------------------------------------------------------------------------------------


def run(kind: str, module: str, *, done: int, state: str, preview: Any = None) -> dict[str, Any]:
    """A run at one moment."""
    over = state == "done"
    money = {
        "NZD": {"zoho": "812440.10", "xero": "812440.08"},
        "GBP": {"zoho": "204118.36", "xero": "204118.35"},
        "EUR": {"zoho": "96310.00", "xero": "96310.00"},
    }
    summary = {
        "by_operation": {"create": 161, "update": 30, "delete": 0, "link": 318, "none": 0},
        "by_direction": {"to_xero": {"create": 97, "update": 21}, "to_zoho": {"create": 64, "update": 9}},
        "by_module": {},
        "calls": 38,
        "minutes": 2,
        "money": money,
    }  # fmt: skip
    return {
        "id": kind, "kind": kind, "module": module, "direction": "both", "state": state, "stage": "",
        "total": 549, "done": done, "created": 161 if over else done // 2, "updated": 30 if over else done // 6,
        "linked": 318 if over else done // 5, "deleted": 0, "skipped": 26 if over else 0, "held": 3 if over else 2,
        "failed": 11 if over else 1, "eta_seconds": 0 if over else 60, "calls": 26, "figures": {}, "confirm": None,
        "summary": summary if kind == "preview" and over else None, "preview": preview, "by": ANA, "message": None,
        "created_at": "2026-11-23T14:30:00Z", "started_at": "2026-11-23T14:31:00Z",
        "finished_at": "2026-11-23T14:36:00Z" if over else None,
    }  # fmt: skip


def _item(number: int, label: str, operation: str, direction: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number), "module": "invoices", "label": label, "zoho_id": str(number), "xero_id": None,
        "direction": direction, "operation": operation, "status": "planned", "changes": [], "candidates": [],
        "totals": {"zoho": "1240.00", "xero": "1240.00", "currency": "GBP"}, "message": None, **more,
    }  # fmt: skip


def run_items(language: str) -> list[dict[str, Any]]:
    """Rows of a preview, one of each kind."""
    text = said(
        language,
        "Totals differ by NZ$0.01.",
        "Les totaux diffèrent de 0,01 NZ$.",
        "Die Summen weichen um 0,01 NZ$ ab.",
    )
    apart = {"zoho": "87.75", "xero": "87.74", "currency": "NZD"}
    message = {"key": "totals_differ", "params": {}, "text": text, "fix": None, "act": None}
    due = [{"field": "due_date", "label": "Due Date", "type": "date", "before": "2026-11-30", "after": "2026-12-15"}]  # fmt: skip
    several = [{"id": "x-1", "label": "Whitby Marine Ltd"}, {"id": "x-2", "label": "Whitby Marine"}]
    return [
        _item(1, "INV-2064 Kestrel & Wren Ltd", "create", "to_xero"),
        _item(
            2,
            "INV-2063 Te Aro Roasters",
            "none",
            "to_xero",
            status="held",
            totals=apart,
            message=message,
        ),
        _item(3, "INV-2062 Whitby Marine Supplies Ltd", "create", "to_xero"),
        _item(4, "X-00417 Brasserie Lémont SARL", "create", "to_zoho"),
        _item(5, "INV-2058 Pōhutukawa Hotels Ltd", "link", "both"),
        _item(6, "INV-2056 Müller & Söhne GmbH", "update", "to_xero", changes=due),
        _item(
            7,
            "Whitby Marine Supplies",
            "none",
            "both",
            status="failed",
            candidates=several,
            totals=None,
            module="accounts",
        ),
    ]


# --- log ---------------------------------------------------------------------------------------


def way_text(direction: str, language: str = "en") -> str:
    """A direction in words, as the log is read aloud."""
    return {
        "to_xero": said(language, "CRM to Xero", "CRM vers Xero", "CRM nach Xero"),
        "to_zoho": said(language, "Xero to CRM", "Xero vers CRM", "Xero ins CRM"),
        "both": said(language, "CRM and Xero", "CRM et Xero", "CRM und Xero"),
    }[direction]


def log_row(number: int, at: str, label: str, direction: str, **more: Any) -> dict[str, Any]:
    """One attempt."""
    return {
        "id": str(number), "at": at, "module": "invoices", "label": label, "zoho_id": f"5{number}", "xero_id": f"x-{number}",
        "direction": direction, "direction_text": way_text(direction), "trigger": "webhook", "trigger_by": None,
        "operation": "update", "status": "success", "message": None, "words": None, "changes": [], "attempt": 1,
        "next_attempt_at": None, "by": None, "run_id": None, "remote_request": None, **more,
    }  # fmt: skip


def _message(key: str, text: str, fix: str | None = None, **params: str) -> dict[str, Any]:
    return {"key": key, "params": params, "text": text, "fix": fix, "act": None}


def log_rows(language: str) -> list[dict[str, Any]]:
    """Two days of work."""
    paid = said(language, "Payment of €4,000.00 received", "Paiement de 4 000,00 € reçu", "Zahlung über 4.000,00 € erhalten")  # fmt: skip
    differ = said(language, "Totals differ by NZ$0.01", "Les totaux diffèrent de 0,01 NZ$", "Die Summen weichen um 0,01 NZ$ ab")  # fmt: skip
    correct = said(
        language,
        "Xero rounds tax on each line, CRM on the whole. Nothing was sent. Correct the lines in CRM, then try again.",
        "Xero arrondit la taxe ligne par ligne, le CRM sur le total. Rien n’a été envoyé. Corrigez les lignes dans le CRM, puis réessayez.",
        "Xero rundet die Steuer je Position, das CRM im Ganzen. Es wurde nichts gesendet. Korrigieren Sie die Positionen im CRM und versuchen Sie es erneut.",
    )
    usd = said(language, "Currency USD is not enabled in Xero", "La devise USD n’est pas activée dans Xero", "Die Währung USD ist in Xero nicht aktiviert")  # fmt: skip
    off = said(language, "Update is switched off for Quotes", "La mise à jour est désactivée pour les devis", "Aktualisieren ist für Angebote ausgeschaltet")  # fmt: skip
    what = [
        {"field": "reference", "label": said(language, "Reference", "Référence", "Referenz"), "type": "text", "before": "PO 8812", "after": "PO 8812 rev. 2"},
        {"field": "quantity", "label": said(language, "Line 3, quantity", "Ligne 3, quantité", "Position 3, Menge"), "type": "text", "before": "4", "after": "6"},
    ]  # fmt: skip
    sums = {"crm_net": "76.30", "xero_net": "76.30", "crm_tax": "11.45", "xero_tax": "11.44", "crm_total": "87.75", "xero_total": "87.74", "currency": "NZD"}  # fmt: skip
    today, before = "2026-11-23T", "2026-11-22T"
    rows = [
        log_row(12, f"{today}14:32:00Z", "INV-2041 Brasserie Lémont SARL", "to_zoho", message=_message("paid", paid)),
        log_row(11, f"{today}14:30:00Z", "PROD-311 Walnut serving board", "to_zoho", module="products", trigger="schedule"),
        log_row(10, f"{today}14:21:07Z", "INV-2063 Te Aro Roasters", "to_xero", status="held", trigger="click", trigger_by=ANA, message=_message("totals_differ", differ, correct, **sums), changes=what),
        log_row(9, f"{today}14:20:00Z", "INV-2062 Whitby Marine Supplies Ltd", "to_xero", operation="create", trigger="schedule"),
        log_row(8, f"{today}14:10:00Z", "QU-0418 Pōhutukawa Hotels Ltd", "to_xero", module="quotes", operation="none", status="skipped", trigger="schedule", message=_message("switched_off", off)),
        log_row(7, f"{today}13:58:00Z", "INV-2057 O’Neil & Co", "to_xero", status="failed", trigger="retry", attempt=3, operation="none", message=_message("currency_not_enabled", usd), words="Organisation is not subscribed to currency USD"),
        log_row(6, f"{today}13:41:00Z", "Müller & Söhne GmbH", "to_zoho", module="accounts", changes=[{"field": "phone", "label": "Phone", "type": "text", "before": None, "after": "+49 30 1234"}]),
        log_row(5, f"{today}11:52:00Z", "INV-2049 Ståhl Kök AB", "to_xero", operation="void", trigger="schedule"),
        log_row(4, f"{before}17:20:00Z", "INV-2036 Kauri Timber Co", "to_xero", status="held", trigger="schedule"),
        log_row(3, f"{before}17:04:00Z", "PROD-118 Oak barrel, 225 l", "both", module="products", trigger="schedule"),
        log_row(2, f"{before}16:48:00Z", "Whitby Marine Supplies Ltd", "both", module="accounts", operation="link", trigger="click", trigger_by="Priya Nair"),
        log_row(1, f"{before}16:31:00Z", "CN-0093 Brasserie Lémont SARL", "to_zoho", module="credit_notes"),
    ]  # fmt: skip
    return [{**row, "direction_text": way_text(row["direction"], language)} for row in rows]


def many_log_rows(count: int) -> list[dict[str, Any]]:
    """A long log, newest first."""
    return [
        log_row(number, "2026-11-23T12:00:00Z", f"INV-{number:05}", "to_xero", trigger="schedule")
        for number in range(count, 0, -1)
    ]


# --- inboxes -----------------------------------------------------------------------------------


def _field(name: str, label: str, kind: str, base: Any, zoho: Any, xero: Any) -> dict[str, Any]:
    return {
        "field": name, "label": label, "type": kind, "base": base, "zoho": zoho, "xero": xero, "locked": False,
        "zoho_by": ANA, "zoho_at": "2026-11-23T10:14:00Z", "xero_by": TOMASZ, "xero_at": "2026-11-23T10:31:00Z",
        "agreed_at": "2026-11-12T10:02:00Z",
    }  # fmt: skip


def _inbox(row_id: str, module: str, label: str, kind: str, since: str, **more: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "id": row_id, "kind": kind, "module": module, "label": label, "zoho_id": f"7{row_id[1:]}", "xero_id": f"x-{row_id}",
        "url": "https://go.xero.com/app/view/1", "state": "conflict", "reason": None, "words": None, "money": None,
        "conflict": None, "candidates": [], "actions": [], "attempts": 0, "since": since, **more,
    }  # fmt: skip


def conflicts(language: str) -> list[dict[str, Any]]:
    """Records both sides edited."""
    due = said(language, "Due date", "Échéance", "Fälligkeitsdatum")
    ref = said(language, "Reference", "Référence", "Referenz")
    phone = said(language, "Phone", "Téléphone", "Telefon")
    price = said(language, "Sales price", "Prix de vente", "Verkaufspreis")
    money = {"total": "3915.60", "paid": "0.00", "due": "3915.60", "currency": "GBP", "rows": []}
    two = [
        _field("due_date", due, "date", "2026-11-30", "2026-12-15", "2026-12-07"),
        _field("reference", ref, "text", "PO 7731", "PO 7731 rev. B", "PO 7731-2"),
    ]
    at = "2026-11-23T10:31:00Z"
    return [
        _inbox("c1", "invoices", "INV-2038 Kestrel & Wren Ltd", "conflict", at, money=money, conflict={"fields": two}),
        _inbox("c2", "accounts", "Pōhutukawa Hotels Ltd", "conflict", "2026-11-23T09:12:00Z", conflict={"fields": [_field("phone", phone, "text", "+64 9 300 1", "+64 9 300 2", None)]}),
        _inbox("c3", "products", "PROD-204 Linen apron, natural", "conflict", "2026-11-22T09:00:00Z", conflict={"fields": [_field("price", price, "money", "39.00", "42.00", "41.50")]}),
        _inbox("c4", "accounts", "مؤسسة النخيل للتجارة", "conflict", "2026-11-16T09:00:00Z", conflict={"fields": [_field("phone", phone, "text", None, "1", "2")]}),
    ]  # fmt: skip


def _proof(field: str, label: str, zoho: str | None, xero: str | None, same: Any) -> dict[str, Any]:
    return {"field": field, "label": label, "zoho": zoho, "xero": xero, "same": same}


def attention(language: str) -> list[dict[str, Any]]:
    """Records that wait for a person."""
    vat = said(language, "VAT number", "Numéro de TVA", "USt-IdNr.")
    mail = said(language, "E-mail", "E-mail", "E-Mail")
    name = said(language, "Name", "Nom", "Name")
    crm_mail = "accounts@whitbymarine.example"
    first = {
        "id": "x-1", "xero_id": "x-1", "label": "Whitby Marine Supplies Ltd", "archived": False, "strong": True, "uses": {"invoices": 41},
        "evidence": [_proof("tax_number", vat, "GB 284 1120 55", "GB 284 1120 55", True), _proof("name", name, "Whitby Marine Supplies", "Whitby Marine Supplies Ltd", True), _proof("email", mail, crm_mail, "ap@whitbymarine.example", False)],
    }  # fmt: skip
    second = {
        "id": "x-2", "xero_id": "x-2", "label": "Whitby Marine", "archived": True, "strong": False, "uses": {"invoices": 2},
        "evidence": [_proof("tax_number", vat, "GB 284 1120 55", None, None), _proof("email", mail, crm_mail, crm_mail, True)],
    }  # fmt: skip
    several = said(language, "Several contacts in Xero could be this account.", "Plusieurs contacts de Xero pourraient être ce compte.", "Mehrere Kontakte in Xero könnten diese Firma sein.")  # fmt: skip
    usd = said(language, "Currency USD is not enabled in Xero.", "La devise USD n’est pas activée dans Xero.", "Die Währung USD ist in Xero nicht aktiviert.")  # fmt: skip
    add = said(language, "Add it under Settings › Currencies; this invoice then goes by itself.", "Ajoutez-la sous «\u202fSettings › Currencies\u202f»\u202f; cette facture partira ensuite d’elle-même.", "Fügen Sie sie unter „Settings › Currencies“ hinzu; diese Rechnung wird danach von selbst übertragen.")  # fmt: skip
    label = said(language, "Open currencies in Xero", "Ouvrir les devises dans Xero", "Währungen in Xero öffnen")  # fmt: skip
    locked = said(language, "Dated 30 Sep 2026, in a locked period.", "Datée du 30 sept. 2026, dans une période verrouillée.", "Datiert 30.09.2026, in einer gesperrten Periode.")  # fmt: skip
    act = {"label": label, "url": "https://go.xero.com/Settings/Currencies"}
    failing = {**_message("currency_not_enabled", usd, add, code="USD"), "act": act}
    gone = said(language, "Deleted in CRM, edited in Xero.", "Supprimée dans le CRM, modifiée dans Xero.", "Im CRM gelöscht, in Xero geändert.")  # fmt: skip
    return [
        _inbox("a1", "accounts", "Whitby Marine Supplies", "ambiguous_match", "2026-11-23T13:00:00Z", reason=_message("ambiguous", several), candidates=[first, second], actions=["link", "create", "never"], xero_id=None, url=None),
        _inbox("a2", "invoices", "INV-2057 O’Neil & Co", "configuration", "2026-11-23T13:58:00Z", reason=failing, actions=["retry", "give_up"], attempts=3, words="Organisation is not subscribed to currency USD"),
        _inbox("a3", "invoices", "INV-2036 Kauri Timber Co", "locked_period", "2026-11-22T17:20:00Z", reason=_message("period_locked", locked), actions=["retry", "give_up"], attempts=1),
        _inbox("a4", "invoices", "INV-2011 Müller & Söhne GmbH", "deleted_against_edited", "2026-11-22T08:47:00Z", reason=_message("deleted_against_edited", gone), actions=["restore", "delete", "keep"]),
    ]  # fmt: skip


def causes(language: str) -> list[dict[str, Any]]:
    """Causes that several records share."""
    usd = said(language, "Currency USD is not enabled in Xero.", "La devise USD n’est pas activée dans Xero.", "Die Währung USD ist in Xero nicht aktiviert.")  # fmt: skip
    message = _message("currency_not_enabled", usd)
    return [{"message": message, "message_key": "currency_not_enabled", "count": 4}]


# --- health ------------------------------------------------------------------------------------


def health_more() -> dict[str, Any]:
    """Schedule, budget and channels."""
    return {
        "schedule": {"next_run_at": "2026-11-23T14:40:00Z", "last_good_sync_at": "2026-11-23T14:30:00Z", "minutes": 10},
        "budget": {
            "xero": {"minute": {"left": 56, "limit": 60}, "day": {"left": 688, "limit": 1000, "reset_at": "2026-11-23T23:10:00Z"}, "reserve": 100, "bill": {"idle_per_day": 296, "without_webhooks_per_day": 896, "now_per_day": 296}},
            "zoho": {"credits": {"left": 46820, "limit": 56000}},
        },
        "channels": [{"module": key, "state": "active", "expires_at": "2026-11-29T14:00:00Z", "last_heard_at": None} for key in ("accounts", "invoices")],
        "webhooks": {"last_at": "2026-11-23T14:32:00Z", "lag_seconds": 1.4, "gaps": 2, "proven": True},
    }  # fmt: skip


def health_modules(document: dict[str, Any], *, accepted: bool) -> dict[str, Any]:
    """Per module how its records stand."""
    in_sync = dict(zip(KEYS, (641, 907, 88, 211, 192, 0, 468, 96, 320, 24), strict=True))
    trouble = {"invoices": (3, 6), "accounts": (2, 5), "products": (1, 0)}
    return {
        key: {
            "enabled": held["enabled"],
            "schedule": held["schedule"],
            "accepted": accepted and held["enabled"],
            "in_sync": in_sync[key],
            "pending": 2,
            "conflict": trouble.get(key, (0, 0))[0],
            "failing": trouble.get(key, (0, 0))[1],
            "excluded": 30 if key == "invoices" else 0,
            "last_good_sync_at": "2026-11-23T14:30:00Z",
            "next_run_at": "2026-11-23T14:40:00Z" if held["schedule"] else None,
        }
        for key, held in document["modules"].items()
    }


def audit(language: str) -> dict[str, Any]:
    """Counts and sums of both sides."""
    sums = {"NZD": "812440.10", "GBP": "204118.36"}
    rows = [
        {"module": "accounts", "zoho": {"count": 641, "sums": {}}, "xero": {"count": 641, "sums": {}}, "differences": []},
        {"module": "invoices", "zoho": {"count": 468, "sums": sums}, "xero": {"count": 468, "sums": {**sums, "NZD": "812440.08"}}, "differences": ["NZD"]},
    ]  # fmt: skip
    text = said(language, "INV-2063: CRM says NZ$87.75, Xero NZ$87.74.", "INV-2063\u00a0: 87,75 NZ$ dans le CRM, 87,74 NZ$ dans Xero.", "INV-2063: CRM 87,75 NZ$, Xero 87,74 NZ$.")  # fmt: skip
    return {"at": "2026-11-23T03:00:00Z", "state": "differs", "modules": rows, "findings": [{"text": text}]}  # fmt: skip


def large_settings(name: str) -> dict[str, Any]:
    """Settings whose free texts are as long as they get."""
    document = copy.deepcopy(settings())
    document["modules"]["products"]["filter"] = [{"field": name, "op": "eq", "value": name}]
    return document
