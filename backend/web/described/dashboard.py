"""What the pages read: the dashboard, and the records chosen in a list."""

from __future__ import annotations

from typing import Any

from backend.web.described.words import (
    ANY,
    COUNT,
    FLAG,
    MAYBE,
    TEXT,
    Operation,
    listed,
    ref,
    shape,
)

STATES = shape(
    in_sync=COUNT, pending=COUNT, conflict=COUNT, needs_attention=COUNT, excluded=COUNT,
    not_linked=COUNT,
)  # fmt: skip
COUNTED = shape(in_sync=COUNT, pending=COUNT, conflict=COUNT, needs_attention=COUNT)
RESULTS = {"done": COUNT, "held": COUNT, "failed": COUNT}
SUMS = {"due": TEXT, "overdue": TEXT}
EXPECTED = shape(xero=listed(TEXT), zoho=listed(TEXT), decide=listed(TEXT))
RECORD = {"label": TEXT, "module": MAYBE, "zoho_id": MAYBE}

COMPONENTS: dict[str, dict[str, Any]] = {
    "Owed": shape(
        **SUMS,
        documents=COUNT,
        ageing=listed(shape(amount=TEXT, count=COUNT)),
        customers=listed(shape(**RECORD, **SUMS)),
        others=shape(count=COUNT, **SUMS),
        days_to_pay=MAYBE,
        days_to_pay_of=COUNT,
    ),
    "Dashboard": shape(
        as_of=TEXT,
        connection=TEXT,
        by_state=STATES,
        by_module={"type": "object", "additionalProperties": STATES},
        over_time=listed(
            shape(day=TEXT, modules={"type": "object", "additionalProperties": COUNTED})
        ),
        days=listed(shape(day=TEXT, **RESULTS, modules=ANY)),
        money={"type": "object", "additionalProperties": ref("Owed")},
        needs=shape(
            causes=COUNT,
            rows=listed(
                shape(
                    state=TEXT, message_key=MAYBE, count=COUNT, modules=ANY,
                    records=listed(shape(**RECORD)),
                )
            ),
        ),
        runs=listed(ref("Run")),
    ),
}  # fmt: skip

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/dashboard"): Operation(
        summary="Records by state, module and day, money owed, outcomes by day, causes and runs.",
        answer=ref("Dashboard"),
        query=("zone",),
    ),
    ("get", "/api/records/{module}/{zoho_id}/plan"): Operation(
        summary="What each button would write, as far as is known without asking.",
        answer=shape(
            linked=FLAG,
            unread=listed(TEXT),
            directions=shape(to_xero=EXPECTED, to_zoho=EXPECTED, both=EXPECTED),
            first=listed(shape(module=TEXT, zoho_id=TEXT, label=TEXT)),
        ),
        also=(409,),
    ),
    ("get", "/api/records/{module}"): Operation(
        summary="The records chosen in a list, up to a hundred ids joined by commas.",
        answer=shape(
            rows=listed(shape(zoho_id=TEXT, label=TEXT, state=TEXT, xero_number=MAYBE, url=MAYBE)),
            allowed=listed(TEXT),
            denied=ANY,
            connection=TEXT,
        ),
        query=("ids",),
    ),
}
