"""The calls of those who look after it: open notices, drift audits."""

from __future__ import annotations

from typing import Any

from backend.web.described.words import COUNT, MAYBE, TEXT, Operation, listed, ref, shape

MAYBE_OBJECT: dict[str, Any] = {"type": ["object", "null"]}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/audit"): Operation(
        summary="What the last drift audit found.", answer=shape(last=MAYBE_OBJECT)
    ),
    ("post", "/api/audit"): Operation(
        summary="Compare both sides in full now.",
        status=202,
        answer=shape(run_id=TEXT),
        admin=True,
        also=(409,),
    ),
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
        message=MAYBE_OBJECT, task_id=MAYBE, mailed_at=MAYBE, since=TEXT,
    ),
}  # fmt: skip
