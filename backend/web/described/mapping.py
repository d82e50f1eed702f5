"""The calls of mapping, maps, scope, configuration and pre-flight checks."""

from __future__ import annotations

from typing import Any

from backend.web import schemas
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

WRONG = listed(shape(path=TEXT, code=TEXT, detail=TEXT))
NUMBER: dict[str, Any] = {"type": ["integer", "null"]}
THING: dict[str, Any] = {"type": ["object", "null"]}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("post", "/api/mapping/{module}/check"): Operation(
        summary="What is wrong with rows, and what they would do to three records; stores nothing.",
        body=ref("Mapping"),
        answer=shape(
            fields=WRONG,
            effects=listed(
                shape(
                    label=TEXT,
                    zoho_id=MAYBE,
                    xero_id=MAYBE,
                    changes=listed(shape(side=TEXT, field=TEXT, before={}, after={})),
                    message=THING,
                )
            ),
            records=COUNT,
        ),
        admin=True,
        also=(409,),
    ),
    ("get", "/api/mapping/{module}/versions"): Operation(
        summary="Every version of a mapping, the newest first; 0 is the declaration.",
        answer=shape(
            rows=listed(shape(version=COUNT, at=MAYBE, by=MAYBE, current=FLAG)), cursor=MAYBE
        ),
        also=(409,),
    ),
    ("post", "/api/mapping/{module}/versions/{version}/restore"): Operation(
        summary="Make an older version the newest one.",
        answer=ref("Mapping"),
        admin=True,
        versioned=True,
        also=(409, 412, 422),
    ),
    ("get", "/api/configuration"): Operation(
        summary="Settings and mappings as one file.",
        answer=ref("Configuration"),
        admin=True,
        versioned=True,
    ),
    ("post", "/api/configuration"): Operation(
        summary="Import a file, all or nothing; `dry_run` only says what would change, its ETag is "
        "the If-Match an import needs, `copy` takes a file of another organisation as far as it "
        "fits.",
        body=schemas.ConfigurationFile,
        answer=shape(
            changes=listed(shape(path=TEXT, label=TEXT, before={}, after={})), gaps=WRONG
        ),
        admin=True,
        versioned=True,
        also=(412, 428),
    ),
    ("post", "/api/settings/check"): Operation(
        summary="What is wrong with settings, and what saving them would set off; stores nothing.",
        body=schemas.SettingsProposal,
        answer=shape(
            fields=WRONG,
            consequences=listed(shape(module=TEXT, key=TEXT, text=TEXT, count=NUMBER)),
        ),
        admin=True,
    ),
    ("get", "/api/xero/choices"): Operation(
        summary="Accounts, tax rates, currencies and tracking of Xero, as last read.",
        answer=shape(
            accounts=listed(
                shape(id=MAYBE, code=MAYBE, name=MAYBE, type=MAYBE, active=FLAG,
                      takes_payments=FLAG)
            ),
            tax_rates=listed(
                shape(code=TEXT, name=TEXT, rate=TEXT, active=FLAG, sales=FLAG, purchases=FLAG)
            ),
            currencies=listed(TEXT),
            tracking=listed(shape(id=MAYBE, name=MAYBE, options=listed(shape(id=MAYBE)))),
            organisation=THING,
            as_of=MAYBE,
        ),
    ),
    ("get", "/api/maps"): Operation(
        summary="What stands for what in both systems, proposals, and gaps by name.",
        answer=shape(
            tax=listed(
                shape(zoho=ANY, xero=MAYBE, proposal=MAYBE, why=TEXT,
                      bought=shape(xero=MAYBE, found=MAYBE, proposal=MAYBE))
            ),
            buys=FLAG,
            status=ANY,
            currencies=listed(shape(code=TEXT, crm=FLAG, xero=FLAG)),
            terms=listed(shape(module=TEXT, field=TEXT, zoho=TEXT, proposal=MAYBE, why=TEXT)),
            gaps=listed(ref("Message")),
        ),
    ),
    ("post", "/api/modules/{module}/scope"): Operation(
        summary="How many CRM records a filter and a start date let in; stores nothing.",
        body=schemas.ScopeRequest,
        answer=shape(total=NUMBER, included=NUMBER, complete=FLAG, fields=WRONG),
        admin=True,
        also=(409,),
    ),
    ("get", "/api/preflight"): Operation(
        summary="What has to be right before a first sync.",
        answer=shape(
            checks=listed(
                shape(key=TEXT, state={"enum": ["ok", "gap", "wrong"]}, text=MAYBE, fix=MAYBE)
            ),
            ready=FLAG,
        ),
    ),
    ("get", "/api/guide"): Operation(
        summary="Steps of the set-up guide that an administrator has been at.",
        answer=shape(seen=listed(TEXT)),
    ),
    ("put", "/api/guide/{step}"): Operation(
        summary="Remember that an administrator was at a step; moves no version.",
        answer=shape(seen=listed(TEXT)),
        admin=True,
    ),
    ("get", "/api/modules"): Operation(
        summary="Every module: its names, what it can do, and why not what it cannot.",
        answer=shape(rows=listed(ref("Module")), cursor=MAYBE),
    ),
}  # fmt: skip

_WAY = shape(possible=FLAG, why=THING)

COMPONENTS: dict[str, dict[str, Any]] = {
    "Module": shape(
        key=TEXT, label=TEXT, xero_label=TEXT, group=TEXT, available=FLAG,
        directions=shape(to_xero=_WAY, to_zoho=_WAY), conflict_fixed=MAYBE, scope_text=TEXT,
    ),
    "Configuration": shape(
        format=COUNT, version=COUNT, exported_at=MAYBE, organisation=ANY, settings=ANY,
        mappings=ANY,
    ),
}  # fmt: skip
