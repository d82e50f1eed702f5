"""What pages show of a module: where it stands among the others, and what it is called.

Texts are English and marked for the catalogues where a module declares them; they are translated
where somebody reads them. A module is declared in one file, and so are its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PEOPLE, CATALOGUE, DOCUMENTS = GROUPS = ("people", "catalogue", "documents")
"""The groups of modules, in the order pages draw them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A module on a page. Where a sentence about its records is left out, pages say it of *this
    record*."""

    group: str
    place: int = 1000
    """Where it stands within its group; at the end unless it says otherwise."""
    name: str
    """CRM's own name of it."""
    xero: str
    """What the records are in Xero, in a few words, e.g. *Contacts (suppliers)*."""
    partner: str
    """What one of its records becomes in Xero, e.g. *Xero sales invoice*."""
    absent: str | None = None
    """Says that one of its records is not in Xero yet."""
    sending: str | None = None
    """Says what sending such a record does."""
    always: str | None = None
    """Asks to decide fields edited on both sides like this from now on."""
    chosen: tuple[str, str] | None = None
    """How many of its records somebody chose, for one and for several."""
    closed: str | None = None
    """Why it takes but one direction, in the words of its place in the matrix of switches."""
    along: str | None = None
    """What its records come along with, when they are another module's."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What its own fields are called by name, fields of Xero by path, and states in Xero, beyond
    the words that modules have in common (``backend.texts``)."""
