"""Which record of the other system is the partner of this one: one, none, or a person must say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from backend.core.names import normal_key, normal_name
from backend.core.spec import Field, ModuleSpec, Value, Values

__all__ = [
    "Ambiguous", "Candidate", "Create", "Decision", "Evidence", "Linked", "Verdict", "decide",
    "may_clear_up", "normal_key", "normal_name",
]  # fmt: skip

STRONG = 1
WEAK = 2
NARROWS = 3
BY_MARK = "back_reference"
"""What a link is by that our own mark proves."""


class Verdict(StrEnum):
    """How two records' values of one key compare."""

    SAME = "same"
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A record of the other system that may be the partner.

    ``back_reference`` is the mark found on it: our record's id when we once wrote it there.
    ``linked``: it already belongs to another record. ``apart``: a person has parted it from this
    one, or left it out; only a person joins them again.
    """

    id: str
    label: str
    values: Values
    archived: bool = False
    back_reference: str | None = None
    linked: bool = False
    apart: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One key of a pair: whether it is the same, and both values for a person to see."""

    field: str
    verdict: Verdict
    ours: Value
    theirs: Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A candidate with what speaks for and against it."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """The partner is ``id``; ``by`` is ``back_reference`` or the key field that proved it."""

    id: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Create:
    """No partner exists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """A person must choose. ``reason``: ``several``, ``weak``, ``contradicted``,
    ``already_linked``, ``parted``, or ``shared``: another record fits the candidate as well."""

    candidates: tuple[Weighed, ...]
    reason: str


Decision = Linked | Create | Ambiguous


def decide(spec: ModuleSpec, values: Values, id: str, candidates: Sequence[Candidate]) -> Decision:
    """The partner of the record ``id`` with ``values`` among ``candidates`` of the other side.

    Our mark first, then strong keys in the spec's order, then weak ones. Archived candidates
    count like any other; one that belongs to another record is none where a stronger key says
    that it is somebody else. Whatever is not exactly one clear hit is never created over.
    """
    marked = [each for each in candidates if each.back_reference == id]
    if marked:
        return _settle(spec, values, marked, by=BY_MARK)
    candidates = [each for each in candidates if _within(spec, values, each)]
    keys = [row for row in spec.fields if row.keys in (STRONG, WEAK)]
    for row in (row for row in keys if row.keys == STRONG):
        hits = [
            each
            for each in _hits(row, values, candidates)
            if not (each.linked and _contradicted(spec, values, each, by=row.name))
        ]
        if hits:
            return _settle(spec, values, hits, by=row.name)
    weak = [
        each
        for each in candidates
        if _hinted(spec, keys, values, each) and not _somebody_else(spec, values, each)
    ]
    return _ambiguous(spec, values, weak, reason="weak") if weak else Create()


def may_clear_up(found: Ambiguous) -> bool:
    """Whether a candidate may yet turn out to be somebody else's, which settles the question."""
    return any(not each.candidate.linked for each in found.candidates)


def _within(spec: ModuleSpec, values: Values, candidate: Candidate) -> bool:
    """Whether a candidate lives where the record does: persons of the same account."""
    rows = [row for row in spec.fields if row.keys == NARROWS]
    return all(values.get(row.name) == candidate.values.get(row.name) for row in rows)


def _somebody_else(spec: ModuleSpec, values: Values, candidate: Candidate) -> bool:
    """Whether a hint leads to a record that has its partner and is called otherwise: two people
    of one account may share an address."""
    if not any(row.keys == NARROWS for row in spec.fields):
        return False
    strong = [row for row in spec.fields if row.keys == STRONG]
    other = any(_verdict(row, values, candidate.values) is Verdict.OTHER for row in strong)
    return candidate.linked and other


def _hinted(spec: ModuleSpec, keys: Sequence[Field], values: Values, each: Candidate) -> bool:
    """Whether a key that does not suffice speaks for the candidate."""
    return any(
        _hits(row, values, [each])
        and not (each.linked and _contradicted(spec, values, each, by=row.name))
        for row in keys
    )


def _settle(
    spec: ModuleSpec, values: Values, hits: Sequence[Candidate], *, by: str
) -> Linked | Ambiguous:
    """One hit links, unless it belongs to another record or a stronger key speaks against it."""
    if len(hits) > 1:
        return _ambiguous(spec, values, hits, reason="several")
    if hits[0].linked:
        return _ambiguous(spec, values, hits, reason="already_linked")
    if hits[0].apart:
        return _ambiguous(spec, values, hits, reason="parted")
    if by != BY_MARK and _contradicted(spec, values, hits[0], by=by):
        return _ambiguous(spec, values, hits, reason="contradicted")
    return Linked(id=hits[0].id, by=by)


def _contradicted(spec: ModuleSpec, values: Values, hit: Candidate, *, by: str) -> bool:
    strong = [row for row in spec.fields if row.keys == STRONG]
    stronger = takewhile(lambda row: row.name != by, strong)
    return any(_verdict(row, values, hit.values) is Verdict.OTHER for row in stronger)


def _ambiguous(
    spec: ModuleSpec, values: Values, hits: Sequence[Candidate], *, reason: str
) -> Ambiguous:
    return Ambiguous(
        candidates=tuple(
            Weighed(candidate=each, evidence=evidence(spec, values, each)) for each in hits
        ),
        reason=reason,
    )


def evidence(spec: ModuleSpec, values: Values, candidate: Candidate) -> tuple[Evidence, ...]:
    """How every natural key of the pair compares, strongest first."""
    leads = (row for row in spec.fields if row.keys in (STRONG, WEAK))
    rows = sorted(leads, key=lambda row: row.keys)
    return tuple(
        Evidence(
            field=row.name,
            verdict=_verdict(row, values, candidate.values),
            ours=values.get(row.name),
            theirs=candidate.values.get(row.name),
        )
        for row in rows
    )


def _hits(row: Field, values: Values, candidates: Sequence[Candidate]) -> list[Candidate]:
    return [each for each in candidates if _verdict(row, values, each.values) is Verdict.SAME]


def _verdict(row: Field, ours: Values, theirs: Values) -> Verdict:
    mine, other = _key(row, ours), _key(row, theirs)
    if not mine or not other:
        return Verdict.MISSING
    return Verdict.SAME if mine == other else Verdict.OTHER


def _key(row: Field, values: Values) -> str:
    value = values.get(row.name)
    return "" if value is None else normal_key(row.key_codec, str(value))
