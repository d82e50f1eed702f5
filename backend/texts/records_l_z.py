"""Why a record was changed, left alone, held or refused: keys from l on."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

RECORDS_L_Z: dict[str, Text] = {
    "line_without_description": Text(
        cause=N_("A line has neither product nor description, and Xero needs one of them."),
        fix=N_("Complete the line in CRM; this document then goes by itself."),
    ),
    "linked_by": Text(
        cause=N_("The record was found on the other side and linked; nothing was created."),
        news=True,
    ),
    "match_already_linked": Text(
        cause=N_("The matching record already belongs to another one."),
        fix=N_("Choose the right partner; until then nothing is created."),
    ),
    "match_contradicted": Text(
        cause=N_("A record on the other side matches in one point and contradicts in another."),
        fix=N_("Choose the right partner; until then nothing is created."),
    ),
    "match_several": Text(
        cause=N_("Several records on the other side could be this one: {count}."),
        fix=N_("Choose the right partner; until then nothing is created."),
    ),
    "match_weak": Text(
        cause=N_("A record on the other side looks similar, but not surely the same."),
        fix=N_("Choose it or ask for a new one; until then nothing is created."),
    ),
    "module_off": Text(
        cause=N_("This module is switched off."),
        fix=N_("Switch it on in the settings."),
    ),
    "nothing_in_that_direction": Text(
        cause=N_("There is nothing to bring over in this direction."),
        fix=N_("Choose the other direction."),
    ),
    "number_taken": Text(
        cause=N_("Xero already has a document with this number."),
        fix=N_("Link to that document, or give this one another number in CRM."),
    ),
    "paid_cannot_be_voided": Text(
        cause=N_("A document with payments cannot be voided."),
        fix=N_("Remove the payments in Xero first, or issue a credit note."),
    ),
    "paid_locked": Text(
        cause=N_("Xero no longer lets this document change, because it has payments."),
        fix=N_("Take the values of Xero, or remove the payments there first."),
    ),
    "parted_by_hand": Text(
        cause=N_("{by} parted this pair; both records stay as they are."),
        fix=N_("Link it again by hand to sync it."),
    ),
    "partner_not_synced": Text(
        cause=N_("{partner} has to be in both systems first."),
        fix=N_("Settle what holds it up; this record then goes by itself."),
    ),
    "payment_exceeds_due": Text(
        cause=N_("The payment is higher than what is due."),
        fix=N_("Correct the amount; nothing was booked."),
    ),
    "payment_reconciled": Text(
        cause=N_("The payment is reconciled in Xero and cannot change."),
        fix=N_("Undo the reconciliation in Xero first."),
    ),
    "period_locked": Text(
        cause=N_("The date {date} lies in a period locked until {lock}."),
        fix=N_(
            "Ask your accountant to open the period, or change the date in CRM. The date is "
            "not moved."
        ),
    ),
    "period_locked.plain": Text(
        cause=N_("The date lies in a period that is locked in Xero."),
        fix=N_(
            "Ask your accountant to open the period, or change the date in CRM. The date is "
            "not moved."
        ),
    ),
    "required_empty.xero": Text(
        cause=N_("{field} is empty, and Xero needs it."),
        fix=N_("Fill it in CRM; this record then goes by itself."),
    ),
    "required_empty.zoho": Text(
        cause=N_("{field} is empty, and CRM needs it."),
        fix=N_("Fill it in Xero; this record then goes by itself."),
    ),
    "sales_account_missing": Text(
        cause=N_("No sales account is chosen."),
        fix=N_("Choose one in the settings; the waiting records then go by themselves."),
    ),
    "supplier_only": Text(
        cause=N_("This contact is only a supplier in Xero."),
        fix=N_("It belongs to the vendors module and is left alone here."),
    ),
    "tax_inactive": Text(
        cause=N_("Tax rate {tax} is no longer active in Xero."),
        fix=N_("Choose another one in the settings; nothing was sent."),
    ),
    "stumbled": Text(
        cause=N_("Something unforeseen happened in this service while it looked at the record."),
        fix=N_("It is tried again; if it stays, tell whoever runs the service which record it is."),
    ),
    "tax_invalid": Text(
        cause=N_("Xero does not accept the tax rate for this account."),
        fix=N_("Choose another rate or account in the settings; nothing was stored."),
    ),
    "tax_missing": Text(
        cause=N_("Tax {tax} does not exist in Xero."),
        fix=N_("Choose its counterpart in the settings; nothing was sent."),
    ),
    "tax_not_for_sales": Text(
        cause=N_("Tax rate {tax} may not be used on sales in Xero."),
        fix=N_("Choose another one in the settings; nothing was sent."),
    ),
    "tax_not_in_crm": Text(
        cause=N_("Tax {tax} of Xero has no counterpart in CRM."),
        fix=N_("Choose one in the settings; this document then goes by itself."),
    ),
    "tax_not_mapped": Text(
        cause=N_("Tax {tax} of CRM has no counterpart in Xero."),
        fix=N_("Choose one in the settings; this document then goes by itself."),
    ),
    "text_too_long": Text(
        cause=N_("{field} has {length} characters; {limit} are allowed."),
        fix=N_("Shorten the text; nothing was cut off or sent."),
    ),
    "to_xero_is_off": Text(
        cause=N_("Sending to Xero is switched off for this module."),
        fix=N_("Switch it on in the settings."),
    ),
    "to_zoho_is_off": Text(
        cause=N_("Bringing over from Xero is switched off for this module."),
        fix=N_("Switch it on in the settings."),
    ),
    "totals_differ": Text(
        cause=N_("Totals differ by {amount}: {zoho} in CRM, {xero} in Xero. Nothing was sent."),
        fix=N_("Correct the lines in CRM, then try again."),
    ),
    "unreadable": Text(
        cause=N_("{field} holds something that cannot be read: “{value}”."),
        fix=N_("Correct it where it stands; this record then goes by itself."),
    ),
    "update_is_off": Text(
        cause=N_("Updating is switched off, so {field} was left as it is."),
        fix=N_("Switch updating on in the settings, or change it by hand."),
    ),
    "withdrawn_not_created": Text(
        cause=N_("The document is voided or deleted in Xero and is not created in CRM."), news=True
    ),
    "xero_gone": Text(
        cause=N_("The record no longer exists in Xero."),
        fix=N_("Send it again to create a new one, or part the pair."),
    ),
    "xero_refused": Text(
        cause=N_("Xero refused this record: “{words}”."),
        fix=N_("Correct it in CRM, then try again."),
    ),
    "xero_refused.plain": Text(
        cause=N_("Xero refused this record."),
        fix=N_("Correct it in CRM, then try again."),
    ),
    "zoho_duplicate": Text(
        cause=N_("CRM already has a record with the same {field}."),
        fix=N_("Link the two, or change one of them."),
    ),
    "zoho_field_invalid": Text(
        cause=N_("CRM does not accept the value of {field}."),
        fix=N_("Correct it in Xero or change the mapping; this record then goes by itself."),
    ),
    "zoho_field_missing": Text(
        cause=N_("CRM requires {field}."),
        fix=N_("Fill it in Xero, or map a field to it; this record then goes by itself."),
    ),
    "zoho_gone": Text(
        cause=N_("The record no longer exists in CRM."),
        fix=N_("Restore it from the recycle bin, or part the pair."),
    ),
    "zoho_refused": Text(
        cause=N_("CRM refused this record: “{words}”."),
        fix=N_("Correct it, then try again."),
    ),
    "zoho_stale": Text(
        cause=N_("The record was changed in CRM at the same moment."),
        fix=N_("It is read again and tried again by itself."),
    ),
    "marks_in_xero": Text(cause=N_("Xero now leads back to the CRM record."), news=True),
    "marks_in_zoho": Text(cause=N_("CRM now shows what Xero says."), news=True),
    "payment_in_full": Text(cause=N_("Paid in full: {amount} {currency}."), news=True),
    "payment_received": Text(cause=N_("Payment of {amount} {currency} received."), news=True),
    "payment_withdrawn": Text(
        cause=N_("A payment of {amount} {currency} was withdrawn."), news=True
    ),
    "update_in_xero": Text(cause=N_("Updated in Xero."), news=True),
    "update_in_zoho": Text(cause=N_("Updated in CRM."), news=True),
    "void_in_xero": Text(cause=N_("Voided in Xero."), news=True),
    "write_interrupted": Text(
        cause=N_("Writing this was interrupted before its answer came."),
        fix=N_("Both sides are read again at once; what is missing is then written."),
    ),
}
