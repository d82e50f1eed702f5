"""The calls of those who look after it: open notices."""

from __future__ import annotations

from typing import Any

from backend.web.described.words import COUNT, MAYBE, TEXT, Operation, listed, ref, shape

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/notices"): Operation(
        summary="What people were told and is still open, counted by cause.",
        answer=shape(
            open=COUNT,
            alarms=COUNT,
            causes=listed(shape(kind=TEXT, message_key=TEXT, message=ref("Message"), count=COUNT)),
            rows=listed(ref("Notice")),
        ),
        query=("limit",),
    ),
}

COMPONENTS: dict[str, dict[str, Any]] = {
    "Notice": shape(
        id=TEXT, kind={"enum": ["record", "alarm"]}, module=MAYBE, label=MAYBE, zoho_id=MAYBE,
        message={"type": ["object", "null"]}, task_id=MAYBE, mailed_at=MAYBE, since=TEXT,
    ),
}  # fmt: skip
