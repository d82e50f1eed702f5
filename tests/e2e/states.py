"""Canned answers of the record API, one per state, in the reader's language."""

import copy
from typing import Any

from tests.e2e.board import BUDGET

NOW = "2026-11-23T14:33:00+00:00"
HARBOUR = {"id": "6a1c2f0e-0000-4000-8000-000000000001", "name": "Harbour & Vine Ltd"}
XERO = "https://go.xero.com/app/invoicing/view/"


def said(language: str, english: str, french: str, german: str) -> str:
    """One sentence in one of the three languages."""
    return {"fr": french, "de": german}.get(language, english)


def row(number: int, at: str, direction: str, text: str, **more: Any) -> dict[str, Any]:
    """A log row as `GET /api/log` answers it."""
    ways = {"to_xero": "CRM to Xero", "to_zoho": "Xero to CRM", "both": "both ways"}
    return {
        "id": str(number),
        "at": at,
        "module": "invoices",
        "label": "INV-2041",
        "direction": direction,
        "direction_text": ways.get(direction, direction),
        "trigger": "webhook",
        "trigger_by": None,
        "operation": "update",
        "status": "success",
        "message": {"key": "k", "params": {}, "text": text, "fix": None},
        "changes": [],
        "attempt": 1,
        "next_attempt_at": None,
        "by": None,
        **more,
    }


def invoice(language: str, number: str = "INV-2041", **more: Any) -> dict[str, Any]:
    """An invoice in sync, from which the other states depart."""
    awaiting = said(language, "Awaiting payment", "En attente de paiement", "Zahlung ausstehend")
    document: dict[str, Any] = {
        "module": "invoices",
        "zoho_id": "0",
        "label": number,
        "state": "in_sync",
        "reason": None,
        "links": [{"xero_id": "g-1", "xero_number": number, "url": XERO + "g-1"}],
        "zoho": {
            "number": number,
            "status": said(language, "Approved", "Approuvée", "Genehmigt"),
            "total": "12480.00",
            "at": "2026-11-23T10:14:00Z",
        },
        "xero": {
            "number": number,
            "status": "AUTHORISED",
            "status_text": awaiting,
            "total": "12480.00",
            "at": "2026-11-23T14:32:00Z",
        },
        "money": {
            "total": "12480.00",
            "paid": "4000.00",
            "due": "8480.00",
            "currency": "EUR",
            "status": "part_paid",
            "due_date": "2026-12-14",
            "overdue": False,
            "rows": [],
        },
        "connection": "connected",
        "disconnected_at": None,
        "organisation": HARBOUR,
        "checked_at": "2026-11-23T14:32:00Z",
        "next_check_at": "2026-11-23T14:40:00Z",
        "last_sync_at": "2026-11-23T14:32:00Z",
        "last_change": None,
        "history": [],
        "conflict": None,
        "candidates": [],
        "allowed": ["both", "to_xero", "to_zoho"],
        "denied": {},
        "attempts": 0,
        "max_attempts": 3,
        "task": None,
        "waiting": 0,
        "request": None,
    }
    document.update(more)
    document["last_change"] = document["history"][0] if document["history"] else None
    return document


def in_sync(language: str) -> dict[str, Any]:
    """Part paid, as in the design."""
    paid = said(
        language,
        "Payment of €4,000.00 received",
        "Paiement de 4 000,00 € reçu",
        "Zahlung über 4.000,00 € erhalten",
    )
    approved = said(
        language,
        "Approved: Draft → Awaiting payment",
        "Approuvée\u00a0: Brouillon → En attente de paiement",
        "Genehmigt: Entwurf → Zahlung ausstehend",
    )
    created = said(
        language,
        "Created in Xero with 6 lines",
        "Créée dans Xero avec 6 lignes",
        "In Xero mit 6 Positionen angelegt",
    )
    history = [
        row(3, "2026-11-23T14:32:00Z", "to_zoho", paid),
        row(2, "2026-11-12T09:00:00Z", "to_zoho", approved),
        row(
            1,
            "2026-11-10T09:00:00Z",
            "to_xero",
            created,
            trigger="click",
            trigger_by="Ana Whitfield",
            operation="create",
        ),
    ]
    return invoice(language, history=history)


def with_payments(language: str) -> dict[str, Any]:
    """In sync, overdue, with a payment, a credit note, field changes and a long history."""
    document = in_sync(language)
    document["money"].update(
        overdue=True,
        due_date="2026-11-02",
        rows=[
            {"kind": "payment", "date": "2026-11-12", "amount": "3500.00", "reference": "BACS 118"},
            {"kind": "credit_note", "date": "2026-11-15", "amount": "500.00", "reference": None},
        ],
    )
    changed = [
        {"field": "Subject", "label": "Subject", "before": "PO 7731", "after": "PO 7731-2"},
        {"field": "Due_Date", "label": "Due Date", "before": None, "after": "2026-12-14"},
    ]
    document["history"][0]["changes"] = changed
    document["history"] += [
        row(9, "2026-11-02T09:00:00Z", "to_xero", "Held", status="held", attempt=2),
        row(8, "2026-11-01T09:00:00Z", "to_xero", "Not accepted", status="failed"),
    ]
    return document


def pending(language: str) -> dict[str, Any]:
    """Changes wait for the next check."""
    return invoice(language, state="pending", waiting=2)


def syncing(language: str) -> dict[str, Any]:
    """Somebody else's request is on its way."""
    return invoice(language, state="syncing", request={"id": "slow", "state": "running"})


def conflict(language: str) -> dict[str, Any]:
    """Two fields edited on both sides."""
    people = {
        "zoho_by": "Ana Whitfield",
        "zoho_at": "2026-11-23T10:14:00Z",
        "xero_by": "Tomasz Reid",
        "xero_at": "2026-11-23T10:31:00Z",
        "agreed_at": "2026-11-23T10:02:00Z",
    }
    fields = [
        {
            "field": "due_date",
            "label": said(language, "Due date", "Échéance", "Fälligkeitsdatum"),
            "type": "date",
            "base": "2026-11-30",
            "zoho": "2026-12-15",
            "xero": "2026-12-07",
            **people,
        },
        {
            "field": "reference",
            "label": said(language, "Reference", "Référence", "Referenz"),
            "type": "text",
            "base": "PO 7731",
            "zoho": "PO 7731 rev. B",
            "xero": "PO 7731-2",
            **people,
        },
    ]
    merged = said(
        language,
        "Description, Payment terms merged",
        "Description, Conditions de paiement fusionnées",
        "Beschreibung, Zahlungsziel zusammengeführt",
    )
    document = invoice(
        language,
        "INV-2038",
        state="conflict",
        conflict={"fields": fields},
        history=[
            row(2, "2026-11-23T10:32:00Z", "both", merged, trigger="schedule"),
            row(
                1,
                "2026-11-23T10:14:00Z",
                "to_xero",
                said(
                    language,
                    "Due date, Reference",
                    "Échéance, Référence",
                    "Fälligkeitsdatum, Referenz",
                ),
            ),
        ],
    )
    document["money"].update(total="3915.60", paid="0.00", due="3915.60", currency="GBP")
    document["zoho"]["total"] = document["xero"]["total"] = "3915.60"
    return document


def needs_attention(language: str) -> dict[str, Any]:
    """The currency is missing in Xero; nothing was created."""
    text = said(
        language,
        "The currency USD is not enabled in the Xero organisation Harbour & Vine Ltd.",
        "La devise USD n’est pas activée dans l’organisation Xero Harbour & Vine Ltd.",
        "Die Währung USD ist in der Xero-Organisation „Harbour & Vine Ltd“ nicht aktiviert.",
    )
    fix = said(
        language,
        "Add USD in Xero under Settings › Currencies. This invoice then goes by itself.",
        "Ajoutez USD dans Xero sous «\u202fSettings › Currencies\u202f». Cette facture partira ensuite d’elle-même.",
        "Fügen Sie USD in Xero unter „Settings › Currencies“ hinzu. Die Rechnung wird danach von selbst übertragen.",
    )
    label = said(
        language,
        "Open currencies in Xero",
        "Ouvrir les devises dans Xero",
        "Währungen in Xero öffnen",
    )
    held = said(
        language, "Held before sending", "Retenue avant l’envoi", "Vor dem Senden angehalten"
    )
    linked = said(
        language,
        "Account O’Neil & Co linked to Xero",
        "Compte O’Neil & Co lié à Xero",
        "Firma „O’Neil & Co“ verknüpft",
    )
    document = invoice(
        language,
        "INV-2057",
        state="needs_attention",
        attempts=3,
        task={"id": "9001", "owner": "Priya Nair"},
        links=[],
        xero=None,
        money=None,
        reason={
            "key": "currency_not_enabled",
            "params": {"code": "USD"},
            "text": text,
            "fix": fix,
            "act": {"label": label, "url": "https://go.xero.com/Settings/Currencies"},
        },
        history=[
            row(
                2,
                "2026-11-23T13:58:00Z",
                "to_xero",
                held,
                status="held",
                trigger="retry",
                attempt=3,
            ),
            row(1, "2026-11-23T13:37:00Z", "to_xero", linked, operation="link", trigger="schedule"),
        ],
    )
    document["zoho"].update(total="9204.00", currency="USD")
    return document


def totals_differ(language: str) -> dict[str, Any]:
    """Linked, but the totals are a cent apart."""
    text = said(
        language,
        "Totals differ by £0.01. Nothing was sent.",
        "Les totaux diffèrent de 0,01 £. Rien n’a été envoyé.",
        "Die Summen weichen um 0,01 £ ab. Es wurde nichts gesendet.",
    )
    fix = said(
        language,
        "Correct the lines in CRM, then try again.",
        "Corrigez les lignes dans le CRM, puis réessayez.",
        "Korrigieren Sie die Positionen im CRM und versuchen Sie es erneut.",
    )
    document = invoice(
        language,
        state="needs_attention",
        attempts=1,
        reason={"key": "totals_differ", "params": {}, "text": text, "fix": fix, "act": None},
    )
    document["zoho"]["total"] = "87.75"
    document["xero"]["total"] = "87.74"
    document["money"].update(total="87.74", paid="0.00", due="87.74", currency="GBP")
    return document


def ambiguous(language: str) -> dict[str, Any]:
    """An account with two possible contacts."""
    return account(
        language,
        state="needs_attention",
        links=[],
        xero=None,
        reason={
            "key": "ambiguous",
            "params": {},
            "fix": None,
            "act": None,
            "text": said(
                language,
                "Two contacts in Xero could be this account.",
                "Deux contacts dans Xero pourraient être ce compte.",
                "Zwei Kontakte in Xero könnten diese Firma sein.",
            ),
        },
        candidates=[
            {
                "xero_id": "c-1",
                "name": "Whitby Marine Supplies Ltd",
                "number": None,
                "email": "ap@x.example",
                "archived": False,
                "strong": True,
                "evidence": [
                    {"field": "VAT number", "verdict": "same", "zoho": "GB 1", "xero": "GB 1"},
                    {"field": "E-mail", "verdict": "other", "zoho": "a@x", "xero": "ap@x.example"},
                ],
            },
            {
                "xero_id": "c-2",
                "name": "Whitby Marine",
                "number": None,
                "email": None,
                "archived": True,
                "strong": False,
                "evidence": [
                    {"field": "VAT number", "verdict": "missing", "zoho": "GB 1", "xero": None}
                ],
            },
        ],
    )


def account(language: str, **more: Any) -> dict[str, Any]:
    """An account has no money of its own on this page."""
    document = invoice(language, "Whitby Marine Supplies", module="accounts", money=None, **more)
    document["zoho"] = {"number": "Whitby Marine Supplies", "status": "", "total": None, "at": None}
    if document["xero"]:
        document["xero"] = {
            "number": "Whitby Marine Supplies Ltd",
            "status": "ACTIVE",
            "status_text": said(language, "Active", "Actif", "Aktiv"),
            "total": None,
            "at": None,
        }
    return document


def customer(language: str) -> dict[str, Any]:
    """An account with what it owes: two currencies, an overdue invoice, more than are listed."""

    def open_one(number: int, due: str, day: str, *, overdue: bool, currency: str = "GBP") -> Any:
        return {
            "module": "invoices", "zoho_id": str(7000 + number), "label": f"INV-20{number}",
            "due": due, "currency": currency, "due_date": day, "overdue": overdue, "url": None,
        }  # fmt: skip

    figures = {
        "currency": "GBP",
        "balance": "18306.12",
        "overdue": "9640.00",
        "currencies": [
            {"currency": "GBP", "balance": "18306.12", "overdue": "9640.00", "documents": 6},
            {"currency": "EUR", "balance": "310.00", "overdue": "0.00", "documents": 1},
        ],
        "last_payment": {
            "date": "2026-11-12", "amount": "4000.00", "currency": "GBP", "label": "INV-2019",
            "zoho_id": "7019",
        },
        "open_invoices": [
            open_one(11, "9640.00", "2026-11-02", overdue=True),
            open_one(38, "3915.60", "2026-12-15", overdue=False),
            open_one(41, "310.00", "2026-12-20", overdue=False, currency="EUR"),
        ],
        "open_count": 7,
    }  # fmt: skip
    return account(language, account=figures)


def excluded(language: str) -> dict[str, Any]:
    """Left alone by a rule."""
    text = said(
        language,
        "dated before 1 Jan 2026",
        "datée d’avant le 1 janv. 2026",
        "vor dem 01.01.2026 datiert",
    )
    fix = said(
        language,
        "An administrator can move the start date in the settings.",
        "Un administrateur peut changer la date de début dans les réglages.",
        "Administratoren können das Startdatum in den Einstellungen ändern.",
    )
    document = invoice(
        language,
        state="excluded",
        links=[],
        xero=None,
        money=None,
        allowed=[],
        next_check_at=None,
        reason={"key": "before_start", "params": {}, "text": text, "fix": fix, "act": None},
    )
    document["zoho"]["total"] = None
    return document


def not_linked(language: str) -> dict[str, Any]:
    """Never sent; Xero may only receive."""
    denied = said(
        language,
        "Xero has no such invoice.",
        "Xero n’a pas cette facture.",
        "Xero hat diese Rechnung nicht.",
    )
    document = invoice(
        language,
        "INV-2060",
        state="not_linked",
        links=[],
        xero=None,
        money=None,
        checked_at=None,
        allowed=["both", "to_xero"],
        denied={"to_zoho": {"key": "x", "params": {}, "text": denied, "fix": None}},
    )
    document["zoho"].update(total="614.20", currency="EUR")
    return document


def disconnected(language: str) -> dict[str, Any]:
    """Access was withdrawn in Xero."""
    text = said(
        language,
        "Access was withdrawn in Xero under Connected apps.",
        "L’accès a été retiré dans Xero sous «\u202fConnected apps\u202f».",
        "Der Zugriff wurde in Xero unter „Connected apps“ entzogen.",
    )
    phone = said(
        language,
        "Shipping address, Phone",
        "Adresse de livraison, Téléphone",
        "Lieferadresse, Telefon",
    )
    document = invoice(
        language,
        "INV-2029",
        connection="needs_reconnect",
        disconnected_at="2026-11-23T11:05:00Z",
        waiting=3,
        reason={"key": "revoked", "params": {}, "text": text, "fix": None, "act": None},
        history=[
            row(2, "2026-11-23T12:40:00Z", "to_xero", phone, status="held"),
            row(
                1,
                "2026-11-10T12:40:00Z",
                "to_zoho",
                said(language, "Paid in full", "Payée en totalité", "Vollständig bezahlt"),
            ),
        ],
    )
    document["zoho"]["at"] = "2026-11-23T12:40:00Z"
    document["xero"]["at"] = "2026-11-23T11:02:00Z"
    document["money"].update(total="1864.50", paid="1864.50", due="0.00", currency="NZD")
    document["zoho"]["total"] = document["xero"]["total"] = "1864.50"
    return document


def never_connected(language: str) -> dict[str, Any]:
    """No Xero organisation was ever chosen."""
    document = not_linked(language)
    document.update(connection="disconnected", organisation=None, denied={}, next_check_at=None)
    return document


def hostile(language: str) -> dict[str, Any]:
    """Names as long, as foreign and as pointed as they come."""
    document = with_payments(language)
    name = "<img src=x onerror=alert(1)>" + "Ünïcödé-مؤسسة-株式会社 " * 14
    document["label"] = document["zoho"]["number"] = document["xero"]["number"] = name[:300]
    document["organisation"] = {"id": "1", "name": name[:120]}
    document["links"][0]["url"] = "javascript:alert(1)"
    document["money"].update(total="98765432109876543.21", paid="12.34", due="98765432109876530.87")
    document["zoho"]["total"] = document["xero"]["total"] = "98765432109876543.21"
    return document


def connected(*, zoho: str = "connected", xero: str = "connected") -> dict[str, Any]:
    """What `GET /api/connections` answers."""
    choices = [HARBOUR, {"id": "6a1c2f0e-0000-4000-8000-000000000002", "name": "Harbour B.V."}]
    held = {**HARBOUR, "base_currency": "NZD", "short_code": "!h1"}
    there = xero in {"connected", "needs_reconnect"}
    return {
        "zoho": {
            "state": zoho,
            "org": {"id": "1"},
            "connected_by": "Ana Whitfield",
            "reason": None,
        },
        "xero": {
            "state": xero,
            "organisation": held if there else None,
            "choices": choices if xero == "choose_organisation" else [],
            "connected_by": "Ana Whitfield" if xero != "disconnected" else None,
            "reason": None,
        },
    }


def settings() -> dict[str, Any]:
    """The part of the settings document the page shows, and one it must not lose."""
    module = {"enabled": True, "schedule": True, "conflict": "ask"}
    keys = ("accounts", "products", "invoices", "payments")
    return {"modules": {key: dict(module) for key in keys}, "language": "en", "delete_limit": 10}


def health(*, accepted: bool) -> dict[str, Any]:
    """What `GET /api/health` answers."""
    module = {
        "in_sync": 184, "pending": 2, "conflict": 1, "failing": 3, "excluded": 0,
        "accepted": accepted, "last_good_sync_at": "2026-11-23T14:30:00Z",
    }  # fmt: skip
    keys = ("accounts", "products", "invoices", "payments")
    return {
        "connection": "connected",
        "pause": None,
        "last_good_sync_at": "2026-11-23T14:30:00Z",
        "next_run_at": "2026-11-23T14:40:00Z",
        "modules": {key: dict(module) for key in keys},
        "budget": BUDGET,
    }


STATES = {
    "1001": in_sync,
    "1002": with_payments,
    "1003": pending,
    "1004": syncing,
    "1005": conflict,
    "1006": needs_attention,
    "1007": totals_differ,
    "1008": ambiguous,
    "1009": account,
    "1010": excluded,
    "1011": not_linked,
    "1012": disconnected,
    "1013": never_connected,
    "1014": hostile,
    "1015": customer,
}
IDS = {build.__name__: record_id for record_id, build in STATES.items()}


def answer(record_id: str, language: str) -> dict[str, Any]:
    """The record's document, made anew."""
    document = copy.deepcopy(STATES[record_id](language))
    document["zoho_id"] = record_id
    return document
