"""The calls of the spine: signing in, connections, records, runs, settings, log."""

from __future__ import annotations

from typing import Any

from backend.web import schemas
from backend.web.auth import TokenRequest
from backend.web.described.words import ANY, COUNT, MAYBE, TEXT, Operation, ref, rows, shape

REQUEST_ID = shape(request_id=TEXT)
RUN_ID = shape(run_id=TEXT)
LOG_QUERY = ("module", "status", "record", "q", "from", "to", "message_key")

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/api/openapi.json"): Operation(summary="This document.", public=True, answer=ANY),
    ("post", "/auth/token"): Operation(
        summary="A bearer for a one-time code or for the newest refresh token.",
        body=TokenRequest,
        answer=ref("Tokens"),
        public=True,
        also=(401,),
    ),
    ("post", "/auth/sign-out"): Operation(summary="End the session.", status=204, public=True),
    ("get", "/api/me"): Operation(
        summary="Who is signed in.",
        answer=shape(user=ref("User"), org=ANY, language=TEXT),
    ),
    ("get", "/api/connections"): Operation(summary="Both connections.", answer=ref("Connections")),
    ("post", "/api/connections/xero"): Operation(
        summary="Where to send a popup to connect Xero.",
        body=schemas.ConnectRequest,
        answer=shape(url=TEXT),
        admin=True,
    ),
    ("put", "/api/connections/xero/organisation"): Operation(
        summary="Choose one of the Xero organisations on offer.",
        body=schemas.OrganisationChoice,
        answer=ref("Connections"),
        admin=True,
    ),
    ("delete", "/api/connections/xero"): Operation(
        summary="Reset connection: revoke and forget tokens, keep links and log.",
        answer=ref("Connections"),
        admin=True,
    ),
    ("post", "/api/organisation/leave"): Operation(
        summary="Leave for good: revoke both systems' tokens, end the notifications and erase "
        "every row of the organisation. Records in CRM and Xero stay.",
        body=schemas.LeaveRequest,
        status=204,
        admin=True,
    ),
    ("get", "/api/records/{module}/{zoho_id}"): Operation(
        summary="All the record page draws; `zone` is where the reader's days begin.",
        query=("zone",),
        answer=ref("Record"),
    ),
    ("post", "/api/records/{module}/{zoho_id}/sync"): Operation(
        summary="Sync one record now.",
        body=schemas.SyncRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/sync"): Operation(
        summary="Sync up to a hundred records.",
        body=schemas.ListRequest,
        status=202,
        answer=RUN_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/{zoho_id}/resolve"): Operation(
        summary="Settle a conflict; with a `version`, only the one that was seen.",
        body=schemas.ResolveRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("post", "/api/records/{module}/{zoho_id}/link"): Operation(
        summary="Join a record with one of Xero.",
        body=schemas.JoinRequest,
        status=202,
        answer=REQUEST_ID,
        also=(409,),
    ),
    ("delete", "/api/records/{module}/{zoho_id}/link"): Operation(
        summary="Part a pair; both records stay.", status=204, admin=True, also=(409,)
    ),
    ("get", "/api/requests/{request_id}"): Operation(
        summary="What became of a pressed button.",
        answer=shape(
            id=TEXT,
            state={"type": "string", "enum": ["queued", "running", "done", "failed"]},
            rests_until=MAYBE,
            outcome={},
        ),
    ),
    ("post", "/api/modules/{module}/preview"): Operation(
        summary="A dry run; nothing is written.",
        body=schemas.SyncRequest,
        status=202,
        answer=RUN_ID,
        admin=True,
        also=(409,),
    ),
    ("post", "/api/modules/{module}/sync"): Operation(
        summary="Bulk sync of a module or of `all`.",
        body=schemas.BulkRequest,
        status=202,
        answer=RUN_ID,
        admin=True,
        also=(409,),
    ),
    ("get", "/api/runs"): Operation(
        summary="The newest runs and previews.", answer=rows("Run"), query=("limit",)
    ),
    ("get", "/api/runs/{run_id}"): Operation(summary="One run.", answer=ref("Run")),
    ("get", "/api/runs/{run_id}/items"): Operation(
        summary="A run's rows.",
        answer=rows("RunItem"),
        query=("operation", "status", "cursor", "limit"),
    ),
    ("post", "/api/runs/{run_id}/cancel"): Operation(
        summary="Stop after the batch in flight.", answer=ref("Run"), admin=True
    ),
    ("get", "/api/settings"): Operation(
        summary="The settings document.", answer=ref("SettingsDocument"), versioned=True
    ),
    ("put", "/api/settings"): Operation(
        summary="Save settings; what is left out stays as it is.",
        body=ANY,
        answer=ref("SettingsDocument"),
        admin=True,
        versioned=True,
        also=(412,),
    ),
    ("get", "/api/mapping/{module}"): Operation(
        summary="Field rows in force and fields on offer.",
        answer=ref("Mapping"),
        versioned=True,
        also=(409,),
    ),
    ("put", "/api/mapping/{module}"): Operation(
        summary="Save field rows as a new version.",
        body=ref("Mapping"),
        answer=ref("Mapping"),
        admin=True,
        versioned=True,
        also=(409, 412),
    ),
    ("get", "/api/log"): Operation(
        summary="The log, newest first; the first page counts the outcomes.",
        answer=rows("LogRow"),
        query=(*LOG_QUERY, "cursor", "limit"),
    ),
    ("get", "/api/log.csv"): Operation(
        summary="The log as CSV.", answer=TEXT, query=LOG_QUERY, kind="text/csv"
    ),
    ("post", "/api/log/{log_id}/retry"): Operation(
        summary="Try one record again.", status=202, answer=REQUEST_ID, also=(409,)
    ),
    ("post", "/api/retry"): Operation(
        summary="Try every record again that failed for one cause.",
        body=schemas.RetryRequest,
        status=202,
        answer=shape(count={"type": "integer"}),
        admin=True,
        also=(409,),
    ),
}

COMPONENTS: dict[str, dict[str, Any]] = {
    "Problem": shape(
        type=TEXT, title=TEXT, status=COUNT, detail=TEXT, code=TEXT, request_id=TEXT,
        fields={"type": "array", "items": shape(path=TEXT, code=TEXT, detail=TEXT)},
    ),
    "User": shape(id=TEXT, name=TEXT, email=TEXT, locale=TEXT, admin={"type": "boolean"}),
    "Tokens": shape(
        access_token=TEXT, token_type=TEXT, expires_in=COUNT, refresh_token=TEXT,
        user={"$ref": "#/components/schemas/User"}, org=shape(id=TEXT, name=TEXT),
    ),
    "Message": shape(key=TEXT, params=ANY, text=TEXT, fix=MAYBE),
    "Connections": shape(
        zoho=shape(state=TEXT, org=ANY),
        xero=shape(
            state={"enum": ["connected", "choose_organisation", "needs_reconnect", "disconnected"]},
            organisation={"type": ["object", "null"]}, choices={"type": "array", "items": ANY},
            connected_by=MAYBE, connected_at=MAYBE, last_good_sync_at=MAYBE,
        ),
    ),
    "Record": shape(
        module=TEXT, zoho_id=TEXT, label=TEXT,
        state={"enum": ["in_sync", "pending", "syncing", "conflict", "needs_attention",
                        "excluded", "not_linked"]},
        reason={"type": ["object", "null"]}, links={"type": "array", "items": ANY},
        money={"type": ["object", "null"]}, conflict={"type": ["object", "null"]},
        connection={"enum": ["connected", "needs_reconnect", "disconnected"]},
        allowed={"type": "array", "items": {"enum": ["both", "to_xero", "to_zoho"]}},
        denied=ANY, history={"type": "array", "items": ref("LogRow")},
        request={"type": ["object", "null"]},
    ),
    "LogRow": shape(
        id=TEXT, at=TEXT, module=TEXT, label=TEXT, zoho_id=MAYBE, xero_id=MAYBE,
        direction=TEXT, trigger=TEXT, operation=TEXT, status=TEXT,
        message={"type": ["object", "null"]}, changes={"type": "array", "items": ANY},
        attempt=COUNT, next_attempt_at=MAYBE, by=MAYBE,
    ),
    "Run": shape(
        id=TEXT, kind=TEXT, module=TEXT, direction=TEXT, state=TEXT, total=COUNT,
        done=COUNT, created=COUNT, updated=COUNT, deleted=COUNT, linked=COUNT,
        skipped=COUNT, held=COUNT, failed=COUNT, calls=COUNT,
        eta_seconds={"type": ["integer", "null"]},
    ),
    "RunItem": shape(
        id=TEXT, module=TEXT, label=TEXT, zoho_id=MAYBE, xero_id=MAYBE, direction=TEXT,
        operation=TEXT, status=TEXT, changes={"type": "array", "items": ANY},
    ),
    "InboxRow": shape(
        id=TEXT, kind=TEXT, module=TEXT, label=TEXT, zoho_id=MAYBE, xero_id=MAYBE,
        reason={"type": ["object", "null"]}, actions={"type": "array", "items": TEXT},
    ),
    "Mapping": shape(
        module=TEXT, version=COUNT, rows={"type": "array", "items": ANY},
        fields=shape(
            zoho={"type": "array", "items": ANY}, xero={"type": "array", "items": ANY}
        ),
    ),
}  # fmt: skip
