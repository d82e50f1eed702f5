"""Renaming, re-mapping and switching off: what no row reaches is never touched, and what nobody
edited is never overwritten."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.core.offers import Offer
from backend.core.overlay import overlaid
from backend.core.plan import Pair, plan, settled, values_of
from backend.core.policy import Policy
from backend.core.spec import Facts, Field, ModuleSpec, Resource, Side
from backend.sync.tell import encoded
from backend.sync.work import base_of
from tests.core.world import SHOWN

CRM, BOOKS = ("A", "B", "C"), ("F", "G", "H")
HOME = {"number": None, "label": "A", "modified": "m"}
DECLARED = ModuleSpec(
    key="accounts",
    shown=SHOWN,
    zoho=Resource(path="Accounts", id="id", **HOME),
    xero=Resource(path="Contacts", id="ContactID", **HOME),
    fields=(Field(name="a", zoho="A", xero="F"), Field(name="b", zoho="B", xero="G")),
)
OFFERS = {
    Side.ZOHO: {name: Offer(path=name, custom=True, id=name) for name in CRM},
    Side.XERO: {name: Offer(path=name) for name in BOOKS},
}
FACTS = Facts(zoho_fields=frozenset(CRM))


@dataclass
class Books:
    """A pair of records, the mapping in force, and what happened when."""

    raws: dict[Side, dict[str, Any]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    base: dict[Side, dict[str, Any] | None] = field(
        default_factory=lambda: {Side.ZOHO: None, Side.XERO: None}
    )
    tick: int = 0
    changed: dict[tuple[Side, str], int] = field(default_factory=dict)
    agreed: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def spec(self) -> ModuleSpec:
        """The module as it is in force."""
        return overlaid(DECLARED, self.rows, added={}, offers=OFFERS)

    def edit(self, side: Side, name: str, value: str) -> None:
        """A person types."""
        self.tick += 1
        self.raws[side][name] = value
        self.changed[side, name] = self.tick

    def look(self) -> bool:
        """The loop looks at the pair once; whether it wrote anything."""
        self.tick += 1
        spec = self.spec
        before = {side: dict(raw) for side, raw in self.raws.items()}
        pair = Pair(
            zoho=before[Side.ZOHO],
            xero=before[Side.XERO],
            base_zoho=base_of(spec, self.base[Side.ZOHO]),
            base_xero=base_of(spec, self.base[Side.XERO]),
        )
        planned = plan(spec, pair, Policy(), FACTS)
        for step in planned.steps:
            self.raws[step.side] |= step.body
        self._check(spec, before)
        answers = {side: values_of(spec, side, raw, FACTS) for side, raw in self.raws.items()}
        bases = settled(
            spec, pair, planned, answers=answers,
            performed=frozenset(step.side for step in planned.steps),
        )  # fmt: skip
        self.base = {side: encoded(spec, base) for side, base in zip(Side, bases, strict=True)}
        self._note(spec, before)
        return bool(planned.steps)

    def _check(self, spec: ModuleSpec, before: dict[Side, dict[str, Any]]) -> None:
        for side in Side:
            reached = {row.path(side): row for row in spec.fields if row.flow.reaches(side)}
            for name, was in before[side].items():
                now = self.raws[side][name]
                if now == was or name.endswith(("id", "ID")):
                    continue
                assert name in reached, (
                    f"{side} {name}: {was!r} became {now!r}, and no row goes there"
                )
                row = reached[name]
                if was and row.flow.reaches(side.other):
                    key = (row.name, str(row.zoho), str(row.xero))
                    source = row.path(side.other) or ""
                    edited = self.changed.get((side.other, source), 0)
                    assert key in self.agreed, f"{name}: {was!r} was overwritten without a word"
                    assert edited > self.agreed[key], f"{name}: nobody had edited {source}"

    def _note(self, spec: ModuleSpec, before: dict[Side, dict[str, Any]]) -> None:
        for side in Side:
            for name, was in before[side].items():
                if self.raws[side][name] != was:
                    self.changed[side, name] = self.tick
        for row in spec.fields:
            zoho, xero = str(row.zoho), str(row.xero)
            if self.raws[Side.ZOHO].get(zoho) == self.raws[Side.XERO].get(xero):
                self.agreed[row.name, zoho, xero] = self.tick


VALUES = st.sampled_from(["", "one", "two", "three"])
ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["a", "b", "n"]),
        "zoho": st.sampled_from(CRM),
        "xero": st.sampled_from(BOOKS),
        "flow": st.sampled_from(["both", "both", "to_xero", "to_zoho", "off"]),
        "on": st.sampled_from(["always", "always", "create", "empty"]),
        "owner": st.just("none"),
    }
)


def _writable(rows: list[dict[str, Any]]) -> bool:
    """What saving checks: each name once, each target once, declared rows counted in."""
    given_ = {row["name"] for row in rows}
    rest = [
        {"zoho": row.zoho, "xero": row.xero, "flow": "both"}
        for row in DECLARED.fields
        if row.name not in given_
    ]
    into = [
        (side, row[side])
        for row in [*rows, *rest]
        for side in ("zoho", "xero")
        if row["flow"] in {"both", f"to_{side}"}
    ]
    return len(given_) == len(rows) and len(set(into)) == len(into)


MAPPINGS = st.lists(ROW, max_size=3).filter(_writable)
EDIT = st.one_of(
    st.tuples(st.just(Side.ZOHO), st.sampled_from(CRM), VALUES),
    st.tuples(st.just(Side.XERO), st.sampled_from(BOOKS), VALUES),
)
ACTIONS = st.lists(
    st.one_of(EDIT.map(lambda edit: ("edit", edit)), MAPPINGS.map(lambda rows: ("map", rows)),
              st.just(("look", None))),
    min_size=3, max_size=14,
)  # fmt: skip


def _start(values: list[str]) -> Books:
    zoho = {"id": "1", **dict(zip(CRM, values[:3], strict=True))}
    xero = {"ContactID": "x", **dict(zip(BOOKS, values[3:], strict=True))}
    return Books(raws={Side.ZOHO: zoho, Side.XERO: xero})


@given(values=st.lists(VALUES, min_size=6, max_size=6), actions=ACTIONS)
def test_only_what_a_row_reaches_and_somebody_edited_is_ever_overwritten(
    values: list[str], actions: list[tuple[str, Any]]
) -> None:
    pair = _start(values)
    for what, detail in actions:
        if what == "edit":
            pair.edit(*detail)
        elif what == "map":
            pair.rows = detail
        else:
            pair.look()


@given(values=st.lists(VALUES, min_size=6, max_size=6), mappings=st.lists(MAPPINGS, max_size=4))
def test_mapping_back_and_forth_settles_and_forgets_nobody_s_value(
    values: list[str], mappings: list[list[dict[str, Any]]]
) -> None:
    pair = _start(values)
    for rows in mappings:
        pair.rows = rows
        for _ in range(6):
            if not pair.look():
                break
        else:
            raise AssertionError(f"it does not settle: {rows}")


def test_a_row_bound_elsewhere_and_back_asks_instead_of_clearing() -> None:
    """The old base says what F was when both agreed; of G it says nothing."""
    pair = _start(["fax", "", "", "fax", "", ""])
    pair.look()
    pair.rows = [{"name": "a", "zoho": "C", "xero": "F", "flow": "both", "on": "always",
                  "owner": "none"}]  # fmt: skip
    pair.look()
    assert pair.raws[Side.XERO]["F"] == "fax"
    assert pair.raws[Side.ZOHO] == {"id": "1", "A": "fax", "B": "", "C": "fax"}
    pair.rows = []
    pair.edit(Side.ZOHO, "A", "")
    pair.look()
    assert pair.raws[Side.XERO]["F"] == "fax"
    assert pair.raws[Side.ZOHO]["A"] == "fax"


def test_a_crm_field_made_anew_under_its_old_name_clears_nothing() -> None:
    rows = [{"name": "n", "zoho": "C", "xero": "H", "flow": "both", "on": "always",
             "owner": "none"}]  # fmt: skip
    first = overlaid(DECLARED, rows, added={}, offers=OFFERS)
    anew = {**OFFERS, Side.ZOHO: {**OFFERS[Side.ZOHO], "C": Offer(path="C", custom=True, id="new")}}
    second = overlaid(DECLARED, rows, added={}, offers=anew)
    assert first.field("n").base_key != second.field("n").base_key
    assert base_of(second, {first.field("n").base_key: "old"}) == {}


def test_an_untouched_declaration_keeps_its_bases() -> None:
    rows = [{"name": "a", "zoho": "A", "xero": "F", "flow": "to_xero", "on": "empty",
             "owner": "zoho"}]  # fmt: skip
    assert [row.base_key for row in overlaid(DECLARED, rows, added={}, offers=OFFERS).fields] == [
        "a", "b",
    ]  # fmt: skip
