"""What waits for the set-up of one of the two organisations, and when it is looked at again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.store import links
from backend.store.tables import Link
from backend.sync.app import Sync
from backend.sync.inbox import PRIORITY

CAUSES = frozenset({
    "account_archived", "account_invalid", "account_missing", "choice_unknown",
    "currency_not_enabled",
    "currency_not_in_crm", "fallback_product_missing",
    "payment_account_currency", "payment_account_invalid", "payment_account_missing",
    "period_locked", "sales_account_missing",
    "tax_inactive", "tax_invalid", "tax_missing", "tax_not_for_purchases", "tax_not_for_sales",
    "tax_not_in_crm", "tax_not_mapped", "zoho_module_missing", "zoho_permission",
})  # fmt: skip
"""Message keys that a change of set-up or settings may cure; nothing is wrong with the record."""
OF_MAPPING = frozenset({
    "choice_unknown", "country_without_letters", "no_way_back", "required_empty", "text_too_long",
    "too_many_decimals", "unreadable",
})  # fmt: skip
"""Message keys that another mapping of the module may cure."""


def look_again(
    sync: Sync, session: Session, *, org_id: str, tenant_id: str, module: str | None = None
) -> int:
    """Note every record that waits for the set-up, because the set-up changed; how many.

    With ``module`` only its records, and those its mapping may have held up.
    """
    causes = CAUSES if module is None else OF_MAPPING
    only = [] if module is None else [Link.module == module]
    waiting = session.scalars(
        select(Link.id).where(
            Link.org_id == org_id,
            Link.tenant_id == tenant_id,
            Link.active,
            Link.state == "needs_attention",
            Link.message_key.in_(causes),
            *only,
        )
    ).all()
    links.mark(
        session,
        waiting,
        priority=PRIORITY["schedule"],
        trigger="schedule",
        by=None,
        direction="both",
        now=sync.clock(),
        unpark=True,
    )
    return len(waiting)
