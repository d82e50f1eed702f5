"""Partners, deletions that wait, previews and undone runs: why, and what to do."""

from __future__ import annotations

from backend.i18n import N_, ngettext
from backend.texts.entry import Text

MATCHING: dict[str, Text] = {
    "answer_not_offered": Text(
        cause=N_("This answer does not fit what this record asks."),
        fix=N_("Reload the inbox and choose one of the answers on offer; nothing was changed."),
    ),
    "conflict_changed": Text(
        cause=N_("Somebody else has just settled this conflict, or its values have changed."),
        fix=N_("Look at the values that are there now; nothing of your choice was written."),
    ),
    "search_needs_words": Text(
        cause=N_("There is nothing to search for."),
        fix=N_("Enter a name or a number of up to 100 characters."),
    ),
    "excluded_for_good": Text(
        cause=N_("{by} decided that this record never crosses."),
        fix=N_("Sync it by hand or link it to take this back."),
    ),
    "kept_by_person": Text(
        cause=N_("{by} decided that this record stays as it is, without a partner."),
        fix=N_("Sync it by hand or link it to take this back."),
    ),
    "given_up": Text(
        cause=N_("{by} decided to leave this record until it changes."),
        fix=N_("Edit it or sync it by hand to try again."),
    ),
    "match_parted": Text(
        cause=N_("These two records were parted by a person before."),
        fix=N_("Link them again, or ask for a new one; until then nothing is created."),
    ),
    "match_shared": Text(
        cause=N_("Another record fits the same partner on the other side just as well."),
        fix=N_("Choose whose it is; until then nothing is linked or created."),
    ),
    "match_twin": Text(
        cause=N_("Another record of the same name or number is to be created at the same time."),
        fix=N_("Link this one to it, or ask for a new one; until then nothing is created."),
    ),
    "merged_in_xero": Text(
        cause=N_("The contact was merged into {name} in Xero; the link follows."), news=True
    ),
    "merged_in_crm": Text(
        cause=N_("The record was merged into another one in CRM; the link follows."), news=True
    ),
    "merged_both_linked": Text(
        cause=N_("The contact was merged into {name} in Xero, which belongs to another record."),
        fix=N_("Merge the two records in CRM as well, or link this one by hand."),
    ),
    "merged_in_crm_both_linked": Text(
        cause=N_("The record was merged into another one in CRM; both have a contact in Xero."),
        fix=N_("Merge the two contacts in Xero as well; nothing was deleted there."),
    ),
    "item_used_kept": Text(
        cause=N_(
            "The product was deleted in CRM, but documents use its item, which stays in Xero."
        ),
        fix=N_("The two are no longer linked; nothing was deleted in Xero."),
    ),
    "item_used": Text(
        cause=N_("Xero keeps this item, because documents use it."),
        fix=N_("Take those documents back first, or leave the item as it is."),
    ),
    "cannot_be_withdrawn": Text(
        cause=N_("A record of this kind cannot be withdrawn in Xero."),
        fix=N_("Remove it in Xero by hand if it should not exist."),
    ),
    "restore_not_allowed": Text(
        cause=N_("The connection may not take records back from the recycle bin of CRM."),
        fix=N_("Connect CRM again as an administrator, or restore the record in CRM by hand."),
    ),
    "too_many_deletions": Text(
        cause=N_(
            "{planned} of {in_scope} records would be deleted at once, more than {limit} per cent."
        ),
        fix=N_("Confirm it, or restore the records; until then nothing is deleted."),
    ),
    "side_suddenly_empty": Text(
        cause=N_("The list that held {before} records is suddenly empty."),
        fix=N_("Check the rights of the connected user; nothing was deleted or changed."),
    ),
    "used_on_documents": Text(
        cause="Used on 1 document.",
        many=ngettext("Used on 1 document.", "Used on {n} documents."),
        news=True,
    ),
    "used_nowhere": Text(cause=N_("Not used on any document we know."), news=True),
    "nothing_to_confirm": Text(
        cause=N_("Nothing in this run waits for a confirmation."),
        fix=N_("Reload the page; nothing was changed."),
    ),
    "undo_of_preview": Text(
        cause=N_("A preview has written nothing, so there is nothing to undo."),
        fix=N_("Undo the synchronisation that followed it."),
    ),
    "undo_of_undo": Text(
        cause=N_("An undo cannot be undone."),
        fix=N_("Start the synchronisation again to repeat what was undone."),
    ),
    "undo_of_audit": Text(
        cause=N_("A drift audit has written nothing itself, so there is nothing to undo."),
        fix=N_("What it noted is in the log, record by record."),
    ),
    "undo_of_sweep": Text(
        cause=N_("What the schedule did cannot be undone as a whole."),
        fix=N_("Correct the records in CRM or Xero; the next sync carries it over."),
    ),
    "undo_while_running": Text(
        cause=N_("This run has not ended yet."),
        fix=N_("Wait for its end or cancel it first; nothing was changed."),
    ),
    "undo_of_other_organisation": Text(
        cause=N_("This run belongs to another Xero organisation than the one connected now."),
        fix=N_("Connect that organisation again first; nothing was changed."),
    ),
    "undone": Text(cause=N_("Taken back as it was before the run."), news=True),
    "undone_by_person": Text(
        cause=N_("{by} undid the run that linked or created this record."),
        fix=N_("Sync it by hand or link it to bring it back."),
    ),
    "undo_edited_since": Text(
        cause=N_("Somebody has edited {field} since the run."),
        fix=N_("Restore it by hand if you still want to: {before}."),
    ),
    "undo_edited_since.plain": Text(
        cause=N_("Somebody has edited this record since the run."),
        fix=N_("Restore it by hand if you still want to."),
    ),
    "undo_locked": Text(
        cause=N_("Xero no longer lets this document be changed."),
        fix=N_("Ask the accountant to correct or credit it in Xero."),
    ),
    "undo_approved": Text(
        cause=N_("The document is approved in Xero and is not taken back by itself."),
        fix=N_("Void it in Xero by hand if it should not exist."),
    ),
    "undo_paid": Text(
        cause=N_("The document has payments in Xero and is not taken back."),
        fix=N_("Remove the payments in Xero first, or issue a credit note."),
    ),
    "undo_voided": Text(
        cause=N_("Xero cannot bring back a voided or deleted record."),
        fix=N_("Send the record again: it gets a new one there."),
    ),
    "undo_gone": Text(
        cause=N_("The record no longer exists, so there is nothing to take back."), news=True
    ),
    "undo_not_in_bin": Text(
        cause=N_("The record is no longer in the recycle bin of CRM."),
        fix=N_("Get it from Xero again: CRM then has a new one."),
    ),
    "undo_not_known": Text(
        cause=N_("The values before this run were not kept."),
        fix=N_("Restore it by hand; the log shows what was changed."),
    ),
    "restore_in_zoho": Text(cause=N_("Taken back from the recycle bin of CRM."), news=True),
    "restore_in_xero": Text(cause=N_("Restored in Xero."), news=True),
    "world_moved": Text(
        cause="1 record was not as the preview had shown it.",
        many=ngettext(
            "1 record was not as the preview had shown it.",
            "{n} records were not as the preview had shown them.",
        ),
        fix=N_("They are marked in the list; the others went exactly as shown."),
    ),
}
