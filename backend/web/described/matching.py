"""The calls of matching: inboxes, search on both sides, what waits in a run, undoing it."""

from __future__ import annotations

from backend.web import schemas
from backend.web.described.words import COUNT, FLAG, MAYBE, TEXT, Operation, listed, ref, shape

REQUEST_ID = shape(request_id=TEXT)
FOUND = shape(id=TEXT, label=TEXT, number=MAYBE, archived=FLAG, linked_to={
    "type": ["object", "null"], "properties": {"zoho_id": TEXT, "label": TEXT},
})  # fmt: skip
IN_CRM = shape(id=TEXT, label=TEXT, number=MAYBE)
INBOX = shape(
    rows=listed(ref("InboxRow")),
    cursor=MAYBE,
    total=COUNT,
    counts={"type": "object", "additionalProperties": COUNT},
)

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/attention"): Operation(
        summary="Records that need attention, counted by kind of question.",
        answer=INBOX,
        query=("module", "kind", "cursor", "limit"),
    ),
    ("get", "/api/conflicts"): Operation(
        summary="Conflicts to decide.", answer=INBOX, query=("module", "cursor", "limit")
    ),
    ("post", "/api/attention/{link_id}"): Operation(
        summary="Answer what a record asks; only administrators confirm and delete.",
        body=schemas.AttentionRequest,
        status=202,
        answer=REQUEST_ID,
        also=(403, 409),
    ),
    ("post", "/api/runs/{run_id}/confirm"): Operation(
        summary="Go on with deletions that were more than the limit.",
        answer=ref("Run"),
        admin=True,
        also=(409,),
    ),
    ("post", "/api/runs/{run_id}/undo"): Operation(
        summary="Restore what a run changed where that is legal, and list what is not.",
        status=202,
        answer=shape(run_id=TEXT),
        admin=True,
        also=(409,),
    ),
    ("get", "/api/crm/search/{module}"): Operation(
        summary="CRM records by name or number, or the one of an id, to choose for a setting.",
        answer=shape(rows=listed(IN_CRM), cursor=MAYBE, total=COUNT),
        query=("q", "id"),
        also=(409, 502, 503),
    ),
    ("get", "/api/xero/search/{module}"): Operation(
        summary="Xero records by name or number, to link by hand.",
        answer=shape(rows=listed(FOUND), cursor=MAYBE, total=COUNT),
        query=("q",),
        also=(409, 502, 503),
    ),
}
