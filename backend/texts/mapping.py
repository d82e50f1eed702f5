"""Mapping, maps, filters, configuration files, and what a change of settings sets off."""

from __future__ import annotations

from backend.i18n import N_, ngettext
from backend.texts.entry import Text

STATES = {
    "ACCEPTED": N_("Accepted"),
    "AUTHORISED": N_("Approved"),
    "BILLED": N_("Billed"),
    "DECLINED": N_("Declined"),
    "DELETED": N_("Deleted"),
    "DRAFT": N_("Draft"),
    "INVOICED": N_("Invoiced"),
    "PAID": N_("Paid"),
    "SENT": N_("Sent"),
    "SUBMITTED": N_("Awaiting approval"),
    "VOIDED": N_("Voided"),
}
"""Document states as Xero's own screens call them."""

WHY = {
    "days": N_("the days named in it"),
    "no_days": N_("no days are named in it"),
    "no_rate": N_("no active rate for sales with this percentage"),
    "rate": N_("the only active rate for sales with this percentage"),
    "rate_and_name": N_("same percentage, similar name"),
    "several_rates": N_("several rates with this percentage, none with a similar name"),
}
"""Why something is proposed, or why nothing is."""

MAPPING: dict[str, Text] = {
    "choice_unknown.xero": Text(
        cause=N_("{field}: Xero does not know “{value}”, so it was not sent."),
        fix=N_("Name it in the value map of this field; the record then goes by itself."),
    ),
    "choice_unknown.zoho": Text(
        cause=N_("{field}: the list in CRM does not know “{value}”, so it was not written."),
        fix=N_("Add it to the list in CRM, or to the value map; the record then goes by itself."),
    ),
    "fields_do_not_fit": Text(
        cause=N_("{name} in CRM and {other} in Xero hold values that do not fit each other."),
        fix=N_("Choose a field of another type; nothing was stored."),
    ),
    "fields_fit_to_xero": Text(
        cause=N_("Values of {name} can go to {other} in Xero, but not come back."),
        fix=N_("Let this row go to Xero only."),
    ),
    "fields_fit_to_zoho": Text(
        cause=N_("Values of {other} in Xero can come to {name}, but not go back."),
        fix=N_("Let this row come to CRM only."),
    ),
    "filter_field_gone": Text(
        cause=N_("The filter names {name}, a field CRM does not have any more."),
        fix=N_("Choose another field or remove this condition; nothing was stored."),
    ),
    "filter_field_unsuited": Text(
        cause=N_("Records cannot be filtered by {name}."),
        fix=N_("Choose another field or remove this condition."),
    ),
    "filter_op_unsuited": Text(
        cause=N_("{name} holds no number and no date, so it cannot be larger or smaller."),
        fix=N_("Choose another comparison."),
    ),
    "filter_value_unsuited": Text(
        cause=N_("{name} can never hold “{value}”."),
        fix=N_("Choose a value of the field’s type."),
    ),
    "fixed_one_sided": Text(
        cause=N_("A fixed value takes the place of a field on the side it comes from."),
        fix=N_("Leave that side of the row empty."),
    ),
    "fixed_one_way": Text(
        cause=N_("A fixed value can go one way only."),
        fix=N_("Let this row go to Xero only or come to CRM only."),
    ),
    "fixed_wrong": Text(
        cause=N_("{name} cannot hold “{value}”."),
        fix=N_("Enter a value of the field’s type."),
    ),
    "mapping_loop": Text(
        cause=N_("This row and the row {other} feed each other in a circle."),
        fix=N_("Use one row that goes both ways; nothing was stored."),
    ),
    "mapping_text_too_long": Text(
        cause=N_("The text has {length} characters, the field takes {limit}."),
        fix=N_("Shorten it."),
    ),
    "mapping_too_many_fields": Text(
        cause=N_("These rows need {count} fields of CRM, which hands out {limit} at a time."),
        fix=N_("Switch off rows you do not need; nothing was stored."),
    ),
    "no_way_back": Text(
        cause=N_("{field}: no value in CRM leads to “{value}” by the conversion of this row."),
        fix=N_("Change the value, or the conversion in the mapping; the other fields are not sent "
               "until then."),
    ),
    "required_unmapped_xero": Text(
        cause=N_("Xero takes no new record without {name}, and no row fills it."),
        fix=N_("Add a row for it, or switch off creating in Xero."),
    ),
    "required_unmapped_zoho": Text(
        cause=N_("CRM takes no new record without {name}, and no row fills it."),
        fix=N_("Add a row for it, or switch off creating in CRM."),
    ),
    "row_holds_lines": Text(
        cause=N_("The lines of a document stay on the fields made for them."), fix=N_("Leave these fields as they are and map others; nothing was stored.")),
    "too_many_decimals": Text(
        cause=N_("{field}: {value} has more decimals than the {limit} the field keeps."),
        fix=N_("Round it where it comes from; a rounded copy would be another figure."),
    ),
    "tracking_full": Text(
        cause=N_("{field}: a line in Xero bears two tracking categories already."),
        fix=N_("Remove one of them in Xero, or switch off this row."),
    ),
    "transform_argument": Text(
        cause=N_("The step “{op}” cannot work with this {argument}."),
        fix=N_("Correct it; nothing was stored."),
    ),
    "transform_join_first": Text(
        cause=N_("Fields can be joined in the first step only."),
        fix=N_("Move this step to the front."),
    ),
    "transform_needs": Text(
        cause=N_("The step “{op}” needs {argument}."),
        fix=N_("Add it; nothing was stored."),
    ),
    "transform_one_way": Text(
        cause=N_("The step “{op}” cannot be undone, so values cannot come back."),
        fix=N_("Let this row go one way only."),
    ),
    "transform_type": Text(
        cause=N_("The step “{op}” does not suit the type of these fields."),
        fix=N_("Dates can be shifted, numbers multiplied; the other steps are for texts."),
    ),
    "transform_unknown": Text(
        cause=N_("There is no step “{op}”."),
        fix=N_("Choose one of the steps on offer; nothing was stored."),
    ),
    "value_map_hole": Text(
        cause=N_("The value map says nothing of “{value}”, which {name} can hold."),
        fix=N_("Add it to the value map; nothing was stored."),
    ),
    "value_map_useless": Text(
        cause=N_("A value map is for lists; this field holds none."),
        fix=N_("Remove the value map."),
    ),
    "value_no_flag": Text(
        cause=N_("“{value}” is neither true nor false."),
        fix=N_("Map each word to true or false."),
    ),
    "value_no_terms": Text(
        cause=N_("“{value}” says no payment terms Xero knows, such as 30 DAYSAFTERBILLDATE."),
        fix=N_("Choose one of the terms on offer."),
    ),
    "value_not_listed": Text(
        cause=N_("The list of {name} does not hold “{value}”."),
        fix=N_("Choose a value of the list, or add it there first; nothing was stored."),
    ),
    "xero_field_read_only": Text(
        cause=N_("Xero does not let {name} be written."),
        fix=N_("Choose another field, or let this row come to CRM only."),
    ),
    # --- what is in scope, and what piled up ---------------------------------------------------
    "scope_everything": Text(cause=N_("All records"), news=True),
    "scope_filtered": Text(
        cause="Records that meet one condition",
        many=ngettext(
            "Records that meet one condition",
            "Records that meet {n} conditions",
        ), news=True),
    "scope_since": Text(cause=N_("Records since {start}"), news=True),
    "scope_since_filtered": Text(
        cause="Records since {start} that meet one condition",
        many=ngettext(
            "Records since {start} that meet one condition",
            "Records since {start} that meet {n} conditions",
        ), news=True),
    "piled_creations": Text(
        cause="{module}: one new record was not created while that was off.",
        many=ngettext(
            "{module}: one new record was not created while that was off.",
            "{module}: {n} new records were not created while that was off.",
        ),
        fix=N_("They go after you have looked at a preview."),
    ),
    "piled_deletions": Text(
        cause="{module}: one deletion was not passed on while that was off.",
        many=ngettext(
            "{module}: one deletion was not passed on while that was off.",
            "{module}: {n} deletions were not passed on while that was off.",
        ),
        fix=N_("They go after you have looked at a preview."),
    ),
    "piled_filtered": Text(
        cause="{module}: one record was left out by the filter until now.",
        many=ngettext(
            "{module}: one record was left out by the filter until now.",
            "{module}: {n} records were left out by the filter until now.",
        ),
        fix=N_("Those that meet the new one go after you have looked at a preview."),
    ),
    "piled_older": Text(
        cause="{module}: one record was older than the start date until now.",
        many=ngettext(
            "{module}: one record was older than the start date until now.",
            "{module}: {n} records were older than the start date until now.",
        ),
        fix=N_("They go after you have looked at a preview."),
    ),
    "piled_records": Text(
        cause="{module}: one record waited while this direction was off.",
        many=ngettext(
            "{module}: one record waited while this direction was off.",
            "{module}: {n} records waited while this direction was off.",
        ),
        fix=N_("They go after you have looked at a preview."),
    ),
    "piled_unknown": Text(
        cause=N_("{module}: nobody looked at changes while this was off."),
        fix=N_("A preview shows what piled up; the schedule goes on once you have accepted it."),
    ),
    "piled_updates": Text(
        cause="{module}: one record was edited while updates were off.",
        many=ngettext(
            "{module}: one record was edited while updates were off.",
            "{module}: {n} records were edited while updates were off.",
        ),
        fix=N_("The edits go after you have looked at a preview."),
    ),
    # --- gaps and pre-flight -------------------------------------------------------------------
    "gap_account_archived": Text(
        cause=N_("Account {account} is archived in Xero."),
        fix=N_("Restore it in Xero or choose another account."),
    ),
    "gap_currency": Text(
        cause=N_("{code} is used in CRM and not enabled in Xero."),
        fix=N_("Enable it in Xero; documents in {code} wait until then, the others go."),
    ),
    "gap_payment_account": Text(
        cause=N_("Xero has no account {account}, chosen for payments."),
        fix=N_("Choose another account."),
    ),
    "gap_purchases_account": Text(
        cause=N_("Xero has no account {account}, chosen for purchases."),
        fix=N_("Choose another account."),
    ),
    "gap_sales_account": Text(
        cause=N_("Xero has no account {account}, chosen for sales."),
        fix=N_("Choose another account."),
    ),
    "gap_status": Text(
        cause=N_("{module}: the status list in CRM does not know “{value}”."),
        fix=N_("Add it to the list in CRM, or choose another word in the status map."),
    ),
    "gap_tax": Text(
        cause=N_("No tax rate of Xero stands for {tax} yet."),
        fix=N_("Choose one in the tax map; documents with this tax wait until then."),
    ),
    "gap_tax_bought": Text(
        cause=N_("No tax rate of Xero stands for {tax} on purchases yet."),
        fix=N_("Choose one under Tax and accounts; orders to suppliers with this tax wait."),
    ),
    "gap_tax_inactive": Text(
        cause=N_("{tax} is mapped to {code}, which is not active in Xero."),
        fix=N_("Choose another rate; documents with this tax wait until then."),
    ),
    "gap_tax_missing": Text(
        cause=N_("{tax} is mapped to {code}, which Xero does not have."),
        fix=N_("Choose another rate; documents with this tax wait until then."),
    ),
    "gap_tax_rate": Text(
        cause=N_("{tax} is mapped to {code}: the percentages differ."),
        fix=N_("Choose a rate with the same percentage; totals would differ otherwise."),
    ),
    "preflight_no_fallback_product": Text(
        cause=N_("No product stands for lines of Xero that name no item."),
        fix=N_(
            "Choose one under Tax and accounts if such documents are to come to CRM; they wait "
            "until then."
        ),
    ),
    "preflight_no_modules": Text(
        cause=N_("No module is switched on."),
        fix=N_("Switch on at least one."),
    ),
    "preflight_no_payment_account": Text(
        cause=N_("No bank account is chosen for payments made in CRM."),
        fix=N_("Choose one, or switch off creating payments in Xero."),
    ),
    "preflight_no_sales_account": Text(
        cause=N_("No sales account is chosen for products without one of their own."),
        fix=N_("Choose one; approved invoices with such products wait until then."),
    ),
    "preflight_preview": Text(
        cause=N_("{module}: nobody has accepted a preview yet."),
        fix=N_("Look at one and start the first synchronisation; the schedule then goes on."),
    ),
    "preflight_preview_ok": Text(cause=N_("{module}: the first synchronisation was accepted."), news=True),
    "preflight_taxes_ok": Text(cause=N_("Every tax of CRM has its rate in Xero."), news=True),
    "preflight_xero_lost": Text(
        cause=N_("The connection to {name} in Xero is interrupted."),
        fix=N_("Connect Xero again; nothing is lost until then."),
    ),
    "preflight_xero_missing": Text(
        cause=N_("No organisation of Xero is connected."),
        fix=N_("Connect Xero and choose the organisation."),
    ),
    "preflight_xero_ok": Text(cause=N_("Xero is connected: {name}."), news=True),
    "preflight_zoho_missing": Text(
        cause=N_("Zoho CRM is not connected."),
        fix=N_("An administrator connects it."),
    ),
    "preflight_zoho_ok": Text(cause=N_("Zoho CRM is connected: {name}."), news=True),
    # --- configuration files -------------------------------------------------------------------
    "bad_configuration": Text(
        cause=N_("This configuration cannot be imported."),
        fix=N_("Correct what is named and import it again; nothing was stored."),
    ),
    "configuration_copied": Text(
        cause=N_("The file comes from {name} and is copied as far as it fits."), news=True),
    "configuration_other_organisation": Text(
        cause=N_("The file comes from another organisation: {name}."),
        fix=N_("Say that it is to be copied; what this organisation lacks is then left out and "
               "named."),
    ),
    "configuration_other_version": Text(
        cause=N_("The file has version {found}, this program reads {expected}."),
        fix=N_("Export it again with the same version of the program; nothing was stored."),
    ),
    "configuration_unreadable": Text(
        cause=N_("This is no configuration file."),
        fix=N_("Choose a file that was exported here; nothing was stored."),
    ),
    "copy_without_account": Text(
        cause=N_("Account {account} does not exist here and was left out."),
        fix=N_("Choose another account."),
    ),
    "copy_without_product": Text(
        cause=N_("The product for lines without item is another one here and was left out."),
        fix=N_("Choose one of this organisation."),
    ),
    "copy_without_row": Text(
        cause=N_("This row was left out, because there is no {name} here."),
        fix=N_("Add the field and the row, if you need it."),
    ),
    "copy_without_tax": Text(
        cause=N_("Tax rate {tax} does not exist here and was left out of the tax map."),
        fix=N_("Choose another rate."),
    ),
    "organisation_unknown": Text(cause=N_("There is no such organisation."), fix=N_("Check the number of the organisation and try again; nothing was stored.")),
    "organisations_several": Text(
        cause=N_("There are several organisations."),
        fix=N_("Name one with --org."),
    ),
}  # fmt: skip
