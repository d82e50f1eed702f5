"""Why a request of the widget, of a script or of a sign-in is refused."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

REQUESTS: dict[str, Text] = {
    "account_takes_no_payments": Text(
        cause=N_("Payments cannot be booked on account {account} in Xero."),
        fix=N_("Choose a bank account, or enable payments to this account in Xero."),
    ),
    "administrators_only": Text(
        cause=N_("Only administrators of the CRM organisation may do this."),
        fix=N_("Ask someone with the profile Administrator."),
    ),
    "already_linked": Text(
        cause=N_("One of the two records already belongs to another pair."),
        fix=N_("Part that pair first; nothing was changed."),
    ),
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
    "body_too_large": Text(
        cause=N_("The request is too large."),
        fix=N_("Send less at a time; nothing was changed."),
    ),
    "changed_meanwhile": Text(
        cause=N_("Somebody else has saved this meanwhile."),
        fix=N_("Compare with the current version, which is included, then save again."),
    ),
    "configuration_changed": Text(
        cause=N_("Settings or a mapping were saved after this file was compared."),
        fix=N_("Look at the differences anew, then import again; nothing was stored."),
    ),
    "connection_needed": Text(
        cause=N_("Xero is not connected."),
        fix=N_("An administrator connects Xero in the settings; nothing is lost until then."),
    ),
    "crm_field_read_only": Text(
        cause=N_("CRM does not let {name} be written."),
        fix=N_("Choose another field, or let this row go to Xero only."),
    ),
    "crm_field_unknown": Text(
        cause=N_("CRM has no field {name} here."),
        fix=N_("Choose one of the fields on offer; nothing was stored."),
    ),
    "direction_impossible_to_xero": Text(
        cause=N_("This module cannot go to Xero."),
        fix=N_("Leave this direction switched off."),
    ),
    "direction_impossible_to_zoho": Text(
        cause=N_("Xero has nothing that could come to CRM for this module."),
        fix=N_("Leave this direction switched off."),
    ),
    "direction_off.xero": Text(
        cause=N_("Sending to Xero is switched off for this module."),
        fix=N_("An administrator switches it on in the settings."),
    ),
    "direction_off.zoho": Text(
        cause=N_("Getting from Xero is switched off for this module."),
        fix=N_("An administrator switches it on in the settings."),
    ),
    "field_boolean": Text(
        cause=N_("Only true or false fits here."), fix=N_("Give true or false; nothing was stored.")
    ),
    "field_choice": Text(
        cause=N_("This is none of the possible values."),
        fix=N_("Choose one of those on offer; nothing was stored."),
    ),
    "field_date": Text(
        cause=N_("This is no date of the form 2026-12-31."),
        fix=N_("Enter year, month and day in this form; nothing was stored."),
    ),
    "field_invalid": Text(
        cause=N_("This value has the wrong form."), fix=N_("Correct it; nothing was stored.")
    ),
    "field_length": Text(
        cause=N_("This is too short or too long."),
        fix=N_("Shorten or complete it; nothing was stored."),
    ),
    "field_list": Text(
        cause=N_("A list fits here."),
        fix=N_("Give a list, also for a single value; nothing was stored."),
    ),
    "field_number": Text(
        cause=N_("Only a number fits here."),
        fix=N_("Enter a number without letters or units; nothing was stored."),
    ),
    "field_object": Text(
        cause=N_("An object fits here."),
        fix=N_("Give names with their values; nothing was stored."),
    ),
    "field_out_of_range": Text(
        cause=N_("This number is too small or too large."),
        fix=N_("Enter a number within the limits; nothing was stored."),
    ),
    "field_required": Text(cause=N_("This is missing."), fix=N_("Fill it in; nothing was stored.")),
    "field_text": Text(
        cause=N_("Only text fits here."), fix=N_("Give it as text; nothing was stored.")
    ),
    "field_unknown": Text(
        cause=N_("Nobody knows this field."),
        fix=N_("Take it out or correct its name; nothing was stored."),
    ),
    "filter_value": Text(
        cause=N_("The value does not fit the comparison."),
        fix=N_("Enter a value of the kind this comparison needs; nothing was stored."),
    ),
    "internal_error": Text(
        cause=N_("Something went wrong on our side."),
        fix=N_("Try again; if it stays, report the request number."),
    ),
    "leave_name": Text(
        cause=N_("The name typed is not that of this organisation, so nothing was erased."),
        fix=N_("Type %(name)s as it is written here."),
    ),
    "method_not_allowed": Text(
        cause=N_("This address does not take this kind of request."),
        fix=N_("Use one of the methods that the description of the interface names."),
    ),
    "module_disabled": Text(
        cause=N_("This module is switched off."),
        fix=N_("An administrator switches it on in the settings."),
    ),
    "module_not_available": Text(
        cause=N_("This module cannot be synced in this version."),
        fix=N_("Nothing was changed."),
    ),
    "not_found": Text(
        cause=N_("There is nothing at this address."),
        fix=N_("Check the address; the description of the interface names them all."),
    ),
    "not_in_xero_yet": Text(
        cause=N_("There is no record in Xero yet to get."),
        fix=N_("Send this one to Xero first, or link it by hand."),
    ),
    "not_signed_in": Text(
        cause=N_("You are not signed in, or your session has ended."),
        fix=N_("Sign in again; nothing typed is lost."),
    ),
    "preview_required": Text(
        cause=N_("The first synchronisation of a module needs a finished preview."),
        fix=N_("Start the preview, look through it, then start the synchronisation."),
    ),
    "row_is_ours": Text(
        cause=N_("This row holds the pairs together and stays as it is."),
        fix=N_("Leave it as it is and add a row of your own; nothing was stored."),
    ),
    "row_one_sided": Text(
        cause=N_("A row needs a field on both sides, or has to be off."),
        fix=N_("Choose the missing field, or switch the row off; nothing was stored."),
    ),
    "row_one_way": Text(
        cause=N_("This field can only travel in its own direction."),
        fix=N_("Choose the direction this field can take; nothing was stored."),
    ),
    "row_required": Text(
        cause=N_("Records cannot be created without this field, so it cannot be off."),
        fix=N_("Switch it on again; nothing was stored."),
    ),
    "row_twice": Text(
        cause=N_("This is there twice."), fix=N_("Take one of the two out; nothing was stored.")
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
    "target_twice": Text(
        cause=N_("Two rows write into {name}."),
        fix=N_("Let only one of them write there; nothing was stored."),
    ),
    "too_many_requests": Text(
        cause=N_("Too many requests came from here in this minute."),
        fix=N_("Try again in {seconds} s; nothing was changed."),
    ),
    "unknown_module": Text(
        cause=N_("There is no such module."),
        fix=N_("Nothing was changed."),
    ),
    "unknown_record": Text(
        cause=N_("Nothing is known of this record, or this is no longer possible with it."),
        fix=N_("Reload the page; nothing was changed."),
    ),
    "unsupported_media_type": Text(
        cause=N_("The request holds no JSON."),
        fix=N_("Send it as application/json; nothing was changed."),
    ),
    "version_needed": Text(
        cause=N_("This was not compared with what is stored now."),
        fix=N_("Send If-Match with the ETag of a dry run; nothing was stored."),
    ),
    "xero_field_unknown": Text(
        cause=N_("Xero has no field {name} here."),
        fix=N_("Choose one of the fields on offer; nothing was stored."),
    ),
}
