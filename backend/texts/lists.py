"""What the list button can be refused for."""

from __future__ import annotations

from collections.abc import Mapping

from backend.i18n import N_
from backend.texts.entry import Text

LISTS: Mapping[str, Text] = {
    "too_many_records": Text(
        cause=N_("At most 100 records can go at once."),
        fix=N_("Choose fewer records and try again."),
    ),
}
