"""Why a request of the widget, of a script or of a sign-in is refused."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

REQUESTS: dict[str, Text] = {
    "bad_body": Text(
        cause=N_("The request does not hold what was expected."),
        fix=N_("Correct the named fields and send it again; nothing was stored."),
    ),
    "bad_cursor": Text(
        cause=N_("This page position is not valid."),
        fix=N_("Start again from the first page."),
    ),
    "bad_json": Text(
        cause=N_("The request holds no readable JSON object."),
        fix=N_("Send a JSON object; nothing was changed."),
    ),
    "bad_record_id": Text(
        cause=N_("This is not a record number of Zoho CRM."),
        fix=N_("Open the page from the record in CRM; nothing was changed."),
    ),
    "bad_request": Text(
        cause=N_("The request could not be understood."),
        fix=N_("Nothing was changed."),
    ),
    "administrators_only": Text(
        cause=N_("Only administrators of the CRM organisation may do this."),
        fix=N_("Ask someone with the profile Administrator."),
    ),
    "body_too_large": Text(
        cause=N_("The request is too large."),
        fix=N_("Send less at a time; nothing was changed."),
    ),
    "changed_meanwhile": Text(
        cause=N_("Somebody else has saved this meanwhile."),
        fix=N_("Compare with the current version, which is included, then save again."),
    ),
    "connection_needed": Text(
        cause=N_("Xero is not connected."),
        fix=N_("An administrator connects Xero in the settings; nothing is lost until then."),
    ),
    "internal_error": Text(
        cause=N_("Something went wrong on our side."),
        fix=N_("Try again; if it stays, report the request number."),
    ),
    "method_not_allowed": Text(cause=N_("This address does not take this kind of request.")),
    "not_found": Text(cause=N_("There is nothing at this address.")),
    "not_signed_in": Text(
        cause=N_("You are not signed in, or your session has ended."),
        fix=N_("Sign in again; nothing typed is lost."),
    ),
    "preview_required": Text(
        cause=N_("The first synchronisation of a module needs a finished preview."),
        fix=N_("Start the preview, look through it, then start the synchronisation."),
    ),
    "sign_in_code_invalid": Text(
        cause=N_("This sign-in code is not valid, has expired or was used before."),
        fix=N_("Sign in again."),
    ),
    "sign_in_origin": Text(
        cause=N_("This page may not ask for a sign-in."),
        fix=N_("Open the widget inside Zoho CRM and sign in there."),
    ),
    "sign_in_purpose": Text(
        cause=N_("It is not said what this sign-in is for."),
        fix=N_("Start it from the widget inside Zoho CRM."),
    ),
    "sign_in_refused": Text(
        cause=N_("The sign-in was not allowed."),
        fix=N_("Close this window and start it again from the widget."),
    ),
    "sign_in_server": Text(
        cause=N_("The sign-in came back from a server that is not one of Zoho's."),
        fix=N_("Close this window; nothing was sent to that server."),
    ),
    "sign_in_state": Text(
        cause=N_("This sign-in was not started here, has expired or was used before."),
        fix=N_("Close this window and start it again from the widget."),
    ),
    "undo_not_available": Text(
        cause=N_("Undoing a run is not available in this version."),
        fix=N_("Nothing was changed."),
    ),
    "unknown_module": Text(
        cause=N_("There is no such module."),
        fix=N_("Nothing was changed."),
    ),
    "unsupported_media_type": Text(
        cause=N_("The request holds no JSON."),
        fix=N_("Send it as application/json; nothing was changed."),
    ),
}
