"""The inbox of a person: which kind of question a held record asks, and which answers fit it."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, frozenset[str]] = {
    "ambiguous_match": frozenset({
        "match_already_linked", "match_contradicted", "match_several", "match_weak",
        "match_parted", "match_shared",
    }),
    "name_taken": frozenset({
        "contact_name_taken", "contact_number_taken", "invoice_number_taken", "item_code_taken",
        "number_taken", "zoho_duplicate",
    }),
    "deleted_against_edited": frozenset({
        "deleted_in_crm_edited_in_xero", "deleted_in_xero_edited_in_crm",
    }),
    "archived": frozenset({"contact_archived"}),
    "over_delete_limit": frozenset({"too_many_deletions"}),
    "locked_period": frozenset({"period_locked"}),
    "totals_differ": frozenset({"totals_differ", "currencies_differ", "discount_not_exact"}),
    "merged": frozenset({"merged_both_linked"}),
    "withdrawal_refused": frozenset({
        "billed_cannot_be_deleted", "order_already_approved", "paid_cannot_be_voided",
        "withdrawal_refused",
    }),
    "configuration": frozenset({
        "account_archived", "account_invalid", "account_missing", "currency_not_enabled",
        "currency_not_in_crm", "fallback_product_missing", "sales_account_missing",
        "tax_inactive", "tax_invalid", "tax_missing", "tax_not_for_purchases",
        "tax_not_for_sales", "tax_not_in_crm", "tax_not_mapped",
    }),
}  # fmt: skip
"""Causes by kind of question; every other cause is ``failed``."""
FAILED = "failed"
_KIND_OF = {key: kind for kind, keys in KINDS.items() for key in keys}

SUFFIXED = frozenset({"contact_name_taken"})
"""Only a contact's name may be told apart by a suffix; numbers and codes are people's own."""
_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "ambiguous_match": ("link", "create", "never"),
    "name_taken": ("link", "suffix", "retry", "never"),
    "deleted_against_edited": ("restore", "delete", "keep"),
    "archived": ("unarchive", "retry", "never"),
    "over_delete_limit": ("confirm", "restore", "keep"),
    "locked_period": ("retry", "give_up"),
    "totals_differ": ("retry", "give_up"),
    "merged": ("retry", "keep"),
    "withdrawal_refused": ("retry", "keep"),
    "configuration": ("retry", "give_up"),
    FAILED: ("link", "retry", "give_up"),
}
ACTIONS = tuple(dict.fromkeys(each for answers in _ANSWERS.values() for each in answers))
"""Everything a person can answer, over all kinds."""


def kind_of(key: str | None) -> str:
    """The kind of question a cause asks."""
    return _KIND_OF.get(key or "", FAILED)


def answers(key: str | None, *, candidates: bool) -> tuple[str, ...]:
    """What a person may answer to a record held for ``key``. ``candidates``: possible partners
    are shown, one of which may be linked."""
    found = _ANSWERS[kind_of(key)]
    return tuple(
        each
        for each in found
        if (each != "link" or candidates or kind_of(key) == "ambiguous_match")
        and (each != "suffix" or key in SUFFIXED)
    )


def keys_of(kind: str) -> frozenset[str] | None:
    """The causes of one kind; None for ``failed``, which has all the others. KeyError for a kind
    there is not."""
    return None if kind == FAILED else KINDS[kind]
