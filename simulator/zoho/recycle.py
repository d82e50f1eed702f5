"""Records taken back from the recycle bin by an API client.

Zoho CRM API v8 "Restore Recycle Bin Records": POST /settings/recycle_bin/actions/restore with up to
200 ids, scope ZohoCRM.settings.recycle_bin.UPDATE; 200 when all came back, 207 when some did, 400
when none. More than 1000 records with their children would be scheduled; ours have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from simulator.zoho.errors import RowError, ZohoError
from simulator.zoho.login import as_json

if TYPE_CHECKING:
    from simulator.zoho.api import Crm
    from simulator.zoho.state import ZohoState

MOST = 200


def install(routes: Blueprint, crm: Crm) -> None:
    """Answer restores below `routes`."""

    @routes.post("/settings/recycle_bin/actions/restore")
    def restored() -> Response:
        crm.need("ZohoCRM.settings.recycle_bin.UPDATE")
        answers = [_restored(crm.state, one) for one in _ids(crm.body())]
        good = sum(one["status"] == "success" for one in answers)
        status = 200 if good == len(answers) else 207 if good else 400
        return as_json({"recycle_bin": answers}, status)


def _ids(body: Any) -> list[str]:
    ids = body.get("ids") if isinstance(body, dict) else None
    if ids is None:
        raise ZohoError(
            400, "EXPECTED_FIELD_MISSING", "One of the expected field is missing",
            expected_fields=[{"api_name": "ids", "json_path": "$.ids"}],
        )  # fmt: skip
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST:
        raise ZohoError(
            400, "INVALID_DATA", "invalid data", param_name="ids", expected_data_type="jsonarray"
        )
    return [str(one) for one in ids]


def _restored(state: ZohoState, record_id: str) -> dict[str, Any]:
    try:
        module = next(
            (name for name, table in state.tables.items() if record_id in table.bin), "Accounts"
        )
        state.restore(module, record_id)
    except RowError as error:
        return {**error.body(), "details": {"id": record_id}}
    return {
        "status": "success", "code": "SUCCESS", "message": "record restored",
        "details": {"id": record_id},
    }  # fmt: skip
