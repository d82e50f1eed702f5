"""One clear hit links, none creates, everything else is a person's to decide."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.match import (
    Ambiguous,
    Candidate,
    Create,
    Linked,
    Verdict,
    decide,
    evidence,
    normal_key,
    normal_name,
)
from backend.core.spec import ModuleSpec
from tests.core.world import row, spec

SPEC: ModuleSpec = spec(
    row(name="phone", keys=2, key_codec="phone"),
    row(name="number", keys=1, key_codec="number"),
    row(name="email", keys=1, key_codec="email"),
    row(name="name", keys=2, key_codec="name"),
    row(name="city"),
)


def candidate(id: str = "x1", **more: Any) -> Candidate:
    kind = {key: more.pop(key) for key in ("archived", "back_reference", "linked") if key in more}
    return Candidate(id=id, label=id, values=more, **kind)


OURS = {"number": "C-1", "email": "ana@harbour.example", "name": "Harbour & Vine Ltd"}


@pytest.mark.parametrize(
    ("candidates", "decision"),
    [
        ([], Create()),
        ([candidate(city="Bath")], Create()),
        ([candidate(number="c-1")], Linked(id="x1", by="number")),
        ([candidate(email="ANA@harbour.example")], Linked(id="x1", by="email")),
        ([candidate(number="C-1", archived=True)], Linked(id="x1", by="number")),
        ([candidate(number="C-2"), candidate("x2", number="C-1")], Linked(id="x2", by="number")),
        ([candidate(back_reference="z1", number="C-9")], Linked(id="x1", by="back_reference")),
        (
            [candidate(number="C-1"), candidate("x2", back_reference="z1")],
            Linked(id="x2", by="back_reference"),
        ),
        (
            [candidate(number="C-1"), candidate("x2", email="ana@harbour.example")],
            Linked(id="x1", by="number"),
        ),
    ],
)
def test_a_clear_case_needs_nobody(candidates: list[Candidate], decision: object) -> None:
    assert decide(SPEC, OURS, "z1", candidates) == decision


@pytest.mark.parametrize(
    ("candidates", "reason", "shown"),
    [
        ([candidate(number="C-1"), candidate("x2", number="C-1")], "several", 2),
        ([candidate(name="HARBOUR AND VINE")], "weak", 1),
        ([candidate(name="Harbour & Vine"), candidate("x2", name="Other")], "weak", 1),
        ([candidate(number="C-1", linked=True)], "already_linked", 1),
        ([candidate(back_reference="z1", linked=True)], "already_linked", 1),
        ([candidate(name="Harbour & Vine", linked=True)], "weak", 1),
        ([candidate(number="C-2", email="ana@harbour.example")], "contradicted", 1),
        ([candidate("x1", back_reference="z1"), candidate("x2", back_reference="z1")], "several", 2),
    ],
)  # fmt: skip
def test_anything_unclear_is_asked(candidates: list[Candidate], reason: str, shown: int) -> None:
    decision = decide(SPEC, OURS, "z1", candidates)
    assert isinstance(decision, Ambiguous)
    assert (decision.reason, len(decision.candidates)) == (reason, shown)


def test_the_evidence_says_what_is_the_same_other_and_missing() -> None:
    told = evidence(SPEC, OURS, candidate(number="C-2", name="harbour and vine"))
    assert [(each.field, each.verdict, each.ours, each.theirs) for each in told] == [
        ("number", Verdict.OTHER, "C-1", "C-2"),
        ("email", Verdict.MISSING, "ana@harbour.example", None),
        ("phone", Verdict.MISSING, None, None),
        ("name", Verdict.SAME, "Harbour & Vine Ltd", "harbour and vine"),
    ]


names = st.sampled_from(["Harbour", "Vine", "", None])
codes = st.sampled_from(["1", "2", None])
some = st.lists(
    st.builds(
        lambda number, email, name, **kind: {"number": number, "email": email, "name": name, **kind},
        codes, codes, names,
        linked=st.booleans(), back_reference=st.sampled_from([None, "z1", "z2"]),
    ),
    max_size=4,
).map(lambda found: [candidate(f"x{at}", **each) for at, each in enumerate(found)])  # fmt: skip


@given(some, codes, codes, names)
def test_never_linked_twice_and_never_created_over_a_likeness(
    candidates: list[Candidate], number: str | None, email: str | None, name: str | None
) -> None:
    ours = {"number": number, "email": email, "name": name}
    decision = decide(SPEC, ours, "z1", candidates)
    alike = [
        each for each in candidates
        if each.back_reference == "z1"
        or any(one.verdict is Verdict.SAME for one in evidence(SPEC, ours, each))
    ]  # fmt: skip
    if isinstance(decision, Linked):
        chosen = next(each for each in candidates if each.id == decision.id)
        assert not chosen.linked
        assert chosen in alike
    elif isinstance(decision, Create):
        # Whoever is alike belongs to another record, and a stronger key says so.
        for each in alike:
            verdicts = [one.verdict for one in evidence(SPEC, ours, each)]
            decisive = [one for one in verdicts if one is not Verdict.MISSING]
            assert each.linked
            assert decisive[0] is Verdict.OTHER
    else:
        assert {each.candidate.id for each in decision.candidates} <= {each.id for each in alike}
        assert decision.candidates


@given(some, codes, codes, names, st.randoms())
def test_the_order_of_candidates_changes_nothing(
    candidates: list[Candidate],
    number: str | None,
    email: str | None,
    name: str | None,
    chance: Any,
) -> None:
    ours = {"number": number, "email": email, "name": name}
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    one, two = decide(SPEC, ours, "z1", candidates), decide(SPEC, ours, "z1", shuffled)
    if isinstance(one, Ambiguous):
        assert isinstance(two, Ambiguous)
        assert one.reason == two.reason
        assert {each.candidate.id for each in one.candidates} == {
            each.candidate.id for each in two.candidates
        }
    else:
        assert one == two


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelled",
    [
        "Harbour & Vine", "HARBOUR AND VINE LTD", "harbour  and vine, Limited.", "Hárbour+Vine Ltd.",
        "Harbour & Vine GmbH & Co. KG", "Harbour & Vine S.A.", "Harbour & Vine S.à r.l.",
        "Harbour & Vine B.V.", "Harbour & Vine Pty Ltd", "Harbour & Vine, Inc.",
        "Harbour & Vine Sp. z o.o.", "Harbour & Vine S.p.A.", "Harbour & Vine L.L.C.",
        "Harbour & Vine A/S", "Harbour & Vine s.r.o.", "Harbour & Vine Co., Ltd.",
        "Harbour & Vine SARL", "Harbour & Vine G.m.b.H.",
    ],
)  # fmt: skip
def test_one_company_in_many_spellings(spelled: str) -> None:
    assert normal_name(spelled) == "harbour and vine"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Harbour & Vine", "Harbour & Wine"),
        ("Harbour Trading", "Harbour"),
        ("Company Ltd", "Limited Co"),
        ("株式会社東京", "株式会社大阪"),
    ],
)
def test_different_companies_stay_different(one: str, two: str) -> None:
    assert normal_name(one) != normal_name(two)


def test_a_name_of_legal_forms_alone_keeps_one() -> None:
    assert normal_name("Ltd") == "ltd"
    assert normal_name("S.A.") == "s a"
    assert normal_name("!!!") == ""


@pytest.mark.parametrize(
    ("one", "two"),
    [("Straße", "STRASSE"), ("Łódź", "Lodz"), ("O'Neil", "O’Neil"), ("Ærø", "aero"), ("ＡＢＣ", "abc")],
)  # fmt: skip
def test_case_accents_and_marks_do_not_count(one: str, two: str) -> None:
    assert normal_name(one) == normal_name(two)


@given(st.text())
def test_a_name_is_settled_after_one_turn(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("exact", " A1", "A1"),
        ("email", "Ana@X.example ", "ana@x.example"),
        ("code", "ab 1", "AB1"),
        ("number", "INV-1 ", "inv-1"),
        ("phone", "+44 (0)20", "0044 20"),
        ("tax_number", "GB 123.456-7", "gb1234567"),
        ("name", "A Ltd", "a"),
    ],
)
def test_keys_compare_by_what_they_are(kind: str, one: str, two: str) -> None:
    assert normal_key(kind, one) == normal_key(kind, two)


def test_unlike_keys_stay_unlike_and_kinds_are_known() -> None:
    assert normal_key("exact", "a") != normal_key("exact", "A")
    assert normal_key("number", "INV-1") != normal_key("number", "INV1")
    with pytest.raises(KeyError):
        normal_key("guess", "a")


def test_a_partner_of_another_with_another_number_is_somebody_else() -> None:
    def hit(*, linked: bool) -> Candidate:
        return candidate(number="C-2", email="ana@harbour.example", linked=linked)

    assert decide(SPEC, OURS, "z1", [hit(linked=True)]) == Create()
    assert isinstance(decide(SPEC, OURS, "z1", [hit(linked=False)]), Ambiguous)
