"""What is said of customers, suppliers, people, payments and credit notes."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

PEOPLE = {
    "belongs_elsewhere": Text(
        cause=N_("In Xero this record belongs to the module {module}."),
        fix=N_("It is left alone here, so that CRM does not get it twice."),
    ),
    "contact_persons_full": Text(
        cause=N_("Xero keeps five people beside the primary one, and {account} has all of them."),
        fix=N_("Remove one of them in Xero or CRM; this contact then goes by itself."),
    ),
    "contact_persons_full.plain": Text(
        cause=N_("Xero keeps five people beside the primary one, and this account has them all."),
        fix=N_("Remove one of them in Xero or CRM; this contact then goes by itself."),
    ),
    "customers_are_contacts": Text(
        cause=N_("Customers are people here, so accounts are not synced."),
        fix=N_("Choose accounts as customers in the settings if that has changed."),
    ),
    "no_supplier": Text(
        cause=N_("In Xero this contact has no bills yet, so it is no supplier."),
        fix=N_("It comes over once Xero has a bill of it."),
    ),
    "still_used_in_xero": Text(
        cause=N_("In Xero the same contact also belongs to the module {module}."),
        fix=N_("It stays as it is in Xero; archive it there if nobody needs it any more."),
    ),
    "paid_in_xero": Text(cause=N_("Payment of {amount} {currency} made in Xero."), news=True),
    "payment_account_currency": Text(
        cause=N_("The bank account {account} is kept in {currency}, this invoice in {code}."),
        fix=N_("Book this payment in Xero, where the amount received is known."),
    ),
    "payment_account_invalid": Text(
        cause=N_("Xero takes no payments on the account {account}."),
        fix=N_("Choose another one in the settings; the payment then goes by itself."),
    ),
    "payment_account_missing": Text(
        cause=N_("No bank account is chosen for payments."),
        fix=N_("Choose one in the settings; the payment then goes by itself."),
    ),
    "payment_needs_approval": Text(
        cause=N_("The invoice is marked paid in CRM, but it is not approved in Xero."),
        fix=N_("Approve it in Xero; the payment then goes by itself."),
    ),
}
