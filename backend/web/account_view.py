"""What a customer's page shows of money: balance, overdue, last payment, open invoices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend.core.roles import CUSTOMERS
from backend.modules import all_specs
from backend.store import figures
from backend.store.owing import CASH, amount
from backend.store.tables import Link
from backend.store.views import Standing
from backend.web.record_view import short_code

OPEN = 6
"""How many open invoices the page lists; the rest is counted."""


def account_view(
    session: Session, standing: Standing, link: Link | None, today: date
) -> dict[str, Any] | None:
    """The customer's figures as Xero states them; None for a record that is nobody's customer.

    ``balance`` and ``overdue`` are those of the currency with the most open invoices; every
    currency stands in ``currencies``, and they are never added.
    """
    if link is None or link.module not in CUSTOMERS or not link.xero_id:
        return None
    mine = {"tenant_id": link.tenant_id, "contact": link.xero_id}
    held = figures.balances(session, link.org_id, today=today.isoformat(), **mine)
    paid = figures.last_paid(session, link.org_id, **mine)
    rows = figures.open_documents(session, link.org_id, limit=OPEN, **mine)
    currencies = [
        {"currency": code, "balance": amount(due), "overdue": amount(late), "documents": count}
        for code, (due, late, count) in sorted(held.items(), key=lambda one: (-one[1][2], one[0]))
    ]
    first: Mapping[str, Any] = currencies[0] if currencies else {}
    return {
        "currency": first.get("currency"),
        "balance": first.get("balance", "0.00" if paid is not None else None),
        "overdue": first.get("overdue", "0.00" if paid is not None else None),
        "currencies": currencies,
        "last_payment": _last_payment(paid),
        "open_invoices": [_document(standing, row, today) for row in rows],
        "open_count": sum(one["documents"] for one in currencies),
    }


def _last_payment(link: Link | None) -> dict[str, Any] | None:
    if link is None:
        return None
    rows = (link.face.get("money") or {}).get("rows") or ()
    found = [one for one in rows if one.get("kind") in CASH and one.get("date") == link.paid_on]
    newest: Mapping[str, Any] = found[-1] if found else {}
    return {
        "date": link.paid_on,
        "amount": newest.get("amount"),
        "currency": link.owed_currency,
        "label": link.label,
        "zoho_id": link.zoho_id,
    }


def _document(standing: Standing, link: Link, today: date) -> dict[str, Any]:
    spec = all_specs()[link.module]
    address = (spec.xero.deep_link or "").replace("{short_code}", short_code(standing))
    return {
        "module": link.module,
        "zoho_id": link.zoho_id,
        "label": link.label,
        "due": amount(link.owed or 0),
        "currency": link.owed_currency,
        "due_date": link.due_on,
        "overdue": bool(link.due_on and link.due_on < today.isoformat()),
        "url": address.replace("{id}", str(link.xero_id)) or None,
    }
