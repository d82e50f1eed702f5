"""A partner is one only if it would choose us as well: what two records fit is for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.core.match import Ambiguous, Candidate, Linked, Weighed, decide, evidence
from backend.core.names import normal_key
from backend.core.spec import ModuleSpec, Side, Values
from backend.store import links
from backend.store.tables import Link
from backend.sync.face import key_values

SHARED = "match_shared"
"""The cause such a record waits for."""


def doubt(
    spec: ModuleSpec, values: Values, own_id: str, hit: Candidate, rivals: Sequence[Candidate]
) -> Ambiguous | None:
    """Why ``hit`` is not surely the partner of the record ``own_id`` with ``values``: one of its
    ``rivals``, records of the same side, fits it as well or better."""
    own = Candidate(id=own_id, label="", values=key_values(spec, values))
    back = decide(spec, hit.values, hit.id, [own, *rivals])
    if isinstance(back, Linked) and back.id == own_id:
        return None
    weighed = Weighed(candidate=hit, evidence=evidence(spec, values, hit))
    return Ambiguous(candidates=(weighed,), reason="shared")


def keys_of(spec: ModuleSpec, hit: Candidate) -> dict[str, str]:
    """The natural keys of ``hit``, normalised as the directory has them."""
    return {
        row.name: normal_key(row.key_codec, str(hit.values[row.name]))
        for row in spec.fields
        if row.keys and hit.values.get(row.name) not in (None, "")
    }


def rows_beside(session: Session, link: Link, side: Side, keys: Mapping[str, str]) -> list[Link]:
    """Other records of ``side`` that share one of ``keys``, those left out by a person aside."""
    rows = links.by_keys(session, link, str(side), keys)
    return [row for row in rows if getattr(row, f"{side}_id") and row.barred is None]


def namesakes(session: Session, link: Link) -> list[str]:
    """Links that wait for a person because they fit the partner ``link`` has now."""
    found: set[str] = set()
    for side in Side:
        rows = rows_beside(session, link, side, links.keys_of(session, link, str(side)))
        found |= {row.id for row in rows if row.message_key == SHARED and not row.pending}
    return sorted(found)
