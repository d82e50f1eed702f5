"""What is decided but not stored yet: partners taken, and records about to be created.

A batch decides about two hundred records before it writes the first of them, and a preview about
all of them without writing any. Whoever looks for a partner has to know of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from backend.core.match import Candidate
from backend.core.names import normal_key
from backend.core.spec import ModuleSpec, Side

TWIN = "coming:"
"""Prefix of the id of a record that does not exist yet."""
STRONG = 1


class Coming:
    """Partners that are taken and records that will be made, by what they are known by."""

    def __init__(self) -> None:
        self.taken: set[tuple[str, Side, str]] = set()
        self._made: dict[tuple[str, Side, str, str], list[Candidate]] = {}
        self.renamed: dict[str, Mapping[str, str]] = {}
        """Xero id to the natural keys a shared record will have once it is written."""
        self._renamed_to: dict[tuple[str, str], set[str]] = {}

    def take(self, module: str, side: Side, record_id: str) -> None:
        """A record of ``side`` has found its partner."""
        self.taken.add((module, side, record_id))

    def make(
        self,
        spec: ModuleSpec,
        side: Side,
        keys: Mapping[str, str],
        known: Mapping[str, str],
        of: str,
    ) -> None:
        """A record is to be created on ``side`` for record ``of`` of the other one. ``keys`` are
        its normalised natural keys, ``known`` the values they were made of."""
        twin = Candidate(id=TWIN + of, label=known.get("name", ""), values=known, linked=True)
        for kind in strong_keys(spec):
            if keys.get(kind):
                self._made.setdefault((spec.key, side, kind, keys[kind]), []).append(twin)

    def unmake(self, of: str) -> None:
        """What was to be created for record ``of`` will be refused."""
        for twins in self._made.values():
            twins[:] = [each for each in twins if each.id != TWIN + of]

    def rename(self, spec: ModuleSpec, xero_id: str, known: Mapping[str, str]) -> None:
        """A Xero record that several modules share will be known by other values: a supplier
        looked at later finds it by these, and no longer by the old ones."""
        codecs = {row.name: row.key_codec for row in spec.fields}
        for kind, value in known.items():
            self._renamed_to.setdefault((kind, normal_key(codecs[kind], value)), set()).add(xero_id)
        self.renamed[xero_id] = known

    def renamed_to(self, keys: Mapping[str, str]) -> set[str]:
        """Shared Xero records that one of these normalised keys will find."""
        found = (self._renamed_to.get(key, set()) for key in keys.items())
        return {each for ids in found for each in ids}

    def twins(self, spec: ModuleSpec, side: Side, keys: Mapping[str, str]) -> list[Candidate]:
        """Records about to be created on ``side`` that share one of ``keys``."""
        found: dict[str, Candidate] = {}
        for kind in strong_keys(spec):
            for each in self._made.get((spec.key, side, kind, keys.get(kind, "")), ()):
                found[each.id] = each
        return list(found.values())

    def beside(
        self, specs: Mapping[str, ModuleSpec], spec: ModuleSpec, keys: Mapping[str, str]
    ) -> list[Candidate]:
        """Xero records about to be created by modules beside, which this one will find there: a
        supplier of the name of a new customer is the same contact."""
        return [
            replace(each, linked=(spec.key, Side.XERO, each.id) in self.taken)
            for module in spec.beside
            if module not in spec.yields_to and module in specs
            for each in self.twins(specs[module], Side.XERO, keys)
        ]


def strong_keys(spec: ModuleSpec) -> list[str]:
    """The natural keys strong enough to link on."""
    return [row.name for row in spec.fields if row.keys == STRONG]
