"""How the log tells what a person decided about a record."""

from __future__ import annotations

from backend.core.errors import Message
from backend.store.tables import Link, LogRow
from backend.sync.app import Sync


def decision_row(
    sync: Sync,
    link: Link,
    message: Message,
    *,
    by: str | None,
    operation: str = "none",
    status: str = "skipped",
) -> LogRow:
    """The log row of a person's decision about a record."""
    return LogRow(
        org_id=link.org_id,
        tenant_id=link.tenant_id,
        at=sync.clock(),
        module=link.module,
        link_id=link.id,
        label=link.label,
        zoho_id=link.zoho_id,
        xero_id=link.xero_id,
        trigger="click",
        operation=operation,
        status=status,
        message_key=message.key,
        message_params=dict(message.params),
        by=by,
    )
