"""How an organisation is doing: health."""

from __future__ import annotations

from backend.web.described.words import ANY, COUNT, MAYBE, TEXT, Operation, listed, shape

NUMBER = {"type": ["integer", "null"]}
LEFT = shape(left=NUMBER, limit=NUMBER)
OPERATIONS = {
    ("get", "/api/health"): Operation(
        summary="Records by state, the schedule, calls left, and who tells of changes.",
        answer=shape(
            connection=TEXT,
            pause={"type": ["object", "null"]},
            waiting=COUNT,
            last_good_sync_at=MAYBE,
            next_run_at=MAYBE,
            modules=ANY,
            schedule=shape(minutes=COUNT, next_run_at=MAYBE, last_good_sync_at=MAYBE),
            budget=shape(
                xero={
                    "type": ["object", "null"],
                    "properties": {
                        "minute": LEFT,
                        "day": shape(left=NUMBER, limit=NUMBER, reset_at=MAYBE),
                        "concurrent": LEFT,
                        "reserve": NUMBER,
                        "bill": shape(
                            idle_per_day=COUNT, without_webhooks_per_day=COUNT, now_per_day=COUNT
                        ),
                        "egress": shape(today_bytes=COUNT, month_bytes=COUNT),
                    },
                },
                zoho=shape(credits=LEFT, concurrent=LEFT),
            ),
            channels=listed(shape(module=TEXT, state=TEXT, expires_at=MAYBE, last_heard_at=MAYBE)),
            webhooks=shape(
                last_at=MAYBE, lag_seconds=NUMBER, gaps=COUNT, proven={"type": "boolean"}
            ),
        ),
    )
}
