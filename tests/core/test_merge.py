"""The laws of the merge, and the table of who wins what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.merge import RULES, FieldConflict, Merge, merge
from backend.core.spec import Field, Flow, On, Owner, Side, Values
from tests.core.world import D, X, Z, row

NAMES = ("a", "b", "c")
ASK_ONE_WAY = {Flow.TO_XERO: Flow.TO_ZOHO, Flow.TO_ZOHO: Flow.TO_XERO}
SWAPPED_OWNER = {Owner.ZOHO: Owner.XERO, Owner.XERO: Owner.ZOHO, Owner.NONE: Owner.NONE}
SWAPPED_RULE = {"zoho": "xero", "xero": "zoho", "ask": "ask", "newest": "newest"}

values = st.fixed_dictionaries({}, optional={name: st.sampled_from([None, "1", "2", "3"]) for name in NAMES})  # fmt: skip
rows = st.tuples(*(
    st.builds(
        Field,
        name=st.just(name),
        zoho=st.just(name),
        xero=st.just(name),
        flow=st.sampled_from([Flow.BOTH, Flow.TO_XERO, Flow.TO_ZOHO]),
        on=st.sampled_from(On),
        owner=st.sampled_from(Owner),
        amounts=st.booleans(),
    )
    for name in NAMES
))  # fmt: skip
sides = st.sampled_from([None, Z, X])
decisions = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(RULES),
        "newer": sides,
        "choice": sides,
        "choices": st.dictionaries(st.sampled_from(NAMES), st.sampled_from(Side)),
        "reach": st.fixed_dictionaries({Z: st.booleans(), X: st.booleans()}),
    }
)
locks = st.frozensets(st.sampled_from([*NAMES, "*"]))


def outcome(found: Merge, name: str) -> set[str]:
    """In which ways a field was dealt with."""
    out = {side.value for side in Side if name in found.to(side)}
    out |= {"conflict" for each in found.conflicts if each.field == name}
    return out | {"suppressed" for each, _ in found.suppressed if each == name}


def moved(base: Values, now: Values, found: Merge, side: Side) -> dict[str, Any]:
    """The base after a merge was carried out: what is there now, what was written; kept else."""
    held = {each.field for each in found.conflicts} | {name for name, _ in found.suppressed}
    after = {**now, **found.to(side)}
    kept = {name: value for name, value in base.items() if name in held}
    return {**{name: value for name, value in after.items() if name not in held}, **kept}


@given(rows, values, values, decisions, locks)
def test_unchanged_in_nothing_out(
    these: tuple[Field, ...],
    zoho: Values,
    xero: Values,
    how: Mapping[str, Any],
    locked: frozenset[str],
) -> None:
    assert merge(these, zoho, xero, zoho, xero, locked=locked, **how).nothing


@given(rows, st.tuples(values, values, values, values), decisions, locks)
def test_what_was_written_settles(
    these: tuple[Field, ...],
    four: tuple[Values, ...],
    how: Mapping[str, Any],
    locked: frozenset[str],
) -> None:
    bz, bx, z, x = four
    first = merge(these, bz, bx, z, x, locked=locked, **how)
    again = merge(
        these,
        moved(bz, z, first, Z),
        moved(bx, x, first, X),
        {**z, **first.to_zoho},
        {**x, **first.to_xero},
        locked=locked,
        **how,
    )
    assert not again.to_zoho
    assert not again.to_xero
    assert again.conflicts == first.conflicts
    assert again.suppressed == first.suppressed


@given(rows, st.tuples(values, values, values, values), decisions, locks)
def test_no_edit_is_lost_and_nothing_unmapped_is_touched(
    these: tuple[Field, ...],
    four: tuple[Values, ...],
    how: Mapping[str, Any],
    locked: frozenset[str],
) -> None:
    bz, bx, z, x = four
    found = merge(these[:2], bz, bx, z, x, locked=locked, **how)
    for field in these[:2]:
        name = field.name
        ways = outcome(found, name)
        assert len(ways) <= 1
        if not all(name in each for each in four) or z[name] == x[name]:
            continue
        edited = z[name] != bz[name] or x[name] != bx[name]
        assert bool(ways) == edited
    for name in {*found.to_zoho, *found.to_xero}:
        assert name in NAMES[:2]
        assert name in z
        assert name in x


@given(rows, st.tuples(values, values, values, values), decisions)
def test_no_write_goes_where_the_flow_or_the_switch_forbids_it(
    these: tuple[Field, ...], four: tuple[Values, ...], how: Mapping[str, Any]
) -> None:
    found = merge(these, *four, **how)
    for side in Side:
        for field in these:
            if field.name in found.to(side):
                assert field.flow.reaches(side)
                assert how["reach"][side]
                assert field.on is not On.CREATE


@given(rows, st.tuples(values, values, values, values), decisions)
def test_both_systems_are_treated_alike(
    these: tuple[Field, ...], four: tuple[Values, ...], how: Mapping[str, Any]
) -> None:
    plain = [replace(field, amounts=False) for field in these]
    mirrored = [
        replace(
            field,
            flow=ASK_ONE_WAY.get(field.flow, field.flow),
            owner=SWAPPED_OWNER[field.owner],
        )
        for field in plain
    ]
    bz, bx, z, x = four
    one = merge(plain, bz, bx, z, x, **how)
    two = merge(
        mirrored,
        bx,
        bz,
        x,
        z,
        rule=SWAPPED_RULE[how["rule"]],
        newer=how["newer"] and how["newer"].other,
        choice=how["choice"] and how["choice"].other,
        choices={name: side.other for name, side in how["choices"].items()},
        reach={side.other: allowed for side, allowed in how["reach"].items()},
    )
    assert (one.to_zoho, one.to_xero) == (two.to_xero, two.to_zoho)
    assert one.suppressed == two.suppressed
    assert [(each.field, each.zoho, each.xero) for each in one.conflicts] == [
        (each.field, each.xero, each.zoho) for each in two.conflicts
    ]


@given(values, values, values, values)
def test_different_fields_edited_on_both_sides_merge(
    bz: Values, bx: Values, z: Values, x: Values
) -> None:
    these = [row(name=name) for name in NAMES]
    found = merge(these, bz, bx, z, x)
    shared = [name for name in NAMES if all(name in each for each in (bz, bx, z, x))]
    for name in shared:
        if z[name] != bz[name] and x[name] == bx[name] and z[name] != x[name]:
            assert found.to_xero[name] == z[name]
        if x[name] != bx[name] and z[name] == bz[name] and z[name] != x[name]:
            assert found.to_zoho[name] == x[name]


@given(rows, values, decisions, st.sampled_from(Side))
def test_a_create_sends_everything_that_may_go_and_is_not_empty(
    these: tuple[Field, ...], held: Values, how: Mapping[str, Any], to: Side
) -> None:
    zoho, xero = (None, held) if to is Z else (held, None)
    found = merge(these, None, None, zoho, xero, **how)
    may = {
        field.name for field in these if field.flow.reaches(to) and held.get(field.name) is not None
    }
    assert set(found.to(to)) == (may if how["reach"][to] else set())
    assert {name for name, _ in found.suppressed} == (set() if how["reach"][to] else may)
    assert not found.to(to.other)
    assert not found.conflicts


# --- the table, case by case --------------------------------------------------------------------


def decide(field: Field | None = None, *, bz: Any = "0", bx: Any = "0", z: Any = "0", x: Any = "0", **how: Any) -> Merge:  # fmt: skip
    """One field's merge; ``...`` leaves a base out."""
    field = field or row(name="f")
    name = field.name
    base_zoho = None if bz is ... else {name: bz}
    base_xero = None if bx is ... else {name: bx}
    return merge([field], base_zoho, base_xero, {name: z}, {name: x}, **how)


F = row(name="f")


@pytest.mark.parametrize(
    ("values", "how", "ways"),
    [
        ({"z": "1"}, {}, Merge(to_xero={"f": "1"})),
        ({"x": "1"}, {}, Merge(to_zoho={"f": "1"})),
        ({"z": None}, {}, Merge(to_xero={"f": None})),
        ({"z": "1", "x": "1"}, {}, Merge()),
        ({"z": "1", "x": "2"}, {"rule": "zoho"}, Merge(to_xero={"f": "1"})),
        ({"z": "1", "x": "2"}, {"rule": "xero"}, Merge(to_zoho={"f": "2"})),
        ({"z": "1", "x": "2"}, {"rule": "newest", "newer": X}, Merge(to_zoho={"f": "2"})),
        ({"z": "1", "x": "2"}, {"choice": Z}, Merge(to_xero={"f": "1"})),
        ({"z": "1", "x": "2"}, {"choice": Z, "choices": {"f": X}}, Merge(to_zoho={"f": "2"})),
        ({"z": "1"}, {"reach": {X: False}}, Merge(suppressed=(("f", "direction_off"),))),
        ({"bz": ..., "z": "1", "x": "1"}, {}, Merge()),
        ({"bz": ..., "z": None, "x": "1"}, {}, Merge(to_zoho={"f": "1"})),
        ({"bx": ..., "z": "1", "x": None}, {}, Merge(to_xero={"f": "1"})),
        ({"bx": ..., "z": "1", "x": "2"}, {"rule": "zoho"}, Merge(to_xero={"f": "1"})),
        ({"bz": "long", "bx": "lo", "z": "long", "x": "lo"}, {}, Merge()),
    ],
)
def test_a_plain_field_is_decided(values: dict[str, Any], how: dict[str, Any], ways: Merge) -> None:
    assert decide(**values, **how) == ways


@pytest.mark.parametrize("how", [{"rule": "ask"}, {"rule": "newest"}])
def test_the_same_field_edited_twice_asks_and_shows_all_three(how: dict[str, Any]) -> None:
    found = decide(z="1", x="2", **how)
    assert found.conflicts == (FieldConflict(field="f", base="0", zoho="1", xero="2"),)
    assert not found.to_zoho
    assert not found.to_xero


def test_a_conflict_at_first_agreement_shows_what_base_there_is() -> None:
    assert decide(bz=..., z="1", x="2").conflicts[0].base == "0"
    assert decide(bz=..., bx=..., z="1", x="2").conflicts[0].base is None


@pytest.mark.parametrize(
    ("field", "values", "ways"),
    [
        (replace(F, flow=Flow.TO_ZOHO), {"z": "1"}, Merge(suppressed=(("f", "one_way"),))),
        (replace(F, flow=Flow.TO_ZOHO), {"z": "1", "x": "2"}, Merge(to_zoho={"f": "2"})),
        (replace(F, on=On.CREATE), {"z": "1"}, Merge(suppressed=(("f", "create_only"),))),
        (replace(F, on=On.EMPTY), {"z": "1"}, Merge(suppressed=(("f", "not_empty"),))),
        (replace(F, on=On.EMPTY), {"bx": None, "z": "1", "x": None}, Merge(to_xero={"f": "1"})),
        (replace(F, owner=Owner.XERO), {"z": "1"}, Merge(to_zoho={"f": "0"})),
        (replace(F, owner=Owner.XERO), {"z": "1", "x": "2"}, Merge(to_zoho={"f": "2"})),
        (replace(F, owner=Owner.ZOHO), {"x": "1"}, Merge(to_xero={"f": "0"})),
        (replace(F, owner=Owner.ZOHO), {"z": "1"}, Merge(to_xero={"f": "1"})),
    ],
)
def test_a_rows_own_rules_come_first(field: Field, values: dict[str, Any], ways: Merge) -> None:
    assert decide(field, **values) == ways


def test_the_state_decides_over_the_rows_own_owner() -> None:
    assert decide(z="1", owns={"f": Owner.XERO}) == Merge(to_zoho={"f": "0"})


AMOUNTS = replace(F, amounts=True, owner=Owner.XERO)


def test_amounts_edited_in_crm_after_approval_are_shown_and_kept_as_xero_has_them() -> None:
    conflict = FieldConflict(field="f", base="0", zoho="1", xero="0", locked=True)
    assert decide(AMOUNTS, z="1") == Merge(conflicts=(conflict,))
    assert decide(AMOUNTS, z="1", choice=X) == Merge(to_zoho={"f": "0"})
    assert decide(AMOUNTS, z="1", choice=Z) == Merge(to_xero={"f": "1"})
    assert decide(AMOUNTS, z="1", choice=Z, locked=frozenset({"f"})) == Merge(conflicts=(conflict,))
    assert decide(AMOUNTS, z="1", x="2") == Merge(to_zoho={"f": "2"})
    assert decide(AMOUNTS, x="2") == Merge(to_zoho={"f": "2"})


@pytest.mark.parametrize("locked", [frozenset({"f"}), frozenset({"*"})])
def test_what_xero_no_longer_takes_waits_for_a_person(locked: frozenset[str]) -> None:
    conflict = FieldConflict(field="f", base="0", zoho="1", xero="0", locked=True)
    assert decide(z="1", locked=locked) == Merge(conflicts=(conflict,))
    assert decide(z="1", locked=locked, choice=Z) == Merge(conflicts=(conflict,))
    assert decide(z="1", locked=locked, choice=X) == Merge(to_zoho={"f": "0"})
    assert decide(x="1", locked=locked) == Merge(to_zoho={"f": "1"})
    one_way = replace(F, flow=Flow.TO_XERO)
    assert decide(one_way, z="1", locked=locked, choice=X) == Merge(suppressed=(("f", "one_way"),))


def test_without_switches_a_create_may_go_either_way() -> None:
    assert merge([F], None, None, {"f": "1"}, None) == Merge(to_xero={"f": "1"})
    assert merge([F], None, None, None, {"f": "1"}) == Merge(to_zoho={"f": "1"})


def test_a_conflict_shows_crms_base_first() -> None:
    assert decide(bz="b", bx="B", z="1", x="2").conflicts[0].base == "b"


def test_a_row_only_one_side_can_read_takes_no_part() -> None:
    assert merge([F], {"f": "0"}, {"f": "0"}, {"f": "1"}, {}).nothing
    assert merge([F], {"f": "0"}, {"f": "0"}, {}, {"f": "1"}).nothing


def test_a_row_that_lives_nowhere_on_a_side_is_not_created_there() -> None:
    assert merge([row(name="f", xero=None)], None, None, {"f": "1"}, None).nothing
    assert merge([F], None, None, None, None).nothing


def test_values_that_mean_the_same_are_no_change() -> None:
    money = row("money", name="f")
    assert decide(money, bz=D("1.001"), bx=D(1), z=D(1), x=D("1.00")).nothing


def test_a_merge_that_decides_anything_is_not_nothing() -> None:
    assert not decide(z="1").nothing
    assert decide(z="1").to(X) == {"f": "1"}
