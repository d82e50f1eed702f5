"""Which answers fit which question."""

import pytest

from backend.core.attention import ACTIONS, FAILED, KINDS, answers, keys_of, kind_of


def test_every_cause_belongs_to_one_kind() -> None:
    known = [key for keys in KINDS.values() for key in keys]
    assert len(known) == len(set(known))
    assert all(kind_of(key) == kind for kind, keys in KINDS.items() for key in keys)
    assert kind_of("whatever_else") == kind_of(None) == FAILED
    assert keys_of(FAILED) is None
    assert keys_of("archived") == {"contact_archived"}


@pytest.mark.parametrize("candidates", [True, False])
def test_every_question_has_an_answer_and_every_answer_a_name(candidates: bool) -> None:
    for keys in (*KINDS.values(), {"other"}):
        for key in keys:
            found = answers(key, candidates=candidates)
            assert found
            assert set(found) <= set(ACTIONS)


def test_only_a_contact_name_may_get_a_suffix() -> None:
    assert "suffix" in answers("contact_name_taken", candidates=False)
    assert "suffix" not in answers("invoice_number_taken", candidates=False)


def test_linking_is_offered_where_there_is_somebody_to_link() -> None:
    assert "link" not in answers("xero_refused", candidates=False)
    assert "link" in answers("xero_refused", candidates=True)
    assert "link" in answers("match_several", candidates=False)
