"""Why a record was changed, left alone, held or refused: keys up to k."""

from __future__ import annotations

from backend.i18n import N_, ngettext
from backend.texts.entry import Text

RECORDS_A_K: dict[str, Text] = {
    "account_archived": Text(
        cause=N_("Account {account} is archived in Xero."),
        fix=N_(
            "Restore it in Xero or choose another one in the settings; this record then goes "
            "by itself."
        ),
    ),
    "account_archived.plain": Text(
        cause=N_("An account used here is archived in Xero."),
        fix=N_(
            "Restore it in Xero or choose another one in the settings; this record then goes "
            "by itself."
        ),
    ),
    "account_invalid": Text(
        cause=N_("Xero does not accept an account used here."),
        fix=N_("Choose another account in the settings; this record then goes by itself."),
    ),
    "account_missing": Text(
        cause=N_("There is no account {account} in Xero."),
        fix=N_("Choose an account in the settings that exists in Xero."),
    ),
    "already_in_sync": Text(
        cause=N_("CRM and Xero already agree; nothing had to be written."), news=True
    ),
    "already_withdrawn": Text(
        cause=N_("This document is already voided or deleted in Xero."),
        fix=N_("Nothing was changed there."),
    ),
    "before_start_date": Text(
        cause=N_("This record dates from {date}, before the start date {start}."),
        fix=N_("Move the start date in the settings to include it."),
    ),
    "conflict": Text(
        cause="Both sides changed 1 field.",
        many=ngettext("Both sides changed 1 field.", "Both sides changed {n} fields."),
        fix=N_("Choose a value for each; until then neither side is written."),
    ),
    "conflict_locked": Text(
        cause=N_("CRM was changed where Xero no longer allows changes."),
        fix=N_("Take the value of Xero here, or correct the document in Xero."),
    ),
    "contact_archived": Text(
        cause=N_("The contact is archived in Xero."),
        fix=N_(
            "Restore it in Xero, or allow restoring in the settings; this record then goes "
            "by itself."
        ),
    ),
    "contact_name_taken": Text(
        cause=N_("Xero already has a contact called {name}."),
        fix=N_("Link to that contact, or rename one of the two. Nothing else stops."),
    ),
    "contact_number_taken": Text(
        cause=N_("Xero already has a contact with this number."),
        fix=N_("Link to that contact, or change the number here."),
    ),
    "country_without_letters": Text(
        cause=N_("“{value}” is not a country Xero accepts."),
        fix=N_("Write the country in letters; this record then goes by itself."),
    ),
    "create_to_xero_is_off": Text(
        cause=N_("Creating records in Xero is switched off for this module."),
        fix=N_("Switch it on in the settings to let new records cross."),
    ),
    "create_to_zoho_is_off": Text(
        cause=N_("Creating records in CRM is switched off for this module."),
        fix=N_("Switch it on in the settings to let new records cross."),
    ),
    "crm_record_locked": Text(
        cause=N_("The record is locked in CRM."),
        fix=N_("It is tried again by itself once the lock is gone."),
    ),
    "currencies_differ": Text(
        cause=N_("The currency is {zoho} in CRM and {xero} in Xero."),
        fix=N_(
            "Xero cannot change the currency of a document: void it there and send it again, "
            "or correct it in CRM."
        ),
    ),
    "currency_not_enabled": Text(
        cause=N_("Currency {code} is not enabled in Xero."),
        fix=N_("Add it under Settings › Currencies; this record then goes by itself."),
        act=N_("Open currencies in Xero"),
        url="https://go.xero.com/Settings/Currencies",
    ),
    "currency_not_enabled.invoices": Text(
        cause=N_("Currency {code} is not enabled in Xero."),
        fix=N_("Add it under Settings › Currencies; this invoice then goes by itself."),
        act=N_("Open currencies in Xero"),
        url="https://go.xero.com/Settings/Currencies",
    ),
    "currency_not_enabled.plain": Text(
        cause=N_("The currency is not enabled in Xero."),
        fix=N_("Add it under Settings › Currencies; this record then goes by itself."),
        act=N_("Open currencies in Xero"),
        url="https://go.xero.com/Settings/Currencies",
    ),
    "currency_not_in_crm": Text(
        cause=N_("CRM does not use currency {code}."),
        fix=N_("Enable several currencies in CRM and add {code}; this record then goes by itself."),
    ),
    "delete_is_off": Text(
        cause=N_("Withdrawing documents in Xero is switched off."),
        fix=N_("Void it in Xero by hand, or switch deleting on in the settings."),
    ),
    "deleted_in_crm_edited_in_xero": Text(
        cause=N_("The record was deleted in CRM while it was edited in Xero."),
        fix=N_("Nothing was deleted. Restore it in CRM, or archive it in Xero."),
    ),
    "deleted_in_crm_kept_in_xero": Text(
        cause=N_(
            "The record was deleted in CRM and stays in Xero: deleting there is switched off."
        ),
        fix=N_("Switch deleting on in the settings, or remove it in Xero by hand."),
    ),
    "deleted_in_xero_edited_in_crm": Text(
        cause=N_("The record was withdrawn in Xero while it was edited in CRM."),
        fix=N_("Nothing was deleted. Send it again as new, or delete it in CRM."),
    ),
    "deleted_in_xero_kept_in_crm": Text(
        cause=N_(
            "The record was withdrawn in Xero and stays in CRM: deleting there is switched off."
        ),
        fix=N_("Switch deleting on in the settings, or delete it in CRM by hand."),
    ),
    "document_not_approved": Text(
        cause=N_("Payments are only possible on approved documents."),
        fix=N_("Approve it in Xero; the payment then goes by itself."),
    ),
    "due_date_missing": Text(
        cause=N_("An invoice that Xero is to approve needs a due date."),
        fix=N_("Enter the due date in CRM; this invoice then goes by itself."),
    ),
    "email_invalid": Text(
        cause=N_("Xero does not accept the e-mail address."),
        fix=N_("Correct it in CRM; this record then goes by itself."),
    ),
    "excluded_by_filter": Text(
        cause=N_("Left out by the filter on {field}."),
        fix=N_("Change the record or the filter in the settings to include it."),
    ),
    "fallback_product_missing": Text(
        cause=N_("The line “{line}” has no product, and CRM needs one."),
        fix=N_(
            "Choose a product for such lines under Tax and accounts; this document then goes by "
            "itself."
        ),
    ),
    "found_after_a_break": Text(
        cause=N_("Creating it was interrupted; it is in Xero exactly once and linked."), news=True
    ),
    "gone_on_both": Text(cause=N_("The record no longer exists on either side."), news=True),
    "idempotency_mismatch": Text(
        cause=N_("Xero has seen this request with other contents."),
        fix=N_("It is sent anew by itself."),
    ),
    "invoice_number_taken": Text(
        cause=N_("Xero already has an invoice with this number."),
        fix=N_("Link to that invoice, or give this one another number in CRM."),
    ),
    "item_code_taken": Text(
        cause=N_("Xero already has an item with code {code}."),
        fix=N_("Link to that item, or change the code in CRM."),
    ),
    "item_code_taken.plain": Text(
        cause=N_("Xero already has an item with this code."),
        fix=N_("Link to that item, or change the code in CRM."),
    ),
    "archive_in_xero": Text(cause=N_("Archived in Xero."), news=True),
    "create_in_xero": Text(cause=N_("Created in Xero."), news=True),
    "create_in_zoho": Text(cause=N_("Created in CRM."), news=True),
    "delete_in_xero": Text(cause=N_("Deleted in Xero."), news=True),
    "delete_in_zoho": Text(cause=N_("Moved to the recycle bin of CRM."), news=True),
}
