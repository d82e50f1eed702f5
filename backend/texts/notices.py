"""What tasks, mails and alarms say besides the causes themselves."""

from __future__ import annotations

from backend.i18n import N_, ngettext
from backend.texts.entry import Text

NOTICES: dict[str, Text] = {
    "audit_differs.xero": Text(
        cause=N_("A field in Xero no longer holds what both sides agreed on."),
        fix=N_(
            "Nothing to do at first: the daily audit has it compared again and synced. If it is still named afterwards, open the record and choose Sync now."
        ),
    ),
    "audit_differs.zoho": Text(
        cause=N_("A field in CRM no longer holds what both sides agreed on."),
        fix=N_(
            "Nothing to do at first: the daily audit has it compared again and synced. If it is still named afterwards, open the record and choose Sync now."
        ),
    ),
    "audit_duplicate.xero": Text(
        cause=N_("Several records in Xero share this key; each has its own partner."),
        fix=N_(
            "Merge them there if they are one and the same; otherwise nothing needs to be done."
        ),
    ),
    "audit_duplicate.zoho": Text(
        cause=N_("Several records in CRM share this key; each has its own partner."),
        fix=N_(
            "Merge them there if they are one and the same; otherwise nothing needs to be done."
        ),
    ),
    "audit_gone.xero": Text(
        cause=N_("Its record in Xero is gone."),
        fix=N_("Restore it there, or part the pair on the record’s page."),
    ),
    "audit_gone.zoho": Text(
        cause=N_("Its record in CRM is gone."),
        fix=N_("Restore it there, or part the pair on the record’s page."),
    ),
    "audit_orphan.xero": Text(
        cause=N_("It is in Xero and has no partner in CRM."),
        fix=N_("Sync the module, or link it on the page of the CRM record it belongs to."),
    ),
    "audit_orphan.zoho": Text(
        cause=N_("It is in CRM and has no partner in Xero."),
        fix=N_("Sync the module, or link it on the page of the CRM record it belongs to."),
    ),
    "mail_not_sent": Text(
        cause=N_("The mail could not be sent."),
        fix=N_("It is tried again by itself."),
    ),
    "mail_refused": Text(
        cause=N_("The mail server refuses the mail."),
        fix=N_("Check SMTP_URL, MAIL_FROM and the addresses in the settings."),
    ),
    "silence": Text(
        cause=N_("Nothing has been synchronised since {at}, although it should have been."),
        fix=N_("Check that workers and schedule are running. It catches up by itself afterwards."),
    ),
    "silence.plain": Text(
        cause=N_("Nothing has been synchronised yet, although it should have been."),
        fix=N_("Check that workers and schedule are running. It catches up by itself afterwards."),
    ),
}

TASK_SUBJECT = N_("Xero: {label} is waiting for you")
TASK_ALARM = N_("Xero: synchronisation needs an administrator")
TASK_CLOSES = N_("This task closes by itself once the record is synchronised.")
ALARM_CLOSES = N_("This task closes by itself once synchronisation works again.")

MAIL_SUBJECT = ngettext("1 record is waiting for you", "{n} records are waiting for you")
MAIL_ALARM = N_("Synchronisation needs an administrator")
MAIL_INTRO = N_("Zoho CRM and Xero, {organisation}: these records could not be synchronised.")
MAIL_ALARM_INTRO = N_("Zoho CRM and Xero, {organisation}:")
MAIL_MORE = ngettext("… and 1 more", "… and {n} more")
MAIL_REST = N_("All other records go on. Nothing is lost.")
MAIL_WHY = N_("You receive this because your address is in the settings of the extension.")
